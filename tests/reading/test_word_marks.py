from io import BytesIO

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from tests.reading import papers
from tracker.reading.parse import parse

RUN = "<w:r><w:t>{}</w:t></w:r>"
NUMBERED = RUN.format("（一）公开目录")


def marked(xml: str) -> bytes:
    """A plan whose first item is a paragraph of this XML."""
    document = docx.Document(BytesIO(papers.word("某县2025年工作要点", "（二）更新指南。")))
    document.paragraphs[1]._p.addprevious(parse_xml(f"<w:p {nsdecls('w')}>{xml}</w:p>"))
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def remarks(data: bytes) -> list[tuple[str, str]]:
    plan = parse(data, "a.docx")
    assert all(remark.doubt for remark in plan.items[0].remarks)
    assert plan.items[1].remarks == ()
    return [(remark.code, remark.excerpt) for remark in plan.items[0].remarks]


@pytest.mark.parametrize(
    ("xml", "code", "excerpt"),
    [
        ("<w:ins w:id='1' w:author='a'><w:r><w:t>和清单</w:t></w:r></w:ins>", "tracked-change", "和清单"),
        ("<w:del w:id='1' w:author='a'><w:r><w:delText>和旧表</w:delText></w:r></w:del>", "tracked-change", "和旧表"),
        ("<w:moveFrom w:id='1' w:author='a'><w:r><w:t>移走</w:t></w:r></w:moveFrom>", "tracked-change", "移走"),
        ("<w:r><w:rPr><w:vanish/></w:rPr><w:t>暗处</w:t></w:r>", "hidden-text", "暗处"),
        ("<w:sdt><w:sdtContent><w:r><w:t>供填写</w:t></w:r></w:sdtContent></w:sdt>", "content-control", "供填写"),
    ],
)
def test_what_is_not_settled_is_a_doubt_of_its_item(xml, code, excerpt):
    assert remarks(marked(NUMBERED + xml)) == [(code, excerpt)]


def test_deleted_and_hidden_text_is_not_read():
    xml = (
        "<w:del w:id='1'><w:r><w:delText>旧</w:delText></w:r></w:del><w:r><w:rPr><w:vanish/></w:rPr><w:t>暗</w:t></w:r>"
    )
    assert parse(marked(NUMBERED + xml), "a.docx").items[0].task == "公开目录"


def test_a_text_box_is_read_and_shown():
    box = (
        "<w:r><w:pict><w:txbxContent><w:p><w:r><w:t>（一）框中的任务。</w:t></w:r></w:p></w:txbxContent></w:pict></w:r>"
    )
    assert remarks(marked(box)) == [("text-box", "（一）框中的任务。")]


def test_a_table_of_contents_is_no_control_to_be_filled():
    xml = "<w:sdt><w:sdtPr><w:docPartObj/></w:sdtPr><w:sdtContent><w:r><w:t>一</w:t></w:r></w:sdtContent></w:sdt>"
    assert remarks(marked(NUMBERED + xml)) == []


def test_a_change_in_a_table_is_a_doubt_of_its_row():
    document = docx.Document(
        BytesIO(papers.word([["任务", "责任单位"], ["公开目录。", "县局"], ["更新指南。", "县局"]]))
    )
    document.tables[0].cell(2, 0).paragraphs[0]._p.append(
        parse_xml(f"<w:ins {nsdecls('w')} w:id='1'><w:r><w:t>再核对。</w:t></w:r></w:ins>")
    )
    file = BytesIO()
    document.save(file)
    first, second = parse(file.getvalue(), "a.docx").items
    assert first.remarks == ()
    assert [remark.code for remark in second.remarks] == ["tracked-change"]
