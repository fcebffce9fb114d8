import pytest
from lxml import html
from sqlalchemy import select

from tests.reporting import Q1, content, report_duty, submit
from tracker.ledger import accounts, events
from tracker.ledger.db import db, transaction
from tracker.ledger.tables.accounts import Person
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.organisations import Organisation
from tracker.rules.duties import DutyKind

STOOD = "1.2.5.检查.1"
AS_IT_IS = {
    "seen": STOOD,
    "review_levels": "1",
    "extension_levels": "2",
    "report_day": "5",
    "check_word": "检查",
    "sealing_levels": "1",
}


@pytest.fixture
def clerk(as_):
    return as_("clerk")


def save(client, **otherwise):
    return client.post("/organisation/", data=AS_IT_IS | otherwise)


def rules(app, cast):
    with app.app_context():
        office = db.session.get_one(Organisation, cast.county)
        return office.review_levels, office.extension_levels, office.report_day, office.check_word


def words(answer) -> str:
    return " ".join(html.fromstring(answer.text).find(".//main").text_content().split())


def test_the_rules_are_shown_as_they_stand(clerk):
    page = html.fromstring(clerk.get("/organisation/").text)
    assert page.xpath("//input[@type='radio' and @checked]/@value") == ["1", "2", "检查", "1"]
    assert page.xpath("//input[@name='report_day']/@value") == ["5"]
    assert "政府督查工作条例" in page.text_content()


def test_every_change_is_an_event_in_words(app, cast, clerk):
    assert save(clerk, review_levels="3", check_word="督查").status_code == 302
    assert rules(app, cast) == (3, 2, 5, "督查")
    with app.app_context():
        last = events.history(cast.county, "organisation", cast.county)[-1]
    assert (last.before, last.after) == (
        {"review_levels": 1, "check_word": "检查"},
        {"review_levels": 3, "check_word": "督查"},
    )
    page = words(clerk.get("/organisation/"))
    assert "填报审核层级由“领导小组办公室”改为“单位负责人→领导小组办公室→分管领导”" in page


def test_nothing_changed_is_no_event(app, cast, clerk):
    assert save(clerk).status_code == 302
    with app.app_context():
        assert [one.act for one in events.history(cast.county, "organisation", cast.county)] == ["found"]


def test_the_day_of_reporting_moves_what_is_not_handed_in(app, cast, clerk):
    with app.app_context():
        submit(cast, content(), report_duty(cast))
    assert save(clerk, report_day="15").status_code == 302
    assert "条应办事项的截止日期随之调整" in words(clerk.get("/organisation/"))
    assert report_days(app, cast, 0) == [7]  # was handed in
    assert report_days(app, cast, 2) == [15]


def report_days(app, cast, item) -> list[int]:
    """Of the first quarter's report on the item, the day that stands."""
    conditions = (Duty.item_id == cast.items[item], Duty.kind == DutyKind.QUARTER_REPORT, Duty.quarter == Q1)
    of_unit = (Duty.unit_id == cast.units["县司法局"], Duty.cancelled_on.is_(None))
    with app.app_context():
        return [due.day for due in db.session.scalars(select(Duty.due).where(*conditions, *of_unit))]


@pytest.mark.parametrize(
    "wrong",
    [
        {"review_levels": "4"},
        {"review_levels": ""},
        {"extension_levels": "x"},
        {"report_day": "29"},
        {"report_day": ""},
        {"report_day": "五"},
        {"check_word": "督办"},
    ],
)
def test_what_no_office_can_mean_is_refused_with_all_that_was_typed(app, cast, clerk, wrong):
    answer = save(clerk, **({"report_day": "8"} | wrong))
    assert answer.status_code == 422
    page = html.fromstring(answer.text)
    assert page.xpath("//*[@class='error-summary']//a")
    assert page.xpath("//input[@name='report_day']/@value") == [wrong.get("report_day", "8")]
    assert rules(app, cast) == (1, 2, 5, "检查")


def test_who_comes_second_sees_what_stands_and_keeps_what_was_chosen(app, cast, clerk):
    save(clerk, review_levels="2")
    answer = save(clerk, report_day="8")
    assert answer.status_code == 409
    assert "办理规则在您打开之后已被修改" in answer.text
    assert "现行规则填报审核：单位负责人→领导小组办公室" in words(answer)
    page = html.fromstring(answer.text)
    assert page.xpath("//input[@name='report_day']/@value") == ["8"]
    assert page.xpath("//input[@name='seen']/@value") == ["2.2.5.检查.1"]
    assert rules(app, cast) == (2, 2, 5, "检查")


@pytest.mark.parametrize("seen", ["", "x", "1.2", "a.b.c.d", "1.2.5.检查.检查"])
def test_a_form_that_was_tampered_with_changes_nothing(app, cast, clerk, seen):
    assert save(clerk, seen=seen, report_day="8").status_code == 409
    assert rules(app, cast) == (1, 2, 5, "检查")


def test_it_warns_of_units_without_a_head_and_only_where_heads_are_asked(clerk):
    assert "没有负责人" not in words(clerk.get("/organisation/"))
    save(clerk, review_levels="2")
    page = words(clerk.get("/organisation/"))
    assert "东镇、西镇" in page
    assert "县司法局" not in page.split("没有负责人")[1].split("。")[0]


def test_it_warns_where_no_leader_is_left(app, cast, clerk):
    save(clerk, review_levels="3")
    assert "没有可以审定的领导" not in words(clerk.get("/organisation/"))
    with app.app_context(), transaction():
        accounts.set_active(cast.act("admin"), db.session.get_one(Person, cast.people["leader"]), active=False)
    assert "没有可以审定的领导" in words(clerk.get("/organisation/"))


def test_it_names_reports_that_wait_for_a_head_who_is_gone(app, cast, clerk):
    save(clerk, review_levels="2")
    with app.app_context():
        submit(cast, content(), report_duty(cast))
        with transaction():
            accounts.set_active(cast.act("admin"), db.session.get_one(Person, cast.people["colleague"]), active=False)
    assert "县司法局 1 项" in words(clerk.get("/organisation/"))


@pytest.mark.parametrize("login", ["leader", "inspector", "viewer", "admin", "handler", "colleague", "town"])
def test_only_the_office_sets_the_rules(app, cast, as_, login):
    client = as_(login)
    assert client.get("/organisation/").status_code == 403
    assert save(client, review_levels="3").status_code == 403
    assert rules(app, cast) == (1, 2, 5, "检查")


def test_another_office_sets_its_own(app, cast, as_):
    assert save(as_("stranger"), review_levels="3").status_code == 302
    assert rules(app, cast) == (1, 2, 5, "检查")
