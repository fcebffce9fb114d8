"""The notice of rectification and the register, opened again."""

import io
from dataclasses import replace
from datetime import date

import pdfplumber
from python_calamine import CalamineWorkbook

from tests.printing.rectifying import PAPER
from tracker.printing import letter, rectification
from tracker.rules.findings import FindingSource, RectificationRegister, RegisterRow

ROW = RegisterRow(
    number="整改〔2025〕3号",
    unit="县司法局",
    item="1. 预公开",
    quarter="2025年第一季度",
    source="本级检查",
    criterion="及时",
    problem="@未更新",
    basis="计划",
    demand="补齐",
    notified_on=date(2025, 4, 8),
    due=date(2025, 4, 22),
    state="整改中",
    standing="整改逾期 3 天",
    repeat="屡查屡犯：第 2 次（此前：整改〔2024〕9号）",
    measures="措施",
    result="",
    verified="",
    closed_on=None,
)


def words(paper):
    told = rectification.letter(paper)
    return "\n".join(part.text for part in told.parts), told


def test_it_says_who_found_what_and_until_when_it_is_to_be_mended():
    text, told = words(PAPER)
    assert told.number == "整改〔2025〕3号"
    assert "".join(told.title) == "示例县领导小组办公室检查问题整改通知书"
    assert "经本级检查，发现你单位承担的“预公开重大行政决策草案”在“及时”方面存在问题" in text
    assert "请于2025年4月22日前完成整改" in text
    assert "30日内提出" in text


def test_what_others_say_was_looked_into_first_and_a_finding_may_be_about_no_item():
    text, _ = words(replace(PAPER, source=FindingSource.PUBLIC, item=""))
    assert "根据群众反映，经核实，发现你单位工作在“及时”方面存在问题" in text


def test_what_is_not_notified_has_no_number_yet():
    assert words(replace(PAPER, number=None))[1].number == "整改（未编号）"


def test_the_receipt_has_a_page_of_its_own_and_shows_what_was_answered(fonts):
    told = rectification.letter(replace(PAPER, measures="补齐；王某；4月10日前。"))
    with pdfplumber.open(io.BytesIO(letter.pdf([told], fonts))) as paper:
        receipt = paper.pages[-1].extract_text()
    assert "整改通知书回执" in receipt
    assert "补齐；王某；4月10日前。" in receipt


def test_the_register_keeps_texts_as_texts_and_days_as_days():
    content = rectification.register_xlsx(RectificationRegister("问题整改台账", date(2025, 4, 25), (ROW,), True))
    [title], [about], heads, row = (
        [cell for cell in line if cell != ""] if place < 2 else line
        for place, line in enumerate(
            CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
        )
    )
    told = dict(zip(heads, row, strict=True))
    assert (title, about) == ("问题整改台账", "截至2025年4月25日，共 1 项　示例数据，仅供演示")
    assert (told["存在问题"], told["整改期限"], told["逾期"]) == ("@未更新", date(2025, 4, 22), "整改逾期 3 天")
