"""One item with all that is known of it on a day: its units, what they owe and owed, reported and reached."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import joinedload

from tracker.ledger import instructions, reports, units
from tracker.ledger.db import db
from tracker.ledger.figures import figures_said
from tracker.ledger.lights import lights_of
from tracker.ledger.standing import Scope, Standings, standings_of_item
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.events import Event
from tracker.ledger.tables.extensions import Extension
from tracker.ledger.tables.lights import HandLight
from tracker.ledger.tables.occurrences import Occurrence
from tracker.ledger.tables.plans import Item, ItemTarget
from tracker.ledger.tables.reports import QuarterReport, ReportVersion, Review
from tracker.ledger.tables.units import Unit
from tracker.ledger.wordings import ItemHistory, item_history
from tracker.rules.duties import DutyKind
from tracker.rules.items import ItemLine, Whose, item_lines
from tracker.rules.lights import Light, Lights, Lit
from tracker.rules.quarters import Quarter, quarters_of
from tracker.rules.reports import ReportState
from tracker.rules.standing import DutyFacts


@dataclass(frozen=True)
class Told:
    """What a unit had last handed in by the day, and what the office had said of it by then."""

    version: ReportVersion
    state: ReportState
    review: Review | None

    def reached(self, target_id: int) -> Decimal | None:
        """The figure reported for a target; None where nothing was due, too."""
        told = figures_said(self.version.more).get(target_id)
        return told.value if told else None


@dataclass(frozen=True)
class UnitShare:
    """One unit's part: its light in the quarter, its duties and what it told by quarter (None: not dated yet).

    One that a revision took from its unit stays to be seen, with what was done and told of it.
    """

    unit: Unit
    lead: bool
    lit: Lit
    duties: Mapping[Quarter | None, Sequence[DutyFacts]]
    told: Mapping[Quarter, Told]

    def report_duty(self, quarter: Quarter) -> DutyFacts | None:
        """The duty to report on the item for the quarter."""
        owed = self.duties.get(quarter, [])
        return next((duty for duty in owed if duty.kind is DutyKind.QUARTER_REPORT), None)


@dataclass(frozen=True)
class ItemRecord:
    """`line` says how the item stands in the quarter; leading units come first, each kind in the register's order.

    `targets` are those in force, then those that a revision ended and units had reported on.
    """

    item: Item
    line: ItemLine
    quarters: Sequence[Quarter]
    shares: Sequence[UnitShare]
    reports: Mapping[int, QuarterReport]
    targets: Sequence[ItemTarget]
    history: ItemHistory

    @property
    def undated(self) -> bool:
        return any(None in share.duties for share in self.shares)

    @property
    def all_duties(self) -> list[DutyFacts]:
        """Every unit's, as far as the scope reaches."""
        return [duty for share in self.shares for owed in share.duties.values() for duty in owed]

    def report_of(self, unit_id: int, quarter: Quarter) -> QuarterReport | None:
        reports = self.reports.values()
        return next((report for report in reports if (report.unit_id, report.quarter) == (unit_id, quarter)), None)

    def reporting(self, target_id: int) -> list[UnitShare]:
        """The shares whose units have reported a figure for the target."""
        return [share for share in self.shares if any(t.reached(target_id) is not None for t in share.told.values())]


def item_record(item: Item, quarter: Quarter, as_of: date, scope: Scope) -> ItemRecord:
    """The item in the quarter as it stood at the end of the day, as far as the scope reaches."""
    quarters = list(quarters_of(item.plan.year))
    found = standings_of_item(item.id, quarters, as_of, scope)
    written = reports.reports_on_item(item.id, scope)
    lights = lights_of(item.organisation_id, found[quarter])
    [line] = item_lines([item.id], found[quarter].shares.values(), Whose(), lights)
    history = item_history(item, as_of)
    shares = _shares(item, quarter, found, lights, _told(written, found, as_of))
    return ItemRecord(
        item=item,
        line=line,
        quarters=quarters,
        shares=shares,
        reports={report.id: report for report in written},
        targets=[*item.targets, *_measured(history.original.targets, shares)],
        history=history,
    )


def _measured(targets: Iterable[ItemTarget], shares: Sequence[UnitShare]) -> list[ItemTarget]:
    """Those of the targets on which a unit has reported a figure."""
    told = [told for share in shares for told in share.told.values()]
    return [target for target in targets if any(t.reached(target.id) is not None for t in told)]


def _shares(
    item: Item,
    quarter: Quarter,
    found: Mapping[Quarter, Standings],
    lights: Lights,
    told: Mapping[int, Mapping[Quarter, Told]],
) -> list[UnitShare]:
    owed = found[max(found)].duties
    shares = [
        UnitShare(
            unit=unit,
            lead=max(of_unit, key=lambda duty: duty.id).lead,
            lit=lights.of(share) if share else _lit(of_unit, quarter),
            duties=_by_quarter(of_unit, list(found)),
            told=told.get(unit.id, {}),
        )
        for unit in units.units_named(unit_id for _, unit_id in owed)
        if (of_unit := owed[item.id, unit.id])
        for share in [found[quarter].shares.get((item.id, unit.id))]
    ]
    return sorted(shares, key=lambda share: not share.lead)


def _lit(duties: Iterable[DutyFacts], quarter: Quarter) -> Lit:
    """Of a unit without a share in the quarter: it has none any more, or none yet."""
    ended = all(duty.ended_on for duty in duties)
    return Lit(Light.GREY, "修订后不再承担" if ended else f"{quarter.label}尚未承担")


def _by_quarter(duties: Iterable[DutyFacts], quarters: Sequence[Quarter]) -> dict[Quarter | None, list[DutyFacts]]:
    """Duties of another year stand with the plan's nearest quarter."""
    by_quarter: dict[Quarter | None, list[DutyFacts]] = defaultdict(list)
    for duty in duties:
        shown = duty.quarter and min(max(duty.quarter, quarters[0]), quarters[-1])
        by_quarter[shown].append(duty)
    return dict(by_quarter)


def _told(
    written: Iterable[QuarterReport], found: Mapping[Quarter, Standings], as_of: date
) -> dict[int, dict[Quarter, Told]]:
    told: dict[int, dict[Quarter, Told]] = defaultdict(dict)
    for report in written:
        versions = [version for version in report.versions if version.left_on and version.left_on <= as_of]
        if versions:
            facts = found[report.quarter].reports[report.item_id, report.unit_id]
            reviews = [review for review in versions[-1].reviews if review.reviewed_on <= as_of]
            review = reviews[-1] if reviews else None
            told[report.unit_id][report.quarter] = Told(versions[-1], facts.state, review)
    return told


_TOLD_OF_PLAN = ("confirm", "generate_duties", "revise", "cancel_duties")


def history_of(item: Item, scope: Scope, before: datetime) -> list[Event]:
    """What was done to the item and its plan, and what the scope's units reported, applied for and registered on it.

    Oldest first.
    """
    concerned = {
        "quarter_report": _within(select(QuarterReport.id), QuarterReport, item, scope),
        "extension": _within(select(Extension.id).join(Extension.duty), Duty, item, scope),
        "duty": _within(select(Duty.id), Duty, item, scope),
        "occurrence": _within(select(Occurrence.id), Occurrence, item, scope),
        "hand_light": _within(select(HandLight.id), HandLight, item, scope),
        **instructions.ids_on_item(item.id, scope),
    }
    told = or_(
        and_(Event.record == "plan", Event.record_id == item.plan_id, Event.act.in_(_TOLD_OF_PLAN)),
        and_(Event.record == "item", Event.record_id == item.id),
        *(and_(Event.record == record, Event.record_id.in_(ids)) for record, ids in concerned.items()),
    )
    return list(
        db.session.scalars(
            select(Event)
            .where(Event.organisation_id == item.organisation_id, Event.at < before, told)
            .order_by(Event.number)
            .options(joinedload(Event.person))
        )
    )


def _within(
    query: Select[int], table: type[QuarterReport | Duty | Occurrence | HandLight], item: Item, scope: Scope
) -> Select[int]:
    query = query.where(table.item_id == item.id)
    return query if scope is None else query.where(table.unit_id.in_(scope))
