from dataclasses import replace
from datetime import date

import pytest

from tracker.rules import findings as rules
from tracker.rules.findings import FindingAct, FindingState, Known
from tracker.rules.lights import Light
from tracker.rules.quarters import Quarter
from tracker.rules.refusals import Forbidden, Invalid, Refusal

Q1, Q2 = Quarter(2025, 1), Quarter(2025, 2)
DUE = date(2025, 4, 18)
FIRST = Known(1, 7, "及时", "深化决策公开", Q1, date(2025, 4, 3), date(2025, 4, 4), DUE, FindingState.PLANNED)


def again(**other):
    """The same found in the next quarter, but for what is named."""
    return replace(FIRST, id=2, quarter=Q2, found_on=date(2025, 7, 3), notified_on=None, **other)


@pytest.mark.parametrize(("left", "quarter"), [(True, Quarter(2026, 1)), (False, Quarter(2026, 2))])
def test_the_same_counts_as_found_again_within_four_quarters(left, quarter):
    assert rules.is_repeat(replace(again(), quarter=quarter), FIRST) is left


@pytest.mark.parametrize("other", [{"unit_id": 8}, {"criterion": "全面"}, {"kind": "强化监督"}, {"unfounded": True}])
def test_another_unit_criterion_or_kind_repeats_nothing(other):
    assert rules.is_repeat(again(), FIRST)
    assert not rules.is_repeat(again(**other), FIRST)


def test_what_was_not_upheld_is_not_repeated():
    assert not rules.is_repeat(again(), replace(FIRST, unfounded=True))


def test_what_one_check_finds_twice_is_no_repetition_until_the_unit_was_told():
    same_check = replace(FIRST, id=2)
    assert not rules.is_repeat(same_check, FIRST)
    assert rules.is_repeat(replace(same_check, found_on=date(2025, 4, 20)), FIRST)
    assert not rules.is_repeat(FIRST, again())


def test_each_finding_names_those_that_it_repeats():
    third = replace(again(), id=3, quarter=Quarter(2025, 3))
    assert rules.repeated([third, again(), FIRST]) == {2: [1], 3: [1, 2]}


def test_a_rectification_is_overdue_from_the_day_after_its_day():
    assert FIRST.days_overdue(DUE) == 0
    assert FIRST.lit(date(2025, 4, 21)).text == "● 红 整改逾期 3 天"
    handed_in = replace(FIRST, state=FindingState.SUBMITTED, submitted_on=date(2025, 4, 17))
    assert handed_in.lit(date(2025, 4, 21)).reason == "整改逾期 3 天，结果已于4月17日报送"


@pytest.mark.parametrize("state", [FindingState.OPEN, FindingState.CLOSED])
def test_what_nobody_was_told_of_or_is_closed_is_never_overdue(state):
    assert replace(FIRST, state=state).days_overdue(date(2026, 1, 1)) == 0


def test_a_closed_one_is_blue_and_one_that_was_not_upheld_grey():
    closed = replace(FIRST, state=FindingState.CLOSED)
    assert closed.lit(DUE).light is Light.BLUE
    assert replace(closed, unfounded=True).lit(DUE).text == "○ 灰 不予认定"


def test_the_most_pressing_stand_first():
    today = date(2025, 7, 10)
    closed = replace(FIRST, id=9, state=FindingState.CLOSED)
    ahead = again(due=date(2025, 7, 30))
    plain = replace(ahead, id=5, due=date(2025, 7, 20))
    ordered = sorted([closed, plain, ahead, FIRST], key=lambda each: rules.pressure(each, today, repeat=each is ahead))
    assert [each.id for each in ordered] == [1, 2, 5, 9]


@pytest.mark.parametrize(
    ("state", "act"),
    [
        (FindingState.OPEN, FindingAct.PLAN),
        (FindingState.NOTIFIED, FindingAct.SUBMIT),
        (FindingState.NOTIFIED, FindingAct.EDIT),
        (FindingState.PLANNED, FindingAct.CLOSE),
        (FindingState.CLOSED, FindingAct.OBJECT),
    ],
)
def test_no_step_is_skipped(state, act):
    with pytest.raises(Refusal, match=f"目前为“{state.label}”，不能办理“{act.label}”"):
        rules.state_after(state, act)


def test_who_may_not_verify_or_answer_is_told_why():
    with pytest.raises(Forbidden, match="不能由本单位人员"):
        rules.check_apart(7, [6, 7])
    with pytest.raises(Forbidden, match="不能由本人核查"):
        rules.check_verifier(3, 3)
    with pytest.raises(Forbidden, match="须由其他人员答复"):
        rules.check_answerer(3, 3)


def test_an_objection_has_thirty_days():
    rules.check_in_time_to_object(date(2025, 4, 4), date(2025, 5, 4))
    with pytest.raises(Refusal, match="2025年5月4日届满"):
        rules.check_in_time_to_object(date(2025, 4, 4), date(2025, 5, 5))


def test_a_text_is_there_and_not_too_long():
    assert rules.check_text("整改措施", " 补齐 ") == "补齐"
    with pytest.raises(Invalid, match="请填写“整改措施”"):
        rules.check_text("整改措施", " ")
    with pytest.raises(Invalid, match="最多 2000 字，现有 2001 字"):
        rules.check_text("整改措施", "字" * 2001)


def test_a_number_reads_as_the_standard_says():
    assert rules.number_of(2025, 3) == "整改〔2025〕3号"
