"""A document line by line, with the stretches that something was read from."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class SourceLine:
    """`pieces` are stretches of the line, each with whether it belongs to the passage."""

    number: int
    pieces: tuple[tuple[str, bool], ...]

    @property
    def is_marked(self) -> bool:
        return any(marked for _, marked in self.pieces)


def source_lines(source: str, spans: Iterable[Sequence[int]]) -> Iterator[SourceLine]:
    """`spans` are pairs of first and past-the-last character of the source."""
    cuts, start = sorted((first, last) for first, last in spans), 0
    for number, text in enumerate(source.split("\n"), 1):
        yield SourceLine(number, tuple(_pieces(text, [(first - start, last - start) for first, last in cuts])))
        start += len(text) + 1


def _pieces(text: str, cuts: Iterable[tuple[int, int]]) -> Iterator[tuple[str, bool]]:
    place = 0
    for first, last in cuts:
        first, last = max(first, place), min(last, len(text))  # noqa: PLW2901
        if first < last:
            if place < first:
                yield text[place:first], False
            yield text[first:last], True
            place = last
    if place < len(text) or not text:
        yield text[place:], False
