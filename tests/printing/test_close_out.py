"""The close-out slip."""

import io
from dataclasses import replace
from datetime import date

import docx
import pdfplumber
import pytest

from tests.printing.rectifying import PAPER
from tracker.printing import close_out, letter
from tracker.rules.refusals import Refusal

CLOSED = replace(
    PAPER,
    measures="4月15日前补齐",
    result="已补齐",
    verified="检查员（2025年4月18日）：属实",
    evidence=("签到表.pdf",),
    closed_on=date(2025, 4, 18),
)


def test_it_tells_the_whole_way_from_problem_to_verification():
    content = letter.docx([close_out.letter(CLOSED)])
    table = docx.Document(io.BytesIO(content)).tables[0]
    told = {row.cells[0].text: row.cells[1].text for row in table.rows}
    assert told["存在问题"] == "专栏两个月未更新。"
    assert told["佐证材料"] == "签到表.pdf"
    assert told["核查情况"] == "检查员（2025年4月18日）：属实"
    assert told["销号日期"] == "2025年4月18日"


def test_without_evidence_it_says_so():
    content = letter.docx([close_out.letter(replace(CLOSED, evidence=()))])
    rows = docx.Document(io.BytesIO(content)).tables[0].rows
    assert {row.cells[0].text: row.cells[1].text for row in rows}["佐证材料"] == "无"


def test_what_is_not_closed_has_no_slip():
    with pytest.raises(Refusal, match="尚未销号"):
        close_out.letter(PAPER)


def test_a_text_longer_than_a_page_loses_nothing(fonts):
    long = "".join(f"第{number}处，" for number in range(500))
    with pdfplumber.open(io.BytesIO(letter.pdf([close_out.letter(replace(CLOSED, verified=long))], fonts))) as told:
        text = "".join(c["text"] for page in told.pages for c in page.chars)
    assert all(f"第{number}处，" in text for number in (0, 250, 499))
