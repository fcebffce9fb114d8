import re

import pytest

from tests import boards, inspecting
from tests.boards import main_of, rows_behind

QUERY = "quarter=2025Q2"


def counted(page, where):
    """The numbers of a part of the page with their addresses."""
    links = main_of(page).xpath(f"{where}//a")
    return [(int(told[0]), link.get("href")) for link in links if (told := re.findall(r"\d+", link.text_content()))]


def test_every_number_of_the_quarters_course_leads_to_what_it_counts(as_, busy_plan):
    clerk = as_("clerk")
    page = clerk.get(f"/?plan={busy_plan}&{QUERY}")
    bar, dates = counted(page, "//*[@class='quarter-progress']"), counted(page, "//ol[@class='weeks']")
    assert len(bar) == 5
    assert dates
    assert bar[0][0] == sum(number for number, _ in bar[1:])
    missing = counted(page, "//table[contains(@class, 'silent')]//td[1]")
    for number, address in [*bar, *dates, *missing]:
        assert rows_behind(clerk, address) == number, address


def test_a_unit_reads_how_far_its_own_reports_have_come(as_, cast, busy_plan):
    handler = as_("handler")
    page = main_of(handler.get(f"/collection/?plan={busy_plan}&{QUERY}"))
    units = {row.findall("td")[0].text for row in page.findall(".//tbody/tr")}
    assert units == {"县司法局"}
    other = cast.units["东镇"]
    assert rows_behind(handler, f"/collection/?plan={busy_plan}&{QUERY}&unit={other}") == 0


def test_a_state_that_there_is_not_is_refused_in_words(as_, busy_plan):
    answer = as_("clerk").get(f"/collection/?plan={busy_plan}&state=lost")
    assert answer.status_code == 422
    assert "请从页面上选择" in answer.text


@pytest.mark.parametrize("login", ["clerk", "handler"])
def test_without_a_plan_there_is_nothing_to_collect(as_, login):
    assert "还没有" in as_("stranger" if login == "clerk" else "strange_handler").get("/collection/").text


# The unit head's page


def test_the_head_sees_the_own_units_lights_beside_the_middle_of_the_others(as_, busy_plan):
    head = as_("colleague")
    page = head.get(f"/?plan={busy_plan}&{QUERY}")
    text = main_of(page).text_content()
    assert "县司法局亮灯情况" in text
    assert "其他单位" in text
    assert "个百分点" in text
    lights = counted(page, "//table[contains(@class, 'lights-beside')]")
    assert len(lights) > 2
    for number, address in [*lights, *counted(page, "//section/h2"), *counted(page, "//dl[@class='desk']")]:
        assert rows_behind(head, address) == number, address


def test_of_few_others_the_middle_is_not_told(app, as_, cast):
    with app.app_context():
        plan_id = boards.add_plan(cast, 1)
    text = main_of(as_("colleague").get(f"/?plan={plan_id}&quarter=2025Q1")).text_content()
    assert "其他单位不足三个，不作比较" in text
    assert "个百分点" not in text


def test_a_head_without_a_plan_is_told_what_comes(as_, cast, app):
    text = as_("colleague").get(f"/?plan={cast.plan}&quarter=2025Q1&as_of=2025-01-01").text
    assert "本单位" in text


# What is to be checked


def test_the_clerk_sees_which_units_an_inspection_has_still_to_check(app, as_, cast):
    with app.app_context():
        made = inspecting.notified(cast, ["县司法局", "东镇"])
        inspecting.facts_sent(cast, made)
        quarter, plan_id = made.quarter, made.plan_id
    page = main_of(as_("clerk").get(f"/?plan={plan_id}&quarter={quarter}"))
    assert page.xpath("string(//dt[text()='待检查']/following-sibling::dd[@class='figure'])") == "1"
    assert page.xpath("//ul[@class='to-check']/li/a/text()") == ["东镇"]
