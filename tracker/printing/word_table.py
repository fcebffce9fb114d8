"""Tables in DOCX: widths that hold, heads that repeat, rows that stay whole."""

from collections.abc import Iterable, Sequence

from docx.document import Document
from docx.enum.table import WD_ALIGN_VERTICAL, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

from tracker.printing.text import printable
from tracker.printing.word import CENTRE
from tracker.printing.word_styles import LABEL_ID, style_id, xml


def grid(document: Document, widths: Sequence[float], rows: int) -> Table:
    """A table of so many empty rows, its columns these millimetres wide whatever stands in them."""
    table: Table = document.add_table(rows, len(widths), "Table Grid")
    table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.CENTER
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        row._tr.get_or_add_trPr().append(xml("cantSplit"))
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)
    return table


def say(
    cell: _Cell, kind: str, text: str, *, label: str = "", alignment: WD_ALIGN_PARAGRAPH | None = None
) -> Paragraph:
    """Adds a paragraph to the cell, in the style of this kind of text."""
    last = cell.paragraphs[-1]
    paragraph: Paragraph = cell.add_paragraph() if last.runs else last
    paragraph._p.style = style_id(kind)  # by name python-docx searches all styles: twice the time for the paper
    if alignment is not None:
        paragraph.alignment = alignment
    if label:
        paragraph.add_run(label)._r.style = LABEL_ID
    paragraph.add_run(printable(text))
    return paragraph


def head(cell: _Cell, text: str) -> None:
    say(cell, "head", text, alignment=CENTRE)
    cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER


def merge(row: _Row, first: int, last: int) -> _Cell:
    cells = row.cells
    merged: _Cell = cells[first].merge(cells[last])
    return merged


def tall(row: _Row, millimetres: float) -> None:
    row.height, row.height_rule = Mm(millimetres), WD_ROW_HEIGHT_RULE.AT_LEAST


def repeat(*rows: _Row) -> None:
    """These rows, the first of their table, stand again at the head of every page it runs over."""
    for row in rows:
        row._tr.get_or_add_trPr().append(xml("tblHeader"))
    keep_with_next(rows)


def keep_with_next(rows: Iterable[_Row]) -> None:
    for row in rows:
        for cell in row.cells:
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.keep_with_next = True
