"""An office's own Word file: every unknown placeholder with its place, and nothing that is not safe."""

import io
import zipfile

import docx
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE

from tracker.printing.word_styles import xml
from tracker.reading import archive
from tracker.reading.guarded import template_faults
from tracker.rules.office_templates import MOST_BYTES, TemplateKind, placeholders
from tracker.rules.refusals import Invalid

NAMES = placeholders(TemplateKind.CIRCULAR)


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
        ("{{ 1 + 1 }}", "不支持“{{ 1 + 1 }}”这种写法"),
        ("{{ 季度|upper }}", "不支持“{{ 季度|upper }}”"),
        ("{{ 标题() }}", "不支持“{{ 标题() }}”"),
        ("{{ 标题[0] }}", "不支持“{{ 标题[0] }}”"),
        ("{{ ''.__class__ }}", "“.”前面要写 for 里起的名字"),
        ("{% set x = 1 %}", "不支持“{% set x = 1 %}”"),
        ("{% include '/etc/passwd' %}", "不支持“{% include '/etc/passwd' %}”"),
        ("{% for a in 逾期任务 %}{% for b in 逾期任务 %}{% endfor %}{% endfor %}", "for 里面不能再套 for"),
        ("{% if 季度 %}" * 5 + "{% endif %}" * 5, "套得太多"),
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


def instruction(*pieces):
    return "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in pieces)


@pytest.mark.parametrize(
    "field",
    [
        instruction(' INCLUDEPICTURE "x.png" '),
        instruction(" INCL", "UDETEXT x"),
        f'{instruction("PAGE")}<w:r><w:fldChar w:fldCharType="begin"/></w:r>{instruction("DDEAUTO x")}',
        instruction(" LINK Excel.Sheet "),
        """<w:fldSimple w:instr='INCLUDETEXT "x.docx"'/>""",
    ],
)
def test_a_field_that_fetches_from_elsewhere_is_refused(field):
    document = word("{{ 标题 }}")
    document.paragraphs[0]._p.extend(list(xml("p", field)))
    with pytest.raises(Invalid, match="域"):
        template_faults(saved(document), NAMES)


def test_fields_that_stay_within_the_file_are_no_harm():
    document = word("{{ 标题 }}")
    document.paragraphs[0]._p.extend(list(xml("p", instruction(" PAGE ", ' HYPERLINK \\l "a" ', " TOC "))))
    assert wrong(document) == []


def test_a_source_of_data_for_mail_merge_is_refused():
    document = word("{{ 标题 }}")
    document.settings.element.append(xml("mailMerge", '<w:connectString w:val="DSN=x"/>'))
    with pytest.raises(Invalid, match="邮件合并"):
        template_faults(saved(document), NAMES)


@pytest.mark.parametrize(
    ("paragraphs", "says"),
    [
        (["｛｛ 标题 ｝｝"], "正文第1段：花括号和百分号要用英文半角的"),
        (["共{任务总数}项"], "正文第1段：“{任务总数}”要写两层花括号：“{{ 任务总数 }}”"),
        (["{{ 标题 }}", "{# 说明 #}"], "正文第2段：不支持“{# #}”这种注释"),
        (["{%p if 逾期数 %}有逾期", "{%p endif %}"], "正文第1段：“{%p if 逾期数 %}”要单独占一段"),
        (["附表：{{ 附件 }}"], "正文第1段：“{{ 附件 }}”要在正文里单独占一段"),
    ],
)
def test_what_would_print_as_it_stands_or_be_lost_is_told(paragraphs, says):
    assert wrong(word(*paragraphs))[0].startswith(says)


def test_unknown_names_are_told_beside_what_else_is_wrong_even_where_the_whole_cannot_be_read():
    said = wrong(word("{{ 回复日期 }}", "{任务总数}", "{%p for 项 in 逾期任务 %}有", "{{ 项.单位 }}", "{{ 项 }}"))
    assert [one.split("：")[0] for one in said] == ["正文第2段", "正文第3段", "正文第1段"]
    assert "没有“回复日期”这个字段" in said[2]


def test_annexes_go_into_no_table_and_no_header():
    document = word("{{ 标题 }}")
    document.add_table(1, 1).cell(0, 0).text = "{{ 附件 }}"
    document.sections[0].header.paragraphs[0].text = "{{ 附件 }}"
    assert [fault.split("：")[0] for fault in wrong(document)] == ["正文第1个表格第1行第1列", "页眉第1段"]
    assert wrong(word("{{ 标题 }}", "{{ 附件 }}")) == []


def test_a_row_that_repeats_others_has_the_row_to_itself():
    document = word("{{ 标题 }}")
    table = document.add_table(2, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "{%tr for 项 in 逾期任务 %}", "{{ 项.单位 }}"
    table.cell(1, 0).text = "{%tr endfor %}"
    assert wrong(document)[0].startswith("正文第1个表格第1行：“{%tr for 项 in 逾期任务 %}”要单独占表格的一行")


def test_a_list_that_begins_in_one_cell_and_ends_in_another_is_torn_and_told():
    document = word("{{ 标题 }}", "{% if 逾期数 %}有")
    document.add_table(1, 2).cell(0, 1).text = "{% endif %}"
    [said] = wrong(document)
    assert said.startswith("正文：for 与 endfor、if 与 endif 的位置不对")


def test_placeholders_are_found_across_the_runs_that_word_cuts_them_into():
    document = word("")
    for piece in ("{", "{ 逾", "期数", "量 }", "}"):
        document.paragraphs[0].add_run(piece).bold = True
    assert wrong(document) == ["正文第1段：没有“逾期数量”这个字段，是不是“逾期数”"]


def test_nothing_is_evaluated_in_properties_or_notes():
    document = word("{{ 标题 }}")
    document.core_properties.title = "{{ 'x' * 1000000000 }}"
    assert wrong(document) == ["文档属性：标题、作者、备注等属性中不能写占位符，请移到正文、页眉或页脚"]


def test_so_many_placeholders_that_printing_would_take_minutes_are_refused():
    lists = "{% for 项 in 逾期任务 %}{{ 项.单位 }}{% endfor %}"
    for many in (["{{ 标题 }}" * 100] * 11, [lists] * 51):
        assert wrong(word(*many)) == ["占位符太多（最多 1000 个，其中清单最多 50 处），请减少后再上传"]
    assert wrong(word(*[lists] * 50)) == []


@pytest.mark.parametrize("kind", list(TemplateKind))
def test_each_kind_of_paper_knows_its_own_names_alone(kind):
    foreign = "事项" if kind.text else "正文"
    faults = template_faults(saved(word("{{ 标题 }}", f"{{{{ {foreign} }}}}")), placeholders(kind))
    assert [fault.place for fault in faults] == ["正文第2段"]


def relabelled(kind):
    main = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"

    def change(name, content):
        return content.replace(main, kind) if name == "[Content_Types].xml" else content

    return repacked(word("{{ 标题 }}"), change)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (lambda: relabelled(b"application/vnd.ms-word.document.macroEnabled.main+xml"), "启用宏的文档（.docm）"),
        (
            lambda: relabelled(b"application/vnd.ms-word.template.macroEnabledTemplate.main+xml"),
            "启用宏的模板（.dotm）",
        ),
        (
            lambda: relabelled(b"application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"),
            "文档模板（.dotx）",
        ),
        (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "这不是 Word 文档"),
        (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "密码"),
    ],
)
def test_formats_that_word_knows_by_other_names_are_refused_by_theirs(content, says):
    with pytest.raises(Invalid) as refused:
        template_faults(content(), NAMES)
    assert says in refused.value.sentence


def test_a_bomb_is_refused_before_it_is_unpacked():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("word/document.xml", b" " * (archive.MOST_UNPACKED + 1))
    assert len(packed.getvalue()) < MOST_BYTES
    with pytest.raises(Invalid, match="过大"):
        template_faults(packed.getvalue(), NAMES)
