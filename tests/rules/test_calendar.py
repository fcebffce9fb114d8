from datetime import date

from tracker.rules.calendar import WorkCalendar

HOLIDAY, SHIFTED = date(2025, 4, 4), date(2025, 4, 27)  # Qingming on a Friday; a Sunday worked for the May holiday
CALENDAR = WorkCalendar({HOLIDAY: False, SHIFTED: True}, frozenset({2025}))


def test_the_notice_overrules_the_week():
    assert not CALENDAR.is_workday(HOLIDAY)
    assert CALENDAR.is_workday(SHIFTED)
    assert not CALENDAR.is_workday(date(2025, 4, 26))
    assert CALENDAR.is_workday(date(2025, 4, 28))


def test_a_working_day_is_its_own_next_working_day():
    assert CALENDAR.next_workday(date(2025, 4, 3)) == date(2025, 4, 3)
    assert CALENDAR.next_workday(HOLIDAY) == date(2025, 4, 7)
    assert CALENDAR.next_workday(SHIFTED) == SHIFTED


def test_counting_begins_on_the_day_after():
    assert CALENDAR.add_workdays(date(2025, 4, 3), 0) == date(2025, 4, 3)
    assert CALENDAR.add_workdays(date(2025, 4, 3), 1) == date(2025, 4, 7)
    assert CALENDAR.add_workdays(date(2025, 4, 25), 2) == date(2025, 4, 28)


def test_counting_runs_over_the_end_of_a_year():
    assert CALENDAR.add_workdays(date(2025, 12, 30), 3) == date(2026, 1, 2)


def test_a_year_not_announced_is_not_certain():
    assert CALENDAR.is_certain(HOLIDAY)
    assert not CALENDAR.is_certain(date(2026, 1, 1))
