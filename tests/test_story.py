"""One story from the document to the printed sheet, told through the pages as people use them."""

import io
from datetime import date

import docx
import pytest

from tests.pages import text_of
from tracker.ledger.db import db
from tracker.ledger.tables.duties import Duty
from tracker.rules.duties import DutyKind

DOCUMENT = """示例县2025年政务公开工作要点

一、推进决策公开

(一)规范意见征集。重大行政决策草案公开征求意见，征集意见率达90%。6月底前完成清单编制。（责任单位：县司法局）

(二)做好开放日活动。每年开展政府开放日活动不少于1次。（责任单位：县行政审批局，各镇(园区、街道)）
"""


@pytest.fixture
def plan_id(as_):
    """The clerk pastes the document and confirms the draft."""
    clerk = as_("clerk")
    answer = clerk.post("/imports/", data={"text": DOCUMENT})
    draft = answer.headers["Location"]
    assert draft.startswith("/imports/"), answer.text
    page = clerk.get(draft).text
    assert "征集意见率达90%" in page
    answer = clerk.post(f"{draft.split('?')[0]}/confirm")
    assert "/items/" in answer.headers["Location"], clerk.get(draft).text
    return int(answer.headers["Location"].split("plan=")[1].split("&")[0])


def _report_duty(app, plan_id, unit_id, quarter="2025Q1"):
    with app.app_context():
        return db.session.query(Duty.id).filter_by(
            plan_id=plan_id, unit_id=unit_id, kind=DutyKind.QUARTER_REPORT
        ).filter(Duty.quarter == quarter)[0][0]  # fmt: skip


def test_from_the_document_to_the_printed_sheet(app, as_, cast, plan_id, move_to):
    address = f"plan={plan_id}&quarter=2025Q1"
    handler, clerk, leader = as_("handler"), as_("clerk"), as_("leader")

    # The unit sees what it owes, writes, hands in.
    assert "规范意见征集" in handler.get(f"/reports/?{address}").text
    duty = _report_duty(app, plan_id, cast.units["县司法局"])
    form = {"act": "submit", "progress": "已公开征求意见2件。", "progress_class": "on_schedule", "version": ""}
    assert handler.post(f"/reports/{duty}", data=form).status_code == 302

    # The office returns it, the unit mends it, the office accepts it.
    assert "已公开征求意见2件。" in clerk.get("/reviews/").text
    report = _report_id(app, plan_id)
    clerk.post(f"/reviews/{report}", data={"verdict": "return", "reason": "请补充征集意见率。", "version": "1"})
    assert "请补充征集意见率。" in handler.get(f"/reports/{duty}").text
    move_to(date(2025, 4, 6))
    version = _version(app, report)
    handler.post(f"/reports/{duty}", data=form | {"progress": "已公开征求意见2件，征集率92%。", "version": version})
    clerk.post(f"/reviews/{report}", data={"verdict": "accept", "reason": "", "version": "2"})

    # On 10 April the others are late: the leader sees who, and the sheet says so.
    move_to(date(2025, 4, 10))
    board = text_of(leader.get(f"/dashboard?{address}").text)
    assert "共 2 项任务" in board
    assert "1 项未按时填报" in board
    answer = clerk.get(f"/inspection-sheets/sheet.docx?{address}")
    words = _words(answer.data)
    assert "已公开征求意见2件，征集率92%。" in words
    assert "逾期 3 天" in words

    # Asked again how it stood on 1 April, the ledger answers as it did then.
    assert (
        "逾期"
        not in leader.get(f"/dashboard?{address}&as_of=2025-04-01").text.split("<main")[1].split("项任务")[1][:40]
    )


def _report_id(app, plan_id):
    from tracker.ledger.tables.reports import QuarterReport

    with app.app_context():
        return db.session.query(QuarterReport.id).filter_by(plan_id=plan_id)[0][0]


def _version(app, report_id):
    from tracker.ledger.tables.reports import QuarterReport

    with app.app_context():
        return str(db.session.get(QuarterReport, report_id).version)


def _words(content):
    document = docx.Document(io.BytesIO(content))
    return "\n".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)
