import re
from dataclasses import replace
from datetime import date

import pytest
from lxml import html

from tests.boards import main_of, rows_behind
from tests.closing import seal
from tests.conftest import TODAY
from tests.pages import queries, text_of
from tests.reporting import content, report_duty, submit
from tracker import jobs
from tracker.ledger import imports, plans
from tracker.ledger.db import db, transaction
from tracker.ledger.tables.organisations import Organisation
from tracker.reading.plan import ParsedPlan, ReadItem

LATER = date(2025, 4, 20)


def figures(page: str) -> dict[str, tuple[str, str]]:
    """Each figure of the desk with the address to which it leads."""
    found = {}
    for each in html.fromstring(page).xpath("//dl[@class='desk']/div"):
        address = each.xpath("string(.//*[contains(@class, 'figure')]//a/@href)")
        found[each.xpath("string(dt)")] = (each.xpath("string(.//*[contains(@class, 'figure')])"), address)
    return found


def silent(page: str) -> dict[str, list[str]]:
    rows = html.fromstring(page).xpath("//table//tbody/tr")
    return {row.xpath("string(th)"): [cell.xpath("string(.)").strip(" ●") for cell in row.xpath("td")] for row in rows}


@pytest.mark.parametrize(
    ("login", "address"),
    [
        ("leader", "/dashboard"),
        ("viewer", "/dashboard"),
        ("handler", "/reports/"),
        ("admin", "/people/"),
    ],
)
def test_everybody_is_led_to_their_own_first_page(as_, login, address):
    assert as_(login).get("/").headers["Location"].rstrip("/") == address.rstrip("/")


@pytest.mark.parametrize("login", ["leader", "handler", "admin", "clerk", "inspector", "colleague"])
def test_one_tab_is_marked_on_everybodys_first_page(as_, login):
    page = as_(login).get("/", follow_redirects=True).text
    tabs = html.fromstring(page).xpath("//nav[@class='tabs']//a")
    assert [tab.get("aria-current") for tab in tabs].count("page") == 1


def test_the_choice_of_plans_names_the_year_once(as_, cast):
    options = html.fromstring(as_("clerk").get("/items/").text).xpath("//select[@name='plan']/option/text()")
    assert options
    assert all(option.count("2025年") == 1 for option in options)


def test_the_clerk_begins_with_what_is_stuck(as_):
    page = as_("clerk").get("/").text
    assert "2025年第一季度填报截止2025年4月7日" not in page  # today lies in the second quarter
    page = as_("clerk").get("/?quarter=2025Q1").text
    assert "2025年第一季度填报截止2025年4月7日，还有 4 天" in text_of(page)
    assert figures(page) == {
        "待审核": ("0", ""),
        "待核实整改": ("0", ""),
        "待检查": ("0", ""),
        "未报单位": ("4", "#silent"),
        "逾期事项": ("0", ""),
        "导入草稿": ("0", ""),
    }
    assert silent(page)["东镇"] == ["2", "0", "2"]


def test_every_number_leads_to_what_it_counts(app, cast, as_, move_to):
    with app.app_context():
        jobs.raise_alerts(LATER)
    move_to(LATER)
    clerk = as_("clerk")
    page = clerk.get("/?quarter=2025Q1").text
    number, address = figures(page)["逾期事项"]
    assert number == "1"
    assert clerk.get(address).text.count('class="task"') == 1
    [missing] = html.fromstring(page).xpath("//dd//a[contains(., '份季度填报逾期未交')]")
    assert missing.text == "7 份季度填报逾期未交"
    assert clerk.get(missing.get("href")).text.count('class="task"') == 7
    for row in html.fromstring(page).xpath("//table//tbody/tr"):
        for link in row.xpath("td//a"):
            listed = html.fromstring(clerk.get(link.get("href")).text).xpath("//main//table/tbody/tr")
            assert len(listed) == int(link.text), link.get("href")


def test_a_report_handed_in_waits_on_the_desk(app, cast, as_):
    with app.app_context():
        submit(cast, content(), report_duty(cast))
    page = as_("clerk").get("/").text
    assert figures(page)["待审核"] == ("1", "/reviews/")


def test_a_draft_lies_on_the_desk_with_its_doubts(app, cast, as_):
    with app.app_context(), transaction():
        item = ReadItem("", (), "任务", None, "任务", 1, 1, ())
        imports.open_draft(cast.act(), ParsedPlan("草稿", None, 2025, "任务", (item,)), "草稿")
    page = as_("clerk").get("/").text
    assert figures(page)["导入草稿"] == ("1", "/imports/")
    assert "存疑 0 处，未核对 1 项" in page


@pytest.mark.parametrize(
    ("day", "sentence"),
    [(date(2025, 4, 7), "今天截止"), (date(2025, 4, 8), "已过 1 天")],
)
def test_the_deadline_comes_and_passes(as_, move_to, day, sentence):
    move_to(day)
    page = as_("clerk").get("/?quarter=2025Q1").text
    assert sentence in text_of(page)


def test_an_office_without_a_plan_is_told_to_import_one(as_):
    page = as_("stranger").get("/").text
    assert "还没有入账的计划" in page
    assert 'href="/imports/"' in page
    assert "未报单位" not in page


def test_an_office_with_a_first_draft_is_led_back_to_it(app, cast, as_):
    item = ReadItem("", (), "任务", None, "任务", 1, 1, ())
    with app.app_context(), transaction():
        by = replace(cast.act(), organisation_id=cast.neighbour)
        imports.open_draft(by, ParsedPlan("草稿", None, 2025, "任务", (item,)), "草稿")
    assert "继续核对草稿" in as_("stranger").get("/").text


def test_alerts_not_yet_raised_are_not_passed_over(as_):
    assert "8 项尚未发出预警" in as_("clerk").get("/").text


def test_the_desk_as_of_an_earlier_day_leads_to_that_day(app, as_, move_to):
    with app.app_context():
        jobs.raise_alerts(LATER)
    move_to(date(2025, 5, 1))
    page = as_("clerk").get(f"/?as_of={LATER}").text
    assert figures(page)["逾期事项"][1] == f"/alerts/?kind=overdue&as_of={LATER}"
    assert as_("clerk").get("/?as_of=2025-05-02").status_code == 422


def test_the_desk_takes_a_fixed_number_of_queries(app, cast, as_):
    clerk = as_("clerk")
    clerk.get("/")
    few = queries(app, clerk, "/?quarter=2025Q1")
    with app.app_context(), transaction():
        plan = plans.plan_of(cast.county, cast.plan)
        leads = [(who.unit, True, "", who.origin) for item in plans.items_of(plan) for who in item.responsibilities]
        leads = [lead for lead in leads if lead[0]]
        more = [plans.ItemFacts(section=["更多"], task=f"任务{n}", responsible=leads) for n in range(40)]
        bigger = plans.register(cast.act(), plans.PlanFacts("更大的计划", "", 2025), more)
        items = tuple(ReadItem("", (), f"任务{n}", None, "任务", 1, 1, ()) for n in range(40))
        imports.open_draft(cast.act(), ParsedPlan("草稿", None, 2025, "任务", items), "草稿")
        address = f"/?plan={bigger.id}&quarter=2025Q1"
    assert queries(app, clerk, address) <= few + 1  # the draft's items


def test_the_deadline_follows_the_offices_own_day(app, cast, as_):
    with app.app_context(), transaction():
        db.session.get_one(Organisation, cast.county).report_day = 10
    page = as_("clerk").get("/?quarter=2025Q1").text
    assert f"还有 {(date(2025, 4, 10) - TODAY).days} 天" in text_of(page)


def test_the_numbers_of_a_sealed_quarter_are_todays_and_lead_to_as_many_records(app, as_, cast, busy_plan):
    """The lists themselves are of the day of the seal, before which less had come in."""
    with app.app_context():
        seal(cast, on=date(2025, 4, 25), as_of=date(2025, 4, 5), plan_id=busy_plan)
    clerk = as_("clerk")
    links = main_of(clerk.get(f"/?plan={busy_plan}&quarter=2025Q1")).xpath(".//a[contains(@class, 'count')]")
    told = [(int(re.sub(r"\D", "", link.text_content())), link.get("href")) for link in links]
    told = [(number, where) for number, where in told if where.startswith(("/items/?", "/collection/?"))]
    assert len(told) > 5
    for number, where in told:
        assert rows_behind(clerk, where) == number, where
