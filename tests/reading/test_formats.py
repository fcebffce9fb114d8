import zipfile
from io import BytesIO

import pytest

from tests.reading import papers
from tracker.reading import formats
from tracker.reading.parse import parse
from tracker.rules.refusals import Invalid

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
TEXT = "一、做好公开。"


@pytest.mark.parametrize(
    ("data", "name", "found"),
    [
        (TEXT.encode(), "a.txt", formats.TEXT),
        (papers.word(TEXT), "a.docx", formats.WORD),
        (papers.workbook([["任务"]]), "a.xlsx", formats.WORKBOOK),
        (papers.page(TEXT), "a.html", formats.PAGE),
        (papers.page(TEXT), "a.xls", formats.PAGE),
        (papers.pdf([(60, 700, TEXT)]), "a.pdf", formats.PDF),
        (b"a,b\n1,2", "a.csv", formats.CSV),
        (OLE + "Workbook".encode("utf-16-le"), "a.xls", formats.WORKBOOK),
    ],
)
def test_a_format_is_told_by_its_content(data, name, found):
    assert formats.of(data, name) is found


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (OLE + "WordDocument".encode("utf-16-le"), "另存为 .docx"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "密码"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "图片"),
        (b"Rar!\x1a\x07" + bytes(50), "压缩包"),
        (b"MZ\x90\x00" + bytes(50), "程序"),
        (b"{\\rtf1 abc}", "另存为"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_do(data, sentence):
    with pytest.raises(Invalid, match=sentence):
        formats.of(data, "a.docx")


def test_an_archive_of_files_is_no_document():
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as pack:
        pack.writestr("计划.txt", TEXT)
    with pytest.raises(Invalid, match="压缩包"):
        formats.of(file.getvalue(), "a.docx")


def test_a_wrong_ending_is_read_by_content_with_a_remark():
    plan = parse(papers.page(TEXT), "计划.docx")
    assert [item.task for item in plan.items] == ["做好公开。"]
    assert "mislabelled" in [remark.code for remark in plan.remarks]
