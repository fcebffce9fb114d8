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
    ],
)
def test_a_deadline_carries_what_its_kind_says_and_nothing_else(fields):
    with pytest.raises(ValueError, match="do not agree"):
        Deadline(**fields)
