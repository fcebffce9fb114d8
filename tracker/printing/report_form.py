"""The quarter's form as a workbook (.xlsx): a unit fills in the tinted cells offline and hands the file in again.

Everything is written as text, never as a formula, whatever it begins with.  Protection is without a password: it
keeps a hand from slipping, and is no lock.
"""

from collections.abc import Mapping
from datetime import date
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from tracker.printing.layout import FACES
from tracker.rules.report_form import (
    DUTIES,
    FIGURES,
    HEAD_ROW,
    NOTE_SHEET,
    REPORTS,
    SHEETS,
    TICK,
    Column,
    Form,
    Layout,
    Line,
)
from tracker.rules.reports import LONGEST_TEXT, ProgressClass

_SONG, _HEI, _TITLE = (FACES[face].word for face in ("song", "hei", "title"))
_TINT, _HEAD_TINT, _SOFT = "#FFF8E1", "#E8ECF1", "#555555"
_A4 = 9
_LANDSCAPE_MARGINS = {"left": 0.5, "right": 0.5, "top": 0.6, "bottom": 0.6}  # inches
_LAST_DAY = date(2099, 12, 31)
_MAY_CHANGE = {"format_rows": True, "format_columns": True}

_HINTS = {
    REPORTS.name: "只填浅黄色的格子。进度等次从下拉列表中选择；选“欠进度”或“其他”的，请在“存在问题”中说明原因。",
    FIGURES.name: "填截至本季度末的数值。比率填已办结数和应办数；有剔除的填剔除数和理由，多条的在两格内分行对应填写。",
    DUTIES.name: f"已完成的，在“已完成”一栏选“{TICK}”，并填写完成日期，如 2025-03-20。",
}

_NOTES = (
    ("怎样填", ""),
    ("1", "浅黄色的格子由本单位填写，其他格子已锁定，请勿改动。系统里已保存的草稿，已填在相应的格子里。"),
    ("2", f"“{REPORTS.name}”表：每项任务一行，填进展、成效、问题、下一步计划和进度等次，每格最多 {LONGEST_TEXT} 字。"),
    ("3", f"“{FIGURES.name}”表：每个指标一行。没有量化指标的任务不在这张表里。"),
    ("4", f"“{DUTIES.name}”表：有时限的应办事项，已完成的在“已完成”一栏选“{TICK}”，填写完成日期。"),
    ("5", "牵头的任务，配合单位没有报齐而要提交的，在“缺报说明”中写明原因。"),
    ("6", "不要插入、删除栏目，不要合并单元格，不要填公式。行可以排序；不填的任务可以整行留着不动。"),
    ("怎样交", ""),
    ("7", "保存为 .xlsx 格式，不设密码，在“本季度填报”页点“上传填报表”。"),
    ("8", "上传后先看到核对页：哪些内容将保存，哪一格填得不对，哪些任务在您下载之后系统里又有新的内容。确认后才保存。"),
    ("9", "佐证材料请在填报页上传，不要插入本表。"),
)


def xlsx(form: Form) -> bytes:
    content = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(content, options) as book:
        styles = _styles(book)
        for layout in SHEETS:
            _sheet(book.add_worksheet(layout.name), layout, form, styles)
        _notes(book.add_worksheet(NOTE_SHEET), styles)
    return content.getvalue()


def _styles(book: xlsxwriter.Workbook) -> dict[str, Format]:
    body: dict[str, Any] = {"font_name": _SONG, "font_size": 10, "text_wrap": True, "valign": "top", "border": 1}
    middle = body | {"align": "center", "valign": "vcenter"}
    typed = {"bg_color": _TINT, "locked": False}
    kinds: dict[str, dict[str, Any]] = {
        "title": {"font_name": _TITLE, "font_size": 18, "align": "center", "valign": "vcenter"},
        "about": {"font_name": _SONG, "font_size": 11, "valign": "vcenter"},
        "hint": {"font_name": _SONG, "font_size": 10, "font_color": _SOFT, "valign": "vcenter", "text_wrap": True},
        "head": middle | {"font_name": _HEI, "bg_color": _HEAD_TINT},
        "head_typed": middle | {"font_name": _HEI, "bg_color": "#FBE7B2"},
        "text": body,
        "middle": middle,
        "typed": body | typed,
        "typed_middle": middle | typed,
        "typed_figure": middle | typed | {"num_format": "@"},  # 95% typed as 95% stays what it is
        "typed_day": middle | typed | {"num_format": "yyyy-mm-dd"},
        "key": {"font_size": 1, "font_color": "#FFFFFF"},
        "note": {"font_name": _SONG, "font_size": 12, "text_wrap": True, "valign": "top"},
        "note_head": {"font_name": _HEI, "font_size": 14},
    }
    return {name: book.add_format(kind) for name, kind in kinds.items()}


def _sheet(sheet: Worksheet, layout: Layout, form: Form, styles: Mapping[str, Format]) -> None:
    lines = form.lines.get(layout.name, ())
    last, key = len(layout.columns) - 2, len(layout.columns) - 1
    for place, column in enumerate(layout.columns):
        sheet.set_column(place, place, column.width, None, {"hidden": place == key})
        sheet.write_string(HEAD_ROW - 1, place, column.title, styles["head_typed" if column.typed else "head"])
    for row, (text, style) in enumerate(((form.title, "title"), (form.about, "about"), (_HINTS[layout.name], "hint"))):
        sheet.merge_range(row, 0, row, last, "", styles[style])
        sheet.write_string(row, 0, text, styles[style])
    sheet.write_string(0, key, form.mark, styles["key"])
    _heights(sheet)
    for row, line in enumerate(lines, HEAD_ROW):
        _write(sheet, layout, row, line, styles)
    if lines:
        _validate(sheet, layout, HEAD_ROW, HEAD_ROW + len(lines) - 1)
    _page(sheet, HEAD_ROW + max(len(lines), 1) - 1, last)


def _heights(sheet: Worksheet) -> None:
    for row, points in enumerate((34, 20, 32, 30)):
        sheet.set_row(row, points)


def _write(sheet: Worksheet, layout: Layout, row: int, line: Line, styles: Mapping[str, Format]) -> None:
    for place, column in enumerate(layout.columns):
        if column.field == "key":
            sheet.write_string(row, place, line.key, styles["key"])
            continue
        text, style = line.values.get(column.field, ""), styles[_style(layout, column, line)]
        if column.field == "done_on" and text:
            sheet.write_datetime(row, place, date.fromisoformat(text), style)
        elif column.field == "position":
            sheet.write_number(row, place, int(text), style)
        elif text:
            sheet.write_string(row, place, text, style)
        else:
            sheet.write_blank(row, place, None, style)


_LONG = {"task", "goal", "planned", "progress", "achievements", "problems", "next_steps", "missing_note"}
_LONG |= {"target", "ground", "reason", "duty"}


def _style(layout: Layout, column: Column, line: Line) -> str:
    if column.field not in line.typed:
        return "text" if column.field in _LONG else "middle"
    if column.field == "done_on":
        return "typed_day"
    if column.field in _LONG:
        return "typed"
    return "typed_figure" if layout is FIGURES else "typed_middle"


def _validate(sheet: Worksheet, layout: Layout, first: int, last: int) -> None:
    for place, column in enumerate(layout.columns):
        if column.typed and (rule := _rule(column.field)):
            sheet.data_validation(first, place, last, place, rule | {"ignore_blank": True, "error_title": "请核对"})
    if layout is FIGURES:
        sheet.ignore_errors({"number_stored_as_text": f"A{first + 1}:J{last + 1}"})


def _rule(field: str) -> dict[str, Any]:
    """What the workbook itself says no to; whatever gets past it is told after the upload, with its cell."""
    if field == "progress_class":
        labels = [kind.label for kind in ProgressClass]
        return {"validate": "list", "source": labels, "error_message": f"请从下拉列表中选择：{'、'.join(labels)}。"}
    if field == "ticked":
        return {"validate": "list", "source": [TICK], "error_message": f"已完成的选“{TICK}”，未完成的留空。"}
    if field == "done_on":
        days = {"criteria": "between", "minimum": date(2000, 1, 1), "maximum": _LAST_DAY}
        return {"validate": "date", **days, "error_message": "请填写日期，如 2025-03-20。"}
    if field in ("progress", "achievements", "problems", "next_steps"):
        most = {"criteria": "<=", "value": LONGEST_TEXT}
        return {"validate": "length", **most, "error_message": f"最多 {LONGEST_TEXT} 字，请精简后再填。"}
    return {}


def _page(sheet: Worksheet, last_row: int, last_column: int) -> None:
    sheet.protect("", _MAY_CHANGE)
    sheet.freeze_panes(HEAD_ROW, 2)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(**_LANDSCAPE_MARGINS)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEAD_ROW - 1)
    sheet.print_area(0, 0, last_row, last_column)
    sheet.set_footer(f'&C&"{_SONG}"&9第 &P 页，共 &N 页')


def _notes(sheet: Worksheet, styles: Mapping[str, Format]) -> None:
    sheet.set_column(0, 0, 8)
    sheet.set_column(1, 1, 90)
    sheet.write_string(0, 0, NOTE_SHEET, styles["note_head"])
    for row, (number, text) in enumerate(_NOTES, 2):
        _note(sheet, row, number, text, styles)
    sheet.protect("", _MAY_CHANGE)
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)


def _note(sheet: Worksheet, row: int, number: str, text: str, styles: Mapping[str, Format]) -> None:
    if not text:
        sheet.write_string(row, 0, number, styles["note_head"])
        return
    sheet.write_string(row, 0, number, styles["note"])
    sheet.write_string(row, 1, text, styles["note"])
