"""A list as a table file: CSV and XLSX with the same rows, beneath what they are a list of.

Everything is written as text, never as a formula, whatever it begins with.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from tracker.printing.layout import FACES

_SONG, _HEI, _TITLE = (FACES[face].word for face in ("song", "hei", "title"))
_A4 = 9
_MARGINS = {"left": 0.4, "right": 0.4, "top": 0.5, "bottom": 0.6}  # inches
_BOM = "\ufeff"  # without it a spreadsheet takes the file for its own old encoding
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True)
class Column:
    """`width` is in characters of a worksheet."""

    title: str
    width: float
    centred: bool = False


@dataclass(frozen=True)
class ListSheet:
    """`about` are the lines beneath the title; `rows` are asked for once."""

    title: str
    about: Sequence[str]
    columns: Sequence[Column]
    rows: Iterable[Sequence[str]]


def csv_lines(sheet: ListSheet) -> Iterator[str]:
    """Line by line, for whoever sends it on as it comes."""
    buffer = StringIO()
    writer = csv.writer(buffer)
    buffer.write(_BOM)
    for row in _all_rows(sheet):
        writer.writerow([inert(cell) for cell in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def _all_rows(sheet: ListSheet) -> Iterator[Sequence[str]]:
    yield [sheet.title]
    yield from ([line] for line in sheet.about)
    yield [column.title for column in sheet.columns]
    yield from sheet.rows


def inert(cell: str) -> str:
    """What a spreadsheet would take for a formula gets an apostrophe before it."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_DANGEROUS) else cell


def xlsx(sheet: ListSheet) -> BytesIO:
    """The file, at its beginning.  Rows are written as they come and leave the memory at once."""
    content = BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as book:
        _fill(book.add_worksheet("台账"), sheet, _styles(book))
    content.seek(0)
    return content


def _styles(book: xlsxwriter.Workbook) -> dict[str, Format]:
    body: dict[str, Any] = {"font_name": _SONG, "font_size": 10, "text_wrap": True, "valign": "top", "border": 1}
    middle = {"align": "center", "valign": "vcenter"}
    kinds: dict[str, dict[str, Any]] = {
        "title": {"font_name": _TITLE, "font_size": 16} | middle,
        "about": {"font_name": _SONG, "font_size": 10, "valign": "vcenter", "text_wrap": True},
        "head": body | {"font_name": _HEI, "bg_color": "#E8ECF1"} | middle,
        "text": body,
        "middle": body | middle,
    }
    return {name: book.add_format(kind) for name, kind in kinds.items()}


def _fill(page: Worksheet, sheet: ListSheet, styles: dict[str, Format]) -> None:
    """From top to bottom: a row that is left behind cannot be written to any more."""
    last = len(sheet.columns) - 1
    for place, column in enumerate(sheet.columns):
        page.set_column(place, place, column.width)
    for row, (text, style) in enumerate([(sheet.title, "title"), *((line, "about") for line in sheet.about)]):
        page.set_row(row, 30 if style == "title" else 18)
        page.merge_range(row, 0, row, last, "", styles[style])
        page.write_string(row, 0, text, styles[style])
    head = 1 + len(sheet.about)
    for place, column in enumerate(sheet.columns):
        page.write_string(head, place, column.title, styles["head"])
    for number, cells in enumerate(sheet.rows, head + 1):
        for place, cell in enumerate(cells):
            page.write_string(number, place, cell, styles["middle" if sheet.columns[place].centred else "text"])
    _page(page, head)


def _page(page: Worksheet, head: int) -> None:
    page.freeze_panes(head + 1, 0)
    page.set_landscape()
    page.set_paper(_A4)
    page.set_margins(**_MARGINS)
    page.fit_to_pages(1, 0)
    page.repeat_rows(head)
    page.set_footer(f'&C&"{_SONG}"&9第 &P 页，共 &N 页')
