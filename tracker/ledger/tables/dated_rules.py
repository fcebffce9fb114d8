"""What the tables of the office's own rules have in common: each version holds from its day on."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from tracker.ledger.tables.accounts import Person
from tracker.ledger.tables.organisations import Owned


class DatedRule(Owned):
    """A version of a rule: `rule` as JSON, in force from `starts_on` until the next version's day.

    The table's name is also that of the record in its events.
    """

    __tablename__: str

    id: Mapped[int] = mapped_column(primary_key=True)
    rule: Mapped[dict[str, Any]]
    starts_on: Mapped[date]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    @declared_attr
    def made_by(self) -> Mapped[Person | None]:
        return relationship()

    @property
    def title(self) -> str:
        """As a sentence names it."""
        raise NotImplementedError

    @property
    def told(self) -> dict[str, object]:
        """As its events tell it."""
        return {"starts_on": self.starts_on.isoformat(), "rule": self.rule}
