"""Brackets bind: 各镇(园区、街道) is one name.  What stands in brackets, and splitting outside them."""

import re
from collections.abc import Iterator

from tracker.reading.passage import Passage

_OPENING = "（(〔[【"
_CLOSING = "）)〕]】"


def top_level(text: str) -> Iterator[tuple[int, int]]:
    """The brackets that stand in no other: where each starts and ends, the marks included."""
    depth, opened = 0, 0
    for place, character in enumerate(text):
        if character in _OPENING:
            opened = place if depth == 0 else opened
            depth += 1
        elif character in _CLOSING and depth:
            depth -= 1
            if depth == 0:
                yield opened, place + 1


def outside(text: str, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """The matches that do not begin in brackets."""
    inside = [place for start, end in top_level(text) for place in range(start + 1, end)]
    within = frozenset(inside)
    return (match for match in pattern.finditer(text) if match.start() not in within)


def split(passage: Passage, pattern: re.Pattern[str]) -> Iterator[Passage]:
    """The pieces between the separators that stand outside brackets; empty pieces are left out."""
    done = 0
    for match in outside(passage.text, pattern):
        if match.start() > done:
            yield passage[done : match.start()]
        done = match.end()
    if done < len(passage):
        yield passage[done:]
