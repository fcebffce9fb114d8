"""Occurrences (办理登记): what happened at a unit, from which periods run and by which counts add up."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.ledger.db import Record
from tracker.ledger.tables.accounts import Person
from tracker.ledger.tables.files import StoredFile
from tracker.ledger.tables.organisations import Owned
from tracker.ledger.tables.plans import Item, ItemDeadline, ItemTarget
from tracker.ledger.tables.units import Unit


class Occurrence(Owned, Record):
    """A policy document was published, an open day was held.

    `happened_on` is that day, `amount` is how many it counts for (1 for one event).  At least one of `deadline_id`
    (the relative deadline that runs from it) and `target_id` (the count that it adds to) is set.  It counts from
    `recorded_on` until the day before `revoked_on`.
    """

    __tablename__ = "occurrence"
    __table_args__ = (Index(None, "item_id", "unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    happened_on: Mapped[date]
    amount: Mapped[Decimal]
    deadline_id: Mapped[int | None] = mapped_column(ForeignKey("item_deadline.id"))
    target_id: Mapped[int | None] = mapped_column(ForeignKey("item_target.id"))
    link: Mapped[str | None] = mapped_column(String(500))
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    recorded_on: Mapped[date]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    revoked_on: Mapped[date | None]
    revoke_reason: Mapped[str] = mapped_column(Text, default="")

    item: Mapped[Item] = relationship()
    unit: Mapped[Unit] = relationship()
    deadline: Mapped[ItemDeadline | None] = relationship()
    target: Mapped[ItemTarget | None] = relationship()
    file: Mapped[StoredFile | None] = relationship()
    recorded_by: Mapped[Person | None] = relationship()
