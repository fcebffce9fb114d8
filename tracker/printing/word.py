"""DOCX by python-docx: the official page, and a file that is the same bytes for the same words."""

import io
import zipfile
from datetime import date, datetime, time

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.section import Section, _BaseHeaderFooter
from docx.shared import Mm, Pt

from tracker.printing import layout, word_styles, word_turned
from tracker.printing.layout import A4, SETTINGS, Sheet
from tracker.printing.text import printable
from tracker.printing.word_styles import STYLES, xml

LEFT, CENTRE, RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT

_FOREIGN = ("/thumbnail", "/numbering", "/stylesWithEffects", "/customXml")
_LONGEST_PROPERTY = 255  # python-docx refuses more


def official(title: str, author: str, as_of: date, mark: str = "", sheet: Sheet = A4) -> Document:
    """An empty document on official pages; `mark`, if any, stands at the head of every page."""
    document = docx.Document()
    _drop_what_the_template_brought(document)
    _describe(document, title, author, as_of)
    word_styles.define(document)
    _use_chinese_settings(document)
    section = document.sections[0]
    _set_page(section, sheet)
    if sheet.turned:
        word_turned.number(section.header, sheet, RIGHT)
        word_turned.number(section.even_page_header, sheet, LEFT)
    else:
        _number(section.footer, RIGHT)
        _number(section.even_page_footer, LEFT)
    if mark:
        _mark(section.header, mark)
        _mark(section.even_page_header, mark)
    return document


def saved(document: Document) -> bytes:
    written = io.BytesIO()
    document.save(written)
    return packed(written, document.core_properties.modified.date())


def packed(written: io.BytesIO, day: date) -> bytes:
    """The file with its parts stamped with the day: a zip otherwise tells the minute it was made."""
    target = io.BytesIO()
    stamp = (day.year, day.month, day.day, 0, 0, 0)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(target, "w") as archive:
        for name in source.namelist():
            archive.writestr(zipfile.ZipInfo(name, stamp), source.read(name), zipfile.ZIP_DEFLATED)
    return target.getvalue()


def _drop_what_the_template_brought(document: Document) -> None:
    """The picture of another document, English lists and effects: nothing of ours refers to them."""
    for relations in (document.part.package.rels, document.part.rels):
        for key in [key for key, relation in relations.items() if relation.reltype.endswith(_FOREIGN)]:
            del relations[key]


def _describe(document: Document, title: str, author: str, as_of: date) -> None:
    title, author = printable(title)[:_LONGEST_PROPERTY], printable(author)[:_LONGEST_PROPERTY]
    properties = document.core_properties
    properties.title, properties.author, properties.last_modified_by = title, author, author
    properties.comments, properties.language = "", "zh-CN"
    properties.created = properties.modified = datetime.combine(as_of, time())


def _use_chinese_settings(document: Document) -> None:
    """Odd and even pages differ; and Word neither offers Japanese faces nor opens the file in 兼容模式."""
    settings = document.settings
    settings.odd_and_even_pages_header_footer = True
    for each in settings.element.xpath("w:themeFontLang"):
        each.getparent().replace(each, xml("themeFontLang", val="en-US", eastAsia="zh-CN"))
    for mode in settings.element.xpath("w:compat/w:compatSetting[@w:name='compatibilityMode']"):
        mode.attrib.update(xml("compatSetting", val="15").attrib)


def _set_page(section: Section, sheet: Sheet) -> None:
    section.orientation = WD_ORIENT.LANDSCAPE if sheet.width > sheet.height else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(sheet.width), Mm(sheet.height)
    section.top_margin, section.bottom_margin = Mm(sheet.top), Mm(sheet.bottom)
    section.left_margin, section.right_margin = Mm(sheet.left), Mm(sheet.right)
    # Word measures from the page's edge to the foot of the line; the dashes run a little under its middle.
    below = sheet.bottom - layout.PAGE_NUMBER_BELOW
    section.footer_distance = Mm(below) - Pt(0.43 * SETTINGS["page_number"].line)
    section.header_distance = Mm(sheet.top - layout.MARK_ABOVE) - Pt(SETTINGS["head"].line)


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
