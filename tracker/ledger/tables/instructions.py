"""Instructions (批示): what a leader asks of units, by a day; each unit answers for itself, step by step."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.ledger.db import Record
from tracker.ledger.tables.accounts import Person
from tracker.ledger.tables.organisations import Owned
from tracker.ledger.tables.plans import Item
from tracker.ledger.tables.units import Unit
from tracker.rules.instructions import StepKind


class Instruction(Owned, Record):
    """`about` says in words what it was written on (an item, a unit, a figure), `address` is the page of it.

    `key` comes with the form: the same form sent twice is one instruction.
    """

    __tablename__ = "instruction"
    __table_args__ = (UniqueConstraint("organisation_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("plan.id"), index=True)
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    about: Mapped[str] = mapped_column(String(300))
    address: Mapped[str] = mapped_column(String(500))
    due: Mapped[date]
    key: Mapped[str] = mapped_column(String(32))
    made_on: Mapped[date]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    item: Mapped[Item | None] = relationship()
    made_by: Mapped[Person | None] = relationship()
    shares: Mapped[list["InstructionShare"]] = relationship(
        back_populates="instruction", order_by="InstructionShare.id"
    )


class InstructionShare(Record):
    """One unit's part: open until it is answered, settled once it is closed; a return opens it again.

    The columns say how it stands now; on an earlier day it stood as its last step by then had left it.
    """

    __tablename__ = "instruction_share"
    __table_args__ = (UniqueConstraint("instruction_id", "unit_id"), Index(None, "unit_id", "closed_on"))

    id: Mapped[int] = mapped_column(primary_key=True)
    instruction_id: Mapped[int] = mapped_column(ForeignKey("instruction.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_on: Mapped[date | None]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closed_on: Mapped[date | None]
    close_note: Mapped[str] = mapped_column(Text, default="")
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}

    instruction: Mapped[Instruction] = relationship(back_populates="shares")
    unit: Mapped[Unit] = relationship()
    answered_by: Mapped[Person | None] = relationship(foreign_keys=[answered_by_id])
    closed_by: Mapped[Person | None] = relationship(foreign_keys=[closed_by_id])
    steps: Mapped[list["InstructionStep"]] = relationship(back_populates="share", order_by="InstructionStep.id")


class InstructionStep(Record):
    """An answer, a closing or a return, with its words."""

    __tablename__ = "instruction_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    share_id: Mapped[int] = mapped_column(ForeignKey("instruction_share.id"), index=True)
    kind: Mapped[StepKind]
    text: Mapped[str] = mapped_column(Text)
    taken_on: Mapped[date]
    taken_at: Mapped[datetime]
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    share: Mapped[InstructionShare] = relationship(back_populates="steps")
    taken_by: Mapped[Person | None] = relationship()
