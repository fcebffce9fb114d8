"""Paragraphs to entries: cut where numbers open them, with the brackets that name responsible units taken off."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from tracker.reading import furniture, units
from tracker.reading.numbering import Level, Number, Sequence, is_spoken, opening, opens_a_point
from tracker.reading.passage import EMPTY, Passage, join

SENTENCE_END = re.compile(r"[。！；!;]")
_LONGEST_HEADING = 60
_TOLD_BESIDE = re.compile(  # what a list of projects tells of each, on lines of their own
    r"\s*(?:项目|工程|建设)?(?:总?投资(?:规模|额|估算)?|资金(?:来源|规模|安排)?|地点|地址|预算|概算|联系(?:人|方式|电话)|业主(?:单位)?|受益范围|备注)\s*[:：]"
)


@dataclass
class Entry:
    """A numbered entry or an unnumbered paragraph (`level` is None), and the brackets that name its units."""

    level: Level | None
    number: str
    whole: Passage  # with the number and the brackets
    body: Passage  # without them
    brackets: list[Passage] = field(default_factory=list)

    @property
    def is_heading_only(self) -> bool:
        text = self.body.text.strip()
        is_short = len(text) <= _LONGEST_HEADING and not text.endswith((":", "："))
        return is_short and not self.brackets and not SENTENCE_END.search(text)

    def take_in(self, other: "Entry") -> None:
        """Make a following paragraph part of this entry, on a line of its own."""
        self.whole = join((self.whole, other.whole), "\n")
        self.body = join((self.body, other.body), "\n")
        self.brackets += other.brackets


@dataclass(frozen=True)
class Left:
    """A paragraph that is no item, and why."""

    passage: Passage
    reason: str


class Entries:
    """The entries of a text, what stands before the first and after the last, and what is page furniture."""

    def __init__(self, paragraphs: Iterable[Passage]) -> None:
        self.head: list[Passage] = []
        self.all: list[Entry] = []
        self.tail: list[Passage] = []
        self.left: list[Left] = []
        self.gaps: list[Passage] = []
        kept = self._without_contents(list(paragraphs))
        is_decimal = any(found.is_decimal for each in kept if (found := opening(each.text)))
        self._sequence = Sequence(_deepest(kept), is_decimal=is_decimal)
        for paragraph in kept:
            self._read(paragraph)

    def _without_contents(self, paragraphs: list[Passage]) -> list[Passage]:
        """The paragraphs without a table of contents: lines that lead to a page, or headings that come again."""
        title = next((place for place, each in enumerate(paragraphs) if furniture.is_contents(each.text)), None)
        listed = [place for place, each in enumerate(paragraphs) if furniture.heading_in_contents(each.text)]
        if title is not None:
            texts = ["".join(each.text.split()) for each in paragraphs]
            again = next((n for n in range(title + 2, len(texts)) if texts[n] == texts[title + 1]), title + 1)
            listed = sorted({*listed, *range(title, again)})
        self.left += [Left(paragraphs[place], "目录") for place in listed]
        return [each for place, each in enumerate(paragraphs) if place not in set(listed)]

    def _read(self, paragraph: Passage) -> None:
        why = "" if opening(paragraph.text) else furniture.reason(paragraph.text)
        if self.tail or (self.all and furniture.ends_the_text(paragraph.text)):
            self.tail.append(paragraph)
        elif why and self.all:
            self.left.append(Left(paragraph, why))
        elif why:
            self.head.append(paragraph)
        else:
            self._cut(paragraph)

    def _cut(self, paragraph: Passage) -> None:
        """Cut the paragraph at the numbers that open entries; what stands before the first has none."""
        numbers = list(self._sequence.numbers(paragraph.text))
        before = paragraph[: numbers[0].start] if numbers else paragraph
        if before.text.strip() and not self.all:
            self.head.append(before)
        elif before.text.strip():
            self._add_all(_at_brackets(None, "", before.strip(), before.strip()))
        for number, following in zip(numbers, [*numbers[1:], None], strict=False):
            self._add_numbered(number, paragraph, following.start if following else len(paragraph))

    def _add_numbered(self, number: Number, paragraph: Passage, end: int) -> None:
        printed = paragraph.text[number.start : number.end].strip()
        whole, body = paragraph[number.start : end].strip(), paragraph[number.end : end].strip()
        self._add_all(_at_brackets(number.level, printed, whole, body))
        if not number.follows:
            self.gaps.append(whole)

    def _add_all(self, entries: list[Entry]) -> None:
        """Add entries, and to the one before them what belongs to it: its units, its points."""
        for entry in entries:
            last = self.all[-1] if self.all else None
            if last is None or entry.level is not None:
                self.all.append(entry)
            elif units.names_responsible(entry.body.text) or (not entry.body.text and entry.brackets):
                last.brackets += entry.brackets or [entry.body]
                last.whole = join((last.whole, entry.whole), "\n")
            elif _TOLD_BESIDE.match(entry.body.text) and not last.is_heading_only:
                last.take_in(entry)
            elif self._is_point_of_heading(entry):
                self.all.append(_numbered(entry))
            elif opens_a_point(entry.body.text) and not entry.brackets:
                last.take_in(entry)
            else:
                self.all.append(entry)

    def _is_point_of_heading(self, entry: Entry) -> bool:
        """Whether （1） stands right under a chapter's heading, where it is the smallest entry there is."""
        found, last = opening(entry.body.text), self.all[-1]
        if found is None or found.level < Level.POINT or last.level is None:
            return False
        return last.level is found.level or (last.level <= Level.SECTION and last.is_heading_only)


def _deepest(paragraphs: list[Passage]) -> Level:
    """The deepest number that opens an entry: （1）, ① or 一是, where the document has no other."""
    levels = {number.level for paragraph in paragraphs if (number := opening(paragraph.text))}
    if not levels and sum(is_spoken(paragraph.text) for paragraph in paragraphs) > 1:
        return Level.SPOKEN
    return max(min(levels, default=Level.ENTRY), Level.ENTRY)


def _numbered(entry: Entry) -> Entry:
    """An unnumbered paragraph with the number that it opens with as its number."""
    found = opening(entry.body.text)
    if found is None:
        return entry
    number, body = entry.body.text[: found.end].strip(), entry.body[found.end :].strip()
    return Entry(found.level, number, entry.whole, body, entry.brackets)


def taken_apart(text: Passage) -> tuple[Passage, tuple[Passage, ...]]:
    """A text without the brackets that name units, and what stands in them."""
    found = units.in_brackets(text.text)
    return _without(text, found), tuple(text[start + 1 : end - 1] for start, end in found)


def _at_brackets(level: Level | None, number: str, whole: Passage, body: Passage) -> list[Entry]:
    """One entry, and after the bracket that closes it, as an unnumbered one, what is left of the text."""
    found = units.in_brackets(body.text)
    if not found:
        fields = units.closing_fields(body.text) or len(body)
        return [Entry(level, number, whole, body[:fields].strip(), [body[fields:]] if body[fields:].text else [])]
    end = found[-1][1]
    end += len(body.text[end:]) - len(body.text[end:].lstrip("。 "))
    rest = body[end:].strip()
    if rest.text and not SENTENCE_END.search(rest.text) and not rest.text.endswith((":", "：")):
        rest, end = EMPTY, len(body)  # the bracket stands inside a sentence
    whole = whole[: len(whole) - (len(body) - end)].strip()
    brackets = [body[start + 1 : stop - 1] for start, stop in found]
    first = Entry(level, number, whole, _without(body[:end], found), brackets)
    return [first, *_at_brackets(None, "", rest, rest)] if rest.text else [first]


def _without(body: Passage, brackets: list[tuple[int, int]]) -> Passage:
    pieces, done = [], 0
    for start, end in brackets:
        pieces.append(body[done:start])
        done = end
    return join([*pieces, body[done:].strip()]).strip()
