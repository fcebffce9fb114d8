"""The quarterly inspection sheet (季度检查表) as DOCX."""

from docx.document import Document
from docx.enum.table import WD_ALIGN_VERTICAL
from docx.shared import Mm
from docx.table import _Cell, _Row

from tracker.printing.inspection_sheets_text import CriterionRow, ItemRow, Labelled, Paper, Sheet, Summary
from tracker.printing.text import printable
from tracker.printing.word import CENTRE, RIGHT
from tracker.printing.word_styles import STYLES
from tracker.printing.word_table import grid, head, keep_with_next, merge, repeat, say, tall

# Millimetres; each line makes 156, the width of the type area.
FACT_WIDTHS = (24, 64, 22, 46)
ITEM_WIDTHS = (11, 45, 11, 57, 32)
SUMMARY_WIDTHS = (11, 49, 14, 14, 14, 12, 22, 20)
CRITERIA_WIDTHS = (36, 42, 78)
SUMMARY_ROW, WRITING_ROOM, SIGNING_ROOM = 9, 19, 22


def write(document: Document, paper: Paper) -> None:
    if paper.summary:
        _head(document, paper.summary, new_page=False)
        _summary(document, paper, paper.summary)
    for position, sheet in enumerate(paper.sheets):
        _head(document, sheet, new_page=bool(paper.summary or position))
        _items(document, paper, sheet)
        _gap(document)
        _criteria(document, paper, sheet)
    _gap(document)  # Word wants a paragraph after the last table


def _head(document: Document, sheet: Sheet | Summary, *, new_page: bool) -> None:
    for position, line in enumerate(sheet.title):
        title = document.add_paragraph(printable(line), STYLES["title"])
        title.alignment = CENTRE
        title.paragraph_format.page_break_before = new_page and position == 0
    title.paragraph_format.space_after = Mm(3)
    _facts(document, sheet.facts)
    _gap(document)


def _facts(document: Document, facts: tuple[Labelled, ...]) -> None:
    """The first two side by side, the others a line each."""
    first, *others = grid(document, FACT_WIDTHS, len(facts) - 1).rows
    for position in (0, 1):
        _fact(first.cells[position * 2], first.cells[position * 2 + 1], facts[position])
    for row, fact in zip(others, facts[2:], strict=True):
        _fact(row.cells[0], merge(row, 1, 3), fact)


def _fact(label: _Cell, value: _Cell, fact: Labelled) -> None:
    head(label, fact.label)
    say(value, "text", fact.text)
    value.vertical_alignment = WD_ALIGN_VERTICAL.CENTER


def _gap(document: Document) -> None:
    """Tables that touch would become one."""
    document.add_paragraph(style=STYLES["note"])


def _items(document: Document, paper: Paper, sheet: Sheet) -> None:
    caption, heads, *rows = grid(document, ITEM_WIDTHS, 2 + max(1, len(sheet.rows))).rows
    say(merge(caption, 0, 4), "head", sheet.items_caption)
    _heads(heads, paper.item_heads)
    repeat(caption, heads)
    if not sheet.rows:
        say(merge(rows[0], 0, 4), "text", paper.no_items, alignment=CENTRE)
    for row, item in zip(rows, sheet.rows, strict=False):
        _item(row, item)


def _heads(row: _Row, texts: tuple[str, ...]) -> None:
    for cell, text in zip(row.cells, texts, strict=False):
        head(cell, text)


def _item(row: _Row, item: ItemRow) -> None:
    number, task, role, report, standing = row.cells
    say(number, "text", item.number, alignment=CENTRE)
    if item.section:
        say(task, "section", item.section)
    say(task, "text", item.task)
    for note in item.notes:
        say(task, "note", note.text, label=f"{note.label}：")
    say(role, "text", item.role, alignment=CENTRE)
    say(report, "head", item.state)
    for part in item.report:
        say(report, "text", part.text, label=f"{part.label}：")
    say(standing, "head", item.light)
    say(standing, "text", item.standing)
    for sentence in item.late:
        say(standing, "note", sentence)
    for part in item.judged:
        say(standing, "note", part.text, label=f"{part.label}：")


def _criteria(document: Document, paper: Paper, sheet: Sheet) -> None:
    """Criteria, method and signatures; every row is tied to the next, so that the block stays on one page."""
    caption, heads, *rows, method, signing = grid(document, CRITERIA_WIDTHS, 4 + len(sheet.criteria)).rows
    say(merge(caption, 0, 2), "head", sheet.criteria_caption)
    _heads(heads, paper.criteria_heads)
    for row, criterion in zip(rows, sheet.criteria, strict=True):
        _criterion(row, criterion)
    head(method.cells[0], sheet.method.label)
    say(merge(method, 1, 2), "text", sheet.method.text)
    _signatures(signing, paper, sheet)
    keep_with_next((caption, heads, *rows, method))


def _criterion(row: _Row, criterion: CriterionRow) -> None:
    tall(row, WRITING_ROOM)
    named, judged, fact = row.cells
    say(named, "head", criterion.label)
    say(named, "note", criterion.text)
    for verdict in criterion.verdicts:
        say(judged, "text", verdict)
    if criterion.fact:
        say(fact, "text", criterion.fact)
    named.vertical_alignment = judged.vertical_alignment = WD_ALIGN_VERTICAL.CENTER


def _signatures(row: _Row, paper: Paper, sheet: Sheet) -> None:
    tall(row, SIGNING_ROOM)
    for cell, signature in zip((merge(row, 0, 1), row.cells[2]), sheet.signatures, strict=True):
        say(cell, "text", signature)
        say(cell, "text", paper.signed_on, alignment=RIGHT).paragraph_format.space_before = Mm(9)


def _summary(document: Document, paper: Paper, summary: Summary) -> None:
    heads, *rows, total = grid(document, SUMMARY_WIDTHS, 2 + max(1, len(summary.rows))).rows
    _heads(heads, paper.summary_heads)
    repeat(heads)
    if not summary.rows:
        say(merge(rows[0], 0, 7), "text", paper.no_units, alignment=CENTRE)
    for row, texts in zip(rows, summary.rows, strict=False):
        _summary_row(row, texts)
    tall(total, SUMMARY_ROW)
    _heads(total, summary.total)


def _summary_row(row: _Row, texts: tuple[str, ...]) -> None:
    tall(row, SUMMARY_ROW)
    for position, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
        say(cell, "text", text, alignment=None if position == 1 else CENTRE)
        cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
