"""Which format a file has, told by its content; the name only decides between kinds of plain text."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath

from tracker.reading import archive, oldword, pdf, text, webpage, word, workbook
from tracker.reading.document import Document
from tracker.rules.refusals import Invalid

_SAVE_AS = "请用原来的软件打开，另存为 .docx、.xlsx 或 .txt 后再导入。"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_RTF_AND_MAIL = (b"{\\rtf", b"MIME-Version:")
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")
_PACKED = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
_PROGRAMS = (b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe")
_HTML = re.compile(
    rb"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,500}?-->\s*)*<(?:!doctype\s+html|html|head|body|table|div|p|meta)\b",
    re.I | re.S,
)
_SPREADSHEET_ML = b"urn:schemas-microsoft-com:office:spreadsheet"


@dataclass(frozen=True)
class Format:
    """A kind of document: its name for the clerk, the endings of its files, how it is read."""

    name: str
    endings: tuple[str, ...]
    read: Callable[[bytes], Document]


TEXT = Format("纯文本", (".txt", ".md", ".text"), text.read)
CSV = Format("CSV 表格", (".csv", ".tsv"), workbook.read_csv)
PAGE = Format("网页", (".html", ".htm"), webpage.read)
WORD = Format("Word 文档", (".docx", ".docm"), word.read)
WORKBOOK = Format("电子表格", (".xlsx", ".xlsm", ".xls", ".ods", ".et"), workbook.read)
PDF = Format("PDF", (".pdf",), pdf.read)


def of(data: bytes, filename: str) -> Format:
    """The format; raise Invalid, with what to do, for one that cannot be read."""
    if data.startswith(b"PK\x03\x04"):
        return _zipped(archive.members(data))
    if data.startswith(_OLE):
        return _compound(data)
    if b"%PDF-" in data[:1024]:
        return PDF
    _refuse_others(data)
    ending = PurePath(filename).suffix.lower()
    if _HTML.match(data.removeprefix(b"\xef\xbb\xbf")) or (ending in PAGE.endings and b"<" in data):
        return PAGE
    return CSV if ending in CSV.endings else TEXT


def is_mislabelled(found: Format, filename: str) -> bool:
    """Whether the file's ending belongs to another format that we know."""
    ending = PurePath(filename).suffix.lower()
    known = {each for format_ in (TEXT, CSV, PAGE, WORD, WORKBOOK, PDF) for each in format_.endings}
    return ending in known | {".doc", ".wps"} and ending not in found.endings


def _zipped(members: frozenset[str]) -> Format:
    if "word/document.xml" in members:
        return WORD
    if any(name.startswith("xl/workbook.") for name in members):
        return WORKBOOK
    if "content.xml" in members:
        return WORKBOOK
    if "OFD.xml" in members:
        raise Invalid("暂不能读取 OFD 版式文件。" + _SAVE_AS)
    raise Invalid("这是一个压缩包，不是一份文档。请先解压，再逐个导入其中的工作计划。")


def _compound(data: bytes) -> Format:
    """One of the old formats of Office and WPS, by the names of the streams inside."""
    if _stream("EncryptedPackage") in data:
        raise Invalid(archive.ENCRYPTED)
    if _stream("WordDocument") in data:
        raise Invalid(oldword.NOT_INSTALLED)
    if _stream("Workbook") in data or _stream("Book") in data:
        return WORKBOOK
    raise Invalid("不认识这种文件。" + _SAVE_AS)


def _stream(name: str) -> bytes:
    return name.encode("utf-16-le")


def _refuse_others(data: bytes) -> None:
    if data.startswith(_PROGRAMS) and b"\0" in data[:1024]:
        raise Invalid("这是一个程序，不是文档，不能导入。请选择工作计划的文件。")
    if data.startswith(_PICTURES):
        raise Invalid("这是一张图片，不能直接读取。请先用文字识别软件转成文字，再粘贴或导入。")
    if data.startswith(_PACKED):
        raise Invalid("这是一个压缩包，不是一份文档。请先解压，再逐个导入其中的工作计划。")
    if data.startswith(_RTF_AND_MAIL) or _SPREADSHEET_ML in data[:2000]:
        raise Invalid("暂不能读取这种文件。" + _SAVE_AS)
