from io import BytesIO

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from tracker.reading.parse import parse
from tracker.reading.word import read
from tracker.reading.word_numbers import chinese, written

LEVELS = (
    '<w:abstractNum {ns} w:abstractNumId="90">'
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/></w:lvl>'
    '<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%3."/></w:lvl>'
    '<w:lvl w:ilvl="3"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="●"/></w:lvl>'
    "</w:abstractNum>"
)


def numbered(*paragraphs: tuple[int | None, str], override: str = "") -> bytes:
    """A document whose paragraphs are numbered by Word, each at its level."""
    document = docx.Document()
    numbering = document.part.numbering_part.element
    numbering.insert(0, parse_xml(LEVELS.format(ns=nsdecls("w"))))
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="91"><w:abstractNumId w:val="90"/>{override}</w:num>'))
    for level, text in paragraphs:
        properties = document.add_paragraph(text)._p.get_or_add_pPr()
        if level is not None:
            properties.append(
                parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="91"/></w:numPr>')
            )
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def lines(data: bytes) -> list[str]:
    return [block.text for block in read(data).blocks]


def test_the_numbers_that_word_prints_are_restored():
    data = numbered(
        (0, "任务"), (1, "公开"), (2, "目录"), (2, "指南"), (1, "解读"), (2, "图解"), (0, "保障"), (None, "完")
    )
    assert lines(data) == ["一、任务", "（一）公开", "1.目录", "2.指南", "（二）解读", "1.图解", "二、保障", "完"]


def test_a_list_may_start_later():
    override = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'
    assert lines(numbered((0, "甲"), (0, "乙"), override=override)) == ["五、甲", "六、乙"]


def test_bullets_are_no_numbers():
    assert lines(numbered((0, "甲"), (3, "乙"))) == ["一、甲", "乙"]


def test_a_style_may_carry_the_number():
    document = docx.Document(BytesIO(numbered((0, "甲"))))
    style = document.styles.add_style("条目", 1)
    style.element.get_or_add_pPr().append(
        parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="1"/><w:numId w:val="91"/></w:numPr>')
    )
    document.add_paragraph("乙", style="条目")
    file = BytesIO()
    document.save(file)
    assert lines(file.getvalue()) == ["一、甲", "（一）乙"]


def test_an_outline_numbered_by_word_is_a_plan():
    plan = parse(numbered((0, "主要任务"), (1, "公开目录。"), (1, "做好解读。")), "a.docx")
    assert [(item.section, item.number, item.task) for item in plan.items] == [
        (("主要任务",), "（一）", "公开目录。"),
        (("主要任务",), "（二）", "做好解读。"),
    ]


@pytest.mark.parametrize(("number", "text"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (35, "三十五")])
def test_chinese_counting(number, text):
    assert chinese(number) == text


def test_other_ways_of_counting():
    assert [written(3, kind) for kind in ("decimal", "decimalZero", "decimalEnclosedCircle", "lowerLetter")] == [
        "3",
        "03",
        "③",
        "c",
    ]
