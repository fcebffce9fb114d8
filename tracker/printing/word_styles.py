"""The styles of DOCX papers, by the names an office sees in Word's list."""

from collections.abc import Container
from itertools import chain, count

from docx.document import Document
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm

from tracker.printing.layout import FACES, SETTINGS

# Of paragraphs, by the kinds of text in layout.
STYLES = {
    "title": "公文标题",
    "head": "表头",
    "text": "表格正文",
    "note": "表格说明",
    "section": "表格篇目",
    "page_number": "公文页码",
    "cell": "宽表正文",
    "cell_head": "宽表表头",
    "cell_section": "宽表篇目",
    "body": "公文正文",
    "level1": "公文一级标题",
    "level2": "公文二级标题",
}
# Of characters, within a line.
LABEL, LABEL_ID = "表格标签", "OfficialLabel"

_NO_INDENT = '<w:tblInd w:w="0" w:type="dxa"/>'
_CELL_MARGINS = {"top": 0.6, "left": 1.4, "bottom": 0.6, "right": 1.4}  # millimetres
_LANGUAGE = '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
_OURS, _LENT, _GRID = "Official", "Annexed", "TableGrid"
_LETTER = ("title", "head", "text", "note", "body", "level1", "level2")  # of a letter's own pages
# Beside the spacing between lines, of a paragraph, and of its characters: what the defaults of a file could change.
_ALONE = (
    'w:before="0" w:after="0" ',
    '<w:ind w:left="0" w:right="0" w:firstLine="0"/><w:jc w:val="left"/>',
    '<w:b w:val="0"/><w:i w:val="0"/><w:color w:val="auto"/>',
)
# 2026年 is written without the gaps that Word puts between figures and characters.
_NO_GAPS = '<w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/><w:snapToGrid w:val="0"/>'


def define(document: Document) -> None:
    """Our own and no others: python-docx brings 160, in colours and in Calibri."""
    styles = document.styles.element
    for each in list(styles):
        styles.remove(each)
    styles.append(xml("docDefaults", f"<w:rPrDefault><w:rPr>{_LANGUAGE}</w:rPr></w:rPrDefault><w:pPrDefault/>"))
    styles.append(_style("paragraph", "Normal", "Normal", _set_as("text"), default="1"))
    styles.append(_style("table", "TableNormal", "Normal Table", _table(_NO_INDENT, _margins()), default="1"))
    styles.append(_style("table", _GRID, "Table Grid", f'<w:basedOn w:val="TableNormal"/>{_table(_borders())}'))
    styles.append(_style("character", LABEL_ID, LABEL, f"<w:rPr>{_fonts('head')}</w:rPr>", customStyle="1"))
    for kind, name in STYLES.items():
        styles.append(_style("paragraph", style_id(kind), name, _set_as(kind), customStyle="1"))


def style_id(kind: str) -> str:
    return f"{_OURS}{kind.title().replace('_', '')}"


def lend(document: Document) -> None:
    """Those of a letter's pages beside the styles of a file that is not ours: on their own, touched by none of its."""
    styles = document.styles.element
    for each in styles.findall(qn("w:style")):
        if (each.get(qn("w:styleId")) or "").startswith(_LENT):
            styles.remove(each)  # of a file that was once printed by us
    taken = set(styles.xpath("w:style/w:name/@w:val"))
    grid = _table(_NO_INDENT, _borders(), _margins())
    styles.append(_style("table", lent_id(_GRID), _free("附件表格", taken), grid, customStyle="1"))
    for kind in _LETTER:
        name = _free(f"附件{STYLES[kind].removeprefix('公文')}", taken)
        styles.append(_style("paragraph", lent_id(style_id(kind)), name, _set_as(kind, alone=True), customStyle="1"))


def _free(name: str, taken: Container[str]) -> str:
    """Word gives the styles of a file that it saves other ids, and knows two of one name no more apart."""
    numbered = (f"{name}{number}" for number in count(2))
    return next(each for each in chain((name,), numbered) if each not in taken)


def lent_id(identity: str) -> str:
    """By which id a style of ours is known in a file that is not."""
    return _LENT + identity.removeprefix(_OURS)


def xml(name: str, content: str = "", **attributes: str) -> BaseOxmlElement:
    """An element of WordprocessingML, for what python-docx has no word for.  Never give it a user's text."""
    written = "".join(f' w:{key}="{value}"' for key, value in attributes.items())
    return parse_xml(f"<w:{name} {nsdecls('w')}{written}>{content}</w:{name}>")


def _style(kind: str, identity: str, name: str, content: str, **attributes: str) -> BaseOxmlElement:
    return xml("style", f'<w:name w:val="{name}"/>{content}', type=kind, styleId=identity, **attributes)


def _set_as(kind: str, *, alone: bool = False) -> str:
    """`alone` where the file's defaults for every paragraph are others' and must not show."""
    setting = SETTINGS[kind]
    half_points, line = round(setting.size * 2), round(setting.line * 20)
    size = f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'
    apart, rest, upright = _ALONE if alone else ("", "", "")
    return (
        f'<w:qFormat/><w:pPr>{_NO_GAPS}<w:spacing {apart}w:line="{line}" w:lineRule="exact"/>{rest}</w:pPr>'
        f"<w:rPr>{_fonts(kind)}{upright}{_tracking(setting.tracking)}{size}</w:rPr>"
    )


def _tracking(points: float) -> str:
    return f'<w:spacing w:val="{round(points * 20)}"/>' if points else ""


def _fonts(kind: str) -> str:
    name = FACES[SETTINGS[kind].face].word
    return f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}" w:eastAsia="{name}" w:cs="{name}"/>'


def _margins() -> str:
    sides = (f'<w:{side} w:w="{round(Mm(width).twips)}" w:type="dxa"/>' for side, width in _CELL_MARGINS.items())
    return f"<w:tblCellMar>{''.join(sides)}</w:tblCellMar>"


def _borders() -> str:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    lines = (f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>' for side in sides)
    return f"<w:tblBorders>{''.join(lines)}</w:tblBorders>"


def _table(*properties: str) -> str:
    return f"<w:tblPr>{''.join(properties)}</w:tblPr>"
