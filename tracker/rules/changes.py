"""What changed between two versions of a text, clause by clause, as a reader would mark it with a pen."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_CLAUSE = re.compile(r"[^，。；：！？、\n]+|[，。；：！？、\n]")


class Mark(StrEnum):
    KEPT = "kept"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True)
class Piece:
    mark: Mark
    text: str


@dataclass(frozen=True)
class Change:
    """A field that reads differently now."""

    label: str
    pieces: tuple[Piece, ...]


def changes(before: Mapping[str, str], after: Mapping[str, str]) -> list[Change]:
    """The fields, by label, whose text differs; a field that one side lacks is empty there."""
    labels = dict.fromkeys((*before, *after))
    return [
        Change(label, tuple(_pieces(before.get(label, ""), after.get(label, ""))))
        for label in labels
        if before.get(label, "") != after.get(label, "")
    ]


def _pieces(before: str, after: str) -> Iterator[Piece]:
    # By clauses and stops, not characters: a changed word shows with its clause, and a long text is compared at once.
    old, new = _CLAUSE.findall(before), _CLAUSE.findall(after)
    for step, old_start, old_end, new_start, new_end in SequenceMatcher(None, old, new).get_opcodes():
        removed, added = "".join(old[old_start:old_end]), "".join(new[new_start:new_end])
        if step == "equal":
            yield Piece(Mark.KEPT, removed)
            continue
        if removed:
            yield Piece(Mark.REMOVED, removed)
        if added:
            yield Piece(Mark.ADDED, added)
