import pytest

from tracker.reading.deadlines import deadlines
from tracker.reading.doubts import REASONS
from tracker.reading.passage import Passage


@pytest.mark.parametrize(
    ("text", "label", "rule"),
    [
        ("每月5日前报送", "每月5日前", "day-of-period"),
        ("次月5日前报送", "每月的次月5日前", "day-of-period"),
        ("每季度末月20日前报送", "每季度末月20日前", "day-of-period"),
        ("每季度首月10日前通报", "每季度首月10日前", "day-of-period"),
        ("每季度结束后10日内报送", "每季度的次月10日前", "after-period"),
        ("每年1月31日前公布", "每年1月31日前", "day-of-period"),
        ("每周五前报送", "每周五前", "day-of-week"),
        ("每月底前报送", "每月", "part-of-period"),
        ("季度末汇总", "每季度", "every"),
        ("每半年开展一次检查", "每半年", "every"),
        ("半年调度一次", "每半年", "every"),
        ("每年年底前报告", "每年", "every"),
        ("建立月调度机制", "每月", "rhythm"),
        ("自收到申请之日起20个工作日内答复", "收到申请后20个工作日内", "after-event"),
        ("《条例》施行后30日内修订", "《条例》施行后30日内", "after-event"),
        ("接到群众反馈后5日内办结", "接到群众反馈后5日内", "after-event"),
        ("3个工作日内办结", "事件发生后3个工作日内", "no-event"),
        ("方案印发后2个月内出台细则", "方案印发后60日内", "months-as-days"),
        ("24小时内回应", "事件发生后1日内", "hours-as-days"),
    ],
)
def test_what_comes_back_or_follows_an_event_says_by_which_rule_it_was_read(text, label, rule):
    (found,) = deadlines(Passage.of(text), 2025)
    assert (found.deadline.label, found.rule, found.sure) == (label, rule, rule not in REASONS)


@pytest.mark.parametrize(
    ("text", "labels", "rule"),
    [
        ("每月10日和25日前报送", ["每月10日前", "每月25日前"], "day-of-period"),
        ("每月10、25日前报送", ["每月10日前", "每月25日前"], "day-of-period"),
        ("每周一、周五报送", ["每周一前", "每周五前"], "day-of-week"),
        ("每年6月底和12月底前报送", ["每年6月底前", "每年"], "part-of-period"),
        ("每四个月调度一次", ["2025年4月30日前", "2025年8月31日前", "2025年12月31日前"], "few-months"),
        ("每三个月调度一次", ["每季度"], "every"),
        ("每半月报送一次", ["每月15日前", "每月"], "part-of-month"),
        ("每两周调度一次", ["待定"], "odd-period"),
        ("月底前完成整改", ["待定"], "which-month"),
    ],
)
def test_several_times_in_a_period_are_several_deadlines(text, labels, rule):
    found = deadlines(Passage.of(text), 2025)
    assert [each.deadline.label for each in found] == labels
    assert {(each.rule, each.sure) for each in found} == {(rule, rule not in REASONS)}


def test_every_two_months_is_the_end_of_each_second_month():
    months = [each.deadline.due.month for each in deadlines(Passage.of("每两个月召开一次会议"), 2025)]
    assert months == [2, 4, 6, 8, 10, 12]


@pytest.mark.parametrize("text", ["当月底前办结", "每一天都要检查", "每五年修订", "每日巡查"])
def test_what_names_no_period_is_no_deadline(text):
    assert deadlines(Passage.of(text), 2025) == ()
