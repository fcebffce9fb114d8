"""Rosters that changed after a plan was assigned: on demand the group's items follow the roster of today.

Whoever came in takes part from now on, whoever left hands back what is not done; nobody is asked for what is over.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select

from tracker.ledger import duties, duty_changes, events, units
from tracker.ledger.acts import Act
from tracker.ledger.db import db
from tracker.ledger.duty_changes import Changes
from tracker.ledger.duty_terms import Extent
from tracker.ledger.tables.plans import Item, Plan, Responsibility
from tracker.ledger.tables.units import UnitGroup
from tracker.rules.refusals import Stale


@dataclass(frozen=True)
class Behind:
    """A plan whose items the group was assigned by another roster than today's; who came in since, and who left."""

    plan: Plan
    came: Sequence[str]
    left: Sequence[str]


def behind(group: UnitGroup, today: date) -> list[Behind]:
    """The newest plan first.  A unit that was merged into another has not left."""
    gone = units.successors(group.organisation_id, today)
    now = {unit.name for unit in units.roster(group, today, gone)}
    found: dict[int, Behind] = {}
    for plan, day in _assigned(group):
        then = {unit.name for unit in units.roster(group, day)}
        if now != then:
            found.setdefault(plan.id, Behind(plan, sorted(now - then), sorted(then - now)))
    return list(found.values())


def _assigned(group: UnitGroup) -> Sequence[tuple[Plan, date]]:
    """The days on which plans were assigned to the group."""
    rows = db.session.execute(
        select(Plan, Responsibility.assigned_on)
        .join(Item, Item.plan_id == Plan.id)
        .join(Responsibility, Responsibility.item_id == Item.id)
        .where(*_in_force(group))
        .distinct()
        .order_by(Plan.year.desc(), Plan.id.desc(), Responsibility.assigned_on)
    )
    return [(plan, day) for plan, day in rows]


def _in_force(group: UnitGroup) -> tuple[ColumnElement[bool], ...]:
    return Responsibility.group_id == group.id, Responsibility.ended_by_id.is_(None), Item.cancelled_on.is_(None)


def pending(group: UnitGroup, plan: Plan, today: date) -> Changes:
    """What assigning the group's items anew, to its roster of today, would change; nothing is changed."""
    return duty_changes.pending(plan, today, _extent(group, plan, today))


def _extent(group: UnitGroup, plan: Plan, today: date) -> Extent:
    named = [row.item_id for row in _responsibilities(group, plan)]
    return Extent(item_ids=named, unit_ids=_concerned(group, plan, today), rosters=[group.id])


def _concerned(group: UnitGroup, plan: Plan, today: date) -> set[int]:
    """Who stands in one of the rosters and not in the other, and the units that took the place of these."""
    gone = units.successors(group.organisation_id, today)
    now = {unit.id for unit in units.roster(group, today, gone)}
    changed: set[int] = set()
    for row in _responsibilities(group, plan):
        changed |= now ^ {unit.id for unit in units.roster(group, row.assigned_on)}
    return changed | {gone[unit_id] for unit_id in changed if unit_id in gone}


def _responsibilities(group: UnitGroup, plan: Plan) -> Sequence[Responsibility]:
    rows = select(Responsibility).join(Item, Item.id == Responsibility.item_id)
    return db.session.scalars(rows.where(Item.plan_id == plan.id, *_in_force(group)).order_by(Responsibility.id)).all()


def assign_anew(by: Act, group: UnitGroup, plan: Plan, seen: str) -> Changes:
    """Let the roster of today count for the plan; raise Stale where it would change other things than were `seen`."""
    events.hold(by.organisation_id)
    extent = _extent(group, plan, by.today)
    if duty_changes.pending(plan, by.today, extent).seen != seen:
        raise Stale("预览之后情况有变化，尚未调整。以下是最新的影响，请核对后再确认。")
    changes = duties.bring_up_to_date(by, plan, extent)
    for row in _responsibilities(group, plan):
        row.assigned_on = by.today
    db.session.flush()
    after = {"plan_id": plan.id, "assigned_on": by.today.isoformat(), "changed": len(changes)}
    events.record(by, "assign_anew", "unit_group", group.id, after=after)
    return changes
