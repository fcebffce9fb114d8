"""Several papers set in one Word file of the office's, bound into one: each as it would be alone.

All of them come of the same file and share its styles, pictures and notes.  Each begins a section of its own, with
its own headers and footers where these say something else, page 1, and lists that count from their beginning.
"""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import Any

from docx.document import Document
from docx.enum.section import WD_SECTION
from docx.opc.part import Part, XmlPart
from docx.oxml.ns import qn
from docx.oxml.section import CT_SectPr
from docx.section import Section

from tracker.printing.word_lists import begin_again
from tracker.printing.word_styles import xml

Element = Any

_REFERENCES = (qn("w:headerReference"), qn("w:footerReference"))
_ONCE = (qn("w:bookmarkStart"), qn("w:bookmarkEnd"), qn("w:commentRangeStart"), qn("w:commentRangeEnd"))
_BEHIND_NUMBERING = (
    *("w:cols", "w:formProt", "w:vAlign", "w:noEndnote", "w:titlePg", "w:textDirection", "w:bidi", "w:rtlGutter"),
    *("w:docGrid", "w:printerSettings", "w:sectPrChange"),
)
_HEADS = ("header", "first_page_header", "even_page_header", "footer", "first_page_footer", "even_page_footer")
_SLIGHT = '<w:pPr><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/></w:pPr>'


def bound(papers: Iterator[Document]) -> Document:
    """All of them in the first one; of the others none is kept longer than it takes to copy it."""
    first = next(papers)
    for other in papers:
        _append(first, other)
    for number, drawing in enumerate(first.element.body.iter(qn("wp:docPr")), 1):
        drawing.set("id", str(number))  # no two the same
    return first


def _append(document: Document, other: Document) -> None:
    _end_section(document)
    body, begins = document.element.body, len(document.sections)
    other.element.body.get_or_add_sectPr()
    blocks = [deepcopy(block) for block in other.element.body if block.tag not in _ONCE]
    for block in blocks:
        _drop_what_stands_once(block)
        body.append(block)
    begin_again(document, blocks)
    sections = list(document.sections)[begins:]
    _own_heads(document, other, [section._sectPr for section in sections])
    _begin_page_1(sections)


def _end_section(document: Document) -> None:
    """The properties of the last section go to its last paragraph; behind a table one is added, a point high."""
    body = document.element.body
    properties = body.get_or_add_sectPr()
    body.remove(properties)
    last: Element = body[-1] if len(body) else None
    if last is None or last.tag != qn("w:p") or last.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is not None:
        last = xml("p", _SLIGHT)
        body.append(last)
    last.set_sectPr(properties)


def _drop_what_stands_once(block: Element) -> None:
    """Marks that a document has once, and Word's own numbers of paragraphs."""
    for each in list(block.iter(*_ONCE)):
        each.getparent().remove(each)
    for each in block.iter():
        for name in [name for name in each.attrib if name.endswith(("}paraId", "}textId"))]:
            del each.attrib[name]


# Headers and footers


def _own_heads(document: Document, other: Document, sections: Sequence[CT_SectPr]) -> None:
    for reference in (each for properties in sections for each in properties.iter(*_REFERENCES)):
        key = reference.get(qn("r:id"))
        here, there = document.part.rels[key].target_part, other.part.rels[key].target_part
        if here.blob != there.blob:
            copied = _copied(document, there)
            reference.set(qn("r:id"), document.part.relate_to(copied, other.part.rels[key].reltype))


def _copied(document: Document, part: Part) -> Part:
    """The part under a name that is free, with the pictures that the document has already."""
    package = document.part.package
    present = {each.partname: each for each in package.iter_parts()}
    kind = "header" if part.content_type.endswith("header+xml") else "footer"
    name = package.next_partname(f"/word/{kind}%d.xml")
    copied: Part = XmlPart.load(name, part.content_type, part.blob, package)
    for key, relation in part.rels.items():
        copied.load_rel(relation.reltype, present[relation.target_part.partname], key)
    return copied


def _begin_page_1(sections: Sequence[Section]) -> None:
    """A new page with the number 1, and no header or footer of the paper before."""
    first, *others = sections
    first.start_type = WD_SECTION.NEW_PAGE
    numbering = first._sectPr.find(qn("w:pgNumType"))
    if numbering is None:
        numbering = xml("pgNumType")
        first._sectPr.insert_element_before(numbering, *_BEHIND_NUMBERING)
    numbering.set(qn("w:start"), "1")
    for name in _HEADS:
        head = getattr(first, name)
        if head.is_linked_to_previous and any(not getattr(each, name).is_linked_to_previous for each in others):
            head.is_linked_to_previous = False
