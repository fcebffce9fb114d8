"""The closing page: what is missing leads to its records, one press seals, and who may press."""

from datetime import date

import pytest
from lxml import html

from tests.closing import REPORTED, SEALING, report_first_item, seal
from tests.extending import apply
from tests.finding import notified
from tests.reporting import Q1, content, count, report_duty, submit
from tracker.ledger import snapshots
from tracker.ledger.db import db, transaction
from tracker.ledger.tables.organisations import Organisation
from tracker.ledger.tables.snapshots import Snapshot
from tracker.rules.closing import Lack
from tracker.web import selection as selecting

ADDRESS = "/closing/?plan=1&quarter=2025Q1"
PRESS = {"as_of": SEALING.isoformat(), "sure": "y"}


@pytest.fixture(autouse=True)
def on_the_day_of_closing(move_to):
    move_to(SEALING)


def words(answer) -> str:
    return " ".join(html.fromstring(answer.text).find(".//main").text_content().split())


def _counts(page) -> dict[str, int]:
    rows = html.fromstring(page.text).xpath("//table[contains(@class, 'lacks')]/tbody/tr")
    return {row.find("th").text_content().strip(" ▲■\n"): int(row.findall("td")[0].text_content()) for row in rows}


def test_what_is_missing_is_counted(app, cast, as_):
    with app.app_context():
        report_first_item(cast)
        submit(cast, content(), report_duty(cast, 2), on=REPORTED)
        notified(cast, due=date(2025, 4, 20))
        apply(cast)
    counts = _counts(as_("clerk").get(ADDRESS))
    assert list(counts) == [lack.label for lack in Lack]
    assert counts["未填报"] == 5  # of seven shares two are in
    assert counts["已提交、未审完"] == 1
    assert counts["整改逾期"] == 1
    assert counts["检查问题未通知"] == 0


@pytest.mark.parametrize("lack", list(Lack))
def test_each_number_leads_to_as_many_records(app, cast, as_, lack):
    with app.app_context():
        report_first_item(cast)
        submit(cast, content(), report_duty(cast, 2), on=REPORTED)
        notified(cast, due=date(2025, 4, 20))
    clerk = as_("clerk")
    number = _counts(clerk.get(ADDRESS))[lack.label]
    page = html.fromstring(clerk.get(f"{ADDRESS}&show={lack.value}").text)
    links = page.xpath("//ul[@class='records']/li/a/@href")
    assert len(links) == number
    for link in set(links):
        assert clerk.get(link).status_code == 200, link


def test_it_shows_what_would_be_sealed(app, cast, as_):
    with app.app_context():
        report_first_item(cast)
    page = words(as_("clerk").get(ADDRESS))
    assert "共 3 项任务" in page
    assert "列为未报的单位4 个：县司法局、县行政审批局、东镇、西镇" in page
    assert "应报 7 份，按时 1 份，逾期 0 份，未报 6 份" in page


def test_one_press_seals_and_a_second_changes_nothing(app, cast, as_):
    clerk = as_("clerk")
    first = clerk.post(ADDRESS, data=PRESS)
    assert first.status_code == 302
    again = clerk.post(ADDRESS, data=PRESS, follow_redirects=True)
    assert "此前已经封存，没有重复封存" in again.text
    with app.app_context():
        assert count(Snapshot) == 1
        assert snapshots.read(db.session.get_one(Snapshot, 1)).as_of == SEALING


def test_it_asks_once(app, as_):
    answer = as_("clerk").post(ADDRESS, data={"as_of": SEALING.isoformat()})
    assert answer.status_code == 422
    assert "请先勾选“已核对”" in words(answer)
    with app.app_context():
        assert count(Snapshot) == 0


@pytest.mark.parametrize("as_of", ["", "2025-02-30", "2025-03-01", "2025-04-26"])
def test_a_day_that_cannot_be_sealed_is_refused_in_a_sentence(app, as_, as_of):
    answer = as_("clerk").post(ADDRESS, data={"as_of": as_of, "sure": "y"})
    assert answer.status_code == 422
    assert "截至日期" in answer.text
    with app.app_context():
        assert count(Snapshot) == 0


def test_who_may_close(app, cast, as_):
    for login in ("inspector", "viewer", "handler", "colleague", "admin"):
        assert as_(login).post(ADDRESS, data=PRESS).status_code == 403, login
    assert as_("stranger").post(ADDRESS, data=PRESS).status_code == 404
    with app.app_context():
        assert count(Snapshot) == 0
    assert as_("leader").post(ADDRESS, data=PRESS).status_code == 302


def test_where_a_leader_has_to_the_office_is_told_so(app, cast, as_):
    with app.app_context(), transaction():
        db.session.get_one(Organisation, cast.county).sealing_levels = 2
    clerk = as_("clerk")
    assert "须由领导小组组长或副组长批准" in words(clerk.get(ADDRESS))
    assert clerk.post(ADDRESS, data=PRESS).status_code == 403
    assert as_("leader").post(ADDRESS, data=PRESS).status_code == 302


def test_a_quarter_that_runs_offers_no_button(as_):
    page = html.fromstring(as_("clerk").get("/closing/?plan=1&quarter=2025Q2").text)
    assert page.xpath("//section[@aria-labelledby='seal']//button") == []
    assert "尚未结束" in page.text_content()


# Once it is sealed


def test_other_pages_are_of_the_sealed_day_and_say_so(app, cast, as_, move_to):
    with app.app_context():
        report_first_item(cast)
        kept = seal(cast)
        hashed, sentence = kept.sha256[:8], snapshots.read(kept).totals
    move_to(date(2025, 6, 30))
    leader = as_("leader")
    for address in ("/dashboard", "/items/", "/inspection-sheets/"):
        page = leader.get(f"{address}?plan=1&quarter=2025Q1", follow_redirects=True)
        if page.status_code == 404:
            continue
        text = words(page)
        assert "2025年第一季度已封存（第1版，数据截至2025年4月25日" in text, address
        assert hashed in text
    overview = words(leader.get("/dashboard?plan=1&quarter=2025Q1"))
    assert f"共 {sentence.items} 项任务" in overview
    for each in sentence.by_standing:
        assert f"{each.number} 项{each.standing.label}" in overview


def test_a_day_that_is_asked_for_is_shown_beside_the_seal(app, cast, as_, move_to):
    with app.app_context():
        seal(cast)
    move_to(date(2025, 6, 30))
    page = words(as_("leader").get("/items/?plan=1&quarter=2025Q1&as_of=2025-06-30"))
    assert "以下为2025年6月30日的情况" in page


def test_the_day_in_the_bar_does_not_stick_to_the_next_quarter(app, cast, as_, move_to):
    with app.app_context():
        seal(cast)
    move_to(date(2025, 6, 30))
    page = as_("leader").get("/items/?plan=1&quarter=2025Q2&as_of=2025-04-25&as_of_was=2025-04-25")
    assert html.fromstring(page.text).xpath("//input[@name='as_of']/@value") == ["2025-06-30"]


def test_pages_of_the_present_stay_in_the_present(app, cast, as_, move_to):
    with app.app_context():
        seal(cast)
    move_to(date(2025, 6, 30))
    with app.test_request_context("/reports/?plan=1&quarter=2025Q1"):
        assert "reports" in selecting._NOW
    assert as_("handler").get("/reports/?plan=1&quarter=2025Q1").status_code == 200


def test_a_report_into_the_sealed_quarter_is_refused_and_its_text_shown_again(app, cast, as_):
    with app.app_context():
        seal(cast)
        duty = report_duty(cast)
        duty_id = duty.id
    form = {"progress": "补报的内容", "progress_class": "on_schedule", "missing_note": "无", "action": "submit"}
    answer = as_("handler").post(f"/reports/{duty_id}", data=form)
    assert answer.status_code == 409
    assert "2025年第一季度已于2025年4月25日封存" in answer.text
    assert "补报的内容" in answer.text
    saved = as_("handler").post(f"/reports/{duty_id}/autosave", data=form)
    assert (saved.status_code, "封存" in saved.json["sentence"]) == (409, True)
    with app.app_context():
        assert db.session.get_one(Snapshot, 1).quarter == Q1
