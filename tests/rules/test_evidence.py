import io
import zipfile

import pytest

from tracker.rules.evidence import LARGEST_MB, can_be_shown, check_file, check_link, is_picture, shown_as
from tracker.rules.refusals import Invalid

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(64)


def package(*members: str) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for member in members:
            archive.writestr(member, "<x/>")
    return written.getvalue()


DOCX, XLSX = package("[Content_Types].xml", "word/document.xml"), package("[Content_Types].xml", "xl/workbook.xml")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("通知.pdf", b"%PDF-1.7\n"),
        ("通知.PDF", b"%PDF-1.7\n"),
        ("公文.ofd", package("OFD.xml")),
        ("总结.doc", OLE),
        ("总结.docx", DOCX),
        ("台账.xls", OLE),
        ("台账.xlsx", XLSX),
        ("总结.wps", OLE),
        ("总结.wps", DOCX),
        ("台账.et", XLSX),
        ("现场.png", b"\x89PNG\r\n\x1a\n"),
        ("现场.jpg", b"\xff\xd8\xff\xe0"),
        ("说明.txt", "说明".encode()),
        ("说明.txt", "说明".encode("gb18030")),
        ("说明.txt", "说明".encode("utf-16")),
    ],
)
def test_what_an_office_writes_and_photographs_is_taken(name, content):
    check_file(name, content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("页面.html", b"<html>"),
        ("图.svg", b"<svg/>"),
        ("程序.exe", b"MZ"),
        ("打包.zip", package("a.txt")),
        ("pdf", b"%PDF-1.7"),
        (".htaccess", b"deny"),
        ("", b"x"),
    ],
)
def test_other_kinds_are_refused_with_the_list_of_those_allowed(name, content):
    with pytest.raises(Invalid, match="可以上传：PDF"):
        check_file(name, content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("页面.pdf", b"<html>%PDF-"),
        ("程序.docx", b"MZ"),
        ("打包.docx", package("a.txt")),
        ("台账.docx", XLSX),
        ("加密.docx", OLE),
        ("程序.txt", b"MZ\x00\x01"),
        ("程序.jpg", b"MZ"),
    ],
)
def test_a_file_must_be_what_its_ending_says(name, content):
    with pytest.raises(Invalid, match="不符"):
        check_file(name, content)


def test_an_empty_file_and_a_heavy_one_are_refused():
    with pytest.raises(Invalid, match="空文件"):
        check_file("说明.txt", b"")
    with pytest.raises(Invalid, match=f"超过 {LARGEST_MB} MB"):
        check_file("说明.txt", b"a" * (LARGEST_MB * 1024 * 1024 + 1))


@pytest.mark.parametrize(
    "link", ["https://www.example.gov.cn/zwgk/1.html", "http://10.1.2.3:8080/a?b=1", "HTTPS://例.中国/"]
)
def test_an_address_of_the_web_is_a_link(link):
    check_link(link)


@pytest.mark.parametrize(
    "link",
    [
        "",
        "www.example.gov.cn",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://",
        "http:///path",
        "http://[::1",
        "https://a b.cn",
        "https://a.cn/\n",
        "https://a.cn/\u202e",
        "https://a.cn/" + "x" * 500,
    ],
)
def test_nothing_else_is(link):
    with pytest.raises(Invalid, match="http"):
        check_link(link)


def test_pictures_and_pdf_can_be_shown_and_nothing_else():
    assert shown_as("现场.JPG", b"\xff\xd8\xff\xe0") == "image/jpeg"
    assert shown_as("通知.pdf", b"%PDF-1.7") == "application/pdf"
    assert is_picture("现场.png")
    assert not is_picture("通知.pdf")
    assert not can_be_shown("总结.docx")
    assert not can_be_shown("pdf.exe")


def test_what_is_not_what_its_name_says_is_not_shown():
    assert shown_as("现场.jpg", b"<svg onload=alert(1)>") is None
    assert shown_as("页面.html", b"<html>") is None
