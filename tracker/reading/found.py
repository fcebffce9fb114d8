"""Items as they were found, in an outline or in a table, before their fields are read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from tracker.reading import units
from tracker.reading.entries import taken_apart
from tracker.reading.outline import Work
from tracker.reading.passage import Passage, join
from tracker.reading.tables import Row, TaskTable
from tracker.reading.units import LeadRule, Responsibility


class Responsible(Protocol):
    """Where an item's units are named, and how they are read there."""

    @property
    def named(self) -> bool:
        """Whether the item itself names units, not only a heading above it."""

    def read(self, rule: LeadRule) -> Responsibility: ...


@dataclass(frozen=True)
class Found:
    """An item's text in its parts; `evidence` is all that the document says about it, in reading order."""

    number: str
    section: tuple[Passage, ...]
    task: Passage
    goal: Passage | None
    evidence: Passage
    responsible: Responsible
    time: Passage | None = None


@dataclass(frozen=True)
class InBrackets:
    """Units in the entry's own brackets and lines, or else in those of the heading above it."""

    own: tuple[Passage, ...]
    inherited: tuple[Passage, ...]

    @property
    def named(self) -> bool:
        return bool(self.own)

    def read(self, rule: LeadRule) -> Responsibility:
        pieces = self.own or self.inherited
        if len(pieces) > 1 and any(units.labelled(piece.text) for piece in pieces):
            pieces = (join(pieces, "\n"),)  # labels tell one another's meaning: 责任单位 beside 牵头单位 supports
        return sum((units.read(piece, rule) for piece in pieces), Responsibility())


@dataclass(frozen=True)
class InCells:
    row: Row
    named: bool = True

    def read(self, rule: LeadRule) -> Responsibility:
        return Responsibility(units.read_cells(self.row.responsible, self.row.leading, self.row.supporting, rule))


def in_outline(works: Iterable[Work]) -> Iterator[Found]:
    for work in works:
        entry = work.entry
        responsible = InBrackets(tuple(entry.brackets), work.inherited)
        yield Found(entry.number, work.section, entry.body, None, entry.whole, responsible)


def in_table(table: TaskTable, above: tuple[Passage, ...] = ()) -> Iterator[Found]:
    """The rows, under the headings that stand above the table."""
    for row in table.rows:
        task: Passage = row.task
        responsible: Responsible = InCells(row)
        if not (row.responsible or row.leading or row.supporting):
            task, inside = taken_apart(row.task)
            responsible = InBrackets(inside, ())
        yield Found(row.number, above + row.section, task, row.goal, row.evidence, responsible, row.deadline)


def heads(work: Work, paragraph: Passage | None) -> bool:
    """Whether an entry is only the heading of the table that follows the paragraph in which it stands."""
    if paragraph is None or work.entry.level is None or not work.entry.is_heading_only:
        return False
    entry, line = work.entry.whole.span, paragraph.strip().span
    return line.start <= entry.start and line.end == entry.end
