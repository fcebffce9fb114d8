"""Forms that come back, and files that are none, as the reading child sees them."""

import io

import pytest
import xlsxwriter
import xlwt

from tests import sheets
from tests.reading import papers, traps
from tests.sheets import FIRST, Formula, filled
from tracker.printing import report_form as paper
from tracker.reading import guarded, report_form
from tracker.rules.refusals import Invalid
from tracker.rules.report_form import DUTIES, FIGURES, REPORTS, Form, Line, ReadForm, fingerprint

TYPED = frozenset({"progress", "progress_class"})
VALUES = {"position": "1", "task": "=1+1", "progress": "-已开展。\n第二行", "state": "草稿"}
RATE = {"position": "1", "target": "公开率达95%", "value": "95"}
TICK = {"position": "1", "duty": "检查", "ticked": "√", "done_on": "2025-03-20"}


def printed(*lines: Line) -> bytes:
    figure = Line(RATE, frozenset({"value"}), "f")
    duty = Line(TICK, frozenset({"ticked", "done_on"}), "d")
    return paper.xlsx(Form("填报表", "填报单位：县司法局", "mark", {
        "填报": lines or [Line(VALUES, TYPED, "r")], "量化指标": [figure], "应办事项": [duty]
    }))  # fmt: skip


def test_what_was_printed_is_read_again():
    read = report_form.read(printed())
    report, figure, duty = read.lines
    assert (read.mark, read.faults) == ("mark", ())
    assert {name: text for name, text in report.values.items() if text} == VALUES | {"key": "r"}
    assert (figure.values["value"], duty.values["done_on"]) == ("95", "2025-03-20")
    assert report.row == FIRST


def test_the_fingerprint_holds_through_the_file():
    read = report_form.read(printed())
    assert fingerprint({"填报": read.lines[0].typed}) == fingerprint({"填报": REPORTS.typed(VALUES)})


def test_the_guarded_child_reads_the_same():
    data = printed()
    assert guarded.read_form(data) == report_form.read(data)


@pytest.mark.parametrize(
    ("layout", "cell", "value", "field", "text"),
    [
        (REPORTS, "G5", "\x0b已开展。\r\n", "progress", "已开展。"),
        (REPORTS, "K5", None, "progress_class", ""),
        (FIGURES, "E5", 12, "value", "12"),
        (FIGURES, "E5", 95.5, "value", "95.5"),
        (FIGURES, "E5", "１２", "value", "１２"),
        (DUTIES, "F5", 45737, "done_on", "2025-03-21"),
        (DUTIES, "F5", "2025.3.21", "done_on", "2025.3.21"),
    ],
)
def test_what_a_cell_shows_is_what_is_read(layout, cell, value, field, text):
    if isinstance(value, str):
        value = value.replace("\x0b", "")
    read = report_form.read(filled(printed(), {(layout, cell): value}))
    assert next(line for line in read.lines if line.sheet == layout.name).values[field] == text


def test_a_number_that_is_shown_as_a_percentage_is_one():
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        for layout in (REPORTS, FIGURES, DUTIES):
            sheet = book.add_worksheet(layout.name)
            for place, column in enumerate(layout.columns):
                sheet.write_string(FIRST - 2, place, column.title)
            sheet.write_string(FIRST - 1, layout.place("key"), "k")
        book.get_worksheet_by_name("量化指标").write_number("E5", 0.955, book.add_format({"num_format": "0.0%"}))
    assert [line.values.get("value") for line in report_form.read(file.getvalue()).lines][1] == "95.5%"


def test_a_formula_is_a_fault_of_its_cell():
    [fault] = report_form.read(filled(printed(), {(FIGURES, "E5"): Formula("1+1")})).faults
    assert fault.cell == "“量化指标”表 E5"
    assert "公式" in fault.sentence


def test_merged_cells_are_a_fault_of_their_range():
    def merge(sheet):
        sheet.find(sheets.MAIN + "mergeCells").append(sheet.makeelement(sheets.MAIN + "mergeCell", ref="G5:H6"))

    [fault] = report_form.read(sheets.changed(printed(), REPORTS, merge)).faults
    assert fault.cell == "“填报”表 G5:H6"


def test_a_row_without_a_key_is_a_fault_and_an_empty_one_is_nothing():
    read = report_form.read(filled(printed(), {(REPORTS, "G6"): "多写的一行", (REPORTS, "G9"): None}))
    assert [(fault.cell, fault.sentence[:6]) for fault in read.faults] == [("“填报”表 A6", "这一行没有标")]


def test_columns_that_were_moved_are_refused_by_their_cell():
    with pytest.raises(Invalid, match="“填报”表 G4应为栏目“工作进展”，现为“进展”"):
        report_form.read(filled(printed(), {(REPORTS, "G4"): "进展"}))


def _typed(xml: bytes) -> bytes:
    return xml.replace(b"?>", b"?><!DOCTYPE a>", 1)


def _old() -> bytes:
    book, file = xlwt.Workbook(), io.BytesIO()
    book.add_sheet("填报")
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("build", "sentence"),
    [
        (lambda: b"", report_form.EMPTY),
        (lambda: b" \n", report_form.EMPTY),
        (lambda: b"x" * (report_form.LARGEST + 1), report_form.TOO_LARGE),
        (_old, report_form.OLD),
        (lambda: traps.OLE + "EncryptedPackage".encode("utf-16-le"), report_form.LOCKED),
        (lambda: papers.word("各位同事"), report_form.NOT_A_FORM),
        (lambda: b"%PDF-1.7", report_form.NOT_A_FORM),
        (lambda: "序号,任务".encode(), report_form.NOT_A_FORM),
        (lambda: papers.workbook([["任务"]]), report_form.NOT_A_FORM),
        (lambda: printed()[:-800], report_form.DAMAGED),
        (lambda: traps.bomb(printed(), "xl/media/a.bin", 60_000_000), report_form.STRANGE),
        (lambda: traps.crowd(printed()), report_form.STRANGE),
        (lambda: traps.repacked(printed(), {"../../x": b"1"}), report_form.STRANGE),
        (lambda: traps.repacked(printed(), sheet1=_typed), report_form.STRANGE),
        (lambda: traps.repacked(printed(), sheet2=lambda xml: xml[:200]), report_form.DAMAGED),
    ],
)  # fmt: skip
def test_a_file_that_is_no_form_has_its_sentence(build, sentence):
    with pytest.raises(Invalid) as refusal:
        report_form.read(build())
    assert refusal.value.sentence == sentence


def test_a_sheet_that_reaches_far_ends_the_child_alone():
    with pytest.raises(Invalid, match="过于庞大"):
        guarded.read_form(filled(printed(), {(REPORTS, "XFD1048576"): "x"}))


def test_a_sheet_that_is_missing_is_named():
    renamed = traps.repacked(printed(), workbook=lambda xml: xml.replace("量化指标".encode(), "指标".encode()))
    with pytest.raises(Invalid, match="没有“量化指标”表"):
        report_form.read(renamed)


def test_what_the_child_cannot_read_has_a_sentence_of_forms(monkeypatch):
    monkeypatch.setattr(guarded, "SECONDS", 0.01)
    with pytest.raises(Invalid, match="请重新下载本季度的填报表"):
        guarded.read_form(printed())


def test_a_form_of_nothing_is_read_too():
    assert isinstance(report_form.read(paper.xlsx(Form("t", "a", "m", {}))), ReadForm)
