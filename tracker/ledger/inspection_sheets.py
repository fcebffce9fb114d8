"""The figures of the quarterly inspection sheet, read from the ledger."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tracker.ledger import plans, units
from tracker.ledger.db import db
from tracker.ledger.inspection_checks import Check, checks
from tracker.ledger.lights import lights_of
from tracker.ledger.standing import Key, Scope, Standings, report_versions, standings
from tracker.ledger.tables.organisations import Organisation
from tracker.ledger.tables.plans import Item, Plan
from tracker.ledger.tables.reports import ReportVersion
from tracker.ledger.verified import verified_classes
from tracker.rules.dates import written
from tracker.rules.inspection_sheets import InspectedItem, InspectionSheets, Judged, UnitSheet
from tracker.rules.lights import Lights
from tracker.rules.quarters import Quarter
from tracker.rules.standing import DutyFacts, DutyState, ShareStanding
from tracker.rules.verified import Verified


def inspection_sheets(plan: Plan, quarter: Quarter, as_of: date, unit_id: int | None = None) -> InspectionSheets:
    """A sheet for each unit of the plan, in the order of the register, or for one unit alone."""
    organisation = db.session.get_one(Organisation, plan.organisation_id)
    told = _Told.of(plan, quarter, as_of, None if unit_id is None else frozenset({unit_id}))
    checked = checks(plan, quarter, as_of)
    by_unit: dict[int, list[ShareStanding]] = defaultdict(list)
    for share in told.found.shares.values():
        by_unit[share.unit_id].append(share)
    return InspectionSheets(
        organisation=organisation.name,
        plan=plan.title,
        quarter=quarter,
        as_of=as_of,
        check_word=organisation.check_word,
        units=tuple(
            _sheet(unit.name, told, by_unit[unit.id], checked.get(unit.id))
            for unit in units.units_of(plan.organisation_id)
            if unit.id in by_unit
        ),
        sample=organisation.sample,
    )


@dataclass(frozen=True)
class _Told:
    """What is read once for all sheets."""

    found: Standings
    lights: Lights
    texts: Mapping[Key, ReportVersion]
    words: Mapping[Key, Verified]
    items: Mapping[int, Item]

    @classmethod
    def of(cls, plan: Plan, quarter: Quarter, as_of: date, scope: Scope) -> "_Told":
        found = standings(plan.id, quarter, as_of, scope)
        return cls(
            found,
            lights_of(plan.organisation_id, found),
            report_versions(plan.id, quarter, as_of),
            verified_classes(plan.id, quarter, as_of),
            {item.id: item for item in plans.items_of(plan, as_of=as_of)},
        )


def _sheet(unit: str, told: _Told, shares: list[ShareStanding], check: Check | None) -> UnitSheet:
    ordered = sorted(shares, key=lambda share: told.items[share.item_id].position)
    judged = check.items if check else {}
    items = (_inspected(share, told, judged.get(share.item_id, ())) for share in ordered)
    return UnitSheet(unit, tuple(items), check.unit if check else None)


def _inspected(share: ShareStanding, told: _Told, judged: tuple[Judged, ...]) -> InspectedItem:
    key, found, item = (share.item_id, share.unit_id), told.found, told.items[share.item_id]
    report, lit = found.reports.get(key), told.lights.of(share)
    version, word = told.texts.get(key), told.words.get(key)
    return InspectedItem(
        number=item.position,
        section=item.heading if item.section else "",
        task=item.task,
        goal=item.goal,
        role="牵头" if share.lead else "配合",
        targets=tuple(target.text for target in item.targets),
        deadlines=tuple(deadline.text for deadline in item.deadlines),
        light_sign=lit.light.sign,
        light_word=lit.light.label,
        standing=lit.reason,
        late=tuple(_late_lines(found.duties[key], found)),
        report_state=report.state.label if report else "",
        progress_class=report.progress_class.label if report else "",
        progress=version.progress if version else "",
        achievements=version.achievements if version else "",
        problems=version.problems if version else "",
        next_steps=version.next_steps if version else "",
        judged=judged,
        verified_class=word.progress_class.label if word and word.progress_class else "",
    )


def _late_lines(duties: list[DutyFacts], found: Standings) -> list[str]:
    """What is overdue, from whatever quarter, and what of this quarter was done late."""
    as_of, lines = found.as_of, []
    for duty in duties:
        state = duty.state(as_of)
        if duty.answer_by_now and state is DutyState.OVERDUE:
            lines.append(f"{_dated(duty, duty.answer_by_now)}逾期 {(as_of - duty.answer_by_now).days} 天")
        elif duty.due_now and duty.done_on and state is DutyState.DONE_LATE and duty.quarter == found.quarter:
            lines.append(f"{_dated(duty, duty.due_now)}迟 {(duty.done_on - duty.due_now).days} 天完成")
    return lines


def _dated(duty: DutyFacts, day: date) -> str:
    """The duty with the day by which it was to be done; where an extension has moved it, with both days."""
    return f"{duty.label}（{duty.moved.words if duty.moved else f'应于 {written(day)}'}）"
