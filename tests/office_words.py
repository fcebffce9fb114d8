"""Word files as offices make them, with placeholders: a red head, runs that split them, a table, an imprint, lists."""

import io
from collections.abc import Callable

import docx
from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from tracker.printing.word_styles import xml


def saved(document: Document) -> bytes:
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def opened(content: bytes) -> Document:
    return docx.Document(io.BytesIO(content))


def plain(*paragraphs: str) -> bytes:
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    return saved(document)


def split(document: Document, *runs: str, face: str = "仿宋_GB2312", size: float = 16) -> None:
    """A paragraph whose text Word has cut into runs, in a face of an office's."""
    paragraph = document.add_paragraph()
    for text in runs:
        run = paragraph.add_run(text)
        run.font.name, run.font.size = face, Pt(size)
        run._r.get_or_add_rPr().rFonts.set(qn("w:eastAsia"), face)


def red_headed(write: Callable[[Document], None]) -> bytes:
    """On a page of other margins than the standard's: red head on the first page, the number on the others; imprint."""
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(32)
    section.different_first_page_header_footer = True
    head = section.first_page_header.paragraphs[0].add_run("示例县人民政府办公室文件")
    head.font.color.rgb = RGBColor(0xD0, 0, 0)
    for text in ("{{ 文", "号 }}"):
        section.header.paragraphs[0].add_run(text)
    section.footer.paragraphs[0]._p.append(xml("fldSimple", "<w:r><w:t>1</w:t></w:r>", instr="PAGE"))
    split(document, "{", "{ 标", "题 }", "}", face="方正小标宋简体", size=22)
    split(document, "{{ 收文单位", " }}：")
    write(document)
    table = document.add_table(1, 1, "Table Grid")
    table.cell(0, 0).text = "抄送：县委办公室。{{ 发文日期 }}印发"
    return saved(document)


def words(document: Document) -> str:
    """Of the body, a line to each paragraph, those of tables too."""
    return "\n".join(_text(paragraph) for paragraph in document.element.body.iter(qn("w:p")))


def heads(document: Document) -> list[str]:
    """The text of every header, as it is in the file."""
    return [
        _text(relation.target_part.element)
        for relation in document.part.rels.values()
        if relation.reltype.endswith("/header")
    ]


def _text(element: object) -> str:
    return "".join(text.text or "" for text in element.iter(qn("w:t")))  # type: ignore[attr-defined]
