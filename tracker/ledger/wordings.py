"""Items as they read on a day: where a later revision has changed them, its changes are turned back.

The items' own columns and relationships give what holds now, which is what almost every page asks for.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import set_committed_value

from tracker.ledger.db import db
from tracker.ledger.tables.plans import Item, ItemDeadline, ItemTarget, Responsibility
from tracker.ledger.tables.revisions import FormerWording, Revision

WORDS = ("number", "section", "task", "goal", "as_printed", "spans", "first_line", "last_line", "remarks")

Layer = TypeVar("Layer", ItemTarget, ItemDeadline, Responsibility)


def revisions_of(plan_id: int) -> list[Revision]:
    """The plan's revisions, oldest first."""
    return list(db.session.scalars(select(Revision).where(Revision.plan_id == plan_id).order_by(Revision.number)))


def turn_back(items: Sequence[Item], plan_id: int, as_of: date) -> None:
    """Let the items of a plan read as they did at the end of the day, for as long as they are held by the session.

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
    ids = [item.id for item in touched]
    _lay(touched, "targets", _before(later, layers(ItemTarget, ids)))
    _lay(touched, "deadlines", _before(later, layers(ItemDeadline, ids)))
    _lay(touched, "responsibilities", _before(later, layers(Responsibility, ids)))


def _wordings_ended_by(revisions: Collection[int]) -> dict[int, FormerWording]:
    """By item, how it read before the first of these revisions that changed it."""
    rows = db.session.scalars(
        select(FormerWording)
        .join(FormerWording.ended_by)
        .where(FormerWording.ended_by_id.in_(revisions))
        .order_by(Revision.number.desc())
    )
    return {row.item_id: row for row in rows}


def layers(kind: type[Layer], item_ids: Collection[int]) -> list[Layer]:
    """All that ever held of these items, in the order in which it came."""
    query = select(kind).where(kind.item_id.in_(item_ids)).order_by(kind.id)
    if kind is Responsibility:
        query = query.options(joinedload(Responsibility.unit), joinedload(Responsibility.group))
    return list(db.session.scalars(query))


def _before(later: Collection[int], rows: Iterable[Layer]) -> list[Layer]:
    """What held before these revisions."""
    return [
        row for row in rows if row.added_by_id not in later and (row.ended_by_id is None or row.ended_by_id in later)
    ]


def _lay(items: Sequence[Item], name: str, rows: Iterable[Layer]) -> None:
    by_item: dict[int, list[Layer]] = defaultdict(list)
    for row in rows:
        by_item[row.item_id].append(row)
    for item in items:
        set_committed_value(item, name, by_item[item.id])
