import io
from datetime import date

import docx
import pdfplumber
import pytest
from lxml import html
from python_calamine import CalamineWorkbook

from tests.conftest import TODAY
from tests.finding import notified, record, submitted, take
from tests.office_words import plain
from tests.pages import errors_of, queries, text_of
from tests.reporting import content, report_duty, submit
from tracker.ledger import findings
from tracker.ledger.db import db
from tracker.ledger.tables.findings import Finding
from tracker.rules.findings import FindingAct, FindingState

FORM = {
    "quarter": "2025Q1",
    "source": "inspection",
    "criterion": "及时",
    "problem": "专栏两个月未更新。",
    "basis": "计划要求及时公开。",
    "demand": "补齐内容。",
    "due": "2025-04-18",
    "verified_class": "",
    "item": "",
}


@pytest.fixture
def made(app, cast):
    """`made(submitted)` is the id of a finding that the function made."""

    def make(maker, *words, **more):
        with app.app_context():
            return maker(cast, *words, **more).id

    return make


def found(app, finding_id):
    with app.app_context():
        each = db.session.get_one(Finding, finding_id)
        return each.state, each.version


def new(cast, unit="县司法局"):
    return f"/findings/new?plan={cast.plan}&quarter=2025Q1&unit={cast.units[unit]}"


def post(client, finding_id, part, app, **typed):
    version = found(app, finding_id)[1]
    return client.post(f"/findings/{finding_id}/{part}", data={"version": version} | typed)


def test_from_the_inspection_sheet_to_the_closing(app, cast, as_):
    inspector, clerk, handler = as_("inspector"), as_("clerk"), as_("handler")
    sheet = html.fromstring(inspector.get("/inspection-sheets/?unit=all&quarter=2025Q1").text)
    address = next(
        a for a in sheet.xpath("//a[starts-with(., '登记问题')]/@href") if f"unit={cast.units['县司法局']}" in a
    )
    page = html.fromstring(inspector.get(address).text)
    assert page.xpath("string(//select[@name='item']/option[@selected]/@value)") == str(cast.items[0])
    assert page.xpath("string(//input[@name='due']/@value)") == "2025-04-18"
    answer = inspector.post(address, data=FORM | {"item": cast.items[0]})
    finding_id = int(answer.headers["Location"].rsplit("/", 1)[1])
    assert handler.get(f"/findings/{finding_id}").status_code == 404
    clerk.post("/findings/notify", data={"finding": finding_id})
    assert "整改〔2025〕1号" in handler.get("/findings/").text
    assert "本单位有 1 个检查问题待整改" in text_of(handler.get("/reports/?quarter=2025Q1").text)
    post(handler, finding_id, "unit", app, act="plan", text="补齐；王某；4月10日前。")
    proof = {"file": (io.BytesIO(b"%PDF-1.4 proof"), "截图.pdf"), "link": "https://example.gov.cn/a"}
    post(handler, finding_id, "unit", app, act="submit", text="已补齐。", **proof)
    assert html.fromstring(clerk.get("/").text).xpath("//a[@href='/findings/?state=submitted']/text()") == ["1"]
    page = inspector.get(f"/findings/{finding_id}").text
    assert "https://example.gov.cn/a" in page
    [file] = html.fromstring(page).xpath("//ol[@class='steps']//a[contains(@href, '/file')]/@href")
    assert inspector.get(file).data == b"%PDF-1.4 proof"
    post(inspector, finding_id, "verification", app, act="close", text="网上核对属实。")
    assert found(app, finding_id)[0] is FindingState.CLOSED
    assert "◆ 蓝 已销号" in text_of(clerk.get(f"/items/{cast.items[0]}").text)


def test_what_is_missing_is_said_beside_its_field_and_nothing_typed_is_lost(as_, cast):
    clerk = as_("clerk")
    answer = clerk.post(new(cast), data=FORM | {"basis": " ", "criterion": "其他", "due": ""})
    assert errors_of(answer) == ["请写明检查内容，最多 50 字。", "请填写“检查依据”。", "请填写“整改期限”。"]
    answer = clerk.post(new(cast), data=FORM | {"due": "2025-04-03"})
    assert answer.status_code == 422
    assert "应晚于今天" in answer.text
    assert "专栏两个月未更新。" in answer.text


def test_an_own_criterion_is_kept_and_offered_again(as_, cast):
    clerk = as_("clerk")
    answer = clerk.post(new(cast), data=FORM | {"criterion": "其他", "other": "渠道畅通"})
    page = clerk.get(answer.headers["Location"] + "/edit")
    assert 'value="渠道畅通"' in page.text
    assert "渠道畅通" in clerk.get("/findings/?criterion=渠道畅通").text


def test_the_unit_is_chosen_first_and_never_the_own(as_, cast):
    page = as_("clerk").get("/findings/new")
    links = html.fromstring(page.text).xpath("//ul[@class='unit-choice']//a")
    assert [link.text for link in links] == ["县司法局", "县行政审批局", "东镇", "西镇"]


def test_two_who_write_at_once_see_both_texts(app, as_, made):
    finding_id = made(notified)
    seen = found(app, finding_id)[1]
    post(as_("handler"), finding_id, "unit", app, act="plan", text="甲方案。")
    mine = {"act": "plan", "text": "乙方案。", "version": seen}
    colleague = as_("colleague")
    answer = colleague.post(f"/findings/{finding_id}/unit", data=mine)
    assert answer.status_code == 409
    cells = html.fromstring(answer.text).xpath("//section[@aria-labelledby='both']//td/text()")
    assert cells == ["甲方案。", "乙方案。"]
    form = html.fromstring(answer.text).xpath("//form[.//textarea[@id='text-plan']]")[0]
    assert form.xpath("string(.//textarea)").strip() == "乙方案。"
    again = {"act": "plan", "text": "乙方案。", "version": form.xpath("string(.//input[@name='version']/@value)")}
    assert colleague.post(f"/findings/{finding_id}/unit", data=again).status_code == 302


def test_an_edit_on_an_older_page_shows_what_stands_now(app, as_, made, cast):
    finding_id = made(record)
    clerk, seen = as_("clerk"), found(app, finding_id)[1]
    address = f"/findings/{finding_id}/edit"
    assert clerk.post(address, data=FORM | {"problem": "甲。", "version": seen}).status_code == 302
    answer = as_("inspector").post(address, data=FORM | {"problem": "乙。", "version": seen})
    assert answer.status_code == 409
    assert html.fromstring(answer.text).xpath("//section[@aria-labelledby='both']//td/text()") == ["甲。", "乙。"]


def test_a_text_that_is_refused_stands_in_its_form_again(app, as_, made):
    finding_id = made(submitted)
    answer = post(as_("clerk"), finding_id, "verification", app, act="close", text=" ")
    assert answer.status_code == 422
    assert "请填写“核查意见”" in answer.text
    long = post(as_("clerk"), finding_id, "verification", app, act="return", text="字" * 2001)
    assert "现有 2001 字" in long.text
    assert "字" * 2001 in long.text
    linked = post(as_("clerk"), finding_id, "verification", app, act="close", text="属实。", link="www")
    assert linked.status_code == 422
    assert "属实。" in linked.text


def test_a_step_that_is_over_keeps_what_was_typed_in_sight(app, as_, made):
    finding_id = made(notified)
    answer = post(as_("handler"), finding_id, "unit", app, act="submit", text="已补齐。")
    assert answer.status_code == 409
    assert html.fromstring(answer.text).xpath("string(//p[@class='written kept'])") == "已补齐。"


def test_the_finder_sees_that_somebody_else_answers_the_objection(app, as_, made):
    finding_id = made(notified)
    post(as_("handler"), finding_id, "unit", app, act="object", text="不属实。")
    assert "异议须由其他人员答复" in as_("inspector").get(f"/findings/{finding_id}").text
    clerk = as_("clerk")
    assert "1 条异议待答复" in text_of(clerk.get("/").text)
    assert "有异议待答复" in clerk.get("/findings/?state=objected").text
    assert "应于2025年5月3日前答复" in clerk.get(f"/findings/{finding_id}").text
    post(clerk, finding_id, "answer", app, act="uphold", text="经核实已更新。")
    assert "不予认定" in clerk.get("/findings/?state=unfounded").text


def test_overdue_and_repeated_are_said_and_lead_to_the_earlier_ones(as_, made, move_to):
    first = made(notified)
    july = date(2025, 7, 3)
    again = made(notified, on=july, due=date(2025, 7, 20))
    move_to(july)
    page = as_("clerk").get("/findings/")
    assert "整改逾期 76 天" in page.text
    assert "屡查屡犯：第 2 次" in page.text
    assert f'<a href="/findings/{first}">整改〔2025〕1号</a>' in page.text
    assert "屡查屡犯：第 2 次" in as_("handler").get(f"/findings/{again}").text


def test_every_count_leads_to_a_list_of_as_many(app, as_, made, move_to, cast):
    with app.app_context():
        submit(cast, content(), report_duty(cast))
    made(notified), made(submitted), made(record), made(notified, "东镇", item=None)
    move_to(date(2025, 5, 8))
    clerk = as_("clerk")
    page = html.fromstring(clerk.get("/findings/?quarter=2025Q1").text)
    links = page.xpath("//nav[@class='kinds no-print']/a")
    assert {link.text.rsplit(" ", 1)[0] for link in links} >= {"全部", "整改逾期", "与单位自报不一致", "待通知"}
    for link in links:
        rows = html.fromstring(clerk.get(link.get("href")).text).xpath("//table/tbody/tr")
        assert len(rows) == int(link.text.rsplit(" ", 1)[1]), link.text
    narrowed = clerk.get(f"/findings/?unit={cast.units['东镇']}&source=inspection").text
    assert len(html.fromstring(narrowed).xpath("//table/tbody/tr")) == 1
    assert clerk.get("/findings/?state=nonsense").status_code == 422


def test_the_list_asks_no_more_for_many_than_for_one(app, as_, made):
    made(notified)
    clerk = as_("clerk")
    clerk.get("/findings/")
    for_one = queries(app, clerk, "/findings/")
    for _ in range(8):
        made(submitted)
    assert queries(app, clerk, "/findings/") == for_one


def test_fifty_stand_on_a_page(app, as_, made):
    for _ in range(51):
        made(record)
    clerk = as_("clerk")
    assert len(html.fromstring(clerk.get("/findings/").text).xpath("//table/tbody/tr")) == 50
    assert len(html.fromstring(clerk.get("/findings/?page=2").text).xpath("//table/tbody/tr")) == 1


def test_several_go_out_in_one_press_each_under_its_number(as_, made):
    ids = [made(record), made(record)]
    clerk = as_("clerk")
    answer = clerk.post("/findings/notify", data={"finding": ids}, follow_redirects=True)
    assert "整改〔2025〕1号、整改〔2025〕2号" in answer.text
    papers = clerk.get(f"/findings/notices.pdf?finding={ids[0]}&finding={ids[1]}")
    with pdfplumber.open(io.BytesIO(papers.data)) as paper:
        words = "".join(page.extract_text() for page in paper.pages)
    assert "整改〔2025〕2号" in words
    assert clerk.post("/findings/notify").status_code == 422


def test_the_notice_says_problem_basis_demand_and_day_and_brings_its_receipt(as_, made):
    finding_id = made(notified)
    answer = as_("handler").get(f"/findings/{finding_id}.docx")
    document = docx.Document(io.BytesIO(answer.data))
    words = "\n".join(paragraph.text for paragraph in document.paragraphs)
    for said in (
        "整改〔2025〕1号",
        "县司法局：",
        "专栏两个月未更新。",
        "计划要求及时公开。",
        "补齐内容，明确专人。",
        "2025年4月18日前",
    ):
        assert said in words
    assert document.tables[0].rows[0].cells[1].text == "整改〔2025〕1号"


def test_notices_one_or_several_are_set_in_the_offices_own_word_file(as_, made):
    ids, clerk = [made(notified), made(notified)], as_("clerk")
    data = {"file": (io.BytesIO(plain("本单位版式：{{ 文号 }}")), "模板.docx")}
    clerk.post("/paper-templates/rectification-notice/file", data=data, content_type="multipart/form-data")
    one = docx.Document(io.BytesIO(as_("handler").get(f"/findings/{ids[0]}.docx").data))
    assert one.paragraphs[0].text == "本单位版式：整改〔2025〕1号"
    both = docx.Document(io.BytesIO(clerk.get(f"/findings/notices.docx?finding={ids[0]}&finding={ids[1]}").data))
    told = [paragraph.text for paragraph in both.paragraphs if paragraph.text.startswith("本单位版式")]
    assert told == ["本单位版式：整改〔2025〕1号", "本单位版式：整改〔2025〕2号"]
    assert len(both.sections) == 2


def test_the_register_is_a_workbook_of_texts(app, as_, made, cast):
    finding_id = made(submitted, problem="=1+1")
    with app.app_context():
        take(cast, findings.finding_of(cast.county, finding_id, None), FindingAct.CLOSE, "属实。", by="clerk")
    for medium in ("pdf", "docx"):
        assert as_("clerk").get(f"/findings/register.{medium}").status_code == 200
    assert as_("clerk").get("/findings/register.odt").status_code == 404
    answer = as_("clerk").get("/findings/register.xlsx")
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.data))
    _title, _about, heads, *rows = book.get_sheet_by_index(0).to_python()
    [told] = [dict(zip(heads, row, strict=True)) for row in rows]
    assert told["存在问题"] == "=1+1"
    assert told["状态"] == "已销号"
    assert told["销号日期"] == TODAY


@pytest.mark.parametrize("login", ["stranger", "town", "strange_handler"])
def test_others_find_no_such_finding(as_, made, login):
    finding_id = made(notified)
    client = as_(login)
    for address in (
        f"/findings/{finding_id}",
        f"/findings/{finding_id}.pdf",
        f"/findings/notices.pdf?finding={finding_id}",
    ):
        assert client.get(address).status_code == 404
    assert "整改〔2025〕1号" not in client.get("/findings/").text


@pytest.mark.parametrize("login", ["handler", "leader", "viewer"])
def test_who_may_not_record_is_not_offered_it(as_, cast, login):
    client = as_(login)
    assert "登记问题" not in client.get("/findings/").text
    assert client.get(new(cast)).status_code == 403
    assert client.post("/findings/notify", data={"finding": 1}).status_code == 403
