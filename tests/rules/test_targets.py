from decimal import Decimal

import pytest

from tracker.rules.quarters import Quarter
from tracker.rules.targets import Op, Per, Target


@pytest.mark.parametrize(
    ("op", "short", "exact", "over"),
    [
        (Op.AT_LEAST, False, True, True),
        (Op.AT_MOST, True, True, False),
        (Op.EXACTLY, False, True, False),
    ],
)
def test_a_target_is_met_at_its_value_or_on_its_side_of_it(op, short, exact, over):
    target = Target(op, Decimal(3), "次")
    assert [target.met_by(Decimal(figure)) for figure in (2, 3, 4)] == [short, exact, over]


def test_figures_are_exact():
    assert Target(Op.EXACTLY, Decimal("0.3"), "%").met_by(Decimal("0.1") + Decimal("0.2"))


def test_a_target_is_read_out_as_the_office_would_say_it():
    assert Target(Op.AT_LEAST, Decimal(1), "次", Per.YEAR).label == "每年不少于1次"
    assert Target(Op.AT_LEAST, Decimal("95.0"), "%").label == "不少于95%"
    assert Target(Op.AT_MOST, Decimal(100), "个").label == "不超过100个"


def test_a_per_cent_is_a_rate():
    assert Target(Op.AT_LEAST, Decimal(95), "%").is_rate
    assert not Target(Op.AT_LEAST, Decimal(95), "次").is_rate


@pytest.mark.parametrize(
    ("per", "number", "first", "last", "covers"),
    [
        (None, 2, 1, 4, "本年累计"),
        (Per.YEAR, 3, 1, 4, "本年累计"),
        (Per.HALF_YEAR, 2, 1, 2, "本半年累计"),
        (Per.HALF_YEAR, 3, 3, 4, "本半年累计"),
        (Per.QUARTER, 3, 3, 3, "本季度"),
        (Per.MONTH, 3, 3, 3, "本季度"),
    ],
)
def test_a_figure_is_of_the_period_that_its_target_is_counted_over(per, number, first, last, covers):
    target = Target(Op.AT_LEAST, Decimal(1), "次", per)
    assert target.period(Quarter(2025, number)) == (Quarter(2025, first), Quarter(2025, last))
    assert target.covers == covers


def test_a_rate_is_the_quarters_and_adds_up_to_nothing():
    yearly = Target(Op.AT_LEAST, Decimal(95), "%", Per.YEAR)
    assert not yearly.adds_up
    assert yearly.covers == "本季度"


def test_of_a_quarter_three_times_is_asked_what_is_asked_of_a_month():
    assert Target(Op.AT_LEAST, Decimal(2), "次", Per.MONTH).over_its_period.value == 6
    assert Target(Op.AT_LEAST, Decimal(2), "次", Per.QUARTER).over_its_period.value == 2
    assert Target(Op.AT_LEAST, Decimal(95), "%", Per.MONTH).over_its_period.value == 95
