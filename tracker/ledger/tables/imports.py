"""Drafts (导入草稿): a plan document as read, beside what the clerk makes of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.ledger.db import Record
from tracker.ledger.tables.accounts import Person
from tracker.ledger.tables.files import StoredFile
from tracker.ledger.tables.organisations import Owned


class Draft(Owned, Record):
    """`source` is the document as printed, which the spans of the items count in; `dropped` lists what was left out."""

    __tablename__ = "draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    issuer: Mapped[str] = mapped_column(String(100))
    year: Mapped[int | None]
    source: Mapped[str] = mapped_column(Text)
    remarks: Mapped[list[Any]]
    dropped: Mapped[list[Any]]
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("plan.id"))
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}

    items: Mapped[list["DraftItem"]] = relationship(
        back_populates="draft",
        order_by="DraftItem.position",
        primaryjoin="and_(Draft.id == DraftItem.draft_id, DraftItem.removed.is_(False))",
    )
    file: Mapped[StoredFile | None] = relationship()
    opened_by: Mapped[Person | None] = relationship()


class DraftItem(Record):
    """One item of a draft.  `read` is what the document says, and changes only where items are split or merged; the
    columns are what the clerk accepts.

    `units`, `targets` and `deadlines` are lists in the shapes of `ledger.draft_entries`; `read` is
    `reading.plan.as_json` of the item, None for one that the clerk added.  One that is `removed` was merged into
    another, or its making was taken back; it stays for the steps that name it.
    """

    __tablename__ = "draft_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id"), index=True)
    position: Mapped[int]
    section: Mapped[list[Any]]
    task: Mapped[str] = mapped_column(Text)
    goal: Mapped[str] = mapped_column(Text)
    units: Mapped[list[Any]]
    targets: Mapped[list[Any]]
    deadlines: Mapped[list[Any]]
    read: Mapped[dict[str, Any] | None]
    checked: Mapped[bool] = mapped_column(default=False)
    dropped: Mapped[bool] = mapped_column(default=False)
    removed: Mapped[bool] = mapped_column(default=False)
    look_back_of_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"))
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}

    draft: Mapped[Draft] = relationship(back_populates="items")


class DraftStep(Record):
    """One act on a draft: `said` names it to people, `before` and `after` hold what it changed."""

    __tablename__ = "draft_step"
    __table_args__ = (UniqueConstraint("draft_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id"))
    number: Mapped[int]
    said: Mapped[str] = mapped_column(String(300))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
    undone: Mapped[bool] = mapped_column(default=False)

    person: Mapped[Person | None] = relationship()
