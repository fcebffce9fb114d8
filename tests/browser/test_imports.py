"""The draft page as a clerk uses it: upload, keys, mouse, a second clerk, a telephone."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Dialog, Page, expect

from tests.browser.conftest import sign_in
from tests.conftest import Cast
from tests.revising import CHECK, PREVIEW, propose
from tracker.ledger import imports
from tracker.ledger.db import transaction

PLAN = """示例县2025年政务公开工作要点
示例县政府办公室
一、深化决策公开
1.预公开重大行政决策草案。8月底前预公开率达95%。(责任单位:县司法局)
2.每季度举办政府开放日。(责任单位:县行政审批局)
3.公布年度报告,按月更新目录。(责任单位:县司法局)
4.在x月xx日前完成专栏建设。(责任单位:司法局)
"""


@pytest.fixture
def clerk(page: Page, base_url: str) -> Page:
    sign_in(page, base_url, "clerk")
    return page


@pytest.fixture
def draft(clerk: Page, base_url: str, faults: list[str], tmp_path: Path) -> Iterator[Page]:
    """The draft of PLAN, uploaded; whatever the browser complains of fails the test."""
    upload(clerk, base_url, PLAN, tmp_path)
    yield clerk
    assert faults == []


def upload(page: Page, base_url: str, text: str, folder: Path) -> None:
    paper = folder / "工作要点.txt"
    paper.write_text(text, "utf-8")
    page.goto(f"{base_url}/imports/")
    page.get_by_label("计划文件").set_input_files(paper)
    page.get_by_role("button", name="读取计划").click()
    expect(page.locator(".progress-line")).to_contain_text("已核对 0/")


def tasks(page: Page) -> list[str]:
    return page.locator(".item-task").all_inner_texts()


def press(page: Page, *keys: str) -> None:
    """One key after the other, each when the answer to the one before has come."""
    for key in keys:
        page.keyboard.press(key)
        settled(page)


def settled(page: Page) -> None:
    page.wait_for_function("() => !document.documentElement.classList.contains('busy')")


def opened(page: Page) -> str:
    return page.locator(".item.now .item-no").inner_text()


def test_a_plan_is_checked_by_keys_from_upload_to_ledger(draft: Page):
    assert len(tasks(draft)) == 4
    # Split the first at its second sentence, by keys alone.
    draft.locator(".item-link").first.click()
    settled(draft)
    draft.keyboard.press("s")
    expect(draft.locator(".split-here").first).to_be_focused()
    press(draft, "Enter")
    assert tasks(draft)[:2] == ["预公开重大行政决策草案。", "8月底前预公开率达95%。"]
    # Its unit, named behind both sentences, is evidence of both.
    assert draft.locator(".passage.now").all_inner_texts() == ["1.预公开重大行政决策草案。", "县司法局"]
    # Merge it back, split it by undoing the merge, undo the split too.
    press(draft, "ArrowDown", "m")
    assert tasks(draft)[0] == "预公开重大行政决策草案。8月底前预公开率达95%。"
    press(draft, "Control+z")
    assert len(tasks(draft)) == 5
    press(draft, "Control+z")
    assert len(tasks(draft)) == 4
    # Move, and back.
    press(draft, "ArrowDown", "Alt+ArrowUp")
    assert tasks(draft)[0].startswith("每季度举办")
    assert opened(draft) == "1"
    press(draft, "Alt+ArrowDown")
    assert tasks(draft)[0].startswith("预公开")
    # The doubts' own fixes: a day for the open date, the registered name for the unknown one.
    draft.get_by_label("第 4 项“x月xx日前”的日期").first.fill("2025-06-30")
    draft.locator("#doubts").get_by_role("button", name="定为此日").click()
    settled(draft)
    expect(draft.locator(".panel-line")).to_contain_text("均已核对")
    draft.locator("#names > summary").click()
    draft.get_by_role("button", name="将司法局改为县司法局").click()
    settled(draft)
    expect(draft.locator("#names")).to_have_count(0)
    # Many at once.
    draft.get_by_label("分派范围").select_option("all")
    draft.locator("#unit-picker > summary").click()
    draft.locator(".unit-picker-panel").get_by_label("东镇").check()
    draft.get_by_label("牵头或配合").select_option("support")
    draft.get_by_role("button", name="批量分派").click()
    settled(draft)
    expect(draft.locator(".item-units").nth(1)).to_contain_text("东镇")
    # Accept each, and enter the plan.
    draft.locator(".item-link").first.click()
    settled(draft)
    press(draft, *["Enter"] * 4)
    expect(draft.locator(".progress-line")).to_contain_text("已核对 4/4")
    draft.once("dialog", lambda dialog: dialog.accept())
    draft.get_by_role("button", name="确认入账").click()
    expect(draft.get_by_text("计划已入账")).to_be_visible()


def test_what_is_typed_is_never_taken_back_by_ctrl_z(draft: Page):
    draft.locator(".item-link").first.click()
    settled(draft)
    press(draft, "Enter")
    goal = draft.locator("#item-form [name=goal]")
    goal.fill("每月通报一次")
    goal.press("Control+z")
    settled(draft)
    goal.fill("每月通报两次")
    press(draft, "Escape", "Control+z")
    expect(draft.locator("#item-form [name=goal]")).to_have_value("每月通报两次")
    expect(draft.locator(".script-notice")).to_contain_text("已保存")


def test_a_second_clerks_act_is_announced_and_nothing_typed_is_lost(draft: Page, browser: Browser, base_url: str):
    other = browser.new_context(locale="zh-CN").new_page()
    sign_in(other, base_url, "clerk")
    other.goto(draft.url)
    draft.clock.install()
    draft.reload()
    draft.locator(".item-link").nth(1).click()
    settled(draft)
    draft.locator("#item-form [name=goal]").fill("一年四次")
    other.locator(".item-link").nth(2).click()
    settled(other)
    press(other, "Delete")
    draft.mouse.move(5, 5)
    draft.clock.run_for(21000)
    expect(draft.locator("#news")).to_contain_text("略去第 3 项")
    draft.get_by_role("link", name="点此刷新").click()
    settled(draft)
    expect(draft.locator(".item").nth(2)).to_contain_text("已略去")
    expect(draft.locator("#item-form [name=goal]")).to_have_value("一年四次")
    expect(draft.locator("#news")).to_be_hidden()
    other.context.close()


def test_somebody_elses_act_is_taken_back_only_after_a_question(draft: Page, app: Flask, cast: Cast):
    with app.app_context(), transaction():
        found = imports.drafts_of(cast.county)[0]
        imports.set_dropped(cast.act("leader"), found, found.items[2], dropped=True)
    draft.reload()
    asked: list[str] = []
    for answer, state in ((Dialog.dismiss, "已略去"), (Dialog.accept, "待核对")):
        draft.once("dialog", lambda dialog, answer=answer: (asked.append(dialog.message), answer(dialog)))
        press(draft, "Control+z")
        expect(draft.locator(".item").nth(2)).to_contain_text(state)
    assert asked == ["最近一步是leader（示例）所做：略去第 3 项。撤销他人的这一步？"] * 2


def test_a_table_from_the_clipboard_is_read_as_a_table(clerk: Page, base_url: str, faults: list[str]):
    clerk.goto(f"{base_url}/imports/")
    rows = [
        ("工作任务", "责任单位", "完成时限"),
        ("建设专栏", "县司法局", "2025年6月底前"),
        ("发布年报", "东镇", "每年"),
    ]
    cells = "".join("<tr>" + "".join(f"<td style='color:red'>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    table = f"<html><head><style>td {{}}</style></head><body><p>2025年工作计划</p><table>{cells}</table></body></html>"
    clerk.evaluate(
        """([html, text]) => {
            const data = new DataTransfer();
            data.setData("text/html", html);
            data.setData("text/plain", text);
            const field = document.getElementById("text");
            field.focus();
            field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true }));
            field.value = text;
            field.dispatchEvent(new InputEvent("input", { bubbles: true }));
        }""",
        [table, "\n".join("\t".join(row) for row in rows)],
    )
    expect(clerk.locator("#pasted-note")).to_contain_text("已粘贴表格 3 行")
    clerk.get_by_role("button", name="读取计划").click()
    expect(clerk.locator(".item-units").last).to_contain_text("东镇")
    assert tasks(clerk) == ["建设专栏", "发布年报"]
    assert faults == []


def test_what_is_pointed_at_in_the_list_is_marked_in_the_document(draft: Page):
    draft.locator(".item-link").nth(2).hover()
    assert "".join(draft.locator(".passage.hinted").all_inner_texts()).startswith("3.公布年度报告")
    draft.locator(".passage").filter(has_text="举办政府开放日").hover()
    expect(draft.locator(".item.hinted .item-no")).to_have_text("2")


def test_forty_items_are_accepted_by_keys_in_less_than_a_minute(clerk: Page, base_url: str, tmp_path: Path):
    items = "\n".join(f"{n}.开展第{n}项工作,每季度通报一次。(责任单位:县司法局)" for n in range(1, 41))
    upload(clerk, base_url, f"示例县2025年工作要点\n一、重点工作\n{items}\n", tmp_path)
    clerk.locator(".item-link").first.click()
    settled(clerk)
    began = time.monotonic()
    press(clerk, *["Enter"] * 40)
    expect(clerk.locator(".progress-line")).to_contain_text("已核对 40/40")
    assert time.monotonic() - began < 60


def test_a_draft_is_checked_on_a_telephone(browser: Browser, base_url: str, tmp_path: Path):
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN", has_touch=True)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    sign_in(page, base_url, "clerk")
    upload(page, base_url, PLAN, tmp_path)
    page.locator("[data-split] > summary").tap()
    page.locator(".split-here").first.tap()
    settled(page)
    assert len(tasks(page)) == 5
    page.get_by_role("button", name="核对无误，转下一项").tap()
    settled(page)
    page.get_by_role("button", name="并入上一项").tap()
    settled(page)
    page.locator("#undo-form button").tap()
    settled(page)
    assert len(tasks(page)) == 5
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert complaints == []
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_draft_page_bars_nobody(browser: Browser, base_url: str, tmp_path: Path, scheme):
    # The policy refuses the examiner's own script; the other tests hold the policy.
    context = browser.new_context(bypass_csp=True, locale="zh-CN", color_scheme=scheme)
    page = context.new_page()
    sign_in(page, base_url, "clerk")
    upload(page, base_url, PLAN.replace("2025", ""), tmp_path)
    page.locator(".item-link").first.click()
    settled(page)
    for fold in ("[data-split]", "#names", "#facts", "#add", "#keys"):
        page.locator(f"{fold} > summary").click()
    found = Axe().run(page).response["violations"]
    context.close()
    grave = [rule for rule in found if rule["impact"] in ("serious", "critical")]
    assert [(rule["id"], [node["html"][:200] for node in rule["nodes"]]) for rule in grave] == []


def test_ctrl_y_takes_again_what_ctrl_z_took_back(draft: Page):
    draft.locator(".item-link").nth(1).click()
    settled(draft)
    press(draft, "Delete")
    expect(draft.locator(".progress-line")).to_contain_text("已略去 1 项")
    press(draft, "Control+z")
    expect(draft.locator(".progress-line")).not_to_contain_text("已略去")
    press(draft, "Control+y")
    expect(draft.locator(".progress-line")).to_contain_text("已略去 1 项")
    press(draft, "Control+z", "Control+Shift+Z")
    expect(draft.locator(".progress-line")).to_contain_text("已略去 1 项")
    expect(draft.locator("#redo-form")).to_have_count(0)


def test_a_unit_that_was_entered_by_mistake_is_taken_back_by_ctrl_z(draft: Page):
    draft.locator("#names > summary").click()
    draft.get_by_role("button", name="将司法局登记为县司法局的别名").click()
    settled(draft)
    expect(draft.locator("#names")).to_have_count(0)
    press(draft, "Control+z")
    expect(draft.locator("#names")).to_contain_text("司法局")


def test_a_double_click_confirms_once(draft: Page):
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.accept()

    draft.get_by_label("第 4 项“x月xx日前”的日期").first.fill("2025-06-30")
    draft.locator("#doubts").get_by_role("button", name="定为此日").click()
    settled(draft)
    draft.locator("#names > summary").click()
    draft.get_by_role("button", name="将司法局改为县司法局").click()
    settled(draft)
    draft.on("dialog", answer)
    draft.get_by_role("button", name="确认入账").dblclick()
    expect(draft.get_by_text("计划已入账")).to_be_visible()
    assert len(asked) == 1


def test_a_typed_reason_outlives_the_choice_of_another_counterpart(app: Flask, cast: Cast, clerk: Page, base_url: str):
    with app.app_context():
        draft_id = propose(cast, PREVIEW, CHECK)  # the open day is dropped
    clerk.goto(f"{base_url}/revisions/{draft_id}")
    reason, common = clerk.locator("textarea[name^=reason-]").first, clerk.locator("#reason")
    reason.fill("已并入另一项")
    common.fill("职责调整")
    clerk.locator("summary#unchanged").click()
    clerk.get_by_role("link", name="更改草稿第 1 项的对应").click()
    clerk.get_by_role("link", name="取消").click()
    expect(reason).to_have_value("已并入另一项")
    expect(common).to_have_value("职责调整")
