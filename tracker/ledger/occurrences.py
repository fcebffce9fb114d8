"""Registered events (办理登记) as kept: registering, taking back, and how they add up."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, and_, or_, select

from tracker.ledger.db import db
from tracker.ledger.tables.occurrences import Occurrence


def counted(
    target_ids: Collection[int], unit_ids: Collection[int] | None, start: date, end: date, as_of: date
) -> dict[tuple[int, int], Decimal]:
    """What was registered by the end of `as_of` of the days from `start` to `end`, by target and unit.

    `unit_ids` None counts every unit's.  A target of which a unit registered nothing is left out.
    """
    query = select(Occurrence.target_id, Occurrence.unit_id, Occurrence.amount).where(
        Occurrence.target_id.in_(target_ids), Occurrence.happened_on.between(start, end), counts(as_of)
    )
    if unit_ids is not None:
        query = query.where(Occurrence.unit_id.in_(unit_ids))
    sums: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
    for target_id, unit_id, amount in db.session.execute(query):
        if target_id is not None:
            sums[target_id, unit_id] += amount  # added up here: the database keeps exact numbers as text
    return dict(sums)


def counts(as_of: date) -> ColumnElement[bool]:
    """Of an event: it had been registered by then, and not taken back."""
    return and_(Occurrence.recorded_on <= as_of, or_(Occurrence.revoked_on.is_(None), Occurrence.revoked_on > as_of))
