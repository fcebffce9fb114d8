"""The notice of rectification (整改通知书) with its receipt, as an official letter, and the register (整改台账).

The register is wider than an official page and is handed out as a workbook, set to print on A4 landscape.
"""

from collections.abc import Mapping
from datetime import date, datetime, time
from io import BytesIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from tracker.printing.layout import FACES, title_lines
from tracker.printing.letter_parts import Letter, Paragraph, Receipt
from tracker.rules.dates import written
from tracker.rules.findings import OBJECTION_DAYS, RectificationPaper, RectificationRegister, RegisterRow

_SAMPLE = "示例数据"


def letter(paper: RectificationPaper) -> Letter:
    """Problem, basis, demand, last day; the receipt is for measures and result."""
    return Letter(
        title=title_lines(paper.issuer, f"{paper.check_word}问题", "整改通知书"),
        issuer=paper.issuer,
        dated=paper.dated,
        number="　".join(filter(None, (paper.named, paper.edition))),
        addressee=paper.addressee,
        parts=(
            Paragraph(_opening(paper)),
            Paragraph("一、存在问题", 1),
            Paragraph(paper.problem),
            Paragraph("二、检查依据", 1),
            Paragraph(paper.basis),
            Paragraph("三、整改要求", 1),
            Paragraph(paper.demand),
            Paragraph("四、整改期限", 1),
            Paragraph(
                f"请于{written(paper.due)}前完成整改。收到本通知后，请先报送整改措施、责任人和完成日期；"
                "整改完成后，报送整改结果和佐证材料，经核查通过后予以销号。"
            ),
            Paragraph(f"对认定的问题有异议的，请在本通知发出之日起{OBJECTION_DAYS}日内提出。"),
        ),
        receipt=_receipt(paper),
        sample=_SAMPLE if paper.sample else "",
    )


def _opening(paper: RectificationPaper) -> str:
    about = f"承担的“{paper.item}”" if paper.item else "工作"
    return f"{paper.source.opening}，发现你单位{about}在“{paper.criterion}”方面存在问题，现通知你单位限期整改。"


def _receipt(paper: RectificationPaper) -> Receipt:
    return Receipt(
        "整改通知书回执",
        (
            ("通知书编号", paper.named),
            ("被检查单位", paper.addressee),
            ("整改期限", written(paper.due)),
            ("整改措施、责任人、完成日期", paper.measures),
            ("整改结果", paper.result),
            ("单位负责人（签字）", ""),
        ),
    )


# The register

_COLUMNS = (
    ("序号", 5, ""),
    ("编号", 13, "number"),
    ("单位", 14, "unit"),
    ("任务", 20, "item"),
    ("季度", 10, "quarter"),
    ("问题来源", 10, "source"),
    ("检查内容", 9, "criterion"),
    ("存在问题", 30, "problem"),
    ("整改要求", 24, "demand"),
    ("通知日期", 11, "notified_on"),
    ("整改期限", 11, "due"),
    ("整改措施", 28, "measures"),
    ("整改结果", 28, "result"),
    ("核查情况", 22, "verified"),
    ("状态", 12, "state"),
    ("逾期", 10, "standing"),
    ("屡查屡犯", 14, "repeat"),
    ("销号日期", 11, "closed_on"),
)
_HEAD_ROW, _A4 = 2, 9
_MARGINS = {"left": 0.4, "right": 0.4, "top": 0.6, "bottom": 0.6}  # inches


def register_xlsx(register: RectificationRegister) -> bytes:
    """Everything is text, whatever it begins with; days are days."""
    content = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(content, options) as book:
        book.set_properties({"title": register.title, "created": datetime.combine(register.as_of, time())})
        styles, sheet = _styles(book), book.add_worksheet("整改台账")
        _head(sheet, register, styles)
        for number, row in enumerate(register.rows, 1):
            _row(sheet, number, row, styles)
        _page(sheet, len(register.rows))
    return content.getvalue()


def _styles(book: xlsxwriter.Workbook) -> dict[str, Format]:
    song, hei, title = (FACES[face].word for face in ("song", "hei", "title"))
    body = {"font_name": song, "font_size": 10, "text_wrap": True, "valign": "top", "border": 1}
    middle = body | {"align": "center", "valign": "vcenter"}
    kinds = {
        "title": {"font_name": title, "font_size": 18, "align": "center", "valign": "vcenter"},
        "about": {"font_name": song, "font_size": 11},
        "head": middle | {"font_name": hei, "bg_color": "#E8ECF1"},
        "text": body,
        "day": body | {"num_format": "yyyy-mm-dd", "align": "center"},
    }
    return {name: book.add_format(kind) for name, kind in kinds.items()}


def _head(sheet: Worksheet, register: RectificationRegister, styles: Mapping[str, Format]) -> None:
    for row, (text, style) in enumerate(((register.title, "title"), (_about(register), "about"))):
        sheet.merge_range(row, 0, row, len(_COLUMNS) - 1, "", styles[style])
        sheet.write_string(row, 0, text, styles[style])
    for place, (label, width, _) in enumerate(_COLUMNS):
        sheet.set_column(place, place, width)
        sheet.write_string(_HEAD_ROW, place, label, styles["head"])


def _row(sheet: Worksheet, number: int, row: RegisterRow, styles: Mapping[str, Format]) -> None:
    line = _HEAD_ROW + number
    sheet.write_number(line, 0, number, styles["text"])
    for place, (_, _, name) in enumerate(_COLUMNS[1:], 1):
        value = getattr(row, name)
        if isinstance(value, date):
            sheet.write_datetime(line, place, value, styles["day"])
        else:
            sheet.write_string(line, place, value or "", styles["text"])


def _about(register: RectificationRegister) -> str:
    sample = f"　{_SAMPLE}，仅供演示" if register.sample else ""
    return f"截至{written(register.as_of)}，共 {len(register.rows)} 项{sample}"


def _page(sheet: Worksheet, rows: int) -> None:
    """A4 landscape, as many pages as it takes, the head on each."""
    last = len(_COLUMNS) - 1
    sheet.set_row(0, 34)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(**_MARGINS)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEAD_ROW)
    sheet.freeze_panes(_HEAD_ROW + 1, 3)
    sheet.autofilter(_HEAD_ROW, 0, _HEAD_ROW + max(rows, 1), last)
    sheet.set_footer("&C第 &P 页，共 &N 页")
