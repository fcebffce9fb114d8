"""A table that was copied without its frame: each cell a line of its own, perhaps with a line of `|` after it.

Where one row ends and the next begins is told by the serial numbers alone.  A cell of several lines cannot be told
from several cells: only the list of units may be such a one, and then a deadline must close the row.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from tracker.reading.deadlines import in_cell
from tracker.reading.document import Block, Document, Grid, Lines
from tracker.reading.passage import Passage, join
from tracker.reading.plan import Remark
from tracker.reading.tables import OF_UNITS, Cells, Column, kind_of_heading

_BAR = re.compile(r"[\s|]*\|[\s|]*")
_FEWEST_HEADINGS, _MOST_HEADINGS = 3, 10
_DOUBT = "表格在复制时没有保留边框，已按序号还原各行各列，请与原文核对。"
_MOST_UNITS = 30  # lines of one cell
_MOST_TABLES = 20  # looked for in a document: each look goes through the rest of it
_TITLE = re.compile(r"\d|(?:表|方案|清单|要点|计划|通知|安排)$")  # what stands above the headings
_LONGEST_TIME = 20


@dataclass(frozen=True)
class _Head:
    """The headings; `left` are those before the column of the serial numbers, which may have no heading itself."""

    cells: Cells
    kinds: Sequence[Column]
    left: int

    @property
    def numbered(self) -> bool:
        return self.kinds[self.left] is Column.NUMBER

    @property
    def right(self) -> Sequence[Column]:
        return self.kinds[self.left + self.numbered :]

    @property
    def row(self) -> Cells:
        """As wide as the rows: a heading that stands over the numbers, too, is there twice."""
        return self.cells if self.numbered else (*self.cells[: self.left + 1], *self.cells[self.left :])


def gathered(document: Document) -> Document:
    """The document with such tables as tables."""
    blocks: list[Block] = []
    remarks: list[Remark] = []
    place = looked = 0
    while place < len(document.blocks):
        grid, used = None, 1
        if looked < _MOST_TABLES and _may_begin(document.blocks[place : place + 2 * _FEWEST_HEADINGS]):
            grid, used = _table(document.blocks[place:])
            looked += 1
        if grid:
            begins = grid.rows[0][0]
            remarks.append(Remark("stacked-table", Lines(document.source).of(begins), _DOUBT, begins.text, True))
        blocks.append(grid or document.blocks[place])
        place += used or 1
    return replace(document, blocks=tuple(blocks), remarks=(*document.remarks, *remarks))


def _may_begin(blocks: Sequence[Block]) -> bool:
    """Whether several headings follow on each other."""
    cells = [line.text for line in _lines(blocks) if not _BAR.fullmatch(line.text)][:_FEWEST_HEADINGS]
    known = [cell for cell in cells if kind_of_heading(cell) is not Column.OTHER and not _TITLE.search(cell)]
    return len(known) == _FEWEST_HEADINGS


def _table(blocks: Sequence[Block]) -> tuple[Grid | None, int]:
    """The table that begins with the first block, and how many it takes."""
    lines = list(_lines(blocks))
    cells = [(place, line.strip()) for place, line in enumerate(lines) if not _BAR.fullmatch(line.text)]
    serials = _serials([cell.text for _, cell in cells])
    head = _head([cell for _, cell in cells], serials)
    if head is None:
        return None, 0
    rows, used = _rows(head, [cell for _, cell in cells], serials)
    if len(rows) < 2:
        return None, 0
    last = cells[used - 1][0] + 1
    while last < len(lines) and _BAR.fullmatch(lines[last].text):
        last += 1
    return Grid((head.row, *rows)), last


def _lines(blocks: Sequence[Block]) -> Iterator[Passage]:
    for block in blocks:
        if isinstance(block, Grid):
            return
        yield block


def _serials(texts: Sequence[str]) -> list[int]:
    """Where 1, 2, 3, … stand alone."""
    found: list[int] = []
    for place, text in enumerate(texts):
        if text.rstrip(".．、") == str(len(found) + 1):
            found.append(place)
    return found


def _head(cells: Cells | Sequence[Passage], serials: Sequence[int]) -> _Head | None:
    """The lines before the first serial: headings, one of the work and one of units, then cells of the first row."""
    if len(serials) < 2:
        return None
    named = list(cells[: min(serials[0], _MOST_HEADINGS)])
    kinds = [kind_of_heading(cell.text) for cell in named]
    numbered = Column.NUMBER in kinds
    if numbered:
        left = kinds.index(Column.NUMBER)
        width = serials[0] - left
    else:
        width = next((place for place, kind in enumerate(kinds) if kind is Column.OTHER), len(kinds))
        while width and kinds[width - 1] not in OF_UNITS | {Column.DEADLINE}:
            width -= 1  # a heading of the first row may sound like one of a column
        left = serials[0] - width
    head = _Head(tuple(named[:width]), kinds[:width], left)
    return head if _FEWEST_HEADINGS <= width <= _MOST_HEADINGS and 0 <= left < width and _is_of_tasks(head) else None


def _is_of_tasks(head: _Head) -> bool:
    return bool(OF_UNITS & set(head.kinds) and {Column.TASK, Column.REQUIREMENT, Column.GOAL} & set(head.kinds))


def _rows(head: _Head, cells: Sequence[Passage], serials: Sequence[int]) -> tuple[list[Cells], int]:
    """The rows, and how many cells they take; none where the cells do not fit the headings."""
    rows: list[Cells] = []
    used = len(head.cells)
    for start, end in pairwise([*serials, len(cells)]):
        left = tuple(cells[used:start])
        if len(left) not in (0, head.left) or not (left or rows or not head.left):
            return [], 0
        taken = _row(head.right, cells[start + 1 : end])
        if taken is None:
            return [], 0
        right, count = taken
        used = start + 1 + count
        rows.append((*(left or rows[-1][: head.left] if rows else left), cells[start], *right))
        if not head.left and end < len(cells) and (below := _row_below(head.right, right, cells[used:end])):
            rows.append((cells[start], *below))
            used = end
    return rows, used


def _row_below(kinds: Sequence[Column], above: Cells, cells: Sequence[Passage]) -> Cells | None:
    """A second piece of work under one number: what it is and by when, the units those of the first."""
    if len(cells) != 2 or kinds[-1] is not Column.DEADLINE or not _is_time(cells[1]):
        return None
    return (cells[0], *above[1:-1], cells[1])


def _row(kinds: Sequence[Column], cells: Sequence[Passage]) -> tuple[Cells, int] | None:
    """The cells to the right of a serial, several lines of units as one cell; and how many lines they are."""
    count = len(kinds)
    if len(cells) < count:
        return None
    if kinds[-1] is Column.DEADLINE and not _is_time(cells[count - 1]):
        closes = (place + 1 for place, cell in enumerate(cells) if place >= count and _is_time(cell))
        count = next(closes, 0)
    more = count - len(kinds)
    if not 0 <= more <= _MOST_UNITS:
        return None
    if not more:
        return tuple(cells[:count]), count
    units = max(place for place, kind in enumerate(kinds) if kind in OF_UNITS)
    listed = join(cells[units : units + more + 1], "\n")
    return (*cells[:units], listed, *cells[units + more + 1 : count]), count


def _is_time(cell: Passage) -> bool:
    """Whether a cell says by when, as a column of deadlines does."""
    return len(cell) <= _LONGEST_TIME and bool(in_cell(cell, None))
