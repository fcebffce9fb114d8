"""Items as lists show them: their words on a day, who is named, and what is asked; remembered, and never written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select

from tracker.ledger import memory, plans
from tracker.ledger.db import db
from tracker.ledger.memory import Deed
from tracker.ledger.standing import Scope, is_owed
from tracker.ledger.tables.plans import Item, Plan
from tracker.ledger.touched import touched
from tracker.rules.quarters import Quarter
from tracker.rules.search import folded


@dataclass(frozen=True, slots=True)
class ItemWords:
    """An item as it read at the end of the day; `sought` is all in which words are looked for, as they are compared."""

    id: int
    plan_id: int
    position: int
    number: str
    section: Sequence[str]
    heading: str
    short: str
    task: str
    goal: str
    as_printed: str
    leads: Sequence[str]
    supports: Sequence[str]
    deadlines: str
    targets: str
    added_on: date | None
    cancelled_on: date | None
    cancel_reason: str
    sought: str

    def counts_in(self, quarter: Quarter) -> bool:
        """As `Item.counts_in`."""
        return self.added_on is None or self.added_on <= quarter.end

    def held_on(self, day: date) -> bool:
        """Whether it was in the plan at the end of the day."""
        begun = self.added_on is None or self.added_on <= day
        return begun and not self.cancelled_by(day)

    def cancelled_by(self, day: date) -> bool:
        return self.cancelled_on is not None and self.cancelled_on <= day


def words_of(plan: Plan, as_of: date) -> Sequence[ItemWords]:
    """Every item that the plan ever had, in its order."""
    return memory.remembered(
        plan.organisation_id,
        ("words", plan.id, as_of),
        make=lambda: tuple(_words(item) for item in plans.items_of(plan, as_of=as_of)),
        renew=_unless_all_may_be_otherwise,
        weigh=lambda known: 4 * len(known),
    )


def _unless_all_may_be_otherwise(known: Sequence[ItemWords], deeds: tuple[Deed, ...]) -> Sequence[ItemWords] | None:
    """Work on items changes none of their words; what does is no act that touches single items."""
    return None if touched(deeds) is None else known


def _words(item: Item) -> ItemWords:
    named = [(who, who.unit or who.group) for who in item.responsibilities]
    names = [told for who, kept in named for told in (who.text, kept.name if kept else "")]
    return ItemWords(
        id=item.id,
        plan_id=item.plan_id,
        position=item.position,
        number=item.number,
        section=tuple(item.section),
        heading=item.heading,
        short=item.short,
        task=item.task,
        goal=item.goal,
        as_printed=item.as_printed,
        leads=[kept.name for who, kept in named if who.lead and kept],
        supports=[kept.name for who, kept in named if not who.lead and kept],
        deadlines="；".join(deadline.text for deadline in item.deadlines),
        targets="；".join(target.text for target in item.targets),
        added_on=item.added_on,
        cancelled_on=item.cancelled_on,
        cancel_reason=item.cancel_reason,
        sought=folded("\n".join((item.number, item.task, item.goal, item.as_printed, *item.section, *names))),
    )


def outline(plan: Plan, scope: Scope = None, as_of: date = date.max) -> list[ItemWords]:
    """What the plan held at the end of the day as far as the scope reaches, in its order."""
    held = [item for item in words_of(plan, as_of) if item.held_on(as_of)]
    return held if scope is None else _within(held, plan, plans.concerns(scope, is_owed(as_of)))


def cancelled(plan: Plan, scope: Scope, as_of: date) -> list[ItemWords]:
    """What revisions had cancelled by the end of the day."""
    gone = [item for item in words_of(plan, as_of) if item.cancelled_by(as_of)]
    return gone if scope is None or not gone else _within(gone, plan, plans.concerns(scope))


def _within(items: Iterable[ItemWords], plan: Plan, concerned: ColumnElement[bool]) -> list[ItemWords]:
    found = set(db.session.scalars(select(Item.id).where(Item.plan_id == plan.id, concerned)))
    return [item for item in items if item.id in found]
