"""Duties as kept: generated from a plan's items by the pure rule; running it again adds nothing."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date

from sqlalchemy import insert, or_, select
from sqlalchemy.orm import joinedload, selectinload

from tracker.ledger import events, units
from tracker.ledger.acts import Act
from tracker.ledger.calendar import work_calendar
from tracker.ledger.db import db
from tracker.ledger.standing import is_done
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.organisations import Organisation
from tracker.ledger.tables.plans import Item, Plan, Responsibility
from tracker.ledger.tables.units import Membership, UnitGroup
from tracker.rules.duties import DutyKind, OwedDuty, Share, Terms, duties_of, was_over
from tracker.rules.refusals import NotFound, Refusal


def generate(by: Act, plan: Plan) -> int:
    """Enter the duties that the plan's items yield and the ledger lacks; return how many were added.

    An item that a revision added or changed yields nothing for the periods that were over by then.
    """
    kept = _kept(plan)
    rows = [
        _row(plan, item, owed)
        for item, owed in _yielded(plan)
        if (item.id, owed.unit_id, owed.key) not in kept and not _came_too_late(item, owed)
    ]
    if rows:
        db.session.execute(insert(Duty), rows)
        events.record(by, "generate_duties", "plan", plan.id, after={"added": len(rows)})
    return len(rows)


def _yielded(plan: Plan) -> Iterator[tuple[Item, OwedDuty]]:
    """All that the plan's items demand now."""
    organisation = db.session.get_one(Organisation, plan.organisation_id)
    calendar = work_calendar()
    for item in _items_with_terms(plan):
        for owed in duties_of(terms_of(item), plan.year, organisation.report_day, calendar):
            yield item, owed


def _kept(plan: Plan) -> set[tuple[int, int, str]]:
    """What is owed or done: what a revision took back undone may be owed again."""
    rows = select(Duty.item_id, Duty.unit_id, Duty.key).where(Duty.plan_id == plan.id)
    kept = db.session.execute(rows.where(or_(Duty.cancelled_on.is_(None), is_done())))
    return {(item_id, unit_id, key) for item_id, unit_id, key in kept}


def _came_too_late(item: Item, owed: OwedDuty) -> bool:
    revision = item.revised_by
    return revision is not None and was_over(owed.kind, owed.quarter, owed.due, revision.made_on)


def revise(by: Act, plan: Plan, item_ids: Collection[int]) -> tuple[int, int]:
    """After items were revised: take back what they no longer demand, from today, and enter what they newly do.

    Return how many were taken back undone, and how many came.  What is done stays done, whoever owes it now.
    """
    wanted = {(item.id, owed.unit_id, owed.key): owed.lead for item, owed in _yielded(plan)}
    done = set(db.session.scalars(select(Duty.id).where(Duty.plan_id == plan.id, is_done())))
    gone = [duty for duty in _standing(plan, item_ids) if _no_longer(duty, wanted, duty.id in done, by.today)]
    for duty in gone:
        duty.cancelled_on = by.today
    db.session.flush()
    undone = [duty.id for duty in gone if duty.id not in done]
    if undone:
        events.record(by, "cancel_duties", "plan", plan.id, after={"cancelled": len(undone)})
    return len(undone), generate(by, plan)


def _standing(plan: Plan, item_ids: Collection[int]) -> Iterable[Duty]:
    of_items = (Duty.plan_id == plan.id, Duty.item_id.in_(item_ids))
    return db.session.scalars(select(Duty).where(*of_items, Duty.cancelled_on.is_(None)).order_by(Duty.id))


def _no_longer(duty: Duty, wanted: Mapping[tuple[int, int, str], bool], done: bool, day: date) -> bool:
    """Also where the unit's part is another now: what it has still to do is owed anew in the new part."""
    lead = wanted.get((duty.item_id, duty.unit_id, duty.key))
    if lead is None:
        return True
    return lead is not duty.lead and not done and not was_over(duty.kind, duty.quarter, duty.due, day)


def _items_with_terms(plan: Plan) -> Iterable[Item]:
    return db.session.scalars(
        select(Item)
        .where(Item.plan_id == plan.id, Item.cancelled_on.is_(None))
        .order_by(Item.position)
        .options(
            joinedload(Item.revised_by),
            selectinload(Item.targets),
            selectinload(Item.deadlines),
            selectinload(Item.responsibilities)
            .joinedload(Responsibility.group)
            .selectinload(UnitGroup.memberships)
            .joinedload(Membership.unit),
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
        "layer": item.revised_by.number if item.revised_by else 0,
        "owed_from": item.revised_by.made_on if item.revised_by else None,
    }


def report_duty(organisation_id: int, duty_id: int, scope: frozenset[int] | None) -> Duty:
    """The duty to report on an item, if the person's scope reaches its unit; raise NotFound otherwise."""
    duty = db.session.get(Duty, duty_id)
    if duty is None or duty.organisation_id != organisation_id or duty.kind is not DutyKind.QUARTER_REPORT:
        raise NotFound
    if scope is not None and duty.unit_id not in scope:
        raise NotFound
    if duty.item.cancelled_on is not None:
        raise Refusal("该任务已撤销，不再填报。原有填报和佐证材料可在任务页查看。")
    if duty.cancelled_on is not None:
        raise Refusal("计划修订后，该任务不再由您单位承担，不再填报。原有填报可在任务页查看。")
    return duty
