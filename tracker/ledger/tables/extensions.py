"""Extensions (延期): another date that was applied for, and what each level said; the original date stays."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.ledger.db import Record
from tracker.ledger.tables.accounts import Person
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.organisations import Owned
from tracker.rules.extensions import ExtensionLevel, ExtensionState
from tracker.rules.reports import Verdict


class Extension(Owned, Record):
    """`new_due` is the last day on which the work is to be on time; `decided_on` is set once it is approved or refused.

    Of a duty's approved extensions the last one holds, from `decided_on` on.
    """

    __tablename__ = "extension"
    __table_args__ = (Index(None, "organisation_id", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    duty_id: Mapped[int] = mapped_column(ForeignKey("duty.id"), index=True)
    state: Mapped[ExtensionState]
    new_due: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    progress: Mapped[str] = mapped_column(Text)
    applied_on: Mapped[date]
    applied_at: Mapped[datetime]
    applied_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_on: Mapped[date | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}

    duty: Mapped[Duty] = relationship()
    applied_by: Mapped[Person | None] = relationship()
    steps: Mapped[list["ExtensionStep"]] = relationship(back_populates="extension", order_by="ExtensionStep.id")


class ExtensionStep(Record):
    """One level's opinion."""

    __tablename__ = "extension_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    extension_id: Mapped[int] = mapped_column(ForeignKey("extension.id"), index=True)
    level: Mapped[ExtensionLevel]
    verdict: Mapped[Verdict]
    reason: Mapped[str] = mapped_column(Text)
    judged_on: Mapped[date]
    judged_at: Mapped[datetime]
    judged_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    extension: Mapped[Extension] = relationship(back_populates="steps")
    judged_by: Mapped[Person | None] = relationship()
