from io import BytesIO

import pytest
import xlsxwriter
import xlwt

from tests.reading import papers
from tracker.reading import biff, hidden
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


def old_book() -> bytes:
    """An .xls workbook of the same rows, its fourth row and third column hidden, on its second sheet."""
    file, made = BytesIO(), xlwt.Workbook()
    made.add_sheet("空表")
    sheet = made.add_sheet("任务表")
    for place, row in enumerate(ROWS):
        for column, text in enumerate(row):
            sheet.write(place, column, text)
    sheet.row(3).hidden = True
    sheet.col(2).hidden = True
    made.save(file)
    return file.getvalue()


def test_what_an_old_workbook_hides_is_read_and_doubted():
    assert biff.of_sheets(old_book()) == [hidden.Hidden(), hidden.Hidden({3}, {2})]
    plan = parse(old_book(), "a.xls")
    assert [item.task for item in plan.items] == ["公开目录。", "更新指南。"]
    assert [code for code, _, doubt in remarks(plan) if doubt and code.startswith("hidden")] == [
        "hidden-column",
        "hidden-row",
    ]


def test_an_old_workbook_that_cannot_be_asked_says_so(monkeypatch):
    monkeypatch.setattr(biff, "of_sheets", lambda data: None)
    assert "hidden-unknown" in [code for code, _, _ in remarks(parse(old_book(), "a.xls"))]


@pytest.mark.parametrize("end", [0, 8, 40, 600, 2000])
def test_an_old_workbook_that_was_cut_short_cannot_be_asked(end):
    assert biff.of_sheets(old_book()[:end]) is None
