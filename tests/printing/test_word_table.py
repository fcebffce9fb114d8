from datetime import date

import pytest
from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Mm

from tracker.printing.word import official
from tracker.printing.word_table import grid, merge, repeat, say, tall


@pytest.fixture
def document() -> Document:
    return official("示例", "示例", date(2026, 3, 31))


def test_columns_keep_their_widths(document: Document) -> None:
    table = grid(document, (20, 136), rows=2)
    assert not table.autofit
    assert [round(cell.width.mm) for cell in table.rows[1].cells] == [20, 136]


def test_the_first_paragraph_fills_the_empty_cell_and_others_follow(document: Document) -> None:
    cell = grid(document, (156,), rows=1).rows[0].cells[0]
    say(cell, "text", "第一段")
    say(cell, "note", "第二段", label="说明：")
    assert [(each.text, each.style.name) for each in cell.paragraphs if each.style] == [
        ("第一段", "表格正文"),
        ("说明：第二段", "表格说明"),
    ]


def test_merged_cells_become_one(document: Document) -> None:
    row = grid(document, (20, 36, 100), rows=1).rows[0]
    say(merge(row, 0, 1), "text", "合并")
    assert [cell.text for cell in row.cells] == ["合并", "合并", ""]
    assert len(row._tr.tc_lst) == 2


def test_a_repeated_head_stays_with_what_follows(document: Document) -> None:
    head = grid(document, (156,), rows=2).rows[0]
    say(head.cells[0], "head", "表头")
    repeat(head)
    assert head._tr.trPr.find(qn("w:tblHeader")) is not None
    assert head.cells[0].paragraphs[0].paragraph_format.keep_with_next


def test_a_tall_row_may_grow(document: Document) -> None:
    row = grid(document, (156,), rows=1).rows[0]
    tall(row, 19)
    assert row.height == pytest.approx(Mm(19), abs=Mm(0.1))
    assert row.height_rule is not None
    assert row.height_rule.name == "AT_LEAST"
