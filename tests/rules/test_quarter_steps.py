from datetime import date

from tracker.rules.calendar import WorkCalendar
from tracker.rules.quarter_steps import Course, Week, slips, steps, weeks
from tracker.rules.quarters import Quarter

Q3 = Quarter(2025, 3)
WEEKENDS = WorkCalendar({}, frozenset())


def test_the_steps_of_a_quarter_end_with_its_closing_on_working_days():
    told = [(step.label, step.on) for step in steps(Q3, date(2025, 10, 9), WEEKENDS)]
    assert told == [
        ("开始填报", date(2025, 9, 20)),
        ("填报截止", date(2025, 10, 9)),
        ("审核完毕", date(2025, 10, 10)),
        ("检查完毕", date(2025, 10, 20)),
        ("报告、关账", date(2025, 10, 27)),  # the 25th is a Saturday
    ]


def test_the_offices_own_days_take_the_place_of_the_usual_ones():
    own = steps(Q3, date(2025, 10, 9), WEEKENDS, Course(13, 16, 21))
    assert [step.on.day for step in own[2:]] == [13, 16, 21]


def test_the_days_are_of_every_month_and_in_their_order():
    assert slips(Course(10, 10, 28)) == {}
    assert slips(Course(0, 29, 10)) == {
        "reviewed": "“审核完毕”应为 1 至 28 日。",
        "checked": "“检查完毕”应为 1 至 28 日。",
    }
    assert slips(Course(10, 9, 28)) == {"checked": "“检查完毕”不能早于上一步的 10 日。"}


def test_no_step_comes_before_the_one_it_follows():
    late = steps(Q3, date(2025, 10, 28), WEEKENDS)
    assert [step.on for step in late[1:]] == [date(2025, 10, 28)] * 4


def test_an_item_counts_once_in_a_week_and_weeks_are_cut_at_the_quarters_ends():
    due = [(1, date(2025, 7, 1)), (1, date(2025, 7, 6)), (2, date(2025, 7, 6)), (1, date(2025, 7, 7))]
    found = weeks(Q3.start, Q3.end, [*due, (3, date(2025, 6, 30)), (3, date(2025, 10, 1))])
    assert found[:2] == [Week(Q3.start, date(2025, 7, 6), 2), Week(date(2025, 7, 7), date(2025, 7, 13), 1)]
    assert found[-1] == Week(date(2025, 9, 29), Q3.end, 0)
    assert sum(week.due for week in found) == 3
    assert date(2025, 7, 6) in found[0]
    assert date(2025, 7, 7) not in found[0]
