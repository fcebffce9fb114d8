from io import BytesIO

import pytest
import xlsxwriter

from tests.reading import papers
from tracker.reading import workbook
from tracker.reading.parse import parse
from tracker.rules.refusals import Invalid

ROWS = [
    ["某县2025年任务分解表", "", "", ""],
    ["类别", "任务", "责任单位", "完成时限"],
    ["公开", "公开目录。", "县司法局，各镇", "6月底"],
    [None, "更新指南。", "县政府办", "每季度"],
]


def test_a_sheet_is_a_table_with_its_merges_resolved():
    (grid,) = workbook.read(papers.workbook(ROWS)).blocks
    assert [cell.text for cell in grid.rows[3]] == ["公开", "更新指南。", "县政府办", "每季度"]
    assert grid.rows[2][0] is grid.rows[3][0]


def test_a_workbook_is_a_plan():
    plan = parse(papers.workbook(ROWS), "任务表.xlsx")
    assert (plan.title, plan.year) == ("某县2025年任务分解表", 2025)
    assert [(item.section, item.task) for item in plan.items] == [
        (("公开",), "公开目录。"),
        (("公开",), "更新指南。"),
    ]


def test_dates_and_whole_numbers_look_as_in_the_sheet():
    file = BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["序号", "任务", "完成时限"])
        sheet.write_number(1, 0, 1)
        sheet.write_string(1, 1, "公开目录")
        sheet.write_number(1, 2, 45838, book.add_format({"num_format": "yyyy-mm-dd"}))
        book.add_worksheet("隐藏").hide()
    (grid,) = workbook.read(file.getvalue()).blocks
    assert [cell.text for cell in grid.rows[1]] == ["1", "公开目录", "2025年6月30日"]


def test_a_column_of_paragraphs_is_text():
    plan = parse(papers.workbook([["一、任务"], ["（一）公开目录。"]]), "a.xlsx")
    assert [(item.section, item.task) for item in plan.items] == [(("任务",), "公开目录。")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_comma_separated_text_is_a_table(encoding):
    text = '序号,任务,责任单位\n1,"公开目录，\n更新指南。",县局\n'
    (item,) = parse(text.encode(encoding), "a.csv").items
    assert item.task == "公开目录，\n更新指南。"


def test_a_damaged_workbook_is_refused():
    with pytest.raises(Invalid, match="损坏"):
        workbook.read(b"PK\x03\x04 no workbook")


def test_a_sheet_beyond_all_measure_is_refused(monkeypatch):
    monkeypatch.setattr("tracker.reading.spans.MOST_CELLS", 10)
    with pytest.raises(Invalid, match="表格过大"):
        workbook.read(papers.workbook(ROWS))


def test_an_ods_that_is_not_well_formed_is_refused_at_once():
    data = papers.spreadsheet(papers.spreadsheet_row("任务") + "<cut:")
    with pytest.raises(Invalid, match="损坏"):
        workbook.read(data)


def test_a_library_that_panics_is_a_damaged_file(monkeypatch):
    panic = type("PanicException", (BaseException,), {})
    monkeypatch.setattr(workbook.CalamineWorkbook, "from_filelike", lambda file: (_ for _ in ()).throw(panic()))
    with pytest.raises(Invalid, match="损坏"):
        workbook.read(papers.workbook(ROWS))
