"""Fills in a downloaded quarter form as a unit would, for tests: by the addresses of its cells."""

import re
import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

from lxml import etree
from python_calamine import CalamineWorkbook

from tests.reading.traps import repacked
from tracker.rules.report_form import HEAD_ROW, SHEETS, Layout

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
FIRST = HEAD_ROW + 1
Formula = type("Formula", (str,), {})


def filled(data: bytes, cells: Mapping[tuple[Layout, str], Any]) -> bytes:
    """The form with these cells typed into: text, a number, None for a blank, or a Formula."""
    for layout in SHEETS:
        mine = {place: value for (of, place), value in cells.items() if of is layout}
        if mine:
            data = changed(data, layout, lambda sheet, mine=mine: _type(sheet, mine))
    return data


def changed(data: bytes, layout: Layout, change: Callable[[Any], None]) -> bytes:
    """The form with the XML of one sheet changed."""

    def rewritten(xml: bytes) -> bytes:
        sheet = etree.fromstring(xml)
        change(sheet)
        return etree.tostring(sheet, xml_declaration=True, encoding="UTF-8", standalone=True)

    return repacked(data, **{f"worksheets/sheet{SHEETS.index(layout) + 1}.xml": rewritten})


def _type(sheet: Any, cells: Mapping[str, Any]) -> None:
    for place, value in cells.items():
        cell = _cell(sheet, place)
        for child in list(cell):
            cell.remove(child)
        cell.attrib.pop("t", None)
        if isinstance(value, Formula):
            etree.SubElement(cell, MAIN + "f").text = value
            etree.SubElement(cell, MAIN + "v").text = "2"
        elif isinstance(value, str):
            cell.set("t", "inlineStr")
            etree.SubElement(etree.SubElement(cell, MAIN + "is"), MAIN + "t").text = value
        elif value is not None:
            etree.SubElement(cell, MAIN + "v").text = str(value)


def _cell(sheet: Any, place: str) -> Any:
    letters, number = re.fullmatch(r"([A-Z]+)([0-9]+)", place).groups()
    row = next((row for row in sheet.iter(MAIN + "row") if row.get("r") == number), None)
    if row is None:
        row = etree.SubElement(sheet.find(MAIN + "sheetData"), MAIN + "row", r=number)
    found = next((cell for cell in row if cell.get("r") == place), None)
    return etree.SubElement(row, MAIN + "c", r=place) if found is None else found


def without_row(sheet: Any, number: int) -> None:
    row = next(row for row in sheet.iter(MAIN + "row") if row.get("r") == str(number))
    row.getparent().remove(row)


def with_rows_swapped(sheet: Any, one: int, other: int) -> None:
    """As sorting does it: whole rows, with what is hidden in them."""
    rows = {row.get("r"): row for row in sheet.iter(MAIN + "row")}
    for old, new in ((one, other), (other, one)):
        row = rows[str(old)]
        row.set("r", str(new))
        for cell in row:
            cell.set("r", cell.get("r").removesuffix(str(old)) + str(new))
    parent = sheet.find(MAIN + "sheetData")
    parent[:] = sorted(parent, key=lambda row: int(row.get("r")))


def cells_of(data: bytes, layout: Layout) -> list[list[Any]]:
    """The rows below the head, as a workbook shows them."""
    return CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_name(layout.name).to_python()[HEAD_ROW:]


def xml_of(data: bytes, layout: Layout) -> str:
    with zipfile.ZipFile(BytesIO(data)) as packed:
        return packed.read(f"xl/worksheets/sheet{SHEETS.index(layout) + 1}.xml").decode()
