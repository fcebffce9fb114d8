from datetime import date

import pytest

from tracker.rules import inspections as rules
from tracker.rules.calendar import WorkCalendar
from tracker.rules.inspection_notice import drawn_words
from tracker.rules.inspections import (
    Answer,
    Checker,
    Dates,
    InspectionAct,
    InspectionState,
    Part,
    Reach,
    Stand,
    Verdict,
)
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


def test_the_worst_verdict_speaks_for_the_unit():
    assert rules.worst([Verdict.MET, Verdict.NOT_MET, Verdict.MOSTLY_MET]) is Verdict.NOT_MET
    assert rules.worst([Verdict.NOT_APPLICABLE, Verdict.MET]) is Verdict.MET
    assert rules.worst([]) is None


def test_what_is_not_met_wants_a_fact():
    answers = [("甲", Answer(Verdict.NOT_MET)), ("乙", Answer(Verdict.MET)), ("丙", Answer(Verdict.MOSTLY_MET, "有。"))]
    assert rules.missing(answers) == ["甲"]
    with pytest.raises(Refusal, match="2 处没有检查结论：丁、戊"):
        rules.check_complete(["丁", "戊"], [])
    with pytest.raises(Refusal, match="没有写明事实：甲"):
        rules.check_complete([], ["甲"])


SENT = {"facts_on": DAY, "answer_due": date(2025, 4, 14)}


@pytest.mark.parametrize(
    ("part", "stand", "settled"),
    [
        (Part(), Stand.TOLD, False),
        (Part(received_on=DAY), Stand.RECEIVED, False),
        (Part(self_checked_on=DAY), Stand.SELF_CHECKED, False),
        (Part(results=1), Stand.CHECKED, False),
        (Part(**SENT), Stand.FACTS_SENT, False),
        (Part(**SENT, confirmed_on=DAY), Stand.CONFIRMED, True),
        (Part(**SENT, objected_on=DAY), Stand.OBJECTED, False),
        (Part(**SENT, objected_on=DAY, answered_on=DAY), Stand.CONFIRMED, True),
        (Part(excused=True), Stand.EXCUSED, True),
    ],
)
def test_where_a_unit_stands_follows_from_its_dates(part, stand, settled):
    assert part.stand is stand
    assert part.is_settled(date(2025, 4, 14)) is settled


def test_a_unit_that_is_silent_in_its_days_has_agreed():
    silent = Part(**SENT)
    assert silent.is_settled(date(2025, 4, 15))
    assert silent.told(date(2025, 4, 15)) == "期限内未提出异议"
    with pytest.raises(Refusal, match="已于2025年4月14日届满"):
        rules.check_answering(silent, date(2025, 4, 15))


def test_an_earlier_day_knows_nothing_of_what_came_after():
    assert Part(**SENT, confirmed_on=date(2025, 4, 9)).on(date(2025, 4, 8)).stand is Stand.FACTS_SENT


def test_a_cell_says_which_place_it_is():
    assert rules.place_of(rules.cell_of(12, "渠道:畅通", by_unit=True)) == (12, "渠道:畅通")
    assert rules.cell_of(None, "及时", by_unit=False) == "check:0:及时"


def test_how_units_were_chosen_is_said_so_that_it_can_be_done_again():
    told = drawn_words(Reach.SAMPLE, 4, 12, "2025", 2, by_group=True)
    assert told == "从 12 个承担任务的单位中按单位组分层随机抽取 4 个，抽取种子“2025”（第 2 次抽取）"


def test_a_number_reads_as_the_standard_says():
    assert rules.number_of(2025, 3) == "检查〔2025〕3号"
