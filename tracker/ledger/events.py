"""The audit chain: every act leaves a row whose hash covers the row before it."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from sqlalchemy import select

from tracker.ledger.acts import Act
from tracker.ledger.db import db
from tracker.ledger.tables.events import Event
from tracker.ledger.tables.organisations import Organisation

FIRST_HASH = "0" * 64


def record(
    by: Act,
    act: str,
    record: str,
    record_id: int,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Write what was just done into the organisation's chain, in the same transaction."""
    last = _last(by.organisation_id)
    event = Event(
        organisation_id=by.organisation_id,
        number=last.number + 1 if last else 1,
        at=by.at,
        person_id=by.person_id,
        act=act,
        record=record,
        record_id=record_id,
        before=before,
        after=after,
        previous_hash=last.hash if last else FIRST_HASH,
    )
    event.hash = digest(event)
    db.session.add(event)
    db.session.flush()


def hold(organisation_id: int) -> None:
    """Let others who write into the same organisation wait until the transaction ends (SQLite holds the whole file)."""
    db.session.execute(select(Organisation.id).where(Organisation.id == organisation_id).with_for_update())


def _last(organisation_id: int) -> Event | None:
    """The chain's head, held against another writer."""
    hold(organisation_id)
    newest = select(Event).where(Event.organisation_id == organisation_id).order_by(Event.number.desc()).limit(1)
    return db.session.scalar(newest)


def digest(event: Event) -> str:
    """SHA-256 over the row and the hash before it."""
    content = [
        event.organisation_id,
        event.number,
        event.at.astimezone(UTC).isoformat(timespec="microseconds"),  # PostgreSQL hands instants back in its own zone
        event.person_id,
        event.act,
        event.record,
        event.record_id,
        event.before,
        event.after,
        event.previous_hash,
    ]
    written = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


@dataclass(frozen=True)
class Break:
    """The first row of a chain that does not hold."""

    organisation_id: int
    number: int
    reason: str


def first_break(organisation_id: int) -> Break | None:
    """Prove an organisation's chain, or name the first row that is changed, missing or out of place."""
    expected, previous = 1, FIRST_HASH
    for event in _chain(organisation_id):
        if event.number != expected:
            return Break(organisation_id, expected, "row is missing")
        if event.previous_hash != previous:
            return Break(organisation_id, expected, "does not follow the row before it")
        if digest(event) != event.hash:
            return Break(organisation_id, expected, "row was changed")
        expected, previous = expected + 1, event.hash
    return None


def _chain(organisation_id: int) -> Iterator[Event]:
    ordered = select(Event).where(Event.organisation_id == organisation_id).order_by(Event.number)
    return db.session.scalars(ordered.execution_options(yield_per=1000)).__iter__()


def history(organisation_id: int, record: str, record_id: int) -> list[Event]:
    """What was done to one record, oldest first."""
    return list(
        db.session.scalars(
            select(Event)
            .where(Event.organisation_id == organisation_id, Event.record == record, Event.record_id == record_id)
            .order_by(Event.number)
        )
    )
