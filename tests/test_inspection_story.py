"""One inspection from its plan to the closing of what it found, by the pages alone, each person with their own part."""

from datetime import date

import pytest
from lxml import html

from tests.pages import text_of
from tests.reporting import content, report_duty, submit

MONDAY = date(2025, 4, 7)


@pytest.fixture
def pressed(as_):
    """`pressed("clerk", address, "notify", text="…")` presses that button, with all that its form holds."""

    def press(login, address, act, **typed):
        client = as_(login)
        page = html.fromstring(client.get(address).text)
        [form] = page.xpath(f"//form[.//button[@name='act'][@value='{act}']]")
        kept = {field.get("name"): field.get("value") for field in form.xpath(".//input[@type='hidden']")}
        answer = client.post(form.get("action"), data=kept | {"act": act} | typed)
        assert answer.status_code == 302, text_of(answer.text)
        return answer.headers["Location"]

    return press


def test_from_the_plan_of_an_inspection_to_the_closing_of_its_finding(app, cast, as_, pressed, move_to):
    with app.app_context():
        submit(cast, content(), report_duty(cast))

    # The office plans and notifies; the unit signs.
    plan = {
        "title": "第一季度检查",
        "basis": "计划要求每季度检查。",
        "criteria": ["及时"],
        "methods": ["on_site"],
        "reach": "chosen",
        "units": [cast.units["县司法局"]],
        "checkers": [cast.people["inspector"]],
        "starts_on": "2025-04-07",
        "ends_on": "2025-04-11",
        "answer_days": "5",
    }
    inspection = as_("clerk").post("/inspections/new?quarter=2025Q1", data=plan).headers["Location"]
    pressed("clerk", inspection, "notify")
    unit = f"{inspection}/units/{cast.units['县司法局']}"
    pressed("handler", unit, "receive", text="王某（示例）")

    # The inspector checks on the spot, by phone.
    move_to(MONDAY)
    inspector = as_("inspector")
    [part] = inspector.get("/field/data.json").json["parts"]
    for number, item in enumerate(part["items"]):
        verdict = {"verdict": "met"} if number else {"verdict": "not_met", "fact": "两个月未更新。"}
        entry = {"part": part["id"], "item": item["id"], "criterion": "及时", "key": f"k{number}", "seen": 0}
        assert inspector.post("/field/entries", data=entry | verdict).json["taken"]
    first = part["items"][0]["id"]
    inspector.post("/field/classes", data={"part": part["id"], "item": first, "class": "behind", "key": "c"})

    # One press makes the finding; the facts go to the unit, which confirms them.
    [button] = html.fromstring(inspector.get(unit).text).xpath("//form[button='登记为问题']/@action")
    finding = inspector.post(button).headers["Location"]
    pressed("inspector", unit, "send_facts")
    pressed("handler", unit, "confirm", text="属实。")
    assert "达进度 / 欠进度" in text_of(as_("leader").get(unit).text)

    # The conclusion, the circular, and the loop of the finding until it is closed.
    pressed("clerk", inspection, "conclude", text="总体较好，个别栏目未及时更新。")
    pressed("clerk", inspection, "publish", text="通报〔2025〕1号")
    as_("clerk").post("/findings/notify", data={"finding": finding.rsplit("/", 1)[1]})
    assert "整改〔2025〕1号" in text_of(as_("handler").get(unit).text)
    pressed("handler", finding, "plan", text="补齐；王某；4月18日前。")
    pressed("handler", finding, "submit", text="已补齐。")
    pressed("inspector", finding, "close", text="网上核对属实。")

    # What papers say of it.
    summary = html.fromstring(as_("leader").get(f"{inspection}/summary").text)
    cells = {cell.get("data-label"): cell.text_content().strip() for cell in summary.xpath("//tbody/tr/*[@data-label]")}
    assert (cells["问题"], cells["已销号"], cells["等次不一致"]) == ("1", "1", "1")
    assert cells["单位意见"] == "2025年4月7日确认"
    sheet = text_of(as_("clerk").get(f"/inspection-sheets/?quarter=2025Q1&unit={cast.units['县司法局']}").text)
    assert "（2025年4月7日确认）" in sheet
    assert "核实等次：欠进度" in sheet
