"""Papers in the office's own Word file: annexes, receipt, mark, several in one; opened again."""

import io
import zipfile
from dataclasses import replace
from datetime import date

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Mm

from tests.office_words import heads, opened, plain, red_headed, saved, split, words
from tests.printing.rectifying import PAPER
from tests.sealed import SNAPSHOT
from tracker.printing import office_example, office_template
from tracker.printing.circular import letter
from tracker.printing.word_styles import xml
from tracker.reading.guarded import template_faults
from tracker.rules.notices import MatterLine, NoticeKind, NoticePaper
from tracker.rules.office_templates import TemplateKind, placeholders
from tracker.rules.refusals import Invalid

NOTICE = NoticePaper(
    kind=NoticeKind.URGING,
    year=2025,
    number=3,
    issuer="示例县领导小组办公室",
    addressee="县司法局",
    issued_on=date(2025, 4, 8),
    matter="1 项任务逾期未办结",
    basis="经核对台账。",
    demand="请抓紧办理。",
    reply_due=date(2025, 4, 15),
    matters=(MatterLine("公开目录", "发布目录", date(2025, 3, 20), 19),),
)
ANNEXES = ["附件1", "附件2", "附件3", "附件4", "附件5"]


def circular(template, **changed):
    snapshot = replace(SNAPSHOT, **changed)
    return opened(office_template.of_quarter(template, snapshot, letter(snapshot)))


def urging(template, *addressees, **changed):
    papers = [
        replace(NOTICE, number=place, addressee=unit, **changed)
        for place, unit in enumerate(addressees or ("县司法局",), 3)
    ]
    return opened(office_template.notices(papers, template))


def blocks(document):
    """Paragraphs and tables of the body, as (tag, text)."""
    return [
        (block.tag.rpartition("}")[2], "".join(t.text or "" for t in block.iter(qn("w:t"))))
        for block in document.element.body
    ]


# Annexes


def test_annexes_stand_where_the_file_says_each_on_pages_of_its_own():
    document = circular(red_headed(lambda made: split(made, "{{ 附", "件 }}")))
    said = [text for _, text in blocks(document)]
    assert [text for text in said if text in ANNEXES] == ANNEXES
    assert said.index("附件5") < next(place for place, text in enumerate(said) if text.startswith("抄送："))
    marks = [paragraph for paragraph in document.paragraphs if paragraph.text in ANNEXES]
    assert all(mark.paragraph_format.page_break_before for mark in marks)
    assert "各单位任务进展情况表" in said
    assert not any("附件\ue000" in text for text in said)


def test_a_file_without_a_place_for_them_has_them_behind_everything():
    said = [text for _, text in blocks(circular(plain("{{ 标题 }}", "此致")))]
    assert said.index("此致") < said.index("附件1")
    assert [text for text in said if text in ANNEXES] == ANNEXES


def test_a_paper_without_annexes_keeps_no_trace_of_their_place():
    nothing = {"items": (), "shares": (), "findings": (), "filings": ()}
    document = circular(
        plain("{{ 标题 }}", "{%p if 附件说明 %}", "附件：{{ 附件说明 }}", "{%p endif %}", "{{ 附件 }}"), **nothing
    )
    assert [tag for tag, _ in blocks(document)] == ["p", "sectPr"]


def test_annexes_are_named_in_the_letter_one_to_a_line():
    document = circular(plain("附件：{{ 附件说明 }}", "{{ 附件 }}"))
    named = document.paragraphs[0]
    assert named.text.startswith("附件：1.各单位任务进展情况表\n2.各板块任务进展情况表\n3.")


def test_tables_of_annexes_are_as_wide_as_the_text_of_the_section_they_stand_in():
    document = docx.Document()
    document.add_paragraph("{{ 标题 }}")
    section = document.add_section()
    section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(30)
    document.add_paragraph("{{ 附件 }}")
    lying = circular(saved(document))
    standing = circular(red_headed(lambda made: split(made, "{{ 附件 }}")))
    for made, width in ((lying, 237), (standing, 146)):
        table = next(table for table in made.tables if table.cell(0, 0).text == "名次")
        assert sum(cell.width.mm for cell in table.rows[1].cells) == pytest.approx(width, abs=0.5)


def test_annexes_keep_the_faces_of_the_standard_whatever_the_file_calls_its_styles():
    document = docx.Document()
    document.styles["Normal"].font.bold = True
    document.styles.add_style("公文正文", 1).font.name = "Comic Sans MS"
    document.add_paragraph("{{ 标题 }}")
    made = circular(saved(document))
    title = next(paragraph for paragraph in made.paragraphs if paragraph.text == "各单位任务进展情况表")
    assert (title.style.name, title.style.font.name, title.style.font.bold) == ("附件标题", "方正小标宋简体", False)
    assert title.style.font.size.pt == 22
    assert made.styles["公文正文"].font.name == "Comic Sans MS"


def test_a_file_that_we_once_printed_can_be_a_template_again():
    again = circular(red_headed(lambda made: split(made, "{{ 附件 }}")))
    again.add_paragraph("{{ 标题 }}")
    names = [style.name for style in circular(saved(again)).styles]
    assert len(names) == len(set(names))
    again.styles["附件标题"]._element.styleId = "af1"  # as Word does when it saves the file
    names = [style.name for style in circular(saved(again)).styles]
    assert {"附件标题", "附件标题2"} <= set(names)
    assert len(names) == len(set(names))


# The receipt


def test_a_receipt_comes_behind_the_letter_or_where_the_file_says():
    behind = words(urging(plain("{{ 标题 }}", "此致"))).split("\n")
    assert behind.index("此致") < behind.index("催办单回执")
    named = words(urging(plain("{{ 标题 }}", "{{ 回执 }}", "此致"))).split("\n")
    assert named.index("催办单回执") < named.index("此致")


def test_a_file_with_a_receipt_of_its_own_gets_no_second_one():
    assert words(urging(plain("{{ 标题 }}", "办理情况回执单"))).count("回执") == 1


def test_a_notice_of_rectification_brings_its_receipt_with_what_the_unit_wrote():
    paper = replace(PAPER, measures="已补齐。")
    document = opened(office_template.rectifications([paper], plain("{{ 标题 }}，{{ 期限 }}")))
    assert "2025年4月22日" in document.paragraphs[0].text
    assert [row.cells[1].text for row in document.tables[0].rows][:4] == [
        "整改〔2025〕3号",
        "县司法局",
        "2025年4月22日",
        "已补齐。",
    ]


# The mark of a sample office


@pytest.mark.parametrize("template", [plain("{{ 标题 }}"), red_headed(lambda made: split(made, "{{ 附件 }}"))])
def test_every_page_of_a_sample_offices_paper_bears_its_mark(template):
    made = circular(template, sample=True)
    assert len(heads(made)) == 3  # of first, odd and even pages
    assert all(text.startswith("示例数据　仅供演示") for text in heads(made))
    assert not any("示例数据" in text for text in heads(circular(template, sample=False)))


def test_sections_with_headers_of_their_own_bear_the_mark_too():
    document = docx.Document()
    document.add_paragraph("{{ 标题 }}")
    document.add_section().header.is_linked_to_previous = False
    document.sections[1].header.paragraphs[0].text = "附表"
    assert sorted(heads(circular(saved(document), sample=True))) == ["示例数据　仅供演示"] * 3 + [
        "示例数据　仅供演示附表"
    ]


def test_several_papers_bear_the_mark_in_every_section():
    template = red_headed(lambda made: split(made, "{{ 要求 }}"))
    made = urging(template, "县司法局", "东镇", sample=True)
    assert all(text.startswith("示例数据") for text in heads(made))
    assert sum("催办〔2025〕" in text for text in heads(made)) == 2


# The ladder


def test_a_notice_of_the_ladder_is_filled_with_its_matters():
    def table(document):
        split(document, "{{ 依据 }}{{ 事由 }}，请于{{ 回复期限 }}前回复，共{{ 事项数 }}项：{{ 事项 }}")
        made = document.add_table(3, 2)
        made.cell(0, 0).text, made.cell(2, 0).text = "{%tr for 项 in 事项 %}", "{%tr endfor %}"
        made.cell(1, 0).text, made.cell(1, 1).text = (
            "{{ 项.任务 }}（{{ 项.应办事项 }}）",
            "{{ 项.期限 }}，{{ 项.逾期天数 }}天",
        )

    template = red_headed(table)
    assert template_faults(template, placeholders(TemplateKind.URGING)) == []
    document = urging(template)
    assert "经核对台账。1 项任务逾期未办结，请于2025年4月15日前回复，共1项：公开目录" in words(document)
    assert [cell.text for cell in document.tables[0].rows[0].cells] == ["公开目录（发布目录）", "2025年3月20日，19天"]
    assert "催办〔2025〕3号" in heads(document)


@pytest.mark.parametrize("kind", list(TemplateKind))
def test_every_example_is_right_and_the_same_to_the_byte(kind):
    assert template_faults(office_example.example(kind), placeholders(kind)) == []
    assert office_example.example(kind) == office_example.example(kind)


# Several in one file


def test_several_notices_in_one_file_are_each_as_alone():
    document = urging(red_headed(lambda made: split(made, "{{ 要求 }}")), "县司法局", "东镇", "西镇")
    assert [text for _, text in blocks(document) if text.endswith("：")] == ["县司法局：", "东镇：", "西镇："]
    assert [section._sectPr.find(qn("w:pgNumType")) is not None for section in document.sections] == [False, True, True]
    references = [set(section._sectPr.xpath("w:headerReference/@r:id")) for section in document.sections]
    assert len(references[0] & references[1]) == 1  # the red head is the same part, the number's is not


def test_lists_of_several_notices_begin_again_in_each():
    def lists(document):
        for text in ("{{ 要求 }}", "逾期不复的，予以通报。"):
            document.add_paragraph(text, "List Number")

    document = urging(red_headed(lists), "县司法局", "东镇", "西镇")
    numbers = [each._p.pPr.numPr for each in document.paragraphs if each.style.name == "List Number"]
    own = [number.numId.val for number in numbers[2:]]
    assert numbers[:2] == [None, None]  # the first paper's count by their style, as in the file
    assert own[0] == own[1] != own[2] == own[3]
    instances = document.part.numbering_part.element
    for number in own:
        assert set(instances.xpath(f"w:num[@w:numId='{number}']//w:startOverride/@w:val")) == {"1"}


def test_several_notices_of_a_file_with_several_sections_inherit_nothing_from_each_other():
    document = docx.Document()
    document.add_paragraph("{{ 收文单位 }}")
    document.add_section().footer.is_linked_to_previous = False
    document.sections[1].footer.paragraphs[0].text = "附表"
    document.add_paragraph("{{ 回执 }}")
    bound = urging(saved(document), "县司法局", "东镇")
    feet = [section.footer.paragraphs[0].text for section in bound.sections]
    assert feet == ["", "附表", "", "附表"]


def test_marks_that_a_document_has_once_stand_once():
    document = docx.Document()
    document.add_paragraph("{{ 标题 }}")
    for name in ("bookmarkStart", "bookmarkEnd"):
        document.paragraphs[0]._p.append(xml(name, id="1"))
        document.element.body.insert(0, xml(name, id="2"))
    bound = urging(saved(document), "县司法局", "东镇", "西镇")
    assert len(list(bound.element.body.iter(qn("w:bookmarkStart")))) == 2
    assert len(bound.sections) == 3


def test_a_file_with_a_picture_in_its_header_is_bound_without_a_second_copy(tmp_path):
    import base64

    dot = base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    )
    document = docx.Document()
    document.sections[0].header.paragraphs[0].add_run("{{ 收文单位 }}").add_picture(io.BytesIO(dot), Mm(5))
    document.add_paragraph("{{ 标题 }}")
    papers = [replace(NOTICE, addressee=unit) for unit in ("县司法局", "东镇")]
    content = office_template.notices(papers, saved(document))
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        names = packed.namelist()
    assert len(names) == len(set(names))
    assert sum("media/" in name for name in names) == 1
    assert {"县司法局", "东镇"} <= set(heads(opened(content)))


def test_the_same_words_are_the_same_bytes_for_one_and_for_several():
    template = red_headed(lambda made: split(made, "{{ 要求 }}"))
    for papers in ([NOTICE], [NOTICE, replace(NOTICE, addressee="东镇")]):
        assert office_template.notices(papers, template) == office_template.notices(papers, template)


# What filling could break


def test_a_cell_or_table_that_a_list_left_empty_is_mended():
    def tables(document):
        rows = document.add_table(2, 1)
        rows.cell(0, 0).text, rows.cell(1, 0).text = "{%tr for 项 in 事项 %}", "{%tr endfor %}"
        cell = document.add_table(1, 1).cell(0, 0)
        for paragraph, text in zip(
            (cell.paragraphs[0], cell.add_paragraph()), ("{%p if 签收人 %}", "{%p endif %}"), strict=True
        ):
            paragraph.text = text

    document = urging(red_headed(tables))
    assert all(cell[-1].tag == qn("w:p") for cell in document.element.body.iter(qn("w:tc")))
    assert all(table.findall(qn("w:tr")) for table in document.element.body.iter(qn("w:tbl")))


def test_a_text_compared_with_a_number_is_a_sentence_and_no_fault():
    with pytest.raises(Invalid, match="把文字和数字作了比较"):
        urging(plain("{% if 事由 > 3 %}甲{% endif %}"))


def test_what_users_wrote_is_text_in_every_file():
    said = "<w:p>&{{ 标题 }}"
    assert said in words(urging(plain("{{ 要求 }}"), demand=said))
