from datetime import date, timedelta

import pytest

from tracker.rules.quarters import Quarter, quarters_of

Q4 = Quarter(2025, 4)


def test_a_quarter_begins_and_ends_with_its_months():
    assert (Quarter(2025, 1).start, Quarter(2025, 1).end) == (date(2025, 1, 1), date(2025, 3, 31))
    assert (Q4.start, Q4.end) == (date(2025, 10, 1), date(2025, 12, 31))
    assert Quarter(2025, 2).months == (4, 5, 6)


def test_every_day_of_a_leap_year_lies_in_one_quarter():
    days = [date(2024, 1, 1) + timedelta(days=number) for number in range(366)]
    assert all([day in quarter for quarter in quarters_of(2024)].count(True) == 1 for day in days)
    assert all(day in Quarter.of(day) for day in days)


def test_quarters_follow_each_other_over_the_year():
    assert Q4.next == Quarter(2026, 1)
    assert Q4.next.previous == Q4
    assert Q4.previous == Quarter(2025, 3)


def test_written_quarters_sort_as_they_follow():
    written = [str(quarter) for year in (2024, 2025) for quarter in quarters_of(year)]
    assert written == sorted(written)
    assert sorted(Quarter.parse(text) for text in written) == [Quarter.parse(text) for text in written]


def test_a_quarter_is_read_as_it_is_written():
    assert Quarter.parse(" 2025q1 ") == Quarter(2025, 1)
    assert str(Quarter(2025, 1)) == "2025Q1"
    assert Q4.label == "2025年第四季度"


@pytest.mark.parametrize("text", ["2025Q5", "2025Q0", "25Q1", "2025-Q1", "", "9999Q1", "0000Q1"])
def test_what_is_no_quarter_is_refused(text):
    with pytest.raises(ValueError, match="quarter"):
        Quarter.parse(text)
