"""Spreadsheets (.xlsx, .xls, .ods) and comma-separated text: each sheet is a table."""

import csv
from datetime import date, datetime, time
from io import BytesIO, StringIO
from typing import Any

from tracker.reading import archive, spans
from tracker.reading.document import Cell, Document, Transcript
from tracker.reading.encoding import decode
from tracker.rules.refusals import Invalid

_DELIMITERS = ",\t;，"


def read(data: bytes) -> Document:
    from python_calamine import CalamineError, CalamineWorkbook

    transcript = Transcript()
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(data))
        for place, about in enumerate(workbook.sheets_metadata):
            if _is_visible(about):
                transcript.table(_grid(workbook.get_sheet_by_index(place)))
    except (CalamineError, ValueError, OSError) as error:
        sentence = archive.ENCRYPTED if "assword" in str(error) else archive.DAMAGED
        raise Invalid(sentence) from error
    return transcript.document()


def read_csv(data: bytes) -> Document:
    text = decode(data).lstrip("\ufeff")
    delimiter = max(_DELIMITERS, key=text[:5000].count)
    try:
        rows = [[Cell(value.strip()) for value in row] for row in csv.reader(StringIO(text), delimiter=delimiter)]
    except csv.Error as error:
        raise Invalid(archive.DAMAGED) from error
    transcript = Transcript()
    transcript.table(spans.even([row for row in rows if any(cell.text for cell in row)]))
    return transcript.document()


def _is_visible(about: Any) -> bool:
    return "Visible" in str(about.visible) and "Work" in str(about.typ)


def _grid(sheet: Any) -> list[list[Cell]]:
    """The cells that are used, merged ranges resolved, empty rows left out."""
    if sheet.total_height * sheet.total_width > spans.MOST_CELLS:
        raise Invalid("表格过大，不像一张任务分解表，不能导入。请只保留任务表后再试。")
    rows = [[Cell(_text(value)) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        _merge(rows, top, left, bottom, right)
    width = max((place + 1 for row in rows for place, cell in enumerate(row) if cell.text), default=0)
    return spans.even([row[:width] for row in rows if any(cell.text for cell in row)])


def _merge(rows: list[list[Cell]], top: int, left: int, bottom: int, right: int) -> None:
    if top >= len(rows) or left >= len(rows[top]):
        return
    cell = rows[top][left]
    for row in rows[top : bottom + 1]:
        for place in range(left, min(right + 1, len(row))):
            row[place] = cell


def _text(value: Any) -> str:
    """A cell as the sheet shows it; dates in the office's form."""
    if isinstance(value, datetime | date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, time) or value is None:
        return "" if value is None else value.strftime("%H:%M")
    if isinstance(value, float):
        return f"{value:.10g}"
    return str(value).replace("\r\n", "\n").replace("\r", "\n").strip()
