from datetime import date

import pytest

from tracker.rules.deadlines import Deadline, DeadlineKind, Every

DUE = date(2025, 8, 31)


@pytest.mark.parametrize(
    ("deadline", "label"),
    [
        (Deadline(DeadlineKind.DATE, due=DUE), "2025年8月31日前"),
        (Deadline(DeadlineKind.RECURRING, every=Every.HALF_YEAR), "每半年"),
        (Deadline(DeadlineKind.RELATIVE, days=20, workdays=True), "事件发生后20个工作日内"),
        (Deadline(DeadlineKind.RELATIVE, days=15), "事件发生后15日内"),
        (Deadline(DeadlineKind.RELATIVE, days=3, workdays=True, event="政策文件发布"), "政策文件发布后3个工作日内"),
        (Deadline(DeadlineKind.RECURRING, every=Every.MONTH, day=5), "每月5日前"),
        (Deadline(DeadlineKind.RECURRING, every=Every.MONTH, day=5, month_of_period=2), "每月的次月5日前"),
        (Deadline(DeadlineKind.RECURRING, every=Every.QUARTER, day=20, month_of_period=3), "每季度末月20日前"),
        (Deadline(DeadlineKind.RECURRING, every=Every.QUARTER, day=10, month_of_period=1), "每季度首月10日前"),
        (Deadline(DeadlineKind.RECURRING, every=Every.YEAR, day=31, month_of_period=1), "每年1月31日前"),
        (Deadline(DeadlineKind.RECURRING, every=Every.YEAR, month_of_period=6), "每年6月底前"),
        (Deadline(DeadlineKind.RECURRING, every=Every.WEEK, day=5), "每周五前"),
        (Deadline(DeadlineKind.UNDETERMINED), "待定"),
        (Deadline(DeadlineKind.OPEN_ENDED), "持续推进"),
    ],
)
def test_a_deadline_is_read_out_by_its_kind(deadline, label):
    assert deadline.label == label


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": DeadlineKind.DATE},
        {"kind": DeadlineKind.RECURRING, "due": DUE},
        {"kind": DeadlineKind.DATE, "due": DUE, "every": Every.MONTH},
        {"kind": DeadlineKind.RELATIVE},
        {"kind": DeadlineKind.UNDETERMINED, "due": DUE},
        {"kind": DeadlineKind.OPEN_ENDED, "days": 3},
        {"kind": DeadlineKind.DATE, "due": DUE, "day": 5},
        {"kind": DeadlineKind.RECURRING, "every": Every.MONTH, "event": "发布"},
    ],
)
def test_a_deadline_carries_what_its_kind_says_and_nothing_else(fields):
    with pytest.raises(ValueError, match="do not agree"):
        Deadline(**fields)


@pytest.mark.parametrize(
    ("every", "day", "month"),
    [(Every.WEEK, 8, None), (Every.WEEK, 1, 1), (Every.MONTH, 32, None), (Every.MONTH, 1, 3), (Every.QUARTER, 1, 5)],
)
def test_a_recurring_deadline_names_a_day_that_its_period_has(every, day, month):
    with pytest.raises(ValueError, match="no day"):
        Deadline(DeadlineKind.RECURRING, every=every, day=day, month_of_period=month)
