"""People, their accounts, and the posts from which they have their roles."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.ledger.db import Record
from tracker.ledger.tables.organisations import Organisation, Owned
from tracker.ledger.tables.units import Unit
from tracker.rules.dates import spans
from tracker.rules.permissions import Role


class Person(Owned, Record):
    """`session_key` is part of every session; a new one ends all sessions that stand."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(64))
    password_hash: Mapped[str] = mapped_column(String(255))
    must_change_password: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    session_key: Mapped[str] = mapped_column(String(32))

    organisation: Mapped[Organisation] = relationship()
    posts: Mapped[list["Post"]] = relationship(back_populates="person", order_by="Post.id")


class Post(Record):
    """A role at a unit (or at the organisation, where `unit_id` is None), both dates included."""

    __tablename__ = "post"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    role: Mapped[Role]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]

    person: Mapped[Person] = relationship(back_populates="posts")
    unit: Mapped[Unit | None] = relationship()

    def held_on(self, day: date) -> bool:
        return spans(self.starts_on, self.ends_on, day)
