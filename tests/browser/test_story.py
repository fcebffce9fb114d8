"""The story from the document to the printed sheet, told with clicks in a real browser."""

from datetime import date
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import sign_in
from tests.test_story import DOCUMENT

QUARTER = "quarter=2025Q1"


def test_from_the_document_to_the_printed_sheet(page, base_url, faults, move_to, tmp_path: Path):
    # The clerk uploads the plan and confirms what was read.
    document = tmp_path / "工作要点.txt"
    document.write_text(DOCUMENT, "utf-8")
    sign_in(page, base_url, "clerk")
    page.get_by_role("link", name="计划导入").click()
    page.get_by_label("计划文件").set_input_files(document)
    page.get_by_role("button", name="读取计划").click()
    page.wait_for_url("**/imports/*")
    expect(page.get_by_text("规范意见征集").first).to_be_visible()
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="确认入账").click()
    page.wait_for_url("**/items/?plan=*")

    # The unit reports on its first item.
    sign_in(page, base_url, "handler")
    page.goto(f"{base_url}/reports/?plan=2&{QUARTER}")
    page.get_by_role("link", name="规范意见征集").first.click()
    block = page.locator("form").filter(has=page.get_by_label("工作进展")).first
    block.get_by_label("工作进展").fill("已公开征求意见2件，征集率92%。")
    block.get_by_label("达进度", exact=True).check()
    block.get_by_role("button", name="提交本季度填报").first.click()
    page.get_by_text("待审核").first.wait_for()

    # The office accepts it.
    sign_in(page, base_url, "clerk")
    page.get_by_role("link", name="审核 1 条").click()  # the tab with its number
    expect(page.get_by_text("已公开征求意见2件，征集率92%。").first).to_be_visible()
    page.get_by_role("button", name="审核通过", exact=True).click()
    expect(page.get_by_text("没有待审核的填报")).to_be_visible()

    # A week later the leader sees what is late, and who.
    move_to(date(2025, 4, 10))
    sign_in(page, base_url, "leader")
    page.goto(f"{base_url}/dashboard?plan=2&{QUARTER}")
    expect(page.get_by_role("heading", name="需要关注")).to_be_visible()
    expect(page.get_by_text("未填报 3 天").first).to_be_visible()
    page.locator(".js-plotly-plot .main-svg").first.wait_for()

    # The sheet comes out of the printer.
    page.goto(f"{base_url}/inspection-sheets/?plan=2&unit=all&{QUARTER}")
    paper = page.pdf(prefer_css_page_size=True)
    (tmp_path / "sheet.pdf").write_bytes(paper)
    assert "征集率92%" in _words(tmp_path / "sheet.pdf")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载全部 Word 文档").click()
    assert download.value.suggested_filename.endswith(".docx")
    assert faults == []


def _words(path: Path) -> str:
    import pdfplumber

    with pdfplumber.open(path) as paper:
        return "".join("".join((page.extract_text() or "").split()) for page in paper.pages)
