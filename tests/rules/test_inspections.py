from datetime import date

import pytest

from tracker.rules import inspections as rules
from tracker.rules.calendar import WorkCalendar
from tracker.rules.inspection_notice import drawn_words
from tracker.rules.inspections import Checker, Dates, InspectionAct, InspectionState, Reach
from tracker.rules.refusals import Forbidden, Invalid, Refusal

DAY = date(2025, 4, 7)


def test_it_goes_forward_from_plan_to_publication():
    state = InspectionState.PLANNED
    for act in (
        InspectionAct.NOTIFY,
        InspectionAct.SELF_CHECK,
        InspectionAct.RECORD,
        InspectionAct.CONCLUDE,
        InspectionAct.PUBLISH,
    ):
        state = rules.state_after(state, act)
    assert state is InspectionState.PUBLISHED


def test_a_late_self_check_brings_nobody_back_from_the_check():
    assert rules.state_after(InspectionState.ON_SITE, InspectionAct.SELF_CHECK) is InspectionState.ON_SITE


@pytest.mark.parametrize("state", [InspectionState.NOTIFIED, InspectionState.ON_SITE, InspectionState.PUBLISHED])
def test_what_was_notified_is_planned_no_more(state):
    with pytest.raises(Refusal, match="检查通知已发出，检查内容和被检查单位不再改动"):
        rules.state_after(state, InspectionAct.EDIT)


@pytest.mark.parametrize("state", [InspectionState.ON_SITE, InspectionState.CONCLUDED, InspectionState.CANCELLED])
def test_what_was_begun_is_not_cancelled(state):
    assert not rules.may_follow(state, InspectionAct.CANCEL)


def test_nobody_checks_the_own_unit():
    rules.check_apart(1, [2, 3])
    with pytest.raises(Forbidden, match="不得检查本单位"):
        rules.check_apart(2, [2, 3])


def test_checkers_take_turns_and_never_come_to_their_own_unit():
    team = [Checker(7, frozenset({1})), Checker(8, frozenset())]
    assert rules.assigned([1, 2, 3, 4], team) == {1: 8, 2: 7, 3: 7, 4: 8}
    assert rules.assigned([1], team[:1]) == {1: None}


def test_visits_are_spread_over_the_working_days():
    dates = Dates(date(2025, 4, 4), date(2025, 4, 9), None)  # a Friday to a Wednesday
    days = rules.visit_days(4, dates, WorkCalendar())
    assert [day.day for day in days] == [4, 7, 8, 9]
    assert rules.visit_days(1, Dates(date(2025, 4, 5), date(2025, 4, 6), None), WorkCalendar()) == [date(2025, 4, 5)]


@pytest.mark.parametrize(
    ("dates", "sentence"),
    [
        (Dates(DAY, date(2025, 4, 6), None), "早于开始日期"),
        (Dates(DAY, date(2027, 4, 6), None), "最长 366 天"),
        (Dates(DAY, DAY, date(2025, 4, 8)), "晚于检查结束日期"),
    ],
)
def test_days_in_the_wrong_order_are_named(dates, sentence):
    with pytest.raises(Invalid, match=sentence):
        rules.check_dates(dates)


def test_criteria_are_taken_once_and_in_their_order():
    assert rules.check_criteria([" 及时", "渠道畅通", "及时", ""]) == ("及时", "渠道畅通")
    for wrong in ([], ["字" * 51], [str(number) for number in range(13)]):
        with pytest.raises(Invalid):
            rules.check_criteria(wrong)


def test_how_units_were_chosen_is_said_so_that_it_can_be_done_again():
    told = drawn_words(Reach.SAMPLE, 4, 12, "2025", 2, by_group=True)
    assert told == "从 12 个承担任务的单位中按单位组分层随机抽取 4 个，抽取号码“2025”（第 2 次抽取）"


def test_a_number_reads_as_the_standard_says():
    assert rules.number_of(2025, 3) == "检查〔2025〕3号"
