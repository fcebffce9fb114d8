"""What a Word file, once filled, may hold that Word refuses to open: cells without a paragraph, rows without cells."""

from typing import Any

from docx.document import Document
from docx.oxml.ns import qn

from tracker.printing.word_styles import xml

Element = Any


def mend(document: Document) -> None:
    """In the body as in headers and footers."""
    for root in _roots(document):
        _drop_empty(root)
        for cell in root.iter(qn("w:tc")):
            if not len(cell) or cell[-1].tag != qn("w:p"):
                cell.append(xml("p"))
        if root.tag in (qn("w:hdr"), qn("w:ftr")) and root.find(qn("w:p")) is None:
            root.append(xml("p"))


def _roots(document: Document) -> list[Element]:
    parts = (relation.target_part for relation in document.part.rels.values() if not relation.is_external)
    heads = [part.element for part in parts if part.content_type.endswith(("header+xml", "footer+xml"))]
    return [document.element.body, *heads]


def _drop_empty(root: Element) -> None:
    """Rows without cells, then tables without rows: those that a list had nothing for."""
    for outer, inner in ((qn("w:tr"), qn("w:tc")), (qn("w:tbl"), qn("w:tr"))):
        for element in list(root.iter(outer)):
            if next(element.iter(inner), None) is None:
                element.getparent().remove(element)
