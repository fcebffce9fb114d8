from datetime import date, timedelta

import pytest

from tracker.rules.duties import DutyKind
from tracker.rules.extensions import (
    Application,
    ExtensionLevel,
    ExtensionState,
    Moved,
    check,
    check_extendable,
    check_opinion,
    first_state,
    gaps,
    is_late,
    latest,
    levels_asked,
    state_after,
    told,
    waiting_states,
    waits_for,
)
from tracker.rules.refusals import Invalid, Refusal
from tracker.rules.reports import Verdict

DUE, TODAY = date(2025, 8, 31), date(2025, 4, 3)
UNIT, OFFICE, LEADER = ExtensionLevel
APPLIED, UNIT_APPROVED, OFFICE_AGREED, APPROVED, REFUSED, WITHDRAWN = ExtensionState


def asked(new_due=date(2025, 10, 31), reason="专栏改版推迟。", progress="已完成招标。"):
    return Application(new_due, reason, progress)


@pytest.mark.parametrize(
    ("levels", "late", "expected"),
    [
        (1, False, [OFFICE]),
        (2, False, [OFFICE, LEADER]),
        (3, False, [UNIT, OFFICE, LEADER]),
        (1, True, [OFFICE, LEADER]),
        (2, True, [OFFICE, LEADER]),
        (3, True, [UNIT, OFFICE, LEADER]),
    ],
)
def test_each_level_that_is_asked_leads_to_the_next(levels, late, expected):
    state, walked = first_state(levels, head_decides=True), []
    while level := waits_for(state, levels):
        walked.append(level)
        state = state_after(level, Verdict.ACCEPT, levels, late=late)
    assert walked == levels_asked(levels, late=late) == expected
    assert state is APPROVED


@pytest.mark.parametrize("level", list(ExtensionLevel))
def test_one_refusal_ends_it(level):
    assert state_after(level, Verdict.RETURN, 3, late=False) is REFUSED


@pytest.mark.parametrize(
    ("levels", "head_decides", "expected"), [(1, False, APPLIED), (2, False, APPLIED), (3, False, UNIT_APPROVED)]
)
def test_a_level_at_which_nobody_can_decide_is_passed_over(levels, head_decides, expected):
    assert first_state(levels, head_decides=head_decides) is expected


@pytest.mark.parametrize(
    ("state", "levels", "level"),
    [(OFFICE_AGREED, 1, LEADER), (UNIT_APPROVED, 1, OFFICE), (APPLIED, 3, UNIT), (APPLIED, 2, OFFICE)],
)
def test_a_change_of_the_rules_leaves_no_application_stuck(state, levels, level):
    assert waits_for(state, levels) is level


def test_each_level_is_shown_what_waits_for_it_alone():
    assert waiting_states(OFFICE, 3) == [UNIT_APPROVED]
    assert waiting_states(OFFICE, 1) == [APPLIED, UNIT_APPROVED]
    assert waiting_states(UNIT, 2) == []
    assert waiting_states(LEADER, 1) == [OFFICE_AGREED]


def test_what_is_decided_waits_for_nobody():
    assert {waits_for(state, 3) for state in (APPROVED, REFUSED, WITHDRAWN)} == {None}
    assert [state for state in ExtensionState if state.is_open] == [APPLIED, UNIT_APPROVED, OFFICE_AGREED]


def test_how_it_stands_is_said_as_an_office_says_it():
    said = [told(state, 3) for state in ExtensionState]
    assert said == ["待单位负责人审批", "待领导小组办公室审批", "待领导审批", "已批准", "未批准", "已撤回"]


@pytest.mark.parametrize(
    ("kind", "due", "done", "sentence"),
    [
        (DutyKind.QUARTER_REPORT, DUE, False, "季度填报按季报送"),
        (DutyKind.UNDETERMINED, None, False, "时限尚未确定"),
        (DutyKind.MILESTONE, DUE, True, "已登记完成"),
    ],
)
def test_what_has_no_date_to_be_moved_is_refused(kind, due, done, sentence):
    with pytest.raises(Refusal, match=sentence):
        check_extendable(kind, due, done=done)


@pytest.mark.parametrize("kind", [DutyKind.MILESTONE, DutyKind.RECURRING, DutyKind.COUNT])
def test_what_the_plan_dates_can_be_extended(kind):
    check_extendable(kind, DUE, done=False)


def test_the_last_day_is_still_in_time():
    assert not is_late(DUE, DUE)
    assert is_late(DUE, DUE + timedelta(days=1))


@pytest.mark.parametrize(
    ("application", "field", "sentence"),
    [
        (asked(reason=" "), "reason", "请填写“延期理由”"),
        (asked(progress=""), "progress", "请填写“目前进展”"),
        (asked(reason="字" * 2001), "reason", "最多 2000 字，现有 2001 字"),
        (asked(None), "new_due", "请填写拟延至的日期"),
        (asked(DUE), "new_due", "应晚于现行时限2025年8月31日"),
        (asked(date(2027, 9, 1)), "new_due", "最迟可延至2027年8月31日"),
    ],
)
def test_an_application_says_what_is_amiss(application, field, sentence):
    assert sentence in gaps(application, DUE, TODAY)[field]
    with pytest.raises(Invalid, match=sentence):
        check(application, DUE, TODAY)


@pytest.mark.parametrize("new_due", [DUE + timedelta(days=1), date(2027, 8, 31)])
def test_any_later_date_within_two_years_can_be_asked_for(new_due):
    check(asked(new_due), DUE, TODAY)


def test_a_date_that_has_passed_already_helps_nobody():
    assert "不能早于今天" in gaps(asked(date(2025, 9, 30)), DUE, date(2025, 10, 8))["new_due"]
    assert gaps(asked(date(2025, 10, 8)), DUE, date(2025, 10, 8)) == {}


def test_two_years_after_a_leap_day_it_is_the_28th():
    assert latest(date(2024, 2, 29)) == date(2026, 2, 28)
    assert latest(date.max) == date.max


def test_a_refusal_says_why_and_a_consent_need_not():
    check_opinion(Verdict.ACCEPT, "")
    with pytest.raises(Invalid, match="请写明理由"):
        check_opinion(Verdict.RETURN, " ")
    with pytest.raises(Invalid, match="最多 2000 字"):
        check_opinion(Verdict.ACCEPT, "字" * 2001)


def test_both_dates_are_told_with_the_year_only_where_it_changes():
    assert Moved(date(2025, 3, 31), date(2025, 5, 31)).words == "原定 3月31日，延至 5月31日"
    assert Moved(date(2025, 11, 30), date(2026, 3, 1)).words == "原定 11月30日，延至 2026年3月1日"
