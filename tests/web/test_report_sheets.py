"""The Excel form from the unit's desk: out, in, checked, confirmed."""

import io
import re
from datetime import date
from time import perf_counter

import pytest
from lxml import html
from sqlalchemy import func, select

from tests import sheets
from tests.pages import queries, text_of
from tests.reading import papers, traps
from tests.reporting import MISSING, content, duty_of_kind, rate, report_duty, review, save, submit
from tests.sheets import cells_of, filled
from tracker.ledger import plans, reports
from tracker.ledger.db import db, transaction
from tracker.ledger.tables.events import Event
from tracker.ledger.tables.plans import Origin
from tracker.ledger.tables.reports import QuarterReport, ReportVersion
from tracker.ledger.tables.units import Unit
from tracker.rules.deadlines import Deadline, DeadlineKind, Every
from tracker.rules.duties import DutyKind
from tracker.rules.report_form import DUTIES, FIGURES, REPORTS
from tracker.rules.reports import ProgressClass, ReportState, Verdict

Q1 = "?quarter=2025Q1"
READY = {
    (REPORTS, "G6"): "已检查各单位。",
    (REPORTS, "K6"): "达进度",
}  # the row of the third item, which waits for nobody


@pytest.fixture
def handler(as_):
    return as_("handler")


def form_of(client, quarter=Q1) -> bytes:
    answer = client.get(f"/reports/sheet.xlsx{quarter}")
    assert answer.status_code == 200
    return answer.data


def upload(client, data: bytes, quarter=Q1, name="填报表.xlsx"):
    return client.post(f"/reports/sheet{quarter}", data={"file": (io.BytesIO(data), name)})


def checked(client, data: bytes):
    answer = upload(client, data)
    assert answer.status_code == 302, text_of(answer.text)
    return client.get(answer.headers["Location"])


def confirm(client, page, **more):
    """Send the form of the check page as it stands, with these choices."""
    fields = {each.name: each.value for each in html.fromstring(page.text).forms[-1].inputs if each.type == "hidden"}
    return client.post("/reports/sheet/check", data=fields | more)


def report(app, cast, item=0) -> QuarterReport | None:
    with app.app_context():
        found = reports.report_on(report_duty(cast, item))
        return found and (found.text, found.state, dict(found.done_duties), [str(f.value) for f in found.figures])


def faults_on(page) -> dict[str, str]:
    listed = html.fromstring(page.text).xpath("//ul[@class='faults']/li")
    return {each.xpath("string(b)"): each.text_content().split("：", 1)[1] for each in listed}


def test_the_page_of_the_quarter_leads_to_the_form(handler):
    page = handler.get(f"/reports/{Q1}").text
    assert "/reports/sheet.xlsx?plan=1&amp;quarter=2025Q1" in page
    assert "/reports/sheet?plan=1&amp;quarter=2025Q1" in page
    assert "上传并核对" in handler.get(f"/reports/sheet{Q1}").text


def test_the_form_lists_what_the_unit_owes_and_what_it_wrote(app, cast, handler):
    with app.app_context():
        save(cast, content("已公开2件。", kind=None, figures={}), report_duty(cast))
    first, third = cells_of(form_of(handler), REPORTS)
    assert (first[1], first[3], first[6], first[12]) == ("预公开重大行政决策草案。", "牵头", "已公开2件。", "草稿")
    assert third[0] == 3


def test_a_form_that_nobody_touched_changes_nothing(app, cast, handler):
    with app.app_context():
        target, done = rate(cast), duty_of_kind(cast, DutyKind.RECURRING, 2).id
        save(cast, content(" 已公开2件。\n二是", achievements="=好", next_steps="下一步"), report_duty(cast))
        save(cast, content("已检查。", done={done: date(2025, 3, 20)}), report_duty(cast, 2))
        assert target
    before = [report(app, cast, item) for item in (0, 2)]
    page = checked(handler, form_of(handler))
    assert "未改动 2 项" in text_of(page.text)
    assert "没有需要保存的改动" in confirm(handler, page).text or confirm(handler, page).status_code == 302
    assert [report(app, cast, item) for item in (0, 2)] == before


def test_what_was_typed_is_shown_beside_what_stood_and_saved_once_confirmed(app, cast, handler):
    typed = {(REPORTS, "G5"): "已公开3件。", (REPORTS, "K5"): "达进度", (FIGURES, "F5"): 19, (FIGURES, "G5"): "２０"}
    typed |= {(DUTIES, "E5"): "√", (DUTIES, "F5"): "2025年3月20日"}
    page = checked(handler, filled(form_of(handler), typed))
    assert "95%（已办结 19，应办 20）" in page.text
    assert report(app, cast) is None
    answer = confirm(handler, page)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/reports/?plan=1&quarter=2025Q1")
    text, state, _, figures = report(app, cast)
    assert (text.progress, text.progress_class, state) == ("已公开3件。", ProgressClass.ON_SCHEDULE, ReportState.DRAFT)
    assert figures == ["95"]
    assert list(report(app, cast, 2)[2].values()) == ["2025-03-20"]


def test_confirmed_twice_is_one_act(app, cast, handler):
    page = checked(handler, filled(form_of(handler), READY))
    confirm(handler, page, hand_in="yes")
    again = confirm(handler, page, hand_in="yes")
    assert again.status_code == 302
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(ReportVersion)) == 1
        acts = select(func.count()).select_from(Event).where(Event.act == "fill_in_by_sheet")
        assert db.session.scalar(acts) == 1


def test_what_is_complete_is_handed_in_where_the_unit_says_so(app, cast, handler):
    page = checked(
        handler, filled(form_of(handler), READY | {(REPORTS, "G5"): "已公开3件。", (REPORTS, "K5"): "达进度"})
    )
    assert "填写完整的 1 项同时提交" in text_of(page.text)
    assert "东镇、西镇尚未填报" in page.text
    confirm(handler, page, hand_in="yes")
    assert [report(app, cast, item)[1] for item in (0, 2)] == [ReportState.DRAFT, ReportState.SUBMITTED]


def test_a_lead_says_in_the_sheet_which_shares_are_missing(app, cast, handler):
    typed = {(REPORTS, "G5"): "已公开3件。", (REPORTS, "K5"): "达进度", (REPORTS, "L5"): MISSING}
    confirm(handler, checked(handler, filled(form_of(handler), typed)), hand_in="yes")
    assert report(app, cast)[1] is ReportState.SUBMITTED


@pytest.mark.parametrize(
    ("layout", "cell", "value", "at", "sentence"),
    [
        (REPORTS, "K6", "正常", "K6", "进度等次应为“已完成、超进度、达进度、欠进度、其他”之一"),
        (REPORTS, "G6", "长" * 2001, "G6", "最多 2000 字，现有 2001 字"),
        (REPORTS, "G6", sheets.Formula("1+1"), "G6", "公式"),
        (FIGURES, "F5", "十九", "F5", "应填数字"),
        (FIGURES, "F5", -1, "F5", "不能为负数"),
        (FIGURES, "I5", "长" * 201, "I5", "最多 200 字"),
        (DUTIES, "E5", "快了", "E5", "只填“√”或留空"),
        (DUTIES, "E5", "√", "F5", "请填写完成日期"),
        (DUTIES, "F5", "2025-03-20", "E5", "填“√”"),
        (DUTIES, "F5", "三月", "F5", "不是日期"),
        (DUTIES, "F5", "2025-04-04", "F5", "不能晚于今天"),
        (DUTIES, "F5", 2025, "F5", "核对年份"),
        (REPORTS, "A6", 1, "A6", "序号与标识不符"),
    ],
)
def test_every_fault_names_its_cell_and_nothing_is_saved(app, cast, handler, layout, cell, value, at, sentence):
    page = checked(handler, filled(form_of(handler), {(REPORTS, "G5"): "已公开。", (layout, cell): value}))
    found = faults_on(page)
    assert list(found) == [f"“{layout.name}”表 {at}"]
    assert sentence in next(iter(found.values()))
    assert "确认保存" not in page.text
    assert confirm(handler, page).status_code == 422
    assert report(app, cast) is None


def test_a_tick_that_comes_too_early_or_with_a_day_is_fine(handler, app, cast):
    confirm(handler, checked(handler, filled(form_of(handler), {(DUTIES, "E5"): "是", (DUTIES, "F5"): 45736})))
    assert list(report(app, cast, 2)[2].values()) == ["2025-03-20"]


def test_a_key_that_was_changed_is_told_by_its_row(handler):
    form = form_of(handler)
    key = cells_of(form, REPORTS)[0][-1]
    page = checked(handler, filled(form, {(REPORTS, "N6"): "9" + key}))
    assert "第 6 行的标识被改动" in faults_on(page)["“填报”表 A6"]


def test_a_row_that_was_copied_is_told(handler):
    form = form_of(handler)
    key = cells_of(form, REPORTS)[0][-1]
    page = checked(handler, filled(form, {(REPORTS, "A7"): 1, (REPORTS, "G7"): "再写", (REPORTS, "N7"): key}))
    assert faults_on(page) == {"“填报”表 A7": "这一行与第 5 行是同一项，请只留一行。"}


def test_rows_in_another_order_are_the_same_rows(app, cast, handler):
    swapped = sheets.changed(form_of(handler), REPORTS, lambda sheet: sheets.with_rows_swapped(sheet, 5, 6))
    confirm(handler, checked(handler, filled(swapped, {(REPORTS, "G5"): "已检查。"})))
    assert report(app, cast, 2)[0].progress == "已检查。"
    assert report(app, cast) is None


def test_a_row_that_was_deleted_leaves_its_report_alone(app, cast, handler):
    with app.app_context():
        save(cast, content("已公开2件。"), report_duty(cast))
    before = report(app, cast)
    shorter = sheets.changed(form_of(handler), REPORTS, lambda sheet: sheets.without_row(sheet, 5))
    page = checked(handler, filled(shorter, {(REPORTS, "G6"): "已检查。"}))
    assert "表中没有的任务 1 项" in text_of(page.text)
    confirm(handler, page)
    assert (report(app, cast), report(app, cast, 2)[0].progress) == (before, "已检查。")


@pytest.fixture
def overtaken(app, cast, handler):
    """A form that was filled in while a colleague saved the same item: the check page, and what the colleague wrote."""
    form = filled(form_of(handler), {(REPORTS, "G6"): "表格里写的。"})
    with app.app_context():
        save(cast, content("同事写的。", kind=None), report_duty(cast, 2), by="colleague")
    return checked(handler, form)


def test_a_conflict_shows_both_texts_and_keeps_the_ledgers_unless_told_otherwise(app, cast, handler, overtaken):
    assert "需要选择 1 项" in text_of(overtaken.text)
    assert "表格里写的。" in overtaken.text
    assert "colleague（示例）保存" in text_of(overtaken.text)
    confirm(handler, overtaken)
    assert report(app, cast, 2)[0].progress == "同事写的。"


def test_the_unit_may_choose_the_sheet(app, cast, handler, overtaken):
    use = re.search(r'name="(use-\d+)"', overtaken.text).group(1)
    assert confirm(handler, overtaken, **{use: "sheet"}).status_code == 302
    assert report(app, cast, 2)[0].progress == "表格里写的。"


def test_what_was_saved_while_the_page_was_read_is_shown_again(app, cast, handler, overtaken):
    use = re.search(r'name="(use-\d+)"', overtaken.text).group(1)
    with app.app_context():
        save(cast, content("同事又写的。", kind=None), report_duty(cast, 2), by="colleague")
    answer = confirm(handler, overtaken, **{use: "sheet"})
    assert answer.status_code == 409
    assert "同事又写的。" in answer.text
    assert report(app, cast, 2)[0].progress == "同事又写的。"


def test_a_row_that_nobody_touched_is_no_conflict(app, cast, handler):
    form = form_of(handler)
    with app.app_context():
        save(cast, content("同事写的。", kind=None), report_duty(cast, 2), by="colleague")
    page = checked(handler, form)
    assert "未改动 2 项" in text_of(page.text)


def test_what_was_handed_in_is_locked_and_says_so(app, cast, handler):
    form = filled(form_of(handler), {(REPORTS, "G6"): "表格里写的。"})
    with app.app_context():
        handed_in = submit(cast, content("已提交的。"), report_duty(cast, 2), by="colleague")
        report_id = handed_in.id
    page = checked(handler, form)
    assert "正在审核" in page.text
    confirm(handler, page, hand_in="yes")
    assert report(app, cast, 2)[0].progress == "已提交的。"
    assert cells_of(form_of(handler), REPORTS)[1][12] == "待审核"
    with app.app_context():
        review(cast, db.session.get_one(QuarterReport, report_id), Verdict.RETURN, "请补充。")
    page = checked(handler, filled(form_of(handler), {(REPORTS, "G6"): "补充了。"}))
    confirm(handler, page, hand_in="yes")
    assert report(app, cast, 2)[1] is ReportState.SUBMITTED


def test_nothing_is_applied_where_one_item_cannot_be(app, cast, handler, monkeypatch):
    page = checked(handler, filled(form_of(handler), READY | {(REPORTS, "G5"): "已公开3件。"}))
    kept = reports.save

    def second_fails(by, duty, *rest):
        if duty.item.position == 3:
            raise RuntimeError
        return kept(by, duty, *rest)

    monkeypatch.setattr(reports, "save", second_fails)
    assert confirm(handler, page).status_code == 500
    assert report(app, cast) is None


@pytest.mark.parametrize(
    ("who", "sentence"),
    [("town", "另一个单位的填报表"), ("strange_handler", "不是从本系统下载|另一个单位的填报表|还没有计划")],
)
def test_somebody_elses_form_is_refused(as_, handler, who, sentence):
    answer = upload(as_(who), form_of(handler), "")
    assert answer.status_code in (404, 422)
    assert re.search(sentence, answer.text)


def test_another_quarters_form_is_refused_by_its_name(handler):
    answer = upload(handler, form_of(handler, "?quarter=2025Q2"))
    assert answer.status_code == 422
    assert "2025年第二季度的填报表，与当前的" in text_of(answer.text)


def test_an_older_years_form_is_refused_by_its_name(app, cast, handler):
    form = form_of(handler)
    with app.app_context(), transaction():
        unit = db.session.get_one(Unit, cast.units["县司法局"])
        item = plans.ItemFacts([], "新任务", responsible=[(unit, True, "县司法局", Origin.DOCUMENT)])
        plans.register(cast.act(), plans.PlanFacts("2026年工作计划", "县政府", 2026), [item])
    answer = upload(handler, form, "?plan=3&quarter=2026Q1")
    if answer.status_code == 404:
        answer = upload(handler, form, "?plan=2&quarter=2026Q1")
    assert "《2025年政务公开工作计划》2025年第一季度的填报表" in text_of(answer.text)


@pytest.mark.parametrize(
    ("build", "sentence"),
    [
        (lambda _form: b"", "空的"),
        (lambda _form: traps.OLE, "旧格式"),
        (lambda form: form[:-500], "已经损坏"),
        (lambda form: traps.bomb(form, "xl/media/a.bin", 60_000_000), "解开后过大"),
        (lambda _form: papers.word("各位同事"), "不是从本系统下载"),
        (lambda form: filled(form, {(REPORTS, "N1"): "1.1.2025Q1.1:forged"}), "不是从本系统下载"),
    ],
)
def test_a_hostile_or_wrong_file_is_a_sentence_beside_the_field(handler, build, sentence):
    answer = upload(handler, build(form_of(handler)))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'type="file"' in answer.text


def test_no_file_is_asked_for(handler):
    answer = handler.post(f"/reports/sheet{Q1}", data={})
    assert (answer.status_code, "请先选择" in answer.text) == (422, True)


def test_the_check_page_is_its_uploaders_alone(as_, handler):
    waiting = upload(handler, form_of(handler)).headers["Location"]
    for address in (waiting, "/reports/sheet/check?file=forged"):
        answer = as_("colleague").get(address)
        assert answer.status_code == 302
        assert "/reports/sheet" in answer.headers["Location"]


def test_a_form_of_a_unit_that_is_not_ones_own_is_not_found(cast, handler):
    assert handler.get(f"/reports/sheet.xlsx{Q1}&unit={cast.units['东镇']}").status_code == 404


def test_forty_items_come_quickly_and_with_as_many_queries_as_two(app, cast, handler):
    few = queries(app, handler, f"/reports/sheet.xlsx{Q1}")
    with app.app_context(), transaction():
        unit = db.session.get_one(Unit, cast.units["县司法局"])
        lead = (unit, True, "县司法局", Origin.DOCUMENT)
        deadline = ("每季度", Deadline(DeadlineKind.RECURRING, every=Every.QUARTER), Origin.DOCUMENT)
        items = [
            plans.ItemFacts([], f"任务{n}：" + "公开目录。" * 30, responsible=[lead], deadlines=[deadline])
            for n in range(40)
        ]  # fmt: skip
        plan_id = plans.register(cast.act(), plans.PlanFacts("大计划", "县政府", 2025), items).id
    address = f"/reports/sheet.xlsx?plan={plan_id}&quarter=2025Q1"
    assert queries(app, handler, address) == few
    started = perf_counter()
    assert len(cells_of(handler.get(address).data, REPORTS)) == 40
    assert perf_counter() - started < 1  # a busy machine; the page itself is held to 0.3 s by hand
