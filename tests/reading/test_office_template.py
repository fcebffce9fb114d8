"""An office's own Word file: every unknown placeholder with its place, and nothing that is not safe."""

import io
import zipfile

import docx
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE

from tracker.reading import archive
from tracker.reading.guarded import template_faults
from tracker.rules.office_templates import MOST_BYTES, placeholders
from tracker.rules.paper_kinds import PaperKind
from tracker.rules.refusals import Invalid

NAMES = {each.name: each.columns for each in placeholders(PaperKind.CIRCULAR)}


def saved(document):
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def word(*paragraphs):
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    return document


def wrong(document):
    return [fault.sentence for fault in template_faults(saved(document), NAMES)]


def test_a_right_template_has_no_faults():
    document = word(
        "{{ 标题 }}", "{%p for 段 in 正文 %}", "{{ 段.文字 }}", "{%p endfor %}", "{% if 逾期数 %}有{% endif %}"
    )
    table = document.add_table(3, 1)
    for row, text in enumerate(("{%tr for 项 in 逾期任务 %}", "{{ loop.index }}{{ 项.单位 }}", "{%tr endfor %}")):
        table.cell(row, 0).text = text
    assert wrong(document) == []


def test_a_finished_paper_without_a_placeholder_is_no_template():
    [said] = wrong(word("关于第一季度工作情况的通报", "各单位："))
    assert said.startswith("文档里没有占位符")
    in_head = word("各单位：")
    in_head.sections[0].header.paragraphs[0].text = "{{ 文号 }}"
    assert wrong(in_head) == []


def test_every_unknown_placeholder_is_named_with_where_it_stands():
    document = word("好", "{{ 逾期数量 }}")
    document.add_table(1, 2).cell(0, 1).text = "{{ 甲 }}"
    document.sections[0].header.paragraphs[0].text = "{{ 乙 }}"
    assert wrong(document) == [
        "正文第2段：没有“逾期数量”这个字段，是不是“逾期数”",
        "正文第1个表格第1行第2列：没有“甲”这个字段",
        "页眉第1段：没有“乙”这个字段",
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{% for 项 in 逾期任务 %}{{ 项.级别 }}{% endfor %}", "清单里没有“级别”这一栏"),
        ("{% for 项 in 逾期任务 %}{{ 项 }}{% endfor %}", "“项”是清单的一行"),
        ("{% for 项 in 任务总数 %}{% endfor %}", "“任务总数”不是清单"),
        ("{{ 项.单位 }}", "“.”前面要写 for 里起的名字"),
        ("{% for 项 in 逾期任务 %}甲", "没有成对"),
        ("{{ 任务总数", "“{{”没有配对"),
        ("{{p 标题 }}", "不支持“{{p”"),
        ("{{ 1 + 1 }}", "不支持“Add”"),
        ("{{ 季度|upper }}", "不支持“Filter”"),
        ("{{ 标题() }}", "不支持“Call”"),
        ("{{ 标题[0] }}", "不支持“Getitem”"),
        ("{{ ''.__class__ }}", "“.”前面要写 for 里起的名字"),
        ("{% set x = 1 %}", "不支持“Assign”"),
        ("{% include '/etc/passwd' %}", "不支持“Include”"),
        ("{% for a in 逾期任务 %}" * 5 + "{% endfor %}" * 5, "套得太多"),
    ],
)
def test_whatever_is_no_field_list_or_condition_is_refused(text, says):
    faults = wrong(word(text))
    assert len(faults) >= 1
    assert says in faults[0]
    assert faults[0].startswith("正文第1段：")


def repacked(document, change):
    """The file with its members as `change` (name, bytes → bytes) leaves them, and those of `more` added."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved(document))) as source, zipfile.ZipFile(packed, "w") as target:
        for name in source.namelist():
            target.writestr(name, change(name, source.read(name)))
        if change.__name__ == "with_macro":
            target.writestr("word/vbaProject.bin", b"x")
    return packed.getvalue()


def with_macro(_name, content):
    return content


def with_entities(name, content):
    start = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]>'
    return start + content.partition(b"?>")[2] if name == "word/document.xml" else content


def test_macros_entities_outside_links_and_other_files_are_refused():
    with pytest.raises(Invalid, match="宏"):
        template_faults(repacked(word("好"), with_macro), NAMES)
    with pytest.raises(Invalid, match="DTD"):
        template_faults(repacked(word("好"), with_entities), NAMES)
    linked = word("好")
    linked.part.relate_to("http://example.test/a.dotx", RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    with pytest.raises(Invalid, match="外部"):
        template_faults(saved(linked), NAMES)
    with pytest.raises(Invalid):
        template_faults(b"%PDF-1.7", NAMES)


def test_a_field_that_fetches_from_elsewhere_is_refused():
    document = word("好")
    run = document.paragraphs[0].add_run()._r
    instruction = run.makeelement("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}instrText", {})
    instruction.text = ' INCLUDEPICTURE "http://example.test/a.png" '
    run.append(instruction)
    with pytest.raises(Invalid, match="域"):
        template_faults(saved(document), NAMES)


def test_a_bomb_is_refused_before_it_is_unpacked():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("word/document.xml", b" " * (archive.MOST_UNPACKED + 1))
    assert len(packed.getvalue()) < MOST_BYTES
    with pytest.raises(Invalid, match="过大"):
        template_faults(packed.getvalue(), NAMES)
