from datetime import date

import pytest

from tracker.rules.instructions import (
    Order,
    ShareFacts,
    ShareState,
    Shown,
    StepKind,
    check_answer,
    check_not_own,
    check_settling,
    gaps,
    latest,
    light_of,
    pressure,
    state_of,
    tally,
)
from tracker.rules.lights import Light
from tracker.rules.refusals import Forbidden, Invalid, Refusal

DUE = date(2025, 4, 10)
TODAY = date(2025, 4, 3)


def share(state=ShareState.OPEN, due=DUE, unit=1) -> ShareFacts:
    return ShareFacts(unit, due, state)


@pytest.mark.parametrize(
    ("day", "light", "reason"),
    [
        (6, Light.GREEN, "待办"),
        (7, Light.YELLOW, "3 天后到期"),
        (10, Light.YELLOW, "今天到期"),
        (11, Light.RED, "逾期 1 天"),
    ],
)
def test_an_open_share_is_lit_by_its_day(day, light, reason):
    lit = share().light(date(2025, 4, day))
    assert (lit.light, lit.reason) == (light, reason)


def test_an_answer_takes_the_red_light_away_and_only_closing_makes_it_blue():
    late = date(2025, 5, 1)
    assert share(ShareState.ANSWERED).light(late).light is Light.GREEN
    assert share(ShareState.CLOSED).light(late).light is Light.BLUE


def test_an_instruction_is_as_far_as_the_last_of_its_units():
    assert state_of([share(ShareState.CLOSED), share(ShareState.ANSWERED)]) is ShareState.ANSWERED
    assert state_of([share(ShareState.CLOSED), share()]) is ShareState.OPEN
    assert light_of([share(ShareState.ANSWERED), share()], DUE).light is Light.YELLOW
    assert light_of([share(ShareState.CLOSED)], DUE).light is Light.BLUE


def test_what_is_open_comes_first_and_the_worst_of_it_before_the_others():
    red, green = [share(due=date(2025, 4, 1))], [share(due=date(2025, 9, 1))]
    answered, closed = [share(ShareState.ANSWERED, date(2025, 1, 1))], [share(ShareState.CLOSED, date(2025, 1, 1))]
    assert sorted([closed, green, answered, red], key=lambda each: pressure(each, TODAY)) == [
        red,
        green,
        answered,
        closed,
    ]


def test_overdue_counts_among_the_open_too():
    found = [[share(due=date(2025, 4, 1))], [share()], [share(ShareState.CLOSED)]]
    assert tally(found, TODAY) == {Shown.OPEN: 2, Shown.OVERDUE: 1, Shown.CLOSED: 1}


@pytest.mark.parametrize(
    ("order", "field", "said"),
    [
        (Order(" ", DUE, (1,)), "text", "请填写批示内容"),
        (Order("字" * 501, DUE, (1,)), "text", "最多 500 字，现有 501 字"),
        (Order("办", None, (1,)), "due", "请填写办理期限"),
        (Order("办", date(2025, 4, 2), (1,)), "due", "不能早于今天"),
        (Order("办", date(2026, 4, 4), (1,)), "due", "最长一年"),
        (Order("办", DUE, ()), "units", "至少选择一个"),
    ],
)
def test_what_cannot_be_given_is_named_at_its_field(order, field, said):
    found = gaps(order, TODAY)
    assert list(found) == [field]
    assert said in found[field]


def test_the_first_and_the_last_day_can_be_set():
    for due in (TODAY, date(2026, 4, 3)):
        assert gaps(Order("办", due, (1,)), TODAY) == {}
    assert latest(date(2028, 2, 29)) == date(2029, 2, 28)


@pytest.mark.parametrize("text", ["", "  ", "字" * 2001])
def test_an_answer_has_words_and_an_end(text):
    with pytest.raises(Invalid):
        check_answer(ShareState.OPEN, text)


def test_what_is_closed_takes_no_answer():
    check_answer(ShareState.ANSWERED, "补充说明。")
    with pytest.raises(Refusal, match="已办结"):
        check_answer(ShareState.CLOSED, "补充说明。")


@pytest.mark.parametrize(
    ("kind", "state", "text"),
    [
        (StepKind.RETURN, ShareState.ANSWERED, ""),
        (StepKind.RETURN, ShareState.OPEN, "重办。"),
        (StepKind.CLOSE, ShareState.OPEN, ""),
        (StepKind.CLOSE, ShareState.CLOSED, "好。"),
        (StepKind.CLOSE, ShareState.ANSWERED, "字" * 501),
    ],
)
def test_settling_has_its_order_and_its_reasons(kind, state, text):
    with pytest.raises(Refusal):
        check_settling(kind, state, text)


def test_settling_that_may_be_done():
    check_settling(StepKind.CLOSE, ShareState.ANSWERED, "")
    check_settling(StepKind.CLOSE, ShareState.OPEN, "已当面汇报。")
    check_settling(StepKind.RETURN, ShareState.CLOSED, "情况有变，请重新办理。")


def test_nobody_settles_an_answer_of_their_own():
    check_not_own(1, 2)
    check_not_own(None, None)
    with pytest.raises(Forbidden):
        check_not_own(1, 1)
