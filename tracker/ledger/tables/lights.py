"""Light rules in force by date, and lights that were set by hand."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.ledger.db import Record
from tracker.ledger.tables.accounts import Person
from tracker.ledger.tables.dated_rules import DatedRule
from tracker.ledger.tables.organisations import Owned
from tracker.rules.lights import Light


class LightRuleVersion(DatedRule, Record):
    """`rule` is a `rules.lights.LightRule`."""

    __tablename__ = "light_rule"
    __table_args__ = (UniqueConstraint("organisation_id", "starts_on"),)

    name: Mapped[str] = mapped_column(String(50))

    @property
    def title(self) -> str:
        return f"“{self.name}”"

    @property
    def told(self) -> dict[str, object]:
        return {"name": self.name, **super().told}


class HandLight(Owned, Record):
    """A light that the office set for one unit's share of an item, from `set_on` to `expires_on`, both included.

    Withdrawn, it holds no more from `withdrawn_on`.
    """

    __tablename__ = "hand_light"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    light: Mapped[Light]
    reason: Mapped[str] = mapped_column(Text)
    set_on: Mapped[date]
    expires_on: Mapped[date]
    set_at: Mapped[datetime]
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_on: Mapped[date | None]

    set_by: Mapped[Person | None] = relationship()
