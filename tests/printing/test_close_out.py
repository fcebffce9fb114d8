"""The close-out slip."""

import io
from datetime import date

import docx
import pdfplumber
import pytest

from tracker.printing import close_out, letter
from tracker.rules.findings import FindingSource, RectificationPaper
from tracker.rules.refusals import Refusal


def paper(**more):
    return RectificationPaper(
        year=2025,
        number=3,
        issuer="示例县领导小组办公室",
        addressee="县司法局",
        dated=date(2025, 4, 8),
        check_word="检查",
        source=FindingSource.INSPECTION,
        criterion="及时",
        item="政府开放日活动",
        problem="活动没有按期举办",
        basis="工作计划第二条",
        demand="限期举办",
        due=date(2025, 4, 20),
        measures="已定于4月15日举办",
        result="已举办",
        **more,
    )


CLOSED = {"verified": "检查员（2025-04-18）：属实", "evidence": ("签到表.pdf",), "closed_on": date(2025, 4, 18)}


def test_it_tells_the_whole_way_from_problem_to_verification():
    content = letter.docx([close_out.letter(paper(**CLOSED))])
    table = docx.Document(io.BytesIO(content)).tables[0]
    told = {row.cells[0].text: row.cells[1].text for row in table.rows}
    assert told["存在问题"] == "活动没有按期举办"
    assert told["佐证材料"] == "签到表.pdf"
    assert told["核查情况"] == "检查员（2025-04-18）：属实"
    assert told["销号日期"] == "2025年4月18日"


def test_what_is_not_closed_has_no_slip():
    with pytest.raises(Refusal, match="尚未销号"):
        close_out.letter(paper())


def test_a_text_longer_than_a_page_loses_nothing(fonts):
    long = "".join(f"第{number}处，" for number in range(500))
    with pdfplumber.open(
        io.BytesIO(letter.pdf([close_out.letter(paper(**CLOSED | {"verified": long}))], fonts))
    ) as told:
        text = "".join(c["text"] for page in told.pages for c in page.chars)
    assert all(f"第{number}处，" in text for number in (0, 250, 499))
