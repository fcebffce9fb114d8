"""The little language of the office's texts (文书模板): words with fields in braces, filled from a quarter's figures.

    {任务总数}                     a field; of a list the first column of its rows, joined by 、
    {逾期单位 前3}                 the first three rows of a list
    {若有 逾期数}…{否则}…{完}      where a number is not 0, a text not empty, a list has rows; {若无 …} turned round
    {逐项 逾期任务 前5 ；}…{完}     once for each row, with ；between; within it the list's own columns and {序}
    {项号}                         （一）, （二） … within each 一、, counted as they come to stand

Nothing is computed and nothing evaluated.  What is wrong is told with line and place, all of it at once.
"""

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from tracker.rules.paper_fields import BY_NAME, Value
from tracker.rules.refusals import Invalid

LONGEST = 6000  # characters of a text
DEEPEST = 4
PLACE = "序"  # within a list: 1 for its first row
NUMBER = "项号"
_HERE = "\x00"  # where a number will stand; no text that is handed in may hold it
_NUMERALS = "一二三四五六七八九十"
_HEADING = re.compile(rf"[{_NUMERALS}]+、")
_COLUMNS = {column for field_ in BY_NAME.values() for column in field_.columns}
_BRACED = re.compile(r"\{([^{}\n]*)\}")
_FIRST = re.compile(r"前(\d{1,3})")
_IF, _UNLESS, _EACH, _ELSE, _END = "若有", "若无", "逐项", "否则", "完"


@dataclass(frozen=True)
class Fault:
    """Where something is wrong, counted from 1, and what."""

    line: int
    column: int
    what: str

    @property
    def sentence(self) -> str:
        return f"第{self.line}行第{self.column}字：{self.what}"


@dataclass
class _Part:
    """A piece of a text: words (`kind` empty), a field, or a block with what stands in it."""

    kind: str
    text: str
    most: int | None = None
    between: str = ""
    turned: bool = False  # what is being read is the other case
    inner: list["_Part"] = field(default_factory=list)
    otherwise: list["_Part"] = field(default_factory=list)


class Template:
    """A text that was read; `faults` are all that is wrong with it."""

    def __init__(self, text: str) -> None:
        self.text = text.translate({ord("｛"): "{", ord("｝"): "}"})
        self.faults: list[Fault] = []
        self._parts: list[_Part] = []
        self._read()

    def filled(self, values: Mapping[str, Value]) -> str:
        """The words; raise Invalid where the text is faulty."""
        if self.faults:
            raise Invalid("模板有错误：" + "；".join(fault.sentence for fault in self.faults[:5]) + "。")
        return _numbered("".join(_words(self._parts, {NUMBER: _HERE, **values})))

    # Reading

    def _read(self) -> None:
        open_: list[_Part] = []
        scopes: list[tuple[str, ...]] = []  # the columns of the lists around
        into, at = self._parts, 0
        for found in _BRACED.finditer(self.text):
            self._plain(into, at, found.start())
            at = found.end()
            words = found[1].split()
            if words[:1] == [_END]:
                into = self._close(open_, scopes, found.start())
            elif words[:1] == [_ELSE]:
                into = self._turn(open_, into, found.start())
            else:
                part = self._part(words, scopes, found.start())
                into.append(part)
                if part.kind in (_IF, _UNLESS, _EACH):
                    open_.append(part)
                    scopes.append(BY_NAME[part.text].columns if part.kind == _EACH and part.text in BY_NAME else ())
                    into = part.inner
                    if len(open_) > DEEPEST:
                        self._fault(found.start(), f"“若有”“逐项”套得太多，最多 {DEEPEST} 层")
        self._plain(into, at, len(self.text))
        for part in open_:
            self._fault(len(self.text), f"“{part.kind} {part.text}”没有用“{{完}}”结束")
        if len(self.text) > LONGEST:
            self._fault(LONGEST, f"模板最多 {LONGEST} 字，现有 {len(self.text)} 字")

    def _plain(self, into: list[_Part], start: int, end: int) -> None:
        words = self.text[start:end]
        for brace in re.finditer(r"[{}]", words):
            self._fault(start + brace.start(), f"“{brace[0]}”没有配对")
        if words:
            into.append(_Part("", words))

    def _close(self, open_: list[_Part], scopes: list[tuple[str, ...]], at: int) -> list[_Part]:
        if not open_:
            self._fault(at, "“{完}”前面没有对应的“若有”“若无”或“逐项”")
            return self._parts
        open_.pop()
        scopes.pop()
        return _inside(open_[-1]) if open_ else self._parts

    def _turn(self, open_: list[_Part], into: list[_Part], at: int) -> list[_Part]:
        if not open_ or open_[-1].kind == _EACH or open_[-1].turned:
            self._fault(at, "“{否则}”只能在“若有”或“若无”里用一次")
            return into
        open_[-1].turned = True
        return open_[-1].otherwise

    def _part(self, words: list[str], scopes: list[tuple[str, ...]], at: int) -> _Part:
        kind = words.pop(0) if words and words[0] in (_IF, _UNLESS, _EACH) else "field"
        name = words.pop(0) if words else ""
        part = _Part(kind, name)
        for word in words:
            if kind in ("field", _EACH) and (first := _FIRST.fullmatch(word)):
                part.most = int(first[1])
            elif kind == _EACH and not part.between:
                part.between = word
            else:
                self._fault(at, f"看不懂“{word}”")
        self._check_name(part, scopes, at)
        return part

    def _check_name(self, part: _Part, scopes: list[tuple[str, ...]], at: int) -> None:
        known, columns = BY_NAME.get(part.text), {column for scope in scopes for column in scope}
        within = bool(scopes) and part.text in {*columns, PLACE}
        if part.text == NUMBER or (within and part.kind != _EACH):
            return
        if within:
            self._fault(at, f"“{part.text}”在这里是清单的一栏，不能用“逐项”")
            return
        if known is None and part.text in _COLUMNS and not within:
            self._fault(at, f"“{part.text}”是清单的一栏，只能写在“逐项”里")
        elif known is None:
            near = difflib.get_close_matches(part.text, [*columns, *BY_NAME], 1, 0.4)
            self._fault(at, f"没有“{part.text}”这个字段" + (f"，是不是“{near[0]}”" if near else ""))
        elif part.kind == _EACH and not known.columns:
            self._fault(at, f"“{part.text}”不是清单，不能用“逐项”")
        elif part.most is not None and not known.columns:
            self._fault(at, f"“{part.text}”不是清单，不能用“前{part.most}”")

    def _fault(self, at: int, what: str) -> None:
        before = self.text[:at]
        self.faults.append(Fault(before.count("\n") + 1, at - before.rfind("\n"), what))


def _inside(part: _Part) -> list[_Part]:
    return part.otherwise if part.turned else part.inner


def _words(parts: list[_Part], values: Mapping[str, Value]) -> Iterator[str]:
    for part in parts:
        if not part.kind:
            yield part.text
        elif part.kind == "field":
            yield told(part.text, values[part.text], part.most)
        elif part.kind == _EACH:
            yield part.between.join(_each(part, values)) + _more(values[part.text], part.most)
        else:
            holds = bool(values[part.text]) == (part.kind == _IF)
            yield from _words(part.inner if holds else part.otherwise, values)


def _numbered(text: str) -> str:
    """Lines that are left empty go; each 一、 begins to count anew."""
    lines, number = [], 0
    for line in filter(None, map(str.strip, text.split("\n"))):
        number = 0 if _HEADING.match(line) else number
        while _HERE in line:
            number += 1
            line = line.replace(_HERE, f"（{numeral(number)}）", 1)
        lines.append(line)
    return "\n".join(lines)


def numeral(number: int) -> str:
    """Up to 99, as a heading is numbered."""
    tens, ones = divmod(number, 10)
    ten = "" if not tens else "十" if tens == 1 else f"{_NUMERALS[tens - 1]}十"
    return f"{ten}{_NUMERALS[ones - 1] if ones else ''}"


def _each(part: _Part, values: Mapping[str, Value]) -> Iterator[str]:
    rows = values[part.text]
    assert isinstance(rows, tuple)  # checked when it was read
    for place, row in enumerate(rows[: part.most], 1):
        yield "".join(_words(part.inner, {**values, **row, PLACE: place}))


def told(name: str, value: Value, most: int | None = None) -> str:
    """A field as it reads in a sentence."""
    if isinstance(value, tuple):
        first: Callable[[Mapping[str, str | int]], str] = lambda row: str(row[BY_NAME[name].columns[0]])  # noqa: E731
        return "、".join(dict.fromkeys(map(first, value[:most]))) + _more(value, most)
    return str(value)


def _more(rows: Value, most: int | None) -> str:
    """Where a list was cut, the text says so."""
    return "等" if isinstance(rows, tuple) and most is not None and len(rows) > most else ""


# What a text says that the figures do not


_FIGURES = re.compile(r"\d+")


def figures_in(values: Mapping[str, Value]) -> set[str]:
    """Every group of digits that stands among the fields."""
    return set(_FIGURES.findall("\n".join(_plain_words(values.values()))))


def _plain_words(values: object) -> Iterator[str]:
    if isinstance(values, (str, int)):
        yield str(values)
    elif isinstance(values, Mapping):
        yield from _plain_words(list(values.values()))
    else:
        for value in values:  # type: ignore[attr-defined]
            yield from _plain_words(value)


def doubts(template: Template, judging: tuple[str, ...]) -> list[str]:
    """What was typed by hand and drawn from no field: figures, and words that judge.  Shown, not refused."""
    found: list[str] = []
    for number, line in enumerate(template.text.split("\n"), 1):
        typed = _BRACED.sub("", line)
        found += [f"第{number}行的数字“{figure}”是手工写的，不随数据变化" for figure in _FIGURES.findall(typed)]
        found += [f"第{number}行的“{word}”是评价用语，没有数据依据" for word in judging if word in typed]
    return found
