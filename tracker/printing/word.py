"""DOCX by python-docx: the official page, its styles, and a file that is the same bytes for the same words."""

import io
import zipfile
from datetime import date, datetime, time

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import nsdecls
from docx.oxml.parser import parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section, _BaseHeaderFooter
from docx.shared import Mm, Pt

from tracker.printing import layout
from tracker.printing.layout import FACES, SETTINGS

# The kinds of text, by the names an office sees in Word's list of styles.
STYLES = {
    "title": "公文标题",
    "head": "表头",
    "text": "表格正文",
    "note": "表格说明",
    "section": "表格篇目",
    "page_number": "公文页码",
}
LABEL, LABEL_ID = "表格标签", "OfficialLabel"  # of characters, within a line

LEFT, CENTRE, RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT


def official(title: str, author: str, as_of: date, mark: str = "") -> Document:
    """An empty document on the official page; `mark`, if any, stands at the head of every page."""
    document = docx.Document()
    _drop_what_the_template_brought(document)
    _describe(document, title, author, as_of)
    _define_styles(document)
    _use_chinese_settings(document)
    section = document.sections[0]
    _set_page(section)
    _number(section.footer, RIGHT)
    _number(section.even_page_footer, LEFT)
    if mark:
        _mark(section.header, mark)
        _mark(section.even_page_header, mark)
    return document


def saved(document: Document) -> bytes:
    """The file.  Its parts are stamped with the document's date: a zip otherwise tells the minute it was made."""
    written, packed = io.BytesIO(), io.BytesIO()
    document.save(written)
    day = document.core_properties.modified
    stamp = (day.year, day.month, day.day, 0, 0, 0)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(packed, "w") as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, stamp), source.read(name), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def style_id(kind: str) -> str:
    return f"Official{kind.title().replace('_', '')}"


def xml(name: str, content: str = "", **attributes: str) -> BaseOxmlElement:
    """An element of WordprocessingML, for what python-docx has no word for.  Never give it a user's text."""
    written = "".join(f' w:{key}="{value}"' for key, value in attributes.items())
    return parse_xml(f"<w:{name} {nsdecls('w')}{written}>{content}</w:{name}>")


def _describe(document: Document, title: str, author: str, as_of: date) -> None:
    properties = document.core_properties
    properties.title, properties.author, properties.last_modified_by = title, author, author
    properties.comments, properties.language = "", "zh-CN"
    properties.created = properties.modified = datetime.combine(as_of, time())


def _drop_what_the_template_brought(document: Document) -> None:
    """The picture of another document, English lists and effects: nothing of ours refers to them."""
    for relations in (document.part.package.rels, document.part.rels):
        for key in [key for key, relation in relations.items() if relation.reltype.endswith(_FOREIGN)]:
            del relations[key]


_FOREIGN = ("/thumbnail", "/numbering", "/stylesWithEffects", "/customXml")


def _define_styles(document: Document) -> None:
    """Our own and no others: python-docx brings 160, in colours and in Calibri."""
    styles = document.styles.element
    for each in list(styles):
        styles.remove(each)
    styles.append(xml("docDefaults", f"<w:rPrDefault><w:rPr>{_LANGUAGE}</w:rPr></w:rPrDefault><w:pPrDefault/>"))
    styles.append(_paragraph_style("Normal", "Normal", "text", default="1"))
    styles.append(_style("table", "TableNormal", "Normal Table", _TABLE_MARGINS, default="1"))
    styles.append(_style("table", "TableGrid", "Table Grid", _BASED.format("TableNormal") + _TABLE_BORDERS))
    styles.append(_style("character", LABEL_ID, LABEL, f"<w:rPr>{_fonts('head')}</w:rPr>", customStyle="1"))
    for kind, name in STYLES.items():
        styles.append(_paragraph_style(style_id(kind), name, kind, customStyle="1"))


_LANGUAGE = '<w:lang w:val="zh-CN" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
# 2026年 is written without the gaps that Word puts between figures and characters.
_NO_GAPS = '<w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/><w:snapToGrid w:val="0"/>'
_BASED = '<w:basedOn w:val="{}"/>'
_TABLE_MARGINS = (
    '<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>'
    + "".join(
        f'<w:{side} w:w="{round(Mm(width).twips)}" w:type="dxa"/>'
        for side, width in (("top", 0.6), ("left", 1.4), ("bottom", 0.6), ("right", 1.4))
    )
    + "</w:tblCellMar></w:tblPr>"
)
_TABLE_BORDERS = (
    "<w:tblPr><w:tblBorders>"
    + "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    + "</w:tblBorders></w:tblPr>"
)


def _style(kind: str, identity: str, name: str, content: str, **attributes: str) -> BaseOxmlElement:
    return xml("style", f'<w:name w:val="{name}"/>{content}', type=kind, styleId=identity, **attributes)


def _paragraph_style(identity: str, name: str, kind: str, **attributes: str) -> BaseOxmlElement:
    setting = SETTINGS[kind]
    half_points, line = round(setting.size * 2), round(setting.line * 20)
    return _style(
        "paragraph",
        identity,
        name,
        f'<w:qFormat/><w:pPr>{_NO_GAPS}<w:spacing w:line="{line}" w:lineRule="exact"/></w:pPr>'
        f'<w:rPr>{_fonts(kind)}<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/></w:rPr>',
        **attributes,
    )


def _fonts(kind: str) -> str:
    name = FACES[SETTINGS[kind].face].word
    return f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}" w:eastAsia="{name}" w:cs="{name}"/>'


def _use_chinese_settings(document: Document) -> None:
    """Odd and even pages differ; and Word neither offers Japanese faces nor opens the file in 兼容模式."""
    document.settings.odd_and_even_pages_header_footer = True
    for each in document.settings.element.xpath("w:themeFontLang"):
        each.getparent().replace(each, xml("themeFontLang", val="en-US", eastAsia="zh-CN"))
    for mode in document.settings.element.xpath("w:compat/w:compatSetting[@w:name='compatibilityMode']/@w:val/.."):
        mode.attrib.update(xml("compatSetting", val="15").attrib)


def _set_page(section: Section) -> None:
    section.page_width, section.page_height = Mm(layout.PAGE_WIDTH), Mm(layout.PAGE_HEIGHT)
    section.top_margin, section.bottom_margin = Mm(layout.TOP), Mm(layout.BOTTOM)
    section.left_margin, section.right_margin = Mm(layout.LEFT), Mm(layout.RIGHT)
    # Word measures from the page's edge to the foot of the line; the dashes run a little under its middle.
    section.footer_distance = Mm(layout.BOTTOM - layout.PAGE_NUMBER_BELOW) - Pt(0.43 * SETTINGS["page_number"].line)
    section.header_distance = Mm(layout.TOP - layout.MARK_ABOVE) - Pt(SETTINGS["head"].line)


def _number(footer: _BaseHeaderFooter, side: WD_ALIGN_PARAGRAPH) -> None:
    """— 1 —, one character in from its side."""
    paragraph = footer.paragraphs[0]
    paragraph.style, paragraph.alignment = STYLES["page_number"], side
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Pt(SETTINGS["page_number"].size)
    paragraph.add_run("— ")
    paragraph._p.append(xml("fldSimple", "<w:r><w:t>1</w:t></w:r>", instr="PAGE"))
    paragraph.add_run(" —")


def _mark(header: _BaseHeaderFooter, mark: str) -> None:
    paragraph = header.paragraphs[0]
    paragraph.style, paragraph.alignment = STYLES["head"], RIGHT
    run = paragraph.add_run(mark)
    run._r.get_or_add_rPr().append(xml("bdr", val="single", sz="4", space="4", color="auto"))
