"""The page number of a sheet that lies on its side, in DOCX: a frame in the left margin.

GB/T 9704-2012, 7.5: the number of a turned table keeps its place on the upright sheet.
"""

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.section import _BaseHeaderFooter
from docx.shared import Mm, Pt

from tracker.printing import layout
from tracker.printing.layout import SETTINGS, Sheet
from tracker.printing.word_styles import style_id, xml

_NONE = "".join(f'<w:{side} w:w="0" w:type="dxa"/>' for side in ("top", "left", "bottom", "right"))


def number(header: _BaseHeaderFooter, sheet: Sheet, side: WD_ALIGN_PARAGRAPH) -> None:
    """— 1 — in a floating table of one cell, whose text runs from the top down; `side` is that of the upright sheet."""
    setting = SETTINGS["page_number"]
    line, em = Pt(setting.line), Pt(setting.size)
    # The dashes run through the middle of the line.
    left = Mm(sheet.left - layout.PAGE_NUMBER_BELOW) - line // 2
    across, down = _twips(left), _twips(Mm(sheet.top))
    place = f'<w:tblpPr w:vertAnchor="page" w:horzAnchor="page" w:tblpX="{across}" w:tblpY="{down}"/>'
    end = "right" if side == WD_ALIGN_PARAGRAPH.RIGHT else "left"
    style = f'<w:pStyle w:val="{style_id("page_number")}"/>'
    indent = f'<w:ind w:left="{_twips(em)}" w:right="{_twips(em)}"/>'
    text = (
        f'<w:p><w:pPr>{style}{indent}<w:jc w:val="{end}"/></w:pPr><w:r><w:t xml:space="preserve">— </w:t></w:r>'
        '<w:fldSimple w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple>'
        '<w:r><w:t xml:space="preserve"> —</w:t></w:r></w:p>'
    )
    frame = xml(
        "tbl",
        f'<w:tblPr>{place}<w:tblW w:w="{_twips(line)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        f'<w:tblCellMar>{_NONE}</w:tblCellMar></w:tblPr><w:tblGrid><w:gridCol w:w="{_twips(line)}"/></w:tblGrid>'
        f'<w:tr><w:trPr><w:trHeight w:val="{_twips(Mm(sheet.type_height))}" w:hRule="exact"/></w:trPr>'
        f'<w:tc><w:tcPr><w:tcW w:w="{_twips(line)}" w:type="dxa"/><w:textDirection w:val="tbRl"/>'
        f"</w:tcPr>{text}</w:tc></w:tr>",
    )
    header._element.insert(0, frame)


def _twips(length: int) -> int:
    return round(length / 635)
