"""Placeholders as they are written in an office's own Word file: where each stands, and which could not be read."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from tracker.rules.office_templates import Misplaced, Placeholder

Element = Any
Parts = Sequence[tuple[str, Element]]

TOKEN = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.S)
LOOSE = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_RAW = re.compile(r"\{\{(?:r|p|tr|tc)\s")  # of the library: what it names goes in as it is, and breaks the file
_OF_PARAGRAPH = re.compile(r"\{%p\s.*?%\}", re.S)  # of the library: the whole paragraph gives way to it
_OF_ROW = re.compile(r"\{%tr\s.*?%\}", re.S)
_WIDE = re.compile(r"｛｛|｛%|%｝|｝｝|\{％|％\}|｛％|％｝")
_SINGLE = re.compile(r"(?<![{%#])\{\s*([^\s{}%#]+)\s*\}(?![}%#])")


class Placed(NamedTuple):
    """A paragraph with where it stands, as a person counts; `own` where it is one of the part itself, in no table."""

    where: str
    text: str
    own: bool


def placed(place: str, body: Element) -> Iterator[Placed]:
    number = table = 0
    for block in body:
        if block.tag == f"{_W}p":
            number += 1
            yield Placed(f"{place}第{number}段", _text(block), own=True)
        elif block.tag == f"{_W}tbl":
            table += 1
            for row_number, row in enumerate(block.iter(f"{_W}tr"), 1):
                for column, cell in enumerate(row.iter(f"{_W}tc"), 1):
                    for paragraph in cell.iter(f"{_W}p"):
                        where = f"{place}第{table}个表格第{row_number}行第{column}列"
                        yield Placed(where, _text(paragraph), own=False)
        else:
            for paragraph in block.iter(f"{_W}p"):
                yield Placed(place, _text(paragraph), own=False)


def _text(element: Element) -> str:
    return "".join(each.text or "" for each in element.iter(f"{_W}t"))


def misplaced(parts: Parts, names: Sequence[Placeholder]) -> Iterator[Misplaced]:
    """What cannot be read as a placeholder, or does not have the paragraph or the row to itself that it needs."""
    for place, body in parts:
        for each in placed(place, body):
            yield from (Misplaced(each.where, what) for what in _unreadable(each.text, names))
            yield from (Misplaced(each.where, what) for what in _crowded(each, names, in_body=place == "正文"))
        yield from _crowded_rows(place, body)


def _unreadable(text: str, names: Sequence[Placeholder]) -> Iterator[str]:
    for raw in _RAW.findall(text):
        yield f"不支持“{raw.strip()}”这种写法，请写成“{{{{ 字段名 }}}}”"
    if "{#" in text or "#}" in text:
        yield "不支持“{# #}”这种注释，请删去"
    elif _WIDE.search(text):
        yield "花括号和百分号要用英文半角的，写成“{{ 标题 }}”“{%p … %}”这样"
    else:
        yield from (f"“{loose}”没有配对；一个占位符要写在同一段里" for loose in LOOSE.findall(TOKEN.sub("", text)))
    known = {each.name for each in names}
    for name in _SINGLE.findall(TOKEN.sub("", text)):
        if name in known:
            yield f"“{{{name}}}”要写两层花括号：“{{{{ {name} }}}}”"


def _crowded(paragraph: Placed, names: Sequence[Placeholder], *, in_body: bool) -> Iterator[str]:
    text = paragraph.text
    for command in _OF_PARAGRAPH.findall(text):
        if text.strip() != command:
            yield f"“{command}”要单独占一段，否则同段的其他内容会丢失"
    for name in (each.name for each in names if each.pages):
        found = re.search(rf"\{{\{{\s*{name}\s*\}}\}}", text)
        if found and not (in_body and paragraph.own and text.strip() == found[0]):
            yield f"“{found[0]}”要在正文里单独占一段，不能写在表格、文本框、页眉或页脚里"


def _crowded_rows(place: str, body: Element) -> Iterator[Misplaced]:
    for number, table in enumerate(body.iterchildren(f"{_W}tbl"), 1):
        for row_number, row in enumerate(table.iter(f"{_W}tr"), 1):
            text = _text(row)
            for command in _OF_ROW.findall(text):
                if text.strip() != command:
                    what = f"“{command}”要单独占表格的一行，否则同一行的其他内容会丢失"
                    yield Misplaced(f"{place}第{number}个表格第{row_number}行", what)
