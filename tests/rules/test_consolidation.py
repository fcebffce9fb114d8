import pytest

from tracker.rules.consolidation import (
    LONGEST_NOTE,
    beginning_of_note,
    check_note,
    gap_in_note,
    is_in,
    named,
    note_given,
    slip_in_note,
)
from tracker.rules.refusals import Invalid
from tracker.rules.reports import ReportState


@pytest.mark.parametrize(
    ("state", "counts"),
    [
        (None, False),
        (ReportState.DRAFT, False),
        (ReportState.IN_UNIT, False),
        (ReportState.RETURNED, False),
        (ReportState.SUBMITTED, True),
        (ReportState.ACCEPTED, True),
    ],
)
def test_a_share_is_in_once_it_is_handed_in_and_not_given_back(state, counts):
    assert is_in(state) is counts


def test_with_all_shares_in_there_is_nothing_to_say():
    assert beginning_of_note([]) == ""
    check_note([], "")


def test_what_is_missing_is_named_and_explained():
    missing = ["县财政局", "东镇"]
    assert beginning_of_note(missing) == "县财政局、东镇尚未填报："
    with pytest.raises(Invalid, match="县财政局、东镇尚未填报，请在“缺报说明”中写明原因"):
        check_note(missing, " ")
    check_note(missing, "县财政局、东镇尚未填报：系统培训未完成，4月10日前补报。")


def test_a_note_that_nobody_has_finished_says_nothing():
    assert note_given("县财政局、东镇尚未填报： \n") == ""
    assert gap_in_note(["东镇"], "县财政局、东镇尚未填报：") is not None


def test_of_very_many_units_the_first_are_named():
    missing = [f"第{number}镇" for number in range(30)]
    assert named(missing).endswith("第19镇等 30 个单位")
    assert len(beginning_of_note(missing)) < LONGEST_NOTE


def test_a_note_has_its_limit():
    assert slip_in_note("字" * LONGEST_NOTE) is None
    assert slip_in_note("字" * (LONGEST_NOTE + 1)) == "“缺报说明”最多 500 字，现有 501 字。"
