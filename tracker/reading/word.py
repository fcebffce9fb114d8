"""Word documents: paragraphs and tables in their order, with the numbers that Word prints by itself.

The XML is read directly, because the library's own text leaves out what stands in tracked insertions,
content controls and text boxes, and knows no automatic numbers.
"""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from tracker.reading import archive, spans, word_marks
from tracker.reading.document import Cell, Document, Transcript
from tracker.reading.plan import Remark
from tracker.reading.word_numbers import AutomaticNumbers
from tracker.rules.refusals import Invalid

Element = Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_NOT_PRINTED = frozenset((_W + "del", _W + "moveFrom", _W + "instrText", _W + "delText", _FALLBACK))
_CONTAINERS = frozenset((_W + "sdt", _W + "sdtContent", _W + "ins", _W + "moveTo", _W + "smartTag", _W + "customXml"))


def read(data: bytes) -> Document:
    import docx

    try:
        opened = docx.Document(BytesIO(data))
        body = opened.element.body
        numbers = AutomaticNumbers(opened)
    except MemoryError:
        raise
    except Exception as error:  # the library raises whatever its parts do: KeyError, XMLSyntaxError, ValueError …
        raise Invalid(archive.DAMAGED) from error
    reading = _Reading(numbers, marked=word_marks.any_in(body))
    for block in _blocks(body):
        if block.tag == _W + "tbl":
            reading.table(block)
        else:
            reading.paragraph(block)
    return reading.transcript.document(reading.remarks)


class _Reading:
    """What was written down so far, and the remarks on what Word does not print like the rest."""

    def __init__(self, numbers: AutomaticNumbers, *, marked: bool) -> None:
        self.transcript = Transcript()
        self.remarks: list[Remark] = []
        self._numbers = numbers
        self._marked = marked

    def paragraph(self, paragraph: Element) -> None:
        self._remark(paragraph, self.transcript.line)
        for line in _paragraph(paragraph, self._numbers).split("\n"):
            self.transcript.paragraph(line)

    def table(self, table: Element) -> None:
        cells: dict[Cell, Element] = {}
        self.transcript.table(_grid(table, self._numbers, cells))
        for cell, element in cells.items() if self._marked else ():
            for paragraph in element.iter(_W + "p"):
                self._remark(paragraph, self.transcript.line_of[cell])

    def _remark(self, paragraph: Element, line: int) -> None:
        for mark in word_marks.marks(paragraph) if self._marked else ():
            self.remarks.append(Remark(mark.code, line, mark.text, mark.excerpt, doubt=True))


def _blocks(parent: Element) -> Iterator[Element]:
    """The paragraphs and tables, in their order, those in text boxes after the paragraph that holds the box."""
    for child in parent:
        if child.tag == _W + "p":
            yield child
            for box in _inside(child, _W + "txbxContent"):
                yield from _blocks(box)
        elif child.tag == _W + "tbl":
            yield child
        elif child.tag in _CONTAINERS:
            yield from _blocks(child)


def _inside(element: Element, tag: str) -> Iterator[Element]:
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag not in _NOT_PRINTED:
            yield from _inside(child, tag)


def _paragraph(paragraph: Element, numbers: AutomaticNumbers) -> str:
    text = "".join(_text(paragraph))
    return numbers.next(paragraph) + text if text.strip() else ""


def _text(element: Element) -> Iterator[str]:
    for child in element:
        if child.tag == _W + "t":
            yield child.text or ""
        elif child.tag == _W + "tab":
            yield " "
        elif child.tag in (_W + "br", _W + "cr"):
            yield "\n"
        elif child.tag == _W + "noBreakHyphen":
            yield "-"
        elif _is_printed(child):
            yield from _text(child)


def _is_printed(child: Element) -> bool:
    if child.tag == _W + "r":
        return not word_marks.is_hidden(child)
    return child.tag not in _NOT_PRINTED and child.tag != _W + "txbxContent"


def _grid(table: Element, numbers: AutomaticNumbers, read: dict[Cell, Element]) -> list[list[Cell]]:
    """The table's rows; a cell that goes on from above (`vMerge`) is the same cell.  `read` gets where each is from."""
    rows: list[list[Cell]] = []
    for row in _children(table, "tr"):
        above = rows[-1] if rows else []
        cells: list[Cell] = [Cell("") for _ in range(_value(row, "trPr", "gridBefore"))]
        for cell in _children(row, "tc"):
            place, width = len(cells), max(_value(cell, "tcPr", "gridSpan"), 1)
            goes_on = _goes_on(cell) and place < len(above)
            found = above[place] if goes_on else Cell(_cell_text(cell, numbers))
            read.setdefault(found, cell)
            cells += [found] * min(width, spans.MOST_COLUMNS)
        rows.append(cells)
    return spans.even(rows)


def _children(parent: Element, name: str) -> Iterator[Element]:
    for child in parent:
        if child.tag == _W + name:
            yield child
        elif child.tag in _CONTAINERS:
            yield from _children(child, name)


def _cell_text(cell: Element, numbers: AutomaticNumbers) -> str:
    return "\n".join(text for block in cell.iter(_W + "p") if (text := _paragraph(block, numbers).strip()))


def _goes_on(cell: Element) -> bool:
    merge = cell.find(f"{_W}tcPr/{_W}vMerge")
    return merge is not None and merge.get(_W + "val", "continue") == "continue"


def _value(element: Element, properties: str, name: str) -> int:
    found = element.find(f"{_W}{properties}/{_W}{name}")
    value = found.get(_W + "val", "0") if found is not None else "0"
    return min(int(value), spans.MOST_COLUMNS) if value.isdigit() else 0
