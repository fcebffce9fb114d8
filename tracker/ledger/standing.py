"""How matters stand, read from the ledger: the facts of duties and reports as they were at the end of a day."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from typing import TypeVar, TypeVarTuple

from sqlalchemy import ColumnElement, ScalarSelect, Select, Subquery, and_, case, exists, func, or_, select

from tracker.ledger import memory
from tracker.ledger.db import db, has_written
from tracker.ledger.memory import Deed
from tracker.ledger.tables.duties import Duty, Fulfilment
from tracker.ledger.tables.extensions import Extension
from tracker.ledger.tables.plans import Item, Plan
from tracker.ledger.tables.reports import ReportVersion, Review
from tracker.ledger.touched import touched
from tracker.rules.extensions import ExtensionState
from tracker.rules.quarters import Quarter
from tracker.rules.reports import ReportState
from tracker.rules.reviews import state_after
from tracker.rules.standing import DutyFacts, ReportFacts, ShareStanding, share_standing

Scope = frozenset[int] | None  # unit ids; None for all
Key = tuple[int, int]  # item and unit: a share
Ts = TypeVarTuple("Ts")
Kept = TypeVar("Kept")


@dataclass(frozen=True)
class Standings:
    """A plan's shares in a quarter, and the duties and reports that they were folded from.

    A share that a revision has taken from its unit is no share any more; what was done of it stays among the duties.
    `plan_id` is None for those of one item alone.  They may be shared by many readers: nobody changes them.
    """

    quarter: Quarter
    as_of: date
    shares: Mapping[Key, ShareStanding]
    duties: Mapping[Key, Sequence[DutyFacts]]
    reports: Mapping[Key, ReportFacts]
    plan_id: int | None = None

    def within(self, scope: Scope) -> "Standings":
        """As far as the scope reaches."""
        if scope is None:
            return self
        shares = {key: share for key, share in self.shares.items() if key[1] in scope}
        return replace(self, shares=shares, duties={key: owed for key, owed in self.duties.items() if key[1] in scope})

    def without(self, item_ids: Collection[int]) -> "Standings":
        shares = {key: share for key, share in self.shares.items() if key[0] not in item_ids}
        duties = {key: owed for key, owed in self.duties.items() if key[0] not in item_ids}
        return replace(self, shares=shares, duties=duties)

    def of_items(self, item_ids: Collection[int]) -> "Standings":
        """Those of these items alone."""
        shares = {key: share for key, share in self.shares.items() if key[0] in item_ids}
        return replace(self, shares=shares, duties={key: self.duties[key] for key in shares})


def standings(plan_id: int, quarter: Quarter, as_of: date, scope: Scope = None) -> Standings:
    """Fold every share of the plan: its duties up to the quarter's end, and its report for the quarter."""
    return standings_by_quarter(plan_id, [quarter], as_of, scope)[quarter]


def standings_by_quarter(
    plan_id: int, quarters: Sequence[Quarter], as_of: date, scope: Scope = None
) -> dict[Quarter, Standings]:
    """Each of the quarters as it stands on one and the same day."""
    if has_written():
        told = ReportVersion.plan_id == plan_id
        return _read(quarters, as_of, scope, _owed(Duty.plan_id == plan_id, plan_id, as_of), told)
    plan = db.session.get_one(Plan, plan_id)
    return {quarter: _whole(plan, quarter, as_of).within(scope) for quarter in quarters}


def _owed(which: ColumnElement[bool], plan_id: int, as_of: date) -> ColumnElement[bool]:
    """Those of the plan's duties whose items are not cancelled."""
    return and_(which, Duty.item_id.not_in(_cancelled(plan_id, as_of)))


def _cancelled(plan_id: int, as_of: date) -> Select[int]:
    return select(Item.id).where(Item.plan_id == plan_id, Item.cancelled_on <= as_of)


def standings_of_item(
    item_id: int, quarters: Sequence[Quarter], as_of: date, scope: Scope = None
) -> dict[Quarter, Standings]:
    """The same of one item alone; of a cancelled one, too."""
    item = db.session.get_one(Item, item_id)
    if not has_written() and item.cancelled_on is None:
        plan = db.session.get_one(Plan, item.plan_id)
        return {quarter: _of_plan(plan, quarter, as_of, [item_id]).within(scope) for quarter in quarters}
    return _read(quarters, as_of, scope, Duty.item_id == item_id, ReportVersion.item_id == item_id)


def _read(
    quarters: Sequence[Quarter], as_of: date, scope: Scope, owed: ColumnElement[bool], told: ColumnElement[bool]
) -> dict[Quarter, Standings]:
    duties = list(duty_facts(and_(owed, *_up_to(max(quarters), scope)), as_of))
    reports = report_facts(told, quarters, as_of)
    return {quarter: _fold(quarter, as_of, duties, reports[quarter]) for quarter in quarters}


def _fold(quarter: Quarter, as_of: date, duties: Iterable[DutyFacts], reports: Mapping[Key, ReportFacts]) -> Standings:
    """Items in the order of their ids, the duties of each share as they are given."""
    last, owed = horizon(quarter), defaultdict[Key, list[DutyFacts]](list)
    counted: dict[Quarter | None, bool] = {None: True}
    for duty in duties:
        if duty.quarter not in counted:
            counted[duty.quarter] = duty.quarter is None or duty.quarter <= last
        if counted[duty.quarter] and duty.counts_in(quarter):
            owed[duty.item_id, duty.unit_id].append(duty)
    in_order = {key: owed[key] for key in sorted(owed, key=_item_of)}
    shares = {
        key: share_standing(of_share, reports.get(key), as_of, quarter)
        for key, of_share in in_order.items()
        if any(duty.holds_in(quarter) for duty in of_share)
    }
    return Standings(quarter, as_of, shares, in_order, reports)


def _item_of(key: Key) -> int:
    return key[0]


# What is remembered of a plan on a day


@dataclass(frozen=True)
class _Facts:
    """All duties by item, and all reports: of every quarter, for a page that asks of one soon asks of the next."""

    duties: Mapping[int, Sequence[DutyFacts]]
    reports: Mapping[Quarter, Mapping[Key, ReportFacts]]

    @property
    def weight(self) -> int:
        duties = sum(len(of_item) for of_item in self.duties.values())
        return duties + sum(len(of_quarter) for of_quarter in self.reports.values())

    def without(self, item_ids: Collection[int]) -> "_Facts":
        duties = {item_id: owed for item_id, owed in self.duties.items() if item_id not in item_ids}
        reports = {
            quarter: {key: told for key, told in of_quarter.items() if key[0] not in item_ids}
            for quarter, of_quarter in self.reports.items()
        }
        return _Facts(duties, reports)

    def with_those(self, others: "_Facts") -> "_Facts":
        quarters = {**self.reports, **others.reports}
        reports = {q: {**self.reports.get(q, {}), **others.reports.get(q, {})} for q in quarters}
        return _Facts({**self.duties, **others.duties}, reports)


def _facts(plan: Plan, as_of: date) -> _Facts:
    return memory.remembered(
        plan.organisation_id,
        ("facts", plan.id, as_of),
        make=lambda: _read_facts(plan, as_of),
        renew=lambda known, deeds: _read_anew(known, deeds, plan, as_of),
        weigh=lambda known: known.weight,
    )


def _read_facts(plan: Plan, as_of: date, item_ids: Collection[int] | None = None) -> _Facts:
    """Of some of the plan's items it asks without naming the plan: SQLite would go through all of the plan's rows."""
    owed, told = Duty.plan_id == plan.id, ReportVersion.plan_id == plan.id
    if item_ids is not None:
        owed, told = Duty.item_id.in_(item_ids), ReportVersion.item_id.in_(item_ids)
    duties: dict[int, list[DutyFacts]] = defaultdict(list)
    for duty in duty_facts(_owed(owed, plan.id, as_of), as_of):
        duties[duty.item_id].append(duty)
    return _Facts(dict(duties), report_facts(told, None, as_of))


def _read_anew(known: _Facts, deeds: tuple[Deed, ...], plan: Plan, as_of: date) -> _Facts | None:
    """Of the items that were touched alone."""
    found = touched(deeds)
    if found is None:
        return None
    item_ids = found.items_of(plan.id)
    return known.without(item_ids).with_those(_read_facts(plan, as_of, item_ids)) if item_ids else known


def _whole(plan: Plan, quarter: Quarter, as_of: date) -> Standings:
    """Of every unit."""
    return memory.remembered(
        plan.organisation_id,
        ("standings", plan.id, quarter, as_of),
        make=lambda: _of_plan(plan, quarter, as_of),
        renew=lambda known, deeds: _folded_anew(known, deeds, plan),
        weigh=lambda known: len(known.shares),
    )


def _of_plan(plan: Plan, quarter: Quarter, as_of: date, item_ids: Collection[int] | None = None) -> Standings:
    facts = _facts(plan, as_of)
    owed = facts.duties.values() if item_ids is None else (facts.duties.get(item_id, ()) for item_id in item_ids)
    found = _fold(quarter, as_of, chain.from_iterable(owed), facts.reports.get(quarter, {}))
    return replace(found, plan_id=plan.id)


def _folded_anew(known: Standings, deeds: tuple[Deed, ...], plan: Plan) -> Standings | None:
    found = touched(deeds)
    if found is None:
        return None
    item_ids = found.items_of(plan.id)
    if not item_ids:
        return known
    anew = _of_plan(plan, known.quarter, known.as_of, item_ids)
    if _says(known, item_ids) == _says(anew, item_ids):
        return known  # itself, so that what was made of it holds, too
    others = known.without(item_ids)
    return replace(anew, shares=_in_order(others.shares, anew.shares), duties=_in_order(others.duties, anew.duties))


def _says(found: Standings, item_ids: Collection[int]) -> list[dict[Key, object]]:
    """All that the standings say of these items."""
    told: tuple[Mapping[Key, object], ...] = (found.shares, found.duties, found.reports)
    return [{key: said for key, said in kept.items() if key[0] in item_ids} for kept in told]


def _in_order(some: Mapping[Key, Kept], more: Mapping[Key, Kept]) -> dict[Key, Kept]:
    both = {**some, **more}
    return {key: both[key] for key in sorted(both, key=_item_of)}


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
    return map(DutyFacts._make, rows)


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
    told: ColumnElement[bool], quarters: Sequence[Quarter] | None, as_of: date
) -> dict[Quarter, dict[Key, ReportFacts]]:
    """The last version that each unit had handed in by then, with the last word on it by then; None: all quarters."""
    facts: dict[Quarter, dict[Key, ReportFacts]] = {quarter: {} for quarter in quarters or ()}
    columns = (ReportVersion.item_id, ReportVersion.unit_id, ReportVersion.quarter, ReportVersion.progress_class)
    judged = (Review.level, Review.verdict, ReportVersion.levels)
    rows = db.session.execute(_handed_in(select(*columns, *judged), told, quarters, as_of))
    for item_id, unit_id, quarter, progress_class, level, verdict, levels in rows:
        state = state_after(level, verdict, levels) if verdict else ReportState.SUBMITTED
        facts.setdefault(quarter, {})[item_id, unit_id] = ReportFacts(item_id, unit_id, state, progress_class)
    return facts


def report_versions(plan_id: int, quarter: Quarter, as_of: date) -> dict[Key, ReportVersion]:
    """The texts that belong to `report_facts`."""
    told = ReportVersion.plan_id == plan_id
    rows = db.session.execute(_handed_in(select(ReportVersion, Review.verdict), told, [quarter], as_of))
    return {(version.item_id, version.unit_id): version for version, _ in rows}


def _handed_in(
    query: Select[*Ts], told: ColumnElement[bool], quarters: Sequence[Quarter] | None, as_of: date
) -> Select[*Ts]:
    """Versions oldest first, so that the last one of a share wins, each with its reviews by then if there are any.

    What had not left its unit by then was not handed in to anybody else.
    """
    reviewed = and_(Review.version_id == ReportVersion.id, Review.reviewed_on <= as_of)
    query = query.outerjoin(Review, reviewed).where(told, ReportVersion.left_on <= as_of)
    if quarters is not None:
        query = query.where(ReportVersion.quarter.in_(quarters))
    return query.order_by(ReportVersion.number, Review.id)
