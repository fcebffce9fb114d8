"""A list of tasks in which each field has a line of its own: 序号：1, 工作任务：……, 责任科室：……"""

import re
from collections.abc import Sequence
from dataclasses import replace

from tracker.reading.document import Block, Document, Grid
from tracker.reading.passage import Passage
from tracker.reading.tables import OF_UNITS, Cells, Column, kind_of_heading

_FIELD = re.compile(r"\s*(?P<label>[\u4e00-\u9fff]{2,8})\s*[:：]\s*(?P<said>\S.*)", re.DOTALL)
_MOST_FIELDS = 12
_WORK = frozenset({Column.TASK, Column.REQUIREMENT})


def gathered(document: Document) -> Document:
    """The document with such a list as a table: a row for each record, the labels as its head."""
    blocks: list[Block] = []
    place = 0
    while place < len(document.blocks):
        grid, used = _table(document.blocks, place)
        blocks.append(grid or document.blocks[place])
        place += used or 1
    return replace(document, blocks=tuple(blocks))


def _table(blocks: Sequence[Block], place: int) -> tuple[Grid | None, int]:
    """The records that begin at a place, two at the least, and how many blocks they take."""
    first = _record(blocks, place)
    labels = [label.text for label, _ in first]
    kinds = {kind_of_heading(label) for label in labels}
    if not (kinds & _WORK and kinds & OF_UNITS):
        return None, 0
    rows: list[Cells] = []
    record = first
    while [label.text for label, _ in record] == labels:
        rows.append(tuple(said for _, said in record))
        record = _record(blocks, place + len(rows) * len(labels))
    head = tuple(label for label, _ in first)
    return (Grid((head, *rows)), len(rows) * len(labels)) if len(rows) > 1 else (None, 0)


def _record(blocks: Sequence[Block], place: int) -> list[tuple[Passage, Passage]]:
    """The labels and what is said, up to the line that begins the next record or is none of any."""
    found: list[tuple[Passage, Passage]] = []
    for block in blocks[place : place + _MOST_FIELDS]:
        match = None if isinstance(block, Grid) else _FIELD.fullmatch(block.text)
        if match is None or isinstance(block, Grid) or match["label"] in {label.text for label, _ in found}:
            break
        found.append((block.group(match, "label"), block.group(match, "said")))
    return found
