"""Duties as kept: generated from a plan's items by the pure rule; running it again adds nothing."""

from collections.abc import Iterable

from sqlalchemy import insert, select
from sqlalchemy.orm import selectinload

from tracker.ledger import events, units
from tracker.ledger.acts import Act
from tracker.ledger.calendar import work_calendar
from tracker.ledger.db import db
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.organisations import Organisation
from tracker.ledger.tables.plans import Item, Plan, Responsibility
from tracker.ledger.tables.units import UnitGroup
from tracker.rules.duties import DutyKind, OwedDuty, Share, Terms, duties_of
from tracker.rules.refusals import NotFound


def generate(by: Act, plan: Plan) -> int:
    """Enter the duties that the plan's items yield and the ledger lacks; return how many were added."""
    organisation = db.session.get_one(Organisation, plan.organisation_id)
    calendar = work_calendar()
    kept = {
        tuple(row)
        for row in db.session.execute(select(Duty.item_id, Duty.unit_id, Duty.key).where(Duty.plan_id == plan.id))
    }
    rows = [
        _row(plan, item, owed)
        for item in _items_with_terms(plan)
        for owed in duties_of(terms_of(item), plan.year, organisation.report_day, calendar)
        if (item.id, owed.unit_id, owed.key) not in kept
    ]
    if rows:
        db.session.execute(insert(Duty), rows)
        events.record(by, "generate_duties", "plan", plan.id, after={"added": len(rows)})
    return len(rows)


def _items_with_terms(plan: Plan) -> Iterable[Item]:
    return db.session.scalars(
        select(Item)
        .where(Item.plan_id == plan.id)
        .order_by(Item.position)
        .options(
            selectinload(Item.targets),
            selectinload(Item.deadlines),
            selectinload(Item.responsibilities).joinedload(Responsibility.group).selectinload(UnitGroup.memberships),
        )
    )


def terms_of(item: Item) -> Terms:
    """What the item demands of whom.  A unit that leads and also stands in a supporting group leads."""
    leads: dict[int, bool] = {}
    for responsibility in item.responsibilities:
        for unit_id in _units_named(responsibility):
            leads[unit_id] = leads.get(unit_id, False) or responsibility.lead
    return Terms(
        shares=tuple(Share(unit_id, lead) for unit_id, lead in leads.items()),
        deadlines=tuple((deadline.text, deadline.deadline) for deadline in item.deadlines),
        targets=tuple((target.text, target.target) for target in item.targets),
    )


def _units_named(responsibility: Responsibility) -> list[int]:
    """A group stands for its roster on the day of assigning."""
    if responsibility.group is None:
        return [responsibility.unit_id] if responsibility.unit_id else []
    return [unit.id for unit in units.roster(responsibility.group, responsibility.assigned_on)]


def _row(plan: Plan, item: Item, owed: OwedDuty) -> dict[str, object]:
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
    }


def report_duty(organisation_id: int, duty_id: int, scope: frozenset[int] | None) -> Duty:
    """The duty to report on an item, if the person's scope reaches its unit; raise NotFound otherwise."""
    duty = db.session.get(Duty, duty_id)
    if duty is None or duty.organisation_id != organisation_id or duty.kind is not DutyKind.QUARTER_REPORT:
        raise NotFound
    if scope is not None and duty.unit_id not in scope:
        raise NotFound
    return duty
