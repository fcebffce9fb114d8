from io import BytesIO

import pytest
import xlsxwriter

from tests.reading import papers
from tracker.reading import hidden
from tracker.reading.parse import parse

ROWS = [
    ["某县2025年任务分解表", "", ""],
    ["任务", "责任单位", "备注"],
    ["公开目录。", "县司法局", "甲"],
    ["更新指南。", "县政府办", "乙"],
]


def book(*hide: str) -> bytes:
    """A workbook of these rows: `row 3` hides the fourth row, `column 2` the third column, `sheet` adds one"""
    file = BytesIO()
    with xlsxwriter.Workbook(file) as made:
        sheet = made.add_worksheet("任务表")
        for place, row in enumerate(ROWS):
            sheet.write_row(place, 0, row)
        for what, place in (each.split() for each in hide if " " in each):
            if what == "row":
                sheet.set_row(int(place), None, None, {"hidden": True})
            else:
                sheet.set_column(int(place), int(place), None, None, {"hidden": True})
        if "sheet" in hide:
            other = made.add_worksheet("去年任务")
            other.write(0, 0, "旧任务")
            other.hide()
    return file.getvalue()


def remarks(plan) -> list[tuple[str, str, bool]]:
    return [(remark.code, remark.excerpt, remark.doubt) for remark in plan.all_remarks]


def test_a_hidden_row_is_read_and_shown_at_its_item():
    first, second = parse(book("row 3"), "a.xlsx").items
    assert [remark.code for remark in first.remarks] == []
    (remark,) = second.remarks
    assert (remark.code, remark.line, remark.doubt) == ("hidden-row", second.first_line, True)
    assert "第 4 行" in remark.text


def test_a_hidden_column_is_read_and_shown():
    plan = parse(book("column 1"), "a.xlsx")
    assert [unit.name for unit in plan.items[0].units] == ["县司法局"]
    assert ("hidden-column", "责任单位 县司法局 县政府办", True) in remarks(plan)
    assert "B 列" in plan.all_remarks[0].text


def test_a_hidden_sheet_is_not_read_and_shown():
    plan = parse(book("sheet"), "a.xlsx")
    assert "旧任务" not in plan.source
    assert ("hidden-sheet", "旧任务", True) in remarks(plan)


def test_nothing_hidden_is_not_remarked_on():
    assert remarks(parse(book(), "a.xlsx")) == []


def test_hidden_rows_of_ods_are_shown():
    head = papers.spreadsheet_row("工作任务", "责任单位")
    row = papers.spreadsheet_row("公开目录。", "县司法局", attributes="table:visibility='filter'")
    (item,) = parse(papers.spreadsheet(head + row), "a.ods").items
    assert [remark.code for remark in item.remarks] == ["hidden-row"]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", papers.word("甲")])
def test_what_is_no_workbook_hides_nothing(data):
    assert hidden.of_sheets(data) == []
