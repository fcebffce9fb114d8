"""Files that somebody made to do harm, built from the small sound ones of `papers`."""

import re
import zipfile
from collections.abc import Callable
from io import BytesIO

from pypdf import PdfReader, PdfWriter

from tests.reading import papers

PLAN = ["某县2025年工作要点", "一、公开目录。", "二、更新指南。"]
ROWS = [["工作任务", "责任单位"], ["公开目录。", "县司法局"], ["更新指南。", "县政府办"]]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)

Change = Callable[[bytes], bytes]


def repacked(data: bytes, more: dict[str, bytes] | None = None, **changes: Change) -> bytes:
    """A zip-based file with members added, and with those changed whose name has the keyword in it."""
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, True, 1) as new:
        for info in old.infolist():
            member = old.read(info)
            for word, change in changes.items():
                member = change(member) if word in info.filename else member
            new.writestr(info.filename, member)
        for name, member in (more or {}).items():
            new.writestr(name, member)
    return file.getvalue()


def word() -> bytes:
    return papers.word(*PLAN)


def workbook() -> bytes:
    return papers.workbook(ROWS)


def spreadsheet() -> bytes:
    return papers.spreadsheet("".join(papers.spreadsheet_row(*row) for row in ROWS))


def bomb(data: bytes, name: str, size: int = 200_000_000) -> bytes:
    """Under 1 MB, and 200 MB unpacked."""
    packed = repacked(data, {name: bytes(size)})
    assert len(packed) < 1_000_000
    return packed


def crowd(data: bytes) -> bytes:
    return repacked(data, {f"part{number}.xml": b"<a/>" for number in range(5_000)})


def overlapping(data: bytes) -> bytes:
    """The second member lies where the first does."""
    first, *_, last = (match.start() for match in re.finditer(b"PK\x01\x02", data))
    return data[: last + 42] + data[first + 42 : first + 46] + data[last + 46 :]


def understated(data: bytes, name: bytes) -> bytes:
    """A member that says in the directory that it is 10 bytes long."""
    entry = data.rindex(name) - 46
    return data[: entry + 24] + (10).to_bytes(4, "little") + data[entry + 28 :]


def with_entity(xml: bytes, path: str) -> bytes:
    """XML that asks for a file of the machine in its first text."""
    declared = f'<!DOCTYPE any [<!ENTITY x SYSTEM "file://{path}">]>'.encode()
    return _after_declaration(xml, declared).replace("公开目录".encode(), b"&x;")


def laughing(xml: bytes) -> bytes:
    """XML whose one text would be three thousand million characters."""
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    declared = f'<!DOCTYPE any [<!ENTITY l0 "哈哈哈">{entities}]>'.encode()
    return _after_declaration(xml, declared).replace("公开目录".encode(), b"&l9;")


def _after_declaration(xml: bytes, declared: bytes) -> bytes:
    end = xml.index(b"?>") + 2 if xml.startswith(b"<?xml") else 0
    return xml[:end] + declared + xml[end:]


def vast(workbook: bytes) -> bytes:
    """Says that it fills the whole sheet, and holds a few rows."""
    return repacked(workbook, sheet1=lambda xml: re.sub(rb'ref="A1:\w+"', b'ref="A1:XFD1048576"', xml, count=1))


def far(workbook: bytes) -> bytes:
    """Has a cell in the last place of the sheet."""
    cell = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    return repacked(workbook, sheet1=lambda xml: xml.replace(b"</sheetData>", cell))


def astray(workbook: bytes) -> bytes:
    """Its cells refer to texts that are not there."""
    return repacked(workbook, sheet1=lambda xml: re.sub(rb"<v>\d+</v>", b"<v>99999</v>", xml))


def locked_pdf() -> bytes:
    writer = PdfWriter()
    writer.append(PdfReader(BytesIO(papers.pdf([(60, 700, PLAN[1])]))))
    writer.encrypt("secret", algorithm="RC4-128")
    file = BytesIO()
    writer.write(file)
    return file.getvalue()


def looping_pdf() -> bytes:
    """The tree of its pages holds itself."""
    return papers.pdf([(60, 700, PLAN[1])]).replace(b"/Kids [3 0 R]", b"/Kids [2 0 R]")


def locked_office() -> bytes:
    """An encrypted .docx or .xlsx lies in a container of the old kind."""
    return OLE + "EncryptedPackage".encode("utf-16-le") + bytes(500)
