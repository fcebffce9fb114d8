"""The work calendar as kept: seeded from the announced holidays, open to the office's corrections."""

from datetime import date

import chinese_calendar
from sqlalchemy import select

from tracker.ledger.db import db
from tracker.ledger.tables.calendar import CalendarDay
from tracker.rules.calendar import WorkCalendar

SOURCE = "国务院办公厅节假日安排通知"


def work_calendar() -> WorkCalendar:
    exceptions = {row.day: row.is_workday for row in db.session.scalars(select(CalendarDay))}
    return WorkCalendar(exceptions, frozenset(day.year for day in exceptions))


def seed() -> int:
    """Enter the days that chinesecalendar knows of and the table lacks; return how many were added."""
    kept = set(db.session.scalars(select(CalendarDay.day)))
    added = [
        CalendarDay(day=day, is_workday=is_workday, source=SOURCE, note="")
        for day, is_workday in announced_exceptions().items()
        if day not in kept
    ]
    db.session.add_all(added)
    db.session.flush()
    return len(added)


def announced_exceptions() -> dict[date, bool]:
    """Weekdays that are holidays, and Saturdays and Sundays that are worked."""
    holidays = {day: False for day in chinese_calendar.constants.holidays if day.weekday() < 5}
    return holidays | dict.fromkeys(chinese_calendar.constants.workdays, True)
