"""Plans and their items, with targets, deadlines and responsible units: the baseline that nothing overwrites."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.ledger.db import Record
from tracker.ledger.tables.accounts import Person
from tracker.ledger.tables.files import StoredFile
from tracker.ledger.tables.organisations import Owned
from tracker.ledger.tables.revisions import Layered, Revision
from tracker.ledger.tables.units import Unit, UnitGroup
from tracker.rules.deadlines import Deadline, DeadlineKind, Every
from tracker.rules.quarters import Quarter
from tracker.rules.targets import Op, Per, Target


class Origin(StrEnum):
    """Who says so: the document, or the office that added or changed it."""

    DOCUMENT = "document"
    OFFICE = "office"

    @property
    def label(self) -> str:
        return {Origin.DOCUMENT: "文件载明", Origin.OFFICE: "办公室补充"}[self]


class Plan(Owned, Record):
    __tablename__ = "plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    issuer: Mapped[str] = mapped_column(String(100))
    year: Mapped[int] = mapped_column(index=True)
    source: Mapped[str] = mapped_column(Text, deferred=True)  # long, and asked for by one page
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[datetime]

    items: Mapped[list["Item"]] = relationship(back_populates="plan", order_by="Item.position")
    file: Mapped[StoredFile | None] = relationship()
    confirmed_by: Mapped[Person | None] = relationship()

    @property
    def titled_with_year(self) -> str:
        """The title as a list of several years' plans shows it."""
        year = f"{self.year}年"
        return self.title if year in self.title else f"{year} {self.title}"


class Item(Owned, Record):
    """`number` is the entry's number as printed, `position` counts from 1; `as_printed` is its stretch of the document.

    `spans` are pairs of characters of the source that it was read from, the plan's or that of `revised_by`; both are
    empty for an item that the office added.
    A revision leaves the baseline where it is: the item's columns and relationships give what holds now,
    `ledger.wordings` what held on a day.  `revised_by` is the last revision that added or changed the item.
    """

    __tablename__ = "item"

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    position: Mapped[int]
    number: Mapped[str] = mapped_column(String(20))
    section: Mapped[list[Any]]
    task: Mapped[str] = mapped_column(Text)
    goal: Mapped[str] = mapped_column(Text)
    as_printed: Mapped[str] = mapped_column(Text)
    spans: Mapped[list[Any]]
    first_line: Mapped[int | None]
    last_line: Mapped[int | None]
    remarks: Mapped[list[Any]]
    added_on: Mapped[date | None]
    revised_by_id: Mapped[int | None] = mapped_column(ForeignKey("revision.id"))
    cancelled_on: Mapped[date | None]
    cancelled_by_id: Mapped[int | None] = mapped_column(ForeignKey("revision.id"))
    cancel_reason: Mapped[str] = mapped_column(Text, default="")
    look_back_of_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"), index=True)

    plan: Mapped[Plan] = relationship(back_populates="items")
    revised_by: Mapped[Revision | None] = relationship(foreign_keys=[revised_by_id])
    cancelled_by: Mapped[Revision | None] = relationship(foreign_keys=[cancelled_by_id])
    responsibilities: Mapped[list["Responsibility"]] = relationship(
        primaryjoin="and_(Item.id == Responsibility.item_id, Responsibility.ended_by_id.is_(None))",
        order_by="Responsibility.id",
    )
    targets: Mapped[list["ItemTarget"]] = relationship(
        primaryjoin="and_(Item.id == ItemTarget.item_id, ItemTarget.ended_by_id.is_(None))",
        order_by="ItemTarget.id",
    )
    deadlines: Mapped[list["ItemDeadline"]] = relationship(
        primaryjoin="and_(Item.id == ItemDeadline.item_id, ItemDeadline.ended_by_id.is_(None))",
        order_by="ItemDeadline.id",
    )

    def counts_in(self, quarter: Quarter) -> bool:
        """An item that a revision added is none of the quarters that were over by then."""
        return self.added_on is None or self.added_on <= quarter.end

    @property
    def heading(self) -> str:
        """The outermost heading above it, by which figures are grouped."""
        return self.section[0] if self.section else "（未分板块）"

    @property
    def short(self) -> str:
        return short_task(self.task)


def short_task(task: str) -> str:
    """Enough of a task for a list: its lead-in, or its first 40 characters."""
    first = task.split("\n", 1)[0].split("。", 1)[0].split(":", 1)[0].split("：", 1)[0]
    return first if len(first) <= 40 else f"{first[:39]}…"


class Responsibility(Layered, Record):
    """A unit or a group as the plan names it; exactly one of `unit_id` and `group_id` is set."""

    __tablename__ = "responsibility"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("unit_group.id"), index=True)
    lead: Mapped[bool]
    text: Mapped[str] = mapped_column(String(100))
    origin: Mapped[Origin]
    assigned_on: Mapped[date]

    unit: Mapped[Unit | None] = relationship()
    group: Mapped[UnitGroup | None] = relationship()


class ItemTarget(Layered, Record):
    __tablename__ = "item_target"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    text: Mapped[str] = mapped_column(String(300))
    op: Mapped[Op]
    value: Mapped[Decimal]
    measure: Mapped[str] = mapped_column(String(20))
    per: Mapped[Per | None]
    origin: Mapped[Origin]

    @property
    def target(self) -> Target:
        return Target(self.op, self.value, self.measure, self.per)


class ItemDeadline(Layered, Record):
    """`office_due` is the day that the office set, on `office_due_on`, where the plan prints none (x月xx日前)."""

    __tablename__ = "item_deadline"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    text: Mapped[str] = mapped_column(String(100))
    kind: Mapped[DeadlineKind]
    due: Mapped[date | None]
    every: Mapped[Every | None]
    days: Mapped[int | None]
    workdays: Mapped[bool] = mapped_column(default=False)
    day: Mapped[int | None]
    month_of_period: Mapped[int | None]
    event: Mapped[str | None] = mapped_column(String(60))
    office_due: Mapped[date | None]
    office_due_on: Mapped[date | None]
    origin: Mapped[Origin]

    @property
    def deadline(self) -> Deadline:
        """As printed."""
        recurs_on = (self.day, self.month_of_period)
        return Deadline(self.kind, self.due, self.every, self.days, self.workdays, *recurs_on, self.event)

    @property
    def holds(self) -> Deadline:
        """As printed, or the day that the office has set where none is."""
        return Deadline(DeadlineKind.DATE, due=self.office_due) if self.office_due else self.deadline

    def held_on(self, day: date) -> Deadline:
        """What held at the end of that day."""
        return self.holds if self.office_due_on and self.office_due_on <= day else self.deadline
