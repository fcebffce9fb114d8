"""A revised plan (修订) beside the ledger: which item is which, and what of it reads differently.

Pure comparison of two editions.  An item keeps its identity through other words, another place and another number:
the texts decide, and where two are equally alike, the section, the number and the order do.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from tracker.rules.changes import Mark, Piece
from tracker.rules.deadlines import Deadline, DeadlineKind
from tracker.rules.targets import Target

ALIKE = 0.85  # titles and issuers of two editions of one plan
ENOUGH = 0.5  # texts of one item in two editions
ENOUGH_IN_PLACE = 0.3  # ... where section and number are the same

_TOKEN = re.compile(r"\d+(?:\.\d+)?%?|[A-Za-z]+|.", re.DOTALL)
_CLAUSE = re.compile(r"[^，。；：！？、,;:!?\n]*[，。；：！？、,;:!?\n]?")
_LONGEST_COMPARED = 2000  # characters of a changed passage that are compared one by one
_SHORTEST_KEPT = 2  # an unchanged stretch between two changes that is worth showing as such


@dataclass(frozen=True)
class Wording:
    """What of an item is compared.  Units are pairs of name and whether it leads; texts are as printed."""

    section: tuple[str, ...]
    number: str
    task: str
    goal: str = ""
    units: tuple[tuple[str, bool], ...] = ()
    targets: tuple[tuple[str, Target], ...] = ()
    deadlines: tuple[tuple[str, Deadline], ...] = ()


class Fate(StrEnum):
    """What becomes of an item, in the order in which a clerk looks at them."""

    CHANGED = "changed"
    ADDED = "added"
    DROPPED = "dropped"
    UNCHANGED = "unchanged"

    @property
    def label(self) -> str:
        return {
            Fate.CHANGED: "修改",
            Fate.ADDED: "新增",
            Fate.DROPPED: "删去",
            Fate.UNCHANGED: "未变",
        }[self]


@dataclass(frozen=True)
class FieldChange:
    """A field that reads differently; of one that lists things, each piece is one of them."""

    label: str
    pieces: tuple[Piece, ...]
    listed: bool = False


@dataclass(frozen=True)
class Compared:
    """An item of the new edition with the one of the ledger that it is, either of them None where there is none."""

    new: int | None
    old: int | None
    changes: tuple[FieldChange, ...] = ()

    @property
    def fate(self) -> Fate:
        if self.old is None:
            return Fate.ADDED
        if self.new is None:
            return Fate.DROPPED
        return Fate.CHANGED if self.changes else Fate.UNCHANGED


# Which plan, which item


def alike(title: str, issuer: str, other_title: str, other_issuer: str) -> bool:
    """Whether two documents look like editions of one plan; an issuer that is not printed says nothing."""
    if issuer and other_issuer and _ratio(issuer, other_issuer) < ALIKE:
        return False
    return _ratio(title, other_title) >= ALIKE


def _ratio(one: str, other: str) -> float:
    return SequenceMatcher(None, said(one), said(other), autojunk=False).ratio()


def pair(
    old: Mapping[int, Wording], new: Mapping[int, Wording], fixed: Mapping[int, int | None] | None = None
) -> dict[int, int]:
    """By item of the new edition the one of the old that it is: the most alike first, each at most once.

    `fixed` is what the clerk says: this one is that one, or (None) none of them.
    """
    settled = {n: o for n, o in (fixed or {}).items() if n in new and (o is None or o in old)}
    pairs = {n: o for n, o in settled.items() if o is not None}
    free = {n: wording for n, wording in new.items() if n not in settled}
    pairs |= _word_for_word(_without(old, pairs.values()), free)
    taken = set(pairs.values())
    candidates = _candidates(_without(old, taken), _without(free, pairs))
    for _, n, o in sorted(candidates, key=lambda found: found[0], reverse=True):
        if n not in pairs and o not in taken:
            pairs[n] = o
            taken.add(o)
    return pairs


def _without(wordings: Mapping[int, Wording], taken: Iterable[int]) -> dict[int, Wording]:
    gone = set(taken)
    return {key: wording for key, wording in wordings.items() if key not in gone}


def _word_for_word(old: Mapping[int, Wording], new: Mapping[int, Wording]) -> dict[int, int]:
    """Items whose text stands once in each edition: most of them, and none that needs comparing with all others."""
    before, after = _by_text(old), _by_text(new)
    return {
        places[0]: before[text][0]
        for text, places in after.items()
        if len(places) == 1 and len(before.get(text, ())) == 1
    }


def _by_text(wordings: Mapping[int, Wording]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = defaultdict(list)
    for key, wording in wordings.items():
        places[said(f"{wording.task} {wording.goal}")].append(key)
    return places


_Score = tuple[float, bool, bool, int]


def _candidates(old: Mapping[int, Wording], new: Mapping[int, Wording]) -> Iterator[tuple[_Score, int, int]]:
    old_grams = [(o, wording, _grams(wording)) for o, wording in old.items()]
    for place, (n, wording) in enumerate(new.items()):
        grams = _grams(wording)
        for old_place, (o, other, other_grams) in enumerate(old_grams):
            section, number = wording.section == other.section, wording.number == other.number
            likeness = _likeness(grams, other_grams)
            if likeness >= (ENOUGH_IN_PLACE if section and number and wording.number else ENOUGH):
                yield (likeness, section, number, -abs(place - old_place)), n, o


def _grams(wording: Wording) -> frozenset[str]:
    """Pairs of neighbouring characters: they survive a clause that was moved, and compare quickly."""
    text = f" {said(wording.task)} {said(wording.goal)} "
    return frozenset(text[place : place + 2] for place in range(len(text) - 1))


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Dice's coefficient: 1 for the same, 0 for nothing in common."""
    return 2 * len(one & other) / (len(one) + len(other))


# What reads differently


def compare(
    old: Mapping[int, Wording], new: Mapping[int, Wording], fixed: Mapping[int, int | None] | None = None
) -> list[Compared]:
    """Every item of both editions once, in the new one's order; those that it drops come last."""
    pairs = pair(old, new, fixed)
    lines = [_compared(n, pairs.get(n), old, wording) for n, wording in new.items()]
    kept = set(pairs.values())
    return lines + [Compared(None, o) for o in old if o not in kept]


def _compared(n: int, o: int | None, old: Mapping[int, Wording], wording: Wording) -> Compared:
    return Compared(n, None) if o is None else Compared(n, o, tuple(changes(old[o], wording)))


def changes(before: Wording, after: Wording) -> Iterator[FieldChange]:
    """The fields that read differently.  Blanks, and full or half width, make no difference."""
    yield from _text_change("所属板块", " / ".join(before.section), " / ".join(after.section))
    yield from _text_change("工作任务", before.task, after.task)
    yield from _text_change("工作目标", before.goal, after.goal)
    for label, lead in (("牵头（责任）单位", True), ("配合单位", False)):
        yield from _list_change(label, _units(before, lead), _units(after, lead))
    yield from _list_change("量化指标", _targets(before), _targets(after))
    yield from _list_change("完成时限", _deadlines(before), _deadlines(after))


_Entries = list[tuple[Hashable, str]]  # what makes each one the same, and how it is shown


def _units(wording: Wording, lead: bool) -> _Entries:
    return [(name, name) for name, leads in wording.units if leads is lead]


def _targets(wording: Wording) -> _Entries:
    return [(target_key(text, target), _shown(text, target)) for text, target in wording.targets]


def _deadlines(wording: Wording) -> _Entries:
    return [(deadline_key(text, deadline), _shown(text, deadline)) for text, deadline in wording.deadlines]


def said(text: str) -> str:
    """The text without what editions differ in by chance: blanks, and the width of signs."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def target_key(text: str, target: Target) -> Hashable:
    """What makes two targets the same: the words say of what, the figure how much."""
    return said(text), target


def deadline_key(text: str, deadline: Deadline) -> Hashable:
    """What makes two deadlines the same: the date or the period, however worded; of the others, the words too."""
    worded = deadline.kind not in (DeadlineKind.DATE, DeadlineKind.RECURRING)
    return said(text) if worded else "", deadline


def _shown(text: str, meant: Target | Deadline) -> str:
    return text if said(meant.label) == said(text) else f"{text}（{meant.label}）"


def replaced(old: Sequence[Hashable], new: Sequence[Hashable]) -> tuple[list[int], list[int]]:
    """The places of what is no longer said, and of what is newly said; what is said twice counts twice."""
    return _surplus(old, new), _surplus(new, old)


def _surplus(these: Sequence[Hashable], those: Sequence[Hashable]) -> list[int]:
    left, places = Counter(those), []
    for place, thing in enumerate(these):
        if left[thing]:
            left[thing] -= 1
        else:
            places.append(place)
    return places


def _list_change(label: str, old: _Entries, new: _Entries) -> Iterator[FieldChange]:
    gone, come = replaced([key for key, _ in old], [key for key, _ in new])
    if gone or come:
        kept = [Piece(Mark.KEPT, text) for place, (_, text) in enumerate(old) if place not in gone]
        removed = [Piece(Mark.REMOVED, old[place][1]) for place in gone]
        added = [Piece(Mark.ADDED, new[place][1]) for place in come]
        yield FieldChange(label, (*kept, *removed, *added), listed=True)


def _text_change(label: str, before: str, after: str) -> Iterator[FieldChange]:
    if said(before) != said(after):
        yield FieldChange(label, tuple(marked(before, after)))


# Marking words


def marked(before: str, after: str) -> list[Piece]:
    """One text that shows both: first the clauses are matched, then the words of those that were replaced."""
    old, new = _clauses(before), _clauses(after)
    pieces: list[Piece] = []
    for step, i, j, k, m in _steps(old, new):
        removed, added = "".join(old[i:j]), "".join(new[k:m])
        if step == "equal":
            pieces.append(Piece(Mark.KEPT, added))
        elif step == "replace" and len(removed) + len(added) <= _LONGEST_COMPARED:
            pieces.extend(_words(removed, added))
        else:
            pieces.extend(_both(removed, added))
    return _joined(pieces)


def _clauses(text: str) -> list[str]:
    return [clause for clause in _CLAUSE.findall(text) if clause]


def _words(before: str, after: str) -> Iterator[Piece]:
    """Numbers and Latin words are whole; of what is left, characters are compared."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    removed = added = ""
    for step, i, j, k, m in _steps(old, new):
        if step == "equal" and (j - i >= _SHORTEST_KEPT or i == 0 or j == len(old)):
            yield from _both(removed, added)
            removed = added = ""
            yield Piece(Mark.KEPT, "".join(new[k:m]))
        else:
            removed, added = removed + "".join(old[i:j]), added + "".join(new[k:m])
    yield from _both(removed, added)


def _steps(old: Sequence[str], new: Sequence[str]) -> Sequence[tuple[str, int, int, int, int]]:
    matcher = SequenceMatcher(None, [said(part) for part in old], [said(part) for part in new], autojunk=False)
    return matcher.get_opcodes()


def _both(removed: str, added: str) -> Iterator[Piece]:
    if removed:
        yield Piece(Mark.REMOVED, removed)
    if added:
        yield Piece(Mark.ADDED, added)


def _joined(pieces: Iterable[Piece]) -> list[Piece]:
    """Neighbours of one kind as one."""
    joined: list[Piece] = []
    for piece in pieces:
        if joined and joined[-1].mark is piece.mark:
            joined[-1] = Piece(piece.mark, joined[-1].text + piece.text)
        else:
            joined.append(piece)
    return joined
