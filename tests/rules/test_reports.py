from datetime import date

import pytest

from tracker.rules.quarters import Quarter
from tracker.rules.refusals import Invalid, Refusal
from tracker.rules.reports import (
    LONGEST_TEXT,
    Collected,
    Filing,
    ProgressClass,
    ReportState,
    ReportText,
    check_done_day,
    check_lengths,
    check_open_to_writing,
    check_ready,
    collected,
    gaps,
    overlong,
)

TODAY = date(2025, 4, 3)


def test_all_that_is_missing_is_said_at_once():
    assert list(gaps(ReportText())) == ["progress", "progress_class"]
    assert gaps(ReportText("已开展。", progress_class=ProgressClass.AHEAD)) == {}


@pytest.mark.parametrize("kind", [ProgressClass.BEHIND, ProgressClass.OTHER])
def test_lagging_behind_wants_a_reason(kind):
    assert list(gaps(ReportText("已开展。", problems=" ", progress_class=kind))) == ["problems"]
    with pytest.raises(Invalid, match="存在问题"):
        check_ready(ReportText("已开展。", progress_class=kind))


def test_blanks_alone_are_no_progress():
    with pytest.raises(Invalid, match="工作进展"):
        check_ready(ReportText(" \n", progress_class=ProgressClass.AHEAD))


def test_a_text_may_be_as_long_as_the_limit_and_no_longer():
    check_lengths(ReportText("字" * LONGEST_TEXT))
    assert list(overlong(ReportText(achievements="字" * (LONGEST_TEXT + 1)))) == ["achievements"]
    with pytest.raises(Invalid, match="现有 2001 字"):
        check_lengths(ReportText(achievements="字" * (LONGEST_TEXT + 1)))


@pytest.mark.parametrize("state", sorted(set(ReportState) - {ReportState.DRAFT, ReportState.RETURNED}))
def test_what_is_handed_in_is_not_the_units_to_change(state):
    with pytest.raises(Refusal):
        check_open_to_writing(state)


@pytest.mark.parametrize("state", [ReportState.DRAFT, ReportState.RETURNED])
def test_a_draft_and_what_was_returned_are(state):
    check_open_to_writing(state)


def test_done_today_is_done_and_tomorrow_is_not():
    check_done_day("每季度", TODAY, Quarter(2025, 1), TODAY)
    with pytest.raises(Invalid, match="每季度.*不能晚于今天"):
        check_done_day("每季度", date(2025, 4, 4), Quarter(2025, 1), TODAY)


def test_a_day_of_two_years_before_is_a_slip_of_the_pen():
    check_done_day("每季度", date(2024, 12, 20), Quarter(2025, 1), TODAY)
    with pytest.raises(Invalid, match="核对年份"):
        check_done_day("每季度", date(202, 4, 1), Quarter(2025, 1), TODAY)


def test_the_sentence_says_what_is_owed_by_when():
    filing = Filing(9, 4, 1, date(2025, 4, 7))
    assert filing.sentence(date(2025, 4, 4)) == "本季度应填 9 项，已填 4 项，退回 1 项，截止 4月7日（还有 3 天）。"
    assert filing.sentence(date(2025, 4, 7)).endswith("截止 4月7日（今天截止）。")
    assert filing.sentence(date(2025, 4, 9)).endswith("截止 4月7日（已逾期 2 天）。")


def test_the_sentence_counts_what_has_not_changed():
    filing = Filing(9, 4, 0, None, unchanged=3)
    assert filing.sentence(TODAY) == "本季度应填 9 项，已填 4 项，其中无变化 3 项。"
    assert Filing(3, 3, 0, None, unchanged=1).sentence(TODAY) == "本季度应填 3 项，已全部填报，其中无变化 1 项。"


def test_the_sentence_leaves_out_what_is_not():
    assert Filing(3, 0, 0, date(2025, 4, 7)).sentence(TODAY) == "本季度应填 3 项，已填 0 项，截止 4月7日（还有 4 天）。"
    assert Filing(3, 3, 0, date(2025, 4, 7)).sentence(TODAY) == "本季度应填 3 项，已全部填报。"
    assert Filing(3, 1, 0, None, in_unit=2).sentence(TODAY) == "本季度应填 3 项，已填 1 项，待本单位审签 2 项。"
    assert Filing(0, 0, 0, None).sentence(TODAY) == "本季度没有需要填报的任务。"


@pytest.mark.parametrize(
    ("state", "handed_in", "collected_as"),
    [
        (None, False, Collected.MISSING),
        (ReportState.SUBMITTED, True, Collected.WAITING),
        (ReportState.UNIT_APPROVED, True, Collected.WAITING),
        (ReportState.RETURNED, True, Collected.RETURNED),
        (ReportState.ACCEPTED, True, Collected.ACCEPTED),
    ],
)
def test_the_office_counts_a_report_by_how_far_it_has_come(state, handed_in, collected_as):
    assert collected(state, handed_in=handed_in) is collected_as
