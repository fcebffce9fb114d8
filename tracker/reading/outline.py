"""A plan in numbered entries: which of them are headings, which are items of work, what is neither.

The smallest numbered entry is an item.  An unnumbered paragraph after it is one as well, unless it goes on an
enumeration.  Entries that have smaller ones under them are headings; so is an entry that only introduces
paragraphs with responsible units of their own.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tracker.reading import deadlines, furniture
from tracker.reading.entries import SENTENCE_END, Entries, Entry, Left
from tracker.reading.numbering import Level
from tracker.reading.passage import EMPTY, Passage

# Chapters that say what for and in which spirit; they order nothing that could be followed up.
_PREAMBLE = re.compile(
    r"^(?:总体|指导思想|基本(?:原则|思路|概念|情况)|工作(?:原则|思路|目标$|目标和|目标及原则)|指导原则|主要目标|发展目标|总目标|"
    r"年度目标|目标(?!任务)|适用(?:范围|对象)|名词解释|术语|附则|总则|重要意义|背景|实施(?:时间|期限)$|有效期)"
)
_SAFEGUARDS = re.compile(r"保障|组织|要求|落实|实施$|督导|推进机制")
_LABEL = re.compile(r"^(?:具体|主要|重点)?(?:措施|举措|任务|工作(?:任务|措施|举措)?)(?:如下)?\s*[:：]$")
_THE_DOCUMENT = "本(?:意见|方案|计划|通知|办法|要点|分工|安排|举措|措施|细则|规划|行动计划|文件)"
_CLOSING = re.compile(
    rf"{_THE_DOCUMENT}(?:的?(?:要求|精神|提出|自|有效|由|印发|实施|确定|未尽|执行|中)|[，,]|$)|有效期|征求意见时间|特此通知|施行说明|"
    r"(?:将|把)[^，。]{0,16}(?:落实|进展|贯彻|执行|完成|推进|工作)(?:的?情况|总结)[^，。]{0,16}(?:报|反馈)|"
    r"报送?[^，。]{0,10}(?:进展|落实|完成|推进)的?情况|"
    r"(?:认真|抓好|切实)(?:贯彻|组织)(?:执行|实施)|年\d+月\d+日(?:发布|印发)"
)
_SIGNED = re.compile(
    r"^[\u4e00-\u9fffxX×]{2,30}(?:局|委|办|部|厅|科|室|中心|院|会|政府|公司|集团|小组|办公厅|街道|镇|乡|学校|协会|[支总大]队|分局|办事处|管理处|委员会)$"
)
_SIGNED_IN_LINE = re.compile(
    r"[\u4e00-\u9fff]{2,20}(?:国务院|局|委|办|部|厅|室|中心|院|会|政府)\s*\d{4}年\d{1,2}月\d{1,2}日\s*(?:[（(]此件[^）)]*[）)])?\s*$"
)
_REMARK = re.compile(r"^(?:备?注|说明|填表说明)\s*[:：]")
_PURPOSE = "总体要求、工作目标一类的概述，不是任务"
_INTRODUCTION = "标题下的引言，任务在后面的条目中"
_HEADINGS_UNITS = "标题上的责任单位，下级条目没有另行写明的按此执行"
_SIGNATURE = "落款"


@dataclass(frozen=True)
class Work:
    """An item found: its entry, the headings above it, and the brackets of a heading that name units for it."""

    section: tuple[Passage, ...]
    entry: Entry
    inherited: tuple[Passage, ...] = ()


@dataclass(frozen=True)
class Outline:
    head: tuple[Passage, ...]  # paragraphs before the first entry
    works: tuple[Work, ...]
    left: tuple[Left, ...]
    tail: tuple[Passage, ...]  # paragraphs after the end of the text
    gaps: tuple[Passage, ...] = ()  # entries whose number does not follow the one before


def outline(paragraphs: Iterable[Passage]) -> Outline:
    read = Entries(paragraphs)
    entries, after = _until_signature(read.all)
    builder = _Builder()
    for entry, under, following in _numbered(entries):
        builder.take(entry, under, following)
    works = tuple(builder.finished())
    return Outline(tuple(read.head), works, (*read.left, *after, *builder.left), tuple(read.tail), tuple(read.gaps))


def _until_signature(entries: list[Entry]) -> tuple[list[Entry], list[Left]]:
    """The entries up to the signature under the last one; what follows it is no part of the plan."""
    last = max((place for place, entry in enumerate(entries) if entry.level is not None), default=0)
    for place in range(last + 1, len(entries)):
        if _why_left(entries[place]) == _SIGNATURE:
            after = [Left(entry.whole, "落款之后的内容") for entry in entries[place + 1 :]]
            return entries[:place], [Left(entries[place].whole, _SIGNATURE), *after]
    return entries, []


def _numbered(entries: list[Entry]) -> Iterator[tuple[Entry, list[Entry], Level | None]]:
    """Each numbered entry, the unnumbered paragraphs under it, and the level of the next numbered one."""
    places = [place for place, entry in enumerate(entries) if entry.level is not None]
    for place, following in zip(places, [*places[1:], len(entries)], strict=False):
        level = entries[following].level if following < len(entries) else None
        yield entries[place], entries[place + 1 : following], level


class _Builder:
    """Walks through the entries with the headings that are open."""

    def __init__(self) -> None:
        self.left: list[Left] = []
        self._works: list[Work] = []
        self._open: list[tuple[Level, Passage, list[Passage]]] = []

    def take(self, entry: Entry, under: list[Entry], following: Level | None) -> None:
        level = entry.level or Level.PART
        self._open = [heading for heading in self._open if heading[0] < level]
        under = [paragraph for paragraph in under if not self._is_left(paragraph)]
        if following is not None and following > level:
            self._open_heading(level, entry, under)
        elif self._is_preamble(entry):
            self._leave([entry, *under], _PURPOSE)
        elif not under and deadlines.is_time_alone(entry.body.text):
            self._leave([entry], "只有时间的标题，其下没有任务")
        elif under and entry.is_heading_only:
            self._heading_and_paragraphs(level, entry, under)
        elif under and not entry.brackets and all(paragraph.brackets for paragraph in under):
            self._open.append((level, entry.body.strip("。；;:： "), []))
            self._add(under)
        else:
            self._add([entry, *under])

    def finished(self) -> list[Work]:
        """The items; a last paragraph that only says how to carry out the document is none."""
        while self._works and self._works[-1].entry.level is None and _is_closing(self._works[-1].entry):
            self.left.append(Left(self._works.pop().entry.whole, "结尾的贯彻落实要求，不是单独的任务"))
        return self._works

    def _open_heading(self, level: Level, entry: Entry, under: list[Entry]) -> None:
        """An entry with smaller ones under it; of the paragraphs between, only those with units are work."""
        is_preamble = self._is_preamble(entry)
        title, rest = _title_and_rest(entry.body)
        self._open.append((level, title, entry.brackets))
        self.left += [Left(bracket, _HEADINGS_UNITS) for bracket in entry.brackets]
        if rest.text:
            self.left.append(Left(rest, _INTRODUCTION))
        for paragraph in under:
            if paragraph.brackets:
                self._add([paragraph])
            else:
                self._leave([paragraph], _PURPOSE if is_preamble else _INTRODUCTION)

    def _heading_and_paragraphs(self, level: Level, entry: Entry, under: list[Entry]) -> None:
        """A heading on a line of its own: it is the section of its paragraphs.

        Among the safeguards (保障措施) the entry itself is the item, and its first line stays with it.
        """
        if level > Level.CHAPTER and any(_SAFEGUARDS.search(heading.text) for _, heading, _ in self._open):
            entry.take_in(under[0])
            self._add([entry, *under[1:]])
            return
        self._open.append((level, _title_and_rest(entry.body)[0], []))
        self._add(under)

    def _add(self, entries: list[Entry]) -> None:
        inherited = next((brackets for _, _, brackets in reversed(self._open) if brackets), [])
        section = tuple(heading for _, heading, _ in self._open)
        self._works += [Work(section, entry, tuple(inherited)) for entry in entries]

    def _is_preamble(self, entry: Entry) -> bool:
        if entry.brackets:
            return False
        title = _title_and_rest(entry.body)[0].text
        headings = [heading.text for _, heading, _ in self._open] + [title if len(title) <= 20 else ""]
        return any(_PREAMBLE.match(heading) and "任务" not in heading for heading in headings)

    def _is_left(self, paragraph: Entry) -> bool:
        why = _why_left(paragraph)
        if why:
            self._leave([paragraph], why)
        return bool(why)

    def _leave(self, entries: list[Entry], why: str) -> None:
        self.left += [Left(entry.whole, why) for entry in entries]


def _why_left(paragraph: Entry) -> str:
    text = paragraph.whole.text.strip()
    if _LABEL.match(text):
        return "引出下文的字样"
    if _REMARK.match(text):
        return "注释"
    if paragraph.brackets:
        return ""
    if (len(text) <= 30 and _SIGNED.match(text)) or (len(text) <= 60 and _SIGNED_IN_LINE.search(text)):
        return _SIGNATURE
    return "主送机关" if len(text) <= 40 and furniture.is_addressee(text) else ""


def _is_closing(entry: Entry) -> bool:
    """Whether a paragraph only orders to carry out the document, to report on it, or tells when it applies."""
    if entry.brackets:
        return False
    first = re.split("[。；]", entry.body.text)[0]
    return bool(_CLOSING.search(first)) or (len(entry.body) < 80 and bool(_CLOSING.search(entry.body.text)))


def _title_and_rest(body: Passage) -> tuple[Passage, Passage]:
    """A heading without its full stop, and a sentence that goes on after a blank: scraping joins lines so."""
    body = body.strip()
    blank = re.search(r"[ \n]+(?=\S.*[。；])", body.text)
    if blank and blank.start() <= 60 and not SENTENCE_END.search(body.text[: blank.start()]):
        return body[: blank.start()].strip("。；;:： "), body[blank.end() :]
    return body.strip("。；;:： "), EMPTY
