from io import BytesIO

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from tests.reading import papers
from tracker.reading.document import Grid
from tracker.reading.word import read
from tracker.rules.refusals import Invalid


def saved(document) -> bytes:
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def texts(data: bytes) -> list[object]:
    return [
        [[cell.text for cell in row] for row in block.rows] if isinstance(block, Grid) else block.text
        for block in read(data).blocks
    ]


def paragraph(document, xml: str) -> None:
    document.element.body.insert(0, parse_xml(f"<w:p {nsdecls('w')}>{xml}</w:p>"))


def test_paragraphs_and_tables_come_in_their_order():
    assert texts(papers.word("一、甲", [["任务", "单位"], ["乙", "县局"]], "二、丙")) == [
        "一、甲",
        [["任务", "单位"], ["乙", "县局"]],
        "二、丙",
    ]


def test_a_cell_merged_down_stands_in_each_row():
    (grid,) = read(papers.word([["类别", "任务"], ["公开", "甲"], [None, "乙"]])).blocks
    assert grid.rows[1][0] is grid.rows[2][0]


def test_tracked_insertions_are_read_and_deletions_are_not():
    document = docx.Document()
    paragraph(
        document,
        '<w:r><w:t>一、公开</w:t></w:r><w:ins w:id="1" w:author="a"><w:r><w:t>目录</w:t></w:r></w:ins>'
        '<w:del w:id="2" w:author="a"><w:r><w:delText>旧</w:delText></w:r></w:del>',
    )
    assert texts(saved(document)) == ["一、公开目录"]


def test_content_controls_and_text_boxes_are_read():
    document = docx.Document()
    paragraph(
        document,
        "<w:r><w:t>一、甲</w:t></w:r><w:sdt><w:sdtContent><w:r><w:t>乙</w:t></w:r></w:sdtContent></w:sdt>"
        "<w:r><w:pict><w:txbxContent><w:p><w:r><w:t>框中</w:t></w:r></w:p></w:txbxContent></w:pict></w:r>",
    )
    assert texts(saved(document)) == ["一、甲乙", "框中"]


def test_rows_that_begin_further_right_keep_their_columns():
    data = papers.word([["类别", "任务", "单位"], ["公开", "甲", "县局"]])
    document = docx.Document(BytesIO(data))
    row = document.tables[0].rows[1]._tr
    row.remove(row.tc_lst[0])
    row.insert(0, parse_xml(f'<w:trPr {nsdecls("w")}><w:gridBefore w:val="1"/></w:trPr>'))
    assert texts(saved(document))[0][1] == ["", "甲", "县局"]


def test_a_damaged_document_is_refused():
    with pytest.raises(Invalid, match="损坏"):
        read(b"PK\x03\x04 no document")
