"""Official pages (annexes, receipts) set into a Word file that is not ours, as wide as its text.

They are written as a document of ours and carried over.  Its styles go with them under other names: what the file
calls by the same name stays as it is, and what it sets for every paragraph does not reach them.
"""

from collections.abc import Callable
from datetime import date

from docx.document import Document
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section
from docx.shared import Mm

from tracker.printing import word_styles
from tracker.printing.layout import A4
from tracker.printing.word import official

_REFERENCES = (qn("w:pStyle"), qn("w:rStyle"), qn("w:tblStyle"))
_WIDTHS = (qn("w:gridCol"), qn("w:tcW"))
_NARROWEST = Mm(60)


def put(document: Document, write: Callable[[Document], None], place: BaseOxmlElement | None = None) -> None:
    """What `write` writes into a document of ours, before this block of the file's body; at its end without one."""
    source, before = official("", "", date(2000, 1, 1)), place
    write(source)
    word_styles.lend(document)
    if before is None:
        before = document.element.body.get_or_add_sectPr()
    by = _width_at(document, before) / Mm(A4.type_width)
    for block in list(source.element.body):
        if block.tag != qn("w:sectPr"):
            _adapt(block, by)
            before.addprevious(block)


def _adapt(block: BaseOxmlElement, by: float) -> None:
    """Its styles by their names in the other file; its tables' columns so many times as wide."""
    for reference in block.iter(*_REFERENCES):
        reference.set(qn("w:val"), word_styles.lent_id(reference.get(qn("w:val"))))
    for width in block.iter(*_WIDTHS):
        width.set(qn("w:w"), str(round(int(width.get(qn("w:w"))) * by)))


def _width_at(document: Document, place: BaseOxmlElement) -> int:
    """Of the text in the section in which the block stands: the next properties of a section are its own."""
    found = (properties for block in (place, *place.itersiblings()) for properties in block.iter(qn("w:sectPr")))
    properties = next(found, None)
    if properties is None:
        return Mm(A4.type_width)
    section = Section(properties, document.part)
    left = Mm(A4.left) if section.left_margin is None else section.left_margin
    right = Mm(A4.right) if section.right_margin is None else section.right_margin
    return max((section.page_width or Mm(A4.width)) - left - right - (section.gutter or 0), _NARROWEST)
