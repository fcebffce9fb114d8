"""Closing a quarter in a real browser: reports in, the check, one press, the set as it comes, its figures."""

import io
import zipfile
from datetime import date
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import sign_in
from tests.closing import SEALING, report_first_item
from tests.finding import notified
from tests.reporting import content, report_duty, submit
from tracker import production
from tracker.ledger import sealed, snapshots
from tracker.printing.papers import PAPERS, Printed
from tracker.rules.paper_kinds import PaperKind
from tracker.rules.quarters import Quarter

ADDRESS = "plan=1&quarter=2025Q1"


@pytest.fixture
def short_set(monkeypatch):
    """The leaders' report, the ledger and the sheets as PDF alone: what the story opens."""
    wanted = (PaperKind.LEADERS_REPORT, PaperKind.LEDGER, PaperKind.INSPECTION)
    for kind, each in PAPERS.items():
        make = {"pdf": each.make["pdf"]} if kind in wanted else {}
        monkeypatch.setitem(PAPERS, kind, Printed(each.label, make))
        monkeypatch.setitem(production.ENDINGS, kind, tuple(make))


@pytest.mark.usefixtures("short_set")
def test_from_the_reports_to_the_set_with_the_same_figures(app, cast, page, base_url, faults, move_to, tmp_path):
    with app.app_context():
        report_first_item(cast)
        submit(cast, content("检查了12个单位。"), report_duty(cast, 2))
        notified(cast)
    move_to(SEALING)
    sign_in(page, base_url, "clerk")
    page.goto(f"{base_url}/closing/?{ADDRESS}")
    page.get_by_role("row", name="已提交、未审完").get_by_role("link", name="1").click()
    expect(page.get_by_role("link", name="第3项 每季度检查各单位政务公开工作")).to_be_visible()

    page.get_by_role("button", name="封存2025年第一季度").click()
    expect(page.get_by_text("请先勾选")).to_be_visible()
    page.get_by_label("我已核对以上数据").check()
    page.get_by_role("button", name="封存2025年第一季度").click()
    expect(page.get_by_text("2025年第一季度已于2025年4月25日封存")).to_be_visible()

    page.get_by_role("button", name="生成全套文书").click()
    page.get_by_role("link", name="下载全套（ZIP）").wait_for(timeout=60_000)
    with page.expect_download() as handed_out:
        page.get_by_role("link", name="下载全套（ZIP）").click()
    handed_out.value.save_as(tmp_path / "set.zip")

    with app.app_context():
        kept = sealed.latest(cast.plan, Quarter(2025, 1))
        said = snapshots.read(kept)
    texts = _texts(tmp_path / "set.zip")
    report = next(text for name, text in texts.items() if "领导小组季度报告" in name)
    assert f"{said.totals.items}项" in report
    ledger = next(text for name, text in texts.items() if "工作台账" in name)
    for item in said.items:
        assert item.task.replace("“", "").replace("”", "")[:10] in ledger.replace("“", "").replace("”", "")
    assert "检查了12个单位" in ledger
    assert sum("检查表" in name for name in texts) == len(said.units)

    page.goto(f"{base_url}/dashboard?{ADDRESS}")
    expect(page.get_by_text(f"共 {said.totals.items} 项任务").first).to_be_visible()
    expect(page.get_by_text("已封存（第1版")).to_be_visible()
    assert [fault for fault in faults if "422" not in fault] == []  # the answer to the press that was not sure


def _texts(path: Path) -> dict[str, str]:
    """The PDF files of the archive, without spaces and line ends."""
    with zipfile.ZipFile(path) as packed:
        assert packed.testzip() is None
        return {name: _text(packed.read(name)) for name in packed.namelist() if name.endswith(".pdf")}


def _text(content: bytes) -> str:
    said = "".join(sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(content)).pages)
    return "".join(said.split())


def test_without_a_script_the_set_is_made_by_presses(app, cast, browser, base_url, move_to, monkeypatch):
    monkeypatch.setattr(production, "_set", lambda _content, order, ending, *_: f"{order}.{ending}".encode())
    move_to(date(2025, 4, 26))
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    sign_in(page, base_url, "leader")
    page.goto(f"{base_url}/closing/?{ADDRESS}")
    page.get_by_label("我已核对以上数据").check()
    page.get_by_role("button", name="封存2025年第一季度").click()
    page.get_by_role("button", name="生成全套文书").click()
    expect(page.get_by_text("全套文书已生成")).to_be_visible()
    expect(page.get_by_role("link", name="下载全套（ZIP）")).to_be_visible()
    context.close()
