"""Wide tables as a workbook, a sheet to each: texts stay texts, whatever they begin with, and figures are figures."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, time
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from tracker.printing.layout import A3, FACES, Sheet
from tracker.printing.table_parts import Row, Table
from tracker.printing.text import printable

A4_PAPER, A3_PAPER = 9, 8  # as Excel numbers them
_LONGEST_NAME = 31
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
_MILLIMETRES_A_CHARACTER = 1.9
_INCH = 25.4
_POINTS = 72 / 25.4  # in a millimetre


def book(tables: Sequence[Table]) -> bytes:
    content = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(content, options) as written:
        first = tables[0]
        made = datetime.combine(first.as_of, time())  # the file's own date: the same value is the same bytes
        written.set_properties({"title": first.name, "author": first.author, "created": made})
        styles, names = _styles(written), set[str]()
        for table in tables:
            _fill(written.add_worksheet(_name(table, names)), table, styles)
    return content.getvalue()


def _name(table: Table, taken: set[str]) -> str:
    """Of the worksheet: what stands above the table at its left, or the title, where Excel takes it."""
    wanted = _NOT_IN_NAMES.sub("", table.about[0].partition("：")[2] or table.title[-1])[: _LONGEST_NAME - 4] or "表"
    name, number = wanted, 1
    while name.lower() in taken:
        number += 1
        name = f"{wanted}{number}"
    taken.add(name.lower())
    return name


def _styles(written: xlsxwriter.Workbook) -> dict[str, Format]:
    song, hei, kai, title = (FACES[face].word for face in ("song", "hei", "kai", "title"))
    plain: dict[str, Any] = {"font_name": song, "font_size": 10}
    body = plain | {"text_wrap": True, "valign": "vcenter", "border": 1}
    kinds = {
        "title": {"font_name": title, "font_size": 18, "align": "center", "valign": "vcenter"},
        "left": plain,
        "right": plain | {"align": "right"},
        "head": body | {"font_name": hei, "bg_color": "#E8ECF1", "align": "center"},
        "caption": body | {"font_name": kai, "font_size": 11},
        "text": body,
        "middle": body | {"align": "center"},
        "note": plain | {"text_wrap": True},
    }
    return {name: written.add_format(kind) for name, kind in kinds.items()}


def _fill(sheet: Worksheet, table: Table, styles: Mapping[str, Format]) -> None:
    last = len(table.columns) - 1
    for place, (column, width) in enumerate(zip(table.columns, table.widths, strict=True)):
        sheet.set_column(place, place, max(5, width / _MILLIMETRES_A_CHARACTER))
        sheet.write_string(2, place, column.title, styles["head"])
    _across(sheet, 0, last, table.name, styles["title"])
    sheet.set_row(0, 32)
    half = last // 2
    sheet.write_string(1, 0, printable(table.about[0]), styles["left"])
    sheet.merge_range(1, half + 1, 1, last, "", styles["right"])
    sheet.write_string(1, half + 1, printable(table.about[1]), styles["right"])
    _end(sheet, _groups(sheet, table, styles), last, table, styles)
    _page(sheet, table.sheet)


def _groups(sheet: Worksheet, table: Table, styles: Mapping[str, Format]) -> int:
    """Captions and rows; returns the first row beneath them."""
    line, looks = 3, [styles["middle" if column.centred else "text"] for column in table.columns]
    for group in table.groups:
        if group.caption and group.rows:
            _across(sheet, line, len(looks) - 1, group.caption, styles["caption"])
            line += 1
        for row in group.rows:
            if table.row_height:
                sheet.set_row(line, table.row_height * _POINTS)
            _row(sheet, line, row, looks)
            line += 1
    if line == 3:
        _across(sheet, line, len(looks) - 1, table.nothing, styles["middle"])
        line += 1
    if table.total:
        _row(sheet, line, table.total, [styles["head"]] * len(looks))
        line += 1
    return line


def _row(sheet: Worksheet, line: int, row: Row, looks: Sequence[Format]) -> None:
    for place, (cell, look) in enumerate(zip(row, looks, strict=True)):
        if isinstance(cell, int):
            sheet.write_number(line, place, cell, look)
        else:
            sheet.write_string(line, place, printable(cell), look)


def _across(sheet: Worksheet, line: int, last: int, text: str, look: Format) -> None:
    sheet.merge_range(line, 0, line, last, "", look)
    sheet.write_string(line, 0, printable(text), look)


def _end(sheet: Worksheet, line: int, last: int, table: Table, styles: Mapping[str, Format]) -> None:
    for note in table.notes:
        _across(sheet, line, last, note, styles["note"])
        line += 1
    if table.signatures:
        _across(sheet, line + 1, last, "　　　　".join(table.signatures), styles["note"])
    sheet.freeze_panes(3, 2)
    sheet.repeat_rows(2)


def _page(sheet: Worksheet, paper: Sheet) -> None:
    """The margins are the official ones; as many pages as it takes, one page wide."""
    sheet.set_landscape()
    sheet.set_paper(A3_PAPER if paper == A3 else A4_PAPER)
    sheet.set_margins(paper.left / _INCH, paper.right / _INCH, paper.top / _INCH, paper.bottom / _INCH)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(f'&C&"{FACES["song"].word}"&14— &P —')
