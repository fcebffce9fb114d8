from dataclasses import replace
from datetime import date

import pytest

from tests.sealed import FINDING, SHARES, SNAPSHOT
from tracker.rules.closing import (
    LONGEST_REASON,
    MOST_SHARES,
    About,
    Lack,
    QuarterState,
    check_as_of,
    check_may_seal,
    check_reason,
    check_shares,
    lacking_instructions,
    lacking_rectifications,
    lacking_reports,
    sealed_sentence,
    state_of,
)
from tracker.rules.quarters import Quarter
from tracker.rules.refusals import Forbidden, Invalid, Refusal
from tracker.rules.reports import ReportState

Q1 = Quarter(2025, 1)


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2025, 2, 1), QuarterState.OPEN),
        (date(2025, 3, 19), QuarterState.OPEN),
        (date(2025, 3, 20), QuarterState.COLLECTING),
        (date(2025, 4, 7), QuarterState.COLLECTING),
        (date(2025, 4, 8), QuarterState.CHECKING),
    ],
)
def test_a_quarter_goes_by_the_calendar_until_it_is_sealed(day, state):
    assert state_of(Q1, date(2025, 4, 7), day, sealed=False) is state
    assert state_of(Q1, date(2025, 4, 7), day, sealed=True) is QuarterState.SEALED


def test_without_reports_the_quarters_own_end_counts():
    assert state_of(Q1, None, date(2025, 4, 1), sealed=False) is QuarterState.CHECKING


def test_the_sealed_day_lies_between_the_quarters_end_and_today():
    check_as_of(Q1, date(2025, 3, 31), date(2025, 4, 25))
    check_as_of(Q1, date(2025, 4, 25), date(2025, 4, 25))
    for day in (date(2025, 3, 30), date(2025, 4, 26)):
        with pytest.raises(Invalid, match="截至日期"):
            check_as_of(Q1, day, date(2025, 4, 25))
    with pytest.raises(Refusal, match="请在2025年3月31日之后关账"):
        check_as_of(Q1, date(2025, 3, 31), date(2025, 3, 31))


def test_a_leader_may_always_close_and_the_office_where_the_rule_lets_it():
    check_may_seal(1, leads=False)
    check_may_seal(2, leads=True)
    with pytest.raises(Forbidden):
        check_may_seal(2, leads=False)


def test_a_correction_needs_a_reason_of_a_length():
    assert check_reason(" 数据有误 ") == "数据有误"
    for reason, says in ((" ", "请填写"), ("字" * (LONGEST_REASON + 1), "最多 500 字")):
        with pytest.raises(Invalid, match=says):
            check_reason(reason)


def test_and_so_many_reports():
    check_shares([1])
    with pytest.raises(Invalid, match="请选择"):
        check_shares([])
    with pytest.raises(Invalid, match="最多更正 100 份"):
        check_shares([1] * (MOST_SHARES + 1))


@pytest.mark.parametrize(
    ("state", "lack"),
    [
        (None, Lack.NOT_IN),
        (ReportState.SUBMITTED, Lack.NOT_REVIEWED),
        (ReportState.OFFICE_AGREED, Lack.NOT_REVIEWED),
        (ReportState.RETURNED, Lack.RETURNED),
        (ReportState.ACCEPTED, None),
    ],
)
def test_what_a_report_lacks(state, lack):
    found = replace(SNAPSHOT, shares=(replace(SHARES[0], report_state=state),))
    told = [(each.lack, each.about, each.id, each.unit, each.what) for each in lacking_reports(found)]
    assert told == ([] if lack is None else [(lack, About.ITEM, 11, "县司法局", "第1项 预公开重大行政决策草案")])


def test_what_a_finding_lacks():
    late, settled = replace(FINDING, id=1, days_overdue=3), replace(FINDING, id=3)
    untold = replace(FINDING, id=2, notified_on=None, number=None)
    found = lacking_rectifications(replace(SNAPSHOT, findings=(late, untold, settled)))
    assert [(each.lack, each.id) for each in found] == [(Lack.RECTIFICATIONS, 1), (Lack.NOT_NOTIFIED, 2)]


def test_an_instruction_lacks_something_until_every_unit_is_through():
    given = replace(SNAPSHOT.instructions[0], id=7)
    for closed, number in ((0, 1), (1, 0)):
        found = lacking_instructions(replace(SNAPSHOT, instructions=(replace(given, closed=closed),)))
        assert len(list(found)) == number


def test_the_refusal_names_quarter_day_and_the_way_out():
    said = sealed_sentence(Q1, date(2025, 4, 25))
    assert "2025年第一季度已于2025年4月25日封存" in said
    assert "未作任何改动" in said
    assert "办理更正" in said


def test_every_lack_says_what_closing_now_makes_of_it():
    assert all(lack.label and lack.effect.endswith("。") for lack in Lack)
