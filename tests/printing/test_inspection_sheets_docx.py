"""The inspection sheet as DOCX, opened again."""

import io
from dataclasses import replace
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm

from tracker.printing import inspection_sheets
from tracker.rules.inspection_sheets import InspectedItem, InspectionSheets, UnitSheet


def printed(sheets: InspectionSheets) -> Any:
    return docx.Document(io.BytesIO(inspection_sheets.docx(sheets)))


@pytest.fixture
def paper(sheets: InspectionSheets) -> Any:
    return printed(sheets)


def texts(row: Any) -> list[str]:
    return [cell.text for cell in row.cells]


def titles(paper: Any) -> list[Any]:
    return [each for each in paper.paragraphs if each.style.name == "公文标题"]


def test_summary_and_each_unit_begin_a_page(paper: Any) -> None:
    assert [(each.text, bool(each.paragraph_format.page_break_before)) for each in titles(paper)] == [
        ("2026年第一季度", False),
        ("工作计划落实情况检查汇总表", False),
        ("2026年第一季度工作计划落实情况检查表", True),
        ("2026年第一季度工作计划落实情况检查表", True),
    ]


def test_one_unit_begins_on_the_first_page(alone: InspectionSheets) -> None:
    assert [each.paragraph_format.page_break_before for each in titles(printed(alone))] == [False]


def test_the_summary_is_a_table_with_a_total(paper: Any) -> None:
    rows = [texts(row) for row in paper.tables[1].rows]
    assert rows[0] == ["序号", "单位", "任务数", "已填报", "未填报", "逾期迟办", "检查结论", "备注"]
    assert rows[2] == ["2", "示例镇人民政府", "1", "0", "1", "1", "", ""]
    assert rows[-1] == ["", "合计", "3", "1", "2", "2", "", ""]


def test_an_item_fills_its_row(paper: Any, not_reported: InspectedItem) -> None:
    row = texts(paper.tables[3].rows[3])
    assert row == [
        "2",
        "二、规范政务公开活动\n举办政府开放日活动。\n时限：3月20日前",
        "配合",
        "未填报",
        "\n".join(("● 红", "逾期 11 天", *not_reported.late)),
    ]


def test_report_labels_stand_in_the_face_of_heads(paper: Any) -> None:
    progress = paper.tables[3].rows[2].cells[3].paragraphs[1]
    assert [(run.text[:3], run.style.name) for run in progress.runs[:1]] == [("进展：", "表格标签")]


def test_the_head_repeats_and_no_row_splits(paper: Any) -> None:
    for table in paper.tables:
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
    items = paper.tables[3]
    assert [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in items.rows] == [True, True, False, False]


def test_criteria_and_signatures_hold_together(paper: Any) -> None:
    *tied, last = paper.tables[4].rows
    assert all(p.paragraph_format.keep_with_next for row in tied for cell in row.cells for p in cell.paragraphs)
    assert "检查人（签字）：" in last.cells[0].text
    assert "被检查单位负责人（签字）：" in last.cells[-1].text
    assert last.cells[-1].text.endswith("日期：　　　　年　　月　　日")


def test_criteria_have_boxes_to_tick_and_room_to_write(paper: Any) -> None:
    row = paper.tables[4].rows[5]
    assert texts(row) == ["制度落实\n公开制度是否落实到位", "□符合　　□基本符合\n□不符合　□不适用", ""]
    assert row.height == pytest.approx(Mm(19), abs=Mm(0.1))
    assert texts(paper.tables[4].rows[6])[1] == "□查阅资料　　□电话核查　　□现场核实　　□线上抽查"


def test_every_table_is_as_wide_as_the_type_area(paper: Any) -> None:
    for table in paper.tables:
        assert sum(column.width for column in table.columns) == pytest.approx(Mm(156), abs=Mm(0.2))


@pytest.mark.parametrize(("units", "said"), [((UnitSheet("示例局", ()),), "任务"), ((), "单位")])
def test_where_nothing_is_inspected_it_says_so(
    sheets: InspectionSheets, units: tuple[UnitSheet, ...], said: str
) -> None:
    tables = printed(replace(sheets, units=units)).tables
    cells = [cell.text for table in tables for row in table.rows for cell in row.cells]
    assert f"本季度没有需要检查的{said}。" in cells


def test_sample_data_say_so_on_every_page(sheets: InspectionSheets) -> None:
    def heads(paper: Any) -> list[str]:
        section = paper.sections[0]
        return [section.header.paragraphs[0].text, section.even_page_header.paragraphs[0].text]

    assert heads(printed(sheets)) == ["示例数据　仅供演示"] * 2
    assert heads(printed(replace(sheets, sample=False))) == ["", ""]


def test_a_users_text_stays_text(sheets: InspectionSheets, on_time: InspectedItem) -> None:
    odd = replace(
        on_time, section="", task="<w:p/>&amp; {{x}}\x00\x07镕喆堃\n第二行", goal="", targets=(), deadlines=()
    )
    paper = printed(replace(sheets, units=(UnitSheet("示例<局>", (odd,)),)))
    assert paper.tables[1].rows[2].cells[1].text == "<w:p/>&amp; {{x}}镕喆堃\n第二行"
    assert paper.tables[0].rows[0].cells[1].text == "示例<局>"


def test_five_hundred_characters_are_all_there(sheets: InspectionSheets, on_time: InspectedItem) -> None:
    long = replace(on_time, progress="办" * 500)
    paper = printed(replace(sheets, units=(UnitSheet("示例局", (long,)),)))
    assert paper.tables[1].rows[2].cells[3].text.count("办") >= 500
