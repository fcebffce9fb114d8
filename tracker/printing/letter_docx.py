"""An official letter (公文) as DOCX: real styles, real tables, so that a clerk edits the text in Word or WPS."""

from collections.abc import Sequence

from docx.document import Document
from docx.enum.table import WD_ALIGN_VERTICAL
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph as Written

from tracker.printing.layout import SETTINGS
from tracker.printing.letter_parts import Annex, Grid, Letter, Paragraph, Receipt
from tracker.printing.text import printable
from tracker.printing.word import CENTRE, RIGHT
from tracker.printing.word_styles import STYLES, xml
from tracker.printing.word_table import grid, head, repeat, say, tall

RECEIPT_WIDTHS = (36, 120)
RECEIPT_ROW, WRITING_ROOM = 12, 22


def write(document: Document, letter: Letter, *, new_page: bool) -> None:
    _title(document, letter.title, new_page=new_page)
    if letter.number:
        _line(document, letter.number).alignment = CENTRE
    _line(document)
    if letter.addressee:
        _line(document, f"{letter.addressee}：")
    _parts(document, letter.parts)
    _ending(document, letter)
    annexes(document, letter.annexes)
    if letter.receipt:
        receipt(document, letter.receipt)


def annexes(document: Document, listed: Sequence[Annex]) -> None:
    for place, annex in enumerate(listed, 1):
        _annex(document, f"附件{place}" if len(listed) > 1 else "附件", annex)


def _title(document: Document, lines: tuple[str, ...], *, new_page: bool) -> None:
    for place, line in enumerate(lines):
        title = document.add_paragraph(printable(line), STYLES["title"])
        title.alignment = CENTRE
        title.paragraph_format.page_break_before = new_page and place == 0


def _line(document: Document, text: str = "", kind: str = "body") -> Written:
    return document.add_paragraph(printable(text), STYLES[kind])


def _parts(document: Document, parts: tuple[Paragraph | Grid, ...]) -> None:
    for part in parts:
        if isinstance(part, Grid):
            _grid(document, part)
        else:
            _paragraph(document, part)


def _paragraph(document: Document, part: Paragraph) -> None:
    kind = {1: "level1", 2: "level2"}.get(part.level, "body")
    for line in printable(part.text).split("\n"):
        written = _line(document, line, kind)
        _two_in(written)
        written.paragraph_format.keep_with_next = kind != "body"


def _two_in(written: Written) -> None:
    """Two characters, as Word counts them: they stay two when the clerk changes the size."""
    size = SETTINGS["body"].size + SETTINGS["body"].tracking
    indent = xml("ind", firstLineChars="200", firstLine=str(round(2 * size * 20)))
    written._p.get_or_add_pPr().insert_element_before(indent, "w:jc", "w:rPr", "w:sectPr")


def _grid(document: Document, part: Grid) -> None:
    if part.caption:
        _line(document, part.caption, "head").paragraph_format.keep_with_next = True
    heads, *rows = grid(document, part.widths, 1 + len(part.rows)).rows
    for cell, text in zip(heads.cells, part.heads, strict=True):
        head(cell, text)
    repeat(heads)
    for row, texts in zip(rows, part.rows, strict=True):
        for column, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            say(cell, "text", text, alignment=CENTRE if column in part.centred else None)
            cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
    _line(document, kind="note")


def _ending(document: Document, letter: Letter) -> None:
    """Attachments, issuer and date; every line is tied to the next, and the first to the text before it."""
    tied = [document.paragraphs[-1]]
    if letter.attachments:
        tied.append(_line(document))
        for place, text in enumerate(letter.attachments):
            tied.append(_attachment(document, text, first=place == 0))
    tied += [_line(document), _line(document)]
    issuer_free, day_free = letter.ends
    tied.append(_right(document, letter.issuer, issuer_free))
    _right(document, letter.day, day_free)
    for written in tied:
        written.paragraph_format.keep_with_next = True


def _attachment(document: Document, text: str, *, first: bool) -> Written:
    """附件：1.… ; the names stand under each other."""
    written = _line(document, f"附件：{text}" if first else text)
    hang(written, first=first)
    return written


def hang(written: Written, *, first: bool) -> None:
    em = SETTINGS["body"].size + SETTINGS["body"].tracking
    written.paragraph_format.left_indent = Pt(5 * em)
    written.paragraph_format.first_line_indent = Pt(-3 * em) if first else Pt(0)


def _right(document: Document, text: str, free: float) -> Written:
    written = _line(document, text)
    written.alignment = RIGHT
    written.paragraph_format.right_indent = Pt(free * (SETTINGS["body"].size + SETTINGS["body"].tracking))
    return written


def _annex(document: Document, mark: str, annex: Annex) -> None:
    _line(document, mark, "level1").paragraph_format.page_break_before = True
    _line(document)
    _title(document, (annex.title,), new_page=False)
    _line(document)
    _parts(document, annex.parts)


def receipt(document: Document, slip: Receipt) -> None:
    _title(document, (slip.title,), new_page=True)
    _line(document)
    table = grid(document, RECEIPT_WIDTHS, len(slip.rows))
    for row, (label, text) in zip(table.rows, slip.rows, strict=True):
        tall(row, RECEIPT_ROW if text else WRITING_ROOM)
        head(row.cells[0], label)
        say(row.cells[1], "text", text)
        row.cells[1].vertical_alignment = WD_ALIGN_VERTICAL.CENTER
    _line(document, kind="note").paragraph_format.space_before = Mm(0)
