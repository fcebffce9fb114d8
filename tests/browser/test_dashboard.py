"""The charts in a real browser: drawn under the page's content policy, from here alone, and leading somewhere."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import sign_in


@pytest.fixture
def board(page: Page, base_url: str, faults: list[str]) -> Page:
    sign_in(page, base_url, "leader")
    page.goto(f"{base_url}/dashboard?quarter=2025Q1")
    expect(page.locator(".chart .main-svg:first-child")).to_have_count(3)
    return page


def test_the_charts_are_drawn_and_nothing_is_fetched_from_outside(board: Page, faults: list[str]):
    expect(board.locator(".chart").first).to_contain_text("待填报")
    expect(board.locator(".modebar-btn")).to_have_count(0)
    assert faults == []


def test_a_click_on_a_bar_leads_to_the_items_it_counts(board: Page):
    bar = board.locator("[aria-label^=各单位任务项数]").locator(".point").first
    bar.scroll_into_view_if_needed()
    box = bar.bounding_box()
    board.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(board.locator(".chart.on-bar")).to_have_count(1)
    board.mouse.down()
    board.mouse.up()
    board.wait_for_url("**/items/?**standing=unreported**")
    expect(board.locator(".total")).to_contain_text("符合条件 2 项")


def test_the_charts_follow_the_theme(board: Page, faults: list[str]):
    words = board.locator(".chart .xtick text").first
    light = words.evaluate("text => getComputedStyle(text).fill")
    board.emulate_media(color_scheme="dark")
    board.wait_for_function(
        "light => getComputedStyle(document.querySelector('.chart .xtick text')).fill !== light", arg=light
    )
    assert faults == []
