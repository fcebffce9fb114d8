"""What calls for an alert on a day, in the database's words: a count on every page cannot fetch every duty.

Each kind of alert has one source; all of them give the same columns, so that they can be raised, counted and listed
as one.  `rules.alerts` says which step of a kind holds; here its windows become a CASE.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    Select,
    SQLColumnExpression,
    Subquery,
    and_,
    case,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from tracker.ledger.db import Record
from tracker.ledger.sealed import takes_reports
from tracker.ledger.standing import Scope, answer_by_now, counts_as_done, is_owed
from tracker.ledger.tables.alerts import Alert
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.findings import Finding
from tracker.ledger.tables.instructions import Instruction, InstructionShare
from tracker.ledger.tables.plans import Plan
from tracker.ledger.tables.reports import QuarterReport, ReportVersion, Review
from tracker.ledger.tables.units import Unit
from tracker.rules.alerts import AlertKind, AlertSubject, Audience, Window, windows
from tracker.rules.duties import DutyKind
from tracker.rules.findings import FindingState
from tracker.rules.reports import Verdict

COLUMNS = ("subject", "subject_id", "duty_id", "unit_id", "kind", "step", "due")


@dataclass(frozen=True)
class _Source:
    """The matters of one subject that an alert could be about: those that are open, and the day each is judged by."""

    subject: AlertSubject
    subject_id: SQLColumnExpression[int]
    unit_id: SQLColumnExpression[int]
    due: SQLColumnExpression[Any]
    table: FromClause | type[Record]
    open: list[ColumnElement[bool]]
    duty_id: SQLColumnExpression[Any] = field(default_factory=null)


def matters(organisation_id: int, audience: Audience, scope: Scope, as_of: date) -> Subquery:
    """All that calls for an alert to the audience on the day, with the step that holds."""
    found = [
        _calling(source, kind, steps, scope)
        for kind in AlertKind
        if (steps := windows(kind, audience, as_of))
        for source in [_SOURCES[kind](organisation_id, as_of, steps)]
    ]
    return union_all(*found).subquery("matter")


def _calling(source: _Source, kind: AlertKind, steps: list[Window], scope: Scope) -> Select[Any]:
    """The source's matters at the step that holds for each."""
    step = case(*((source.due.between(each.first, each.last), each.step) for each in steps))
    wanted = [*source.open, source.due.between(min(each.first for each in steps), max(each.last for each in steps))]
    if scope is not None:
        wanted.append(source.unit_id.in_(scope))
    return (
        select(
            literal(source.subject, Alert.subject.type).label("subject"),
            source.subject_id.label("subject_id"),
            source.duty_id.label("duty_id"),
            source.unit_id.label("unit_id"),
            literal(kind, Alert.kind.type).label("kind"),
            step.label("step"),
            source.due.label("due"),
        )
        .select_from(source.table)
        .where(*wanted)
    )


# Sources: each gets the organisation, the day, and the windows of its kind.


def _open_duties(organisation_id: int, as_of: date, steps: list[Window]) -> list[ColumnElement[bool]]:
    """The second condition says nothing that the date judged by does not; it is the one with an index."""
    last = max(each.last for each in steps)
    done = exists().where(counts_as_done(as_of))
    return [Duty.organisation_id == organisation_id, Duty.answer_by <= last, is_owed(as_of), ~done]


def _duties(organisation_id: int, as_of: date, steps: list[Window], *more: ColumnElement[bool]) -> _Source:
    open_duties = [*_open_duties(organisation_id, as_of, steps), *more]
    return _Source(AlertSubject.DUTY, Duty.id, Duty.unit_id, answer_by_now(as_of), Duty, open_duties, Duty.id)


def _reports_to_hand_in(organisation_id: int, as_of: date, steps: list[Window]) -> _Source:
    """Of a sealed quarter nobody is reminded: it takes no reports any more."""
    return _duties(organisation_id, as_of, steps, Duty.kind == DutyKind.QUARTER_REPORT, takes_reports(as_of))


def _other_duties(organisation_id: int, as_of: date, steps: list[Window]) -> _Source:
    return _duties(organisation_id, as_of, steps, Duty.kind != DutyKind.QUARTER_REPORT)


def _returned(organisation_id: int, as_of: date, _steps: list[Window]) -> _Source:
    """Reports whose last version by then was returned by the last word on it by then; judged by the day of that word.

    Of a report that nobody owes any more, nothing is said.
    """
    later_version, later_review = aliased(ReportVersion), aliased(Review)
    handed_in_again = exists().where(
        later_version.report_id == ReportVersion.report_id,
        later_version.number > ReportVersion.number,
        later_version.submitted_on <= as_of,
    )
    judged_again = exists().where(
        later_review.version_id == Review.version_id, later_review.id > Review.id, later_review.reviewed_on <= as_of
    )
    duty = and_(
        Duty.item_id == QuarterReport.item_id,
        Duty.unit_id == QuarterReport.unit_id,
        Duty.quarter == QuarterReport.quarter,
        Duty.kind == DutyKind.QUARTER_REPORT,
        is_owed(as_of),
        takes_reports(as_of),
    )
    one_duty = select(func.max(Duty.id)).where(duty).correlate(QuarterReport).scalar_subquery()
    table = QuarterReport.__table__.join(ReportVersion.__table__).join(Review.__table__)
    returned = [QuarterReport.organisation_id == organisation_id, Review.verdict == Verdict.RETURN]
    wanted = [*returned, ~judged_again, ~handed_in_again, one_duty.is_not(None)]
    report = QuarterReport
    return _Source(AlertSubject.REPORT, report.id, report.unit_id, Review.reviewed_on, table, wanted, one_duty)


def _silent(organisation_id: int, as_of: date, _steps: list[Window]) -> _Source:
    """Units that owe something, judged by the day on which they last saved or handed in anything.

    One that never did is judged by the day on which the first plan of those that it still owes something of came in.
    Days of instants are those of UTC: what was saved before eight in the morning counts for the day before.
    """
    owing = exists().where(
        Duty.unit_id == Unit.id, Duty.plan_id == Plan.id, is_owed(as_of), ~exists().where(counts_as_done(as_of))
    )
    owed_since = (
        select(func.min(_day(Plan.confirmed_at), type_=Date).label("day"))
        .where(Plan.organisation_id == Unit.organisation_id, owing)
        .correlate(Unit)
        .scalar_subquery()
    )
    moves = select(func.max(_day(QuarterReport.saved_at), type_=Date)).where(QuarterReport.unit_id == Unit.id)
    saved = moves.where(_day(QuarterReport.saved_at) <= as_of).correlate(Unit).scalar_subquery()
    versions = select(func.max(ReportVersion.submitted_on)).join(ReportVersion.report)
    wanted = (QuarterReport.unit_id == Unit.id, ReportVersion.submitted_on <= as_of)
    handed_in = versions.where(*wanted).correlate(Unit).scalar_subquery()
    due = _later(handed_in, _later(saved, owed_since))
    here = [Unit.organisation_id == organisation_id, or_(Unit.dissolved_on.is_(None), Unit.dissolved_on >= as_of)]
    return _Source(AlertSubject.UNIT, Unit.id, Unit.id, due, Unit, here)


def _later(day: SQLColumnExpression[Any], than: SQLColumnExpression[Any]) -> ColumnElement[Any]:
    """The later of the two; the second where the first is unknown."""
    return case((day > than, day), else_=than)


def _day(instant: SQLColumnExpression[Any]) -> ColumnElement[date]:
    return func.date(instant, type_=Date)


def _instructions(organisation_id: int, as_of: date, _steps: list[Window]) -> _Source:
    """Parts of instructions that their unit has neither answered nor got closed by then."""
    share = InstructionShare
    waits = [or_(day.is_(None), day > as_of) for day in (share.answered_on, share.closed_on)]
    wanted = [Instruction.organisation_id == organisation_id, Instruction.made_on <= as_of, *waits]
    table = Instruction.__table__.join(share.__table__)
    return _Source(AlertSubject.INSTRUCTION, share.id, share.unit_id, Instruction.due, table, wanted)


def _findings(organisation_id: int, as_of: date, _steps: list[Window]) -> _Source:
    """Findings that were notified and are not closed; with a result handed in the unit waits for the office."""
    handed_in = and_(Finding.state.in_((FindingState.SUBMITTED, FindingState.CLOSED)), Finding.submitted_on <= as_of)
    wanted = [
        Finding.organisation_id == organisation_id,
        Finding.notified_on <= as_of,
        or_(Finding.closed_on.is_(None), Finding.closed_on > as_of),
        or_(Finding.submitted_on.is_(None), ~handed_in),
    ]
    return _Source(AlertSubject.RECTIFICATION, Finding.id, Finding.unit_id, Finding.due, Finding, wanted)


_SOURCES = {
    AlertKind.OVERDUE: _other_duties,
    AlertKind.REPORT_MISSING: _reports_to_hand_in,
    AlertKind.RECTIFICATION: _findings,
    AlertKind.INSTRUCTION: _instructions,
    AlertKind.RETURNED: _returned,
    AlertKind.SILENT: _silent,
    AlertKind.DUE_SOON: _duties,
}
