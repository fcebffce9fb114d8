"""The real plans that the product is shipped with: what must be found in them."""

import re
from collections import Counter

import pytest

from tests.reading.conftest import SEEDS
from tests.reading.test_examples import short_deadline, short_target
from tracker.reading.parse import parse
from tracker.reading.plan import ParsedPlan
from tracker.reading.repair import simplified

COUNTS = {  # items, units, targets, deadlines
    "000_4ae99744abc3c10c": (14, 0, 0, 1),
    "001_d13d3ad1aaee9b12": (9, 0, 0, 2),
    "002_9d855efba0d48769": (11, 37, 6, 5),
    "003_8584eccd97530112": (14, 0, 0, 0),
    "004_8e88c2e19fb2eeaa": (14, 18, 4, 2),
}


# By plan and item, counted from 1: what a clerk finds to be counted, and by when.
FACTS = {
    ("000", 14): ["每季度"],
    ("001", 1): ["待定"],
    ("001", 9): ["每季度"],
    ("002", 1): [">= 95%"],
    ("002", 2): [">= 100%"],
    ("002", 3): [">= 1次/year"],
    ("002", 4): ["== 30个", "2023-08-31", "2023-09-30"],
    ("002", 5): [">= 100%", "== 100%"],
    ("002", 8): ["2023-09-30"],
    ("002", 9): ["2023-09-30"],
    ("002", 10): ["2023-09-30"],
    ("004", 3): ["每季度"],
    ("004", 4): [">= 1次/year", ">= 1次/year"],
    ("004", 6): ["政策文件发布后3个工作日内"],
    ("004", 7): [">= 1种"],
    ("004", 13): [">= 1次/year"],
}


def read(name: str) -> ParsedPlan:
    return parse((SEEDS / f"{name}.txt").read_bytes(), f"{name}.txt")


@pytest.mark.parametrize("name", COUNTS)
def test_every_seed_plan_reads_with_all_its_facts(name):
    items = read(name).items
    facts = [sum(len(getattr(item, field)) for item in items) for field in ("units", "targets", "deadlines")]
    assert (len(items), *facts) == COUNTS[name]


def test_of_the_fields_without_a_doubt_mark_at_least_99_in_100_are_right():
    expected = Counter((*place, fact) for place, facts in FACTS.items() for fact in facts)
    read_sure, unsure = Counter[tuple[str, int, str]](), []
    for name in COUNTS:
        for number, item in enumerate(read(name).items, 1):
            facts = [(short_target(each.target), each) for each in item.targets]
            facts += [(short_deadline(each.deadline), each) for each in item.deadlines]
            read_sure.update((name[:3], number, short) for short, each in facts if each.sure)
            unsure += [each for each in (*item.units, *item.targets, *item.deadlines) if not each.sure]
    assert (read_sure & expected).total() >= 0.99 * read_sure.total()
    assert [each.rule for each in unsure] == ["blanked", "odd-name"]


@pytest.mark.parametrize("name", COUNTS)
def test_the_evidence_of_every_fact_is_in_the_source(name):
    plan = read(name)
    for item in plan.items:
        for unit in item.units:
            assert unprinted(plan.source[unit.span.start : unit.span.end]) == unprinted(unit.name)
        for fact in (*item.targets, *item.deadlines):
            assert unprinted(plan.source[fact.span.start : fact.span.end]) == unprinted(fact.text)


@pytest.mark.parametrize("name", COUNTS)
def test_no_line_of_a_seed_plan_disappears_unseen(name):
    plan = read(name)
    sections = {unprinted(heading) for item in plan.items for heading in item.section}
    seen = {line for item in plan.items for line in range(item.first_line, item.last_line + 1)}
    seen |= {dropped.line + n for dropped in plan.dropped for n in range(dropped.text.count("\n") + 1)}
    for number, line in enumerate(plan.source.split("\n"), 1):
        heading = re.sub(r"^([一二三四五六七八九十]+、|\([一二三四五六七八九十]+\))", "", unprinted(line)).strip("|")
        assert not heading or number in seen or heading in sections, f"line {number}: {line[:40]}"


def unprinted(text: str) -> str:
    """As a clerk would type it, to compare."""
    return re.sub(r"\s|\([a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]+\)", "", simplified(text))


def test_the_bureaus_plan_names_its_issuer_by_the_signature():
    plan = read("000_4ae99744abc3c10c")
    assert (plan.title, plan.issuer, plan.year) == ("金寨县审批局2025年政务公开工作计划", "金寨县行政审批局", 2025)
    last = plan.items[-1]
    assert last.section == ("保障措施",)
    assert last.task.startswith("严格监督检查\n建立政务公开工作定期检查制度")


def test_the_redacted_plan_is_restored_and_doubted():
    plan = read("001_d13d3ad1aaee9b12")
    assert [item.number for item in plan.items] == ["（一）", "（二）", "(三)", "", "", "", "", "(四)", "（五）"]
    assert plan.items[1].task.startswith("强化政策解读,切实回应社会关切。")
    assert plan.items[8].task.startswith("强化保障机制,规范依申请公开办理。")
    doubts = {remark.code for remark in plan.all_remarks if remark.doubt}
    assert doubts == {"one-byte-shift", "undetermined-date", "no-year"}


def test_the_scraped_table_keeps_its_groups_and_units():
    plan = read("002_9d855efba0d48769")
    item = plan.items[9]
    assert item.section == ("深化为民办事服务公开,促进基层政府服务能力提升",)
    assert [unit.name for unit in item.units if unit.lead][1] == "县文化广电旅游局"
    assert [unit.name for unit in item.units if not unit.lead] == ["县级各相关部门", "各镇(园区、街道)"]
    assert item.goal.startswith("2023年9月底前完成政务公开专区")


def test_the_towns_plan_leaves_out_the_link_list():
    plan = read("003_8584eccd97530112")
    assert plan.items[2].task.endswith("凡不涉密、不违法的按时限公开。")
    assert plan.items[-1].task.endswith("要追究相关人员责任。")
    assert len([dropped for dropped in plan.dropped if dropped.text.startswith("- ")]) == 27


def test_the_districts_plan_keeps_a_garbled_unit_as_printed():
    plan = read("004_8e88c2e19fb2eeaa")
    assert [unit.name for unit in plan.items[1].units] == ["社???", "农财科", "行财科"]
    assert "保密审查。科学确定公开方式" in plan.items[8].task
