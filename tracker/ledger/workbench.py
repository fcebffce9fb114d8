"""The clerk's workbench (工作台): what is stuck, and on whom."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from tracker.ledger import alerts, doubts, imports, inspection_lists, reviews, units
from tracker.ledger.calendar import work_calendar
from tracker.ledger.quarter_courses import course_on
from tracker.ledger.standing import Standings, standings
from tracker.ledger.tables.inspections import InspectionPart
from tracker.ledger.tables.organisations import Organisation
from tracker.ledger.tables.plans import Plan
from tracker.ledger.tables.units import Unit
from tracker.rules.alerts import AlertKind
from tracker.rules.duties import DutyKind, report_due
from tracker.rules.inspections import UNDER_WAY
from tracker.rules.quarter_steps import Step, Week, steps, weeks
from tracker.rules.quarters import Quarter
from tracker.rules.reports import Collected, collected
from tracker.rules.standing import Standing
from tracker.rules.summary import has_a_deadline


@dataclass(frozen=True)
class SilentUnit:
    """A unit that has not reported everything; how its items stand, so that each number is one list of the ledger."""

    unit: Unit
    missing: int
    overdue: int
    unreported: int


@dataclass(frozen=True)
class CollectedReport:
    """One unit's report on one item."""

    item_id: int
    unit_id: int
    state: Collected


@dataclass(frozen=True)
class Collection:
    """The quarter's reports as they come in.  `certain` is False while the year's holidays are not announced.

    `steps` end with the closing of the quarter; `weeks` say how many items have something due in each.
    """

    due: date
    certain: bool
    silent: list[SilentUnit]
    reports: Sequence[CollectedReport]
    steps: Sequence[Step]
    weeks: Sequence[Week]

    @property
    def closes_on(self) -> date:
        return self.steps[-1].on

    @cached_property
    def progress(self) -> Counter[Collected]:
        return Counter(report.state for report in self.reports)

    @property
    def missing(self) -> int:
        return sum(unit.missing for unit in self.silent)


@dataclass(frozen=True)
class Office:
    """What lies on the office's own desk.  `not_yet_raised` alerts wait for the daily job."""

    waiting: int
    alerts: Counter[AlertKind]
    not_yet_raised: int
    drafts: int
    doubts: int
    unchecked: int


def office(organisation_id: int, as_of: date) -> Office:
    drafts = imports.drafts_of(organisation_id)
    items = [item for draft in drafts for item in draft.items if not item.dropped]
    return Office(
        waiting=reviews.count_waiting(organisation_id, reviews.OFFICE),
        alerts=alerts.count_alerts(organisation_id, None, as_of),
        not_yet_raised=alerts.not_yet_raised(organisation_id, None, as_of),
        drafts=len(drafts),
        doubts=sum(not doubt.settled for draft in drafts for doubt in doubts.doubts_of(draft)),
        unchecked=sum(not item.checked for item in items),
    )


def collection(organisation: Organisation, plan: Plan, quarter: Quarter, as_of: date) -> Collection:
    """Which units have still to report on the plan, those with the most overdue first."""
    found = standings(plan.id, quarter, as_of)
    missing = _missing(found)
    counted = Counter((share.unit_id, share.standing) for share in found.shares.values())
    silent = [
        SilentUnit(unit, missing[unit.id], counted[unit.id, Standing.OVERDUE], counted[unit.id, Standing.UNREPORTED])
        for unit in units.units_of(organisation.id)
        if missing[unit.id]
    ]
    calendar = work_calendar()
    due = report_due(quarter, organisation.report_day, calendar)
    worst_first = sorted(silent, key=lambda unit: (-unit.overdue, -unit.missing))
    return Collection(
        due,
        calendar.is_certain(due),
        worst_first,
        reports=collected_reports(found),
        steps=steps(quarter, due, calendar, course_on(organisation.id, as_of)),
        weeks=weeks(quarter.start, quarter.end, _days_due(found)),
    )


def to_check(plan: Plan, quarter: Quarter, as_of: date) -> list[InspectionPart]:
    """The units that an inspection of the quarter has still to check, or to tell what it found."""
    held = inspection_lists.of_quarter(plan.id, quarter, as_of)
    under_way = (inspection for inspection in held if inspection.state in UNDER_WAY)
    parts = (part for inspection in under_way for part in inspection.parts)
    return [part for part in parts if part.facts_on is None or part.facts_on > as_of]


def collected_reports(found: Standings) -> list[CollectedReport]:
    """All that are due for the quarter, as far as they have come."""
    return [
        CollectedReport(*key, collected(told.state if told else None, handed_in=duty.done_on is not None))
        for key, duties in found.duties.items()
        for duty in duties
        if duty.kind is DutyKind.QUARTER_REPORT and duty.quarter == found.quarter
        for told in [found.reports.get(key)]
    ]


def _days_due(found: Standings) -> Iterable[tuple[int, date]]:
    """What the plan itself sets, done or not, by the dates that hold."""
    owed = (duty for duties in found.duties.values() for duty in duties)
    return ((duty.item_id, duty.due_now) for duty in owed if has_a_deadline(duty) and duty.due_now)


def _missing(found: Standings) -> Counter[int]:
    """How many reports of the quarter each unit has not handed in."""
    return Counter(
        duty.unit_id
        for duties in found.duties.values()
        for duty in duties
        if duty.kind is DutyKind.QUARTER_REPORT and duty.quarter == found.quarter and not duty.done_on
    )
