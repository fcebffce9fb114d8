"""The pages of inspections: planning, the unit's page, the form at a desk, papers."""

import io
from datetime import date

import docx
import pdfplumber
import pytest
from lxml import html

from tests import inspecting
from tests.pages import errors_of, queries, text_of
from tests.reporting import content, report_duty, submit
from tracker.ledger import inspection_lists
from tracker.ledger.db import db
from tracker.ledger.tables.findings import Finding
from tracker.ledger.tables.inspections import Inspection
from tracker.rules.inspection_parts import Stand
from tracker.rules.inspection_results import Verdict
from tracker.rules.inspections import InspectionState

NEW = "/inspections/new?quarter=2025Q1"


def form(cast, **more):
    return {
        "title": "第一季度检查",
        "basis": "计划要求每季度检查。",
        "criteria": ["全面", "及时"],
        "own_criteria": "渠道畅通",
        "methods": ["on_site", "telephone"],
        "reach": "chosen",
        "units": [cast.units["县司法局"]],
        "sample_size": "",
        "seed": "一",
        "checkers": [cast.people["inspector"]],
        "starts_on": "2025-04-07",
        "ends_on": "2025-04-18",
        "self_check_due": "2025-04-10",
        "answer_days": "5",
    } | more


@pytest.fixture
def made(app, cast):
    """`made(inspecting.notified)` is the id of the inspection that the function made."""

    def make(maker, *words, **more):
        with app.app_context():
            return maker(cast, *words, **more).id

    return make


@pytest.fixture
def here(cast):
    return lambda inspection_id, unit="县司法局": f"/inspections/{inspection_id}/units/{cast.units[unit]}"


def of(app, inspection_id):
    with app.app_context():
        one = db.session.get_one(Inspection, inspection_id)
        return one.state, one.version


def press(client, app, inspection_id, act, text=""):
    version = of(app, inspection_id)[1]
    return client.post(f"/inspections/{inspection_id}/acts", data={"act": act, "text": text, "version": version})


def act(client, address, name, text=""):
    """Press a button of the unit's page, with the version that stands in its form."""
    page = html.fromstring(client.get(address).text)
    [one] = page.xpath(f"//form[.//button[@name='act'][@value='{name}']]")
    version = one.xpath("string(.//input[@name='version']/@value)")
    return client.post(one.get("action"), data={"act": name, "text": text, "version": version})


def test_from_the_plan_to_the_notice(app, cast, as_):
    clerk, handler = as_("clerk"), as_("handler")
    assert clerk.get(NEW).status_code == 200
    address = clerk.post(NEW, data=form(cast)).headers["Location"]
    inspection_id = int(address.rsplit("/", 1)[1])
    page = text_of(clerk.get(address).text)
    for said in ("全面", "渠道畅通", "电话核查、现场核实", "指定 1 个单位", "拟订方案"):
        assert said in page
    assert handler.get(address).status_code == 404
    assert "检查〔2025〕1号" not in handler.get("/inspections/").text
    press(clerk, app, inspection_id, "notify")
    assert "检查〔2025〕1号" in handler.get("/inspections/").text
    assert "请签收检查通知，并于2025年4月10日前报送自查情况" in text_of(handler.get("/reports/?quarter=2025Q1").text)
    assert clerk.get(f"{address}/edit").status_code == 200
    assert clerk.post(f"{address}/edit", data=form(cast, version=of(app, inspection_id)[1])).status_code == 409


def test_what_is_missing_is_said_beside_its_field_and_nothing_typed_is_lost(as_, cast):
    clerk = as_("clerk")
    empty = form(cast, title="", criteria=[], own_criteria="", methods=[], checkers=[], units=[], ends_on="2025-02-30")
    answer = clerk.post(NEW, data=empty)
    assert {
        "请填写“检查名称”。",
        "请至少选择一种检查方式。",
        "请选择检查人员。",
        "请选择被检查单位。",
        "请至少选择或填写一项检查内容。",
    } <= set(errors_of(answer))
    assert "计划要求每季度检查。" in answer.text
    answer = clerk.post(NEW, data=form(cast, reach="sample", sample_size="99", units=[]))
    assert answer.status_code == 422
    assert "1 至 4" in answer.text
    answer = clerk.post(NEW, data=form(cast, reach="sample", sample_size="", seed="", units=[]))
    assert len(errors_of(answer)) == 2


def test_a_sample_shows_what_it_was_drawn_with(as_, cast):
    clerk = as_("clerk")
    address = clerk.post(NEW, data=form(cast, reach="sample", sample_size="2", units=[], by_group="y")).headers[
        "Location"
    ]
    page = html.fromstring(clerk.get(address).text)
    rows = page.xpath("//details[@class='sample-details']//tbody/tr")
    assert len(rows) == 4
    assert sum("抽中" in row.text_content() for row in rows) == 2
    assert "号码“一”" in page.text_content()


def test_a_unit_that_is_checked_twice_is_pointed_out_before_the_notice(as_, made, cast):
    made(inspecting.notified)
    again = made(inspecting.planned)
    assert "请避免重复检查、多头检查" in text_of(as_("clerk").get(f"/inspections/{again}").text)
    assert "本季度已安排检查" in as_("clerk").get(NEW).text


def test_the_unit_signs_checks_itself_and_confirms(app, as_, made, cast, here):
    inspection_id = made(inspecting.notified)
    handler, inspector, address = as_("handler"), as_("inspector"), here(inspection_id)
    act(handler, address, "receive", "王某（示例）")
    for item in (cast.items[0], cast.items[2]):
        page = html.fromstring(handler.get(f"{address}/items/{item}").text)
        typed = {name: page.xpath(f"string(//input[@name='{name}']/@value)") for name in ("item", "key")}
        for number in range(4):
            typed[f"c{number}-criterion"] = page.xpath(f"string(//input[@name='c{number}-criterion']/@value)")
            typed[f"c{number}-verdict"] = "met"
        assert handler.post(f"{address}/self-check", data=typed).status_code == 302
    act(handler, address, "self_check", "总体较好。")
    assert "总体较好。" in text_of(inspector.get(address).text)
    with app.app_context():
        inspecting.facts_sent(cast, inspection_lists.inspection_of(cast.county, inspection_id, None), bad=[(0, "及时")])
    page = text_of(handler.get(address).text)
    assert "× 不符合" in page
    assert "登记为问题" not in page
    act(handler, address, "confirm", "属实。")
    assert "王某（示例）" in text_of(as_("clerk").get(address).text)
    with app.app_context():
        part = inspecting.part(cast, inspection_lists.inspection_of(cast.county, inspection_id, None))
        assert part.known.stand is Stand.CONFIRMED


def test_what_lies_with_the_unit_is_read_and_not_shown_as_a_form_that_takes_nothing(app, as_, made, cast, here):
    inspection_id = made(inspecting.notified)
    cell = f"{here(inspection_id)}/items/{cast.items[0]}"
    assert html.fromstring(as_("inspector").get(cell).text).xpath("//main//input[@type='radio']")
    with app.app_context():
        inspecting.facts_sent(cast, inspection_lists.inspection_of(cast.county, inspection_id, None), bad=[(0, "及时")])
    page = as_("inspector").get(cell).text
    assert not html.fromstring(page).xpath("//main//input[@type='radio']|//main//input[@type='file']")
    assert "目前不能修改检查情况" in text_of(page)
    assert "× 不符合" in text_of(page)


def test_the_unit_sees_nothing_of_the_results_before_they_lie_with_it(app, as_, made, cast, here):
    inspection_id = made(inspecting.notified)
    with app.app_context():
        found = inspection_lists.inspection_of(cast.county, inspection_id, None)
        part = inspecting.part(cast, found)
        inspecting.record(cast, part, inspecting.entry(part, Verdict.NOT_MET, "暗访所见。"))
    page = as_("handler").get(here(inspection_id)).text
    assert "暗访所见。" not in page
    assert "检查结果在送单位确认后显示" in page
    assert "暗访所见。" in as_("inspector").get(here(inspection_id)).text


def test_results_at_a_desk_with_a_file_and_two_who_write_at_once_see_both_texts(app, as_, made, cast, here):
    inspection_id = made(inspecting.notified)
    address = f"{here(inspection_id)}/results"
    mine = {"item": cast.items[0], "key": "甲", "c2-criterion": "及时", "c2-verdict": "not_met", "c2-fact": "甲所见。"}
    proof = {"c2-photo": (io.BytesIO(b"%PDF-1.4 proof"), "记录.pdf"), "class": "behind"}
    inspector = as_("inspector")
    assert inspector.post(address, data=mine | proof).status_code == 302
    page = html.fromstring(inspector.get(here(inspection_id)).text)
    [file] = page.xpath("//a[@class='proof']/@href")
    assert inspector.get(file).data == b"%PDF-1.4 proof"
    assert as_("handler").get(file).status_code == 404
    theirs = mine | {"key": "乙", "c2-fact": "乙所见。", "c2-verdict": "met", "c2-seen": "0"}
    answer = as_("clerk").post(address, data=theirs)
    assert answer.status_code == 409
    assert "甲所见。" in answer.text
    assert html.fromstring(answer.text).xpath("string(//textarea[@name='c2-fact'])").strip() == "乙所见。"
    assert "未采用的录入" in as_("clerk").get(here(inspection_id)).text
    assert "未填报 / 欠进度" in text_of(inspector.get(here(inspection_id)).text)


def test_a_wrong_file_or_link_is_named_and_what_was_typed_stays(as_, made, cast, here):
    inspection_id = made(inspecting.notified)
    typed = {"item": cast.items[0], "key": "甲", "c2-criterion": "及时", "c2-verdict": "not_met", "c2-fact": "所见。"}
    answer = as_("inspector").post(f"{here(inspection_id)}/results", data=typed | {"c2-link": "www"})
    assert answer.status_code == 422
    assert "链接须是以 http" in answer.text
    assert "所见。" in answer.text
    broken = {"c2-photo": (io.BytesIO(b"<html>"), "a.png")}
    assert "与扩展名不符" in as_("inspector").post(f"{here(inspection_id)}/results", data=typed | broken).text


def test_one_press_makes_a_finding_that_leads_back(app, as_, made, cast, here):
    inspection_id = made(inspecting.notified)
    with app.app_context():
        inspecting.facts_sent(cast, inspection_lists.inspection_of(cast.county, inspection_id, None), bad=[(0, "及时")])
    inspector = as_("inspector")
    [button] = html.fromstring(inspector.get(here(inspection_id)).text).xpath("//form[button='登记为问题']/@action")
    address = inspector.post(button).headers["Location"]
    assert inspector.post(button).headers["Location"] == address
    page = html.fromstring(inspector.get(address).text)
    assert page.xpath(f"//a[@href='{here(inspection_id)}']/text()") == ["第一季度检查"]
    with app.app_context():
        assert db.session.query(Finding).count() == 1
    assert as_("handler").post(button).status_code == 403


def test_the_objection_is_answered_by_somebody_else(app, as_, made, cast, here):
    inspection_id = made(inspecting.notified)
    with app.app_context():
        inspecting.facts_sent(cast, inspection_lists.inspection_of(cast.county, inspection_id, None), bad=[(0, "及时")])
    address = here(inspection_id)
    act(as_("handler"), address, "object", "检查前一日已更新。")
    assert "由您录入，异议须由其他人员答复" in as_("inspector").get(address).text
    assert "检查前一日已更新。" in as_("inspector").get("/").text
    act(as_("clerk"), address, "dismiss", "网页显示未更新。")
    assert "网页显示未更新。" in as_("handler").get(address).text


def test_what_is_refused_keeps_what_was_typed(app, as_, made):
    inspection_id = made(inspecting.notified)
    clerk = as_("clerk")
    clerk.post(f"/inspections/{inspection_id}/on-site")
    answer = press(clerk, app, inspection_id, "conclude", "总体较好。")
    assert answer.status_code == 409
    assert "县司法局（待签收）" in answer.text
    assert "总体较好。" in answer.text


def test_the_conclusion_is_given_to_the_units_and_its_publication_noted(app, as_, made, cast, here, move_to):
    inspection_id = made(inspecting.notified)
    with app.app_context():
        inspecting.facts_sent(cast, inspection_lists.inspection_of(cast.county, inspection_id, None))
    move_to(date(2025, 4, 20))
    clerk = as_("clerk")
    press(clerk, app, inspection_id, "conclude", "总体较好，继续保持。")
    press(clerk, app, inspection_id, "publish", "通报〔2025〕1号")
    assert of(app, inspection_id)[0] is InspectionState.PUBLISHED
    for address in (f"/inspections/{inspection_id}", here(inspection_id)):
        assert "总体较好，继续保持。" in as_("handler").get(address).text


def test_the_summary_counts_what_the_pages_show(app, as_, made, cast):
    inspection_id = made(inspecting.notified, ["县司法局", "东镇"])
    with app.app_context():
        submit(cast, content(), report_duty(cast))
        inspecting.facts_sent(cast, inspection_lists.inspection_of(cast.county, inspection_id, None), bad=[(0, "及时")])
    page = html.fromstring(as_("leader").get(f"/inspections/{inspection_id}/summary").text)
    first, second = page.xpath("//table/tbody/tr")
    assert [" ".join(cell.text_content().split()) for cell in first.xpath("td[@data-label='及时']")] == [
        "√符合 1 ×不符合 1"
    ]
    assert "未查 2" in second.text_content()


def test_the_notice_is_an_official_letter_and_a_units_copy_names_it_alone(as_, made, cast):
    inspection_id = made(inspecting.notified, ["县司法局", "东镇"])
    answer = as_("handler").get(f"/inspections/{inspection_id}/notice.docx")
    document = docx.Document(io.BytesIO(answer.data))
    words = "\n".join(paragraph.text for paragraph in document.paragraphs)
    for said in (
        "检查〔2025〕1号",
        "县司法局：",
        "公开内容是否全面",
        "2025年4月10日前报送自查情况",
        "5 个工作日内确认或者提出异议",
    ):
        assert said in words
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert "县司法局" in cells
    assert "东镇" not in cells
    with pdfplumber.open(io.BytesIO(as_("clerk").get(f"/inspections/{inspection_id}/notice.pdf").data)) as paper:
        told = "".join(page.extract_text() for page in paper.pages)
    assert "东镇" in told
    assert "各被检查单位" in told
    town = as_("town").get(f"/inspections/{inspection_id}/notice.pdf?unit={cast.units['县司法局']}")
    assert town.status_code == 404


@pytest.mark.parametrize("login", ["stranger", "strange_handler"])
def test_others_find_no_such_inspection(as_, made, here, cast, login):
    inspection_id = made(inspecting.notified)
    client = as_(login)
    for address in (
        f"/inspections/{inspection_id}",
        here(inspection_id),
        f"{here(inspection_id)}/items/{cast.items[0]}",
        f"/inspections/{inspection_id}/notice.pdf",
    ):
        assert client.get(address).status_code == 404
    assert "检查〔2025〕1号" not in client.get("/inspections/").text


def test_a_unit_finds_its_own_page_alone(as_, made, here):
    inspection_id = made(inspecting.notified, ["县司法局", "东镇"])
    assert as_("town").get(here(inspection_id)).status_code == 404
    assert "东镇" not in as_("handler").get(f"/inspections/{inspection_id}").text.split("<main")[1]
    assert as_("handler").get(f"/inspections/{inspection_id}/summary").status_code == 403


@pytest.mark.parametrize("login", ["handler", "leader", "viewer", "inspector"])
def test_who_may_not_plan_is_not_offered_it(as_, cast, login):
    client = as_(login)
    assert "拟订检查方案" not in client.get("/inspections/").text
    assert client.get(NEW).status_code == 403
    assert client.post(NEW, data=form(cast)).status_code == 403


def test_the_list_asks_no_more_for_many_than_for_one(app, as_, made):
    made(inspecting.notified)
    clerk = as_("clerk")
    clerk.get("/inspections/")
    for_one = queries(app, clerk, "/inspections/")
    for _ in range(5):
        made(inspecting.notified, ["县司法局", "东镇"])
    assert queries(app, clerk, "/inspections/") == for_one


def test_the_quarters_sheet_shows_what_was_found(app, as_, made, cast):
    inspection_id = made(inspecting.notified)
    with app.app_context():
        inspecting.facts_sent(cast, inspection_lists.inspection_of(cast.county, inspection_id, None), bad=[(0, "及时")])
    page = text_of(as_("clerk").get(f"/inspection-sheets/?quarter=2025Q1&unit={cast.units['县司法局']}").text)
    assert "■不符合" in page
    assert "两个月未更新" in page
    assert "检查人（签字）：inspector（示例）" in page
    early = as_("clerk").get(f"/inspection-sheets/?quarter=2025Q1&as_of=2025-04-02&unit={cast.units['县司法局']}").text
    assert "■" not in early.split("检查内容与结论")[1]


def test_an_inspectors_first_page_says_whom_to_check_today(as_, made, move_to):
    made(inspecting.notified, checkers=["inspector"])
    move_to(date(2025, 4, 7))
    page = text_of(as_("inspector").get("/").text)
    assert "今天应检查 1 个单位" in page
    assert "县司法局" in page
    assert "0/8" in page


def test_the_notice_stands_among_the_papers_for_the_office_and_for_its_units_alone(as_, made):
    inspection_id = made(inspecting.notified, ["县司法局", "东镇"])
    page = as_("clerk").get("/papers/?kind=inspection-notice")
    [link] = html.fromstring(page.text).xpath(f"//a[@href='/inspections/{inspection_id}']")
    assert "检查〔2025〕1号" in text_of(page.text)
    assert "2 个单位" in text_of(page.text)
    assert "检查〔2025〕1号" in as_("town").get("/papers/").text
    assert "2 个单位" not in as_("town").get("/papers/").text
    for other in ("strange_handler", "stranger"):
        assert "检查〔2025〕1号" not in as_(other).get("/papers/").text


def test_an_items_page_names_its_inspections_and_a_unit_reads_its_verdict_once_the_facts_lie_with_it(
    app, as_, made, cast, here
):
    inspection_id = made(inspecting.notified)
    item = f"/items/{cast.items[0]}"
    with app.app_context():
        found = inspection_lists.inspection_of(cast.county, inspection_id, None)
        part = inspecting.part(cast, found)
        inspecting.record(cast, part, inspecting.entry(part, Verdict.NOT_MET, "抽查未公开。"))

    def told(login):
        [section] = html.fromstring(as_(login).get(item).text).xpath("//section[h2[@id='inspections']]")
        return " ".join(section.text_content().split())

    assert "第一季度检查：县司法局 × 不符合" in told("clerk")
    assert "不符合" not in told("handler")
    with app.app_context():
        inspecting.facts_sent(cast, inspection_lists.inspection_of(cast.county, inspection_id, None), bad=[(0, "及时")])
    assert "第一季度检查：县司法局 × 不符合" in told("handler")
    assert 'id="inspections"' not in as_("town").get(item).text
    unit = html.fromstring(as_("clerk").get(f"/units/{cast.units['县司法局']}").text)
    assert unit.xpath("//dd/a[contains(@href, '/inspections/')]/@href") == [here(inspection_id)]
