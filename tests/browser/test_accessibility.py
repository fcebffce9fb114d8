"""Every page that a role's tabs lead to, and the leading group's: axe finds nothing serious, in light or dark."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import grave, sign_in

BOARD = ("", "/units", "/sections", "/heat", "/quarters", "/truths", "/compare?by=units", "/wall")


def tabs(page: Page) -> list[str]:
    links = page.locator(".tabs a")
    return list(dict.fromkeys(link.get_attribute("href") or "" for link in links.all()))


@pytest.mark.parametrize("login", ["leader", "clerk", "inspector", "viewer", "colleague", "handler", "admin"])
def test_no_page_of_a_role_has_a_serious_fault(page: Page, busy_plan: int, base_url: str, login: str):
    sign_in(page, base_url, login)
    page.goto(f"{base_url}/")
    found = {"/": grave(page)}
    for address in tabs(page):
        page.goto(base_url + address)
        found[address] = grave(page)
    assert {address: faults for address, faults in found.items() if faults} == {}


def test_no_page_of_the_leading_group_has_a_serious_fault(page: Page, busy_plan: int, base_url: str):
    sign_in(page, base_url, "leader")
    found = {}
    for address in BOARD:
        page.goto(f"{base_url}/dashboard{address}{'&' if '?' in address else '?'}plan={busy_plan}&quarter=2025Q2")
        found[address] = grave(page)
    assert {address: faults for address, faults in found.items() if faults} == {}


def test_signing_in_has_no_serious_fault(page: Page, base_url: str):
    page.goto(f"{base_url}/sign-in")
    assert grave(page) == []
