"""What calls for an alert on a day, in the database's words: a count on every page cannot fetch every duty.

Each kind of alert has one source; all of them give the same columns, so that they can be raised, counted and listed
as one.  `rules.alerts` says which step of a kind holds; here its windows become a CASE.
"""

from collections.abc import Iterable
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
    Subquery,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import aliased

from tracker.ledger.alert_rules import rule_on
from tracker.ledger.sealed import takes_reports
from tracker.ledger.standing import Scope, counts_as_done, is_owed, moved_due
from tracker.ledger.tables.alerts import Alert
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.findings import Finding
from tracker.ledger.tables.instructions import Instruction, InstructionShare
from tracker.ledger.tables.plans import Plan
from tracker.ledger.tables.reports import QuarterReport, ReportVersion, Review
from tracker.ledger.tables.units import Unit
from tracker.rules.alerts import AlertKind, AlertSubject, Audience, Steps, Window, windows
from tracker.rules.duties import DutyKind
from tracker.rules.findings import FindingState
from tracker.rules.reports import Verdict

COLUMNS = ("subject", "subject_id", "duty_id", "unit_id", "kind", "step", "due")
_NO_DUTY = cast(null(), Integer)  # PostgreSQL takes a bare NULL for a text


@dataclass(frozen=True)
class _Asked:
    """Whose matters, on which day; `last` is the last day judged by for which any step holds."""

    organisation_id: int
    scope: Scope
    as_of: date
    last: date


def matters(
    organisation_id: int, audience: Audience, scope: Scope, as_of: date, steps: Steps | None = None
) -> Subquery:
    """All that calls for an alert to the audience on the day, with the step that holds; `steps` are the office's."""
    return matters_for([audience], organisation_id, scope, as_of, steps)


def matters_for(
    audiences: Iterable[Audience], organisation_id: int, scope: Scope, as_of: date, steps: Steps | None = None
) -> Subquery:
    """The same for several audiences, by the column `audience`: what is open is looked for once for all of them."""
    steps = steps or rule_on(organisation_id, as_of).steps
    calling = [
        (kind, audience, held)
        for audience in audiences
        for kind in AlertKind
        if (held := windows(kind, audience, as_of, steps))
    ]
    last = max((window.last for *_, held in calling for window in held), default=as_of)
    sources = _sources(_Asked(organisation_id, scope, as_of, last))
    found = union_all(*(_calling(sources[kind], kind, audience, held) for kind, audience, held in calling))
    # Within the subquery, so that what is done with it is an INSERT or SELECT from its first word on: the driver of
    # SQLite counts the rows of no other.
    tables = list(dict.fromkeys(source.found for source in sources.values()))
    return found.add_cte(*tables, nest_here=True).subquery("matter")


@dataclass(frozen=True)
class _Source:
    """What an alert of a kind could be about: `found` has subject_id, duty_id, unit_id and due, the day judged by."""

    subject: AlertSubject
    found: CTE
    only: ColumnElement[bool] = field(default_factory=true)


def _calling(source: _Source, kind: AlertKind, audience: Audience, held: list[Window]) -> Select[Any]:
    """The source's matters at the step that holds for each."""
    found = source.found.c
    step = case(*((found.due.between(each.first, each.last), each.step) for each in held))
    return select(
        literal(source.subject, Alert.subject.type).label("subject"),
        found.subject_id,
        found.duty_id,
        found.unit_id,
        literal(kind, Alert.kind.type).label("kind"),
        step.label("step"),
        found.due,
        literal(audience, Alert.audience.type).label("audience"),
    ).where(source.only, found.due.between(min(each.first for each in held), max(each.last for each in held)))


def _sources(asked: _Asked) -> dict[AlertKind, _Source]:
    """By kind.  Three kinds are about duties, which are looked for once: there may be a million of them."""
    duties = _open_duties(asked)
    return {
        AlertKind.OVERDUE: _Source(AlertSubject.DUTY, duties, ~duties.c.is_report),
        AlertKind.REPORT_MISSING: _Source(AlertSubject.DUTY, duties, duties.c.is_report),
        AlertKind.RECTIFICATION: _Source(AlertSubject.RECTIFICATION, _findings(asked)),
        AlertKind.INSTRUCTION: _Source(AlertSubject.INSTRUCTION, _instructions(asked)),
        AlertKind.RETURNED: _Source(AlertSubject.REPORT, _returned(asked)),
        AlertKind.SILENT: _Source(AlertSubject.UNIT, _silent(asked)),
        AlertKind.DUE_SOON: _Source(AlertSubject.DUTY, duties),
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


def _open_duties(asked: _Asked) -> CTE:
    """The bound on `answer_by` says nothing that the date judged by does not; it is the one with an index.

    Of a sealed quarter's reports nobody is reminded: it takes none any more.
    """
    moved = moved_due(asked.organisation_id, asked.as_of)
    due = case((moved.c.new_due > Duty.answer_by, moved.c.new_due), else_=Duty.answer_by)
    is_report = (Duty.kind == DutyKind.QUARTER_REPORT).label("is_report")
    query = _found(Duty.id, Duty.id, Duty.unit_id, due, is_report).outerjoin(moved, moved.c.duty_id == Duty.id)
    done = exists().where(counts_as_done(asked.as_of))
    taken = or_(Duty.kind != DutyKind.QUARTER_REPORT, takes_reports(asked.as_of))
    wanted = [Duty.answer_by <= asked.last, is_owed(asked.as_of), ~done, taken]
    return query.where(*_of_units(Duty.organisation_id, Duty.unit_id, asked), *wanted).cte("open_duty")


def _within(unit_id: SQLColumnExpression[int], asked: _Asked) -> list[ColumnElement[bool]]:
    return [] if asked.scope is None else [unit_id.in_(asked.scope)]


def _of_units(
    organisation_id: SQLColumnExpression[int], unit_id: SQLColumnExpression[int], asked: _Asked
) -> list[ColumnElement[bool]]:
    """Of a few units SQLite is kept, by "+ 0", from searching the whole organisation."""
    if asked.scope is None:
        return [organisation_id == asked.organisation_id]
    return [organisation_id + 0 == asked.organisation_id, unit_id.in_(asked.scope)]


def _returned(asked: _Asked) -> CTE:
    """Reports whose last version by then was returned by the last word on it by then; judged by the day of that word.

    Of a report that nobody owes any more, nothing is said.
    """
    later_version, later_review, as_of = aliased(ReportVersion), aliased(Review), asked.as_of
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
    wanted = [Review.verdict == Verdict.RETURN, ~judged_again, ~handed_in_again, one_duty.is_not(None)]
    query = _found(QuarterReport.id, one_duty, QuarterReport.unit_id, Review.reviewed_on).select_from(table)
    of_units = _of_units(QuarterReport.organisation_id, QuarterReport.unit_id, asked)
    return query.where(*of_units, *wanted).cte("returned_report")


def _silent(asked: _Asked) -> CTE:
    """Units that owe something, judged by the day on which they last saved or handed in anything.

    One that never did is judged by the day on which the first plan of those that it still owes something of came in.
    Days of instants are those of UTC: what was saved before eight in the morning counts for the day before.
    """
    as_of = asked.as_of
    # "+ 0" keeps SQLite from searching by the plan, which has many times the duties of a unit.
    of_both = (Duty.unit_id == Unit.id, Duty.plan_id + 0 == Plan.id)
    owing = exists().where(*of_both, is_owed(as_of), ~exists().where(counts_as_done(as_of))).correlate(Unit, Plan)
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
    here = [Unit.organisation_id == asked.organisation_id, or_(Unit.dissolved_on.is_(None), Unit.dissolved_on >= as_of)]
    days = (handed_in.label("handed_in"), saved.label("saved"), owed_since.label("owed_since"))
    # Looked for once: every step of every audience compares these days.
    moved = select(Unit.id, *days).where(*here, *_within(Unit.id, asked)).cte("unit_moved", nesting=True)
    unit = moved.prefix_with("MATERIALIZED").c
    due = _later(unit.handed_in, _later(unit.saved, unit.owed_since))
    return _found(unit.id, _NO_DUTY, unit.id, due).cte("silent_unit")


def _later(day: SQLColumnExpression[Any], than: SQLColumnExpression[Any]) -> ColumnElement[Any]:
    """The later of the two; the second where the first is unknown."""
    return case((day > than, day), else_=than)


def _day(instant: SQLColumnExpression[Any]) -> ColumnElement[date]:
    return func.date(instant, type_=Date)


def _instructions(asked: _Asked) -> CTE:
    """Parts of instructions that their unit has neither answered nor got closed by then."""
    share = InstructionShare
    waits = [or_(day.is_(None), day > asked.as_of) for day in (share.answered_on, share.closed_on)]
    wanted = [Instruction.organisation_id == asked.organisation_id, Instruction.made_on <= asked.as_of, *waits]
    query = _found(share.id, _NO_DUTY, share.unit_id, Instruction.due).join(share.instruction)
    return query.where(*wanted, *_within(share.unit_id, asked)).cte("open_instruction")


def _findings(asked: _Asked) -> CTE:
    """Findings that were notified and are not closed; with a result handed in the unit waits for the office."""
    as_of = asked.as_of
    handed_in = and_(Finding.state.in_((FindingState.SUBMITTED, FindingState.CLOSED)), Finding.submitted_on <= as_of)
    wanted = [
        Finding.organisation_id == asked.organisation_id,
        Finding.notified_on <= as_of,
        or_(Finding.closed_on.is_(None), Finding.closed_on > as_of),
        or_(Finding.submitted_on.is_(None), ~handed_in),
    ]
    query = _found(Finding.id, _NO_DUTY, Finding.unit_id, Finding.due)
    return query.where(*wanted, *_within(Finding.unit_id, asked)).cte("open_finding")
