"""Plain text: lines, and tables that were scraped into lines of cells."""

from tracker.reading import bars
from tracker.reading.document import MOST_CHARACTERS, MOST_LINES, TOO_LONG, Block, Document
from tracker.reading.encoding import decode
from tracker.reading.passage import Passage
from tracker.rules.refusals import Invalid


def read(data: bytes) -> Document:
    return from_text(decode(data))


def from_text(source: str) -> Document:
    if len(source) > MOST_CHARACTERS or source.count("\n") > MOST_LINES:
        raise Invalid(TOO_LONG)
    lines, place = [], 0
    for line in source.split("\n"):
        lines += bars.rows_of_one_line(Passage.printed(line, place))
        place += len(line) + 1
    return Document(source, tuple(_blocks(lines)))


def _blocks(lines: list[Passage]) -> list[Block]:
    blocks: list[Block] = []
    rest = lines
    while rest:
        grid, used = bars.read(rest)
        if grid:
            blocks.append(grid)
        elif rest[0].text.strip():
            blocks.append(rest[0])
        rest = rest[max(used, 1) :]
    return blocks
