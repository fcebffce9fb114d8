"""The seed plans in one line, as a message or a web page gives them, read like the plans with their lines."""

import pytest

from tests.reading.conftest import SEEDS
from tests.reading.test_seed_plans import COUNTS, read
from tracker.reading.parse import parse_text
from tracker.reading.plan import ParsedPlan


def in_one_line(name: str, separator: str) -> ParsedPlan:
    lines = (SEEDS / f"{name}.txt").read_text("utf-8").splitlines()
    return parse_text(separator.join(line.strip() for line in lines if line.strip()))


def facts(plan: ParsedPlan) -> list[object]:
    """What the plan says, its layout apart."""
    items = [
        (
            ["".join(heading.split()) for heading in item.section],
            "".join(item.task.split()),
            item.goal,
            [(unit.name, unit.lead) for unit in item.units],
            [target.target for target in item.targets],
            [deadline.deadline for deadline in item.deadlines],
        )
        for item in plan.items
    ]
    return [plan.title, plan.issuer, plan.year, *items]


@pytest.mark.parametrize("name", COUNTS)
def test_a_seed_plan_with_a_blank_for_each_line_break_reads_the_same(name):
    assert facts(in_one_line(name, " ")) == facts(read(name))


@pytest.mark.parametrize("name", [name for name in COUNTS if not name.startswith("001")])
def test_a_seed_plan_without_its_line_breaks_reads_the_same(name):
    assert facts(in_one_line(name, "")) == facts(read(name))


def test_paragraphs_without_number_blank_or_break_stay_in_the_item_before():
    """Nothing in the text tells where they began; the plan says so."""
    plan = in_one_line("001_d13d3ad1aaee9b12", "")
    assert [item.number for item in plan.items] == ["（一）", "（二）", "(三)", "(四)", "（五）"]
    assert "抓好财政预决算信息公开。" in plan.items[2].task
    assert facts(plan)[:3] == facts(read("001_d13d3ad1aaee9b12"))[:3]


@pytest.mark.parametrize("separator", [" ", ""])
def test_lost_line_breaks_are_doubted(separator):
    (remark,) = [each for each in in_one_line("003_8584eccd97530112", separator).remarks if each.code == "lost-breaks"]
    assert remark.doubt
    assert "换行已丢失" in remark.text


def test_a_plan_with_its_lines_is_not_cut_again():
    assert "lost-breaks" not in {remark.code for remark in read("003_8584eccd97530112").all_remarks}


def test_the_head_and_the_foot_of_a_page_are_left_out():
    plan = parse_text(
        "首页>政务公开发布日期:2025-02-14来源:县林业局字体:大中小某县林业局2025年工作要点各乡镇人民政府：为做好全年工作，制定本要点。"
        "一、保护森林（一）巡护。每月巡护1次。（二）防火。10月底前清理隔离带。二、工作保障加强领导。（一）明确专人。县林业局2025年2月14日"
        "打印本页关闭窗口责任编辑：张三"
    )
    assert (plan.title, plan.issuer, plan.year) == ("某县林业局2025年工作要点", "县林业局", 2025)
    assert [(item.section, item.task) for item in plan.items] == [
        (("保护森林",), "巡护。每月巡护1次。"),
        (("保护森林",), "防火。10月底前清理隔离带。"),
        (("工作保障",), "明确专人。"),
    ]
    assert any("打印本页" in dropped.text for dropped in plan.dropped)
