"""Figures as files: CSV with one table beneath the other, XLSX with a sheet for each; numbers are numbers."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from tracker.printing.item_list import inert
from tracker.printing.layout import FACES

_A4 = 9
_BOM = "\ufeff"  # without it a spreadsheet takes the file for its own old encoding
_WIDEST = 42  # characters of a worksheet
_LONGEST_SHEET_NAME = 31  # by the format

Cell = str | int


@dataclass(frozen=True)
class FigureTable:
    """`name` is that of its sheet: short, and without signs that a sheet's name must not have."""

    name: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True)
class Figures:
    """`about` are the lines beneath the title."""

    title: str
    about: Sequence[str]
    tables: Sequence[FigureTable]


def csv_lines(figures: Figures) -> Iterator[str]:
    buffer = StringIO()
    writer = csv.writer(buffer)
    buffer.write(_BOM)
    for row in _rows(figures):
        writer.writerow([inert(cell) if isinstance(cell, str) else cell for cell in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def _rows(figures: Figures) -> Iterator[Sequence[Cell]]:
    yield [figures.title]
    yield from ([line] for line in figures.about)
    for table in figures.tables:
        yield []
        yield [table.name]
        yield table.head
        yield from table.rows


def xlsx(figures: Figures) -> BytesIO:
    """The file, at its beginning.  Nothing that is written in it is ever taken for a formula."""
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        styles = _styles(book)
        for table in figures.tables:
            _fill(book.add_worksheet(table.name[:_LONGEST_SHEET_NAME]), figures, table, styles)
    content.seek(0)
    return content


def _styles(book: xlsxwriter.Workbook) -> dict[str, Format]:
    song, hei, title = (FACES[face].word for face in ("song", "hei", "title"))
    body = {"font_name": song, "font_size": 10, "border": 1, "valign": "vcenter"}
    return {
        "title": book.add_format({"font_name": title, "font_size": 16, "valign": "vcenter"}),
        "about": book.add_format({"font_name": song, "font_size": 10}),
        "head": book.add_format(body | {"font_name": hei, "bg_color": "#E8ECF1", "align": "center", "text_wrap": True}),
        "text": book.add_format(body | {"text_wrap": True}),
        "number": book.add_format(body | {"align": "right"}),
    }


def _fill(page: Worksheet, figures: Figures, table: FigureTable, styles: dict[str, Format]) -> None:
    page.set_row(0, 28)
    page.write_string(0, 0, figures.title, styles["title"])
    for row, line in enumerate(figures.about, 1):
        page.write_string(row, 0, line, styles["about"])
    head = len(figures.about) + 1
    for place, word in enumerate(table.head):
        page.write_string(head, place, word, styles["head"])
        page.set_column(place, place, _width(place, table))
    for number, cells in enumerate(table.rows, head + 1):
        for place, cell in enumerate(cells):
            if isinstance(cell, str):
                page.write_string(number, place, cell, styles["text"])
            else:
                page.write_number(number, place, cell, styles["number"])
    page.freeze_panes(head + 1, 1)
    page.set_landscape()
    page.set_paper(_A4)
    page.fit_to_pages(1, 0)
    page.repeat_rows(head)


def _width(place: int, table: FigureTable) -> int:
    """A Chinese character is as wide as two."""
    longest = max((len(str(row[place])) for row in [table.head, *table.rows] if place < len(row)), default=0)
    return min(2 * longest + 2, _WIDEST)
