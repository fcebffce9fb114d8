"""A quarter of a plan with 40 items and 30 units, by three roles in a real browser: no word is lost on the way."""

from datetime import date

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select

from tests.browser.conftest import sign_in
from tests.conftest import PASSWORD, Cast, noon
from tracker.ledger import accounts, organisations, plans, units
from tracker.ledger.db import db, transaction
from tracker.ledger.tables.organisations import Organisation
from tracker.ledger.tables.plans import Origin
from tracker.ledger.tables.reports import QuarterReport
from tracker.rules.permissions import Role
from tracker.rules.reports import ReportState

ITEMS, UNITS, MINE = 40, 30, 8
FOUNDED = date(2025, 1, 6)


@pytest.fixture
def county(app: Flask, cast: Cast) -> str:
    """A county whose reports pass the unit's head; its first unit leads the first eight items of the plan."""
    with app.app_context(), transaction():
        by = organisations.found("大县", noon(FOUNDED), FOUNDED)
        db.session.get_one(Organisation, by.organisation_id).review_levels = 2
        register = [units.add_unit(by, f"县第{number}局") for number in range(1, UNITS + 1)]
        for login, role, unit in (
            ("q_handler", Role.UNIT_HANDLER, register[0].id),
            ("q_head", Role.UNIT_HEAD, register[0].id),
            ("q_clerk", Role.GROUP_OFFICE, None),
        ):
            person = accounts.add_person(by, login, f"{login}（示例）", PASSWORD, must_change=False)
            accounts.give_post(by, person, role, unit)
        facts = plans.PlanFacts("2025年政务公开工作要点", "大县", 2025)
        plan = plans.register(by, facts, [_item(number, register) for number in range(ITEMS)])
        return f"plan={plan.id}&quarter=2025Q1"


def _item(number, register):
    lead = register[0] if number < MINE else register[number % UNITS]
    supporting = [] if number < MINE else [register[(number + 1) % UNITS], register[(number + 2) % UNITS]]
    named = [(lead, True, lead.name, Origin.DOCUMENT)]
    named += [(unit, False, unit.name, Origin.DOCUMENT) for unit in supporting if unit is not lead]
    task = f"推进第{number + 1}类政务信息公开，更新公开目录和办事指南。"
    return plans.ItemFacts(section=["主动公开"], number=f"{number + 1}.", task=task, goal="", responsible=named)


def _words(number):
    """Odd ones too: quotes, signs of markup, rare characters, line breaks."""
    return f"第{number}项：已公开“目录”<3>件 & 指南{number}份，覆盖率 95%。\n镕基路、堃镇均已上墙；详见 a\\b's。"


def test_three_roles_do_a_quarter_and_no_word_is_lost(app, page, base_url, faults, county):
    sign_in(page, base_url, "q_handler")
    page.goto(f"{base_url}/reports/?{county}")
    expect(page.get_by_text("本季度应填 11 项")).to_be_visible()
    own = [link.get_attribute("href") for link in page.locator("article.report h2 a").all()]
    for number, address in enumerate(own, 1):
        page.goto(f"{base_url}{address}")
        block = page.locator("form.report-form")
        block.get_by_label("工作进展").fill(_words(number))
        block.get_by_label("下一步计划").fill(f"下季度继续第{number}项。")
        block.get_by_label("达进度", exact=True).check()
        if block.get_by_label("缺报说明").count():  # the one item that it leads with others, who have not reported
            block.get_by_label("缺报说明").fill("配合单位尚未填报，先行提交。")
        block.get_by_role("button", name="提交本季度填报").click()
        page.get_by_text("已提交").first.wait_for()

    for login in ("q_head", "q_clerk"):
        sign_in(page, base_url, login)
        page.goto(f"{base_url}/reviews/")
        page.get_by_label("全选本页").check()
        page.once("dialog", lambda dialog: dialog.accept())
        page.get_by_role("button", name="批量审核通过").click()
        page.get_by_text("没有待审核的填报").wait_for()

    with app.app_context():
        kept = {report.progress: report for report in db.session.scalars(select(QuarterReport))}
    assert set(kept) == {_words(number) for number in range(1, len(own) + 1)}
    assert {report.state for report in kept.values()} == {ReportState.ACCEPTED}
    assert faults == []
