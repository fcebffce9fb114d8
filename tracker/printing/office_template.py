"""A paper set in the office's own Word file.  Only files that `reading.office_template` found right come here.

What the built-in layout sets behind the letter (annexes, the receipt) comes behind it here too, or where the file says;
and a sample office's mark stands on every page.  Several papers are bound into one file, each as it would be alone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from io import BytesIO
from typing import Any, TypeVar

import docxtpl
from docx.document import Document
from docx.oxml.ns import qn
from jinja2 import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree

from tracker.printing import letter as built_in
from tracker.printing import letter_docx, notice, rectification, word_binding, word_marks, word_pages, word_repair
from tracker.printing.letter_parts import Letter, Paragraph
from tracker.printing.text import printable_throughout
from tracker.printing.word import packed
from tracker.rules import office_templates as rules
from tracker.rules.findings import RectificationPaper
from tracker.rules.notices import NoticePaper
from tracker.rules.office_templates import ANNEXES, RECEIPT, LetterFacts
from tracker.rules.paper_fields import Rows, Value
from tracker.rules.refusals import Invalid
from tracker.rules.snapshots import Snapshot

Told = TypeVar("Told", RectificationPaper, NoticePaper)

# What stands in the file where pages go until they are set: a character that no text of a user's has.
_PLACES = {ANNEXES.name: "\ue000附件\ue000", RECEIPT.name: "\ue000回执\ue000"}
_FAILED = (
    "按本单位的 Word 模板印制时出错：填写后的文档不完整，或者条件里把文字和数字作了比较。"
    "请在“文书模板”中下载样张核对，改正后重新上传；在此之前可以停用模板，按通用版式印制。"
)


@dataclass(frozen=True)
class _Paper:
    """A letter as the built-in layout would set it, and what the file's placeholders read."""

    letter: Letter
    values: Mapping[str, Value]


def of_quarter(template: bytes, snapshot: Snapshot, letter: Letter) -> bytes:
    said = (part for part in letter.parts if isinstance(part, Paragraph))
    body: Rows = tuple({"文字": part.text, "级别": part.level} for part in said)
    values = rules.of_quarter(snapshot, _facts(letter), body, "\n".join(letter.attachments))
    return _set(template, [_Paper(letter, values)])


def rectifications(papers: Sequence[RectificationPaper], template: bytes | None) -> bytes:
    """Notices of rectification in one file; in the built-in layout where the office has none of its own."""
    return _each(papers, rectification.letter, rules.of_rectification, template)


def notices(papers: Sequence[NoticePaper], template: bytes | None) -> bytes:
    """Papers of the ladder, of one kind."""
    return _each(papers, notice.letter, rules.of_notice, template)


def _each(
    papers: Sequence[Told],
    letter: Callable[[Told], Letter],
    values: Callable[[Told, LetterFacts], Mapping[str, Value]],
    template: bytes | None,
) -> bytes:
    letters = [letter(paper) for paper in papers]
    if template is None:
        return built_in.docx(letters)
    told = zip(papers, letters, strict=True)
    return _set(template, [_Paper(said, values(paper, _facts(said))) for paper, said in told])


def _facts(letter: Letter) -> LetterFacts:
    return LetterFacts("\n".join(letter.title), letter.number, letter.addressee, letter.issuer, letter.day)


def _set(template: bytes, papers: Sequence[_Paper]) -> bytes:
    """The same bytes for the same words."""
    document = word_binding.bound(_filled(template, paper) for paper in papers)
    if papers[0].letter.sample:
        word_marks.put(document, papers[0].letter.sample)
    dated = max(paper.letter.dated for paper in papers)
    properties = document.core_properties
    properties.created = properties.modified = datetime.combine(dated, time())
    written = BytesIO()
    document.save(written)
    return packed(written, dated)


def _filled(template: bytes, paper: _Paper) -> Document:
    """Placeholders filled, characters of XML escaped; annexes and receipt in their places."""
    opened = _Template(BytesIO(template))
    own_receipt = RECEIPT.name in _words(opened.get_docx())
    shown = printable_throughout(dict(paper.values)) | _PLACES
    names = {name: _Listed(value) if isinstance(value, list) else value for name, value in shown.items()}
    try:
        opened.render(names, ImmutableSandboxedEnvironment(autoescape=True))
    except (TemplateError, etree.XMLSyntaxError, TypeError) as fault:
        raise Invalid(_FAILED) from fault
    document: Document = opened.docx
    _put_pages(document, paper.letter, own_receipt=own_receipt)
    word_repair.mend(document)
    return document


class _Template(docxtpl.DocxTemplate):  # type: ignore[misc]
    def fix_tables(self, xml: str) -> Any:
        """Stops at what is torn, which the library would mend by leaving things out."""
        etree.fromstring(xml)
        return super().fix_tables(xml)


class _Listed(list[Mapping[str, str | int]]):
    """A list that reads by the first column of its rows where it is named by itself."""

    def __str__(self) -> str:
        return "、".join(dict.fromkeys(str(next(iter(row.values()))) for row in self))


# Annexes and receipt


def _put_pages(document: Document, letter: Letter, *, own_receipt: bool) -> None:
    """Annexes come with every paper that has some; a receipt not where the file speaks of one of its own."""
    annexes, receipt = _place_of(document, ANNEXES.name), _place_of(document, RECEIPT.name)
    if letter.annexes:
        word_pages.put(document, lambda source: letter_docx.annexes(source, letter.annexes), annexes)
    slip = letter.receipt
    if slip and (receipt is not None or not own_receipt):
        word_pages.put(document, lambda source: letter_docx.receipt(source, slip), receipt)
    for paragraph in list(document.element.body.iterchildren(qn("w:p"))):
        if _words_of(paragraph) in _PLACES.values():
            _take_out(paragraph)


def _place_of(document: Document, name: str) -> Any:
    """The paragraph that the file keeps for these pages."""
    found = (each for each in document.element.body.iterchildren(qn("w:p")) if _words_of(each) == _PLACES[name])
    return next(found, None)


def _take_out(paragraph: Any) -> None:
    """One at which a section ends stays, without its words."""
    if paragraph.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is None:
        paragraph.getparent().remove(paragraph)
    else:
        for text in paragraph.iter(qn("w:t")):
            text.text = ""


def _words(document: Document) -> str:
    return "\n".join(_words_of(paragraph) for paragraph in document.element.body.iter(qn("w:p")))


def _words_of(paragraph: Any) -> str:
    return "".join(text.text or "" for text in paragraph.iter(qn("w:t"))).strip()
