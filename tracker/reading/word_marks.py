"""What Word does not print like the rest: tracked changes, hidden text, text boxes, content controls.

It is read, or not, by one rule for each kind, and shown to the clerk either way.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Element = Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_INSERTED = frozenset((_W + "ins", _W + "moveTo"))
_DELETED = frozenset((_W + "del", _W + "moveFrom"))
_BOX, _CONTROL, _VANISH = _W + "txbxContent", _W + "sdt", _W + "vanish"
_LETTERS = frozenset((_W + "t", _W + "delText"))


@dataclass(frozen=True)
class Mark:
    """What is to be remarked on a paragraph, all of it a doubt."""

    code: str
    text: str
    excerpt: str


def any_in(body: Element) -> bool:
    return next(body.iter(*_INSERTED, *_DELETED, _BOX, _CONTROL, _VANISH), None) is not None


def is_hidden(run: Element) -> bool:
    found = run.find(f"{_W}rPr/{_VANISH}")
    return found is not None and found.get(_W + "val") not in ("0", "false", "off")


def marks(paragraph: Element) -> Iterator[Mark]:
    """The marks of a paragraph; what stands in a text box is a paragraph of its own."""
    inserted, deleted = _in(paragraph, _INSERTED), _in(paragraph, _DELETED)
    if inserted or deleted:
        what = [f"插入的“{_cut(inserted)}”已读入"] if inserted else []
        what += [f"删除的“{_cut(deleted)}”未读入"] if deleted else []
        yield Mark("tracked-change", f"原文有未定稿的修订：{'，'.join(what)}。请核对。", _cut(inserted or deleted))
    if hidden := "".join(_letters(run) for run in _inside(paragraph, frozenset((_W + "r",))) if is_hidden(run)):
        yield Mark("hidden-text", "原文有隐藏的文字，未读入，请确认是否需要。", _cut(hidden))
    if any(ancestor.tag == _BOX for ancestor in paragraph.iterancestors()) and (text := _letters(paragraph)):
        yield Mark("text-box", "这段文字原在文本框中，已读入，请核对它的位置。", _cut(text))
    if controlled := _controlled(paragraph):
        yield Mark("content-control", "这里是文档中供填写的控件，文字已读入，请确认已经填好。", _cut(controlled))


def _controlled(paragraph: Element) -> str:
    """The text of the controls in a paragraph, or of the one around it that begins here; not a table of contents."""
    around = [each for each in paragraph.iterancestors(_CONTROL) if next(each.iter(_W + "p")) is paragraph]
    controls = [*around, *_inside(paragraph, frozenset((_CONTROL,)))]
    made_by_word = f"{_W}sdtPr/{_W}docPartObj"
    return "".join(_letters(control) for control in controls if control.find(made_by_word) is None)


def _in(paragraph: Element, tags: frozenset[str]) -> str:
    return "".join(_letters(element) for element in _inside(paragraph, tags))


def _inside(parent: Element, tags: frozenset[str]) -> Iterator[Element]:
    """The outermost elements of these kinds, text boxes left out."""
    for child in parent:
        if child.tag in tags:
            yield child
        elif child.tag not in (_BOX, _FALLBACK):
            yield from _inside(child, tags)


def _letters(element: Element) -> str:
    return "".join(each.text or "" for each in _inside(element, _LETTERS)).strip()


def _cut(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
