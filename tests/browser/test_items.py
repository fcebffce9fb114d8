"""An item's page on paper and on a telephone."""

import io
import unicodedata

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.conftest import sign_in
from tests.web.test_items import add_plan, hand_in
from tracker.ledger.db import db
from tracker.ledger.tables.plans import Item

FOLDED = "西镇在季度末完成了全部工作。"


@pytest.fixture
def item(app, cast, page: Page, base_url: str, faults: list[str]) -> str:
    """The page of an item that four units share; all but the lead's reports are folded."""
    with app.app_context():
        plan_id = add_plan(cast, 1, units=4)
        item = db.session.scalars(db.select(Item).where(Item.plan_id == plan_id)).one()
        cast.items.append(item.id)
        try:
            hand_in(cast, unit="西镇", item=-1, login="clerk", progress=FOLDED)
        finally:
            cast.items.pop()
        address = f"{base_url}/items/{item.id}?quarter=2025Q1"
    sign_in(page, base_url, "leader")
    page.goto(address)
    return address


def printed(page: Page) -> str:
    paper = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    assert round(float(paper.pages[0].mediabox.width)) == 842  # A4 across
    words = "".join("".join(sheet.extract_text().split()) for sheet in paper.pages)
    return unicodedata.normalize("NFKC", words)  # Chromium's PDF tells some characters by their radicals


def test_what_is_folded_on_the_screen_is_printed_and_folded_again(item: str, page: Page, faults: list[str]):
    expect(page.get_by_text(FOLDED)).to_be_hidden()
    folded = page.locator("main details:not([open])").count()
    words = printed(page)
    assert FOLDED in words
    assert "第1次提交填报" in words
    assert page.locator("main details:not([open])").count() == folded
    expect(page.get_by_text(FOLDED)).to_be_hidden()
    assert faults == []


def test_on_a_telephone_the_line_runs_downwards_and_nothing_leaves_the_screen(item: str, page: Page):
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    months = page.locator(".months > li").filter(visible=True)
    tops = [box["y"] for month in months.all() if (box := month.bounding_box())]
    assert len(tops) >= 4
    assert tops == sorted(set(tops))
