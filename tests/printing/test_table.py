"""Wide tables, opened again as PDF, as DOCX and as workbook."""

import io
import zipfile
from dataclasses import replace
from datetime import date

import docx
import pdfplumber
import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from python_calamine import CalamineWorkbook

from tracker.printing import table as printed
from tracker.printing.layout import A3, A4_TURNED
from tracker.printing.table_parts import Column, Group, Table

MM = 72 / 25.4
COLUMNS = (Column("序号", 10, centred=True), Column("任务", 60), Column("进展", 80), Column("备注", 30))
LONG = "本季度公开信息若干条，由示例科张喆、李镕、王堃、赵玥、陈祎具体承办。" * 4


def rows(first, last, progress=LONG):
    return tuple((number, f"任务{number}号", progress, "") for number in range(first, last + 1))


TABLE = Table(
    title=("示例县2025年第一季度工作台账",),
    author="示例县办公室",
    as_of=date(2025, 3, 31),
    about=("编制单位：示例县办公室", "截至2025年3月31日"),
    columns=COLUMNS,
    groups=(Group("一、深化决策公开", rows(1, 14)), Group("二、强化监督", rows(15, 20))),
    nothing="没有任务。",
    signatures=("单位负责人（签字）：", "填报人："),
)


def pages(fonts, *tables):
    with pdfplumber.open(io.BytesIO(printed.pdf(tables, fonts))) as paper:
        yield from paper.pages


def text_of(page):
    return "".join(character["text"] for character in page.chars if character["text"].strip())


def test_a_turned_page_has_the_margins_of_the_upright_sheet_on_its_side(fonts):
    for page in pages(fonts, TABLE):
        assert (page.width / MM, page.height / MM) == pytest.approx((297, 210), abs=0.1)
        for found in page.find_tables():
            left, top, right, bottom = (edge / MM for edge in found.bbox)
            assert (left, right) == pytest.approx((35, 297 - 37), abs=0.3)
            assert top > 28 - 0.3
            assert bottom < 210 - 26 + 0.3


def test_the_page_number_of_a_turned_page_keeps_its_place_on_the_upright_sheet(fonts):
    """Upright it stands 7 mm below the type area, one character in: at the right on odd pages, at the left on even."""
    for number, page in enumerate(pages(fonts, TABLE), 1):
        shown = [c for c in page.chars if c["x1"] / MM < 35]
        assert "".join(c["text"] for c in sorted(shown, key=lambda c: c["top"])) == f"— {number} —"
        assert {tuple(round(each) for each in c["matrix"][:4]) for c in shown} == {(0, -1, 1, 0)}  # clockwise
        baseline = min(c["matrix"][4] for c in shown)  # of turned text, counted from the left edge
        assert (baseline + 0.31 * 14) / MM == pytest.approx(35 - 7, abs=0.5)  # the dash runs over the baseline
        outer = (
            page.height - 26 * MM - max(c["bottom"] for c in shown)
            if number % 2
            else min(c["top"] for c in shown) - 28 * MM
        )
        assert outer == pytest.approx(14, abs=1)


def test_heads_stand_on_every_page_and_captions_again_with_a_mark(fonts):
    texts = [text_of(page) for page in pages(fonts, TABLE)]
    assert len(texts) > 2
    assert all("序号任务进展备注" in text for text in texts)
    assert "一、深化决策公开（续）" not in texts[0]
    assert all("（续）" in text or "二、强化监督" in text for text in texts[1:])


def test_rows_stay_whole_unless_no_page_holds_them(fonts):
    ends = [text_of(page).count("具体承办。") % 4 for page in pages(fonts, TABLE)]
    assert ends == [0] * len(ends)
    tall = replace(TABLE, groups=(Group("", rows(1, 2, "".join(f"第{n}条，" for n in range(900)))),))
    texts = "".join(text_of(page) for page in pages(fonts, tall))
    assert all(f"第{n}条，" in texts for n in (0, 450, 899))


@pytest.mark.parametrize("count", range(1, 9))
def test_signatures_are_never_alone_on_a_page(fonts, count):
    short = replace(TABLE, groups=(Group("一、深化决策公开", rows(1, count)),))
    *_, last = pages(fonts, short)
    assert "单位负责人（签字）：" in text_of(last)
    assert f"任务{count}号" in text_of(last)


@pytest.mark.parametrize("count", range(1, 9))
def test_a_total_is_never_on_a_page_without_a_row(fonts, count):
    summed = replace(TABLE, groups=(Group("", rows(1, count)),), total=("", "合计", str(count), ""))
    *_, last = pages(fonts, summed)
    assert f"任务{count}号" in text_of(last)
    assert "合计" in text_of(last)
    assert "单位负责人（签字）：" in text_of(last)


def test_an_empty_table_says_so(fonts):
    (page,) = pages(fonts, replace(TABLE, groups=()))
    assert "没有任务。" in text_of(page)


def test_a3_folds_out_and_numbers_its_pages_at_the_foot(fonts):
    page = next(pages(fonts, replace(TABLE, sheet=A3)))
    assert (page.width / MM, page.height / MM) == pytest.approx((420, 297), abs=0.1)
    foot = [c for c in page.chars if c["top"] / MM > 297 - 35]
    assert "".join(c["text"] for c in foot) == "— 1 —"


def test_rare_characters_are_set_and_nothing_is_evaluated(fonts):
    odd = replace(TABLE, groups=(Group("", ((1, "#read(1)$x$", "镕喆堃玥祎", "=1+1"),)),))
    text = text_of(next(pages(fonts, odd)))
    assert all(letter in text for letter in "镕喆堃玥祎")
    assert "#read(1)$x$" in text


def written(*tables):
    return docx.Document(io.BytesIO(printed.docx(tables)))


def test_word_gets_a_real_table_on_a_turned_page_with_heads_that_repeat():
    document = written(TABLE)
    section = document.sections[0]
    assert section.orientation == WD_ORIENT.LANDSCAPE
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(margin.mm) for margin in margins] == [28, 26, 35, 37]
    (table,) = document.tables
    assert [cell.text for cell in table.rows[0].cells] == ["序号", "任务", "进展", "备注"]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
    assert table.rows[1].cells[0].text == "一、深化决策公开"
    assert table.rows[2].cells[1].paragraphs[0].style.font.name == "仿宋_GB2312"


def test_words_page_number_is_turned_in_the_left_margin():
    section = written(TABLE).sections[0]
    for header, side in ((section.header, "right"), (section.even_page_header, "left")):
        cell = header._element.tbl_lst[0].tr_lst[0].tc_lst[0]
        assert cell.tcPr.find(qn("w:textDirection")).get(qn("w:val")) == "tbRl"
        assert cell.p_lst[0].pPr.find(qn("w:jc")).get(qn("w:val")) == side
        assert "PAGE" in cell.xml


def test_word_keeps_the_last_row_with_the_signatures():
    table = written(TABLE).tables[0]
    assert all(p.paragraph_format.keep_with_next for cell in table.rows[-1].cells for p in cell.paragraphs)
    assert not any(p.paragraph_format.keep_with_next for cell in table.rows[-2].cells for p in cell.paragraphs)


def test_word_keeps_the_last_row_with_the_total_and_the_total_with_the_signatures():
    *_, before, row, total = written(replace(TABLE, total=("", "合计", "20", ""))).tables[0].rows
    kept = [[p.paragraph_format.keep_with_next for p in each.cells[1].paragraphs] for each in (before, row, total)]
    assert kept == [[None], [True], [True]]


def test_the_workbook_holds_texts_and_figures_never_formulas():
    odd = replace(TABLE, groups=(Group("", ((1, "=1+1", "@SUM(A1)", "-2"),)),))
    content = printed.xlsx([odd])
    assert rows_of(content)[3] == [1, "=1+1", "@SUM(A1)", "-2"]
    sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert '<pageSetup paperSize="9" fitToHeight="0" orientation="landscape"/>' in sheet


def rows_of(content):
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def test_worksheets_of_several_tables_have_names_of_their_own():
    book = CalamineWorkbook.from_filelike(io.BytesIO(printed.xlsx([TABLE, TABLE])))
    assert len(set(book.sheet_names)) == 2


def test_the_same_table_is_the_same_bytes(fonts):
    assert printed.pdf([TABLE], fonts) == printed.pdf([TABLE], fonts)
    assert printed.docx([TABLE]) == printed.docx([TABLE])
    assert printed.xlsx([TABLE]) == printed.xlsx([TABLE])


def test_widths_fill_the_type_area():
    assert sum(TABLE.widths) == pytest.approx(A4_TURNED.type_width)


@pytest.mark.parametrize("clauses", [190, 230, 400])  # more than stands beneath the title; than a page holds; than two
def test_a_long_first_row_begins_beneath_the_title_and_runs_off_no_page(fonts, clauses):
    long = "".join(f"第{n}条，" for n in range(clauses))
    texts = [text_of(page) for page in pages(fonts, replace(TABLE, groups=(Group("", rows(1, 1, long)),)))]
    assert "第0条，" in texts[0]
    assert f"第{clauses - 1}条，" in texts[-1] or "单位负责人" in texts[-1]
    assert max(text.count("条，") for text in texts) < 230
