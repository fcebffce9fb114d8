"""Units that are merged or dissolved: what they still owe passes to their successor, what they did stays theirs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased, joinedload

from tracker.ledger import duties, units
from tracker.ledger.acts import Act
from tracker.ledger.db import db
from tracker.ledger.duty_changes import Changes
from tracker.ledger.duty_terms import Extent
from tracker.ledger.standing import is_done
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.plans import Plan
from tracker.ledger.tables.units import Unit
from tracker.rules.duty_changes import How


def dissolve(by: Act, unit: Unit, last_day: date, merged_into_id: int | None = None) -> list[Changes]:
    """Note the unit's last day and its successor; once that day is over, what is open passes to the successor."""
    units.dissolve_unit(by, unit, last_day, merged_into_id)
    return hand_over(by, unit)


def hand_over(by: Act, unit: Unit) -> list[Changes]:
    """Pass on what the unit still owes, from the day after its last; nothing before that day, or without a successor.

    Where the successor owes the same already, what the unit owed is only taken back.  Running it again passes nothing.
    """
    successor = units.successors(by.organisation_id, by.today).get(unit.id)
    if successor is None or unit.dissolved_on is None:
        return []
    extent = Extent(unit_ids={unit.id, successor}, from_day=unit.dissolved_on + timedelta(days=1))
    return [changes for plan in _plans_of(unit) if len(changes := duties.bring_up_to_date(by, plan, extent))]


def _plans_of(unit: Unit) -> Sequence[Plan]:
    owing = select(Duty.plan_id).where(Duty.unit_id == unit.id)
    return db.session.scalars(select(Plan).where(Plan.id.in_(owing)).order_by(Plan.id)).all()


def hand_over_all(by: Act) -> int:
    """Pass on the matters of every unit whose last day is over; return how many passed."""
    gone = units.successors(by.organisation_id, by.today)
    owing = db.session.scalars(
        select(Unit).where(Unit.id.in_(gone), Unit.id.in_(select(Duty.unit_id).where(Duty.cancelled_on.is_(None))))
    ).all()
    return sum(len(changes.of(How.HANDED)) for unit in owing for changes in hand_over(by, unit))


def reinstate(by: Act, unit: Unit) -> list[Changes]:
    """Take a dissolution back: what passed to the successor and is not done comes back from today."""
    ended, successor = unit.dissolved_on, units.successors(by.organisation_id, by.today).get(unit.id)
    units.reinstate_unit(by, unit)
    db.session.flush()
    if ended is None or successor is None:
        return []
    extent = Extent(unit_ids={unit.id, successor}, revived={unit.id: ended + timedelta(days=1)})
    return [changes for plan in _plans_of(unit) if len(changes := duties.bring_up_to_date(by, plan, extent))]


@dataclass(frozen=True)
class Passed:
    """One duty that passed from a unit to another."""

    duty: Duty
    done: bool


def passed_on(unit: Unit) -> list[Passed]:
    """What went from the unit to its successor and is there still, in the order of plans and items."""
    before = aliased(Duty)
    rows = db.session.execute(
        select(Duty, is_done())
        .join(before, before.id == Duty.handed_from_id)
        .where(before.unit_id == unit.id, Duty.unit_id != unit.id, or_(Duty.cancelled_on.is_(None), is_done()))
        .order_by(Duty.plan_id, Duty.item_id, Duty.due, Duty.id)
        .options(joinedload(Duty.item), joinedload(Duty.unit))
    )
    return [Passed(duty, done) for duty, done in rows]


def left_without(organisation_id: int, today: date) -> list[tuple[Unit, int]]:
    """The units that are gone without a successor and still owe something, with how much."""
    gone = [
        unit for unit in units.units_of(organisation_id) if not units.stands_on(unit, today) and not unit.merged_into_id
    ]
    owed = units.open_duties([unit.id for unit in gone], today)
    return [(unit, owed[unit.id]) for unit in gone if owed[unit.id]]
