"""Spreadsheets (.xlsx, .xls, .ods) and comma-separated text: each sheet is a table."""

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from io import BytesIO, StringIO
from typing import Any

from lxml.etree import LxmlError
from python_calamine import CalamineError, CalamineWorkbook

from tracker.reading import archive, biff, spans
from tracker.reading.document import Cell, Document, Transcript
from tracker.reading.encoding import decode
from tracker.reading.hidden import Hidden, of_sheets
from tracker.reading.plan import Remark
from tracker.rules.refusals import Invalid

_UNKNOWN = "无法查明这份旧版 .xls 表格是否有隐藏的行和列，请与原表核对，或另存为 .xlsx 后再导入。"
_DELIMITERS = ",\t;，"


def read(data: bytes) -> Document:
    reading = _Reading()
    with told():
        hidden = reading.hidden_in(data)
        workbook = CalamineWorkbook.from_filelike(BytesIO(data))
        for place, about in enumerate(workbook.sheets_metadata):
            if _is_visible(about):
                reading.sheet(workbook.get_sheet_by_index(place), hidden[place] if place < len(hidden) else Hidden())
            elif _is_worksheet(about):
                reading.hidden_sheet(workbook.get_sheet_by_index(place))
        workbook.close()
    return reading.transcript.document(reading.remarks)


@contextmanager
def told(damaged: str = archive.DAMAGED, encrypted: str = archive.ENCRYPTED) -> Iterator[None]:
    """What the library stumbles over is a refusal with one of these sentences; also where it panics."""
    try:
        yield
    except (CalamineError, LxmlError, ValueError, OSError) as error:
        raise Invalid(encrypted if "assword" in str(error) else damaged) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # which is no Exception
            raise
        raise Invalid(damaged) from error


class _Reading:
    """What was written down so far, and the remarks on what the workbook hides."""

    def __init__(self) -> None:
        self.transcript = Transcript()
        self.remarks: list[Remark] = []

    def hidden_in(self, data: bytes) -> list[Hidden]:
        """What the sheets hide; where that cannot be told of an old workbook, a remark says so."""
        if not data.startswith(biff.MAGIC):
            return of_sheets(data)
        hidden = biff.of_sheets(data)
        if hidden is None:
            self.remarks.append(Remark("hidden-unknown", 1, _UNKNOWN))
        return hidden or []

    def sheet(self, sheet: Any, hidden: Hidden) -> None:
        rows = _cells(sheet)
        self.transcript.table(_used(rows))
        for place in sorted(hidden.rows):
            if place < len(rows):  # a cell merged with rows above stands higher up
                self._hidden("hidden-row", f"这一行（第 {place + 1} 行）", rows[place], max)
        for place in sorted(hidden.columns):
            column = [row[place] for row in rows if place < len(row)]
            self._hidden("hidden-column", f"{_letters(place)} 列", column, min)

    def hidden_sheet(self, sheet: Any) -> None:
        _check_size(sheet)
        texts = [text for row in sheet.to_python(nrows=5) for value in row if (text := _text(value))]
        if texts:
            sentence = f"工作表“{sheet.name}”在原文件中是隐藏的，没有读入。如有任务，请取消隐藏后重新导入。"
            self.remarks.append(Remark("hidden-sheet", 1, sentence, " ".join(texts)[:40], doubt=True))

    def _hidden(self, code: str, what: str, cells: list[Cell], which: Callable[[list[int]], int]) -> None:
        shown = [cell for cell in cells if cell.text]
        if shown:
            line = which([self.transcript.line_of[cell] for cell in shown])
            sentence = f"{what}在原表中是隐藏的，已一并读入，请确认是否有效。"
            self.remarks.append(Remark(code, line, sentence, " ".join(cell.text for cell in shown)[:40], doubt=True))


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
    return str(about.visible).endswith(".Visible") and _is_worksheet(about)


def _is_worksheet(about: Any) -> bool:
    """Whether it is a sheet of cells, and none of those in which WPS keeps pictures."""
    return str(about.typ).endswith(".WorkSheet") and not about.name.startswith("WpsReserved")


def _check_size(sheet: Any) -> None:
    if sheet.total_height * sheet.total_width > spans.MOST_CELLS:
        raise Invalid("表格过大，不像一张任务分解表，不能导入。请只保留任务表后再试。")


def _cells(sheet: Any) -> list[list[Cell]]:
    """All cells, merged ranges resolved."""
    _check_size(sheet)
    rows = [[Cell(_text(value)) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        _merge(rows, top, left, bottom, right)
    return rows


def _used(rows: list[list[Cell]]) -> list[list[Cell]]:
    """The rows that are not empty, up to the last column that is not."""
    width = max((place + 1 for row in rows for place, cell in enumerate(row) if cell.text), default=0)
    return spans.even([row[:width] for row in rows if any(cell.text for cell in row)])


def _merge(rows: list[list[Cell]], top: int, left: int, bottom: int, right: int) -> None:
    if top >= len(rows) or left >= len(rows[top]):
        return
    cell = rows[top][left]
    for row in rows[top : bottom + 1]:
        for place in range(left, min(right + 1, len(row))):
            row[place] = cell


def _letters(place: int) -> str:
    """A column's letters: A, …, Z, AA, …"""
    before, last = divmod(place, 26)
    return (_letters(before - 1) if before else "") + chr(ord("A") + last)


def _text(value: Any) -> str:
    """A cell as the sheet shows it; dates in the office's form."""
    if isinstance(value, datetime | date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, time) or value is None:
        return "" if value is None else value.strftime("%H:%M")
    if isinstance(value, float):
        return f"{value:.10g}"
    return str(value).replace("\r\n", "\n").replace("\r", "\n").strip()
