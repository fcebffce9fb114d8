"""The quarter's page as a unit's person uses it: typing that saves itself, a cut network, a closed tab, citing."""

import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.browser.conftest import sign_in
from tests.conftest import Cast
from tests.reporting import Q1, Q2, content, report_duty, submit
from tracker.ledger import reports

ADDRESS = "/reports/?quarter=2025Q1"


@pytest.fixture
def duty(app: Flask, cast: Cast) -> int:
    """县司法局 leads the first item, which two towns support."""
    with app.app_context():
        return report_duty(cast).id


@pytest.fixture
def handler(page: Page, base_url: str) -> Page:
    sign_in(page, base_url, "handler")
    page.goto(base_url + ADDRESS)
    return page


def block(page: Page, duty: int) -> Locator:
    return page.locator(f"#d{duty}")


def progress(page: Page, duty: int) -> Locator:
    return page.locator(f"#d{duty}-progress")


def line(page: Page, duty: int) -> Locator:
    return block(page, duty).locator(".autosaved")


def kept(app: Flask, cast: Cast, quarter=Q1) -> str | None:
    with app.app_context():
        report = reports.report_on(report_duty(cast, quarter=quarter))
        return report.progress if report else None


def test_typing_saves_itself_when_it_pauses(handler: Page, app: Flask, cast: Cast, duty: int, faults: list[str]):
    progress(handler, duty).fill("已公开征求意见2件。")
    expect(line(handler, duty)).to_have_text("已自动保存 12:00", timeout=6000)
    assert kept(app, cast) == "已公开征求意见2件。"
    progress(handler, duty).fill("已公开征求意见3件。")
    progress(handler, duty).blur()
    handler.wait_for_function("() => !Object.keys(localStorage).some(key => key.startsWith('ledger.report.'))")
    assert kept(app, cast) == "已公开征求意见3件。"
    handler.reload()
    expect(progress(handler, duty)).to_have_value("已公开征求意见3件。")
    assert faults == []


def test_with_the_network_cut_nothing_is_lost_and_all_is_saved_afterwards(
    handler: Page, app: Flask, cast: Cast, duty: int
):
    handler.context.set_offline(True)
    progress(handler, duty).fill("断网时写的内容。")
    progress(handler, duty).blur()
    expect(line(handler, duty)).to_have_text("网络中断，内容已存本机，恢复后自动保存")
    assert kept(app, cast) is None
    handler.context.set_offline(False)
    expect(line(handler, duty)).to_have_text("已自动保存 12:00")
    assert kept(app, cast) == "断网时写的内容。"


def test_every_keystroke_survives_a_closed_tab(handler: Page, app: Flask, cast: Cast, duty: int, base_url: str):
    handler.context.set_offline(True)
    progress(handler, duty).press_sequentially("写到一半")
    handler.close(run_before_unload=False)
    context = handler.context
    context.set_offline(False)
    again = context.new_page()
    again.goto(base_url + ADDRESS)
    expect(progress(again, duty)).to_have_value("写到一半")
    expect(block(again, duty).locator(".restored")).to_contain_text("已恢复您")
    expect(line(again, duty)).to_have_text("已自动保存 12:00", timeout=6000)
    assert kept(app, cast) == "写到一半"


def test_a_colleagues_save_stops_it_and_both_texts_are_shown(
    handler: Page, browser: Browser, base_url: str, app: Flask, cast: Cast, duty: int
):
    other = browser.new_context(locale="zh-CN").new_page()
    sign_in(other, base_url, "colleague")
    other.goto(base_url + ADDRESS)
    progress(other, duty).fill("同事改稿。")
    progress(other, duty).blur()
    expect(line(other, duty)).to_contain_text("已自动保存")
    progress(handler, duty).fill("本人改稿。")
    progress(handler, duty).blur()
    expect(line(handler, duty)).to_contain_text("已停止自动保存")
    progress(handler, duty).fill("本人再改。")
    handler.wait_for_timeout(800)
    assert kept(app, cast) == "同事改稿。"
    block(handler, duty).get_by_role("button", name="对照两份内容").click()
    expect(handler.locator(".both")).to_contain_text("同事改稿。")
    expect(progress(handler, duty)).to_have_value("本人再改。")
    handler.wait_for_timeout(3500)
    assert kept(app, cast) == "同事改稿。"
    other.context.close()


def test_after_the_session_has_ended_one_signs_in_elsewhere_and_the_page_goes_on(
    handler: Page, base_url: str, app: Flask, cast: Cast, duty: int
):
    handler.context.clear_cookies()
    progress(handler, duty).fill("登录失效后写的内容。")
    progress(handler, duty).blur()
    expect(line(handler, duty)).to_contain_text("请在新标签页中重新登录")
    assert kept(app, cast) is None
    second = handler.context.new_page()
    sign_in(second, base_url, "handler")
    second.close()
    handler.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(line(handler, duty)).to_have_text("已自动保存 12:00")
    assert kept(app, cast) == "登录失效后写的内容。"
    block(handler, duty).get_by_role("button", name="保存草稿").last.click()
    expect(handler.get_by_text("的草稿已保存")).to_be_visible()


def test_somebody_else_who_signs_in_elsewhere_saves_nothing_of_it(
    handler: Page, base_url: str, app: Flask, cast: Cast, duty: int
):
    handler.context.clear_cookies()
    second = handler.context.new_page()
    sign_in(second, base_url, "colleague")
    progress(handler, duty).fill("前一位的内容。")
    progress(handler, duty).blur()
    expect(line(handler, duty)).to_contain_text("请在新标签页中重新登录")
    assert kept(app, cast) is None


def test_handing_in_while_it_saves_is_one_act(handler: Page, app: Flask, cast: Cast, duty: int):
    under_way: list[Route] = []
    handler.route("**/autosave", lambda route: under_way.append(route))
    block(handler, duty).get_by_label("缺报说明").fill("两镇停电。")
    block(handler, duty).get_by_label("达进度", exact=True).check()
    progress(handler, duty).fill("定稿。")
    with handler.expect_request("**/autosave"):
        progress(handler, duty).blur()
    block(handler, duty).get_by_role("button", name="提交本季度填报").click()
    handler.wait_for_timeout(200)
    assert kept(app, cast) is None  # the press waits for the version that the autosave brings
    under_way[0].continue_()
    expect(handler.get_by_text("已提交，等待审核。")).to_be_visible()
    assert kept(app, cast) == "定稿。"


def test_a_supporting_units_text_is_cited_once(handler: Page, app: Flask, cast: Cast, duty: int):
    with app.app_context():
        submit(cast, content("东镇已公开2件。", next_steps="再公开1件。"), report_duty(cast, unit="东镇"), by="town")
    handler.reload()
    progress(handler, duty).fill("全县已公开5件。")
    for _ in range(2):
        block(handler, duty).locator(".shares > ul > li > [data-cite]").click()
    expect(progress(handler, duty)).to_have_value("全县已公开5件。\n东镇：东镇已公开2件。")
    expect(handler.locator(f"#d{duty}-next_steps")).to_have_value("东镇：再公开1件。")


def test_last_quarters_text_is_taken_over_into_an_empty_field(handler: Page, app: Flask, cast: Cast, base_url: str):
    with app.app_context():
        submit(cast, content("第一季度进展。", next_steps="第二季度计划。"), report_duty(cast))
        duty = report_duty(cast, quarter=Q2).id
    handler.goto(f"{base_url}/reports/{duty}")
    button = handler.locator("[data-take-to$=progress]")
    button.click()
    expect(progress(handler, duty)).to_have_value("第一季度进展。")
    expect(button).to_be_hidden()
    expect(line(handler, duty)).to_contain_text("已自动保存", timeout=6000)
