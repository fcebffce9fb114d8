"""The inspector's page on a phone without a network: what is entered stays, survives a reload, and arrives once."""

import io
from collections.abc import Iterator

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from tests import inspecting
from tests.browser.conftest import grave, sign_in
from tests.conftest import Cast
from tracker.ledger import inspection_lists, inspections
from tracker.ledger.db import db, transaction
from tracker.ledger.tables.inspections import InspectionEntry, InspectionFile, InspectionResult
from tracker.ledger.tables.verified import VerifiedClass
from tracker.rules.inspection_results import Verdict


@pytest.fixture
def part(app: Flask, cast: Cast) -> int:
    with app.app_context():
        made = inspecting.notified(cast)
        return inspecting.part(cast, made).id


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, locale="zh-CN", timezone_id="Asia/Shanghai", has_touch=True
    )
    yield context
    context.close()


@pytest.fixture
def field(phone: BrowserContext, base_url: str, part: int) -> Page:
    """The unit's first item, with the service worker in charge."""
    page = phone.new_page()
    sign_in(page, base_url, "inspector")
    page.goto(f"{base_url}/field/")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    page.get_by_role("link", name="县司法局").click()
    page.get_by_role("link", name="预公开重大行政决策草案").click()
    return page


def press(page: Page, criterion: str, verdict: str) -> None:
    page.get_by_role("region", name=criterion).get_by_role("button", name=verdict, exact=True).click()


def write(page: Page, criterion: str, text: str) -> None:
    page.get_by_role("region", name=criterion).get_by_role("textbox").fill(text)


def kept(app: Flask, part: int) -> dict[str, tuple[Verdict, str]]:
    with app.app_context():
        rows = db.session.scalars(select(InspectionResult).where(InspectionResult.part_id == part))
        return {row.criterion: (row.verdict, row.fact) for row in rows}


def entries(app: Flask) -> int:
    with app.app_context():
        return len(db.session.scalars(select(InspectionEntry)).all())


def state(page: Page):
    return page.get_by_role("status")


def photo() -> dict[str, object]:
    content = io.BytesIO()
    Image.new("RGB", (60, 40), "navy").save(content, "PNG")
    return {"name": "现场.png", "mimeType": "image/png", "buffer": content.getvalue()}


def test_what_is_entered_offline_survives_a_reload_and_arrives_exactly_once(
    field: Page, phone: BrowserContext, app: Flask, part: int
):
    phone.set_offline(True)
    press(field, "全面", "符合")
    press(field, "及时", "不符合")
    write(field, "及时", "专栏两个月未更新。")
    field.get_by_role("region", name="及时").locator("input[type=file]").set_input_files(photo())
    press(field, "核实进度等次", "欠进度")
    expect(field.get_by_text("本机待上传 1 个文件")).to_be_visible()
    expect(state(field)).to_contain_text("已保存到本机 3 条，待上传")
    field.reload()
    expect(state(field)).to_contain_text("已保存到本机 3 条，待上传")
    expect(field.get_by_role("region", name="及时").get_by_role("textbox")).to_have_value("专栏两个月未更新。")
    assert kept(app, part) == {}
    phone.set_offline(False)
    expect(state(field)).to_have_text("全部已上传。", timeout=20_000)
    assert kept(app, part) == {"全面": (Verdict.MET, ""), "及时": (Verdict.NOT_MET, "专栏两个月未更新。")}
    assert entries(app) == 2
    with app.app_context():
        assert db.session.scalars(select(InspectionFile)).one().file.name == "现场.jpg"
        assert db.session.scalars(select(VerifiedClass)).one().progress_class == "behind"


def test_an_answer_that_got_lost_on_its_way_back_is_not_entered_twice(
    field: Page, phone: BrowserContext, app: Flask, part: int
):
    lost = []

    def swallow(route):
        """The server takes it; the phone never hears of it."""
        if lost:
            route.continue_()
            return
        lost.append(route.fetch())
        route.abort()

    field.route("**/field/entries", swallow)
    press(field, "全面", "符合")
    expect(state(field)).to_contain_text("网络中断")
    assert entries(app) == 1
    press(field, "全面", "不符合")
    field.evaluate("window.dispatchEvent(new Event('online'))")
    expect(state(field)).to_have_text("全部已上传。", timeout=20_000)
    assert entries(app) == 2  # the second is another answer, and the first came once
    assert kept(app, part)["全面"][0] is Verdict.NOT_MET


def test_after_the_session_has_ended_one_signs_in_and_it_goes_on(
    field: Page, phone: BrowserContext, base_url: str, app: Flask, part: int
):
    phone.set_offline(True)
    press(field, "准确", "基本符合")
    write(field, "准确", "一处电话有误。")
    expect(state(field)).to_contain_text("已保存到本机 1 条")
    phone.clear_cookies()
    phone.set_offline(False)
    expect(state(field)).to_contain_text("登录已失效，内容保留在本机", timeout=20_000)
    assert kept(app, part) == {}
    field.get_by_role("link", name="重新登录后继续上传").click()
    field.get_by_label("登录名").fill("inspector")
    field.get_by_label("密码").fill("Sample-2025")
    field.get_by_role("button", name="登录").click()
    expect(field).to_have_url(f"{base_url}/field/")
    expect(state(field)).to_have_text("全部已上传。", timeout=20_000)
    assert kept(app, part) == {"准确": (Verdict.MOSTLY_MET, "一处电话有误。")}


def test_somebody_else_who_signs_in_does_not_send_it(
    field: Page, phone: BrowserContext, base_url: str, app: Flask, part: int
):
    phone.set_offline(True)
    press(field, "准确", "符合")
    phone.clear_cookies()
    phone.set_offline(False)
    expect(state(field)).to_contain_text("登录已失效", timeout=20_000)
    sign_in(field, base_url, "clerk")
    field.goto(f"{base_url}/field/")
    expect(state(field)).to_contain_text("待其本人登录后上传")
    assert kept(app, part) == {}


def test_what_a_colleague_entered_meanwhile_is_shown_beside_and_nothing_is_lost(
    field: Page, phone: BrowserContext, app: Flask, cast: Cast, part: int
):
    phone.set_offline(True)
    press(field, "及时", "符合")
    write(field, "及时", "本人看到已更新。")
    with app.app_context():
        of = inspecting.part(cast, inspection_lists.inspection_of(cast.county, 1, None))
        inspecting.record(cast, of, inspecting.entry(of, Verdict.NOT_MET, "同事看到未更新。"), "clerk")
    phone.set_offline(False)
    clash = field.get_by_role("alert")
    expect(clash).to_contain_text("同事看到未更新。", timeout=20_000)
    expect(clash).to_contain_text("本人看到已更新。")
    assert kept(app, part)["及时"] == (Verdict.NOT_MET, "同事看到未更新。")
    field.get_by_role("button", name="以我的为准").click()
    expect(state(field)).to_have_text("全部已上传。", timeout=20_000)
    assert kept(app, part)["及时"] == (Verdict.MET, "本人看到已更新。")


def test_what_the_server_refuses_stays_in_sight_though_the_inspection_is_gone(
    field: Page, phone: BrowserContext, base_url: str, app: Flask, cast: Cast, part: int
):
    phone.set_offline(True)
    press(field, "及时", "不符合")
    write(field, "及时", "取消之前所见。")
    expect(state(field)).to_contain_text("已保存到本机 1 条")
    with app.app_context(), transaction():
        made = inspection_lists.inspection_of(cast.county, 1, None)
        inspections.cancel(cast.act("clerk"), made, "上级已查。", made.version)
    phone.set_offline(False)
    expect(state(field)).to_contain_text("有 1 条未能上传", timeout=20_000)
    field.goto(f"{base_url}/field/")
    note = field.get_by_role("alert")
    expect(note).to_contain_text("已取消")
    expect(note).to_contain_text("取消之前所见。")
    expect(field.get_by_text("县司法局")).to_be_visible()


def test_no_page_of_an_inspection_has_a_serious_fault(
    page: Page, field: Page, base_url: str, app: Flask, cast: Cast, part: int
):
    press(field, "及时", "不符合")
    assert grave(field) == []
    field.goto(f"{base_url}/field/")
    assert grave(field) == []
    sign_in(page, base_url, "clerk")
    unit = f"/inspections/1/units/{cast.units['县司法局']}"
    found = {}
    for address in ("", "/1", "/1/summary", "/new?quarter=2025Q1"):
        page.goto(f"{base_url}/inspections{address}")
        found[address] = grave(page)
    for address in ("", f"/items/{cast.items[0]}"):
        page.goto(f"{base_url}{unit}{address}")
        found[unit + address] = grave(page)
    assert {address: faults for address, faults in found.items() if faults} == {}
