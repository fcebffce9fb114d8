"""The only reader of system time.  Entrances ask it; rules get dates and instants as arguments."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """This instant, in UTC."""
    return datetime.now(UTC)


def local_date(instant: datetime, timezone: str) -> date:
    """The office's calendar date at that instant."""
    return instant.astimezone(ZoneInfo(timezone)).date()


def today(timezone: str) -> date:
    return local_date(now(), timezone)
