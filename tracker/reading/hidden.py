"""Rows and columns that a workbook (.xlsx, .ods) hides; the library that reads it does not tell."""

import re
import zipfile
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from lxml import etree

Element = Any

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_MOST = 20_000  # rows or columns of one stretch; what lies beyond is empty


@dataclass
class Hidden:
    """Places counted from 0."""

    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)


def of_sheets(data: bytes) -> list[Hidden]:
    """What each sheet hides, in the order of the sheets; empty for a kind of workbook that cannot be asked.

    Raises LxmlError for XML that is not well-formed, over which the library that reads .ods never comes to an end.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            if "content.xml" in archive.namelist():
                return [_of_table(table) for table in _parsed(archive.read("content.xml")).iter(_TABLE + "table")]
            return [_of_sheet(archive.read(part)) for part in parts_of_sheets(archive)]
    except (zipfile.BadZipFile, KeyError):
        return []


def _parsed(xml: bytes) -> Element:
    return etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))


def parts_of_sheets(archive: zipfile.ZipFile) -> list[str]:
    """The files of the sheets of an .xlsx workbook, in their order."""
    targets = {one.get("Id"): one.get("Target", "") for one in _parsed(archive.read("xl/_rels/workbook.xml.rels"))}
    sheets = _parsed(archive.read("xl/workbook.xml")).iter(_MAIN + "sheet")
    found = [targets[sheet.get(_RELATION)] for sheet in sheets]
    return [path.lstrip("/") if path.startswith("/") else f"xl/{path}" for path in found]


def _of_sheet(xml: bytes) -> Hidden:
    hidden = Hidden()
    if not re.search(rb"\bhidden\s*=", xml):
        return hidden
    place = -1
    for element in _parsed(xml).iter(_MAIN + "row", _MAIN + "col"):
        is_hidden = element.get("hidden") in ("1", "true")
        if element.tag == _MAIN + "row":
            place = _number(element.get("r"), place + 2) - 1
            hidden.rows |= {place} if is_hidden else set()
        elif is_hidden:
            first = _number(element.get("min"), 1)
            hidden.columns.update(range(first - 1, min(_number(element.get("max"), first), first + _MOST)))
    return hidden


def _of_table(table: Element) -> Hidden:
    hidden = Hidden()
    for tag, places, repeated in (
        ("table-row", hidden.rows, "number-rows-repeated"),
        ("table-column", hidden.columns, "number-columns-repeated"),
    ):
        place = 0
        for element in table.iter(_TABLE + tag):
            count = _number(element.get(_TABLE + repeated), 1)
            if element.get(_TABLE + "visibility", "visible") != "visible":
                places.update(range(place, place + min(count, _MOST)))
            place += count
    return hidden


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and re.fullmatch(r"\d{1,7}", text) else otherwise
