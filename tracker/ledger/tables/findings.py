"""Findings (检查问题) and their rectification (整改), whoever found them."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.ledger.db import Record
from tracker.ledger.tables.accounts import Person
from tracker.ledger.tables.files import StoredFile
from tracker.ledger.tables.organisations import Owned
from tracker.ledger.tables.plans import Item
from tracker.ledger.tables.units import Unit
from tracker.rules.findings import FindingAct, FindingSource, FindingState
from tracker.rules.quarters import Quarter
from tracker.rules.reports import ProgressClass


class Finding(Owned, Record):
    """`kind` is the kind of item that a repeated finding is recognised by: the item's outermost heading.

    `number` counts the notices of rectification by year without gaps; a finding that was not notified has none.
    `verified_class` is how far the inspector found the item, beside what the unit reports.  `objected_on` is set while
    an objection waits for its answer; `unfounded` closes what was not upheld, or was recorded in error.
    """

    __tablename__ = "finding"
    __table_args__ = (
        UniqueConstraint("organisation_id", "year", "number"),
        Index(None, "organisation_id", "state"),
        Index(None, "unit_id", "criterion", "kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"), index=True)
    quarter: Mapped[Quarter]
    source: Mapped[FindingSource]
    criterion: Mapped[str] = mapped_column(String(50))
    kind: Mapped[str] = mapped_column(String(200))
    problem: Mapped[str] = mapped_column(Text)
    basis: Mapped[str] = mapped_column(Text)
    demand: Mapped[str] = mapped_column(Text)
    due: Mapped[date]
    state: Mapped[FindingState]
    year: Mapped[int]
    number: Mapped[int | None]
    found_on: Mapped[date]
    found_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    notified_on: Mapped[date | None]
    measures: Mapped[str] = mapped_column(Text, default="")
    result: Mapped[str] = mapped_column(Text, default="")
    submitted_on: Mapped[date | None]
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closed_on: Mapped[date | None]
    verified_class: Mapped[ProgressClass | None]
    objected_on: Mapped[date | None]
    unfounded: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}

    unit: Mapped[Unit] = relationship()
    item: Mapped[Item | None] = relationship()
    found_by: Mapped[Person | None] = relationship(foreign_keys=[found_by_id])
    submitted_by: Mapped[Person | None] = relationship(foreign_keys=[submitted_by_id])
    steps: Mapped[list["FindingStep"]] = relationship(back_populates="finding", order_by="FindingStep.id")


class FindingStep(Record):
    """What was done about it, by whom: told in full, so that a return and a second answer both stay."""

    __tablename__ = "finding_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    finding_id: Mapped[int] = mapped_column(ForeignKey("finding.id"), index=True)
    act: Mapped[FindingAct]
    state: Mapped[FindingState]
    text: Mapped[str] = mapped_column(Text)
    link: Mapped[str] = mapped_column(String(500), default="")
    made_on: Mapped[date]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))

    finding: Mapped[Finding] = relationship(back_populates="steps")
    made_by: Mapped[Person | None] = relationship()
    file: Mapped[StoredFile | None] = relationship()
