"""What an office has made its own of its papers: the texts they are written from, and Word files they are set in."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.ledger.db import Record
from tracker.ledger.tables.accounts import Person
from tracker.ledger.tables.files import StoredFile
from tracker.ledger.tables.organisations import Owned
from tracker.rules.office_templates import TemplateKind
from tracker.rules.paper_defaults import PaperText


class PaperTemplate(Owned, Record):
    """A text in the language of `rules.paper_texts`; without a row the default holds.  Events keep the earlier ones."""

    __tablename__ = "paper_template"
    __table_args__ = (UniqueConstraint("organisation_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[PaperText]
    text: Mapped[str] = mapped_column(Text)
    version: Mapped[int]
    saved_at: Mapped[datetime]
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    saved_by: Mapped[Person | None] = relationship()


class OfficeTemplate(Owned, Record):
    """A DOCX with placeholders, checked when it was handed in; the kind is printed from it as Word file."""

    __tablename__ = "office_template"
    __table_args__ = (UniqueConstraint("organisation_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[TemplateKind]
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    saved_at: Mapped[datetime]
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    file: Mapped[StoredFile] = relationship()
    saved_by: Mapped[Person | None] = relationship()
