"""A wide table as DOCX.  Its rows are written as XML in one go: cell by cell python-docx takes minutes for 500 rows."""

from collections.abc import Iterator
from xml.sax.saxutils import escape

from docx.document import Document
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.shared import Mm

from tracker.printing.table_parts import Cell, Table
from tracker.printing.text import printable
from tracker.printing.word import CENTRE
from tracker.printing.word_styles import STYLES, style_id, xml

_MIDDLE = '<w:jc w:val="center"/>'
_KEEP = "<w:keepNext/>"
_WHOLE = "<w:cantSplit/>"


def write(document: Document, table: Table, *, new_page: bool) -> None:
    for place, line in enumerate(table.title):
        title = document.add_paragraph(printable(line), STYLES["title"])
        title.alignment = CENTRE
        title.paragraph_format.page_break_before = new_page and place == 0
        title.paragraph_format.keep_with_next = True
    title.paragraph_format.space_after = Mm(3)
    about = document.add_paragraph("\t".join(map(printable, table.about)), STYLES["text"])
    about.paragraph_format.tab_stops.add_tab_stop(Mm(table.sheet.type_width), WD_TAB_ALIGNMENT.RIGHT)
    about.paragraph_format.keep_with_next = True
    body = document.element.body
    body.insert(len(body) - 1, xml("tbl", _table(table)))  # before the section's own properties
    _end(document, table)


def _table(table: Table) -> str:
    widths = [round(Mm(width).twips) for width in table.widths]
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>{_MIDDLE}'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{columns}</w:tblGrid>{"".join(_rows(table, widths))}'
    )


def _rows(table: Table, widths: list[int]) -> Iterator[str]:
    centred = [_MIDDLE if column.centred else "" for column in table.columns]
    yield _heads(table, widths)
    height = f'<w:trHeight w:val="{round(Mm(table.row_height).twips)}"/>' if table.row_height else ""
    ties = bool(table.notes or table.signatures)
    last = next(reversed([row for group in table.groups for row in group.rows]), None)
    for group in table.groups:
        if group.caption and group.rows:
            yield _across(group.caption, "cell_section", widths, keep=_KEEP)
        for row in group.rows:
            keep = _KEEP if row is last and (ties or table.total) else ""
            cells = zip(row, widths, centred, strict=True)
            written = "".join(_cell(cell, "cell", width, f"{keep}{middle}") for cell, width, middle in cells)
            yield _row(written, f"{'' if table.is_tall(row) else _WHOLE}{height}")
    if last is None:
        yield _across(table.nothing, "text", widths, keep=_KEEP, middle=_MIDDLE)
    if table.total:
        keep = f"{_KEEP if ties else ''}{_MIDDLE}"
        yield _row("".join(map(lambda cell, width: _cell(cell, "cell_head", width, keep), table.total, widths)), _WHOLE)


def _heads(table: Table, widths: list[int]) -> str:
    cells = zip(table.columns, widths, strict=True)
    written = (_cell(column.title, "cell_head", width, f"{_KEEP}{_MIDDLE}") for column, width in cells)
    return _row("".join(written), f"{_WHOLE}<w:tblHeader/>")


def _row(cells: str, properties: str) -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{cells}</w:tr>"


def _across(text: str, kind: str, widths: list[int], *, keep: str, middle: str = "") -> str:
    span = f'<w:gridSpan w:val="{len(widths)}"/>'
    return _row(_cell(text, kind, sum(widths), f"{keep}{middle}", span), _WHOLE)


def _cell(cell: Cell, kind: str, width: int, properties: str, span: str = "") -> str:
    """The order of elements is the schema's: style, keeping, alignment."""
    style = f'<w:pPr><w:pStyle w:val="{style_id(kind)}"/>{properties}</w:pPr>'
    lines = printable(str(cell)).split("\n")
    paragraphs = "".join(
        f'<w:p>{style}<w:r><w:t xml:space="preserve">{escape(line)}</w:t></w:r></w:p>' for line in lines
    )
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}<w:vAlign w:val="center"/></w:tcPr>{paragraphs}</w:tc>'
    )


def _end(document: Document, table: Table) -> None:
    """Notes and signatures, tied to each other and to the last row."""
    lines = [document.add_paragraph(printable(note), STYLES["text"]) for note in table.notes]
    if table.signatures:
        written = document.add_paragraph("\t".join(table.signatures), STYLES["text"])
        written.paragraph_format.space_before = Mm(8)
        for place in range(1, len(table.signatures)):
            stop = table.sheet.type_width * place / len(table.signatures)
            written.paragraph_format.tab_stops.add_tab_stop(Mm(stop), WD_TAB_ALIGNMENT.LEFT)
        lines.append(written)
    for line in lines[:-1]:
        line.paragraph_format.keep_with_next = True
    if not lines:
        document.add_paragraph(style=STYLES["note"])  # Word wants a paragraph after the last table
