"""Cutting an item of a draft in two, and joining two into one: contents in, contents out.

A content holds the columns of a draft item by name.  Places in it count the characters of its task and, after
them, those of its goal, as one running text.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from difflib import SequenceMatcher

from tracker.ledger.draft_entries import Entry
from tracker.rules.refusals import Invalid

COLUMNS = ("units", "targets", "deadlines")

_SENTENCE = re.compile(r"[。；;！!？?\n]+[”’』」）)]*")
_CLAUSE = re.compile(r"[。；;！!？?\n，,：:]+[”’』」）)]*")
_ENOUGH_TO_FIND = 8  # characters that tell a remark's words from others
_ALIKE = 0.3  # the share of a text that is still printed as it reads, below which it is somebody's own
_ENDED = "。；;，,、！!？?：:\n"

Spans = list[list[int]]
Holders = Callable[[Entry], Sequence[int]]  # which of the two parts an entry goes to


# Where an item may be cut


def places(task: str, goal: str) -> list[int]:
    """The places between two sentences; between two clauses where the item is one sentence."""
    text = task + goal
    for pattern in (_SENTENCE, _CLAUSE):
        ends = {match.end() for match in pattern.finditer(text)} | {len(task)}
        if found := sorted(end for end in ends if text[:end].strip() and text[end:].strip()):
            return found
    return []


# In two


def parted(content: Entry, source: str, place: int) -> tuple[Entry, Entry]:
    """The two parts; what is said in one of them goes with it, what stands outside both goes to both."""
    texts = _texts(content["task"], content["goal"], place)
    cut = _Cut(content["read"], source, texts)
    first, second = ({**content, "task": task, "goal": goal} for task, goal in texts)
    for column in COLUMNS:
        first[column], second[column] = _shared(content[column], cut.holders)
    first["read"], second["read"] = _read_parted(content["read"], source, cut, texts)
    return first, second


def _texts(task: str, goal: str, place: int) -> tuple[tuple[str, str], tuple[str, str]]:
    """Task and goal of each part; cut in the goal, the rest of it is the second part's task."""
    if place < len(task):
        parts = (task[:place].strip(), ""), (task[place:].strip(), goal)
    else:
        within = place - len(task)
        parts = (task, goal[:within].strip()), (goal[within:].strip(), "")
    if place <= 0 or not parts[0][0].strip() or not parts[1][0]:
        raise Invalid("请在两句话之间拆开，拆开后两项都要有内容。")
    return parts


class _Cut:
    """Where in the source the parts are printed: from `begin` to `at`, and from there to `end`; None where unknown."""

    def __init__(self, read: Entry | None, source: str, texts: Sequence[tuple[str, str]]) -> None:
        first, second = (squeezed(task + goal) for task, goal in texts)
        self._said = (first, second)
        printed = _Printed(first + second, source, read["spans"] if read else [])
        self.begin = printed.place(0)
        self.at = printed.place(len(first))
        self.end = printed.place(len(first + second) - 1)

    def holders(self, entry: Entry) -> Sequence[int]:
        """By the evidence where the parts are found in the document, by the words otherwise."""
        if self.begin is None or self.at is None or self.end is None or not entry["span"]:
            said = squeezed(entry["name"] if "name" in entry else entry["text"])
            return [part for part in (0, 1) if said in self._said[part]] or (0, 1)
        start = entry["span"][0]
        return (int(start >= self.at),) if self.begin <= start <= self.end else (0, 1)


class _Printed:
    """A text laid along the characters of its source, blanks left out: repairs and edits differ in some of them."""

    def __init__(self, text: str, source: str, spans: Spans) -> None:
        self._places = [at for start, end in spans for at in range(start, end) if squeezed(source[at])]
        printed = "".join(_plain(source[at]) for at in self._places)
        blocks = SequenceMatcher(None, text, printed, autojunk=False).get_matching_blocks()
        known = sum(block.size for block in blocks) >= len(text) * _ALIKE
        self._blocks = blocks if known else []

    def place(self, number: int) -> int | None:
        """Where in the source that character of the text is printed; an unknown one follows the last that is known."""
        behind, along = 0, 0
        for block in self._blocks:
            if number < block.a:
                along = min(along + number - behind, block.b)
                return self._places[min(along, len(self._places) - 1)]
            if number < block.a + block.size:
                return self._places[block.b + number - block.a]
            behind, along = block.a + block.size, block.b + block.size
        return None


def squeezed(text: str) -> str:
    """The text without blanks, and with one width for its signs."""
    return "".join(_plain(character) for character in text if not character.isspace())


def _plain(character: str) -> str:
    plain = unicodedata.normalize("NFKC", character)
    return plain if len(plain) == 1 else character


def _shared(entries: Iterable[Entry], holders: Holders) -> tuple[list[Entry], list[Entry]]:
    shares: tuple[list[Entry], list[Entry]] = ([], [])
    for entry in entries:
        for part in holders(entry):
            shares[part].append(entry)
    return shares


def _read_parted(
    read: Entry | None, source: str, cut: _Cut, texts: Sequence[tuple[str, str]]
) -> tuple[Entry | None, Entry | None]:
    """What the document says of each part.  Where the cut is not found in it, both keep the whole evidence."""
    if read is None:
        return None, None
    spans = (read["spans"], read["spans"]) if cut.at is None else _spans_cut(read["spans"], cut.at)
    parts = [_printed(read, source, each) for each in spans]
    for column in COLUMNS:
        parts[0][column], parts[1][column] = _shared(read[column], cut.holders)
    parts[0]["remarks"], parts[1]["remarks"] = _shared(read["remarks"], lambda remark: _remark_in(remark, texts))
    return parts[0], parts[1]


def _remark_in(remark: Entry, texts: Sequence[tuple[str, str]]) -> Sequence[int]:
    """A remark stands once, that no doubt is asked twice: at the second part where only that one has its words."""
    words = squeezed(remark["excerpt"])[:_ENOUGH_TO_FIND]
    first, second = (squeezed(task + goal) for task, goal in texts)
    return (1,) if words and words in second and words not in first else (0,)


def _spans_cut(spans: Spans, at: int) -> tuple[Spans, Spans]:
    before = [[start, min(end, at)] for start, end in spans if start < at]
    return before, [[max(start, at), end] for start, end in spans if end > at]


def _printed(read: Entry, source: str, spans: Spans) -> Entry:
    return {
        **read,
        "spans": spans,
        "as_printed": "\n".join(source[start:end] for start, end in spans),
        "first_line": _line(source, min(start for start, _ in spans)),
        "last_line": _line(source, max(end for _, end in spans) - 1),
    }


def _line(source: str, place: int) -> int:
    return source.count("\n", 0, place) + 1


# Into one


def joined(above: Entry, below: Entry, source: str) -> Entry:
    """The item above with what the one below says as well."""
    return {
        **above,
        "task": _run_on(above["task"], below["task"]),
        "goal": _run_on(above["goal"], below["goal"]),
        **{column: united([*above[column], *below[column]]) for column in COLUMNS},
        "read": _read_joined(above["read"], below["read"], source),
    }


def _run_on(first: str, second: str) -> str:
    if not first or not second:
        return first or second
    return first + ("" if first[-1] in _ENDED else "；") + second


def united(entries: Iterable[Entry]) -> list[Entry]:
    """Each entry once; of a unit that comes twice the one that leads."""
    held: dict[str, Entry] = {}
    for entry in entries:
        key = entry["name"] if "name" in entry else repr({**entry, "origin": None, "span": None})
        if key not in held or (entry.get("lead") and not held[key]["lead"]):
            held[key] = entry
    return list(held.values())


def _read_joined(above: Entry | None, below: Entry | None, source: str) -> Entry | None:
    if above is None or below is None:
        return above or below
    read = {column: united([*above[column], *below[column]]) for column in COLUMNS}
    remarks = above["remarks"] + [remark for remark in below["remarks"] if remark not in above["remarks"]]
    spans = list(_closed_up(sorted(above["spans"] + below["spans"]), source))
    return _printed({**above, **read, "remarks": remarks}, source, spans)


def _closed_up(spans: Spans, source: str) -> Iterator[list[int]]:
    """Spans that touch, or overlap, are one."""
    held = list(spans[0])
    for start, end in spans[1:]:
        if start <= held[1] or not source[held[1] : start].strip(" \t"):
            held[1] = max(held[1], end)
        else:
            yield held
            held = [start, end]
    yield held
