"""The papers of a sealed quarter: each with its number, its files, and its receipt."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.ledger.db import Record
from tracker.ledger.tables.accounts import Person
from tracker.ledger.tables.files import StoredFile
from tracker.ledger.tables.organisations import Owned
from tracker.ledger.tables.snapshots import Snapshot
from tracker.ledger.tables.units import Unit
from tracker.rules.paper_kinds import PaperKind


class Paper(Owned, Record):
    """One paper of one version of a sealed quarter.

    `number` counts by kind and year without gaps; a corrected paper keeps the number of the one that it replaces, and
    `version` is its snapshot's.  `subject` tells several of one kind apart: the unit's or the finding's id, 0 for a
    paper of the whole plan.  A notice of rectification has its finding's number.  `sent_at` is when the
    circular was sent to the units (`receipts`), which see it from then on.
    """

    __tablename__ = "paper"
    __table_args__ = (
        UniqueConstraint("snapshot_id", "kind", "subject"),
        UniqueConstraint("organisation_id", "kind", "year", "number", "version"),
        Index(None, "organisation_id", "kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    snapshot_id: Mapped[int] = mapped_column(ForeignKey("snapshot.id"))
    kind: Mapped[PaperKind]
    subject: Mapped[int] = mapped_column(default=0)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    year: Mapped[int]
    number: Mapped[int]
    version: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    received_by: Mapped[str] = mapped_column(String(64), default="")
    received_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    snapshot: Mapped[Snapshot] = relationship()
    unit: Mapped[Unit | None] = relationship()
    sent_by: Mapped[Person | None] = relationship()
    receipts: Mapped[list["PaperReceipt"]] = relationship(order_by="PaperReceipt.id")
    files: Mapped[list["PaperFile"]] = relationship(back_populates="paper", order_by="PaperFile.ending")


class PaperReceipt(Record):
    """One unit's copy of a paper that was sent to many, and who signed for it when."""

    __tablename__ = "paper_receipt"
    __table_args__ = (UniqueConstraint("paper_id", "unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    received_by: Mapped[str] = mapped_column(String(64), default="")
    received_at: Mapped[datetime | None]

    unit: Mapped[Unit] = relationship()


class PaperFile(Record):
    """A paper as a file of one kind (`ending`: pdf, docx, xlsx), set once and kept."""

    __tablename__ = "paper_file"
    __table_args__ = (UniqueConstraint("paper_id", "ending"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id"))
    ending: Mapped[str] = mapped_column(String(5))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    made_at: Mapped[datetime]

    paper: Mapped[Paper] = relationship(back_populates="files")
    file: Mapped[StoredFile] = relationship()
