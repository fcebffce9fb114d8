"""How matters stand, read from the ledger: the facts of duties and reports as they were at the end of a day."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVarTuple

from sqlalchemy import ColumnElement, ScalarSelect, Select, Subquery, and_, case, exists, func, or_, select

from tracker.ledger.db import db
from tracker.ledger.tables.duties import Duty, Fulfilment
from tracker.ledger.tables.extensions import Extension
from tracker.ledger.tables.plans import Item
from tracker.ledger.tables.reports import ReportVersion, Review
from tracker.rules.extensions import ExtensionState
from tracker.rules.quarters import Quarter
from tracker.rules.reports import ReportState
from tracker.rules.reviews import state_after
from tracker.rules.standing import DutyFacts, ReportFacts, ShareStanding, share_standing

Scope = frozenset[int] | None  # unit ids; None for all
Key = tuple[int, int]  # item and unit: a share
Ts = TypeVarTuple("Ts")


@dataclass(frozen=True)
class Standings:
    """A plan's shares in a quarter, and the duties and reports that they were folded from.

    A share that a revision has taken from its unit is no share any more; what was done of it stays among the duties.
    """

    quarter: Quarter
    as_of: date
    shares: Mapping[Key, ShareStanding]
    duties: Mapping[Key, list[DutyFacts]]
    reports: Mapping[Key, ReportFacts]


def standings(plan_id: int, quarter: Quarter, as_of: date, scope: Scope = None) -> Standings:
    """Fold every share of the plan: its duties up to the quarter's end, and its report for the quarter."""
    return standings_by_quarter(plan_id, [quarter], as_of, scope)[quarter]


def standings_by_quarter(
    plan_id: int, quarters: Sequence[Quarter], as_of: date, scope: Scope = None
) -> dict[Quarter, Standings]:
    """Each of the quarters as it stands on one and the same day; duties and reports are read once."""
    owed = and_(Duty.plan_id == plan_id, Duty.item_id.not_in(_cancelled(plan_id, as_of)))
    return _read(quarters, as_of, scope, owed, ReportVersion.plan_id == plan_id)


def _cancelled(plan_id: int, as_of: date) -> Select[int]:
    return select(Item.id).where(Item.plan_id == plan_id, Item.cancelled_on <= as_of)


def standings_of_item(
    item_id: int, quarters: Sequence[Quarter], as_of: date, scope: Scope = None
) -> dict[Quarter, Standings]:
    """The same of one item alone."""
    return _read(quarters, as_of, scope, Duty.item_id == item_id, ReportVersion.item_id == item_id)


def _read(
    quarters: Sequence[Quarter], as_of: date, scope: Scope, owed: ColumnElement[bool], told: ColumnElement[bool]
) -> dict[Quarter, Standings]:
    duties = list(duty_facts(and_(owed, *_up_to(max(quarters), scope)), as_of))
    reports = report_facts(told, quarters, as_of)
    return {quarter: _fold(quarter, as_of, duties, reports[quarter]) for quarter in quarters}


def _fold(quarter: Quarter, as_of: date, duties: Iterable[DutyFacts], reports: Mapping[Key, ReportFacts]) -> Standings:
    owed: dict[Key, list[DutyFacts]] = defaultdict(list)
    for duty in duties:
        if (duty.quarter is None or duty.quarter <= horizon(quarter)) and duty.counts_in(quarter):
            owed[duty.item_id, duty.unit_id].append(duty)
    shares = {
        key: share_standing(of_share, reports.get(key), as_of, quarter)
        for key, of_share in owed.items()
        if any(duty.holds_in(quarter) for duty in of_share)
    }
    return Standings(quarter, as_of, shares, owed, reports)


def _up_to(quarter: Quarter, scope: Scope) -> list[ColumnElement[bool]]:
    """Duties of the quarter and before, and those that still wait for a date."""
    conditions = [or_(Duty.quarter.is_(None), Duty.quarter <= horizon(quarter))]
    return conditions if scope is None else [*conditions, Duty.unit_id.in_(scope)]


def horizon(quarter: Quarter) -> Quarter:
    """A year's last quarter also counts what its plan sets beyond the year: no other quarter of the plan would."""
    return Quarter(9998, 4) if quarter.number == 4 else quarter


def duty_facts(condition: ColumnElement[bool], as_of: date) -> Iterable[DutyFacts]:
    """The duties that meet the condition, each with the day on which it was done if it was by then.

    One that a revision has taken back by then is told only if it was done.
    """
    done_on = func.min(Fulfilment.done_on)
    rows = db.session.execute(
        select(
            Duty.id,
            Duty.item_id,
            Duty.unit_id,
            Duty.lead,
            Duty.kind,
            Duty.label,
            Duty.quarter,
            Duty.due,
            Duty.answer_by,
            done_on,
            Duty.owed_from,
            case((Duty.cancelled_on <= as_of, Duty.cancelled_on)),
            revised_due(as_of),
            Duty.handed_from_id.is_not(None),
        )
        .outerjoin(Fulfilment, counts_as_done(as_of))
        .where(condition, or_(Duty.owed_from.is_(None), Duty.owed_from <= as_of))
        .group_by(Duty.id)
        .having(or_(Duty.cancelled_on.is_(None), Duty.cancelled_on > as_of, done_on.is_not(None)))
        .order_by(Duty.due.nulls_first(), Duty.id)  # as SQLite does; PostgreSQL would put them last
    )
    return (DutyFacts(*tuple(row)) for row in rows)


def counts_as_done(as_of: date) -> ColumnElement[bool]:
    """Which fulfilment of which duty had come in by then, and not been revoked."""
    return and_(
        Fulfilment.duty_id == Duty.id,
        Fulfilment.recorded_on <= as_of,
        or_(Fulfilment.revoked_on.is_(None), Fulfilment.revoked_on > as_of),
    )


def revised_due(as_of: date) -> ScalarSelect[date]:
    """Of a duty: the date to which an extension approved by then has moved it; each lies beyond the one before."""
    approved = and_(Extension.state == ExtensionState.APPROVED, Extension.decided_on <= as_of)
    moved = select(func.max(Extension.new_due)).where(Extension.duty_id == Duty.id, approved)
    return moved.correlate(Duty).scalar_subquery()  # of the duty around it, however deep within an EXISTS it stands


def moved_due(organisation_id: int, as_of: date) -> Subquery:
    """`revised_due` of every duty of the organisation that has one, as a table: what looks at many duties joins it."""
    approved = (Extension.state == ExtensionState.APPROVED, Extension.decided_on <= as_of)
    moved = select(Extension.duty_id, func.max(Extension.new_due).label("new_due"))
    return moved.where(Extension.organisation_id == organisation_id, *approved).group_by(Extension.duty_id).subquery()


def answer_by_now(as_of: date) -> ColumnElement[date | None]:
    """`DutyFacts.answer_by_now` in the database's words: never before `Duty.answer_by`, which has an index."""
    revised = revised_due(as_of)
    return case((revised > Duty.answer_by, revised), else_=Duty.answer_by)


def is_done() -> ColumnElement[bool]:
    """Of a duty: done as things stand now."""
    return exists().where(Fulfilment.duty_id == Duty.id, Fulfilment.revoked_on.is_(None))


def is_owed(as_of: date) -> ColumnElement[bool]:
    """Of a duty, done or not: no revision that brings it lies ahead, and none has taken it back."""
    return and_(
        or_(Duty.owed_from.is_(None), Duty.owed_from <= as_of),
        or_(Duty.cancelled_on.is_(None), Duty.cancelled_on > as_of),
    )


def report_facts(
    told: ColumnElement[bool], quarters: Sequence[Quarter], as_of: date
) -> dict[Quarter, dict[Key, ReportFacts]]:
    """The last version that each unit had handed in by then, with the last word on it by then."""
    facts: dict[Quarter, dict[Key, ReportFacts]] = {quarter: {} for quarter in quarters}
    columns = (ReportVersion.item_id, ReportVersion.unit_id, ReportVersion.quarter, ReportVersion.progress_class)
    judged = (Review.level, Review.verdict, ReportVersion.levels)
    rows = db.session.execute(_handed_in(select(*columns, *judged), told, quarters, as_of))
    for item_id, unit_id, quarter, progress_class, level, verdict, levels in rows:
        state = state_after(level, verdict, levels) if verdict else ReportState.SUBMITTED
        facts[quarter][item_id, unit_id] = ReportFacts(item_id, unit_id, state, progress_class)
    return facts


def report_versions(plan_id: int, quarter: Quarter, as_of: date) -> dict[Key, ReportVersion]:
    """The texts that belong to `report_facts`."""
    told = ReportVersion.plan_id == plan_id
    rows = db.session.execute(_handed_in(select(ReportVersion, Review.verdict), told, [quarter], as_of))
    return {(version.item_id, version.unit_id): version for version, _ in rows}


def _handed_in(query: Select[*Ts], told: ColumnElement[bool], quarters: Sequence[Quarter], as_of: date) -> Select[*Ts]:
    """Versions oldest first, so that the last one of a share wins, each with its reviews by then if there are any.

    What had not left its unit by then was not handed in to anybody else.
    """
    reviewed = and_(Review.version_id == ReportVersion.id, Review.reviewed_on <= as_of)
    return (
        query.outerjoin(Review, reviewed)
        .where(
            told,
            ReportVersion.quarter.in_(quarters),
            ReportVersion.left_on <= as_of,
        )
        .order_by(ReportVersion.number, Review.id)
    )
