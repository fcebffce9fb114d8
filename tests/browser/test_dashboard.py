"""The leading group's page in a real browser: one screen, a telephone, a wall, a sheet of paper."""

import gzip
import io
import re
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from tests import boards
from tests.browser.conftest import sign_in
from tests.closing import seal
from tests.conftest import Cast
from tracker.ledger import plans, units
from tracker.ledger.db import db, transaction
from tracker.ledger.tables.plans import Origin
from tracker.ledger.tables.units import Unit, UnitKind

SIZES = {"desk": (1366, 768), "telephone": (390, 844), "wall": (1920, 1080)}
MOST_BYTES = 250_000  # compressed, before the charts' script


@pytest.fixture
def board(page: Page, base_url: str, faults: list[str]) -> Page:
    sign_in(page, base_url, "leader")
    page.goto(f"{base_url}/dashboard?quarter=2025Q1")
    expect(page.locator(".trend.drawn .main-svg:first-child")).to_have_count(1)
    return page


@pytest.fixture
def busy_board(page: Page, busy_plan: int, base_url: str) -> Page:
    sign_in(page, base_url, "leader")
    page.goto(f"{base_url}/dashboard?plan={busy_plan}&quarter=2025Q2")
    expect(page.locator(".trend.drawn")).to_have_count(1)
    return page


def fit(page: Page) -> tuple[int, int]:
    """By how much the page is wider and higher than its window."""
    width, height = page.evaluate(
        "() => [document.documentElement.scrollWidth - innerWidth, document.documentElement.scrollHeight - innerHeight]"
    )
    return width, height


def plan_of_many(cast: Cast, many: int) -> int:
    """So many units of three kinds with long names, twelve sections with long ones, and everything late in places."""
    kinds = (UnitKind.DEPARTMENT, UnitKind.TOWN, UnitKind.SECTION)
    with transaction():
        by = cast.act(on=date(2025, 1, 6))
        for number in range(many - 5):
            units.add_unit(by, f"示例县经济技术开发区管理委员会第{number + 1}办公室", kinds[number % 3])
        known = db.session.scalars(db.select(Unit).where(Unit.organisation_id == cast.county)).all()
        facts = [
            plans.ItemFacts(
                section=[f"第{turn % 12 + 1}部分：全面推进基层政务公开标准化规范化工作提升服务水平"],
                number=f"{turn + 1}.",
                task=f"持续深化重点领域信息公开、优化办事流程并建立长效机制，做好第{turn + 1}项工作，按期报送。",
                deadlines=[("6月底前", boards.END_OF_JUNE, Origin.DOCUMENT)] if turn % 4 == 0 else [],
                responsible=[
                    (known[turn % many], True, "", Origin.DOCUMENT),
                    *((known[(turn + step) % many], False, "", Origin.DOCUMENT) for step in (1, 2)),
                ],
            )
            for turn in range(2 * many)
        ]
        title = "2025年示例县人民政府全面深化政务公开和优化营商环境重点任务分解表"
        return plans.register(by, plans.PlanFacts(title, "示例县", 2025), facts).id


@pytest.mark.parametrize("many", [11, 60])
def test_the_leaders_page_is_one_screen_however_many_units_there_are(
    app: Flask, cast: Cast, page: Page, busy_plan: int, base_url: str, faults: list[str], many: int
):
    with app.app_context():
        plan_id = plan_of_many(cast, many)
        with transaction():
            boards.report_some(cast, plan_id, every=7)
    sign_in(page, base_url, "leader")
    page.goto(f"{base_url}/dashboard?plan={plan_id}&quarter=2025Q2")
    expect(page.locator(".trend.drawn")).to_have_count(1)
    assert fit(page) == (0, 0)
    shown = page.locator(".ranking tbody tr:not(.kind)")
    assert shown.count() >= 6
    expect(shown.last).to_be_in_viewport(ratio=1)
    assert faults == []


@pytest.mark.parametrize("address", ["quarter=2025Q1", "quarter=2025Q1&as_of=2025-07-20"])
def test_a_sealed_quarter_fits_the_screen_with_the_line_about_its_seal(
    app: Flask, cast: Cast, page: Page, busy_plan: int, base_url: str, address: str
):
    with app.app_context():
        plan_id = plan_of_many(cast, 200)
        with transaction():
            boards.report_some(cast, plan_id, every=7)
        seal(cast, on=date(2025, 4, 25), plan_id=plan_id)
    sign_in(page, base_url, "leader")
    page.goto(f"{base_url}/dashboard?plan={plan_id}&{address}")
    expect(page.locator(".trend.drawn")).to_have_count(1)
    expect(page.get_by_text("已封存（第1版")).to_be_visible()
    assert fit(page) == (0, 0)


def test_three_sizes_have_their_pictures_and_nothing_is_wider_than_its_window(
    browser: Browser, busy_plan: int, base_url: str, tmp_path: Path
):
    for name, (width, height) in SIZES.items():
        context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
        page = context.new_page()
        sign_in(page, base_url, "leader")
        place = "/wall" if name == "wall" else ""
        page.goto(f"{base_url}/dashboard{place}?plan={busy_plan}&quarter=2025Q2")
        expect(page.locator(".trend.drawn")).to_have_count(1)
        wide, high = fit(page)
        assert wide == 0, name
        assert high == 0 or name == "telephone", name
        page.screenshot(path=tmp_path / f"{name}.png", full_page=True)
        context.close()


def test_the_screen_is_printed_on_one_sheet(busy_board: Page):
    paper = PdfReader(io.BytesIO(busy_board.pdf(prefer_css_page_size=True)))
    [sheet] = paper.pages
    assert round(float(sheet.mediabox.width)) == 842  # points: A4, turned
    words = unicodedata.normalize("NFKC", sheet.extract_text())
    for word in ("需要关注", "四个季度", "三个口径", "各单位情况", "气象站"):
        assert word in words


def test_what_the_page_loads_before_the_charts_is_small(busy_board: Page):
    loaded: list[str] = []
    busy_board.on("request", lambda request: loaded.append(request.url))
    busy_board.reload(wait_until="networkidle")
    before = {url: busy_board.request.get(url).body() for url in loaded if "plotly" not in url}
    assert any("bootstrap" in url for url in before)
    assert any("/dashboard?" in url for url in before)
    assert sum(len(gzip.compress(body)) for body in before.values()) < MOST_BYTES / 2


def test_the_charts_are_drawn_and_nothing_is_fetched_from_outside(board: Page, base_url: str, faults: list[str]):
    expect(board.locator(".still")).to_be_hidden()
    board.goto(f"{base_url}/dashboard/units?quarter=2025Q1")
    expect(board.locator(".chart").first).to_contain_text("待填报")
    expect(board.locator(".modebar-btn")).to_have_count(0)
    assert faults == []


def test_the_figures_are_there_before_the_charts_script(board: Page, base_url: str):
    board.route(re.compile("plotly.min.js"), lambda route: route.abort())
    board.goto(f"{base_url}/dashboard?quarter=2025Q1")
    expect(board.locator(".still rect").first).to_be_visible()
    expect(board.locator(".sentence")).to_contain_text("共 3 项任务")


def test_a_click_on_a_bar_leads_to_the_items_it_counts(board: Page, base_url: str):
    board.goto(f"{base_url}/dashboard/units?quarter=2025Q1")
    bar = board.locator("[aria-label^=各单位任务项数]").locator(".point").first
    bar.scroll_into_view_if_needed()
    box = bar.bounding_box()
    assert box is not None
    board.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(board.locator(".chart.on-bar")).to_have_count(1)
    board.mouse.down()
    board.mouse.up()
    board.wait_for_url("**/items/?**standing=unreported**")
    expect(board.locator(".total")).to_contain_text("符合条件 2 项")


def test_the_charts_follow_the_theme(board: Page, base_url: str, faults: list[str]):
    board.goto(f"{base_url}/dashboard/units?quarter=2025Q1")
    words = board.locator(".chart .xtick text").first
    light = words.evaluate("text => getComputedStyle(text).fill")
    board.emulate_media(color_scheme="dark")
    board.wait_for_function(
        "light => getComputedStyle(document.querySelector('.chart .xtick text')).fill !== light", arg=light
    )
    assert faults == []


# The wall


@pytest.fixture
def wall(page: Page, busy_plan: int, base_url: str) -> Page:
    """A minute passes when the test says so."""
    sign_in(page, base_url, "leader")
    page.clock.install()
    page.goto(f"{base_url}/dashboard/wall?plan={busy_plan}&quarter=2025Q2")
    expect(page.locator("[data-refresh]")).to_contain_text("更新于")
    return page


def test_the_wall_fetches_new_figures_by_itself(wall: Page):
    wall.locator(".sentence").evaluate("sentence => { sentence.textContent = '旧'; }")
    wall.clock.run_for(61_000)
    expect(wall.locator(".sentence")).to_contain_text("共 60 项任务")
    expect(wall.locator(".trend.drawn .main-svg:first-child")).to_have_count(1)


def test_the_wall_says_so_when_it_cannot_be_refreshed_and_goes_on_trying(wall: Page):
    wall.route(re.compile("/dashboard/wall"), lambda route: route.abort())
    wall.clock.run_for(61_000)
    told = wall.locator("[data-refresh]")
    expect(told).to_contain_text("无法连接服务器，以下仍为此前的数字（更新于 2025-07-20 12:00）")
    expect(wall.locator(".sentence")).to_contain_text("共 60 项任务")
    wall.unroute(re.compile("/dashboard/wall"))
    wall.clock.run_for(61_000)
    expect(told).to_have_text("更新于 2025-07-20 12:00")


def test_the_wall_says_so_when_its_session_is_over(wall: Page):
    wall.context.clear_cookies()
    wall.clock.run_for(61_000)
    expect(wall.locator("[data-refresh]")).to_contain_text("登录已过期，请重新登录")
