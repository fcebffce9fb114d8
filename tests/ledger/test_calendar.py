from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from tracker.ledger import calendar
from tracker.ledger.db import db, transaction
from tracker.ledger.tables.calendar import CalendarDay


@pytest.fixture
def seeded(bare_app):
    with bare_app.app_context():
        with transaction():
            calendar.seed()
        yield


def test_seeding_again_adds_nothing(seeded):
    before = db.session.scalar(select(func.count()).select_from(CalendarDay))
    with transaction():
        assert calendar.seed() == 0
    assert db.session.scalar(select(func.count()).select_from(CalendarDay)) == before > 200


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2025, 1, 26), True),  # a Sunday worked for the Spring Festival
        (date(2025, 1, 28), False),
        (date(2025, 4, 4), False),
        (date(2025, 9, 28), True),
        (date(2025, 10, 8), False),
        (date(2025, 10, 11), True),
        (date(2025, 10, 12), False),
        (date(2026, 2, 14), True),
    ],
)
def test_the_announced_days_are_known(seeded, day, worked):
    assert calendar.work_calendar().is_workday(day) is worked


def test_a_year_that_is_not_announced_is_reckoned_from_the_week_and_says_so(seeded):
    found = calendar.work_calendar()
    future = max(found.announced_years) + 1
    assert not found.is_certain(date(future, 5, 1))
    days = [date(future, 1, 1) + timedelta(days=number) for number in range(365)]
    assert all(found.is_workday(day) == (day.weekday() < 5) for day in days)


def test_a_day_that_the_office_corrected_stays_corrected(seeded):
    with transaction():
        row = db.session.get_one(CalendarDay, date(2025, 4, 4))
        row.is_workday, row.note = True, "本县另有安排"
    with transaction():
        calendar.seed()
    assert calendar.work_calendar().is_workday(date(2025, 4, 4))


def test_only_departures_from_the_week_are_kept():
    assert all(worked == (day.weekday() >= 5) for day, worked in calendar.announced_exceptions().items())
