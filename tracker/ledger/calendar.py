"""The work calendar as kept: seeded from the announced holidays, open to the office's corrections.

It is one for the whole installation, for the notice is the State Council's.  An act on it is written into the chain of
the organisation that acts; the duties of other organisations follow when they bring them up to date themselves.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

import chinese_calendar
from sqlalchemy import extract, select

from tracker.ledger import events
from tracker.ledger.acts import Act
from tracker.ledger.db import db
from tracker.ledger.tables.calendar import CalendarDay
from tracker.rules.calendar import FEWEST_ANNOUNCED, DayEntry, WorkCalendar, check_entry

SOURCE = "国务院办公厅节假日安排通知"


def work_calendar(changed: Mapping[date, DayEntry | None] | None = None) -> WorkCalendar:
    """The calendar in force, or as it would be with these days changed; None takes a day out."""
    exceptions = dict(db.session.execute(select(CalendarDay.day, CalendarDay.is_workday)).all())
    for day, entry in (changed or {}).items():
        exceptions.pop(day, None)
        if entry is not None:
            exceptions[day] = entry.is_workday
    of_year = Counter(day.year for day in exceptions)
    return WorkCalendar(exceptions, frozenset(year for year, days in of_year.items() if days >= FEWEST_ANNOUNCED))


def days_of(year: int) -> dict[date, CalendarDay]:
    """The days of a year that depart from the week."""
    rows = select(CalendarDay).where(extract("year", CalendarDay.day) == year).order_by(CalendarDay.day)
    return {row.day: row for row in db.session.scalars(rows)}


def day_of(day: date) -> CalendarDay | None:
    return db.session.get(CalendarDay, day)


def change(by: Act, days: Mapping[date, DayEntry | None]) -> int:
    """Enter, correct or (None) take out days; return how many differ now.  The same sent twice is one act."""
    for day, entry in days.items():
        check_entry(day, entry)
    events.hold(by.organisation_id)
    touched = [day for day, entry in sorted(days.items()) if _differs(day, entry)]
    if not touched:
        return 0
    before = [_said(day, day_of(day)) for day in touched]
    for day in touched:
        _write(day, days[day])
    db.session.flush()
    after = [_said(day, day_of(day)) for day in touched]
    events.record(by, "change", "calendar", by.organisation_id, {"days": before}, {"days": after})
    return len(touched)


def _differs(day: date, entry: DayEntry | None) -> bool:
    row = day_of(day)
    return _entry_of(row) != entry


def _entry_of(row: CalendarDay | None) -> DayEntry | None:
    return DayEntry(row.is_workday, row.source, row.note) if row else None


def _write(day: date, entry: DayEntry | None) -> None:
    row = day_of(day)
    if entry is None:
        if row is not None:
            db.session.delete(row)
    elif row is None:
        db.session.add(CalendarDay(day=day, is_workday=entry.is_workday, source=entry.source, note=entry.note))
    else:
        row.is_workday, row.source, row.note = entry.is_workday, entry.source, entry.note


def as_the_week(day: date) -> DayEntry | None:
    """What takes a day out: one that `seed` knows is kept as the week has it, or the next seeding brought it back."""
    if day not in announced_exceptions():
        return None
    return DayEntry(day.weekday() < 5, "办公室更正", "按周计")


def _said(day: date, row: CalendarDay | None) -> dict[str, object]:
    entry = _entry_of(row)
    return {"day": day.isoformat(), "is_workday": entry.is_workday if entry else None}


def years(plan_years: Iterable[int], today: date) -> range:
    """The years that the page offers: those announced, those of plans, and the next."""
    known = {*work_calendar().announced_years, *plan_years, today.year + 1}
    return range(min(known), max(known) + 1)


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
