"""One duty's page: what it is, and noting between reports that it is done."""

import pytest
from lxml import html

from tests.pages import errors_of, text_of
from tests.reporting import duty_of_kind
from tests.revising import edition, read_item
from tracker.ledger import imports, office_dates
from tracker.ledger.db import transaction
from tracker.rules.deadlines import Deadline, DeadlineKind
from tracker.rules.duties import DutyKind


@pytest.fixture
def duty(app, cast) -> str:
    """县司法局's quarterly check, due on 31 March."""
    with app.app_context():
        return f"/duties/{duty_of_kind(cast, DutyKind.RECURRING, 2).id}"


def test_the_page_says_what_it_is(as_, duty):
    page = text_of(as_("handler").get(duty).text)
    for told in ("每季度", "县司法局", "2025年3月31日", "2025年4月7日前报送", "每季度检查各单位政务公开工作。"):
        assert told in page


@pytest.mark.parametrize(("login", "status"), [("viewer", 200), ("leader", 200), ("town", 404), ("stranger", 404)])
def test_who_may_look_sees_no_form(as_, duty, login, status):
    answer = as_(login).get(duty)
    assert answer.status_code == status
    assert not html.fromstring(answer.text).xpath("//main//form")


def test_a_unit_notes_that_it_is_done(as_, duty):
    answer = as_("handler").post(
        f"{duty}/completion", data={"done_on": "2025-04-02", "note": "已印发通报"}, follow_redirects=True
    )
    page = text_of(answer.text)
    assert "已登记完成：2025年4月2日。" in page
    assert "✓ 逾期完成 2025年4月2日完成" in page
    assert "handler（示例） 登记完成（2025年4月2日）：已印发通报" in page


@pytest.mark.parametrize(
    ("login", "status"), [("viewer", 403), ("leader", 403), ("inspector", 403), ("town", 404), ("stranger", 404)]
)
def test_nobody_else_does(as_, duty, login, status):
    for act in ("completion", "taking-back"):
        answer = as_(login).post(f"{duty}/{act}", data={"done_on": "2025-04-02", "reason": "理由"})
        assert answer.status_code == status


def test_a_day_to_come_is_refused_and_the_note_stays(as_, duty):
    answer = as_("handler").post(f"{duty}/completion", data={"done_on": "2025-04-04", "note": "已印发通报"})
    assert answer.status_code == 422
    assert "不能晚于今天" in answer.text
    assert "已印发通报" in html.fromstring(answer.text).xpath("string(//textarea)")


def test_a_form_without_a_day_or_reason_says_so(as_, duty):
    handler = as_("handler")
    assert errors_of(handler.post(f"{duty}/completion", data={"done_on": ""})) == ["请填写完成日期。"]
    handler.post(f"{duty}/completion", data={"done_on": "2025-04-02"})
    assert errors_of(handler.post(f"{duty}/taking-back", data={"reason": " "})) == ["请填写理由。"]


def test_what_the_office_does_not_acknowledge_the_unit_reads(as_, duty):
    as_("handler").post(f"{duty}/completion", data={"done_on": "2025-04-02"})
    answer = as_("clerk").post(f"{duty}/taking-back", data={"reason": "没有检查记录"}, follow_redirects=True)
    assert "已不予认定，理由已告知责任单位。" in answer.text
    page = text_of(as_("handler").get(duty).text)
    assert "办公室不予认定，理由：没有检查记录" in page
    assert "登记完成" in page


# Dates that wait for the office


@pytest.fixture
def waiting(app, cast) -> list[int]:
    """The ids of two dates that a plan leaves open."""
    open_date = ("x月xx日前", Deadline(DeadlineKind.UNDETERMINED))
    lines = [
        read_item(f"{n}.", "解读", f"任务{n}。", units=[("县司法局", True)], deadlines=[open_date]) for n in (1, 2)
    ]
    with app.app_context(), transaction():
        imports.confirm(cast.act(), imports.open_draft(cast.act(), edition(*lines), "计划"))
        return [deadline.id for deadline, _ in office_dates.undated(cast.county)]


def test_the_office_sets_several_dates_at_once(as_, waiting):
    clerk = as_("clerk")
    days = {f"day-{waiting[0]}": "2025-06-20", f"day-{waiting[1]}": "2025-06-30"}
    page = text_of(clerk.post("/duties/undated", data=days, follow_redirects=True).text)
    assert "已确定 2 处时限。调整未办结事项 2 项：第 1 项县司法局“x月xx日前”由待定改为2025年6月20日；" in page
    assert "2025年6月30日 （2025年4月3日确定）" in page


def test_one_date_alone_leaves_the_others_waiting(as_, waiting):
    page = as_("clerk").post("/duties/undated", data={f"day-{waiting[0]}": "2025-06-20"}, follow_redirects=True)
    assert "已确定 1 处时限。" in page.text
    assert page.text.count(">待定</span>") == 1


@pytest.mark.parametrize(
    ("day", "sentence"), [("", "至少填写一处"), ("2025-02-30", "不存在"), ("2052-01-01", "核对年份")]
)
def test_a_date_that_cannot_be_is_refused_and_stays(as_, waiting, day, sentence):
    answer = as_("clerk").post("/duties/undated", data={f"day-{waiting[0]}": day, f"day-{waiting[1]}": day})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert html.fromstring(answer.text).xpath(f"string(//input[@name='day-{waiting[0]}']/@value)") == day


def test_a_strangers_date_is_not_found(as_, waiting):
    assert as_("stranger").post("/duties/undated", data={f"day-{waiting[0]}": "2025-06-20"}).status_code == 404
