"""Tidings (办理消息): what was decided about a unit's matter, or asked of it, and is told to it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.ledger.db import Record
from tracker.ledger.tables.organisations import Owned
from tracker.ledger.tables.units import Unit
from tracker.rules.tidings import TidingKind


class Tiding(Owned, Record):
    """`record_id` is the record that it leads to; which table that is follows from the kind."""

    __tablename__ = "tiding"
    __table_args__ = (Index(None, "unit_id", "told_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    kind: Mapped[TidingKind]
    record_id: Mapped[int]
    text: Mapped[str] = mapped_column(String(400))
    told_at: Mapped[datetime]

    unit: Mapped[Unit] = relationship()
