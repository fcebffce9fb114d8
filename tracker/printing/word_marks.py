"""The mark of a sample office (示例数据) on every page of a Word file that is not ours, whatever its layout."""

from typing import Any

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from tracker.printing.layout import FACES, SETTINGS
from tracker.printing.word_styles import xml

_FROM_TOP = 284  # twips, which are 5 millimetres: above what an office sets as its head


def put(document: Document, mark: str) -> None:
    """At the head of first, odd and even pages of every section: those of the first go on where others have none."""
    first = document.sections[0]
    for header in (first.header, first.first_page_header, first.even_page_header):
        header.is_linked_to_previous = False
    # Not through the sections: they know the parts as they were before their placeholders were filled.
    for relation in document.part.rels.values():
        if relation.reltype == RELATIONSHIP_TYPE.HEADER:
            part: Any = relation.target_part
            part.element.insert(0, _framed(mark))


def _framed(mark: str) -> BaseOxmlElement:
    """In a frame of its own, at the right end of the text's width: nothing on the page gives way to it."""
    setting = SETTINGS["head"]
    name, size, line = FACES[setting.face].word, round(setting.size * 2), round(setting.line * 20)
    paragraph = xml(
        "p",
        f'<w:pPr><w:framePr w:wrap="around" w:vAnchor="page" w:hAnchor="margin" w:xAlign="right" w:y="{_FROM_TOP}"/>'
        f'<w:spacing w:before="0" w:after="0" w:line="{line}" w:lineRule="exact"/>'
        '<w:ind w:left="0" w:right="0" w:firstLine="0"/><w:jc w:val="right"/></w:pPr>'
        f'<w:r><w:rPr><w:rFonts w:ascii="{name}" w:hAnsi="{name}" w:eastAsia="{name}" w:cs="{name}"/>'
        f'<w:b w:val="0"/><w:i w:val="0"/><w:color w:val="000000"/><w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'
        '<w:bdr w:val="single" w:sz="4" w:space="4" w:color="auto"/></w:rPr><w:t/></w:r>',
    )
    next(paragraph.iter(qn("w:t"))).text = mark
    return paragraph
