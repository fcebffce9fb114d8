"""A field that a shaky rule has read is not sure, and its item says why."""

import re

import pytest

from tracker.reading import doubts


def test_an_item_says_once_for_each_rule_why_a_field_is_not_sure(plan):
    """
    2025年工作计划
    一、3月初印发方案，6月初总结，产值翻一番。（责任单位：甲局、乙局、丙局、丁局）
    """
    assert [(remark.code, remark.excerpt) for remark in plan.items[0].remarks if remark.doubt] == [
        ("long-list", "甲局"),
        ("doubled", "产值翻一番"),
        ("early-month", "3月初"),
    ]


def test_a_field_read_by_a_plain_rule_is_sure_and_leaves_no_doubt(plan):
    """
    2025年工作计划
    一、3月底前印发方案，公开率达到95%。（县财政局牵头，县司法局配合）
    """
    (item,) = plan.items
    assert item.remarks == ()
    assert {read.rule for read in (*item.units, *item.targets, *item.deadlines)} == {
        "role-words",
        "compared",
        "month-end",
    }


@pytest.mark.parametrize("rule", doubts.REASONS)
def test_a_reason_is_a_polite_sentence(rule):
    assert re.search("请.{2,14}。$", doubts.REASONS[rule])
