"""Bulk data of any size, in a new organisation that is plainly a sample: a plan's years, and what was reported on them.

Plans enter by the ledger's own verb.  Reports, versions, reviews, fulfilments and extensions are written as rows, some
thousand at a time, just as the verbs would leave them; one event for each batch says how many they were, where the
verbs would write one for each.  All of it is drawn from the seed, so that the same call gives the same data.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import count, islice
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from tracker.demo import phrases
from tracker.demo.load import PASSWORD
from tracker.demo.simulated_reports import Batch, People, Told, write
from tracker.ledger import accounts, calendar, events, organisations, plans, units
from tracker.ledger.acts import Act
from tracker.ledger.db import db, transaction
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.plans import Item, Origin
from tracker.ledger.tables.units import Unit
from tracker.rules.deadlines import Deadline, DeadlineKind, Every
from tracker.rules.permissions import Role
from tracker.rules.quarters import Quarter
from tracker.rules.targets import Op, Per, Target

MOST_IN_A_PLAN = 500  # an office that has more to do orders it in several plans
_AT_ONCE = 100  # items
_SHARES = (3, 5)  # units of an item, the lead included: four reports a quarter on the average
_MORNING = time(2)  # ten o'clock in Shanghai, as UTC
_SUBJECTS = (
    "政府工作报告重点任务",
    "民生实事",
    "政务公开工作要点",
    "优化营商环境行动计划",
    "乡村振兴工作要点",
    "安全生产工作要点",
)

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Size:
    units: int
    items: int
    quarters: int
    seed: int


@dataclass(frozen=True)
class _Office:
    """Ids and names alone: what is kept between transactions."""

    organisation_id: int
    name: str
    logins: str
    unit_ids: list[int]
    people: People


def simulate(size: Size, today: date, progress: Progress) -> str:
    """Make one organisation; return its name.  Each plan is one transaction, and one that is cut short stays short."""
    first = _first_year(size.quarters, today)
    with transaction():
        calendar.seed()
        office = _found(size, min(date(first, 1, 4), today))
    for year in range(first, first + (size.quarters + 3) // 4):
        last = min(Quarter(year, 4), _after(Quarter(first, 1), size.quarters - 1))
        for number, items in enumerate(_portions(size.items), 1):
            with transaction():
                told = _Plan(office, Random(f"{size.seed}/{year}/{number}"), year, number, last).made(items, today)  # noqa: S311
            db.session.remove()  # memory stays what one plan takes
            progress(f"{office.name}：{told}")
    logins = f"办公室 {office.logins}-clerk，领导 {office.logins}-leader，单位 {office.logins}-unit1"
    return f"{office.name}：{logins}（密码均为 {PASSWORD}）"


def _first_year(quarters: int, today: date) -> int:
    """So that all the quarters are over, and the last of them is as near to today as a first quarter's begin allows."""
    in_last_year = (quarters - 1) % 4 + 1
    last = today.year if Quarter(today.year, in_last_year).end < today else today.year - 1
    return last - (quarters - 1) // 4


def _after(quarter: Quarter, more: int) -> Quarter:
    return quarter if more == 0 else _after(quarter.next, more - 1)


def _portions(items: int) -> list[int]:
    """How many items each of the year's plans has."""
    return [min(MOST_IN_A_PLAN, items - start) for start in range(0, items, MOST_IN_A_PLAN)]


# The office


def _found(size: Size, day: date) -> _Office:
    number = next(number for number in count(1) if not organisations.named(_name(number)))
    logins = f"moni{number}"
    program = organisations.found(_name(number), _at(day), day, sample=True)
    made = [units.add_unit(program, name, kind, sample=True) for name, kind in phrases.unit_names(size.units)]
    people = _people(program, logins, made)
    return _Office(program.organisation_id, _name(number), logins, [unit.id for unit in made], people)


def _at(day: date) -> datetime:
    return datetime.combine(day, _MORNING, UTC)


def _name(number: int) -> str:
    return f"模拟县{number if number > 1 else ''}（示例）"


def _people(by: Act, prefix: str, made: list[Unit]) -> People:
    """Accounts for the clerk, the leader and the first unit's handler; the others report in the story alone."""
    clerk = accounts.add_person(by, f"{prefix}-clerk", "办公室工作人员（示例）", PASSWORD, must_change=False)
    accounts.give_post(by, clerk, Role.GROUP_OFFICE)
    leader = accounts.add_person(by, f"{prefix}-leader", "组长（示例）", PASSWORD, must_change=False)
    accounts.give_post(by, leader, Role.GROUP_LEADER)
    handlers = {}
    for number, unit in enumerate(made, 1):
        password = PASSWORD if number == 1 else None
        name = f"{unit.name}经办人（示例）"
        handler = accounts.add_person(by, f"{prefix}-unit{number}", name, password, must_change=False)
        accounts.give_post(by, handler, Role.UNIT_HANDLER, unit.id)
        handlers[unit.id] = handler.id
    return People(handlers, clerk.id, leader.id)


# A plan


@dataclass(frozen=True)
class _Plan:
    """The plan of that number in its year, reported up to the quarter `last`."""

    office: _Office
    chance: Random
    year: int
    number: int
    last: Quarter

    def made(self, items: int, today: date) -> str:
        named = {unit.id: unit for unit in units.units_of(self.office.organisation_id)}
        of_office = [named[unit_id] for unit_id in self.office.unit_ids]
        facts = plans.PlanFacts(self.title, "模拟县人民政府（示例）", self.year)
        orders = [_item(self.chance, of_office, self.year) for _ in range(items)]
        plan = plans.register(self._act(min(date(self.year, 1, 10), today)), facts, orders)
        told = Told()
        for batch in _batches(plan.id, self.last):
            told += write(batch, self.office.people, self.chance, today)
        events.record(self._act(today), "simulate", "plan", plan.id, after=told.as_json())
        return f"{self.title}，{items} 项任务，{told.reports} 份填报"

    @property
    def title(self) -> str:
        round_, place = divmod(self.number - 1, len(_SUBJECTS))
        part = f"（第{round_ + 1}批）" if round_ else ""
        return f"{self.year}年{_SUBJECTS[place]}{part}（示例）"

    def _act(self, day: date) -> Act:
        return Act(self.office.organisation_id, None, _at(day), day)


def _item(chance: Random, named: list[Unit], year: int) -> plans.ItemFacts:
    says = Origin.DOCUMENT
    text = phrases.task(chance)
    chosen = chance.sample(named, min(len(named), chance.randint(*_SHARES)))
    return plans.ItemFacts(
        section=[chance.choice(phrases.SECTIONS)],
        task=text,
        goal=phrases.goal(text, chance),
        responsible=[(unit, place == 0, unit.name, says) for place, unit in enumerate(chosen)],
        targets=[(words, target, says) for words, target in _targets(chance)],
        deadlines=[(words, deadline, says) for words, deadline in _deadlines(chance, year)],
    )


def _targets(chance: Random) -> Iterator[tuple[str, Target]]:
    fate = chance.random()
    if fate < 0.15:
        value = chance.choice((90, 95, 98, 100))
        yield f"按时办结率达到{value}%", Target(Op.AT_LEAST, Decimal(value), "%")
    elif fate < 0.35:
        value = chance.randint(2, 12)
        yield f"全年开展活动不少于{value}次", Target(Op.AT_LEAST, Decimal(value), "次", Per.YEAR)


def _deadlines(chance: Random, year: int) -> Iterator[tuple[str, Deadline]]:
    fate = chance.random()
    if fate < 0.45:
        month = chance.randint(3, 12)
        end = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        yield f"{year}年{month}月底前", Deadline(DeadlineKind.DATE, due=end)
    elif fate < 0.65:
        every = chance.choice((Every.QUARTER, Every.HALF_YEAR))
        yield every.label, Deadline(DeadlineKind.RECURRING, every=every)
    elif fate < 0.8:
        yield "持续推进", Deadline(DeadlineKind.OPEN_ENDED)


def _batches(plan_id: int, last: Quarter) -> Iterator[Batch]:
    """The plan's items, some at a time, with the duties of each share up to the quarter."""
    query = select(Item).where(Item.plan_id == plan_id).order_by(Item.position).options(selectinload(Item.targets))
    items = iter(list(db.session.scalars(query)))
    while some := {item.id: item for item in islice(items, _AT_ONCE)}:
        shares: dict[tuple[int, int], list[Duty]] = defaultdict(list)
        for duty in _duties(some, last):
            shares[duty.item_id, duty.unit_id].append(duty)
        yield Batch(some, shares)


def _duties(item_ids: Iterable[int], last: Quarter) -> Iterable[Duty]:
    owed = (Duty.item_id.in_(list(item_ids)), Duty.quarter <= last)
    return db.session.scalars(select(Duty).where(*owed).order_by(Duty.item_id, Duty.unit_id, Duty.quarter, Duty.id))
