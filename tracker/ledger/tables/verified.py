"""Verified progress classes (核实等次): the inspector's word on a unit's share of an item in a quarter."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.ledger.db import Record
from tracker.ledger.tables.accounts import Person
from tracker.ledger.tables.organisations import Owned
from tracker.ledger.tables.plans import Item
from tracker.rules.quarters import Quarter
from tracker.rules.reports import ProgressClass


class VerifiedClass(Owned, Record):
    """Rows are added and never changed: the last one of a share by a day holds on it; one without a class ends it."""

    __tablename__ = "verified_class"
    __table_args__ = (
        UniqueConstraint("organisation_id", "key"),
        Index(None, "item_id", "quarter"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    quarter: Mapped[Quarter]
    progress_class: Mapped[ProgressClass | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    inspection_id: Mapped[int | None] = mapped_column(ForeignKey("inspection.id"), index=True)
    key: Mapped[str] = mapped_column(String(64))
    said_on: Mapped[date]
    said_at: Mapped[datetime]
    said_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    item: Mapped[Item] = relationship()
    said_by: Mapped[Person | None] = relationship()
