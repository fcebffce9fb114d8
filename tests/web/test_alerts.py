from datetime import date

import pytest
from lxml import html
from sqlalchemy import select, update

from tests import reporting
from tests.conftest import TODAY, noon
from tests.pages import queries, text_of
from tracker import jobs
from tracker.ledger import alerts, plans
from tracker.ledger.db import db, transaction
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.findings import Finding
from tracker.ledger.tables.instructions import Instruction, InstructionShare
from tracker.rules.duties import DutyKind
from tracker.rules.findings import FindingSource, FindingState
from tracker.rules.quarters import Quarter

LATER = date(2025, 4, 20)


@pytest.fixture
def raised(app, cast, move_to):
    """The jobs of two days have run; it is the second."""
    with app.app_context():
        jobs.raise_alerts(TODAY)
        jobs.raise_alerts(LATER)
    move_to(LATER)


def rows(page: str) -> list[list[str]]:
    cells = (row.xpath("td") for row in html.fromstring(page).xpath("//tbody/tr"))
    return [[" ".join(cell.xpath("string(.)").split()) for cell in row] for row in cells]


def links(page: str) -> list[str]:
    return html.fromstring(page).xpath("//tbody/tr/td[last()]/a/@href")


def headings(page: str) -> str:
    return " ".join(html.fromstring(page).xpath("//h2/text()"))


def tab_number(page: str) -> str:
    """The one beside the page's own name; the menu around it carries the sum."""
    own = "//nav[@class='tabs']//a[contains(@href, '/alerts/')]//*[@class='tab-number']/text()"
    return "".join(html.fromstring(page).xpath(own))


def test_the_office_sees_every_alert_with_sign_word_unit_item_and_day(raised, as_):
    page = as_("clerk").get("/alerts/").text
    assert headings(page) == "已逾期 1 项 季度未填报 7 项 长期未动 4 项"
    assert rows(page)[1] == [
        "▲ 黄 未填报 13 天 新",
        "县司法局",
        "1. 预公开重大行政决策草案",
        "2025年第一季度填报",
        "2025年4月7日",
        "",
    ]
    assert rows(page)[8][:3] == ["▲ 黄 104 天未填报 新", "县司法局", "本单位各项任务"]
    assert len(rows(page)) == 12


def test_before_the_day_it_is_yellow(app, cast, as_):
    with app.app_context():
        jobs.raise_alerts(TODAY)
    page = as_("clerk").get("/alerts/?audience=unit&kind=due_soon").text
    assert "即将到期 8 项" in page
    assert rows(page)[0][0] == "▲ 黄 4 天后到期 新"


def test_a_unit_sees_its_own_alone_and_is_led_to_the_forms(app, cast, raised, as_):
    page = as_("handler").get("/alerts/").text
    assert {row[1] for row in rows(page)} == {"县司法局"}
    with app.app_context():
        own = select(Duty.id).where(Duty.kind == DutyKind.QUARTER_REPORT, Duty.unit_id == cast.units["县司法局"])
        first, second = db.session.scalars(own.where(Duty.quarter == Quarter(2025, 1)).order_by(Duty.id))
        due = (
            Duty.kind == DutyKind.RECURRING,
            Duty.unit_id == cast.units["县司法局"],
            Duty.quarter == Quarter(2025, 1),
        )
        recurring = db.session.scalars(select(Duty.id).where(*due)).one()
    reports = [f"/reports/{first}", f"/reports/{second}", "/reports/"]
    assert sorted(links(page)) == sorted([*reports, f"/duties/{recurring}"])
    assert "定期事项：每季度" in page
    for address in links(page):
        assert as_("handler").get(address, follow_redirects=True).status_code == 200


@pytest.mark.parametrize("login", ["clerk", "leader", "inspector"])
def test_those_who_do_not_report_are_led_to_no_form(raised, as_, login):
    assert links(as_(login).get("/alerts/").text) == []


def test_every_item_of_the_list_opens(raised, as_):
    town = as_("town")
    addresses = html.fromstring(town.get("/alerts/").text).xpath("//td[@class='task']/a/@href")
    assert len(addresses) == 2
    for address in addresses:
        assert town.get(address).status_code == 200


def test_the_tab_counts_what_the_page_lists(app, cast, raised, as_):
    for login in ("clerk", "handler", "town"):
        page = as_(login).get("/alerts/").text
        assert tab_number(page) == f"{len(rows(page))}"
    assert tab_number(as_("stranger").get("/alerts/").text) == tab_number(as_("leader").get("/alerts/").text) == ""
    assert tab_number(as_("viewer").get("/items/").text) == ""


def test_a_kind_and_a_unit_narrow_the_list(app, cast, raised, as_):
    clerk = as_("clerk")
    assert len(rows(clerk.get("/alerts/?kind=report_missing").text)) == 7
    assert rows(clerk.get("/alerts/?kind=due_soon").text) == []
    narrowed = clerk.get(f"/alerts/?unit={cast.units['东镇']}").text
    assert {row[1] for row in rows(narrowed)} == {"东镇"}
    assert clerk.get("/alerts/?kind=else").status_code == 422
    assert clerk.get(f"/alerts/?unit={cast.units['邻县司法局']}").status_code == 404
    assert as_("handler").get(f"/alerts/?unit={cast.units['东镇']}").status_code == 404


def test_the_list_is_shown_as_of_any_day_that_has_been(raised, as_):
    page = as_("clerk").get(f"/alerts/?as_of={TODAY}&audience=unit").text
    assert "即将到期 8 项" in page
    assert f"as_of={TODAY}" in page
    assert as_("clerk").get("/alerts/?as_of=2025-04-21").status_code == 422
    assert as_("clerk").get("/alerts/?as_of=0001-01-01").status_code == 200


def test_what_the_job_has_still_to_raise_is_said(as_, app):
    page = as_("clerk").get("/alerts/?audience=unit").text
    assert "另有 8 项已到预警期限，尚未发出预警；系统每天 6 时自动发出" in text_of(page)
    assert "没有已发出的预警" in page
    waiting = as_("clerk").get("/alerts/?audience=unit&waiting=1").text
    assert len(rows(waiting)) == 8
    assert "以下 8 项已到预警期限，尚未发出预警" in text_of(waiting)
    assert "新" not in {mark.text for mark in html.fromstring(waiting).find_class("new-mark")}


def test_a_day_on_which_the_job_had_not_run_says_so(app, cast, raised, as_):
    page = as_("clerk").get("/alerts/?as_of=2025-04-02&audience=unit").text
    assert "另有 8 项已到预警期限，当日尚未发出预警。" in text_of(page)
    assert rows(page) == []


def test_fifty_stand_on_a_page(app, cast, raised, as_):
    with app.app_context(), transaction():
        plan = plans.plan_of(cast.county, cast.plan)
        one = plans.items_of(plan)[2]
        leads = [(who.unit, True, "", who.origin) for who in one.responsibilities]
        more = [plans.ItemFacts(section=["更多"], task=f"任务{number}", responsible=leads) for number in range(60)]
        plans.register(cast.act(on=LATER), plans.PlanFacts("另一计划", "", 2025), more)
        alerts.raise_alerts(cast.county, LATER)
    clerk = as_("clerk")
    first, second = clerk.get("/alerts/").text, clerk.get("/alerts/?page=2").text
    assert (len(rows(first)), len(rows(second))) == (50, 22)
    assert "季度未填报 67 项" in first
    assert "第 1 页，共 2 页" in first
    assert "2025年 另一计划" in second
    assert rows(clerk.get("/alerts/?page=99").text) == rows(second)


def test_a_page_of_alerts_takes_a_fixed_number_of_queries(app, cast, raised, as_):
    clerk = as_("clerk")
    with app.app_context(), transaction():
        kept = db.session.scalars(select(Duty.id).where(Duty.quarter == Quarter(2025, 1))).first()
        db.session.execute(update(Duty).where(Duty.id != kept).values(answer_by=date(2025, 12, 1)))
    few = queries(app, clerk, "/alerts/")
    with app.app_context(), transaction():
        db.session.execute(update(Duty).values(answer_by=date(2025, 4, 7)))
        alerts.raise_alerts(cast.county, LATER)
    assert queries(app, clerk, "/alerts/") == few


def test_the_tab_and_the_bell_together_look_for_matters_once(app, raised, as_):
    leader = as_("leader")
    with app.app_context(), reporting.queries() as asked:
        leader.get("/password")
    assert len([each for each in asked if "AS matter" in each]) == 1


def test_the_office_sees_what_it_is_told_and_on_demand_what_the_units_were(app, cast, as_):
    with app.app_context():
        jobs.raise_alerts(TODAY)
    clerk = as_("clerk")
    assert "没有已发出的预警" in clerk.get("/alerts/").text
    assert "即将到期" not in headings(clerk.get("/alerts/").text)
    assert "即将到期 8 项" in headings(clerk.get("/alerts/?audience=unit").text)
    assert as_("handler").get("/alerts/?audience=office").status_code == 422
    assert clerk.get("/alerts/?audience=else").status_code == 422


def test_a_leader_hears_from_the_fifteenth_day_on(app, as_, move_to):
    with app.app_context():
        jobs.raise_alerts(LATER)
        jobs.raise_alerts(date(2025, 4, 22))
    move_to(LATER)
    assert rows(as_("leader").get("/alerts/").text) == []
    move_to(date(2025, 4, 22))
    page = as_("leader").get("/alerts/").text
    assert len(rows(page)) == 8
    assert tab_number(page) == "8"
    assert as_("leader").get("/alerts/?audience=unit").status_code == 200


def bell(page: str) -> str:
    return " ".join(html.fromstring(page).xpath("string(//a[@class='bell'])").split())


def test_the_bell_counts_what_is_new_until_it_is_marked_as_read(raised, as_):
    handler = as_("handler")
    page = handler.get("/alerts/").text
    assert bell(page) == "提醒 4 条未读"
    assert page.count("new-mark") == 4
    assert handler.get("/alerts/read").status_code == 405
    page = handler.post("/alerts/read", follow_redirects=True).text
    assert (bell(page), page.count("new-mark"), len(rows(page))) == ("提醒", 0, 4)
    assert bell(as_("colleague").get("/alerts/").text) == "提醒 4 条未读"


def test_a_step_further_makes_it_new_again(app, raised, as_, move_to):
    as_("handler").post("/alerts/read")
    with app.app_context():
        jobs.raise_alerts(date(2025, 4, 22))
    move_to(date(2025, 4, 22))
    assert bell(as_("handler").get("/alerts/").text) == "提醒 3 条未读"


def test_who_sees_no_alerts_has_no_bell(as_):
    assert bell(as_("admin").get("/people/").text) == ""
    assert as_("admin").post("/alerts/read").status_code == 403


def test_an_instruction_and_a_rectification_lead_to_their_pages(app, cast, as_, move_to):
    day = date(2025, 4, 11)
    with app.app_context(), transaction():
        given = Instruction(
            organisation_id=cast.county, text="请加快办理。", about="县司法局", address="/", key="a",
            due=date(2025, 4, 10), made_on=TODAY, made_at=noon(TODAY),
        )  # fmt: skip
        given.shares.append(InstructionShare(unit_id=cast.units["县司法局"]))
        found = Finding(
            organisation_id=cast.county, unit_id=cast.units["县司法局"], quarter=Quarter(2025, 1),
            problem="目录未更新。", source=FindingSource.INSPECTION, criterion="", kind="", basis="", demand="",
            due=date(2025, 4, 10), year=2025, state=FindingState.NOTIFIED, found_on=TODAY, notified_on=TODAY,
        )  # fmt: skip
        db.session.add_all([given, found])
        db.session.flush()
        alerts.raise_alerts(cast.county, day)
        pages = {f"/instructions/{given.id}", f"/findings/{found.id}"}
    move_to(day)
    for login in ("handler", "clerk"):
        page = as_(login).get("/alerts/").text
        assert pages == set(html.fromstring(page).xpath("//td[@data-label='应办']/a/@href"))
        assert [as_(login).get(address).status_code for address in pages] == [200, 200]
