"""A document as it was issued: its text, and the paragraphs and tables that the text is made of."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from tracker.reading.passage import Passage
from tracker.reading.plan import Dropped, Remark, Span
from tracker.rules.refusals import Invalid

CELL_RULE = " | "

MOST_CHARACTERS = 300_000
MOST_LINES = 20_000
MOST_BYTES = 4_000_000  # of a file that is text: a page of that size fills 300 MB when it is taken apart
TOO_LONG = "这份文字太长（超过三十万字或两万行），不像一份工作计划。请只保留计划正文后再导入。"


@dataclass(frozen=True)
class Grid:
    """A table, its merges resolved: a merged cell's passage stands in every place that it covers."""

    rows: tuple[tuple[Passage, ...], ...]

    @property
    def width(self) -> int:
        return max((len(row) for row in self.rows), default=0)


Block = Passage | Grid


@dataclass(frozen=True)
class Document:
    """`source` is what `ParsedPlan.source` will be; every passage of the blocks points into it."""

    source: str
    blocks: tuple[Block, ...]
    remarks: tuple[Remark, ...] = ()
    dropped: tuple[Dropped, ...] = ()

    @property
    def passages(self) -> Iterator[Passage]:
        for block in self.blocks:
            if isinstance(block, Grid):
                yield from unique(cell for row in block.rows for cell in row)
            else:
                yield block

    def mapped(self, repair: Callable[[Passage], Passage]) -> "Document":
        """The document with every passage repaired, each of them once."""
        repaired: dict[int, Passage] = {id(passage): repair(passage) for passage in self.passages}
        return replace(self, blocks=tuple(_mapped(block, repaired) for block in self.blocks))


def _mapped(block: Block, repaired: dict[int, Passage]) -> Block:
    if isinstance(block, Grid):
        return Grid(tuple(tuple(repaired[id(cell)] for cell in row) for row in block.rows))
    return repaired[id(block)]


def unique(passages: Iterable[Passage]) -> Iterator[Passage]:
    """Each passage once, although a merged cell stands in several places."""
    seen: set[int] = set()
    for passage in passages:
        if id(passage) not in seen:
            seen.add(id(passage))
            yield passage


class Lines:
    """Line numbers of a source, counted from 1."""

    def __init__(self, source: str) -> None:
        self._breaks = [place for place, character in enumerate(source) if character == "\n"]

    def of(self, where: Passage | Span) -> int:
        start = where.start if isinstance(where, Span) else where.span.start
        return bisect_right(self._breaks, start - 1) + 1

    def last_of(self, where: Passage | Span) -> int:
        end = where.end if isinstance(where, Span) else where.span.end
        return bisect_right(self._breaks, max(end - 2, -1)) + 1


@dataclass(frozen=True, eq=False)
class Cell:
    """A printed cell of a table; merged, the same cell stands in every place that it covers."""

    text: str


class Transcript:
    """Writes the source of a document that is no plain text: paragraphs as lines, rows as lines of cells."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self.blocks: list[Block] = []
        self.line = 1  # the one that is written next
        self.line_of: dict[Cell, int] = {}

    def paragraph(self, text: str) -> Passage:
        passage = self._write(text)
        self._write("\n")
        if text.strip():
            self.blocks.append(passage)
        return passage

    def table(self, rows: Iterable[Iterable[Cell]]) -> None:
        """Write a table; a cell that stands in several places is written in the first of them."""
        written: dict[Cell, Passage] = {}
        grid = []
        for row in rows:
            passages = []
            for place, cell in enumerate(row):
                if place:
                    self._write(CELL_RULE)
                if cell not in written:
                    self.line_of[cell] = self.line
                    written[cell] = self._write(cell.text)
                passages.append(written[cell])
            self._write("\n")
            grid.append(tuple(passages))
        if grid:
            self.blocks.append(Grid(tuple(grid)))

    def document(self, remarks: Iterable[Remark] = ()) -> Document:
        return Document("".join(self._parts), tuple(self.blocks), remarks=tuple(remarks))

    def _write(self, text: str) -> Passage:
        passage = Passage.printed(text, self._length)
        self._parts.append(text)
        self._length += len(text)
        self.line += text.count("\n")
        if self._length > MOST_CHARACTERS or self.line > MOST_LINES:
            raise Invalid(TOO_LONG)
        return passage
