from datetime import date
from decimal import Decimal

import pytest

from tracker.rules.attainment import Attained, Attainment, Reached, UnitAttainment, attained, percent
from tracker.rules.figures import Figure
from tracker.rules.quarters import Quarter
from tracker.rules.targets import Op, Per, Target

Q1, Q2, Q3, Q4 = (Quarter(2025, number) for number in (1, 2, 3, 4))
SPRING, NEXT_YEAR = date(2025, 4, 3), date(2026, 1, 8)
MET, NOT_YET, MISSED = Attained.MET, Attained.NOT_YET, Attained.MISSED


def times(op=Op.AT_LEAST, value=4, per=Per.YEAR) -> Target:
    return Target(op, Decimal(value), "次", per)


def of_units(target: Target, *units: dict[Quarter, int], as_of=SPRING, asked=True) -> Attainment:
    told = [
        {quarter: Reached.of(target, quarter, Figure(Decimal(value)), as_of) for quarter, value in unit.items()}
        for unit in units
    ]
    return Attainment(target, [UnitAttainment(n, n == 0, asked or n == 0, one) for n, one in enumerate(told)])


def test_a_count_of_the_year_is_missed_when_the_year_is_over():
    assert attained(times(), Decimal(3), Q1, SPRING) is NOT_YET
    assert attained(times(), Decimal(3), Q4, date(2025, 12, 31)) is NOT_YET
    assert attained(times(), Decimal(3), Q4, NEXT_YEAR) is MISSED
    assert attained(times(), Decimal(4), Q1, SPRING) is MET


def test_what_the_first_quarter_said_stays_unfinished_when_the_year_is_over():
    assert attained(times(), Decimal(3), Q1, NEXT_YEAR) is NOT_YET


def test_a_count_of_the_quarter_is_missed_when_the_quarter_is_over():
    assert attained(times(per=Per.QUARTER), Decimal(3), Q1, date(2025, 3, 31)) is NOT_YET
    assert attained(times(per=Per.QUARTER), Decimal(3), Q1, SPRING) is MISSED


def test_a_monthly_count_is_asked_three_times_of_a_quarter():
    assert attained(times(value=1, per=Per.MONTH), Decimal(2), Q1, SPRING) is MISSED
    assert attained(times(value=1, per=Per.MONTH), Decimal(3), Q1, SPRING) is MET
    assert percent(times(value=1, per=Per.MONTH), Decimal(3)) == 100


def test_what_may_not_be_exceeded_is_kept_until_it_is_exceeded():
    assert [attained(times(Op.AT_MOST), Decimal(n), Q1, SPRING) for n in (0, 4, 5)] == [MET, MET, MISSED]
    assert percent(times(Op.AT_MOST), Decimal(2)) is None


def test_an_exact_count_that_went_too_far_does_not_come_back():
    assert [attained(times(Op.EXACTLY), Decimal(n), Q1, SPRING) for n in (3, 4, 5)] == [NOT_YET, MET, MISSED]


def test_a_rate_that_is_too_high_may_come_down():
    complaints = Target(Op.AT_MOST, Decimal(5), "%")
    assert attained(complaints, Decimal(6), Q1, SPRING) is NOT_YET
    assert attained(complaints, Decimal(6), Q4, NEXT_YEAR) is MISSED


@pytest.mark.parametrize(
    ("op", "words"),
    [(Op.AT_LEAST, ["达到", "尚未达到", "未达到"]), (Op.AT_MOST, ["未超过", "目前超过", "已超过"])],
)
def test_a_cap_is_told_in_other_words_than_an_aim(op, words):
    assert [state.label(times(op)) for state in (MET, NOT_YET, MISSED)] == words


def test_more_than_was_asked_is_more_than_all():
    assert percent(times(), Decimal(6)) == 150
    assert percent(times(value=0), Decimal(6)) is None


def test_where_nothing_was_due_there_is_nothing_to_judge():
    reached = Reached.of(Target(Op.AT_LEAST, Decimal(95), "%"), Q1, Figure(None), SPRING)
    assert (reached.attained, reached.percent) == (None, None)


def test_each_quarter_stands_by_the_last_figure_of_its_period():
    [unit] = of_units(times(), {Q1: 1, Q3: 4}).units
    assert [unit.at(times(), quarter).figure.value for quarter in (Q1, Q2, Q3, Q4)] == [1, 1, 4, 4]
    quarterly = times(per=Per.QUARTER)
    [unit] = of_units(quarterly, {Q1: 4}).units
    assert unit.at(quarterly, Q2) is None


def test_a_target_of_each_unit_is_met_when_each_has_met_it():
    two = of_units(times(value=1), {Q1: 1}, {Q2: 1})
    assert [(two.met(quarter), two.attained(quarter)) for quarter in (Q1, Q2)] == [(1, NOT_YET), (2, MET)]


def test_one_unit_that_misses_it_misses_it_for_all():
    assert of_units(times(per=Per.QUARTER), {Q1: 4}, {Q1: 3}).attained(Q1) is MISSED


def test_what_is_asked_of_the_lead_is_the_leads_alone():
    led = of_units(times(), {Q1: 4}, {Q1: 1}, asked=False)
    assert (led.met(Q1), led.attained(Q1)) == (1, MET)


def test_before_any_figure_nothing_is_said():
    assert of_units(times(), {}).attained(Q1) is None
    assert not of_units(times(), {}).at_risk(Q1)


@pytest.mark.parametrize(
    ("value", "quarter", "reached", "behind"), [(12, Q1, 2, True), (12, Q1, 3, False), (1, Q2, 0, False)]
)
def test_a_count_is_at_risk_when_it_lags_behind_the_year(value, quarter, reached, behind):
    assert of_units(times(value=value), {quarter: reached}).at_risk(quarter) is behind


def test_a_target_missed_and_a_rate_that_is_short_are_at_risk():
    assert of_units(times(Op.AT_MOST), {Q1: 5}).at_risk(Q1)
    assert of_units(Target(Op.AT_LEAST, Decimal(95), "%"), {Q1: 90}).at_risk(Q1)
