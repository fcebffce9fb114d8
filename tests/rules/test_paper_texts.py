"""The language of the office's texts."""

import re

import pytest

from tests.sealed import SNAPSHOT
from tracker.rules.paper_defaults import PaperText
from tracker.rules.paper_fields import values
from tracker.rules.paper_figures import JUDGING, RATINGS
from tracker.rules.paper_texts import DEEPEST, LONGEST, Template, doubts, figures_in, numeral
from tracker.rules.refusals import Invalid

VALUES = values(SNAPSHOT)


def filled(text):
    return Template(text).filled(VALUES)


def wrong(text):
    return [fault.sentence for fault in Template(text).faults]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("共{任务总数}项", "共3项"),
        ("共｛任务总数｝项", "共3项"),  # as an input method writes braces
        ("{靠后单位}", "县行政审批局、县司法局"),
        ("{靠后单位 前1}", "县行政审批局等"),
        ("{若有 逾期数}逾期{逾期数}项{否则}没有逾期{完}。", "逾期1项。"),
        ("{若有 退回数}退回{否则}没有退回{完}。", "没有退回。"),
        ("{若无 退回数}没有退回{完}。", "没有退回。"),
        ("{逐项 逾期任务 ；}{序}.{单位}{天数}天{完}", "1.县行政审批局11天"),
        ("{逐项 单位排名 前2 ；}{单位}{名次}{完}", "西镇1；东镇2等"),
        ("{逐项 单位排名 、}{单位}{若有 逾期}（{逾期}）{完}{完}", "西镇、东镇、县司法局、县行政审批局（1）"),
    ],
)
def test_fields_conditions_and_lists_are_filled(text, says):
    assert filled(text) == says


def test_lines_left_empty_go_and_numbers_count_within_each_heading():
    text = "一、甲\n{项号}子\n{若有 退回数}{项号}不写{完}\n{项号}丑\n二、乙\n{项号}寅"
    assert filled(text) == "一、甲\n（一）子\n（二）丑\n二、乙\n（一）寅"


@pytest.mark.parametrize(("number", "word"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (99, "九十九")])
def test_headings_are_numbered_in_chinese(number, word):
    assert numeral(number) == word


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("共{逾期项}件", "第1行第2字：没有“逾期项”这个字段，是不是“逾期项次”"),
        ("甲\n乙{天数}", "第2行第2字：“天数”是清单的一栏，只能写在“逐项”里"),
        ("{逐项 逾期数}{完}", "第1行第1字：“逾期数”不是清单，不能用“逐项”"),
        ("{逾期数 前3}", "第1行第1字：“逾期数”不是清单，不能用“前3”"),
        ("{若有 逾期数}甲", "第1行第10字：“若有 逾期数”没有用“{完}”结束"),
        ("甲{完}", "第1行第2字：“{完}”前面没有对应的“若有”“若无”或“逐项”"),
        ("甲{否则}", "第1行第2字：“{否则}”只能在“若有”或“若无”里用一次"),
        ("甲}", "第1行第2字：“}”没有配对"),
        ("{逾期数|upper}", "第1行第1字：没有“逾期数|upper”这个字段，是不是“逾期数”"),
        ("{逾期数 很多}", "第1行第1字：看不懂“很多”"),
        ("{逐项 批示}{逐项 批示}{完}{完}", "第1行第8字：“批示”在这里是清单的一栏，不能用“逐项”"),
    ],
)
def test_every_fault_is_named_with_its_place(text, says):
    assert wrong(text) == [says]


def test_all_faults_are_told_at_once_and_nothing_is_printed():
    assert len(wrong("{甲}\n{乙}")) == 2
    with pytest.raises(Invalid, match="第2行第1字"):
        filled("{甲}\n{乙}")


def test_depth_and_length_have_limits():
    assert any("套得太多" in each for each in wrong("{若有 逾期数}" * (DEEPEST + 1) + "{完}" * (DEEPEST + 1)))
    assert any("最多" in each for each in wrong("字" * (LONGEST + 1)))


def test_what_a_unit_wrote_is_never_read_as_a_field():
    shown = dict(VALUES) | {"机构": "{任务总数}{完}"}
    assert Template("{机构}").filled(shown) == "{任务总数}{完}"


@pytest.mark.parametrize("kind", PaperText)
def test_every_figure_of_a_default_text_is_a_field_and_every_judgement_has_its_rule(kind):
    template = Template(kind.default)
    assert template.faults == []
    assert doubts(template, JUDGING) == []
    text = template.filled(VALUES)
    assert set(re.findall(r"\d+", text)) <= figures_in(VALUES)
    spoken = [word for word in JUDGING if word in text]
    assert all(any(word in rating.word for rating in RATINGS) for word in spoken)
    assert "{" not in text


@pytest.mark.parametrize("kind", PaperText)
def test_a_default_text_goes_from_the_whole_to_problems_with_names_to_demands(kind):
    text = Template(kind.default).filled(VALUES)
    whole, problems, demands = text.index("一、总体情况"), text.index("二、主要问题"), text.index("三、下一步")
    assert whole < problems < demands
    assert "县行政审批局" in text[problems:demands]
    assert "东镇（1项）" in text[problems:demands]


def test_figures_and_judgements_typed_by_hand_are_pointed_out():
    assert doubts(Template("共{任务总数}项\n完成了12项，成效显著"), JUDGING) == [
        "第2行的数字“12”是手工写的，不随数据变化",
        "第2行的“显著”是评价用语，没有数据依据",
    ]
