"""What an item's page tells beside its shares: events registered, later dates asked for, and what is owed no more."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from tracker.ledger.db import db
from tracker.ledger.standing import Scope, is_done
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.extensions import Extension
from tracker.ledger.tables.occurrences import Occurrence
from tracker.ledger.tables.plans import Item
from tracker.ledger.tables.revisions import Revision
from tracker.ledger.tables.units import Unit
from tracker.ledger.wordings import revisions_of
from tracker.rules.dates import written


def registered(item: Item, as_of: date, scope: Scope) -> list[Occurrence]:
    """What units had registered on the item by then, the latest event first; what was taken back is among it."""
    query = (
        select(Occurrence)
        .where(Occurrence.item_id == item.id, Occurrence.recorded_on <= as_of)
        .order_by(Occurrence.happened_on.desc(), Occurrence.id.desc())
        .options(joinedload(Occurrence.unit), joinedload(Occurrence.target), joinedload(Occurrence.deadline))
    )
    return list(db.session.scalars(query if scope is None else query.where(Occurrence.unit_id.in_(scope))))


def applications(item: Item, as_of: date, scope: Scope) -> list[Extension]:
    """The later dates that units had asked for by then, the last first."""
    query = (
        select(Extension)
        .join(Extension.duty)
        .where(Duty.item_id == item.id, Extension.applied_on <= as_of)
        .order_by(Extension.id.desc())
        .options(contains_eager(Extension.duty).joinedload(Duty.unit))
    )
    return list(db.session.scalars(query if scope is None else query.where(Duty.unit_id.in_(scope))))


# Owed no more


@dataclass(frozen=True)
class Ended:
    """A duty that was taken back undone, from the day on, and why."""

    duty: Duty
    on: date
    reason: str


def ended_duties(item: Item, as_of: date, scope: Scope) -> list[Ended]:
    """What was taken back by then without being done; the latest first."""
    after, to = aliased(Duty), aliased(Unit)
    query = (
        select(Duty, after.due, to)
        .join(Duty.unit)
        .outerjoin(after, after.handed_from_id == Duty.id)
        .outerjoin(to, to.id == after.unit_id)
        .where(Duty.item_id == item.id, Duty.cancelled_on <= as_of, ~is_done())
        .order_by(Duty.cancelled_on.desc(), Unit.position, Duty.id)
        .options(contains_eager(Duty.unit))
    )
    if scope is not None:
        query = query.where(Duty.unit_id.in_(scope))
    rows = db.session.execute(query).all()
    revised = {revision.made_on: revision for revision in revisions_of(item.plan_id)} if rows else {}
    return [
        Ended(duty, duty.cancelled_on or as_of, _reason(item, duty, due, unit, revised)) for duty, due, unit in rows
    ]


def _reason(item: Item, duty: Duty, due: date | None, unit: Unit | None, revised: Mapping[date, Revision]) -> str:
    if duty.cancelled_on == item.cancelled_on:
        return f"任务撤销：{item.cancel_reason}"
    if unit is not None and unit.id != duty.unit_id:
        return f"转由{unit.name}承担"
    if unit is not None:
        return f"时限调整为{written(due)}" if due else "时限调整"
    if revision := revised.get(duty.cancelled_on or date.min):
        return f"第 {revision.number} 次修订后不再要求"
    return "分工或时限调整后不再要求"


def by_reason(ended: Iterable[Ended]) -> list[tuple[date, str, str, list[Unit]]]:
    """Day, label and reason with the units concerned: one line where thirty towns lost the same duty."""
    found: dict[tuple[date, str, str], list[Unit]] = {}
    for each in ended:
        found.setdefault((each.on, each.duty.label, each.reason), []).append(each.duty.unit)
    return [(*key, units) for key, units in found.items()]
