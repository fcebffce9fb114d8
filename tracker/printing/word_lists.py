"""Numbered lists of a Word file, made to count from their beginning once more."""

from collections.abc import Iterable
from copy import deepcopy
from typing import Any

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn

from tracker.printing.word_styles import xml

Element = Any
_LEVELS = 9


def begin_again(document: Document, blocks: Iterable[Element]) -> None:
    """The lists of these blocks, which are copies of others: else they would go on from where those ended."""
    lists = _Lists(document)
    for block in blocks:
        for paragraph in block.iter(qn("w:p")):
            lists.renumber(paragraph)


class _Lists:
    def __init__(self, document: Document) -> None:
        self._document = document
        kinds = {relation.reltype: relation.target_part for relation in document.part.rels.values()}
        part: Any = kinds.get(RELATIONSHIP_TYPE.NUMBERING)
        self._all: Element = None if part is None else part.element
        self._new: dict[str, str] = {}

    def renumber(self, paragraph: Element) -> None:
        properties = paragraph.pPr
        if self._all is None or properties is None:
            return
        direct = properties.find(qn("w:numPr"))
        number = _value(direct, "w:numId") if direct is not None else None
        if number is None:
            number, level = self._of_style(_value(properties, "w:pStyle"))
            if number is not None:
                properties.get_or_add_numPr().get_or_add_ilvl().set(qn("w:val"), level)
        if number is not None and number != "0":
            properties.get_or_add_numPr().get_or_add_numId().set(qn("w:val"), self._again(number))

    def _of_style(self, style_id: str | None) -> tuple[str | None, str]:
        """The list that the paragraph's style, or one that it is based on, belongs to, and at which level."""
        seen: set[str] = set()
        while style_id is not None and style_id not in seen:
            seen.add(style_id)
            style = self._document.styles.element.get_by_id(style_id)
            listed = None if style is None else style.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
            if listed is not None and (number := _value(listed, "w:numId")) is not None:
                return number, _value(listed, "w:ilvl") or self._level_of(style_id, number)
            style_id = None if style is None else _value(style, "w:basedOn")
        return None, "0"

    def _level_of(self, style_id: str, number: str) -> str:
        for level in self._abstract(number):
            if _value(level, "w:pStyle") == style_id:
                return str(level.get(qn("w:ilvl")))
        return "0"

    def _abstract(self, number: str) -> list[Element]:
        """The levels of what the list is an instance of."""
        instance = self._instance(number)
        kind = None if instance is None else _value(instance, "w:abstractNumId")
        for each in self._all.iterchildren(qn("w:abstractNum")):
            if each.get(qn("w:abstractNumId")) == kind:
                return list(each.iterchildren(qn("w:lvl")))
        return []

    def _instance(self, number: str) -> Element:
        found = (each for each in self._all.iterchildren(qn("w:num")) if each.get(qn("w:numId")) == number)
        return next(found, None)

    def _again(self, number: str) -> str:
        """Another instance of the list, with every level at its start; the same for all paragraphs of it."""
        instance = self._instance(number)
        if number not in self._new and instance is not None:
            used = [int(each.get(qn("w:numId"))) for each in self._all.iterchildren(qn("w:num"))]
            again = deepcopy(instance)
            again.set(qn("w:numId"), str(max(used) + 1))
            starts = {level.get(qn("w:ilvl")): _value(level, "w:start") for level in self._abstract(number)}
            for level in map(str, range(_LEVELS)):
                _start(again, level, starts.get(level) or "1")
            list(self._all.iterchildren(qn("w:num")))[-1].addnext(again)
            self._new[number] = str(max(used) + 1)
        return self._new.get(number, number)


def _start(instance: Element, level: str, start: str) -> None:
    overrides = instance.findall(qn("w:lvlOverride"))
    override = next((each for each in overrides if each.get(qn("w:ilvl")) == level), None)
    if override is None:
        override = xml("lvlOverride", ilvl=level)
        instance.append(override)
    if override.find(qn("w:startOverride")) is None:
        override.insert(0, xml("startOverride", val=start))


def _value(parent: Element, name: str) -> str | None:
    child = parent.find(qn(name))
    return None if child is None else child.get(qn("w:val"))
