"""Notices (催办、督办): the numbered papers of the ladder that is climbed when something stays undone."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.ledger.db import Record
from tracker.ledger.tables.accounts import Person
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.organisations import Owned
from tracker.ledger.tables.units import Unit
from tracker.rules.notices import NoticeKind, NoticeState


class Notice(Owned, Record):
    """`number` counts by kind and year without gaps, and is given when the notice is issued; a proposal has none.

    `reply_due` is the last day for the unit's reply; `received_by` is who signed for it (签收人).
    """

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("organisation_id", "kind", "year", "number"),
        Index(None, "organisation_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    kind: Mapped[NoticeKind]
    state: Mapped[NoticeState]
    year: Mapped[int]
    number: Mapped[int | None]
    matter: Mapped[str] = mapped_column(String(300))
    basis: Mapped[str] = mapped_column(Text)
    demand: Mapped[str] = mapped_column(Text)
    reply_due: Mapped[date | None]
    proposed_on: Mapped[date]
    issued_on: Mapped[date | None]
    issued_at: Mapped[datetime | None]
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    received_at: Mapped[datetime | None]
    received_by: Mapped[str] = mapped_column(String(64), default="")
    reply: Mapped[str] = mapped_column(Text, default="")
    replied_at: Mapped[datetime | None]
    replied_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closed_on: Mapped[date | None]
    close_reason: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}

    unit: Mapped[Unit] = relationship()
    issued_by: Mapped[Person | None] = relationship(foreign_keys=[issued_by_id])
    replied_by: Mapped[Person | None] = relationship(foreign_keys=[replied_by_id])
    matters: Mapped[list["NoticeMatter"]] = relationship(back_populates="notice", order_by="NoticeMatter.id")


class NoticeMatter(Record):
    """A duty that a notice presses for."""

    __tablename__ = "notice_matter"
    __table_args__ = (UniqueConstraint("notice_id", "duty_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    duty_id: Mapped[int] = mapped_column(ForeignKey("duty.id"), index=True)

    notice: Mapped[Notice] = relationship(back_populates="matters")
    duty: Mapped[Duty] = relationship()
