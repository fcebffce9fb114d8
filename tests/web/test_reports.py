"""The unit's quarter report: the page of the quarter, the form of each item, evidence."""

import hashlib
import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from urllib.parse import quote

import pytest
from lxml import html

from tests.conftest import TODAY
from tests.reporting import MISSING, Q2, Q3, content, duty_of_kind, queries, rate, report_duty, review, save, submit
from tracker.ledger import plans, reports
from tracker.ledger.db import db, transaction
from tracker.ledger.tables.duties import Duty, Fulfilment
from tracker.ledger.tables.plans import Origin
from tracker.ledger.tables.reports import Evidence, QuarterReport, ReportVersion
from tracker.ledger.tables.units import Unit
from tracker.rules.duties import DutyKind
from tracker.rules.reports import Verdict
from tracker.web.reports import MOST_FORMS

Q1_PAGE = "/reports/?quarter=2025Q1"
PDF = b"%PDF-1.7 evidence"
WRITTEN = {"progress": "已公开征求意见2件。", "progress_class": "on_schedule", "version": "", "missing_note": MISSING}


@pytest.fixture
def handler(as_):
    return as_("handler")


@pytest.fixture
def duty(app, cast):
    """The id of 县司法局's duty to report on the first item."""
    with app.app_context():
        return report_duty(cast).id


@pytest.fixture
def checked(app, cast):
    """The ids of 县司法局's duty to report on the third item, and of what it owes of it each quarter."""
    with app.app_context():
        return report_duty(cast, 2).id, duty_of_kind(cast, DutyKind.RECURRING, 2).id


def post(client, duty, act="save", **fields):
    return client.post(f"/reports/{duty}", data=WRITTEN | {"act": act} | fields)


def stands(app, cast, item=0):
    """The report of 县司法局 as it stands: its text, state and version."""
    with app.app_context():
        report = reports.report_on(report_duty(cast, item))
        return (report.progress, report.state.value, str(report.version)) if report else None


def words(answer) -> str:
    """What a page says, without its marks."""
    return " ".join(html.fromstring(answer.text).find(".//main").text_content().split())


# The page of the quarter


def test_the_page_says_what_is_owed_by_when(handler):
    page = words(handler.get(Q1_PAGE))
    assert "本季度应填 2 项，已填 0 项，截止 4月7日（还有 4 天）。" in page
    assert "预公开重大行政决策草案" in page
    assert "每季度检查各单位政务公开工作" in page
    assert "开放日" not in page


def test_what_is_late_stands_first_with_its_light(handler, move_to):
    move_to(date(2025, 4, 10))
    page = words(handler.get(Q1_PAGE))
    assert "截止 4月7日（已逾期 3 天）" in page
    assert "红 逾期 3 天" in page
    assert "已超过截止日期（4月7日），提交后记为逾期填报。" in page


def test_the_page_can_be_asked_how_it_stood(handler, move_to):
    move_to(date(2025, 4, 10))
    assert "还有 1 天" in words(handler.get(f"{Q1_PAGE}&as_of=2025-04-06"))


def test_other_quarters_still_owed_lead_to_themselves(handler):
    page = handler.get("/reports/?quarter=2025Q2")
    assert "2025年第一季度 2 项未填报" in words(page)
    assert "quarter=2025Q1" in page.text.split("另有未办结的填报")[1]
    assert "另有未办结的填报" not in handler.get(Q1_PAGE).text


def test_in_the_days_of_reporting_the_page_opens_at_the_quarter_before(app, cast, handler):
    assert handler.get("/reports/").headers["Location"].endswith("quarter=2025Q1")
    with app.app_context():
        for item in (0, 2):
            submit(cast, content(), report_duty(cast, item))
    assert "2025年第二季度" in words(handler.get("/reports/?quarter=2025Q2"))
    assert handler.get("/reports/").status_code == 200


def test_last_quarters_plan_and_figures_stand_beside_the_form(app, cast, handler):
    with app.app_context():
        submit(cast, content(figures={rate(cast): "80"}, next_steps="建成预公开专栏。"), report_duty(cast))
    page = words(handler.get("/reports/?quarter=2025Q2"))
    assert "上季度计划：建成预公开专栏。" in page
    assert "80%" in page


def test_what_was_handed_in_is_folded_and_read_only(app, cast, handler, duty):
    with app.app_context():
        submit(cast, content("已公开征求意见2件。"), report_duty(cast))
    page = html.fromstring(handler.get(Q1_PAGE).text)
    [block] = page.xpath(f"//details[@id='d{duty}']")
    assert block.get("open") is None
    assert not block.xpath(".//form[@data-report]")
    assert "已公开征求意见2件。" in block.text_content()
    assert "待审核" in block.text_content()


def test_a_returned_report_shows_the_reason_on_top(app, cast, handler, duty):
    with app.app_context():
        review(cast, submit(cast, content(), report_duty(cast)), Verdict.RETURN, "请补充征集率。")
    page = html.fromstring(handler.get(Q1_PAGE).text)
    [block] = page.xpath(f"//article[@id='d{duty}']")
    assert "请补充征集率。" in block.text_content()
    assert block.xpath(".//textarea[@name='progress']")[0].text.strip() == "已开展。"


def test_a_person_without_a_plan_is_told_what_to_expect(as_):
    assert "还没有入账的计划" in as_("strange_handler").get("/reports/").text


def test_no_id_stands_twice_on_the_page(handler):
    ids = html.fromstring(handler.get("/reports/?quarter=2025Q3").text).xpath("//@id")
    assert len(ids) == len(set(ids))


# Saving and handing in


def test_a_draft_is_saved_and_leads_back_to_its_block(app, cast, handler, duty):
    answer = post(handler, duty, achievements="公众知晓。")
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith(f"quarter=2025Q1#d{duty}")
    assert stands(app, cast)[:2] == ("已公开征求意见2件。", "draft")
    page = handler.get(answer.headers["Location"])
    assert "草稿已保存，尚未提交。" in page.text
    assert "公众知晓。" in page.text


def test_the_browser_is_told_once_that_its_copy_is_no_longer_needed(cast, handler, duty):
    post(handler, duty)
    mark = f'data-saved="{cast.people["handler"]}.{duty}"'
    assert mark in handler.get(Q1_PAGE).text
    assert mark not in handler.get(Q1_PAGE).text


def test_a_report_is_handed_in(app, cast, handler, duty):
    assert post(handler, duty, "submit").status_code == 302
    assert stands(app, cast)[1] == "submitted"
    assert "已提交，等待审核。" in handler.get(Q1_PAGE).text
    assert "已填 1 项" in handler.get(Q1_PAGE).text


def test_line_ends_and_control_characters_of_a_paste_are_put_right(app, cast, handler, duty):
    post(handler, duty, progress=" 一是\r\n二是\x00\x0b。 ")
    assert stands(app, cast)[0] == "一是\n二是。"


def test_an_unfinished_report_comes_back_with_all_that_was_typed(app, cast, handler, duty):
    answer = handler.post(f"/reports/{duty}", data={"act": "submit", "achievements": "公众知晓。", "version": ""})
    assert answer.status_code == 422
    assert "请填写“工作进展”后再提交。" in answer.text
    assert "请选择“进度等次”后再提交。" in answer.text
    assert "公众知晓。" in answer.text
    assert stands(app, cast) is None


def test_every_error_leads_to_its_field(handler, duty):
    page = html.fromstring(handler.post(f"/reports/{duty}", data={"act": "submit"}).text)
    targets = [link[1:] for link in page.xpath("//div[@class='error-summary']//a/@href")]
    assert len(targets) == 3
    assert all(page.xpath("//*[@id=$id]", id=target) for target in targets)


def test_lagging_behind_wants_its_reason(handler, duty):
    assert "“存在问题”中说明原因" in post(handler, duty, "submit", progress_class="behind").text
    assert post(handler, duty, "submit", progress_class="behind", problems="人手紧。").status_code == 302


def test_a_draft_may_lack_what_a_report_needs(handler, duty):
    assert handler.post(f"/reports/{duty}", data={"act": "save", "version": ""}).status_code == 302


def test_too_long_a_text_comes_back_whole(app, cast, handler, duty):
    answer = post(handler, duty, problems="字" * 2001)
    assert answer.status_code == 422
    assert "“存在问题”最多 2000 字，现有 2001 字。" in answer.text
    assert "字" * 2001 in answer.text
    assert stands(app, cast) is None


def test_an_unknown_progress_class_is_refused(handler, duty):
    assert post(handler, duty, progress_class="splendid").status_code == 422


# Saving by itself


def autosave(client, duty, **fields):
    return client.post(f"/reports/{duty}/autosave", data=WRITTEN | fields)


def test_what_is_typed_is_kept_without_a_press(app, cast, handler, duty):
    answer = autosave(handler, duty)
    assert answer.json == {"version": int(stands(app, cast)[2]), "saved_at": "2025-04-03 12:00"}
    answer = autosave(handler, duty, progress="接着写。", version=answer.json["version"])
    assert stands(app, cast) == ("接着写。", "draft", str(answer.json["version"]))


def test_what_cannot_be_kept_yet_is_said_in_a_sentence(app, cast, handler, duty):
    answer = autosave(handler, duty, problems="字" * 2001)
    assert (answer.status_code, answer.json) == (422, {"sentence": "“存在问题”最多 2000 字，现有 2001 字。"})
    assert stands(app, cast) is None


def test_it_overwrites_nobody(app, cast, handler, as_, duty):
    seen = autosave(handler, duty).json["version"]
    autosave(as_("colleague"), duty, progress="同事改稿。", version=seen)
    answer = autosave(handler, duty, progress="本人改稿。", version=seen)
    assert answer.status_code == 409
    assert "又有新的保存" in answer.json["sentence"]
    assert stands(app, cast)[0] == "同事改稿。"


def test_one_that_comes_after_the_hand_in_changes_nothing(app, cast, handler, duty):
    post(handler, duty, "submit")
    answer = autosave(handler, duty, progress="晚到的内容。")
    assert answer.status_code == 409
    assert "正在审核" in answer.json["sentence"]
    assert stands(app, cast)[:2] == (WRITTEN["progress"], "submitted")


def test_a_hand_in_that_overtakes_the_answer_to_its_own_autosave_is_no_conflict(app, cast, handler, duty):
    seen = autosave(handler, duty).json["version"]
    autosave(handler, duty, progress="定稿。", version=seen)
    assert post(handler, duty, "submit", progress="定稿。", version=seen).status_code == 302
    assert stands(app, cast)[:2] == ("定稿。", "submitted")


def test_files_and_links_wait_for_a_save_by_hand(app, handler, duty):
    autosave(handler, duty, files=(io.BytesIO(PDF), "通知.pdf"), link="https://example.gov.cn/1")
    with app.app_context():
        assert db.session.query(Evidence).count() == 0


def test_only_the_own_units_report_is_kept(handler, as_, duty):
    assert autosave(as_("town"), duty).status_code == 404
    assert autosave(as_("clerk"), duty).status_code == 403


def test_one_autosave_asks_little_however_many_items_the_unit_has(app, cast, handler):
    with app.app_context():
        owed = [
            db.session.query(Duty).filter_by(plan_id=_a_plan_of(cast, number), quarter=Q2)[0].id for number in (2, 20)
        ]

    def asked(duty: int) -> int:
        with app.app_context(), queries() as found:
            assert autosave(handler, duty).status_code in (200, 409)
        return len(found)

    assert asked(owed[0]) == asked(owed[1])


def test_a_page_left_open_gets_a_token_for_its_own_person(handler, cast):
    answer = handler.get("/reports/token").json
    assert answer["person"] == cast.people["handler"]
    assert answer["csrf_token"]


# No change


def test_what_has_not_changed_is_handed_in_with_one_press(app, cast, as_):
    town = as_("town")
    with app.app_context():
        for item in (0, 1):
            submit(cast, content(), report_duty(cast, item, "东镇"), by="town")
        save(cast, content("在写。"), report_duty(cast, 1, "东镇", Q2), by="town")
    page = town.get("/reports/?quarter=2025Q2")
    assert "无变化批量填报 可填 1 项" in words(page)
    assert "已有草稿" in words(page)
    [ticked] = html.fromstring(page.text).xpath("//input[@name='ticked']/@value")
    [address] = html.fromstring(page.text).xpath("//details[contains(@class, 'unchanged')]/form/@action")
    page = town.get(town.post(address, data={"ticked": ticked}).headers["Location"])
    assert "已按“无变化”提交 1 项" in page.text
    assert "已填 1 项，其中无变化 1 项" in words(page)


def test_reviewers_read_for_how_long_nothing_has_changed(app, cast, as_, move_to):
    with app.app_context():
        submit(cast, content(), report_duty(cast, 0, "东镇"), by="town")
        owed = [(quarter, report_duty(cast, 0, "东镇", quarter).id) for quarter in (Q2, Q3)]
    move_to(date(2025, 7, 2))
    for quarter, duty in owed:
        as_("town").post(f"/reports/unchanged?quarter={quarter}", data={"ticked": duty})
    page = words(as_("clerk").get("/reviews/"))
    assert "2025年第二季度 无变化" in page
    assert "2025年第三季度 无变化 连续 2 个季度无变化" in page


def test_nothing_ticked_is_said_and_an_obstacle_too(app, cast, as_):
    town = as_("town")
    address = "/reports/unchanged?quarter=2025Q2"
    assert "请先勾选" in town.post(address, follow_redirects=True).text
    with app.app_context():
        owed = report_duty(cast, 0, "东镇", Q2).id
    assert "上季度未填报" in town.post(address, data={"ticked": owed}, follow_redirects=True).text
    assert town.post(address, data={"ticked": "9999"}, follow_redirects=False).status_code == 404


# Consolidation


def note_on(page, duty):
    return html.fromstring(page.text).xpath(f"string(//textarea[@id='d{duty}-missing_note'])").strip()


def test_the_lead_reads_what_supporting_units_handed_in(app, cast, handler, duty):
    with app.app_context():
        submit(cast, content("东镇已公开2件。"), report_duty(cast, unit="东镇"), by="town")
        save(cast, content("西镇草稿。"), report_duty(cast, unit="西镇"), by="clerk")
    page = handler.get(Q1_PAGE)
    assert "应报 2 个，已报 1 个，缺报 1 个" in words(page)
    assert "东镇已公开2件。" in words(page)
    assert "西镇草稿。" not in page.text
    assert note_on(page, duty) == "西镇尚未填报："


def test_without_the_reason_for_missing_shares_nothing_is_handed_in(app, cast, handler, duty):
    note = note_on(handler.get(Q1_PAGE), duty)
    answer = post(handler, duty, "submit", missing_note=note)
    assert answer.status_code == 422
    assert "配合单位东镇、西镇尚未填报，请在“缺报说明”中写明原因" in answer.text
    assert stands(app, cast) is None
    assert post(handler, duty, "submit", missing_note=note + "停电，明日补报。").status_code == 302


def test_reviewers_read_which_shares_were_missing(handler, duty, as_):
    post(handler, duty, "submit", missing_note="两镇停电。")
    assert "配合单位未报齐 东镇、西镇 两镇停电。" in words(as_("clerk").get("/reviews/"))


def test_a_share_given_back_meanwhile_is_asked_about_and_the_text_stays(app, cast, handler, duty):
    with app.app_context():
        for town in ("东镇", "西镇"):
            submit(cast, content(), report_duty(cast, unit=town), by="town")
    assert not html.fromstring(handler.get(Q1_PAGE).text).xpath(f"//*[@id='d{duty}-missing_note']")
    with app.app_context():
        review(cast, reports.report_on(report_duty(cast, unit="西镇")), Verdict.RETURN, "请补充。")
    answer = post(handler, duty, "submit", missing_note="")
    assert answer.status_code == 422
    assert WRITTEN["progress"] in answer.text
    assert html.fromstring(answer.text).xpath(f"//textarea[@id='d{duty}-missing_note']")


def test_too_long_a_note_comes_back_whole(handler, duty):
    answer = post(handler, duty, missing_note="字" * 501)
    assert answer.status_code == 422
    assert "“缺报说明”最多 500 字，现有 501 字。" in answer.text


def test_a_supporting_unit_reads_whether_the_lead_has_handed_in(app, cast, as_):
    assert "牵头单位：县司法局（尚未提交）" in words(as_("town").get(Q1_PAGE))
    with app.app_context():
        submit(cast, content("局里的内容。"), report_duty(cast))
    page = words(as_("town").get(Q1_PAGE))
    assert "牵头单位：县司法局（2025-04-03 12:00 已提交）" in page
    assert "局里的内容。" not in page


# Ticks


def test_a_done_duty_is_ticked_with_its_day(app, cast, handler, checked):
    owed, other = checked
    post(handler, owed, "submit", **{f"done-{other}": "y", f"done_on-{other}": "2025-03-28"})
    with app.app_context():
        days = {f.duty_id: f.done_on for f in db.session.scalars(db.select(Fulfilment))}
    assert days == {owed: TODAY, other: date(2025, 3, 28)}
    assert "每季度（应于 3月31日）：2025-03-28 完成" in words(handler.get(Q1_PAGE))


def test_a_tick_without_a_day_and_a_day_without_a_tick_are_asked_about(handler, checked):
    owed, other = checked
    assert "请填写完成日期" in post(handler, owed, **{f"done-{other}": "y"}).text
    answer = post(handler, owed, **{f"done_on-{other}": "2025-03-28"})
    assert answer.status_code == 422
    assert "请同时勾选，或清空日期" in answer.text


@pytest.mark.parametrize(
    ("day", "sentence"), [("2025-04-04", "不能晚于今天"), ("2025-02-30", "日期不存在"), ("0025-03-28", "核对年份")]
)
def test_an_impossible_day_is_refused_with_the_form(app, cast, handler, checked, day, sentence):
    owed, other = checked
    answer = post(handler, owed, **{f"done-{other}": "y", f"done_on-{other}": day})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert WRITTEN["progress"] in answer.text
    assert stands(app, cast, 2) is None


def test_what_another_quarter_did_is_shown_as_done(app, cast, handler):
    with app.app_context():
        other = duty_of_kind(cast, DutyKind.RECURRING, 2)
        submit(cast, content(done={other.id: date(2025, 3, 28)}), report_duty(cast, 2))
        name = f"done-{other.id}"
    page = handler.get("/reports/?quarter=2025Q2")
    assert "√ 每季度（应于 3月31日）：2025年3月28日完成" in words(page)
    assert name not in page.text


# Two at once


def test_a_stale_save_shows_both_texts_and_can_be_saved_again(app, cast, handler, as_, duty):
    post(handler, duty)
    seen = stands(app, cast)[2]
    post(as_("colleague"), duty, progress="同事改稿。", version=seen)
    answer = post(handler, duty, progress="本人改稿。", version=seen)
    assert answer.status_code == 409
    assert "同事改稿。" in answer.text
    form = html.fromstring(answer.text).xpath("//form[@data-report]")[0]
    assert form.xpath(".//textarea[@name='progress']")[0].text.strip() == "本人改稿。"
    [version] = form.xpath(".//input[@name='version']/@value")
    assert stands(app, cast)[0] == "同事改稿。"
    assert post(handler, duty, progress="合并稿。", version=version).status_code == 302
    assert stands(app, cast)[0] == "合并稿。"


def test_only_what_differs_is_set_side_by_side(app, cast, handler, as_, duty):
    post(handler, duty, achievements="相同。")
    post(as_("colleague"), duty, progress="同事改稿。", achievements="相同。", version=stands(app, cast)[2])
    page = html.fromstring(post(handler, duty, progress="本人改稿。", achievements="相同。", version="1").text)
    rows = [[cell.text for cell in row] for row in page.xpath("//section[@class='both']//tbody/tr")]
    assert rows == [["工作进展", "同事改稿。", "本人改稿。"]]


def test_a_save_after_the_colleague_handed_in_is_refused_with_both_texts(app, cast, handler, as_, duty):
    post(handler, duty)
    seen = stands(app, cast)[2]
    post(as_("colleague"), duty, "submit", progress="同事定稿。", version=seen)
    answer = post(handler, duty, progress="本人改稿。", version=seen)
    assert answer.status_code == 409
    assert "正在审核" in answer.text
    assert "同事定稿。" in answer.text
    assert "本人改稿。" in answer.text
    assert "提交本季度填报" not in answer.text


def test_a_double_click_is_one_act(app, cast, handler, duty):
    for act in ("save", "submit"):
        version = stands(app, cast)[2] if stands(app, cast) else ""
        answers = [post(handler, duty, act, achievements=act, version=version) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [302, 302]
    with app.app_context():
        assert db.session.query(ReportVersion).count() == 1


def test_a_double_click_with_a_file_attaches_it_once(app, cast, handler, duty):
    for _ in range(2):
        answer = post(handler, duty, "submit", files=(io.BytesIO(PDF), "通知.pdf"), link="https://example.gov.cn/1")
        assert answer.status_code == 302
    with app.app_context():
        assert db.session.query(Evidence).count() == 2
        assert db.session.query(ReportVersion).one().more["evidence"][0]["title"] == "通知.pdf"


def test_the_same_report_sent_eight_times_at_once_is_stored_once(app, cast, as_, duty):
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda client: post(client, duty, "submit"), [as_("handler") for _ in range(8)]))
    assert [answer.status_code for answer in answers] == [302] * 8
    with app.app_context():
        assert db.session.query(ReportVersion).count() == db.session.query(Fulfilment).count() == 1


def test_of_eight_texts_saved_at_once_one_is_kept_and_seven_are_told(app, cast, as_, duty):
    clients = [(as_("handler"), f"第{number}稿。") for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda one: post(one[0], duty, progress=one[1]), clients))
    assert sorted(answer.status_code for answer in answers) == [302] + [409] * 7
    for answer, (_, text) in zip(answers, clients, strict=True):
        assert text in answer.text or answer.status_code == 302


# Evidence


def attach(client, duty, name="通知.pdf", bytes_=PDF, **fields):
    return post(client, duty, files=(io.BytesIO(bytes_), name), **fields)


def evidence_id(app) -> int:
    with app.app_context():
        return db.session.query(Evidence.id).order_by(Evidence.id.desc()).first()[0]


def test_a_file_comes_back_as_an_attachment_that_nothing_runs(app, handler, duty):
    attach(handler, duty, "通知（盖章）.pdf")
    answer = handler.get(f"/reports/evidence/{evidence_id(app)}")
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert f"filename*=UTF-8''{quote('通知（盖章）.pdf')}" in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].strip() == "sandbox"


def test_several_files_and_a_link_go_with_one_save(handler, duty):
    files = [(io.BytesIO(PDF), "一.pdf"), (io.BytesIO(b"\xff\xd8\xff\xe0"), "二.jpg")]
    answer = post(handler, duty, files=files, link="https://example.gov.cn/1", link_title="专栏")
    page = words(handler.get(answer.headers["Location"]))
    assert "一.pdf" in page
    assert "二.jpg" in page
    assert "专栏 链接" in page


@pytest.mark.parametrize("name", ["页面.html", "图.svg", "程序.docx", "空.pdf"])
def test_a_file_of_another_kind_is_refused_and_the_text_stays(app, cast, handler, duty, name):
    answer = attach(handler, duty, name, b"" if name == "空.pdf" else b"<script>alert(1)</script>")
    assert answer.status_code == 422
    assert WRITTEN["progress"] in answer.text
    assert "请重新选择" in answer.text
    assert stands(app, cast) is None


def test_a_request_that_is_too_large_is_refused_plainly(app, cast, handler, duty):
    app.config["MAX_CONTENT_LENGTH"] = 1024
    answer = attach(handler, duty, bytes_=PDF + bytes(2048))
    assert answer.status_code == 413
    assert "提交的内容过大" in answer.text
    assert stands(app, cast) is None


def test_a_photo_comes_back_whole(app, handler, duty):
    photo = b"\xff\xd8\xff" + bytes(range(256)) * 1_000
    assert attach(handler, duty, "现场.jpg", photo).status_code == 302
    assert handler.get(f"/reports/evidence/{evidence_id(app)}").data == photo


PHOTO = b"\xff\xd8\xff" + bytes(64)


@pytest.mark.parametrize(
    ("name", "bytes_", "kind"), [("通知.pdf", PDF, "application/pdf"), ("现场.JPG", PHOTO, "image/jpeg")]
)
def test_a_picture_and_a_pdf_can_be_looked_at_where_nothing_runs(app, handler, duty, name, bytes_, kind):
    attach(handler, duty, name, bytes_, act="submit")
    for address in (f"/reports/evidence/{evidence_id(app)}/look", "/reports/versions/1/1/evidence/0/look"):
        answer = handler.get(address)
        assert (answer.data, answer.mimetype) == (bytes_, kind)
        assert not answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["Content-Security-Policy"].strip() == "sandbox"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_any_other_file_can_only_be_downloaded(app, handler, duty):
    attach(handler, duty, "说明.txt", "说明".encode())
    assert handler.get(f"/reports/evidence/{evidence_id(app)}/look").status_code == 404
    assert "预览" not in words(handler.get(Q1_PAGE))


def test_a_file_shows_its_hash_to_writer_and_reviewer(handler, duty, as_):
    attach(handler, duty, "现场.jpg", PHOTO)
    whole = hashlib.sha256(PHOTO).hexdigest()
    page = handler.get(Q1_PAGE)
    assert f"校验码 {whole[:12]}" in words(page)
    assert f"SHA-256 {whole}" in words(page)
    assert html.fromstring(page.text).xpath("//img/@alt") == ["现场.jpg"]
    version = html.fromstring(page.text).xpath(f"string(//*[@id='d{duty}-version']/@value)")
    post(handler, duty, "submit", version=version)
    assert whole in as_("clerk").get("/reviews/").text


def test_an_infected_file_is_refused_by_name_and_the_text_stays(app, cast, handler, duty):
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], scan_command=("false",))
    answer = attach(handler, duty, "带毒.pdf")
    assert answer.status_code == 422
    assert "“带毒.pdf”中发现病毒，未上传。" in answer.text
    assert WRITTEN["progress"] in answer.text
    assert stands(app, cast) is None


@pytest.mark.parametrize("link", ["javascript:alert(1)", "www.example.gov.cn", "ftp://example.cn/"])
def test_a_link_of_another_kind_is_refused_and_the_text_stays(app, cast, handler, duty, link):
    answer = post(handler, duty, link=link)
    assert answer.status_code == 422
    assert WRITTEN["progress"] in answer.text
    assert f'href="{link}"' not in answer.text
    assert stands(app, cast) is None


def test_a_hostile_name_is_only_ever_shown(app, handler, duty):
    attach(handler, duty, "../../<img src=x onerror=alert(1)>.pdf")
    page = handler.get(Q1_PAGE).text
    assert "<img" not in page
    answer = handler.get(f"/reports/evidence/{evidence_id(app)}")
    assert ".." not in answer.headers["Content-Disposition"]


def test_evidence_is_removed_with_the_text_kept(app, cast, handler, duty):
    attach(handler, duty)
    held = evidence_id(app)
    version = stands(app, cast)[2]
    answer = handler.post(
        f"/reports/{duty}", data=WRITTEN | {"progress": "正在写。", "remove": held, "version": version}
    )
    assert answer.status_code == 302
    assert stands(app, cast)[0] == "正在写。"
    assert handler.get(f"/reports/evidence/{held}").status_code == 404


def test_what_was_handed_in_can_still_be_fetched_after_it_was_removed(app, cast, handler, duty, as_):
    attach(handler, duty, act="submit")
    with app.app_context():
        report = reports.report_on(report_duty(cast))
        review(cast, report, Verdict.RETURN, "请更换。")
        number, version = report.id, report.version
    post(handler, duty, remove=evidence_id(app), version=str(version))
    address = f"/reports/versions/{number}/1/evidence/0"
    answer = as_("clerk").get(address)
    assert answer.data == PDF
    assert answer.headers["Content-Security-Policy"].strip() == "sandbox"
    assert as_("town").get(address).status_code == 404
    assert as_("clerk").get(f"/reports/versions/{number}/1/evidence/9").status_code == 404


@pytest.mark.parametrize(
    ("login", "status"),
    [
        ("handler", 200),
        ("colleague", 200),
        ("clerk", 200),
        ("leader", 200),
        ("inspector", 200),
        ("viewer", 200),
        ("town", 404),
        ("strange_handler", 404),
        ("stranger", 404),
        ("admin", 403),
    ],
)
def test_evidence_and_versions_are_seen_by_those_concerned(app, handler, duty, as_, login, status):
    attach(handler, duty, act="submit")
    with app.app_context():
        number = db.session.query(QuarterReport.id).one()[0]
    assert as_(login).get(f"/reports/evidence/{evidence_id(app)}").status_code == status
    assert as_(login).get(f"/reports/versions/{number}").status_code == status


def test_every_version_is_told_with_what_the_office_said(app, cast, handler, as_):
    with app.app_context():
        report = submit(cast, content("初稿。", {rate(cast): "90"}), report_duty(cast))
        review(cast, report, Verdict.RETURN, "请补充。")
        submit(cast, content("改稿。", {rate(cast): "96"}), report_duty(cast))
        number = report.id
    page = words(as_("leader").get(f"/reports/versions/{number}"))
    assert page.index("改稿。") < page.index("请补充。") < page.index("初稿。")
    assert "90% 尚未达到" in page
    assert "96% 达到" in page


# Whose it is


@pytest.mark.parametrize(
    ("login", "status"),
    [("colleague", 302), ("town", 404), ("strange_handler", 404), ("clerk", 403), ("leader", 403), ("admin", 403)],
)
def test_a_report_is_written_by_its_own_unit_alone(app, cast, as_, duty, login, status):
    assert post(as_(login), duty).status_code == status
    assert (stands(app, cast) is not None) == (status == 302)
    assert as_(login).get(f"/reports/{duty}").status_code == (200 if status == 302 else status)


def test_another_duty_than_one_to_report_is_not_found(handler, checked):
    assert handler.get(f"/reports/{checked[1]}").status_code == 404
    assert post(handler, checked[1]).status_code == 404


def test_foreign_fields_in_the_form_do_nothing(app, cast, handler, duty):
    with app.app_context():
        foreign = duty_of_kind(cast, DutyKind.RECURRING, 2).id
    post(handler, duty, "submit", **{f"done-{foreign}": "y", f"done_on-{foreign}": "2025-03-28", "figure-9999": "1"})
    with app.app_context():
        assert [f.duty_id for f in db.session.scalars(db.select(Fulfilment))] == [duty]


def test_what_is_typed_is_shown_as_text(handler, duty):
    post(handler, duty, progress="</textarea><script>alert(1)</script>", next_steps="{{7*7}}")
    page = handler.get(Q1_PAGE).text
    assert "<script>alert" not in page
    assert "{{7*7}}" in page


# Size


def test_the_page_takes_as_many_queries_for_many_items_as_for_few(app, cast, handler):
    with app.app_context():
        many = _a_plan_of(cast, 10)

    def asked(plan: int, shown: int) -> int:
        address = f"/reports/?plan={plan}&quarter=2025Q2"
        handler.get(address)  # the first visit remembers the choice
        with app.app_context(), queries() as found:
            page = html.fromstring(handler.get(address).text)
        assert len(page.xpath("//form[@data-report]")) == shown
        return len(found)

    with app.app_context():
        submit(cast, content(), report_duty(cast))
        save(cast, content(figures={rate(cast): 1}), report_duty(cast, quarter=Q2))
    few = asked(cast.plan, 2)
    assert asked(many, 10) <= few


def test_of_very_many_items_the_most_pressing_stand_open_and_the_others_are_one_press_away(app, cast, handler):
    with app.app_context():
        plan = _a_plan_of(cast, MOST_FORMS + 3)
    page = html.fromstring(handler.get(f"/reports/?plan={plan}&quarter=2025Q2").text)
    assert len(page.xpath("//form[@data-report]")) == MOST_FORMS
    links = page.xpath("//article[contains(@class, 'brief')]//a[contains(@href, '/reports/')]/@href")
    assert len(links) == 3
    assert html.fromstring(handler.get(links[0]).text).xpath("//form[@data-report]")


def _a_plan_of(cast, number: int) -> int:
    """A plan of so many items of 县司法局, half of them begun."""
    with transaction():
        unit = db.session.get_one(Unit, cast.units["县司法局"])
        items = [
            plans.ItemFacts(["公开"], f"第{n}项工作。", responsible=[(unit, True, unit.name, Origin.DOCUMENT)])
            for n in range(number)
        ]
        facts = plans.PlanFacts("2025年补充计划", "示例县政府办公室", 2025)
        plan = plans.register(cast.act("clerk"), facts, items).id
    begun = db.session.query(Duty).filter_by(plan_id=plan, quarter=Q2, kind=DutyKind.QUARTER_REPORT)
    for duty in begun.limit(number // 2).all():
        save(cast, content(), duty)
    return plan
