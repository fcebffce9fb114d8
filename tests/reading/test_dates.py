from datetime import date

import pytest

from tracker.reading.deadlines import deadlines
from tracker.reading.doubts import REASONS
from tracker.reading.passage import Passage


@pytest.mark.parametrize(
    ("text", "label", "rule"),
    [
        ("二〇二五年六月底前完成", "2025年6月30日前", "month-end"),
        ("二○二五年六月三十日前完成", "2025年6月30日前", "day"),
        ("２０２５年６月底前完成", "2025年6月30日前", "month-end"),
        ("5月上旬启动", "2025年5月10日前", "ten-days"),
        ("3月初印发方案", "2025年3月10日前", "early-month"),
        ("6月中完成", "2025年6月15日前", "early-month"),
        ("2023年12月底已建成", "2023年12月31日前", "before-the-year"),
    ],
)
def test_a_date_says_by_which_rule_it_was_read(text, label, rule):
    (found,) = deadlines(Passage.of(text), 2025)
    assert (found.deadline.label, found.rule, found.sure) == (label, rule, rule not in REASONS)


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("春节前完成", "2025-01-28"),
        ("国庆节前开放", "2025-09-30"),
        ("“五一”前投入使用", "2025-04-30"),
        ("中秋节前检查", "2025-10-05"),
        ("清明节前公布", "2025-04-03"),
        ("元旦前总结", "2025-12-31"),
        ("2026年元旦前总结", "2025-12-31"),
        ("2026年春节前兑现", "2026-02-16"),
    ],
)
def test_before_a_feast_is_by_the_day_before_it(text, due):
    assert [found.deadline.due for found in deadlines(Passage.of(text), 2025)] == [date.fromisoformat(due)]


@pytest.mark.parametrize("text", ["春节前后加强检查", "第十一前三名", "劳动前培训", "实施收入倍增计划"])
def test_a_feasts_name_alone_sets_no_date(text):
    assert deadlines(Passage.of(text), 2025) == ()


def test_a_feast_beyond_the_tables_of_the_moon_waits_for_the_offices_date():
    (found,) = deadlines(Passage.of("明年春节前"), 2100)
    assert (found.deadline.due, found.rule) == (None, "no-such-day")
