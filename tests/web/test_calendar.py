"""The calendar's page: departures stand out in words, and a change is shown before it is made."""

from datetime import date

import pytest
from lxml import html
from sqlalchemy import select

from tests.pages import errors_of, queries, text_of
from tests.reporting import Q1, content, report_duty, submit
from tracker.ledger import calendar, events
from tracker.ledger.db import db, transaction
from tracker.ledger.tables.duties import Duty
from tracker.rules.duties import DutyKind

A_FREE_MONDAY = {"day": "2025-04-07", "kind": "free", "source": "县政府通知", "note": "本县放假"}
NOTICE = """一、元旦：1月1日（周五）至3日（周日）放假调休，共3天。1月4日上班。
2027-02-05至2027-02-11 休 春节
2027年2月20日 班 春节调休"""


@pytest.fixture
def clerk(as_):
    return as_("clerk")


def seen_on(answer) -> str:
    return html.fromstring(answer.text).xpath("string(//input[@name='seen']/@value)")


def reports_due(app, cast):
    """When the first quarter's reports are due that are owed now."""
    with app.app_context():
        owed = (Duty.kind == DutyKind.QUARTER_REPORT, Duty.quarter == Q1, Duty.cancelled_on.is_(None))
        return set(db.session.scalars(select(Duty.due).where(Duty.plan_id == cast.plan, *owed)))


def test_holidays_and_shifted_days_are_told_by_a_sign(clerk):
    page = html.fromstring(clerk.get("/calendar/?year=2025").text)
    cells = {" ".join(cell.text_content().split()) for cell in page.xpath("//table[@class='month'][4]//td")}
    assert {"4休", "27班"} <= cells
    assert "推算" not in page.text_content()


def test_a_year_not_announced_says_so(clerk):
    assert "2027年的节假日安排尚未录入，期限暂按周六、周日休息推算" in clerk.get("/calendar/?year=2027").text


def test_a_change_is_shown_before_it_is_made(app, cast, clerk):
    answer = clerk.post("/calendar/days", data=A_FREE_MONDAY)
    page = text_of(answer.text)
    assert "2025年4月7日 星期一：休 本县放假" in page
    assert "县司法局“2025年第一季度填报”由2025年4月7日改为2025年4月8日" in page
    assert reports_due(app, cast) == {date(2025, 4, 7)}
    done = clerk.post("/calendar/days", data=A_FREE_MONDAY | {"seen": seen_on(answer)}, follow_redirects=True)
    assert "工作日历已更改 1 天。调整未办结事项" in done.text
    assert reports_due(app, cast) == {date(2025, 4, 8)}


def test_what_is_done_does_not_move(app, cast, clerk):
    with app.app_context():
        duty = report_duty(cast)
        submit(cast, content(), duty)
        done = duty.id
    seen = seen_on(clerk.post("/calendar/days", data=A_FREE_MONDAY))
    clerk.post("/calendar/days", data=A_FREE_MONDAY | {"seen": seen})
    with app.app_context():
        duty = db.session.get_one(Duty, done)
        assert (duty.due, duty.cancelled_on) == (date(2025, 4, 7), None)


def test_a_link_to_a_report_that_was_moved_leads_to_the_one_that_holds(app, cast, as_, clerk):
    with app.app_context():
        duty = report_duty(cast).id
    clerk.post(
        "/calendar/days", data=A_FREE_MONDAY | {"seen": seen_on(clerk.post("/calendar/days", data=A_FREE_MONDAY))}
    )
    handler = as_("handler")
    assert handler.get(f"/reports/{duty}").status_code == 200
    assert "4月8日" in text_of(handler.get("/reports/?quarter=2025Q1").text)


def test_what_changed_after_the_preview_is_shown_again(app, cast, clerk):
    seen = seen_on(clerk.post("/calendar/days", data=A_FREE_MONDAY))
    with app.app_context():
        submit(cast, content(), report_duty(cast))
    answer = clerk.post("/calendar/days", data=A_FREE_MONDAY | {"seen": seen})
    assert answer.status_code == 409
    assert "预览之后情况有变化" in answer.text
    assert reports_due(app, cast) == {date(2025, 4, 7)}


def test_the_notice_of_a_year_is_pasted(app, clerk):
    form = {"year": "2027", "list_source": "国办发明电〔2026〕9号", "lines": NOTICE}
    answer = clerk.post("/calendar/days", data=form)
    page = clerk.post("/calendar/days", data=form | {"seen": seen_on(answer)}, follow_redirects=True)
    assert "工作日历已更改 7 天" in page.text
    assert "尚未录入" not in page.text
    with app.app_context():
        known = calendar.work_calendar()
        worked = [day for day in (date(2027, 1, 1), date(2027, 2, 8), date(2027, 2, 20)) if known.is_workday(day)]
        assert worked == [date(2027, 2, 20)]


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ("2027-01-01 元旦", "没有写明放假还是上班"),
        ("元旦放假", "没有日期"),
        ("2027-02-30 休", "不是存在的日期"),
        ("", "请粘贴"),
    ],
)
def test_a_list_that_cannot_be_read_names_the_line_and_stays(clerk, lines, sentence):
    answer = clerk.post("/calendar/days", data={"year": "2027", "list_source": "通知", "lines": lines})
    [error] = errors_of(answer)
    assert sentence in error
    assert html.fromstring(answer.text).xpath("string(//textarea)").strip() == lines


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"day": ""}, "请填写日期。"),
        ({"day": "2025-02-30"}, "日期不存在"),
        ({"source": " "}, "请填写依据"),
        ({"kind": "worked"}, "本来就是工作日"),
        ({"day": "1987-04-07"}, "年份有误"),
    ],
)
def test_a_day_that_cannot_be_is_refused(clerk, change, sentence):
    [error] = errors_of(clerk.post("/calendar/days", data=A_FREE_MONDAY | change))
    assert sentence in error


def test_a_day_is_taken_out_and_seeding_does_not_bring_it_back(app, clerk):
    form = {"day": "2025-04-04", "kind": "week", "source": "", "note": ""}
    clerk.post("/calendar/days", data=form | {"seen": seen_on(clerk.post("/calendar/days", data=form))})
    with app.app_context():
        with transaction():
            calendar.seed()
        assert calendar.work_calendar().is_workday(date(2025, 4, 4))


def test_another_organisation_is_offered_what_moves_with_it(app, cast, as_, clerk):
    with app.app_context(), transaction():
        by = cast.act("stranger")
        entry = calendar.DayEntry(is_workday=False, source="邻县通知")
        assert calendar.change(by, {date(2025, 4, 7): entry}) == 1
        assert calendar.change(by, {date(2025, 4, 7): entry}) == 0
        assert [event.act for event in events.history(cast.neighbour, "calendar", cast.neighbour)] == ["change"]
    assert "与现行日历不一致" in clerk.get("/calendar/?year=2025").text
    assert "改为2025年4月8日" in clerk.get("/calendar/pending?year=2025").text
    clerk.post("/calendar/pending?year=2025")
    assert reports_due(app, cast) == {date(2025, 4, 8)}
    assert "不需要调整" in clerk.get("/calendar/pending?year=2025").text


@pytest.mark.parametrize("login", ["handler", "leader", "viewer", "admin"])
def test_only_the_office_changes_the_calendar(as_, login):
    assert as_(login).get("/calendar/").status_code == 403
    assert as_(login).post("/calendar/days", data=A_FREE_MONDAY).status_code == 403


def test_the_page_takes_few_queries(app, clerk):
    assert queries(app, clerk, "/calendar/?year=2025") <= 22
