"""The shares of a snapshot: what each unit handed in on each item, how that stands, and its reports counted."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from tracker.ledger.attainment import targets_on
from tracker.ledger.db import db
from tracker.ledger.figures import figures_said
from tracker.ledger.standing import Key, Standings, report_versions
from tracker.ledger.tables.accounts import Person
from tracker.ledger.tables.plans import Item, ItemTarget, Plan
from tracker.ledger.tables.reports import ReportVersion
from tracker.rules.attainment import Reached
from tracker.rules.duties import DutyKind
from tracker.rules.lateness import late_lines
from tracker.rules.lights import Lights
from tracker.rules.quarters import Quarter
from tracker.rules.reports import ProgressClass, ReportState
from tracker.rules.snapshot_entries import FigureEntry, FilingEntry, LightEntry, ShareEntry
from tracker.rules.standing import DutyFacts, DutyState, ReportFacts, ShareStanding


@dataclass(frozen=True)
class _Told:
    """What belongs to a version: its text, who handed it in, and the targets that its figures are of."""

    version: ReportVersion
    by: str
    targets: Mapping[int, ItemTarget]
    as_of: date

    @property
    def figures(self) -> Iterator[FigureEntry]:
        for target_id, figure in figures_said(self.version.more).items():
            if target := self.targets.get(target_id):
                asked = target.target
                reached = Reached.of(asked, self.version.quarter, figure, self.as_of)
                judged = reached.attained.label(asked) if reached.attained else ""
                yield FigureEntry(target.text, figure.value, figure.in_words(asked.measure), judged)


def share_entries(
    plan: Plan,
    found: Standings,
    lights: Lights,
    items: Mapping[int, Item],
    order: Sequence[int],
    verified: Mapping[Key, ProgressClass],
) -> tuple[ShareEntry, ...]:
    """By the plan's order of items; leads first, each kind in the `order` of units."""
    told, places = _told(plan, found), {unit_id: place for place, unit_id in enumerate(order)}
    shares = [share for share in found.shares.values() if share.item_id in items]
    shares.sort(key=lambda share: (items[share.item_id].position, not share.lead, places[share.unit_id]))
    return tuple(_entry(share, found, lights, told.get(_key(share)), verified.get(_key(share))) for share in shares)


def _key(share: ShareStanding) -> Key:
    return share.item_id, share.unit_id


def _told(plan: Plan, found: Standings) -> dict[Key, _Told]:
    versions = report_versions(plan.id, found.quarter, found.as_of)
    named = select(Person.id, Person.name).where(Person.organisation_id == plan.organisation_id)
    names: dict[int | None, str] = {row.id: row.name for row in db.session.execute(named)}
    targets = {target.id: target for target in targets_on(Item.plan_id == plan.id, found.as_of)}
    return {
        key: _Told(version, names.get(version.submitted_by_id, ""), targets, found.as_of)
        for key, version in versions.items()
    }


def _entry(
    share: ShareStanding, found: Standings, lights: Lights, told: _Told | None, verified: ProgressClass | None
) -> ShareEntry:
    lit, duties = lights.of(share), found.duties[_key(share)]
    entry = {
        "item_id": share.item_id,
        "unit_id": share.unit_id,
        "lead": share.lead,
        "standing": share.standing,
        "light": LightEntry(lit.light, lit.reason, lit.by_hand is not None),
        "days_overdue": share.days_overdue,
        "report_late": share.report_late,
        "late": tuple(late_lines(duties, found.quarter, found.as_of)),
        "moved": share.moved.words if share.moved else "",
        "verified": verified,
    }
    report = found.reports.get(_key(share))
    return ShareEntry(**entry, **(_said(told, report) if told and report else {}))  # type: ignore[arg-type]


def _said(told: _Told, report: ReportFacts) -> dict[str, object]:
    version = told.version
    lacking = version.more.get("missing") or {}
    return {
        "report_state": report.state,
        "progress_class": report.progress_class,
        "progress": version.progress,
        "achievements": version.achievements,
        "problems": version.problems,
        "next_steps": version.next_steps,
        "unchanged": bool(version.more.get("unchanged")),
        "missing_note": lacking.get("note", ""),
        "submitted_on": version.submitted_on,
        "submitted_by": told.by,
        "figures": tuple(told.figures),
        "evidence": tuple(each["title"] for each in version.more["evidence"]),
    }


# Reports counted


def filings(found: Standings, unit_ids: Iterable[int], shares: Iterable[ShareEntry]) -> tuple[FilingEntry, ...]:
    """One to each of the units; `shares` say which reports were handed in as unchanged."""
    owed: dict[int, list[DutyFacts]] = {unit_id: [] for unit_id in unit_ids}
    for (item_id, unit_id), duties in found.duties.items():
        if (item_id, unit_id) in found.shares and unit_id in owed:
            owed[unit_id] += [duty for duty in duties if _to_report(duty, found.quarter)]
    unchanged = Counter(share.unit_id for share in shares if share.unchanged)
    return tuple(_filing(unit_id, duties, found, unchanged[unit_id]) for unit_id, duties in owed.items())


def _to_report(duty: DutyFacts, quarter: Quarter) -> bool:
    return duty.kind is DutyKind.QUARTER_REPORT and duty.quarter == quarter and duty.holds_in(quarter)


def _filing(unit_id: int, duties: Sequence[DutyFacts], found: Standings, unchanged: int) -> FilingEntry:
    states = [duty.state(found.as_of) for duty in duties]
    reports = [report for duty in duties if (report := found.reports.get((duty.item_id, unit_id)))]
    judged = (ReportState.RETURNED, ReportState.ACCEPTED)
    return FilingEntry(
        unit_id,
        owed=len(duties),
        on_time=states.count(DutyState.DONE),
        late=states.count(DutyState.DONE_LATE),
        missing=sum(duty.done_on is None for duty in duties),
        returned=sum(report.state is ReportState.RETURNED for report in reports),
        waiting=sum(report.state not in judged for report in reports),
        unchanged=unchanged,
    )
