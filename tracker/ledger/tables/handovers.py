"""Handovers (工作交接): a post that passes from one person to another, with what lay open on that day."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.ledger.db import Record
from tracker.ledger.tables.accounts import Person, Post
from tracker.ledger.tables.organisations import Owned


class Handover(Owned, Record):
    """`summary` is what the page showed on the day it was made: a list of what lay open, as texts and record ids."""

    __tablename__ = "handover"

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    successor_post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    last_day: Mapped[date]
    summary: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    received_at: Mapped[datetime | None]

    post: Mapped[Post] = relationship(foreign_keys=[post_id])
    successor_post: Mapped[Post] = relationship(foreign_keys=[successor_post_id])
    made_by: Mapped[Person | None] = relationship()
