"""Inspections (检查): the plan of each, its team, each unit's part, and the verdicts with what proves them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.ledger.db import Record
from tracker.ledger.tables.accounts import Person
from tracker.ledger.tables.files import StoredFile
from tracker.ledger.tables.findings import Finding
from tracker.ledger.tables.organisations import Owned
from tracker.ledger.tables.plans import Item, Plan
from tracker.ledger.tables.units import Unit
from tracker.rules.inspection_parts import Part
from tracker.rules.inspection_results import Verdict
from tracker.rules.inspections import InspectionState, Reach
from tracker.rules.quarters import Quarter


class Inspection(Owned, Record):
    """`number` counts the notices of inspection by year without gaps; what was not notified has none.

    `seed`, `roster` (unit, name and group of each candidate), `sample_size`, `by_group` and `algorithm` are what a
    sample was drawn with; `draws` counts how often.  `answer_days` are working days for a unit's answer to the facts.
    """

    __tablename__ = "inspection"
    __table_args__ = (
        UniqueConstraint("organisation_id", "year", "number"),
        Index(None, "organisation_id", "quarter"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    quarter: Mapped[Quarter]
    state: Mapped[InspectionState]
    title: Mapped[str] = mapped_column(String(100))
    basis: Mapped[str] = mapped_column(Text)
    criteria: Mapped[list[Any]]
    methods: Mapped[list[Any]]
    reach: Mapped[Reach]
    sample_size: Mapped[int | None]
    by_group: Mapped[bool] = mapped_column(default=False)
    seed: Mapped[str] = mapped_column(String(64), default="")
    roster: Mapped[list[Any]]
    algorithm: Mapped[str] = mapped_column(String(200), default="")
    draws: Mapped[int] = mapped_column(default=0)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    self_check_due: Mapped[date | None]
    answer_days: Mapped[int]
    year: Mapped[int]
    number: Mapped[int | None]
    planned_on: Mapped[date]
    planned_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    notified_on: Mapped[date | None]
    notified_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    conclusion: Mapped[str] = mapped_column(Text, default="")
    concluded_on: Mapped[date | None]
    published_on: Mapped[date | None]
    published_at: Mapped[str] = mapped_column(String(500), default="")
    cancelled_on: Mapped[date | None]
    cancel_reason: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}

    plan: Mapped[Plan] = relationship()
    planned_by: Mapped[Person | None] = relationship(foreign_keys=[planned_by_id])
    team: Mapped[list["InspectionChecker"]] = relationship(
        back_populates="inspection", order_by="InspectionChecker.id", cascade="all, delete-orphan"
    )
    parts: Mapped[list["InspectionPart"]] = relationship(
        back_populates="inspection", order_by="InspectionPart.id", cascade="all, delete-orphan"
    )


class InspectionChecker(Record):
    """A member of the team; `role` is the post in words as the notice names it."""

    __tablename__ = "inspection_checker"
    __table_args__ = (UniqueConstraint("inspection_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(String(50), default="")

    inspection: Mapped[Inspection] = relationship(back_populates="team")
    person: Mapped[Person] = relationship()


class InspectionPart(Record):
    """One unit in an inspection.  `items` are the ids of what is checked of it, fixed by the notice.

    `checker_id` is who is in charge of it.  `facts_on` is set while the results lie with the unit for its word on them.
    """

    __tablename__ = "inspection_part"
    __table_args__ = (UniqueConstraint("inspection_id", "unit_id"), Index(None, "checker_id", "visit_on"))

    id: Mapped[int] = mapped_column(primary_key=True)
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    checker_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    visit_on: Mapped[date | None]
    items: Mapped[list[Any]]
    excused: Mapped[str] = mapped_column(Text, default="")
    received_on: Mapped[date | None]
    received_by: Mapped[str] = mapped_column(String(64), default="")
    self_check: Mapped[str] = mapped_column(Text, default="")
    self_checked_on: Mapped[date | None]
    self_checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    results: Mapped[int] = mapped_column(default=0)
    facts_on: Mapped[date | None]
    answer_due: Mapped[date | None]
    confirmed_on: Mapped[date | None]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    remark: Mapped[str] = mapped_column(Text, default="")
    objected_on: Mapped[date | None]
    objection: Mapped[str] = mapped_column(Text, default="")
    answered_on: Mapped[date | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answer: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}

    inspection: Mapped[Inspection] = relationship(back_populates="parts")
    unit: Mapped[Unit] = relationship()
    checker: Mapped[Person | None] = relationship(foreign_keys=[checker_id])
    confirmed_by: Mapped[Person | None] = relationship(foreign_keys=[confirmed_by_id])
    answered_by: Mapped[Person | None] = relationship(foreign_keys=[answered_by_id])
    self_checked_by: Mapped[Person | None] = relationship(foreign_keys=[self_checked_by_id])

    @property
    def known(self) -> Part:
        """Its dates, for the rules."""
        return Part(
            self.received_on,
            self.self_checked_on,
            self.results,
            self.facts_on,
            self.answer_due,
            self.confirmed_on,
            self.objected_on,
            self.answered_on,
            bool(self.excused),
        )


class InspectionResult(Record):
    """A verdict on one criterion: of an item, or of the unit as a whole; by a checker, or by the unit itself.

    `cell` is the place in words, which is taken once in a part.  `finding_id` is the finding that was made of it.
    """

    __tablename__ = "inspection_result"
    __table_args__ = (UniqueConstraint("part_id", "cell"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("inspection_part.id"))
    cell: Mapped[str] = mapped_column(String(100))
    by_unit: Mapped[bool]
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"), index=True)
    criterion: Mapped[str] = mapped_column(String(50))
    verdict: Mapped[Verdict]
    fact: Mapped[str] = mapped_column(Text, default="")
    link: Mapped[str] = mapped_column(String(500), default="")
    made_on: Mapped[date]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    finding_id: Mapped[int | None] = mapped_column(ForeignKey("finding.id"), index=True)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}

    part: Mapped[InspectionPart] = relationship()
    item: Mapped[Item | None] = relationship()
    made_by: Mapped[Person | None] = relationship()
    finding: Mapped[Finding | None] = relationship()
    files: Mapped[list["InspectionFile"]] = relationship(back_populates="result", order_by="InspectionFile.id")


class InspectionFile(Record):
    """A photograph or another file that proves a verdict."""

    __tablename__ = "inspection_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    result_id: Mapped[int] = mapped_column(ForeignKey("inspection_result.id"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))

    result: Mapped[InspectionResult] = relationship(back_populates="files")
    file: Mapped[StoredFile] = relationship()


class InspectionEntry(Owned, Record):
    """What was sent of a verdict, once under its `key`: also what was not taken, since somebody else came before.

    `digest` covers the content, so that a key that comes again with another one is noticed.
    """

    __tablename__ = "inspection_entry"
    __table_args__ = (UniqueConstraint("organisation_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("inspection_part.id"), index=True)
    key: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    cell: Mapped[str] = mapped_column(String(100))
    verdict: Mapped[Verdict]
    fact: Mapped[str] = mapped_column(Text, default="")
    link: Mapped[str] = mapped_column(String(500), default="")
    taken: Mapped[bool]
    files: Mapped[list[Any]]
    made_on: Mapped[date]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    made_by: Mapped[Person | None] = relationship()
