"""Reads a quarter's form (.xlsx) that came back: bytes to rows, with what is wrong named by its cell.

What the cells mean is said in `rules.report_form`; whose form it is, and whether its rows are its own, is for the
ledger to judge, which knows the seal.
"""

import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from typing import Any

from lxml import etree
from python_calamine import CalamineWorkbook

from tracker.reading import archive
from tracker.reading.hidden import parts_of_sheets
from tracker.reading.workbook import told
from tracker.rules.refusals import Invalid
from tracker.rules.report_form import HEAD_ROW, SHEETS, Fault, Layout, ReadForm, ReadLine, letters

LARGEST = 5_000_000
MOST_CELLS = 100_000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_PERCENT_FORMATS = {"9", "10"}
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")

AGAIN = "请重新下载本季度的填报表，填好后再上传。"
EMPTY = "这个文件是空的，请重新选择。"
TOO_LARGE = "文件超过 5 MB，不像从本系统下载的填报表。佐证材料请在填报页上传，不要插入表格。"
OLD = "这是旧格式的表格（.xls 或 .et）。请用“另存为”存成 .xlsx 格式后再上传。"
LOCKED = "文件设有打开密码，无法读取。请取消密码、另存一份后再上传。"
DAMAGED = f"文件已经损坏，打不开。请用原来的软件打开并另存一份再上传；仍不行的，{AGAIN}"
NOT_A_FORM = f"这不是从本系统下载的填报表。{AGAIN}"
STRANGE = f"文件解开后过大，或夹带了表格以外的内容，不像从本系统下载的填报表，没有读取。{AGAIN}"
_FORMULA = "这一格是公式，系统不计算公式。请复制后“选择性粘贴”为数值，或直接填写结果。"
_MERGED = "这里有合并的单元格，分不清填的是哪一项。请取消合并，按原来的格子填写。"
_NO_KEY = "这一行没有标识，不是表中原有的行。请把内容移到原有的行内，并删除这一行。"


def read(data: bytes) -> ReadForm:
    """Raise Invalid, with what to do, for a file that is no form of ours."""
    _check(data)
    with told(DAMAGED, LOCKED):
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        missing = [layout.name for layout in SHEETS if layout.name not in book.sheet_names]
        if missing:
            raise Invalid(f"文件里没有“{'”“'.join(missing)}”表。{AGAIN}" if len(missing) < len(SHEETS) else NOT_A_FORM)
        sheets = [_Sheet.of(book, data, layout) for layout in SHEETS]
        book.close()
    for sheet in sheets:
        sheet.check_head()
    lines = tuple(line for sheet in sheets for line in sheet.lines())
    faults = tuple(fault for sheet in sheets for fault in sheet.faults(lines))
    return ReadForm(sheets[0].text(0, len(SHEETS[0].columns) - 1), lines, faults)


def _check(data: bytes) -> None:
    if not data.strip():
        raise Invalid(EMPTY)
    if len(data) > LARGEST:
        raise Invalid(TOO_LARGE)
    if data.startswith(_OLE):
        raise Invalid(LOCKED if _LOCKED in data else OLD)
    if not data.startswith(b"PK\x03\x04"):
        raise Invalid(NOT_A_FORM)
    if "xl/workbook.xml" not in _members(data):
        raise Invalid(NOT_A_FORM)


def _members(data: bytes) -> frozenset[str]:
    """The sentences of `archive` speak of plans."""
    try:
        return archive.members(data)
    except Invalid as refusal:
        known = {archive.ENCRYPTED: LOCKED, archive.DAMAGED: DAMAGED}
        raise Invalid(known.get(refusal.sentence, STRANGE)) from refusal


@dataclass
class _Sheet:
    """A sheet as the workbook keeps it: `rows` of values from A1 on, and the places of formulas and percentages."""

    layout: Layout
    rows: list[list[Any]]
    merged: Sequence[tuple[tuple[int, int], tuple[int, int]]]
    formulas: set[str]
    percentages: set[str]

    @classmethod
    def of(cls, book: CalamineWorkbook, data: bytes, layout: Layout) -> "_Sheet":
        sheet = book.get_sheet_by_name(layout.name)
        if sheet.total_height * sheet.total_width > MOST_CELLS:
            raise Invalid(STRANGE)
        xml, percent = _part(data, book.sheet_names.index(layout.name))
        formulas, percentages = _marks(xml, percent)
        rows = sheet.to_python(skip_empty_area=False)
        return cls(layout, rows, sheet.merged_cell_ranges or (), formulas, percentages)

    def text(self, row: int, place: int) -> str:
        """What is to be read there, places counted from 0."""
        value = self.rows[row][place] if row < len(self.rows) and place < len(self.rows[row]) else None
        return _text(value, percent=f"{letters(place)}{row + 1}" in self.percentages)

    def check_head(self) -> None:
        """Columns that were moved would be read as others."""
        for place, column in enumerate(self.layout.columns):
            if (found := self.text(HEAD_ROW - 1, place)) != column.title:
                cell = self.layout.cell(column.field, HEAD_ROW)
                raise Invalid(f"{cell}应为栏目“{column.title}”，现为“{found[:20]}”，栏目被改动，不能读取。{AGAIN}")

    def lines(self) -> Iterator[ReadLine]:
        for row in range(HEAD_ROW, len(self.rows)):
            values = {column.field: self.text(row, place) for place, column in enumerate(self.layout.columns)}
            if any(values.values()):
                yield ReadLine(self.layout.name, row + 1, values)

    def faults(self, lines: Sequence[ReadLine]) -> Iterator[Fault]:
        for (top, left), (bottom, right) in self.merged:
            if bottom >= HEAD_ROW:
                place = f"{letters(left)}{top + 1}:{letters(right)}{bottom + 1}"
                yield Fault(f"“{self.layout.name}”表 {place}", _MERGED)
        for line in lines:
            if line.sheet == self.layout.name:
                yield from self._faults_in(line)

    def _faults_in(self, line: ReadLine) -> Iterator[Fault]:
        if not line.key:
            yield line.fault("position", _NO_KEY)
        for place, column in enumerate(self.layout.columns):
            if column.typed and f"{letters(place)}{line.row}" in self.formulas:
                yield line.fault(column.field, _FORMULA)


def _part(data: bytes, place: int) -> tuple[bytes, set[str]]:
    """The XML of a sheet, and the numbers of the styles that show a percentage."""
    with zipfile.ZipFile(BytesIO(data)) as packed:
        xml = packed.read(parts_of_sheets(packed)[place])
        styles = packed.read("xl/styles.xml") if "xl/styles.xml" in packed.namelist() else b"<none/>"
    return xml, _percent_styles(styles)


def _parsed(xml: bytes) -> Any:
    return etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))


def _percent_styles(xml: bytes) -> set[str]:
    root = _parsed(xml)
    own = {one.get("numFmtId") for one in root.iter(_MAIN + "numFmt") if "%" in one.get("formatCode", "")}
    used = root.find(_MAIN + "cellXfs")
    styles = list(used) if used is not None else []
    return {str(number) for number, one in enumerate(styles) if one.get("numFmtId") in own | _PERCENT_FORMATS}


def _marks(xml: bytes, percent: set[str]) -> tuple[set[str], set[str]]:
    """The places of formulas, and of numbers that are shown as a percentage."""
    formulas, percentages = set(), set()
    for cell in _parsed(xml).iter(_MAIN + "c"):
        place = cell.get("r", "")
        if cell.find(_MAIN + "f") is not None:
            formulas.add(place)
        if cell.get("s") in percent:
            percentages.add(place)
    return formulas, percentages


def _text(value: Any, *, percent: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        number = Decimal(repr(value)) * (100 if percent else 1)
        return f"{number.normalize():f}" + ("%" if percent else "")
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return _CONTROLS.sub("", str(value).replace("\r\n", "\n").replace("\r", "\n")).strip()
