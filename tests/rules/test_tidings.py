from datetime import UTC, datetime

import pytest

from tracker.rules.tidings import LONGEST_TEXT, because, leaves_at, sentence, subject, text


def test_a_tiding_is_one_sentence_whatever_the_parts_end_with():
    assert sentence("1. 公开决策草案。", "", "延期申请已批准，", because("同意。\n请抓紧。")) == (
        "1. 公开决策草案，延期申请已批准，意见：同意。 请抓紧。"
    )
    assert because(" ") == ""


def test_a_long_one_is_cut():
    assert len(sentence("字" * 500)) < LONGEST_TEXT
    assert sentence("字" * 500).endswith("…")


@pytest.mark.parametrize(
    ("now", "at_once", "leaves"),
    [
        ((3, 16, 0), True, (3, 16, 5)),
        ((3, 16, 0), False, (4, 7, 0)),
        ((3, 6, 30), False, (3, 7, 0)),
        ((3, 7, 0), False, (4, 7, 0)),
    ],
)
def test_a_mail_gathers_for_minutes_or_until_the_morning(now, at_once, leaves):
    day, hour, minute = now
    at = datetime(2025, 4, day, hour, minute, tzinfo=UTC)
    assert leaves_at(at, at_once=at_once) == datetime(2025, 4, *leaves, tzinfo=UTC)


def test_a_mail_counts_and_numbers_what_it_holds():
    assert subject(2) == "工作计划台账办理消息：2 条"
    assert text(["甲。", "乙。"]) == "1. 甲。\n2. 乙。"
