"""The numbers that Word prints before a paragraph by itself (一、（一）1.), counted as Word counts them."""

from collections import defaultdict
from typing import Any

Element = Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DIGITS = "零一二三四五六七八九"
_CHINESE = frozenset(
    (
        "chineseCounting",
        "chineseCountingThousand",
        "chineseLegalSimplified",
        "japaneseCounting",
        "taiwaneseCounting",
        "taiwaneseCountingThousand",
        "ideographDigital",
    )
)


class AutomaticNumbers:
    """Follows the lists of one document, in the order of its paragraphs."""

    def __init__(self, opened: Any) -> None:
        numbering = _numbering_part(opened)
        self._abstract = {one.get(_W + "abstractNumId"): one for one in _all(numbering, "abstractNum")}
        self._lists = {one.get(_W + "numId"): one for one in _all(numbering, "num")}
        self._styles = {style.get(_W + "styleId"): style for style in _all(opened.styles.element, "style")}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)

    def next(self, paragraph: Element) -> str:
        """What Word prints before this paragraph; empty for one in no list, and for bullets."""
        number_id, level = self._place(paragraph)
        levels = self._levels(number_id)
        if not number_id or level not in levels:
            return ""
        counts = self._counts[self._key(number_id)]
        counts[level] = counts.get(level, self._start(number_id, levels[level]) - 1) + 1
        for deeper in [each for each in counts if each > level]:
            del counts[deeper]
        return self._label(levels, counts, level)

    def _place(self, paragraph: Element) -> tuple[str, int]:
        """The list and the level in it, the paragraph's own or its style's."""
        properties = paragraph.find(_W + "pPr")
        number_id, level = _number_of(properties)
        style = properties.find(_W + "pStyle") if properties is not None else None
        style_id = style.get(_W + "val") if style is not None else None
        for _ in range(10):  # styles are based on styles; a loop among them ends here
            found = self._styles.get(style_id)
            if found is None or number_id is not None:
                break
            number_id, of_style = _number_of(found.find(_W + "pPr"))
            level = of_style if level is None else level
            based = found.find(_W + "basedOn")
            style_id = based.get(_W + "val") if based is not None else None
        return number_id or "", level or 0

    def _key(self, number_id: str) -> str:
        """Lists of one definition count on, unless this list starts anew."""
        found = self._lists[number_id]
        if found.find(f"{_W}lvlOverride/{_W}startOverride") is not None:
            return number_id
        return "abstract " + (_val(found, "abstractNumId") or "")

    def _levels(self, number_id: str) -> dict[int, Element]:
        found = self._lists.get(number_id)
        abstract = self._abstract.get(_val(found, "abstractNumId")) if found is not None else None
        if abstract is None:
            return {}
        return {int(level.get(_W + "ilvl", "0")): level for level in _all(abstract, "lvl")}

    def _start(self, number_id: str, level: Element) -> int:
        override = self._lists[number_id].find(f"{_W}lvlOverride/{_W}startOverride")
        text = override.get(_W + "val") if override is not None else _val(level, "start")
        return int(text) if text and text.isdigit() else 1

    def _label(self, levels: dict[int, Element], counts: dict[int, int], level: int) -> str:
        if _val(levels[level], "numFmt") in ("bullet", "none"):
            return ""
        label = _val(levels[level], "lvlText") or ""
        for place in range(level + 1):
            if place in levels and f"%{place + 1}" in label:
                kind = _val(levels[place], "numFmt") or "decimal"
                label = label.replace(f"%{place + 1}", written(counts.get(place, 1), kind))
        return label + (" " if label and label[-1].isdigit() else "")


def written(number: int, kind: str) -> str:
    """A number in one of Word's ways of counting."""
    if kind in _CHINESE:
        return chinese(number)
    if kind == "decimalEnclosedCircle" and 1 <= number <= 20:
        return chr(ord("①") + number - 1)
    if kind == "decimalZero":
        return f"{number:02d}"
    if kind in ("lowerLetter", "upperLetter") and 1 <= number <= 26:
        return chr(ord("a" if kind == "lowerLetter" else "A") + number - 1)
    return str(number)


def chinese(number: int) -> str:
    """1 to 99 as 一 to 九十九."""
    tens, ones = divmod(number, 10)
    if not 0 < number < 100:
        return str(number)
    return ("" if tens < 2 else _DIGITS[tens]) + ("十" if tens else "") + (_DIGITS[ones] if ones else "")


def _numbering_part(opened: Any) -> Element | None:
    for relation in opened.part.rels.values():
        if relation.reltype.endswith("/numbering"):
            return relation.target_part.element
    return None


def _number_of(properties: Element | None) -> tuple[str | None, int | None]:
    found = properties.find(_W + "numPr") if properties is not None else None
    if found is None:
        return None, None
    number_id, level = _val(found, "numId"), _val(found, "ilvl")
    return number_id, int(level) if level and level.isdigit() else None


def _all(parent: Element | None, name: str) -> list[Element]:
    return [] if parent is None else parent.findall(_W + name)


def _val(parent: Element, name: str) -> str | None:
    found = parent.find(_W + name)
    return None if found is None else found.get(_W + "val")
