"""The lease: of several schedulers, over whatever machines, one works at a time."""

from datetime import datetime, timedelta

from sqlalchemy import or_, update
from sqlalchemy.exc import IntegrityError

from tracker.ledger.db import db
from tracker.ledger.tables.messages import Lease

LASTS = timedelta(seconds=90)


def hold(name: str, holder: str, now: datetime) -> bool:
    """Take the lease or renew it; False where another holds it.

    A holder that dies loses it by silence, `LASTS` after its last renewal.
    """
    mine = or_(Lease.holder == holder, Lease.until <= now)
    renewed = update(Lease).where(Lease.name == name, mine).values(holder=holder, until=now + LASTS, beat_at=now)
    if db.session.execute(renewed).rowcount:  # type: ignore[attr-defined]
        return True
    try:
        with db.session.begin_nested():
            db.session.add(Lease(name=name, holder=holder, until=now + LASTS, beat_at=now))
    except IntegrityError:
        return False
    return True


def give_back(name: str, holder: str, now: datetime) -> None:
    """On an orderly end, so that the next one need not wait."""
    db.session.execute(update(Lease).where(Lease.name == name, Lease.holder == holder).values(until=now))


def last_beat(name: str) -> datetime | None:
    """When the scheduler last gave a sign of life; None if none ever did."""
    lease = db.session.get(Lease, name)
    return lease.beat_at if lease else None
