from datetime import date
from decimal import Decimal

from tracker.rules.attainment import Reached
from tracker.rules.figures import Figure
from tracker.rules.quarters import Quarter
from tracker.rules.scheduled import scheduled
from tracker.rules.targets import Op, Per, Target

Q2 = Quarter(2025, 2)
END = date(2025, 6, 30)


def held(target, value, as_of=END):
    return scheduled("目标", target, Reached.of(target, Q2, Figure(Decimal(value)), as_of), as_of)


def test_what_is_reached_is_held_against_the_part_of_the_year_that_is_over():
    found = held(Target(Op.AT_LEAST, Decimal(100), "件", Per.YEAR), 20)
    assert (found.reached, round(found.over, 1), round(found.points_behind)) == (20, Decimal("49.6"), 30)


def test_time_stops_at_the_end_of_the_quarter_that_the_figure_is_of():
    target = Target(Op.AT_LEAST, Decimal(100), "件", Per.YEAR)
    assert held(target, 20, date(2025, 8, 20)).day == END
    assert held(target, 20, date(2025, 6, 10)).day == date(2025, 6, 10)


def test_half_a_year_is_a_period_of_its_own():
    assert round(held(Target(Op.AT_LEAST, Decimal(10), "次", Per.HALF_YEAR), 10).over) == 100


def test_more_than_asked_is_all_of_it():
    assert held(Target(Op.AT_LEAST, Decimal(10), "次", Per.YEAR), 30).points_behind < -50


def test_a_cap_and_a_count_of_each_quarter_have_no_schedule():
    assert held(Target(Op.AT_MOST, Decimal(10), "件"), 3) is None
    assert held(Target(Op.AT_LEAST, Decimal(10), "件", Per.QUARTER), 3) is None
