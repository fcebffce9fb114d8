"""A plan in numbered entries: which of them are headings, which are items of work, what is neither.

The smallest numbered entry is an item.  An unnumbered paragraph after it is one as well, unless it goes on an
enumeration.  Entries that have smaller ones under them are headings; so is an entry that only introduces
paragraphs with responsible units of their own.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tracker.reading import furniture, units
from tracker.reading.numbering import Level, Sequence, opening, opens_a_point
from tracker.reading.passage import EMPTY, Passage, join

# Chapters that say what for and in which spirit; they order nothing that could be followed up.
_PREAMBLE = re.compile(
    r"^(?:总体|指导思想|基本(?:原则|思路|概念|情况)|工作(?:原则|思路|目标$|目标和|目标及原则)|指导原则|主要目标|发展目标|总目标|年度目标|目标(?!任务)|适用(?:范围|对象)|"
    r"名词解释|术语|附则|总则|重要意义|背景|实施(?:时间|期限)$|有效期)"
)
_SAFEGUARDS = re.compile(r"保障|组织|要求|落实|实施$|督导|推进机制")
_LABEL = re.compile(r"^(?:具体|主要|重点)?(?:措施|举措|任务|工作(?:任务|措施|举措)?)(?:如下)?\s*[:：]$")
_CLOSING = re.compile(
    r"本(?:意见|方案|计划|通知|办法|要点|分工|安排|举措|措施|细则|规划|行动计划|文件)(?:的?(?:要求|精神|提出|自|有效|由|印发|实施|确定|未尽|执行|中)|[，,]|$)|有效期|"
    r"征求意见时间|特此通知|施行说明|(?:认真|抓好|切实)(?:贯彻|组织)(?:执行|实施)|年\d+月\d+日(?:发布|印发)"
)
_SENTENCE = re.compile(r"[。！；!;]")
_SIGNED = re.compile(
    r"^[\u4e00-\u9fffxX×]{2,30}(?:局|委|办|部|厅|科|室|中心|院|会|政府|公司|集团|小组|办公厅|街道|镇|学校|协会)$"
)
_SIGNED_IN_LINE = re.compile(
    r"[\u4e00-\u9fff]{2,20}(?:国务院|局|委|办|部|厅|室|中心|院|会|政府)\s*\d{4}年\d{1,2}月\d{1,2}日\s*(?:[（(]此件[^）)]*[）)])?\s*$"
)
_LONGEST_HEADING = 60
_SIGNATURE = "落款"


@dataclass
class Entry:
    """A numbered entry or an unnumbered paragraph (`level` is None), and the units that it names."""

    level: Level | None
    number: str
    whole: Passage
    body: Passage
    brackets: list[Passage] = field(default_factory=list)

    @property
    def is_heading_only(self) -> bool:
        text = self.body.text.strip()
        return (
            not self.brackets
            and not _SENTENCE.search(text)
            and not text.endswith((":", "："))
            and len(text) <= _LONGEST_HEADING
        )


@dataclass(frozen=True)
class Work:
    """An item found: its own entry, the headings above it, and units that a heading names for it."""

    section: tuple[Passage, ...]
    entry: Entry
    inherited: tuple[Passage, ...] = ()


@dataclass(frozen=True)
class Left:
    """A paragraph that is no item, and why."""

    passage: Passage
    reason: str


@dataclass(frozen=True)
class Outline:
    head: tuple[Passage, ...]  # paragraphs before the first entry
    works: tuple[Work, ...]
    left: tuple[Left, ...]
    tail: tuple[Passage, ...]  # paragraphs after the end of the text


def outline(paragraphs: Iterable[Passage]) -> Outline:
    head, entries, tail, page = _entries(paragraphs)
    entries, after = _until_signature(entries)
    builder = _Builder()
    for entry, under in _with_paragraphs(entries):
        builder.take(entry, under, _has_children(entry, entries))
    return Outline(tuple(head), tuple(builder.finished()), (*page, *after, *builder.left), tuple(tail))


def _until_signature(entries: list[Entry]) -> tuple[list[Entry], list[Left]]:
    """The entries up to the signature under the last one; what follows it is no part of the plan."""
    last = max((place for place, entry in enumerate(entries) if entry.level is not None), default=0)
    for place in range(last + 1, len(entries)):
        if _why_left(entries[place]) == _SIGNATURE:
            after = [Left(entry.whole, "落款之后的内容") for entry in entries[place + 1 :]]
            return entries[:place], [Left(entries[place].whole, _SIGNATURE), *after]
    return entries, []


def _entries(paragraphs: Iterable[Passage]) -> tuple[list[Passage], list[Entry], list[Passage], list[Left]]:
    """The head, the entries with their paragraphs, what follows the end of the text, and page furniture."""
    head: list[Passage] = []
    entries: list[Entry] = []
    tail: list[Passage] = []
    page: list[Left] = []
    sequence = Sequence()
    for paragraph in paragraphs:
        ended = bool(entries) and (bool(tail) or furniture.ends_the_text(paragraph.text))
        if ended:
            tail.append(paragraph)
        elif why := furniture.reason(paragraph.text):
            (page if entries else head).append(Left(paragraph, why) if entries else paragraph)  # type: ignore[arg-type]
        else:
            before, found = _cut(paragraph, sequence)
            if not entries and before.text.strip():
                head.append(before)
            elif before.text.strip():
                _add(entries, _pieces(None, "", before, before))
            for entry in found:
                _add(entries, entry)
    return head, entries, tail, page


def _cut(paragraph: Passage, sequence: Sequence) -> tuple[Passage, list[list[Entry]]]:
    """The paragraph cut at the numbers that open entries: what stands before the first, and each entry."""
    numbers = list(sequence.numbers(paragraph.text))
    if not numbers:
        return paragraph, []
    ends = [number.start for number in numbers[1:]] + [len(paragraph)]
    entries = [
        _pieces(
            number.level,
            paragraph.text[number.start : number.end].strip(),
            paragraph[number.start : end].strip(),
            paragraph[number.end : end].strip(),
        )
        for number, end in zip(numbers, ends, strict=True)
    ]
    return paragraph[: numbers[0].start], entries


def _pieces(level: Level | None, number: str, whole: Passage, body: Passage) -> list[Entry]:
    """One entry, and as an unnumbered one what stands after the bracket that closes it."""
    found = units.in_brackets(body.text)
    if not found:
        return [Entry(level, number, whole, body)]
    end = found[-1][1]
    end += len(body.text[end:]) - len(body.text[end:].lstrip("。 "))
    rest = body[end:].strip()
    if not rest.text or len(found) > 1 and not _SENTENCE.search(rest.text):
        rest, end = EMPTY, len(body)
    first = Entry(level, number, _until(whole, body, end), _without(body[:end], found))
    first.brackets = [body[start + 1 : stop - 1] for start, stop in found]
    if not rest.text:
        return [first]
    return [first, *_pieces(None, "", rest, rest)]


def _until(whole: Passage, body: Passage, end: int) -> Passage:
    return whole[: len(whole) - (len(body) - end)].strip()


def _without(body: Passage, found: list[tuple[int, int]]) -> Passage:
    pieces, done = [], 0
    for start, end in found:
        pieces.append(body[done:start])
        done = end
    return join([*pieces, body[done:].strip()]).strip()


def _add(entries: list[Entry], pieces: list[Entry]) -> None:
    """Add an entry, or what belongs to the one before it: its units, its points."""
    for piece in pieces:
        last = entries[-1] if entries else None
        if last is None or piece.level is not None:
            entries.append(piece)
        elif units.labelled(piece.body.text) or (not piece.body.text and piece.brackets):
            last.brackets += piece.brackets or [piece.body]
            last.whole = join((last.whole, piece.whole), "\n")
        elif opens_a_point(piece.body.text) and not piece.brackets:
            last.body = join((last.body, piece.body), "\n")
            last.whole = join((last.whole, piece.whole), "\n")
        else:
            entries.append(piece)


def _with_paragraphs(entries: list[Entry]) -> Iterator[tuple[Entry, list[Entry]]]:
    """Each numbered entry with the unnumbered paragraphs under it."""
    numbered: Entry | None = None
    under: list[Entry] = []
    for entry in entries:
        if entry.level is None:
            under.append(entry)
            continue
        if numbered:
            yield numbered, under
        numbered, under = entry, []
    if numbered:
        yield numbered, under


def _has_children(entry: Entry, entries: list[Entry]) -> bool:
    following = entries[entries.index(entry) + 1 :]
    after = next((other for other in following if other.level is not None), None)
    return after is not None and after.level is not None and entry.level is not None and after.level > entry.level


class _Builder:
    """Walks through the entries with the headings that are open."""

    def __init__(self) -> None:
        self.left: list[Left] = []
        self._works: list[Work] = []
        self._open: list[tuple[Level, Passage, list[Passage]]] = []

    def take(self, entry: Entry, under: list[Entry], has_children: bool) -> None:
        level = entry.level or Level.PART
        self._open = [heading for heading in self._open if heading[0] < level]
        under = [paragraph for paragraph in under if not self._is_left(paragraph)]
        if has_children:
            self._open_heading(level, entry, under)
        elif self._is_preamble(entry):
            self._leave([entry, *under], "总体要求、工作目标一类的概述，不是任务")
        elif under and entry.is_heading_only:
            self._heading_and_paragraphs(level, entry, under)
        elif under and not entry.brackets and all(paragraph.brackets for paragraph in under):
            self._open.append((level, _heading(entry.body, whole=True), []))
            self._works += [self._work(paragraph) for paragraph in under]
        else:
            self._works += [self._work(each) for each in (entry, *under)]

    def finished(self) -> list[Work]:
        """The items; a last paragraph that only says how to carry out the document is none."""
        while self._works and self._works[-1].entry.level is None and _is_closing(self._works[-1].entry):
            self.left.append(Left(self._works.pop().entry.whole, "结尾的贯彻落实要求，不是单独的任务"))
        return self._works

    def _open_heading(self, level: Level, entry: Entry, under: list[Entry]) -> None:
        self._open.append((level, _heading(entry.body), entry.brackets))
        if self._is_preamble(entry):
            self._leave(under, "总体要求、工作目标一类的概述，不是任务")
        for paragraph in under:
            if paragraph.brackets:
                self._works.append(self._work(paragraph))
            else:
                self._leave([paragraph], "标题下的引言，任务在后面的条目中")

    def _heading_and_paragraphs(self, level: Level, entry: Entry, under: list[Entry]) -> None:
        if level > Level.CHAPTER and any(_SAFEGUARDS.search(heading.text) for _, heading, _ in self._open):
            first = under[0]
            entry.body = join((entry.body, first.body), "\n")
            entry.whole = join((entry.whole, first.whole), "\n")
            entry.brackets += first.brackets
            self._works += [self._work(each) for each in (entry, *under[1:])]
            return
        self._open.append((level, _heading(entry.body), []))
        self._works += [self._work(paragraph) for paragraph in under]

    def _work(self, entry: Entry) -> Work:
        inherited = next((brackets for _, _, brackets in reversed(self._open) if brackets), [])
        return Work(tuple(heading for _, heading, _ in self._open), entry, tuple(inherited))

    def _is_preamble(self, entry: Entry) -> bool:
        if entry.brackets:
            return False
        title = _heading(entry.body).text
        headings = [heading.text for _, heading, _ in self._open] + [title if len(title) <= 20 else ""]
        return any(_PREAMBLE.match(heading) and "任务" not in heading for heading in headings)

    def _is_left(self, paragraph: Entry) -> bool:
        why = _why_left(paragraph)
        if why:
            self.left.append(Left(paragraph.whole, why))
        return bool(why)

    def _leave(self, entries: list[Entry], why: str) -> None:
        self.left += [Left(entry.whole, why) for entry in entries]


def _why_left(paragraph: Entry) -> str:
    text = paragraph.whole.text.strip()
    if _LABEL.match(text):
        return "引出下文的字样"
    if paragraph.brackets:
        return ""
    if len(text) <= 30 and _SIGNED.match(text):
        return _SIGNATURE
    if len(text) <= 60 and _SIGNED_IN_LINE.search(text):
        return _SIGNATURE
    if len(text) <= 40 and furniture.is_addressee(text):
        return "主送机关"
    return ""


def _is_closing(entry: Entry) -> bool:
    """Whether a paragraph only orders to carry out the document, to report on it, or tells when it applies."""
    if entry.brackets:
        return False
    first = re.split("[。；]", entry.body.text)[0]
    return bool(_CLOSING.search(first)) or (len(entry.body) < 80 and bool(_CLOSING.search(entry.body.text)))


def _heading(body: Passage, *, whole: bool = False) -> Passage:
    """A heading's words: without its full stop, and without a sentence that goes on after a blank."""
    text = body.text.strip()
    body = body.strip()
    blank = re.search(r"[ \n]+(?=\S.*[。；])", text)
    if blank and not whole and not _SENTENCE.search(text[: blank.start()]) and blank.start() <= _LONGEST_HEADING:
        body = body[: blank.start()]
    return body.strip("。；;:： ")


def rest_of_heading(body: Passage) -> Passage:
    """What `_heading` has cut off."""
    return body[len(_heading(body)) :].strip("。；;:： ")


def number_and_task(text: Passage) -> tuple[str, Passage]:
    number = opening(text.text)
    return (text.text[: number.end].strip(), text[number.end :].strip()) if number else ("", text)
