"""Sealed quarters: a snapshot to each version, and the corrections that lead from one version to the next."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.ledger.db import Record
from tracker.ledger.tables.accounts import Person
from tracker.ledger.tables.organisations import Owned
from tracker.ledger.tables.plans import Item, Plan
from tracker.ledger.tables.units import Unit
from tracker.rules.quarters import Quarter
from tracker.rules.reports import ReportState


class Snapshot(Owned, Record):
    """A sealed quarter: `content` is all that its papers are set from (`rules.snapshots`), `sha256` covers it.

    `number` counts the versions: a correction after sealing makes a new one and says so in `reason`.  `as_of` is the
    day whose figures are sealed.
    """

    __tablename__ = "snapshot"
    __table_args__ = (UniqueConstraint("plan_id", "quarter", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    quarter: Mapped[Quarter]
    number: Mapped[int]
    as_of: Mapped[date]
    content: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    sha256: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text, default="")
    sealed_on: Mapped[date]
    sealed_at: Mapped[datetime]
    sealed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    plan: Mapped[Plan] = relationship()
    sealed_by: Mapped[Person | None] = relationship()

    @property
    def edition(self) -> str:
        return f"第{self.number}版" if self.number == 1 else f"第{self.number}版（更正版）"


class Correction(Owned, Record):
    """What of a sealed quarter is opened again, and why.

    On `closed_on` the next version was sealed, or the correction was withdrawn: then `withdrawn_at` is set, too.
    """

    __tablename__ = "correction"

    id: Mapped[int] = mapped_column(primary_key=True)
    snapshot_id: Mapped[int] = mapped_column(ForeignKey("snapshot.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    opened_on: Mapped[date]
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closed_on: Mapped[date | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    withdrawal_reason: Mapped[str] = mapped_column(Text, default="")

    snapshot: Mapped[Snapshot] = relationship()
    opened_by: Mapped[Person | None] = relationship(foreign_keys=[opened_by_id])
    withdrawn_by: Mapped[Person | None] = relationship(foreign_keys=[withdrawn_by_id])
    shares: Mapped[list["CorrectedShare"]] = relationship(order_by="CorrectedShare.id")


class CorrectedShare(Record):
    """A unit's report on an item that may be handed in anew; `version_before` is the last one sealed, 0 for none.

    `state_before` is the state from which the correction returned it; None where it was open or there was none.
    """

    __tablename__ = "corrected_share"
    __table_args__ = (UniqueConstraint("correction_id", "item_id", "unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    correction_id: Mapped[int] = mapped_column(ForeignKey("correction.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    version_before: Mapped[int]
    state_before: Mapped[ReportState | None]

    item: Mapped[Item] = relationship()
    unit: Mapped[Unit] = relationship()
