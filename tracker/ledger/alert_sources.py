"""What an alert could be about, in the database's words: open duties, returned reports, silent units, and the like.

Whose and of which day is among the values that the question is asked with (`values_of`): to put it together takes
longer than to ask it where little is owed, and it is the same one for every page, day and organisation.
"""

import typing
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    Integer,
    Select,
    SQLColumnExpression,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    null,
    or_,
    select,
    true,
)
from sqlalchemy.orm import aliased

from tracker.ledger.sealed import takes_reports
from tracker.ledger.standing import Scope, counts_as_done, is_owed, moved_due
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.findings import Finding
from tracker.ledger.tables.instructions import Instruction, InstructionShare
from tracker.ledger.tables.plans import Plan
from tracker.ledger.tables.reports import QuarterReport, ReportVersion, Review
from tracker.ledger.tables.units import Unit
from tracker.rules.alerts import AlertKind, AlertSubject
from tracker.rules.duties import DutyKind
from tracker.rules.findings import FindingState
from tracker.rules.reports import Verdict

_NO_DUTY = cast(null(), Integer)  # PostgreSQL takes a bare NULL for a text


def later_day(name: str) -> date:
    """Stands for a day that the values name."""
    return typing.cast(date, bindparam(name, type_=Date))


ORGANISATION = typing.cast(int, bindparam("of_office", type_=Integer))
AS_OF, LAST = later_day("on_day"), later_day("last_day")
_UNITS = bindparam("of_units", type_=Integer, expanding=True)


def values_of(organisation_id: int, scope: Scope, as_of: date, last: date) -> dict[str, object]:
    """`last` is the last day judged by for which any step holds."""
    values: dict[str, object] = {"of_office": organisation_id, "on_day": as_of, "last_day": last}
    return values if scope is None else values | {"of_units": sorted(scope)}


@dataclass(frozen=True)
class Source:
    """What an alert of a kind could be about: `found` has subject_id, duty_id, unit_id and due, the day judged by."""

    subject: AlertSubject
    found: CTE
    only: ColumnElement[bool] = field(default_factory=true)


def sources(scoped: bool) -> dict[AlertKind, Source]:
    """By kind.  Three kinds are about duties, which are looked for once: there may be a million of them.

    Late ones are few of many, and gone through for every audience.
    """
    duties = _open_duties(scoped)
    late = select(duties).where(duties.c.due < AS_OF).cte("late_duty")
    return {
        AlertKind.OVERDUE: Source(AlertSubject.DUTY, late, ~late.c.is_report),
        AlertKind.REPORT_MISSING: Source(AlertSubject.DUTY, late, late.c.is_report),
        AlertKind.RECTIFICATION: Source(AlertSubject.RECTIFICATION, _findings(scoped)),
        AlertKind.INSTRUCTION: Source(AlertSubject.INSTRUCTION, _instructions(scoped)),
        AlertKind.RETURNED: Source(AlertSubject.REPORT, _returned(scoped)),
        AlertKind.SILENT: Source(AlertSubject.UNIT, _silent(scoped)),
        AlertKind.DUE_SOON: Source(AlertSubject.DUTY, duties),
    }


def _found(
    subject_id: SQLColumnExpression[int],
    duty_id: SQLColumnExpression[Any],
    unit_id: SQLColumnExpression[int],
    due: SQLColumnExpression[Any],
    *more: ColumnElement[Any],
) -> Select[Any]:
    named: dict[str, SQLColumnExpression[Any]] = {"subject_id": subject_id, "duty_id": duty_id, "unit_id": unit_id}
    columns: list[ColumnElement[Any]] = [column.label(name) for name, column in (named | {"due": due}).items()]
    return select(*columns, *more)


def _open_duties(scoped: bool) -> CTE:
    """The bound on `answer_by` says nothing that the date judged by does not; it is the one with an index.

    Of a sealed quarter's reports nobody is reminded: it takes none any more.
    """
    moved = moved_due(ORGANISATION, AS_OF)
    due = case((moved.c.new_due > Duty.answer_by, moved.c.new_due), else_=Duty.answer_by)
    is_report = (Duty.kind == DutyKind.QUARTER_REPORT).label("is_report")
    query = _found(Duty.id, Duty.id, Duty.unit_id, due, is_report).outerjoin(moved, moved.c.duty_id == Duty.id)
    done = exists().where(counts_as_done(AS_OF))
    taken = or_(Duty.kind != DutyKind.QUARTER_REPORT, takes_reports(AS_OF))
    wanted = [Duty.answer_by <= LAST, is_owed(AS_OF), ~done, taken]
    return query.where(*_of_units(Duty.organisation_id, Duty.unit_id, scoped), *wanted).cte("open_duty")


def _within(unit_id: SQLColumnExpression[int], scoped: bool) -> list[ColumnElement[bool]]:
    return [unit_id.in_(_UNITS)] if scoped else []


def _of_units(
    organisation_id: SQLColumnExpression[int], unit_id: SQLColumnExpression[int], scoped: bool
) -> list[ColumnElement[bool]]:
    """Of a few units SQLite is kept, by "+ 0", from searching the whole organisation."""
    if not scoped:
        return [organisation_id == ORGANISATION]
    return [organisation_id + 0 == ORGANISATION, unit_id.in_(_UNITS)]


def _returned(scoped: bool) -> CTE:
    """Reports whose last version by then was returned by the last word on it by then; judged by the day of that word.

    Of a report that nobody owes any more, nothing is said.
    """
    later_version, later_review = aliased(ReportVersion), aliased(Review)
    handed_in_again = exists().where(
        later_version.report_id == ReportVersion.report_id,
        later_version.number > ReportVersion.number,
        later_version.submitted_on <= AS_OF,
    )
    judged_again = exists().where(
        later_review.version_id == Review.version_id, later_review.id > Review.id, later_review.reviewed_on <= AS_OF
    )
    duty = and_(
        Duty.item_id == QuarterReport.item_id,
        Duty.unit_id == QuarterReport.unit_id,
        Duty.quarter == QuarterReport.quarter,
        Duty.kind == DutyKind.QUARTER_REPORT,
        is_owed(AS_OF),
        takes_reports(AS_OF),
    )
    one_duty = select(func.max(Duty.id)).where(duty).correlate(QuarterReport).scalar_subquery()
    table = QuarterReport.__table__.join(ReportVersion.__table__).join(Review.__table__)
    wanted = [Review.verdict == Verdict.RETURN, ~judged_again, ~handed_in_again, one_duty.is_not(None)]
    query = _found(QuarterReport.id, one_duty, QuarterReport.unit_id, Review.reviewed_on).select_from(table)
    of_units = _of_units(QuarterReport.organisation_id, QuarterReport.unit_id, scoped)
    return query.where(*of_units, *wanted).cte("returned_report")


def _silent(scoped: bool) -> CTE:
    """Units that owe something, judged by the day on which they last saved or handed in anything.

    One that never did is judged by the day on which the first plan of those that it still owes something of came in.
    Days of instants are those of UTC: what was saved before eight in the morning counts for the day before.
    """
    # "+ 0" keeps SQLite from searching by the plan, which has many times the duties of a unit.
    of_both = (Duty.unit_id == Unit.id, Duty.plan_id + 0 == Plan.id)
    owing = exists().where(*of_both, is_owed(AS_OF), ~exists().where(counts_as_done(AS_OF))).correlate(Unit, Plan)
    owed_since = (
        select(func.min(_day(Plan.confirmed_at), type_=Date).label("day"))
        .where(Plan.organisation_id == Unit.organisation_id, owing)
        .correlate(Unit)
        .scalar_subquery()
    )
    moves = select(func.max(_day(QuarterReport.saved_at), type_=Date)).where(QuarterReport.unit_id == Unit.id)
    saved = moves.where(_day(QuarterReport.saved_at) <= AS_OF).correlate(Unit).scalar_subquery()
    versions = select(func.max(ReportVersion.submitted_on)).join(ReportVersion.report)
    wanted = (QuarterReport.unit_id == Unit.id, ReportVersion.submitted_on <= AS_OF)
    handed_in = versions.where(*wanted).correlate(Unit).scalar_subquery()
    here = [Unit.organisation_id == ORGANISATION, or_(Unit.dissolved_on.is_(None), Unit.dissolved_on >= AS_OF)]
    days = (handed_in.label("handed_in"), saved.label("saved"), owed_since.label("owed_since"))
    # Looked for once: every step of every audience compares these days.
    moved = select(Unit.id, *days).where(*here, *_within(Unit.id, scoped)).cte("unit_moved", nesting=True)
    unit = moved.prefix_with("MATERIALIZED").c
    due = _later(unit.handed_in, _later(unit.saved, unit.owed_since))
    return _found(unit.id, _NO_DUTY, unit.id, due).cte("silent_unit")


def _later(day: SQLColumnExpression[Any], than: SQLColumnExpression[Any]) -> ColumnElement[Any]:
    """The later of the two; the second where the first is unknown."""
    return case((day > than, day), else_=than)


def _day(instant: SQLColumnExpression[Any]) -> ColumnElement[date]:
    return func.date(instant, type_=Date)


def _instructions(scoped: bool) -> CTE:
    """Parts of instructions that their unit has neither answered nor got closed by then."""
    share = InstructionShare
    waits = [or_(day.is_(None), day > AS_OF) for day in (share.answered_on, share.closed_on)]
    wanted = [Instruction.organisation_id == ORGANISATION, Instruction.made_on <= AS_OF, *waits]
    query = _found(share.id, _NO_DUTY, share.unit_id, Instruction.due).join(share.instruction)
    return query.where(*wanted, *_within(share.unit_id, scoped)).cte("open_instruction")


def _findings(scoped: bool) -> CTE:
    """Findings that were notified and are not closed; with a result handed in the unit waits for the office."""
    handed_in = and_(Finding.state.in_((FindingState.SUBMITTED, FindingState.CLOSED)), Finding.submitted_on <= AS_OF)
    wanted = [
        Finding.organisation_id == ORGANISATION,
        Finding.notified_on <= AS_OF,
        or_(Finding.closed_on.is_(None), Finding.closed_on > AS_OF),
        or_(Finding.submitted_on.is_(None), ~handed_in),
    ]
    query = _found(Finding.id, _NO_DUTY, Finding.unit_id, Finding.due)
    return query.where(*wanted, *_within(Finding.unit_id, scoped)).cte("open_finding")
