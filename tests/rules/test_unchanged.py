from dataclasses import replace
from decimal import Decimal

import pytest

from tracker.rules.quarters import Quarter
from tracker.rules.reports import ProgressClass, ReportState
from tracker.rules.targets import Op, Per, Target
from tracker.rules.unchanged import Open, quarters_running, stays

OFFERED = Open(None, ReportState.ACCEPTED, ProgressClass.ON_SCHEDULE, [], [])


def test_what_went_on_as_planned_may_stay_as_it_is():
    assert OFFERED.obstacle is None
    assert replace(OFFERED, before=ReportState.SUBMITTED).obstacle is None


@pytest.mark.parametrize(
    ("changed", "obstacle"),
    [
        ({"state": ReportState.DRAFT}, "已有草稿"),
        ({"state": ReportState.RETURNED}, "已被退回"),
        ({"before": None}, "上季度未填报"),
        ({"before": ReportState.DRAFT}, "尚未报出"),
        ({"before": ReportState.RETURNED}, "尚未报出"),
        ({"said": ProgressClass.BEHIND}, "上季度为“欠进度”，须说明原因"),
        ({"said": ProgressClass.OTHER}, "上季度为“其他”，须说明原因"),
        ({"overdue": ["6月底前完成"]}, "“6月底前完成”已逾期"),
        ({"missing": ["东镇", "西镇"]}, "配合单位东镇、西镇尚未填报"),
    ],
)
def test_what_needs_a_word_says_why(changed, obstacle):
    assert obstacle in replace(OFFERED, **changed).obstacle


def test_a_count_that_begins_anew_is_not_carried_over():
    each_quarter = Target(Op.AT_LEAST, Decimal(1), "次", Per.QUARTER)
    assert not stays(each_quarter, Quarter(2025, 2))
    assert stays(replace(each_quarter, per=Per.YEAR), Quarter(2025, 2))
    assert stays(replace(each_quarter, measure="%"), Quarter(2025, 2))
    half_year = replace(each_quarter, per=Per.HALF_YEAR)
    assert [stays(half_year, Quarter(2025, number)) for number in (2, 3, 4)] == [True, False, True]


def test_quarters_without_change_are_counted_back_until_there_was_one():
    unchanged = {Quarter(2024, 4), Quarter(2025, 2), Quarter(2025, 3)}
    assert quarters_running(unchanged, Quarter(2025, 3)) == 2
    assert quarters_running(unchanged, Quarter(2025, 4)) == 0
