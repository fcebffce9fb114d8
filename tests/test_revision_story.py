"""One story of a plan that is revised in the middle of its year, told through the pages as people use them."""

from datetime import date

import pytest
from lxml import html

from tracker.ledger.db import db
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.plans import Item
from tracker.rules.duties import DutyKind

PLAN = """示例县2025年法治宣传工作要点

一、推进普法宣传

(一)开展宪法宣传周活动。2025年8月底前完成宣传方案编制。（责任单位：县司法局）

(二)举办法治讲座。每季度举办法治讲座1次。（责任单位：县行政审批局）

(三)建设法治文化广场。建成法治文化广场1处。（责任单位：东镇）
"""
REVISED = """示例县2025年法治宣传工作要点（修订）

一、推进普法宣传

(一)开展宪法宣传周活动。2025年10月底前完成宣传方案编制。（责任单位：县司法局）

(二)举办法治讲座。每季度举办法治讲座1次。（责任单位：县行政审批局）

(三)开展青少年法治教育。组织法治副校长进校园授课。（责任单位：西镇）
"""


def paste(clerk, text):
    answer = clerk.post("/imports/", data={"text": text})
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"].split("?")[0]


def words(answer):
    return "".join(html.fromstring(answer.text).text_content().split())


@pytest.fixture
def plan(as_, move_to):
    move_to(date(2025, 1, 10))
    clerk = as_("clerk")
    answer = clerk.post(f"{paste(clerk, PLAN)}/confirm")
    assert answer.status_code == 303, answer.text
    return int(answer.headers["Location"].split("plan=")[1])


def test_a_plan_is_revised_and_nothing_of_it_is_lost(app, as_, cast, plan, move_to):
    clerk, town = as_("clerk"), as_("town")

    # In April the town reports on its square.
    move_to(date(2025, 4, 3))
    with app.app_context():
        square = db.session.scalars(db.select(Item).where(Item.plan_id == plan, Item.position == 3)).one().id
        reporting = (Duty.item_id == square, Duty.kind == DutyKind.QUARTER_REPORT)
        duty = db.session.scalars(db.select(Duty.id).where(*reporting).order_by(Duty.due)).first()
    form = {"act": "submit", "progress": "已完成选址。", "progress_class": "on_schedule", "version": ""}
    assert town.post(f"/reports/{duty}", data=form).status_code == 302

    # In July a revised edition comes: it is known for one, and compared item by item.
    move_to(date(2025, 7, 10))
    draft = paste(clerk, REVISED)
    assert "可能是它的修订件" in clerk.get(draft).text
    revision = draft.replace("imports", "revisions")
    clerk.post(f"{revision}/plan", data={"plan": plan})
    page = clerk.get(revision)
    assert "修改1项，新增1项，删去1项，未变1项。" in words(page)
    assert "已有1份填报，随任务保留。" in words(page)

    # The office gives the reason and confirms.
    seen = html.fromstring(page.text).xpath("string(//input[@name='seen']/@value)")
    answer = clerk.post(f"{revision}/confirm", data={"seen": seen, "reason": "县政府常务会议决定不再建设"})
    assert answer.status_code == 303

    # The ledger holds what is new, the town's report is where it was, and yesterday reads as yesterday.
    ledger = words(clerk.get(f"/items/?plan={plan}"))
    assert "青少年法治教育" in ledger
    assert "文化广场" not in ledger
    gone = words(town.get(f"/items/{square}?plan={plan}"))
    assert "县政府常务会议决定不再建设" in gone
    assert "已完成选址。" in gone
    before = words(clerk.get(f"/items/?plan={plan}&as_of=2025-07-09"))
    assert "文化广场" in before
    assert "青少年法治教育" not in before
    assert "8月底前" in before
    assert "10月底前" not in before

    # The chain of acts holds.
    from tracker.ledger import events

    with app.app_context():
        assert events.first_break(cast.county) is None
