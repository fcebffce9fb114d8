"""The numbers of entries: `一、`, `（一）`, `1.`, and where in running text such a number opens an entry."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import IntEnum

from tracker.reading.numerals import number


class Level(IntEnum):
    """The usual order of the four styles of an official text, under parts and their divisions."""

    PART = 0  # 第一部分, 第一章
    DIVISION = 1  # 第一节
    CHAPTER = 2  # 一、
    SECTION = 3  # （一）
    ENTRY = 4  # 1.
    POINT = 5  # （1）: stays inside its entry
    CIRCLED = 6  # ①
    SPOKEN = 7  # 一是, 第一，: opens entries only where nothing else does


_NUMERAL = "[一二三四五六七八九十百]{1,4}"
_STYLES = (
    (Level.PART, rf"第(?P<part>{_NUMERAL})(?:部分|章|篇)[、：:\s]?"),
    (Level.DIVISION, rf"第(?P<division>{_NUMERAL})节[、：:\s]?"),
    (Level.CHAPTER, rf"(?P<chapter>{_NUMERAL})\s?(?:、|[．.](?!\d))"),
    (Level.SECTION, rf"(?:重点)?(?:任务|事项|举措|项目)(?P<task>{_NUMERAL}|[0-9]{{1,2}})\s?[：:、.．]\s*"),
    (Level.SECTION, rf"[（(]\s?(?P<section>{_NUMERAL})\s?[)）]\s?[、．.]?"),
    (Level.ENTRY, rf"第(?P<article>{_NUMERAL})条[、：:\s]\s*"),
    # 1.1.1 and 1.1, and 1 above them: only at the start of a paragraph, and not before a measure or a date.
    (Level.ENTRY, r"(?P<third>[0-9]{1,2}[.．][0-9]{1,2}[.．][0-9]{1,2})(?![0-9.．])[.、]?\s*(?=[\u4e00-\u9fff“《])"),
    (
        Level.SECTION,
        r"(?P<second>[0-9]{1,2}[.．][0-9]{1,2})(?![0-9.．])[.、]?(?=\s*[\u4e00-\u9fff“《])(?:\s+(?!月|日(?!常)|年(?!度))|(?![万亿个项元公千百人名户家次种米吨倍多余月度级分年前日起至底之]))",
    ),
    (Level.CHAPTER, r"(?P<bare>[0-9]{1,2})\s+(?=[\u4e00-\u9fff“”、]{3,30}$)(?![年月日个项次人名家种万])"),
    (Level.ENTRY, r"(?P<entry>[0-9０-９]{1,3})\s?[.．、](?:(?![0-9０-９])|(?=20[0-9]{2}年|[0-9]{1,2}月))"),
    (Level.POINT, r"[（(]\s?(?P<point>[0-9０-９]{1,2})\s?[)）]"),
    (Level.CIRCLED, r"(?P<circled>[①-⑳])"),
)
_LEVELS = {re.search(r"\(\?P<(\w+)>", pattern)[1]: level for level, pattern in _STYLES}  # type: ignore[index]
_DECIMAL = ("third", "second", "bare")
_NUMBER = re.compile("|".join(pattern for _, pattern in _STYLES))
_SPOKEN = re.compile(
    r"(?P<spoken>[一二三四五六七八九十]{1,2})是(?!否)|第(?P<ordinal>[一二三四五六七八九十]{1,2})[，,、]"
)
_MARKS = re.compile(r"[★☆▲△※◆●■◎]\s*")  # before a number: 重点事项
_BULLET = re.compile(r"[一二三四五六七八九十]是|首先|其次|再次|最后[,，]|[—\-•·●■◆▪*○]\s*")
_LONGEST_HEADING = 60
_NEAR, _FAR = 100, 5_000  # characters looked at before and after a number inside a line
_REFERS = "第按照见条款至和与及、，,"  # before a number: it is quoted or one of several
_ENDS_A_NAME = "》、，。,）)；;"  # after a number: it ends something and opens nothing
_SENTENCE_END = "。）)〕】”：: \n"
_NAMES_UNITS = re.compile(r"(?:单位|部门|科室|时限)\s*[:：][^。；]{2,}$")  # the end of an entry, too


@dataclass(frozen=True)
class Number:
    level: Level
    value: int
    start: int
    end: int
    is_decimal: bool = False
    follows: bool = True  # False where it neither goes on the row of its level nor starts one


def opening(text: str) -> Number | None:
    """The number with which a paragraph opens, blanks before it allowed."""
    start = len(text) - len(text.lstrip())
    marked = _MARKS.match(text, start)
    match = _NUMBER.match(text, marked.end() if marked else start)
    return replace(_read(match), start=start) if match else None


def is_spoken(text: str) -> bool:
    """Whether a paragraph opens with 一是, 二是, or 第一， 第二，."""
    return bool(_SPOKEN.match(text.lstrip()))


def opens_a_point(text: str) -> bool:
    """Whether a paragraph goes on an enumeration inside an entry: （1）, ①, 一是, a dash."""
    found = opening(text)
    if found:
        return found.level >= Level.POINT
    return bool(_BULLET.match(text.lstrip()))


class Sequence:
    """Follows the numbers of a document, so that a number inside a line is known by its turn.

    Scraped text often has lost its line breaks, and then entries stand inside a line.  A number there opens
    an entry only if it goes on a row of numbers (or starts one) and stands where a sentence or a heading
    has ended.
    """

    def __init__(self, deepest: Level = Level.ENTRY, *, is_decimal: bool = False) -> None:
        self._deepest = deepest
        self._is_decimal = is_decimal
        self._last: dict[Level, int] = {}
        self._heading_open = False

    def numbers(self, text: str) -> Iterator[Number]:
        """The numbers that open entries in one paragraph."""
        first = opening(text)
        self._is_decimal = self._is_decimal or bool(first and first.is_decimal)
        if self._deepest is Level.SPOKEN:
            first = _read(match) if (match := _SPOKEN.match(text, len(text) - len(text.lstrip()))) else None
        for match in (_SPOKEN if self._deepest is Level.SPOKEN else _NUMBER).finditer(text):
            found = _read(match)
            at_start = first is not None and found.end == first.end
            found = self._ranked(first) if first is not None and at_start else found
            if found.level > self._deepest or not (at_start or self._has_its_turn(found, text)):
                continue
            last = self._last.get(found.level, 0)
            self._last[found.level] = found.value
            yield replace(found, follows=found.value in (1, last + 1))

    def _ranked(self, found: Number) -> Number:
        """Where 1.1 numbers the sections, 1. is the chapter's."""
        is_above = self._is_decimal and found.level is Level.ENTRY and not found.is_decimal
        return replace(found, level=Level.CHAPTER) if is_above else found

    def _has_its_turn(self, found: Number, text: str) -> bool:
        before, after = text[max(found.start - _NEAR, 0) : found.start], text[found.end : found.end + 1]
        if found.level > Level.ENTRY or found.is_decimal or not before.strip():
            return False
        if before[-1] in _REFERS or not after.strip() or after in _ENDS_A_NAME:
            return False
        if found.value != 1 and found.value != self._last.get(found.level, 0) + 1:
            return False
        may_follow_heading = found.level is Level.SECTION or (found.level is Level.ENTRY and found.value == 1)
        if may_follow_heading and _is_open_heading(before, found.level):
            return _row_goes_on(found, text)
        has_ended = before[-1] in _SENTENCE_END or bool(_NAMES_UNITS.search(before))
        return has_ended and (found.value != 1 or _row_goes_on(found, text))


def _is_open_heading(before: str, level: Level) -> bool:
    """Whether a heading of a higher level, without a stop, stands directly before."""
    numbers = [number for match in _NUMBER.finditer(before) if (number := _read(match)).level < Level.POINT]
    if not numbers or numbers[-1].level >= level:
        return False
    heading = before[numbers[-1].end :]
    return 2 <= len(heading.strip()) <= _LONGEST_HEADING and not re.search("[。；;！!]", heading)


def _row_goes_on(found: Number, text: str) -> bool:
    """Whether the next number follows a full stop; one that follows `；` is an enumeration in a sentence."""
    if found.level is not Level.ENTRY:
        return True
    for match in _NUMBER.finditer(text, found.end, found.end + _FAR):
        following = _read(match)
        if following.level < found.level:
            break
        if following.level is found.level and following.value <= 2:
            before = text[max(match.start() - _NEAR, 0) : match.start()]
            has_ended = before[-1] in _SENTENCE_END or bool(_NAMES_UNITS.search(before))
            if has_ended or following.value == 2:
                return has_ended
    return text[found.start - 1] not in ":："


def _read(match: re.Match[str]) -> Number:
    group = match.lastgroup or ""
    last = re.split("[.．]", match[group])[-1]
    value = ord(match[0]) - ord("①") + 1 if group == "circled" else int(number(last))
    return Number(_LEVELS.get(group, Level.SPOKEN), value, match.start(), match.end(), group in _DECIMAL)
