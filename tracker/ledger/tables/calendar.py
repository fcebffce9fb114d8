"""The days on which the work calendar departs from the week, as announced for the whole country."""

from datetime import date

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.ledger.db import Record


class CalendarDay(Record):
    """Holds for all organisations of the installation: the notice is the State Council's."""

    __tablename__ = "calendar_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    is_workday: Mapped[bool]
    source: Mapped[str] = mapped_column(String(100))
    note: Mapped[str] = mapped_column(String(100), default="")
