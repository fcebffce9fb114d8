"""The outbox: messages that were written in the same transaction as their cause, and wait to be sent."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.ledger.db import Record
from tracker.ledger.tables.accounts import Person
from tracker.ledger.tables.organisations import Owned
from tracker.rules.channels import ChannelKind


class Channel(Owned, Record):
    """A way out that the organisation has set up: a bot or a webhook; mail has its server in the settings of the host.

    `secret` signs what is sent; pages never show it again.
    """

    __tablename__ = "channel"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ChannelKind]
    name: Mapped[str] = mapped_column(String(50))
    address: Mapped[str] = mapped_column(String(500))
    secret: Mapped[str] = mapped_column(String(200), default="")
    active: Mapped[bool] = mapped_column(default=True)


class Message(Owned, Record):
    """One message to one address.  `key` is unique and goes with it: a receiver can see that it came twice.

    It waits while neither `sent_at` nor `given_up_at` is set, and is tried again from `next_try_at` on.
    """

    __tablename__ = "message"
    __table_args__ = (Index(None, "organisation_id", "created_at"), Index(None, "next_try_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    channel: Mapped[ChannelKind]
    channel_id: Mapped[int | None] = mapped_column(ForeignKey("channel.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    address: Mapped[str] = mapped_column(String(500))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    next_try_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(Text, default="")
    sent_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]

    person: Mapped[Person | None] = relationship()


class Preference(Record):
    """A person's choice for one channel, within the office's minimum; quiet hours are local, the end excluded.

    With `at_once` tidings come by mail within minutes, else together once a day; `tidings_seen_at` is when they were
    last marked as read.
    """

    __tablename__ = "preference"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    mail: Mapped[bool] = mapped_column(default=True)
    email: Mapped[str] = mapped_column(String(200), default="")
    quiet_from: Mapped[int | None]
    quiet_until: Mapped[int | None]
    calendar_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    digest_seen_on: Mapped[date | None]
    at_once: Mapped[bool] = mapped_column(default=True)
    tidings_seen_at: Mapped[datetime | None]


class Lease(Record):
    """The process that works for all: whoever holds the lease until `until`; `beat_at` is its last sign of life."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(String(30), primary_key=True)
    holder: Mapped[str] = mapped_column(String(100))
    until: Mapped[datetime]
    beat_at: Mapped[datetime]
