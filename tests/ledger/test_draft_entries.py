from datetime import date
from decimal import Decimal

import pytest

from tracker.ledger.draft_entries import (
    deadline_entry,
    deadline_of,
    target_entry,
    target_of,
    traced,
    unit_entry,
)
from tracker.reading.plan import Span
from tracker.rules.deadlines import Deadline, DeadlineKind, Every
from tracker.rules.targets import Op, Per, Target


@pytest.mark.parametrize(
    "deadline",
    [
        Deadline(DeadlineKind.DATE, due=date(2025, 8, 31)),
        Deadline(DeadlineKind.RECURRING, every=Every.QUARTER),
        Deadline(DeadlineKind.RELATIVE, days=3, workdays=True),
        Deadline(DeadlineKind.RELATIVE, days=3, workdays=True, event="政策文件发布"),
        Deadline(DeadlineKind.RECURRING, every=Every.QUARTER, day=20, month_of_period=3),
        Deadline(DeadlineKind.UNDETERMINED),
    ],
)
def test_a_deadline_comes_back_as_it_went(deadline):
    assert deadline_of(deadline_entry("按时", deadline)) == deadline


@pytest.mark.parametrize(
    "target", [Target(Op.AT_LEAST, Decimal("0.5"), "%"), Target(Op.EXACTLY, Decimal(30), "个", Per.YEAR)]
)
def test_a_target_comes_back_as_it_went(target):
    assert target_of(target_entry("达标", target)) == target


def test_an_entry_without_evidence_is_the_offices():
    assert unit_entry("县司法局", True) == {"name": "县司法局", "lead": True, "origin": "office", "span": None}
    assert unit_entry("县司法局", True, Span(3, 7))["origin"] == "document"


def test_another_role_is_not_what_the_document_says():
    read = [unit_entry("县司法局", True, Span(3, 7))]
    assert traced([unit_entry("县司法局", True)], read) == read
    assert traced([unit_entry("县司法局", False)], read)[0]["origin"] == "office"


def test_a_line_break_in_the_document_is_no_difference():
    target = Target(Op.AT_LEAST, Decimal(95), "%")
    read = [target_entry("预公开率\n达95%", target, Span(3, 11))]
    assert traced([target_entry("预公开率达95%", target)], read) == read


def test_another_day_of_the_period_is_the_offices_word():
    read = [deadline_entry("每月5日前", Deadline(DeadlineKind.RECURRING, every=Every.MONTH, day=5), Span(3, 8))]
    tenth = deadline_entry("每月5日前", Deadline(DeadlineKind.RECURRING, every=Every.MONTH, day=10))
    assert traced([tenth], read) == [tenth]
