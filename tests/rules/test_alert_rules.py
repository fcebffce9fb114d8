from dataclasses import replace

import pytest

from tracker.rules.alert_rules import DEFAULT_ALERT_RULE, as_json, check, from_json, in_short, said, slips
from tracker.rules.alerts import AlertKind, KindSteps
from tracker.rules.notices import Ladder, NoticeKind
from tracker.rules.refusals import Invalid


def with_steps(kind: AlertKind, days: tuple[int, ...], office=None, leader=None):
    steps = {**DEFAULT_ALERT_RULE.steps, kind: KindSteps(days, office, leader)}
    return replace(DEFAULT_ALERT_RULE, steps=steps)


def with_ladder(*days: tuple[NoticeKind, int], interval=3, reply_days=3):
    return replace(DEFAULT_ALERT_RULE, ladder=Ladder(days, interval, reply_days))


def test_the_default_stands_and_survives_being_kept():
    assert slips(DEFAULT_ALERT_RULE) == {}
    assert from_json(as_json(DEFAULT_ALERT_RULE)) == DEFAULT_ALERT_RULE


def test_a_kind_that_a_kept_rule_does_not_know_has_the_default():
    kept = as_json(DEFAULT_ALERT_RULE)
    del kept["kinds"]["silent"]
    assert from_json(kept) == DEFAULT_ALERT_RULE


@pytest.mark.parametrize(
    ("rule", "field", "sentence"),
    [
        (with_steps(AlertKind.OVERDUE, (7, 1)), "overdue-after", "“已逾期”的“之后”天数应由小到大填写，且不重复。"),
        (with_steps(AlertKind.OVERDUE, (1, 1)), "overdue-after", "“已逾期”的“之后”天数应由小到大填写，且不重复。"),
        (
            with_steps(AlertKind.DUE_SOON, (-3, -7)),
            "due_soon-before",
            "“即将到期”的“提前”天数应由大到小填写，且不重复。",
        ),
        (with_steps(AlertKind.DUE_SOON, ()), "due_soon-before", "“即将到期”的“提前”天数至少填写一个。"),
        (with_steps(AlertKind.DUE_SOON, (-91,)), "due_soon-before", "“即将到期”的“提前”天数应为 0 至 90 的整数。"),
        (with_steps(AlertKind.SILENT, (29,)), "silent-after", "“长期未动”的“之后”天数应为 30 至 365 的整数。"),
        (with_steps(AlertKind.OVERDUE, tuple(range(1, 10))), "overdue-after", "“已逾期”的“之后”天数最多填写 8 个。"),
        (
            with_steps(AlertKind.RETURNED, (3, 7), office=5),
            "returned-office",
            "“退回未重报”报领导小组办公室的天数应是所列天数之一：3、7；不报的留空。",
        ),
        (with_ladder(), "urging", "催办督办至少保留一级，请填写逾期天数。"),
        (
            with_ladder((NoticeKind.URGING, 10), (NoticeKind.SUPERVISION, 10)),
            "supervision",
            "“督办单”的逾期天数应大于上一级的 10 天。",
        ),
        (with_ladder((NoticeKind.TALK, 366)), "talk", "“约谈通知”的逾期天数应为 1 至 365 的整数。"),
        (with_ladder((NoticeKind.URGING, 1), interval=0), "interval", "两级之间的最短间隔应为 1 至 20 个工作日。"),
        (with_ladder((NoticeKind.URGING, 1), reply_days=31), "reply_days", "回复时间应为 1 至 30 个工作日。"),
    ],
)
def test_what_cannot_stand_is_named_by_its_field(rule, field, sentence):
    assert slips(rule) == {field: sentence}
    with pytest.raises(Invalid) as refused:
        check(rule)
    assert refused.value.sentence == sentence


def test_a_step_of_the_ladder_may_be_left_out():
    assert slips(with_ladder((NoticeKind.SUPERVISION, 5), (NoticeKind.TALK, 30))) == {}


def test_a_rule_is_told_in_words():
    assert said(AlertKind.RECTIFICATION, KindSteps((-7, 0, 1))) == "到期前 7 天、当天、逾期 1 天"
    assert said(AlertKind.SILENT, KindSteps((60,))) == "未填报满 60 天"
    assert in_short(DEFAULT_ALERT_RULE) == (
        "到期前 15、7、3 天、当天提醒责任单位；"
        "逾期 1 天起报领导小组办公室，逾期 15 天起报领导小组领导；办结后自动解除。"
    )
    assert in_short(with_steps(AlertKind.OVERDUE, (1,))) == "到期前 15、7、3 天、当天提醒责任单位；办结后自动解除。"
