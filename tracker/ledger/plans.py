"""Plans in the ledger: registering a confirmed plan, and finding plans and items for a person."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, or_, select
from sqlalchemy.orm import joinedload, load_only, selectinload

from tracker.ledger import duties, events, wordings
from tracker.ledger.acts import Act
from tracker.ledger.db import db
from tracker.ledger.standing import Scope, is_owed
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.plans import Item, ItemDeadline, ItemTarget, Origin, Plan, Responsibility
from tracker.ledger.tables.units import Membership, Unit, UnitGroup
from tracker.rules.deadlines import Deadline
from tracker.rules.refusals import Invalid, NotFound
from tracker.rules.targets import Target


@dataclass(frozen=True)
class PlanFacts:
    title: str
    issuer: str
    year: int
    source: str = ""
    file_id: int | None = None


@dataclass(frozen=True)
class ItemFacts:
    """An item as confirmed; `responsible` pairs the unit or group with whether it leads.

    `look_back_of_id` is last year's item that was not finished and goes on in this one (回头看).
    """

    section: Sequence[str]
    task: str
    goal: str = ""
    number: str = ""
    as_printed: str = ""
    spans: Sequence[Any] = ()
    first_line: int | None = None
    last_line: int | None = None
    remarks: Sequence[Any] = ()
    responsible: Sequence[tuple[Unit | UnitGroup, bool, str, Origin]] = ()
    targets: Sequence[tuple[str, Target, Origin]] = ()
    deadlines: Sequence[tuple[str, Deadline, Origin]] = field(default=())
    look_back_of_id: int | None = None


def register(by: Act, facts: PlanFacts, items: Iterable[ItemFacts]) -> Plan:
    """Enter a confirmed plan with its items and duties: the baseline of all that follows."""
    plan = Plan(
        organisation_id=by.organisation_id,
        title=facts.title,
        issuer=facts.issuer,
        year=facts.year,
        source=facts.source,
        file_id=facts.file_id,
        confirmed_by_id=by.person_id,
        confirmed_at=by.at,
    )
    plan.items = [new_item(by, position, item) for position, item in enumerate(items, 1)]
    if not plan.items:
        raise Invalid("计划中没有任务，无法入账。")
    db.session.add(plan)
    db.session.flush()
    events.record(by, "confirm", "plan", plan.id, after={"title": plan.title, "items": len(plan.items)})
    duties.generate(by, plan)
    return plan


def new_item(by: Act, position: int, facts: ItemFacts) -> Item:
    return Item(
        organisation_id=by.organisation_id,
        position=position,
        **words_of(facts),
        look_back_of_id=facts.look_back_of_id,
        responsibilities=responsibilities_of(by, facts),
        targets=targets_of(facts),
        deadlines=deadlines_of(facts),
    )


def words_of(facts: ItemFacts) -> dict[str, Any]:
    """How the item reads, column by column."""
    return {
        "number": facts.number,
        "section": list(facts.section),
        "task": facts.task,
        "goal": facts.goal,
        "as_printed": facts.as_printed,
        "spans": list(facts.spans),
        "first_line": facts.first_line,
        "last_line": facts.last_line,
        "remarks": list(facts.remarks),
    }


def responsibilities_of(by: Act, facts: ItemFacts) -> list[Responsibility]:
    return [_responsibility(who, lead, text, origin, by.today) for who, lead, text, origin in facts.responsible]


def targets_of(facts: ItemFacts) -> list[ItemTarget]:
    return [
        ItemTarget(text=text, op=t.op, value=t.value, measure=t.measure, per=t.per, origin=origin)
        for text, t, origin in facts.targets
    ]


def deadlines_of(facts: ItemFacts) -> list[ItemDeadline]:
    return [ItemDeadline(text=text, origin=origin, **asdict(d)) for text, d, origin in facts.deadlines]


def _responsibility(who: Unit | UnitGroup, lead: bool, text: str, origin: Origin, day: date) -> Responsibility:
    named = {"unit": who} if isinstance(who, Unit) else {"group": who}
    return Responsibility(lead=lead, text=text, origin=origin, assigned_on=day, **named)


def plans_of(organisation_id: int) -> list[Plan]:
    """Newest year first."""
    return list(
        db.session.scalars(
            select(Plan).where(Plan.organisation_id == organisation_id).order_by(Plan.year.desc(), Plan.id.desc())
        )
    )


def plan_of(organisation_id: int, plan_id: int) -> Plan:
    plan = db.session.get(Plan, plan_id)
    if plan is None or plan.organisation_id != organisation_id:
        raise NotFound
    return plan


def any_plan(plan_id: int) -> Plan:
    """The plan of whatever organisation: for commands, which run with the rights of the machine."""
    plan = db.session.get(Plan, plan_id)
    if plan is None:
        raise NotFound(f"没有编号为 {plan_id} 的计划。")
    return plan


def outline(plan: Plan, scope: Scope = None, as_of: date = date.max, *, printed: bool = False) -> list[Item]:
    """What the plan held at the end of the day as far as the scope reaches, in its order, with its words alone.

    `printed` brings the document's own words too, which most lists do without.
    """
    query = _items(plan, scope).where(_held(as_of, scope))
    columns = (*_OUTLINE, Item.as_printed) if printed else _OUTLINE
    return _as_read(query.options(load_only(*columns)), plan, as_of)


def cancelled(plan: Plan, scope: Scope, as_of: date) -> list[Item]:
    """What revisions had cancelled by the end of the day, as an outline."""
    query = _items(plan, scope).where(Item.cancelled_on <= as_of)
    return _as_read(query.options(load_only(*_OUTLINE, Item.cancelled_on, Item.cancel_reason)), plan, as_of)


_OUTLINE = (Item.plan_id, Item.position, Item.number, Item.section, Item.task, Item.goal, Item.added_on)


def items_of(plan: Plan, scope: Scope = None, only: Iterable[int] | None = None, as_of: date = date.max) -> list[Item]:
    """All items that the plan ever had, or `only` these, as they read at the end of the day, with all they ask."""
    query = _items(plan, scope).options(
        selectinload(Item.responsibilities).joinedload(Responsibility.unit),
        selectinload(Item.responsibilities).joinedload(Responsibility.group),
        selectinload(Item.targets),
        selectinload(Item.deadlines),
    )
    if only is not None:
        query = query.where(Item.id.in_(only))
    return _as_read(query, plan, as_of)


def _as_read(query: Select[Item], plan: Plan, as_of: date) -> list[Item]:
    # A page that asks of two days must not be answered of the first one twice.
    items = list(db.session.scalars(query.execution_options(populate_existing=True)))
    wordings.turn_back(items, plan.id, as_of)
    return items


def _items(plan: Plan, scope: Scope) -> Select[Item]:
    query = select(Item).where(Item.plan_id == plan.id).order_by(Item.position)
    return query if scope is None else query.where(concerns(scope))


def _held(as_of: date, scope: Scope) -> ColumnElement[bool]:
    """Of an item: it was in the plan by then, and the scope's units had still a part in it."""
    held = and_(
        or_(Item.added_on.is_(None), Item.added_on <= as_of),
        or_(Item.cancelled_on.is_(None), Item.cancelled_on > as_of),
    )
    return held if scope is None else and_(held, concerns(scope, is_owed(as_of)))


def item_of(organisation_id: int, item_id: int, scope: Scope) -> Item:
    """The item with all that hangs on it, if it is the organisation's and the scope reaches it; else raise NotFound."""
    members = selectinload(Item.responsibilities).joinedload(Responsibility.group).selectinload(UnitGroup.memberships)
    query = (
        select(Item)
        .where(Item.id == item_id, Item.organisation_id == organisation_id)
        .options(
            joinedload(Item.plan).joinedload(Plan.confirmed_by),
            selectinload(Item.responsibilities).joinedload(Responsibility.unit),
            members.joinedload(Membership.unit),
            selectinload(Item.targets),
            selectinload(Item.deadlines),
        )
    )
    if scope is not None:
        query = query.where(concerns(scope))
    item = db.session.scalar(query)
    if item is None:
        raise NotFound
    return item


_PLAN_OF_ITEM = (
    select(Plan)
    .join(Item, Item.plan_id == Plan.id)
    .where(Item.id == bindparam("item_id"), Item.organisation_id == bindparam("organisation_id"))
)


def plan_of_item(organisation_id: int, item_id: int, scope: Scope) -> Plan:
    """As `item_of`, where the item itself is not read."""
    query = _PLAN_OF_ITEM if scope is None else _PLAN_OF_ITEM.where(concerns(scope))
    plan = db.session.scalar(query, {"item_id": item_id, "organisation_id": organisation_id})
    if plan is None:
        raise NotFound
    return plan


def concerns(scope: frozenset[int], *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Of an item: one of these units owes or owed something of it."""
    return exists().where(Duty.item_id == Item.id, Duty.unit_id.in_(scope), *conditions)
