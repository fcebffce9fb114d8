"""Items as they read on a day, and what each revision changed of them.

The items' own columns and relationships give what holds now, which is what almost every page asks for.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import set_committed_value

from tracker.ledger import memory
from tracker.ledger.db import db
from tracker.ledger.tables.plans import Item, ItemDeadline, ItemTarget, Plan, Responsibility
from tracker.ledger.tables.revisions import FormerWording, Layered, Revision
from tracker.ledger.touched import unless
from tracker.rules import revisions as rules
from tracker.rules.revisions import FieldChange, Wording

WORDS = ("number", "section", "task", "goal", "as_printed", "spans", "first_line", "last_line", "remarks")


def revisions_of(plan_id: int) -> list[Revision]:
    """The plan's revisions, oldest first; mostly none, which is remembered."""
    plan = db.session.get_one(Plan, plan_id)
    some = memory.remembered(
        plan.organisation_id, ("revised", plan_id), lambda: bool(_read_revisions(plan_id)), unless()
    )
    return _read_revisions(plan_id) if some else []


def _read_revisions(plan_id: int) -> list[Revision]:
    return list(db.session.scalars(select(Revision).where(Revision.plan_id == plan_id).order_by(Revision.number)))


# Layers


@dataclass(frozen=True)
class Layers:
    """What is asked of items: all that ever was, or what of it holds."""

    responsibilities: Sequence[Responsibility]
    targets: Sequence[ItemTarget]
    deadlines: Sequence[ItemDeadline]

    @classmethod
    def in_force(cls, item: Item) -> "Layers":
        return cls(item.responsibilities, item.targets, item.deadlines)

    @classmethod
    def of(cls, item_ids: Collection[int]) -> "Layers":
        """All that was ever asked of these items, in the order in which it came."""
        named = (joinedload(Responsibility.unit), joinedload(Responsibility.group))
        responsible = select(Responsibility).where(Responsibility.item_id.in_(item_ids)).options(*named)
        targets = select(ItemTarget).where(ItemTarget.item_id.in_(item_ids))
        deadlines = select(ItemDeadline).where(ItemDeadline.item_id.in_(item_ids))
        return cls(
            db.session.scalars(responsible.order_by(Responsibility.id)).all(),
            db.session.scalars(targets.order_by(ItemTarget.id)).all(),
            db.session.scalars(deadlines.order_by(ItemDeadline.id)).all(),
        )

    def which(self, holds: Callable[[Layered], bool]) -> "Layers":
        return Layers(
            [row for row in self.responsibilities if holds(row)],
            [row for row in self.targets if holds(row)],
            [row for row in self.deadlines if holds(row)],
        )


def wording_of(words: Item | FormerWording, asked: Layers) -> Wording:
    return Wording(
        section=tuple(words.section),
        number=words.number,
        task=words.task,
        goal=words.goal,
        units=tuple((_named(who), who.lead) for who in asked.responsibilities),
        targets=tuple((target.text, target.target) for target in asked.targets),
        deadlines=tuple((deadline.text, deadline.deadline) for deadline in asked.deadlines),
    )


def _named(who: Responsibility) -> str:
    named = who.unit or who.group
    return named.name if named else who.text


# As of a day


def turn_back(items: Sequence[Item], plan_id: int, as_of: date) -> None:
    """Let the items of a plan read as they did at the end of the day, for as long as the session holds them.

    They are to be read only: nothing of this is ever written, and a transaction reads them afresh.
    """
    later = {revision.id for revision in revisions_of(plan_id) if revision.made_on > as_of}
    if not later:
        return
    former = _wordings_ended_by(later)
    touched = [item for item in items if item.id in former]
    for item in touched:
        for word in WORDS:
            set_committed_value(item, word, getattr(former[item.id], word))
    held = Layers.of([item.id for item in touched]).which(lambda row: _held_before(later, row))
    _lay(touched, "responsibilities", held.responsibilities)
    _lay(touched, "targets", held.targets)
    _lay(touched, "deadlines", held.deadlines)


def _wordings_ended_by(revisions: Collection[int]) -> dict[int, FormerWording]:
    """By item, how it read before the first of these revisions that changed it."""
    rows = db.session.scalars(
        select(FormerWording)
        .join(FormerWording.ended_by)
        .where(FormerWording.ended_by_id.in_(revisions))
        .order_by(Revision.number.desc())
    )
    return {row.item_id: row for row in rows}


def _held_before(revisions: Collection[int], row: Layered) -> bool:
    return row.added_by_id not in revisions and (row.ended_by_id is None or row.ended_by_id in revisions)


def _lay(items: Sequence[Item], name: str, rows: Iterable[Responsibility | ItemTarget | ItemDeadline]) -> None:
    by_item: dict[int, list[Layered]] = defaultdict(list)
    for row in rows:
        by_item[row.item_id].append(row)
    for item in items:
        set_committed_value(item, name, by_item[item.id])


# What became of an item


@dataclass(frozen=True)
class ItemRevision:
    """What one revision changed of an item."""

    revision: Revision
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True)
class ItemHistory:
    """An item's changes by a day, oldest first, and what they ended of what the plan first asked (原定)."""

    revisions: Sequence[ItemRevision]
    original: Layers


def item_history(item: Item, as_of: date) -> ItemHistory:
    numbers = {revision.id: revision.number for revision in revisions_of(item.plan_id) if revision.made_on <= as_of}
    if not numbers:
        return ItemHistory([], Layers([], [], []))
    asked = Layers.of([item.id])
    original = asked.which(lambda row: row.added_by_id is None and row.ended_by_id in numbers)
    return ItemHistory(list(_steps(item, asked, numbers)), original)


def _steps(item: Item, asked: Layers, numbers: Mapping[int, int]) -> Iterator[ItemRevision]:
    """How the item read before and after each of these revisions that changed it."""
    former = db.session.scalars(
        select(FormerWording)
        .join(FormerWording.ended_by)
        .where(FormerWording.item_id == item.id)
        .order_by(Revision.number)
        .options(joinedload(FormerWording.ended_by).joinedload(Revision.confirmed_by))
    ).all()
    for number, before in enumerate(former, 1):
        revision = before.ended_by
        if revision.id in numbers:
            after: Item | FormerWording = former[number] if number < len(former) else item
            old = wording_of(before, _asked_after(asked, revision.number - 1, numbers))
            new = wording_of(after, _asked_after(asked, revision.number, numbers))
            yield ItemRevision(revision, tuple(rules.changes(old, new)))


def _asked_after(asked: Layers, number: int, numbers: Mapping[int, int]) -> Layers:
    return asked.which(lambda row: _holds(row, number, numbers))


def _holds(row: Layered, number: int, numbers: Mapping[int, int]) -> bool:
    """Whether it held after the revision of that number; revisions that are not among the numbers came later."""
    last = max(numbers.values())
    added = 0 if row.added_by_id is None else numbers.get(row.added_by_id, last + 1)
    ended = last + 1 if row.ended_by_id is None else numbers.get(row.ended_by_id, last + 1)
    return added <= number < ended
