import json
from dataclasses import replace

import pytest

from tracker.rules.light_presets import PRESETS
from tracker.rules.light_rules import as_json, check, from_json, slips
from tracker.rules.lights import DEFAULT_RULE, Cause, Clause, Light
from tracker.rules.refusals import Invalid

REST = Clause(Cause.ON_COURSE, Light.GREEN)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda each: each.key)
def test_every_preset_can_stand_and_comes_back_from_json(preset):
    check(preset.rule)
    assert from_json(json.loads(json.dumps(as_json(preset.rule)))) == preset.rule


@pytest.mark.parametrize(
    ("clauses", "expected"),
    [
        ((Clause(Cause.OVERDUE, Light.RED, 0), REST), "第 1 行的数值应为 1 至 365 天。"),
        ((Clause(Cause.POINTS_BEHIND, Light.RED, 101), REST), "第 1 行的数值应为 1 至 100 个百分点。"),
        ((Clause(Cause.OVERDUE, Light.RED),), "最后一行必须是“其他情形（已填报，按计划推进）”，使每项任务都有灯。"),
        ((REST, REST), "第 1 行“其他情形（已填报，按计划推进）”只能放在最后一行。"),
        (
            (Clause(Cause.OVERDUE, Light.YELLOW), Clause(Cause.OVERDUE, Light.RED, 30), REST),
            "第 2 行永远用不到：第 1 行“逾期 1 天及以上”已经包含了它。请调整顺序或数值。",
        ),
        (
            (Clause(Cause.DUE_WITHIN, Light.YELLOW, 15), Clause(Cause.DUE_WITHIN, Light.RED, 3), REST),
            "第 2 行永远用不到：第 1 行“距期限 15 天以内（含当天）”已经包含了它。请调整顺序或数值。",
        ),
        ((), "规则至少要有一行：“其他情形（已填报，按计划推进）”。"),
    ],
)
def test_what_cannot_stand_is_said(clauses, expected):
    assert list(slips(clauses).values()) == [expected]


def test_stricter_above_milder_can_stand():
    assert not slips((Clause(Cause.OVERDUE, Light.RED, 30), Clause(Cause.OVERDUE, Light.YELLOW), REST))
    assert not slips((Clause(Cause.DUE_WITHIN, Light.RED, 3), Clause(Cause.DUE_WITHIN, Light.YELLOW, 15), REST))


@pytest.mark.parametrize("name", ["", "长" * 51])
def test_a_rule_has_a_name(name):
    with pytest.raises(Invalid, match="规则名称"):
        check(replace(DEFAULT_RULE, name=name))
