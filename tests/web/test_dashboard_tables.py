import pytest

from tests.boards import main_of, numbers, rows_behind

PAGES = ("units", "units?silent=1", "sections", "heat", "quarters", "compare", "compare?by=units", "compare?by=plans")


def address(page, plan_id, query=""):
    return f"/dashboard/{page}{'&' if '?' in page else '?'}plan={plan_id}&quarter=2025Q2{query}"


@pytest.mark.parametrize("page", PAGES)
def test_every_number_leads_to_exactly_the_records_it_counts(as_, busy_plan, page):
    leader = as_("leader")
    told = set(numbers(leader.get(address(page, busy_plan))))
    assert len(told) > 2
    for number, where in sorted(told)[::3]:  # the screen's own test follows each of its numbers
        assert rows_behind(leader, where) == number, where


def test_the_pages_of_the_screen_lead_to_each_other_about_the_same(as_, busy_plan):
    page = main_of(as_("leader").get(address("heat", busy_plan, "&as_of=2025-07-06&group=1&unit_kind=town")))
    links = page.xpath(".//nav[@aria-label='领导看板']/a/@href")
    assert len(links) == 7
    for link in links:
        assert "as_of=2025-07-06" in link
        assert "group=1" in link
        assert "unit_kind=town" in link


@pytest.mark.parametrize("page", [*PAGES, "truths", "wall"])
def test_a_page_without_a_plan_says_what_to_do(as_, page):
    assert "还没有入账的计划" in as_("stranger").get(f"/dashboard/{page}").text


@pytest.mark.parametrize("page", [*PAGES, "truths", "wall", "figures.json", "figures.csv", "figures.xlsx"])
def test_a_unit_does_not_see_all_units_and_a_stranger_not_the_plan(as_, cast, page):
    assert as_("handler").get(f"/dashboard/{page}").status_code == 403
    assert as_("stranger").get(address(page, cast.plan)).status_code == 404


def test_the_units_of_each_kind_stand_apart_and_are_numbered(as_, busy_plan):
    page = main_of(as_("leader").get(address("units", busy_plan)))
    assert [head.text.strip() for head in page.iterfind(".//h2")] == ["部门", "乡镇（街道、园区）", "其他"]
    assert page.xpath("//section[@aria-labelledby='town']//tbody/tr/td[1]/text()") == ["1", "2"]


def test_a_cell_of_the_heat_map_says_what_it_shows_without_its_colour(as_, busy_plan):
    page = main_of(as_("leader").get(address("heat", busy_plan)))
    cells = page.xpath(".//td[contains(@class, 'heat-red')]")
    assert cells
    assert all(cell.text_content().split()[0].startswith("●逾期") for cell in cells)


def test_silent_units_are_told_with_the_day_of_their_last_move(as_, busy_plan):
    page = main_of(as_("leader").get(address("units?silent=1", busy_plan)))
    [row] = page.findall(".//tbody/tr")
    assert "气象站" in row.text_content()
    assert "2025年1月6日" in row.text_content()


# Three truths


def test_the_truths_are_told_item_by_item_and_narrowed_by_each(as_, busy_plan):
    leader = as_("leader")
    whole = main_of(leader.get(address("truths", busy_plan))).text_content()
    assert "共 60 项" in whole
    page = main_of(leader.get(address("truths", busy_plan, "&verified=fault&differs=1")))
    rows = [row.text_content() for row in page.findall(".//tbody/tr")]
    assert rows
    assert all("发现问题" in row and "▲ 不一致" in row for row in rows)


@pytest.mark.parametrize("query", ["reported=overdue", "verified=good", "calendar=%27"])
def test_a_truth_that_there_is_not_finds_nothing_or_is_refused_in_words(as_, busy_plan, query):
    answer = as_("leader").get(address("truths", busy_plan, f"&{query}"))
    assert answer.status_code in (200, 422)
    assert "没有符合条件的任务" in answer.text or "请从页面上选择" in answer.text


# Comparisons


def lines_of(page):
    return [" ".join(row.find("th").text_content().split()) for row in page.findall(".//tbody/tr")]


def test_a_quarter_stands_beside_the_last_and_the_same_of_last_year(as_, busy_plan):
    page = main_of(as_("leader").get(address("compare", busy_plan)))
    assert lines_of(page)[:3] == [
        "2025年第二季度 本季度",
        "2025年第一季度 上季度同期",
        "2024年第二季度 上年同期，名称相同的上年度计划",
    ]
    changes = page.xpath(".//table[2]") or page.findall(".//table")[1:]
    assert changes


def test_units_are_chosen_by_the_address_and_at_most_four(as_, cast, busy_plan):
    leader = as_("leader")
    ids = list(cast.units.values())[:4]
    two = f"&units={ids[0]}&units={ids[3]}&units={ids[0]}&units=x&units=99999999999999999999"
    assert lines_of(main_of(leader.get(address("compare?by=units", busy_plan, two)))) == [
        "县司法局 部门",
        "西镇 乡镇（街道、园区）",
    ]
    five = "".join(f"&units={number}" for number in range(1, 30))
    assert len(lines_of(main_of(leader.get(address("compare?by=units", busy_plan, five))))) == 4


def test_plans_of_the_same_year_stand_beside_each_other(as_, cast, busy_plan):
    leader = as_("leader")
    usual = lines_of(main_of(leader.get(address("compare?by=plans", busy_plan))))
    assert usual == ["2025年重点任务分工方案 当前计划", "2025年政务公开工作计划"]
    named = lines_of(main_of(leader.get(address("compare?by=plans", busy_plan, f"&plans={cast.plan}"))))
    assert named == ["2025年政务公开工作计划"]


def test_a_comparison_that_there_is_not_is_refused_in_words(as_, busy_plan):
    assert "请从页面上选择" in as_("leader").get(address("compare?by=moon", busy_plan)).text


# The wall


def test_the_wall_has_no_frame_and_says_when_it_is_from(as_, busy_plan):
    text = as_("leader").get(address("wall", busy_plan)).text
    assert "主导航" not in text
    assert "更新于 2025-07-20 12:00" in text
    assert '<noscript><meta http-equiv="refresh" content="60"></noscript>' in text
