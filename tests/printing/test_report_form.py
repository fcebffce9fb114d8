"""The form as a workbook: what is locked, what is checked by the workbook itself, how it prints."""

import re
import zipfile
from io import BytesIO

import pytest
from lxml import etree
from python_calamine import CalamineWorkbook

from tests.sheets import FIRST, MAIN, cells_of, xml_of
from tracker.printing import report_form as paper
from tracker.rules.report_form import DUTIES, FIGURES, REPORTS, SHEETS, Form, Line

TEXTS = {
    "position": "1",
    "task": "=cmd|' /C calc'!A0",
    "progress": "+86 已办",
    "achievements": "http://e.cn",
    "state": "草稿",
}


@pytest.fixture(scope="module")
def book() -> bytes:
    lines = {
        "填报": [Line(TEXTS, frozenset({"progress"}), "k")],
        "量化指标": [Line({"position": "1", "value": "0.50"}, frozenset({"value"}), "k")],
        "应办事项": [Line({"position": "1", "done_on": "2025-03-20"}, frozenset({"ticked", "done_on"}), "k")],
    }
    return paper.xlsx(Form("2025年计划填报表", "填报单位：县司法局", "mark", lines))


def test_it_has_the_three_sheets_and_a_note(book):
    assert CalamineWorkbook.from_filelike(BytesIO(book)).sheet_names == ["填报", "量化指标", "应办事项", "填表说明"]


def test_no_text_is_ever_a_formula_or_a_link(book):
    [row] = cells_of(book, REPORTS)
    assert row[REPORTS.place("task")] == TEXTS["task"]
    for layout in SHEETS:
        assert "<f>" not in xml_of(book, layout)
        assert "hyperlink" not in xml_of(book, layout)


def test_figures_are_text_so_that_what_is_typed_stays(book):
    assert cells_of(book, FIGURES)[0][FIGURES.place("value")] == "0.50"


@pytest.mark.parametrize("layout", SHEETS, ids=lambda layout: layout.name)
def test_every_sheet_is_protected_printed_across_and_repeats_its_head(book, layout):
    xml = xml_of(book, layout)
    assert re.search(r'<sheetProtection sheet="1"[^>]*/>', xml)
    assert "password" not in xml
    assert re.search(r'<pageSetup paperSize="9"[^>]*orientation="landscape"', xml)
    assert f"'{layout.name}'!$4:$4" in _defined(book).replace("&apos;", "'").replace(
        f"{layout.name}!", f"'{layout.name}'!"
    )


def _defined(book: bytes) -> str:
    with zipfile.ZipFile(BytesIO(book)) as packed:
        return packed.read("xl/workbook.xml").decode()


def _locked(book: bytes, layout, field: str) -> bool:
    cell = f"{chr(ord('A') + layout.place(field))}{FIRST}"
    style = int(re.search(rf'<c r="{cell}" s="(\d+)"', xml_of(book, layout)).group(1))
    with zipfile.ZipFile(BytesIO(book)) as packed:
        used = etree.fromstring(packed.read("xl/styles.xml")).find(f"{MAIN}cellXfs")
    protection = used[style].find(f"{MAIN}protection")
    return protection is None or protection.get("locked") != "0"


def test_only_what_the_unit_fills_in_is_open(book):
    assert [_locked(book, REPORTS, field) for field in ("task", "progress", "problems")] == [True, False, True]
    assert not _locked(book, DUTIES, "done_on")


def test_the_key_column_is_hidden(book):
    assert re.search(r'<col min="14" max="14"[^>]*hidden="1"', xml_of(book, REPORTS))


def test_the_workbook_checks_classes_ticks_days_and_lengths_in_chinese(book):
    assert '"已完成,超进度,达进度,欠进度,其他"' in xml_of(book, REPORTS).replace("&quot;", '"')
    assert "最多 2000 字" in xml_of(book, REPORTS)
    assert 'type="date"' in xml_of(book, DUTIES)
    assert "请核对" in xml_of(book, DUTIES)
