from dataclasses import replace

import pytest

from tracker.rules.organisations import OfficeRules, changes, in_words
from tracker.rules.refusals import Invalid

RULES = OfficeRules(1, 2, 5, "检查")


@pytest.mark.parametrize(
    "wrong",
    [{"review_levels": 0}, {"review_levels": 4}, {"extension_levels": 9}, {"report_day": 0}, {"report_day": 29}]
    + [{"check_word": "督办"}],
)
def test_rules_that_no_office_has_are_refused(wrong):
    RULES.check()
    with pytest.raises(Invalid):
        replace(RULES, **wrong).check()


def test_only_what_is_set_otherwise_is_told():
    assert changes(RULES, replace(RULES, report_day=8)) == ({"report_day": 5}, {"report_day": 8})
    assert changes(RULES, RULES) == ({}, {})


def test_levels_are_told_by_who_speaks_in_which_order():
    assert in_words("review_levels", 3) == "单位负责人→领导小组办公室→分管领导"
    assert in_words("extension_levels", 1) == "领导小组办公室"
    assert in_words("report_day", 5) == "季后次月 5 日"


def test_the_rules_know_whose_word_they_ask():
    assert not RULES.asks_heads
    assert replace(RULES, review_levels=2).asks_heads
    assert replace(RULES, extension_levels=3).asks_heads
    assert RULES.asks_leaders
    assert not replace(RULES, extension_levels=1).asks_leaders
    assert replace(RULES, extension_levels=1, review_levels=3).asks_leaders
