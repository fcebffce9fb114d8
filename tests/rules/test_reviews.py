import pytest

from tracker.rules.permissions import Role, can
from tracker.rules.refusals import Forbidden, Invalid, Refusal
from tracker.rules.reports import ReportState, ReviewLevel, Verdict
from tracker.rules.reviews import (
    ACTIONS,
    LONGEST_REASON,
    MARKS,
    Mended,
    check_reviewer,
    check_turn,
    check_verdict,
    levels_asked,
    mended,
    state_after,
    state_handed_in,
    waiting_states,
    waits_for,
)

UNIT, OFFICE, LEADER = ReviewLevel


@pytest.mark.parametrize(("levels", "asked"), [(1, [OFFICE]), (2, [UNIT, OFFICE]), (3, [UNIT, OFFICE, LEADER])])
def test_the_levels_judge_in_their_order_until_the_last_accepts(levels, asked):
    state = state_handed_in(levels, by_head=False, headed=True)
    judged = []
    while level := waits_for(state):
        judged.append(level)
        state = state_after(level, Verdict.ACCEPT, levels)
    assert (levels_asked(levels), judged, state) == (asked, asked, ReportState.ACCEPTED)


@pytest.mark.parametrize("level", ReviewLevel)
@pytest.mark.parametrize("levels", [1, 2, 3])
def test_a_return_goes_to_the_handler_from_every_level(level, levels):
    assert state_after(level, Verdict.RETURN, levels) is ReportState.RETURNED


@pytest.mark.parametrize("levels", [2, 3])
def test_what_the_head_hands_in_is_the_units_word_already(levels):
    assert state_handed_in(levels, by_head=True, headed=True) is ReportState.UNIT_APPROVED


@pytest.mark.parametrize("levels", [2, 3])
def test_a_unit_without_a_head_reports_straight_to_the_office(levels):
    assert state_handed_in(levels, by_head=False, headed=False) is ReportState.SUBMITTED


def test_where_no_head_is_asked_a_heads_hand_in_is_like_any_other():
    assert state_handed_in(1, by_head=True, headed=True) is ReportState.SUBMITTED


def test_every_state_waits_for_one_level_or_for_none():
    waiting = [state for level in ReviewLevel for state in waiting_states(level)]
    assert len(waiting) == len(set(waiting))
    idle = set(ReportState) - set(waiting)
    assert idle == {ReportState.DRAFT, ReportState.RETURNED, ReportState.ACCEPTED}


@pytest.mark.parametrize("level", ReviewLevel)
@pytest.mark.parametrize("state", ReportState)
def test_a_level_judges_only_what_waits_for_it(state, level):
    if state in waiting_states(level):
        check_turn(state, level)
        return
    with pytest.raises(Refusal, match=state.label):
        check_turn(state, level)


def test_returning_wants_a_reason_of_some_size():
    check_verdict(Verdict.ACCEPT, "")
    check_verdict(Verdict.RETURN, "字" * LONGEST_REASON)
    with pytest.raises(Invalid, match="理由"):
        check_verdict(Verdict.RETURN, "  ")
    with pytest.raises(Invalid, match="现有 2001 字"):
        check_verdict(Verdict.RETURN, "字" * (LONGEST_REASON + 1))


def test_nobody_judges_what_they_handed_in_or_have_judged_before():
    check_reviewer(7, handed_in_by=5, judged_by=[6])
    check_reviewer(None, handed_in_by=None, judged_by=[None])
    with pytest.raises(Forbidden, match="本人提交"):
        check_reviewer(5, handed_in_by=5, judged_by=[])
    with pytest.raises(Forbidden, match="前一环节"):
        check_reviewer(6, handed_in_by=5, judged_by=[6])


def test_each_level_has_its_roles_and_no_administrator_any():
    judges = {level: {role for role in Role if can([role], ACTIONS[level])} for level in ReviewLevel}
    assert judges == {
        UNIT: {Role.UNIT_HEAD},
        OFFICE: {Role.GROUP_OFFICE},
        LEADER: {Role.GROUP_LEADER, Role.GROUP_DEPUTY},
    }


def test_of_the_marked_fields_it_is_told_which_were_mended():
    before = dict.fromkeys(MARKS, "原稿")
    found = mended(["evidence", "progress"], before, before | {"progress": "改稿", "problems": "新增"})
    assert found == [Mended("工作进展", True), Mended("佐证材料", False)]
