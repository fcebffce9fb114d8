import json
import re
from datetime import date

import pytest

from tests import boards, reporting
from tests.boards import main_of, numbers, rows_behind
from tests.closing import seal


@pytest.mark.parametrize("query", ["quarter=2025Q2", "quarter=2025Q2&as_of=2025-07-06", "quarter=2025Q1"])
def test_every_number_leads_to_exactly_the_records_it_counts(as_, busy_plan, query):
    leader = as_("leader")
    told = set(numbers(leader.get(f"/dashboard?plan={busy_plan}&{query}")))
    assert len(told) > 50
    for number, address in told:
        assert rows_behind(leader, address) == number, address


@pytest.mark.parametrize("page", ["dashboard?", "dashboard/quarters?", "dashboard/compare?by=plans&"])
@pytest.mark.parametrize("quarter", ["2025Q1", "2025Q2"])
def test_so_they_do_beside_a_sealed_quarter_whose_own_pages_are_of_the_day_of_its_seal(
    app, as_, cast, busy_plan, page, quarter
):
    with app.app_context():
        seal(cast, on=date(2025, 4, 25), plan_id=busy_plan)
    leader = as_("leader")
    told = set(numbers(leader.get(f"/{page}plan={busy_plan}&quarter={quarter}")))
    assert len(told) > 5
    for number, address in told:
        assert rows_behind(leader, address) == number, address


def test_the_busy_plan_has_something_of_every_kind_of_number(as_, busy_plan):
    """Else the test above would check less than it says."""
    addresses = [address for _, address in numbers(as_("leader").get(f"/dashboard?plan={busy_plan}&quarter=2025Q2"))]
    kinds = ("standing=overdue", "late=1", "part=support", "risk=1", "silent=1", "differs=1", "verified=", "calendar=")
    more = ("dates=on_time", "/items/duties?", "quarter=2025Q1", "section=", "reported=unreported")
    assert [kind for kind in (*kinds, *more) if not any(kind in address for address in addresses)] == []


def test_narrowed_to_a_group_a_kind_and_a_section_the_numbers_still_lead_to_what_they_count(as_, busy_plan):
    leader = as_("leader")
    for narrowed in ("group=1", "unit_kind=town", "unit_kind=town&group=1&section=板块三%26“重点”"):
        told = set(numbers(leader.get(f"/dashboard?plan={busy_plan}&quarter=2025Q2&{narrowed}")))
        assert len(told) > 15
        for number, address in told:
            assert rows_behind(leader, address) == number, address


def test_every_part_of_the_chart_leads_to_the_records_it_counts(as_, busy_plan):
    leader = as_("leader")
    page = main_of(leader.get(f"/dashboard?plan={busy_plan}&quarter=2025Q2"))
    [chart] = [holder.get("data-figure") for holder in page.iterfind(".//div[@data-figure]")]
    for bar in json.loads(chart)["data"]:
        for number, address in zip(bar["y"], bar["customdata"], strict=True):
            if number:
                assert rows_behind(leader, address) == number


def test_the_figures_are_drawn_before_any_script(as_, busy_plan):
    page = main_of(as_("leader").get(f"/dashboard?plan={busy_plan}&quarter=2025Q2"))
    assert len(page.xpath(".//svg[@class='still']/rect")) > 5
    assert page.xpath(".//svg[@class='strip']/rect")


def test_what_needs_attention_is_overdue_work_before_missing_reports_the_longest_first(as_, busy_plan):
    page = main_of(as_("leader").get(f"/dashboard?plan={busy_plan}&quarter=2025Q2"))
    rows = [row.text_content() for row in page.xpath(".//table[@class='list attention']/tbody/tr")]
    assert [bool(re.search(r"● 红 逾期 20 天", row)) for row in rows] == [True] * 5
    early = main_of(as_("leader").get(f"/dashboard?plan={busy_plan}&quarter=2025Q1&as_of=2025-06-30"))
    text = early.xpath("string(.//table[@class='list attention'])")
    days = [int(told) for told in re.findall(r"▲ 黄 未填报 (\d+) 天", text)]
    assert days == [84] * 5


def test_the_page_answers_at_exactly_its_address(as_):
    assert as_("leader").get("/dashboard").status_code == 200


def test_the_page_shows_the_day_that_is_asked_for(as_, busy_plan):
    leader = as_("leader")
    before = leader.get(f"/dashboard?plan={busy_plan}&quarter=2025Q1&as_of=2025-04-01").text
    after = leader.get(f"/dashboard?plan={busy_plan}&quarter=2025Q1&as_of=2025-04-20").text
    assert "没有逾期事项" in before
    assert "没有逾期事项" not in after
    assert "截至2025年4月20日" in after
    assert "as_of=2025-04-20" in after


def test_a_quarter_is_compared_with_the_one_before_at_the_same_moment(as_, busy_plan):
    page = main_of(as_("leader").get(f"/dashboard?plan={busy_plan}&quarter=2025Q2"))
    assert re.search(r"较上季度同期[多少] \d+ 项逾期", page.text_content())
    assert "quarter=2025Q1&as_of=2025-04-20" in page.xpath("string(.//a[text()='上季度同期']/@href)")
    first = main_of(as_("leader").get(f"/dashboard?plan={busy_plan}&quarter=2025Q1")).text_content()
    assert "较上季度" not in first


def test_a_quarter_that_has_not_begun_says_so(as_, cast):
    text = as_("leader").get(f"/dashboard?plan={cast.plan}&quarter=2025Q3").text
    assert "2025年第三季度尚未开始" in text


@pytest.mark.parametrize(
    ("as_of", "sentence"),
    [
        ("2025-02-30", "日期“2025-02-30”不存在"),
        ("2025-04-04", "截至日期2025年4月4日尚未到来，无法统计。请选择2025年4月3日或更早的日期。"),
        ("9999-12-31", "尚未到来"),
    ],
)
def test_a_date_that_cannot_be_is_refused_in_words(as_, as_of, sentence):
    answer = as_("leader").get(f"/dashboard?as_of={as_of}")
    assert answer.status_code == 422
    assert sentence in answer.text


def test_the_first_day_of_all_is_no_fault(as_):
    assert as_("leader").get("/dashboard?as_of=0001-01-01").status_code == 200


def test_without_a_plan_the_page_says_what_to_do(as_):
    page = as_("stranger").get("/dashboard").text
    assert "还没有入账的计划" in page
    assert "data-figure" not in page
    assert "plotly" not in page


def test_a_plan_without_reports_has_a_page(as_, cast):
    text = main_of(as_("leader").get(f"/dashboard?plan={cast.plan}&quarter=2025Q2&as_of=2025-04-01")).text_content()
    assert "共 3 项任务，其中 3 项待填报。" in text


def test_a_strangers_plan_is_not_found(as_, cast):
    assert as_("stranger").get(f"/dashboard?plan={cast.plan}").status_code == 404


def test_a_unit_does_not_see_all_units_side_by_side(as_):
    assert as_("handler").get("/dashboard").status_code == 403


def test_styles_are_allowed_on_this_page_alone(as_):
    leader = as_("leader")
    board = leader.get("/dashboard").headers["Content-Security-Policy"]
    other = leader.get("/items/").headers["Content-Security-Policy"]
    assert "style-src 'self' 'unsafe-inline'" in board
    assert board.replace("; style-src 'self' 'unsafe-inline'", "") == other
    assert "unsafe" not in other


def test_the_charts_script_comes_from_here_and_is_kept_by_the_browser(as_):
    leader = as_("leader")
    [address] = re.findall(r'src="([^"]*plotly[^"]*)"', leader.get("/dashboard").text)
    answer = leader.get(address)
    assert answer.mimetype == "text/javascript"
    assert answer.cache_control.max_age > 30 * 24 * 3600
    again = leader.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("address", ["/dashboard", "/items/"])
def test_more_items_ask_no_more_of_the_database(app, as_, cast, address):
    with app.app_context():
        few, many = boards.add_plan(cast, 3), boards.add_plan(cast, 30, "另一个计划")
    asked = {}
    for plan_id in (few, many):
        leader = as_("leader")
        with app.app_context(), reporting.queries() as queries:
            assert leader.get(f"{address}?plan={plan_id}&quarter=2025Q1").status_code == 200
        asked[plan_id] = len(queries)
    assert asked[few] == asked[many] <= 40  # it notes who looked, asks what lights look at, and whether it is sealed
