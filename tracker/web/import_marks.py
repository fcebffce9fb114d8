"""The document beside the draft: its lines, cut into pieces that carry the marks of the evidence.

Pure: it turns characters and spans into pieces of text; the template dresses them, and escapes them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby, pairwise


class Kind(StrEnum):
    """What a mark says of its characters: they belong to an item, or prove one of its fields, or are doubted."""

    ITEM = "item"
    UNIT = "unit"
    TARGET = "target"
    DEADLINE = "deadline"
    DOUBT = "doubt"


@dataclass(frozen=True)
class Mark:
    """Characters `start` to `end`, `end` excluded, of the source; `item` is None for a doubt outside all items."""

    start: int
    end: int
    kind: Kind
    item: int | None = None


@dataclass(frozen=True)
class Part:
    """Characters with the same marks; `start` is the place of the first."""

    text: str
    start: int
    items: tuple[int, ...]
    kinds: tuple[Kind, ...]


@dataclass(frozen=True)
class Run:
    """Neighbouring parts of the same items; `begins` are the items whose first evidence starts here."""

    items: tuple[int, ...]
    parts: tuple[Part, ...]
    begins: tuple[int, ...] = ()


@dataclass(frozen=True)
class Line:
    """`dropped` is the reason for which the line was left out, empty where it was not."""

    number: int
    runs: tuple[Run, ...]
    dropped: str = ""
    doubts: tuple[str, ...] = field(default=())

    @property
    def items(self) -> frozenset[int]:
        return frozenset(item for run in self.runs for item in run.items)

    @property
    def text(self) -> str:
        return "".join(part.text for run in self.runs for part in run.parts)


@dataclass(frozen=True)
class Stretch:
    """Lines that stand together: `folded` are those that were left out."""

    folded: bool
    lines: tuple[Line, ...]


def stretches(lines: Iterable[Line]) -> list[Stretch]:
    """The lines, those left out gathered where they follow each other; blank lines go with what precedes them."""
    gathered: list[tuple[bool, list[Line]]] = []
    for line in lines:
        blank = not line.text.strip()
        if gathered and (blank or gathered[-1][0] == bool(line.dropped)):
            gathered[-1][1].append(line)
        else:
            gathered.append((bool(line.dropped), [line]))
    return [Stretch(folded, tuple(group)) for folded, group in gathered]


def marked_lines(
    source: str, marks: Sequence[Mark], dropped: Mapping[int, str], doubts: Mapping[int, Sequence[str]]
) -> Iterator[Line]:
    """Every line of the source; a line that holds evidence is never dropped, whatever else was said of it."""
    begins = _beginnings(marks)
    parts = segments(source, marks)
    by_line = {number: list(group) for number, group in groupby(parts, key=_LineCounter(source))}
    for number in range(1, source.count("\n") + 2):
        runs = tuple(_runs(by_line.get(number, []), begins))
        holds = any(run.items for run in runs)
        yield Line(number, runs, "" if holds else dropped.get(number, ""), tuple(doubts.get(number, ())))


class _LineCounter:
    """The line of a part; parts come in the order of the source, so that it need not count anew."""

    def __init__(self, source: str) -> None:
        self._source, self._place, self._number = source, 0, 1

    def __call__(self, part: Part) -> int:
        self._number += self._source.count("\n", self._place, part.start)
        self._place = part.start
        return self._number


def segments(source: str, marks: Sequence[Mark]) -> Iterator[Part]:
    """Cut the source wherever a mark or a line begins or ends; line breaks themselves are left out."""
    ordered = sorted(marks, key=lambda mark: mark.start)
    active: list[Mark] = []
    coming = 0
    for start, end in pairwise(_cuts(source, marks)):
        while coming < len(ordered) and ordered[coming].start <= start:
            active.append(ordered[coming])
            coming += 1
        active = [mark for mark in active if mark.end > start]
        if source[start] != "\n":
            yield Part(source[start:end], start, _items(active), _kinds(active))


def _cuts(source: str, marks: Iterable[Mark]) -> list[int]:
    cuts = {0, len(source)}
    for place, character in enumerate(source):
        if character == "\n":
            cuts |= {place, place + 1}
    for mark in marks:
        cuts |= {mark.start, mark.end}
    return sorted(cut for cut in cuts if 0 <= cut <= len(source))


def _items(active: Iterable[Mark]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(mark.item for mark in active if mark.item is not None))


def _kinds(active: Iterable[Mark]) -> tuple[Kind, ...]:
    present = {mark.kind for mark in active}
    return tuple(kind for kind in Kind if kind in present and kind is not Kind.ITEM)


def _beginnings(marks: Iterable[Mark]) -> dict[int, list[int]]:
    """Where each item's own text starts: at the first of its spans as they are given."""
    first: dict[int, int] = {}
    for mark in marks:
        if mark.kind is Kind.ITEM and mark.item is not None:
            first.setdefault(mark.item, mark.start)
    begins: dict[int, list[int]] = {}
    for item, start in first.items():
        begins.setdefault(start, []).append(item)
    return begins


def _runs(parts: Iterable[Part], begins: Mapping[int, Sequence[int]]) -> Iterator[Run]:
    """A run also begins with an item, so that the place can be named."""
    run: list[Part] = []
    for part in parts:
        if run and (part.items != run[-1].items or part.start in begins):
            yield _run(run, begins)
            run = []
        run.append(part)
    if run:
        yield _run(run, begins)


def _run(parts: Sequence[Part], begins: Mapping[int, Sequence[int]]) -> Run:
    return Run(parts[0].items, tuple(parts), tuple(begins.get(parts[0].start, ())))
