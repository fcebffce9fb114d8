"""Stored files: the bytes lie in the data folder under a name of the server's making."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.ledger.db import Record
from tracker.ledger.tables.organisations import Owned


class StoredFile(Owned, Record):
    """`name` is what the user called it and is only ever shown; `sha256` names the bytes on disk."""

    __tablename__ = "stored_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int]
    stored_at: Mapped[datetime]
    stored_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
