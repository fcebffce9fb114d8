"""Reports owed: a unit's page of the quarter, with all that each form on it shows."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import ColumnElement, case, exists, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from tracker.ledger import figures
from tracker.ledger.consolidation import OtherShare, shares_beside
from tracker.ledger.db import db
from tracker.ledger.lights import lights_of
from tracker.ledger.reports import answers_the_duty, reports_of_units
from tracker.ledger.sealed import takes_reports
from tracker.ledger.standing import Key, Standings, is_owed, standings, standings_of_item
from tracker.ledger.tables.duties import Duty, Fulfilment
from tracker.ledger.tables.plans import Item, Plan
from tracker.ledger.tables.reports import QuarterReport, ReportVersion, Review
from tracker.rules.duties import DutyKind
from tracker.rules.figures import Before, Figure
from tracker.rules.lights import Lights, Lit
from tracker.rules.quarters import Quarter
from tracker.rules.refusals import NotFound
from tracker.rules.reports import Filing, ReportState
from tracker.rules.standing import DutyFacts, DutyState, ShareStanding, Standing


@dataclass(frozen=True)
class OwedReport:
    """One unit's report on one item: the duty to report, how the share stands, and what is written so far.

    `beside` are the unit's other duties on the item up to the quarter; `previous` is its report of the quarter before;
    `late` says that the day has passed and nothing was handed in; `shares` are the other units' reports on the item: of
    a lead the supporting units', of a supporting unit the leads'.  By target, `before` is what the unit last handed in
    for the quarters before, `counted` what registered events add up to.
    """

    duty: Duty
    share: ShareStanding
    lit: Lit
    beside: tuple[DutyFacts, ...]
    report: QuarterReport | None
    previous: QuarterReport | None
    late: bool
    shares: list[OtherShare]
    before: Mapping[int, Before]
    counted: Mapping[int, Figure]

    @property
    def item(self) -> Item:
        return self.duty.item

    @property
    def state(self) -> ReportState | None:
        """None while nobody has begun it."""
        return self.report.state if self.report else None

    @property
    def is_open(self) -> bool:
        """Whether the text is the unit's to write."""
        return self.state is None or self.state.is_open

    @property
    def missing(self) -> list[str]:
        """The supporting units that a lead still waits for."""
        return [share.unit for share in self.shares if self.duty.lead and not share.is_in]

    @property
    def planned_before(self) -> str:
        """What the unit said a quarter ago that it would do now."""
        return self.previous.next_steps if self.previous else ""

    @property
    def handed_in(self) -> ReportVersion | None:
        """The last version handed in."""
        return self.report.versions[-1] if self.report and self.report.versions else None

    @property
    def returned(self) -> Review | None:
        """Why the office gave it back, while it lies with the unit again."""
        if self.state is not ReportState.RETURNED or self.handed_in is None:
            return None
        return self.handed_in.reviews[-1]

    @property
    def press(self) -> tuple[int, float, int]:
        """Sorts what is late first, then what was returned, then what is due; what is handed in comes last."""
        if not self.is_open:
            step = 4 if self.state is ReportState.ACCEPTED else 3
        elif self.late or self.share.standing is Standing.OVERDUE:
            step = 0
        else:
            step = 1 if self.state is ReportState.RETURNED else 2
        return step, self.share.pressure[1], self.item.position


@dataclass(frozen=True)
class OwedElsewhere:
    """What is still owed of another quarter, or of another plan."""

    plan_id: int
    quarter: Quarter
    unreported: int
    returned: int


@dataclass(frozen=True)
class OwedQuarter:
    plan_id: int
    quarter: Quarter
    filing: Filing
    reports: list[OwedReport]
    elsewhere: list[OwedElsewhere]

    @property
    def oldest(self) -> Quarter | None:
        """The first quarter of the plan before this one of which something is still owed."""
        quarters = (other.quarter for other in self.elsewhere if other.plan_id == self.plan_id)
        return min((quarter for quarter in quarters if quarter < self.quarter), default=None)


def owed_quarter(plan_id: int, quarter: Quarter, unit_ids: Sequence[int], as_of: date) -> OwedQuarter:
    """All that these units report on in a quarter, the most pressing first."""
    office = db.session.get_one(Plan, plan_id).organisation_id
    found = standings(plan_id, quarter, as_of, frozenset(unit_ids))
    owed = _reports(office, found, unit_ids, Duty.plan_id == plan_id, QuarterReport.plan_id == plan_id)
    owed.sort(key=lambda report: report.press)
    elsewhere = _elsewhere(plan_id, quarter, unit_ids, as_of)
    return OwedQuarter(plan_id, quarter, _filing(owed, found), owed, elsewhere)


def owed_report(duty: Duty, as_of: date) -> OwedReport:
    """The report that answers a duty of kind QUARTER_REPORT."""
    of_item, quarter = duty.item_id, duty.report_quarter
    found = standings_of_item(of_item, [quarter], as_of, frozenset({duty.unit_id}))[quarter]
    owed_and_told = Duty.item_id == of_item, QuarterReport.item_id == of_item
    for owed in _reports(duty.organisation_id, found, [duty.unit_id], *owed_and_told):
        if owed.duty.id == duty.id:
            return owed
    raise NotFound


def _reports(
    organisation_id: int,
    found: Standings,
    unit_ids: Sequence[int],
    owed: ColumnElement[bool],
    told: ColumnElement[bool],
) -> list[OwedReport]:
    """Of these units; `owed` and `told` name the plan or the item."""
    quarter, as_of = found.quarter, found.as_of
    lights = lights_of(organisation_id, found)
    kept, before = reports_of_units(told, quarter, unit_ids), _before(told, quarter, unit_ids)
    duties = _duties(owed, quarter, unit_ids, as_of)
    shared = [(duty, key) for duty in duties if (key := (duty.item_id, duty.unit_id)) in found.shares]
    beside = shares_beside([duty for duty, _ in shared], quarter, as_of)
    known = _known_figures((duty.item for duty, _ in shared), quarter, unit_ids, as_of)
    return [
        _owed(duty, found, lights, kept.get(key), before.get(key), beside[duty.id], known[key]) for duty, key in shared
    ]


@dataclass
class _Known:
    """What is known of a share's figures before anything is typed."""

    before: Mapping[int, Before] = field(default_factory=dict)
    counted: dict[int, Figure] = field(default_factory=dict)


def _known_figures(
    items: Iterable[Item], quarter: Quarter, unit_ids: Sequence[int], as_of: date
) -> Mapping[Key, _Known]:
    targets = {target.id: target for item in items for target in item.targets}
    found: dict[Key, _Known] = defaultdict(_Known)
    item_ids = {target.item_id for target in targets.values()}
    for key, before in figures.last_handed_in(item_ids, quarter, unit_ids).items():
        found[key].before = before
    for (target_id, unit_id), figure in figures.counted(targets.values(), unit_ids, quarter, as_of).items():
        found[targets[target_id].item_id, unit_id].counted[target_id] = figure
    return found


def _duties(owed: ColumnElement[bool], quarter: Quarter, unit_ids: Sequence[int], as_of: date) -> Iterable[Duty]:
    return db.session.scalars(
        select(Duty)
        .join(Duty.item)
        .where(
            owed,
            Duty.quarter == quarter,
            Duty.kind == DutyKind.QUARTER_REPORT,
            Duty.unit_id.in_(unit_ids),
            is_owed(as_of),
        )
        .options(
            contains_eager(Duty.item).selectinload(Item.targets),
            contains_eager(Duty.item).selectinload(Item.deadlines),
            joinedload(Duty.unit),
        )
    )


def _owed(
    duty: Duty,
    found: Standings,
    lights: Lights,
    report: QuarterReport | None,
    previous: QuarterReport | None,
    shares: list[OtherShare],
    known: _Known,
) -> OwedReport:
    key = (duty.item_id, duty.unit_id)
    late = any(facts.id == duty.id and facts.state(found.as_of) is DutyState.OVERDUE for facts in found.duties[key])
    beside = tuple(facts for facts in found.duties[key] if facts.kind is not DutyKind.QUARTER_REPORT)
    share = found.shares[key]
    lit = lights.of(share)
    return OwedReport(duty, share, lit, beside, report, previous, late, shares, known.before, known.counted)


def _before(
    told: ColumnElement[bool], quarter: Quarter, unit_ids: Sequence[int]
) -> dict[tuple[int, int], QuarterReport]:
    """The reports of the quarter before, for their next steps; the first quarter has none in its plan."""
    rows = db.session.scalars(
        select(QuarterReport).where(
            told, QuarterReport.quarter == quarter.previous, QuarterReport.unit_id.in_(unit_ids)
        )
    )
    return {(report.item_id, report.unit_id): report for report in rows}


def _filing(owed: Sequence[OwedReport], found: Standings) -> Filing:
    """What its own head has to approve, or has returned, has not been handed in to anybody else."""
    told = {report.duty.id: found.reports.get((report.item.id, report.duty.unit_id)) for report in owed}
    in_unit = [report.duty.id for report in owed if report.state is ReportState.IN_UNIT]
    handed_in = [duty_id for duty_id, facts in told.items() if facts and facts.state is not ReportState.RETURNED]
    back = {duty_id for duty_id, facts in told.items() if facts and facts.state is ReportState.RETURNED}
    back |= {report.duty.id for report in owed if report.returned and report.duty.id not in handed_in}
    due = max((report.duty.due for report in owed if report.duty.due), default=None)
    unchanged = sum(report.duty.id in handed_in and report.report.unchanged for report in owed if report.report)
    return Filing(len(owed), len(handed_in), len(back.difference(in_unit)), due, len(in_unit), unchanged)


def _elsewhere(plan_id: int, quarter: Quarter, unit_ids: Sequence[int], as_of: date) -> list[OwedElsewhere]:
    """Of every quarter that has ended, in every plan, what these units have not reported or got back."""
    reported = exists().where(Fulfilment.duty_id == Duty.id, Fulfilment.recorded_on <= as_of)
    returned = QuarterReport.state == ReportState.RETURNED
    rows = db.session.execute(
        select(Duty.plan_id, Duty.quarter, func.count(Duty.id), func.count(case((reported, 1))))
        .outerjoin(QuarterReport, answers_the_duty())
        .where(
            Duty.kind == DutyKind.QUARTER_REPORT,
            Duty.unit_id.in_(unit_ids),
            Duty.quarter < Quarter.of(as_of),
            is_owed(as_of),
            takes_reports(as_of),
            or_(~reported, returned),
        )
        .group_by(Duty.plan_id, Duty.quarter)
        .order_by(Duty.quarter, Duty.plan_id)
    )
    return [
        OwedElsewhere(plan, of, owed - back, back)
        for plan, of, owed, back in rows
        if of and (plan, of) != (plan_id, quarter)
    ]
