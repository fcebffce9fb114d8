"""A passage: text that knows, character by character, where in the source it was printed.

Everything between the printed page and the ledger (repairing, joining, slicing) is done on passages, so
that the evidence of a unit, a target or a date can be marked in the source whatever happened on the way.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from tracker.reading.plan import Span

Replacement = Callable[[re.Match[str]], str]


@dataclass(frozen=True, slots=True)
class Passage:
    """`text[i]` was printed at `starts[i]` to `ends[i]` of the source; both rise with `i`."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    @classmethod
    def of(cls, source: str, start: int = 0, end: int | None = None) -> "Passage":
        """The stretch of the source as it stands."""
        end = len(source) if end is None else end
        return cls.printed(source[start:end], start)

    @classmethod
    def printed(cls, text: str, start: int) -> "Passage":
        end = start + len(text)
        return cls(text, range(start, end), range(start + 1, end + 1))

    def __len__(self) -> int:
        return len(self.text)

    def __str__(self) -> str:
        return self.text

    def __getitem__(self, part: slice) -> "Passage":
        return Passage(self.text[part], self.starts[part], self.ends[part])

    def __add__(self, other: "Passage") -> "Passage":
        if not self.text or not other.text:
            return self if self.text else other
        return Passage(self.text + other.text, (*self.starts, *other.starts), (*self.ends, *other.ends))

    @property
    def span(self) -> Span:
        """From the first to the last printed character; what was dropped between them is inside."""
        return Span(self.starts[0], self.ends[-1]) if self.text else Span(0, 0)

    @property
    def stretches(self) -> tuple[Span, ...]:
        """The unbroken stretches of the source that the passage was made from."""
        stretches: list[Span] = []
        for start, end in zip(self.starts, self.ends, strict=True):
            if stretches and start <= stretches[-1].end:
                stretches[-1] = Span(stretches[-1].start, max(end, stretches[-1].end))
            else:
                stretches.append(Span(start, end))
        return tuple(stretches)

    def group(self, match: re.Match[str], group: int | str = 0) -> "Passage":
        """What a match on `text` (or one of its groups) covers."""
        start, end = match.span(group)
        return self[max(start, 0) : max(end, 0)]

    def sub(self, pattern: re.Pattern[str], replacement: str | Replacement) -> "Passage":
        """Like `re.sub`; every character of a replacement stands for all that it replaced."""
        pieces, done = [], 0
        for match in pattern.finditer(self.text):
            text = replacement if isinstance(replacement, str) else replacement(match)
            pieces += [self[done : match.start()], self.group(match).reading(text)]
            done = match.end()
        return join([*pieces, self[done:]]) if done else self

    def reading(self, text: str) -> "Passage":
        """The same place in the source, read as another text."""
        if len(text) == len(self.text):
            return Passage(text, self.starts, self.ends)
        span = self.span
        return Passage(text, (span.start,) * len(text), (span.end,) * len(text))

    def strip(self, characters: str | None = None) -> "Passage":
        start = len(self.text) - len(self.text.lstrip(characters))
        return self[start : max(start, len(self.text.rstrip(characters)))]

    def split(self, pattern: re.Pattern[str]) -> Iterator["Passage"]:
        done = 0
        for match in pattern.finditer(self.text):
            yield self[done : match.start()]
            done = match.end()
        yield self[done:]


EMPTY = Passage("", (), ())


def join(passages: Iterable[Passage], glue: str = "") -> Passage:
    """One passage of several, in reading order; the glue is printed nowhere and takes the place before it."""
    texts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    kept = [passage for passage in passages if passage.text]
    if len(kept) == 1:
        return kept[0]
    for passage in kept:
        if texts and glue:
            texts.append(glue)
            starts += [ends[-1]] * len(glue)
            ends += [ends[-1]] * len(glue)
        texts.append(passage.text)
        starts += passage.starts
        ends += passage.ends
    return Passage("".join(texts), starts, ends)
