"""Revised editions of a plan, how items read before them, and drafts that are to become one."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from tracker.ledger.db import Record
from tracker.ledger.tables.accounts import Person
from tracker.ledger.tables.files import StoredFile
from tracker.ledger.tables.organisations import Owned


class Revision(Owned, Record):
    """`number` counts from 1 within the plan; `made_on` is the first day on which the plan reads as revised."""

    __tablename__ = "revision"
    __table_args__ = (UniqueConstraint("plan_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    issuer: Mapped[str] = mapped_column(String(100))
    source: Mapped[str] = mapped_column(Text, deferred=True)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    made_on: Mapped[date]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[datetime]

    file: Mapped[StoredFile | None] = relationship()
    confirmed_by: Mapped[Person | None] = relationship()


class Layered:
    """Mixed into what a revision adds to an item or ends: the baseline has no `added_by`, what holds no `ended_by`."""

    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("revision.id"))
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("revision.id"))

    @declared_attr
    def added_by(cls) -> Mapped[Revision | None]:  # noqa: N805
        return relationship(foreign_keys=[cls.added_by_id])  # type: ignore[list-item]

    @declared_attr
    def ended_by(cls) -> Mapped[Revision | None]:  # noqa: N805
        return relationship(foreign_keys=[cls.ended_by_id])  # type: ignore[list-item]


class FormerWording(Record):
    """How an item read until a revision changed anything of it; the columns are the item's."""

    __tablename__ = "former_wording"
    __table_args__ = (UniqueConstraint("item_id", "ended_by_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    ended_by_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), index=True)
    number: Mapped[str] = mapped_column(String(20))
    section: Mapped[list[Any]]
    task: Mapped[str] = mapped_column(Text)
    goal: Mapped[str] = mapped_column(Text)
    as_printed: Mapped[str] = mapped_column(Text)
    spans: Mapped[list[Any]]
    first_line: Mapped[int | None]
    last_line: Mapped[int | None]
    remarks: Mapped[list[Any]]

    ended_by: Mapped[Revision] = relationship()


class ProposedRevision(Record):
    """A draft that the clerk takes for a revision of a plan.

    `pairs` are the clerk's corrections: by the id of a draft item (as text) the id of the plan's item, or None for new.
    """

    __tablename__ = "proposed_revision"

    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id"), primary_key=True, autoincrement=False)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    pairs: Mapped[dict[str, Any]] = mapped_column(default=dict)
