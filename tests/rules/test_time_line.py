from datetime import date

from tracker.rules.duties import DutyKind
from tracker.rules.quarters import Quarter
from tracker.rules.standing import DutyFacts, DutyState
from tracker.rules.time_line import time_line

TODAY = date(2025, 4, 20)


def duty(number, due, unit=1, label="8月底前", kind=DutyKind.MILESTONE, done_on=None, **more):
    quarter = Quarter.of(due) if due else None
    return DutyFacts(number, 1, unit, True, kind, label, quarter, due, due, done_on, **more)


def marks(line):
    return [(mark.day, mark.label, mark.left) for month in line.months for mark in month.marks]


def test_the_years_months_stand_whether_or_not_anything_falls_due():
    line = time_line([], 2025)
    assert [month.number for month in line.months] == list(range(1, 13))
    assert line.is_empty


def test_the_same_matter_of_several_units_is_one_mark_with_the_worst_state_first():
    day = date(2025, 4, 7)
    line = time_line([duty(1, day), duty(2, day, 2, done_on=day), duty(3, day, 3)], 2025)
    [mark] = line.months[3].marks
    assert mark.states(TODAY) == [(DutyState.OVERDUE, 2), (DutyState.DONE, 1)]
    assert mark.longest(TODAY) == 13


def test_what_falls_due_in_another_year_brings_its_month():
    line = time_line([duty(1, date(2026, 1, 6))], 2025)
    assert (line.months[-1].year, line.months[-1].number) == (2026, 1)
    assert line.months[-1].opens_quarter


def test_what_was_moved_leaves_a_mark_at_its_first_date():
    line = time_line([duty(1, date(2025, 3, 31), revised_due=date(2025, 5, 31))], 2025)
    assert marks(line) == [(date(2025, 3, 31), "8月底前", True), (date(2025, 5, 31), "8月底前", False)]
    assert line.months[2].marks[0].moved_to == date(2025, 5, 31)
    assert line.months[4].marks[0].worst(TODAY) is DutyState.OPEN


def test_what_has_no_date_stands_beside_the_line():
    line = time_line([duty(1, None)], 2025)
    assert [each.id for each in line.undated] == [1]
    assert line.is_empty


def test_what_comes_next_is_neither_done_nor_overdue():
    late, done = duty(1, date(2025, 4, 7)), duty(2, date(2025, 4, 30), done_on=TODAY)
    line = time_line([late, done, duty(3, date(2025, 8, 31)), duty(4, date(2025, 7, 7))], 2025)
    assert line.next_open(TODAY).day == date(2025, 7, 7)
    assert line.next_open(TODAY).days_left(TODAY) == 78
    assert time_line([late], 2025).next_open(TODAY) is None
