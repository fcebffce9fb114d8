"""Duties as kept: generated from a plan's items by the pure rule; running it again adds nothing.

Whatever changes an item's dates, its units or the calendar is brought into the ledger by `bring_up_to_date`; `pending`
tells beforehand what it will change, which is never what is done.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, exists, func, insert, select
from sqlalchemy.orm import joinedload, selectinload

from tracker.ledger import events, units
from tracker.ledger.acts import Act
from tracker.ledger.calendar import work_calendar
from tracker.ledger.db import db
from tracker.ledger.standing import is_done
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.extensions import Extension
from tracker.ledger.tables.occurrences import Occurrence
from tracker.ledger.tables.organisations import Organisation
from tracker.ledger.tables.plans import Item, Plan, Responsibility
from tracker.ledger.tables.units import Membership, Unit, UnitGroup
from tracker.rules.calendar import WorkCalendar
from tracker.rules.deadlines import DeadlineKind
from tracker.rules.duties import DutyKind, OwedDuty, Share, Terms, duties_of
from tracker.rules.duty_changes import Circumstances, Difference, How, KeptDuty, Place, differences
from tracker.rules.extensions import ExtensionState
from tracker.rules.occurrences import Happening
from tracker.rules.refusals import NotFound, Refusal

# What items demand


@dataclass(frozen=True)
class Extent:
    """Which of a plan's duties are compared, and under which circumstances.

    `only` names keys.  `dates_only` looks for other days of the same duties alone.  `rosters` are the groups that stand
    for their rosters of today, and no longer of the day of assigning.  `calendar` is one that is not in force yet,
    `merged` are units taken for merged into others that are not yet.
    `from_day` is that from which the changes hold, today where it is None; `revived` as in `Circumstances`.
    """

    item_ids: Collection[int] | None = None
    unit_ids: Collection[int] | None = None
    only: Collection[str] | None = None
    dates_only: bool = False
    rosters: Collection[int] = ()
    calendar: WorkCalendar | None = None
    merged: Mapping[int, int] = field(default_factory=dict)
    from_day: date | None = None
    revived: Mapping[int, date] = field(default_factory=dict)

    def of_duties(self, plan: Plan) -> list[ColumnElement[bool]]:
        conditions: list[ColumnElement[bool]] = [Duty.plan_id == plan.id]
        if self.item_ids is not None:
            conditions.append(Duty.item_id.in_(self.item_ids))
        return conditions

    def names(self, one: KeptDuty | OwedDuty) -> bool:
        return (self.unit_ids is None or one.unit_id in self.unit_ids) and (self.only is None or one.key in self.only)


def _wanted(plan: Plan, extent: Extent, today: date) -> dict[Place, tuple[Item, OwedDuty]]:
    """All that the plan's items demand now."""
    organisation = db.session.get_one(Organisation, plan.organisation_id)
    calendar = extent.calendar or work_calendar()
    successors = _successors(plan, extent, today)
    happened = _happened(plan)
    return {
        (item.id, owed.unit_id, owed.key): (item, owed)
        for item in _items_with_terms(plan, extent)
        for owed in duties_of(
            terms_of(item, successors, happened[item.id], dict.fromkeys(extent.rosters, today)),
            plan.year,
            organisation.report_day,
            calendar,
        )
    }


def _successors(plan: Plan, extent: Extent, today: date) -> dict[int, int]:
    return units.successors(plan.organisation_id, today) | dict(extent.merged)


def _items_with_terms(plan: Plan, extent: Extent) -> Iterable[Item]:
    query = select(Item).where(Item.plan_id == plan.id, Item.cancelled_on.is_(None))
    if extent.item_ids is not None:
        query = query.where(Item.id.in_(extent.item_ids))
    return db.session.scalars(
        query.order_by(Item.position).options(
            joinedload(Item.revised_by),
            selectinload(Item.targets),
            selectinload(Item.deadlines),
            selectinload(Item.responsibilities)
            .joinedload(Responsibility.group)
            .selectinload(UnitGroup.memberships)
            .joinedload(Membership.unit),
        )
    )


def _happened(plan: Plan) -> dict[int, list[Occurrence]]:
    """By item, the events of which a relative deadline runs."""
    runs = (Occurrence.plan_id == plan.id, Occurrence.deadline_id.is_not(None), Occurrence.revoked_on.is_(None))
    by_item: dict[int, list[Occurrence]] = defaultdict(list)
    for event in db.session.scalars(select(Occurrence).where(*runs).order_by(Occurrence.id)):
        by_item[event.item_id].append(event)
    return by_item


def terms_of(
    item: Item,
    successors: Mapping[int, int] | None = None,
    happened: Iterable[Occurrence] = (),
    rosters: Mapping[int, date] | None = None,
) -> Terms:
    """What the item demands of whom.  A unit that leads and also stands in a supporting group leads.

    What a unit that is gone was asked for is asked of its successor.  `rosters` are groups of whose roster another day
    counts than that of assigning.
    """
    goes_to = successors or {}
    leads: dict[int, bool] = {}
    for responsibility in item.responsibilities:
        for unit_id in _units_named(responsibility, rosters or {}, goes_to):
            unit_id = goes_to.get(unit_id, unit_id)  # noqa: PLW2901
            leads[unit_id] = leads.get(unit_id, False) or responsibility.lead
    return Terms(
        shares=tuple(Share(unit_id, lead) for unit_id, lead in leads.items()),
        deadlines=tuple((deadline.text, deadline.holds) for deadline in item.deadlines),
        targets=tuple((target.text, target.target) for target in item.targets),
        happened=tuple(_happenings(item, happened, goes_to)),
    )


def _units_named(responsibility: Responsibility, rosters: Mapping[int, date], goes_to: Collection[int]) -> list[int]:
    """A group stands for its roster on the day of assigning."""
    group = responsibility.group
    if group is None:
        return [responsibility.unit_id] if responsibility.unit_id else []
    if day := rosters.get(group.id):
        return [unit.id for unit in units.roster(group, day, besides=goes_to)]
    return [unit.id for unit in units.roster(group, responsibility.assigned_on)]


def _happenings(item: Item, happened: Iterable[Occurrence], goes_to: Mapping[int, int]) -> Iterator[Happening]:
    deadlines = {deadline.id: deadline for deadline in item.deadlines if deadline.kind is DeadlineKind.RELATIVE}
    for event in happened:
        if deadline := deadlines.get(event.deadline_id or 0):
            unit_id = goes_to.get(event.unit_id, event.unit_id)
            yield Happening(event.id, unit_id, deadline.text, deadline.deadline, event.happened_on, event.title)


# What changes


@dataclass(frozen=True)
class Changed:
    """One duty that comes, goes, or goes on otherwise; the days are those by which the ledger must hear of it."""

    how: How
    item_id: int
    position: int
    title: str
    unit: str
    label: str
    old: date | None
    new: date | None
    from_unit: str = ""


@dataclass(frozen=True)
class Changes:
    """What brings a plan's duties up to date; `done` are those that are done and that nobody is asked for any more."""

    plan: Plan
    rows: Sequence[Changed]
    found: Sequence[Difference]
    done: Sequence[KeptDuty]
    kept: Sequence[KeptDuty]
    items: Mapping[int, Item]

    def __len__(self) -> int:
        return len(self.rows)

    def of(self, how: How) -> list[Changed]:
        return [row for row in self.rows if row.how is how]

    @cached_property
    def seen(self) -> str:
        """What an applying must name: it changes with the changes."""
        said = [(row.how.value, row.item_id, row.unit, row.label, row.old, row.new) for row in self.rows]
        return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def pending(plan: Plan, today: date, extent: Extent | None = None) -> Changes:
    """What is not as the plan, the rosters, the units and the calendar demand; nothing is changed."""
    extent = extent or Extent()
    wanted = _wanted(plan, extent, today)
    kept = _kept(plan, extent)
    given = Circumstances(today, _successors(plan, extent, today), excused=bool(extent.rosters), revived=extent.revived)
    found, done = differences({place: owed for place, (_, owed) in wanted.items()}, kept, given)
    found = [each for each in found if _within(each, extent)]
    if extent.dates_only:
        done = []
    items = {item.id: item for item, _ in wanted.values()}
    items |= {item.id: item for item in _items_named(each.item_id for each in found if each.item_id not in items)}
    done = [duty for duty in done if extent.names(duty)]
    return Changes(plan, _told(plan, found, items), found, done, kept, items)


def _within(each: Difference, extent: Extent) -> bool:
    if extent.dates_only and not (each.how is How.MOVED and each.old and each.new and each.old.key == each.new.key):
        return False
    return any(extent.names(one) for one in (each.old, each.new) if one)


def _items_named(ids: Iterable[int]) -> Iterable[Item]:
    return db.session.scalars(select(Item).where(Item.id.in_(set(ids))))


def _kept(plan: Plan, extent: Extent) -> list[KeptDuty]:
    """All duties that there ever were, for what is done of them tells what is not asked for again."""
    fixed = exists().where(Extension.duty_id == Duty.id, _approved())
    rows = db.session.execute(
        select(
            Duty.id,
            Duty.item_id,
            Duty.unit_id,
            Duty.lead,
            Duty.kind,
            Duty.key,
            Duty.label,
            Duty.quarter,
            Duty.due,
            Duty.answer_by,
            Duty.cancelled_on,
            Duty.handed_from_id,
            is_done(),
            fixed,
        )
        .where(*extent.of_duties(plan))
        .order_by(Duty.id)
    )
    return [KeptDuty(*tuple(row)) for row in rows]


def _told(plan: Plan, found: Iterable[Difference], items: Mapping[int, Item]) -> list[Changed]:
    names = dict(
        db.session.execute(select(Unit.id, Unit.name).where(Unit.organisation_id == plan.organisation_id)).all()
    )
    rows = [_told_of(each, items[each.item_id], names) for each in found]
    return sorted(rows, key=lambda row: (row.position, row.unit, row.new or row.old or date.max, row.label))


def _told_of(each: Difference, item: Item, names: Mapping[int, str]) -> Changed:
    one = each.new or each.old
    assert one is not None
    return Changed(
        how=each.how,
        item_id=item.id,
        position=item.position,
        title=item.short,
        unit=names[one.unit_id],
        label=one.label,
        old=each.old.answer_by if each.old else None,
        new=each.new.answer_by if each.new else None,
        from_unit=names[each.old.unit_id] if each.how is How.HANDED and each.old else "",
    )


def bring_up_to_date(by: Act, plan: Plan, extent: Extent | None = None) -> Changes:
    """Change what is not done to what is demanded now, and say what was changed; every item has its event."""
    changes = pending(plan, by.today, extent)
    _apply(changes, (extent and extent.from_day) or by.today)
    for item_id, of_item in groupby(sorted(changes.rows, key=lambda row: row.item_id), key=lambda row: row.item_id):
        rows = list(of_item)
        events.record(by, "adjust_duties", "item", item_id, _said(rows, "old"), _said(rows, "new"))
    return changes


def _said(rows: Iterable[Changed], side: str) -> dict[str, Any]:
    return {
        "duties": [
            {
                "how": row.how.value,
                "unit": row.from_unit if side == "old" and row.from_unit else row.unit,
                "label": row.label,
                "day": day.isoformat() if (day := getattr(row, side)) else None,
            }
            for row in rows
        ]
    }


def generate(by: Act, plan: Plan) -> int:
    """Enter the duties that the plan's items yield and the ledger lacks; return how many were added.

    The first run makes the baseline.  An item that was revised since yields nothing for the periods that were over.
    """
    if db.session.scalar(select(exists().where(Duty.plan_id == plan.id))):
        changes = _only_added(pending(plan, by.today))
        _apply(changes, by.today)
        added = len(changes.found)
    else:
        rows = [_row(plan, item, owed, None, 0) for item, owed in _wanted(plan, Extent(), by.today).values()]
        if rows:
            db.session.execute(insert(Duty), rows)
        added = len(rows)
    if added:
        events.record(by, "generate_duties", "plan", plan.id, after={"added": added})
    return added


def _only_added(changes: Changes) -> Changes:
    found = [each for each in changes.found if each.how is How.ADDED]
    return Changes(changes.plan, changes.of(How.ADDED), found, [], changes.kept, changes.items)


def revise(by: Act, plan: Plan, item_ids: Collection[int]) -> tuple[int, int]:
    """After items were revised: take back what they no longer demand, from today, and enter what they newly do.

    Return how many were taken back undone, and how many came.  What is done stays done, whoever owes it now.
    """
    changes = pending(plan, by.today, Extent(item_ids=item_ids))
    _apply(changes, by.today)
    undone = sum(each.old is not None for each in changes.found)
    added = sum(each.new is not None for each in changes.found)
    if undone:
        events.record(by, "cancel_duties", "plan", plan.id, after={"cancelled": undone})
    if added:
        events.record(by, "generate_duties", "plan", plan.id, after={"added": added})
    return undone, added


def _apply(changes: Changes, from_day: date) -> None:
    ending = {each.old.id for each in changes.found if each.old} | {duty.id for duty in changes.done}
    ended_on = {}
    for duty in db.session.scalars(select(Duty).where(Duty.id.in_(ending))):
        duty.cancelled_on = ended_on[duty.id] = max(from_day, duty.owed_from or from_day)
    layers = _layers(changes)
    rows = [
        _row(
            changes.plan,
            changes.items[each.item_id],
            each.new,
            ended_on[each.old.id] if each.old else from_day,
            layers.get((each.item_id, each.new.unit_id, each.new.key), -1) + 1,
            each,
        )
        for each in changes.found
        if each.new
    ]
    db.session.flush()
    if rows:
        db.session.execute(insert(Duty), rows)
    _carry_extensions(changes)


def _layers(changes: Changes) -> dict[Place, int]:
    """The last layer of every duty that there ever was."""
    item_ids = {each.item_id for each in changes.found}
    rows = db.session.execute(
        select(Duty.item_id, Duty.unit_id, Duty.key, func.max(Duty.layer))
        .where(Duty.item_id.in_(item_ids))
        .group_by(Duty.item_id, Duty.unit_id, Duty.key)
    )
    return {(item_id, unit_id, key): layer for item_id, unit_id, key, layer in rows}


def _row(
    plan: Plan, item: Item, owed: OwedDuty, owed_from: date | None, layer: int, change: Difference | None = None
) -> dict[str, object]:
    before = change.old if change and change.how in (How.MOVED, How.HANDED) else None
    return {
        "organisation_id": plan.organisation_id,
        "plan_id": plan.id,
        "item_id": item.id,
        "unit_id": owed.unit_id,
        "lead": owed.lead,
        "kind": owed.kind,
        "key": owed.key,
        "label": owed.label,
        "quarter": owed.quarter,
        "due": owed.due,
        "answer_by": owed.answer_by,
        "layer": max(layer, item.revised_by.number) if item.revised_by else layer,
        "owed_from": owed_from,
        "target_id": None if owed.target is None else item.targets[owed.target].id,
        "occurrence_id": owed.occurrence_id,
        "handed_from_id": before.id if before else None,
    }


def _carry_extensions(changes: Changes) -> None:
    """An approved extension goes on with the matter, whoever has it now."""
    ends = {each.old.id: each for each in changes.found if each.old and each.new and each.old.fixed}
    for extension in db.session.scalars(select(Extension).where(Extension.duty_id.in_(ends), _approved())).all():
        each = ends[extension.duty_id]
        assert each.new is not None
        now = living(each.item_id, each.new.unit_id, each.new.key)
        if now is not None:
            columns = ("organisation_id", "state", "new_due", "reason", "progress", "applied_on", "applied_at")
            same = {name: getattr(extension, name) for name in (*columns, "applied_by_id", "decided_on")}
            db.session.add(Extension(duty_id=now.id, **same))


def _approved() -> ColumnElement[bool]:
    return Extension.state == ExtensionState.APPROVED


# Finding


def living(item_id: int, unit_id: int, key: str) -> Duty | None:
    """The duty that holds now under that key."""
    place = (Duty.item_id == item_id, Duty.unit_id == unit_id, Duty.key == key)
    return db.session.scalar(select(Duty).where(*place, Duty.cancelled_on.is_(None)))


def report_duty(organisation_id: int, duty_id: int, scope: frozenset[int] | None) -> Duty:
    """The duty to report on an item, if the person's scope reaches its unit; raise NotFound otherwise.

    Where its day was moved meanwhile, the one that holds now.
    """
    duty = db.session.get(Duty, duty_id)
    if duty is None or duty.organisation_id != organisation_id or duty.kind is not DutyKind.QUARTER_REPORT:
        raise NotFound
    if scope is not None and duty.unit_id not in scope:
        raise NotFound
    if duty.item.cancelled_on is not None:
        raise Refusal("该任务已撤销，不再填报。原有填报和佐证材料可在任务页查看。")
    if duty.cancelled_on is None:
        return duty
    if now := living(duty.item_id, duty.unit_id, duty.key):
        return now
    raise Refusal("该任务已调整，不再由您单位承担，不再填报。原有填报可在任务页查看。")
