"""PDF documents with text: lines joined to paragraphs by where they stand, ruled tables, page numbers left out."""

import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from tracker.reading import archive, spans
from tracker.reading.document import Block, Cell, Document, Grid, Transcript
from tracker.reading.furniture import is_page_number
from tracker.reading.passage import Passage, join
from tracker.reading.plan import Dropped
from tracker.rules.refusals import Invalid

Box = tuple[float, float, float, float]

MOST_PAGES = 300
_BLANK = 0.35  # of a letter's size: figures among Chinese are set off by a quarter, and no blank is printed there

_NO_TEXT = "这份 PDF 是扫描件，里面没有文字。请先用文字识别软件转成文字，或找到电子版原件后再导入。"
_TOO_LONG = f"这份 PDF 超过 {MOST_PAGES} 页，不像一份工作计划。请只保留计划正文后再导入。"


@dataclass(frozen=True)
class _Line:
    """A printed line and where it stands on its page."""

    passage: Passage
    left: float
    right: float
    size: float


def read(data: bytes) -> Document:
    import pdfplumber

    logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it reports every oddity of a font
    from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect

    reading = _Reading()
    try:
        with pdfplumber.open(BytesIO(data)) as pdf:
            if len(pdf.pages) > MOST_PAGES:
                raise Invalid(_TOO_LONG)
            for page in pdf.pages:
                reading.page(page)
                page.close()
    except (Invalid, MemoryError):
        raise
    except Exception as error:  # pdfminer raises whatever a broken file leads it to
        locked = (PDFEncryptionError, PDFPasswordIncorrect)
        is_locked = isinstance(error, locked) or any(isinstance(each, locked) for each in error.args)
        raise Invalid(archive.ENCRYPTED if is_locked else archive.DAMAGED) from error
    if not reading.lines and not reading.tables:
        raise Invalid(_NO_TEXT)
    return reading.document()


class _Reading:
    """The pages read so far: lines and tables in the order of reading."""

    def __init__(self) -> None:
        self.transcript = Transcript()
        self.lines = 0
        self.tables = 0
        self._read: list[_Line | Grid] = []
        self._dropped: list[Dropped] = []
        self._printed = 0

    def page(self, page: Any) -> None:
        tables = [table for table in page.find_tables() if len(table.rows) > 1 and len(table.rows[0].cells) > 1]
        text = page
        for table in tables:
            text = text.outside_bbox(table.bbox)
        placed = [(line["top"], line) for line in text.extract_text_lines(strip=True, x_tolerance_ratio=_BLANK)]
        placed += [(table.bbox[1], table) for table in tables]
        for _, each in sorted(placed, key=lambda pair: pair[0]):
            if isinstance(each, dict):
                self._line(each)
            else:
                self._table(page, each)

    def document(self) -> Document:
        document = self.transcript.document()
        blocks = tuple(_paragraphs(self._read))
        return Document(document.source, blocks, dropped=tuple(self._dropped))

    def _line(self, line: dict[str, Any]) -> None:
        passage = self.transcript.paragraph(line["text"])
        self._printed += 1
        if is_page_number(passage.text):
            self._dropped.append(Dropped(self._printed, passage.text.strip(), "页码"))
            return
        self.lines += 1
        sizes = Counter(round(char["size"], 1) for char in line["chars"])
        self._read.append(_Line(passage, line["x0"], line["x1"], sizes.most_common(1)[0][0]))

    def _table(self, page: Any, table: Any) -> None:
        rows = _cells(page, table)
        self.transcript.table(rows)
        grid = self.transcript.blocks[-1]
        self._printed += len(rows) + sum(cell.text.count("\n") for cell in {cell for row in rows for cell in row})
        self.tables += 1
        before = self._read[-1] if self._read else None
        if isinstance(grid, Grid):
            if isinstance(before, Grid) and before.width == grid.width:
                self._read[-1] = Grid((*before.rows, *_continued(before, grid)))
            else:
                self._read.append(grid)


def _continued(before: Grid, grid: Grid) -> tuple[tuple[Passage, ...], ...]:
    """The rows of a table on the next page, without its head where that is printed again."""
    head = [cell.text for cell in before.rows[0]]
    return grid.rows[1:] if [cell.text for cell in grid.rows[0]] == head else grid.rows


def _cells(page: Any, table: Any) -> list[list[Cell]]:
    """The table as a grid: each place gets the printed cell that covers its middle."""
    columns = _edges([(left, right) for left, _, right, _ in table.cells])
    rows = _edges([(top, bottom) for _, top, _, bottom in table.cells])
    texts = {box: Cell(text) for box, text in _texts(page.chars, table.cells)}
    return spans.even([[_covering(texts, sum(across) / 2, sum(down) / 2) for across in columns] for down in rows])


def _texts(characters: list[dict[str, Any]], boxes: list[Box]) -> Iterator[tuple[Box, str]]:
    """What stands in each cell, by the characters' middle: a quotation mark that begins a line reaches out of it."""
    from pdfplumber.utils.text import extract_text

    for box in boxes:
        inside = [each for each in characters if _is_within(box, each)]
        yield box, _joined(extract_text(inside, x_tolerance_ratio=_BLANK))


def _is_within(box: Box, character: dict[str, Any]) -> bool:
    left, top, right, bottom = box
    across, down = (character["x0"] + character["x1"]) / 2, (character["top"] + character["bottom"]) / 2
    return bool(left <= across < right and top <= down < bottom)


def _edges(sides: list[tuple[float, float]]) -> list[tuple[float, float]]:
    edges: list[float] = []
    for edge in sorted(side for pair in sides for side in pair):
        if not edges or edge - edges[-1] > 2:
            edges.append(edge)
    return list(zip(edges, edges[1:], strict=False))


def _covering(texts: dict[Box, Cell], across: float, down: float) -> Cell:
    for (left, top, right, bottom), cell in texts.items():
        if left <= across <= right and top <= down <= bottom:
            return cell
    return Cell("")


def _joined(text: str) -> str:
    """A cell's lines as one: in a narrow column they are cut anywhere."""
    return text.replace("\n", "")


def _paragraphs(read: list[_Line | Grid]) -> list[Block]:
    lines = [each for each in read if isinstance(each, _Line)]
    margin = Counter(round(line.left) for line in lines).most_common(1)[0][0] if lines else 0
    edge = max((line.right for line in lines), default=0.0)
    blocks: list[Block] = []
    before: _Line | None = None
    for each in read:
        if isinstance(each, Grid):
            blocks.append(each)
            before = None
            continue
        last = blocks[-1] if blocks else None
        if before and isinstance(last, Passage) and _goes_on(before, each, margin, edge):
            blocks[-1] = join((last, each.passage), _glue(last.text, each.passage.text))
        else:
            blocks.append(each.passage)
        before = each
    return blocks


def _goes_on(before: _Line, line: _Line, margin: float, edge: float) -> bool:
    """Whether a paragraph goes on: the line before is full, and this one is not indented."""
    return before.right > edge - 2.5 * before.size and line.left < margin + 1.2 * line.size


def _glue(before: str, after: str) -> str:
    return (
        " " if before[-1:].isascii() and before[-1:].isalpha() and after[:1].isascii() and after[:1].isalpha() else ""
    )
