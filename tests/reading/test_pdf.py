import json
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path

import pytest
import typst

from tests.reading import papers
from tracker.reading import pdf, text
from tracker.reading.annotation import annotation
from tracker.reading.document import Grid
from tracker.reading.parse import parse
from tracker.rules.refusals import Invalid

LEFT, INDENT = 60, 84
ROOT = Path(__file__).parents[2]
FONTS = ROOT / "build" / "fonts"
SETTING = """#set page(margin: 25mm)
#set text(font: ("FandolFang R", "LXGW WenKai"), size: 12pt, lang: "zh")
#for line in json(bytes(sys.inputs.lines)) { par(text(line)) }"""

RULED = """#set page(margin: 20mm)
#set text(font: ("FandolFang R", "LXGW WenKai"), size: 10.5pt, lang: "zh")
#let cells = json(bytes(sys.inputs.cells))
#table(columns: (1fr, 3fr, 6fr, 5fr, 3fr), ..cells.map(cell => table.cell(rowspan: cell.at(1), cell.at(0))))"""


def lines(*texts: str, x: float = LEFT, top: float = 780) -> list[tuple[float, float, str]]:
    """Lines under one another; two blanks before a text indent it."""
    return [(INDENT if t.startswith("  ") else x, top - 24 * place, t.strip()) for place, t in enumerate(texts)]


def test_lines_are_joined_to_paragraphs_also_over_the_end_of_a_page():
    first = lines(
        "  （一）推进政务公开标准化规范化建设，进一步完善目录和指",
        "南，提升公开质量。",
        "  （二）做好政策解读，采用图解、视频等多种形式，开展解读",
    )
    second = lines("工作，方便群众理解。")
    document = pdf.read(papers.pdf([*first, (280, 40, "— 1 —")], [*second, (280, 40, "— 2 —")]))
    assert [block.text for block in document.blocks] == [
        "（一）推进政务公开标准化规范化建设，进一步完善目录和指南，提升公开质量。",
        "（二）做好政策解读，采用图解、视频等多种形式，开展解读工作，方便群众理解。",
    ]
    assert [(dropped.line, dropped.reason) for dropped in document.dropped] == [(4, "页码"), (6, "页码")]


def test_the_evidence_in_a_pdf_is_marked_over_the_line_break():
    data = papers.pdf(lines("  一、每季度向社会公开区政府重点工作的进展情况。（责任单位：市财", "政局、市科技局）"))
    plan = parse(data, "a.pdf")
    unit = plan.items[0].units[0]
    assert unit.name == "市财政局"
    assert plan.source[unit.span.start : unit.span.end] == "市财\n政局"


def ruled_table() -> bytes:
    """Two groups, the first over two rows; ruled as an office rules its tables."""
    columns, rows = [60, 100, 180, 360, 440], [700, 670, 640, 610, 580]
    texts = [
        (680, ["序号", "类别", "任务", "责任单位"]),
        (650, ["1", "公开", "公开目录不少于3种", "县司法局"]),
        (620, ["2", "", "更新指南", "县教育局"]),
        (590, ["3", "解读", "做好解读", "县政府办"]),
    ]
    placed = [(columns[c] + 4, y, t) for y, row in texts for c, t in enumerate(row) if t]
    rules = [(x, rows[0], x, rows[-1]) for x in columns] + [(60, y, 440, y) for y in rows if y != 640]
    rules += [(60, 640, 100, 640), (180, 640, 440, 640)]
    return papers.pdf([(200, 750, "某县2025年任务分解表"), *placed], ruled=rules)


def test_a_ruled_table_keeps_its_merged_cells():
    plan = parse(ruled_table(), "a.pdf")
    assert plan.title == "某县2025年任务分解表"
    assert [(item.number, item.section, item.task) for item in plan.items] == [
        ("1", ("公开",), "公开目录不少于3种"),
        ("2", ("公开",), "更新指南"),
        ("3", ("解读",), "做好解读"),
    ]


def test_a_scan_has_no_text():
    with pytest.raises(Invalid, match="扫描件"):
        pdf.read(papers.pdf([]))


def test_a_damaged_pdf_is_refused():
    with pytest.raises(Invalid, match="损坏|扫描件"):
        pdf.read(b"%PDF-1.4\n1 0 obj <<")


def test_a_pdf_of_too_many_pages_is_refused(monkeypatch):
    monkeypatch.setattr(pdf, "MOST_PAGES", 1)
    with pytest.raises(Invalid, match="页"):
        pdf.read(papers.pdf(lines("一、甲"), lines("二、乙")))


@pytest.mark.skipif(not FONTS.exists(), reason="the fonts are not there: run make setup")
@pytest.mark.parametrize("number", ["000", "001", "003", "004"])
def test_a_seed_plan_set_as_pdf_reads_the_same(number):
    """The lines break elsewhere and run over pages."""
    (seed,) = (ROOT / "seed_plans").glob(f"{number}*")
    printed = [line for line in seed.read_text("utf-8").splitlines() if line.strip()]
    paper = typst.compile(
        SETTING.encode(), font_paths=[FONTS], ignore_system_fonts=True, sys_inputs={"lines": json.dumps(printed)}
    )
    assert _without_blanks(annotation(parse(paper, "a.pdf"))) == _without_blanks(
        annotation(parse(seed.read_bytes(), seed.name))
    )


@pytest.mark.skipif(not FONTS.exists(), reason="the fonts are not there: run make setup")
def test_a_seed_table_ruled_in_a_pdf_reads_the_same():
    """Over several pages, its cells broken between them; quotation marks at the start of a line reach out of a cell."""
    (seed,) = (ROOT / "seed_plans").glob("002*")
    (grid,) = [block for block in text.read(seed.read_bytes()).blocks if isinstance(block, Grid)]
    paper = typst.compile(
        RULED.encode(),
        font_paths=[FONTS],
        ignore_system_fonts=True,
        sys_inputs={"cells": json.dumps(list(_cells(grid)))},
    )
    assert _without_blanks(annotation(parse(paper, "a.pdf"))) == _without_blanks(
        annotation(parse(seed.read_bytes(), seed.name))
    )


def _cells(grid: Grid) -> Iterator[tuple[str, int]]:
    """The cells in their order, each with the number of rows that it covers."""
    for place, row in enumerate(grid.rows):
        for column, cell in enumerate(row):
            if not place or not cell.text or grid.rows[place - 1][column] is not cell:
                below = (line[column] is cell for line in grid.rows[place:])
                yield cell.text, len(list(takewhile(bool, below))) if cell.text else 1


def _without_blanks(read: dict[str, object]) -> str:
    return "".join(json.dumps(read, ensure_ascii=False).replace("\\n", "").split())
