"""Finding words in a text whatever their width and case, and saying where they stand."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

AROUND = 16  # characters shown on each side of a word that was found


def folded(text: str) -> str:
    """The text as it is compared: full-width and half-width alike, capitals and small letters alike."""
    return unicodedata.normalize("NFKC", text).casefold()


def words_of(asked: str) -> tuple[str, ...]:
    """What was typed, word by word; each has to be found."""
    return tuple(dict.fromkeys(folded(asked).split()))


def holds_all(text: str, words: Iterable[str]) -> bool:
    compared = folded(text)
    return all(word in compared for word in words)


@dataclass(frozen=True)
class Piece:
    """A stretch of a text; `found` where it is one of the words."""

    text: str
    found: bool


def pieces(text: str, words: Sequence[str]) -> list[Piece]:
    """The text cut where the words stand in it; put together again it is unchanged."""
    found = _places(text, words)
    cuts = [place for place in range(1, len(text)) if (place in found) != (place - 1 in found)]
    bounds = zip([0, *cuts], [*cuts, len(text)], strict=True)
    return [Piece(text[start:end], start in found) for start, end in bounds if start < end]


def excerpt(text: str, words: Sequence[str]) -> str:
    """The text around the first of the words; empty where none of them stands in it."""
    found = _places(text, words)
    if not found:
        return ""
    first = min(found)
    last = next(place for place in range(first, len(text) + 1) if place not in found)
    start, end = max(0, first - AROUND), min(len(text), last + AROUND)
    return f"{'…' if start else ''}{' '.join(text[start:end].split())}{'…' if end < len(text) else ''}"


def _places(text: str, words: Sequence[str]) -> set[int]:
    """Which characters of the text belong to one of the words.

    A character may be compared as several (㎡) or none, so each compared one remembers where it comes from.
    """
    if not words:
        return set()
    origins = [(compared, place) for place, character in enumerate(text) for compared in folded(character)]
    whole = "".join(compared for compared, _ in origins)
    found = (range(start, start + len(word)) for word in words for start in _starts(whole, word))
    return {origins[at][1] for stretch in found for at in stretch}


def _starts(text: str, word: str) -> Iterator[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)
