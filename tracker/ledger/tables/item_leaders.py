"""Who of the leaders answers for an item (责任领导)."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.ledger.db import Record
from tracker.ledger.tables.accounts import Person
from tracker.ledger.tables.organisations import Owned


class ItemLeader(Owned, Record):
    """`name` holds from `named_on` until the item's next row; empty where the office took the name away."""

    __tablename__ = "item_leader"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    name: Mapped[str] = mapped_column(String(50))
    named_on: Mapped[date]
    named_at: Mapped[datetime]
    named_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    named_by: Mapped[Person | None] = relationship()
