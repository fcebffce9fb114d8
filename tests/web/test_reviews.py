"""The office's review: what waits, read in place, accepted or returned with a reason."""

from datetime import date

import pytest
from lxml import html

from tests.reporting import content, queries, rate, report_duty, review, save, submit
from tracker.ledger.db import db
from tracker.ledger.tables.reports import QuarterReport, Review
from tracker.rules.reports import Verdict


@pytest.fixture
def clerk(as_):
    return as_("clerk")


@pytest.fixture
def report(app, cast):
    """The id of a report that 县司法局 has handed in on the first item."""
    with app.app_context():
        return submit(cast, content("已公开征求意见2件。", {rate(cast): "90"}), report_duty(cast)).id


@pytest.fixture
def towns_report(app, cast):
    """The id of a report that 东镇 handed in before that."""
    with app.app_context():
        return submit(cast, content("镇里已开展。"), report_duty(cast, unit="东镇"), by="town", on=date(2025, 4, 2)).id


def decide(client, report, verdict="accept", reason="", version="1", **more):
    data = {"verdict": verdict, "reason": reason, "version": version} | more
    return client.post(f"/reviews/{report}", data=data)


def state(app, report) -> str:
    with app.app_context():
        return db.session.get_one(QuarterReport, report).state.value


def words(answer) -> str:
    return " ".join(html.fromstring(answer.text).find(".//main").text_content().split())


def hand_in_again(app, cast, text="已公开征求意见2件，征集率92%。"):
    with app.app_context():
        submit(cast, content(text, {rate(cast): "92"}), report_duty(cast))


# What waits


def test_nothing_waits_is_said_plainly(clerk):
    assert "没有待审核的填报" in words(clerk.get("/reviews/"))


def test_the_whole_report_is_read_in_place(clerk, report):
    page = words(clerk.get("/reviews/"))
    assert "待审核 1 项，涉及 1 个单位" in page
    for said in ("已公开征求意见2件。", "达进度", "预公开率达95%", "90%", "未达到", "2025年第一季度", "截止 4月7日"):
        assert said in page


def test_the_longest_waiting_unit_stands_first(clerk, report, towns_report):
    page = html.fromstring(clerk.get("/reviews/").text)
    assert [heading.text.strip() for heading in page.xpath("//section/h2[@id]")] == ["东镇", "县司法局"]


def test_one_unit_can_be_read_alone(clerk, cast, report, towns_report):
    page = words(clerk.get(f"/reviews/?unit={cast.units['东镇']}"))
    assert "镇里已开展。" in page
    assert "已公开征求意见2件。" not in page
    assert "没有待审核的填报" in words(clerk.get(f"/reviews/?unit={cast.units['西镇']}"))
    assert clerk.get(f"/reviews/?unit={cast.units['邻县司法局']}").status_code == 404


def test_what_came_in_late_is_marked(app, cast, clerk, report):
    assert "逾期" not in words(clerk.get("/reviews/"))
    with app.app_context():
        submit(cast, content(), report_duty(cast, 2), on=date(2025, 4, 9))
    assert "逾期 2 天提交" in words(clerk.get("/reviews/"))


def test_a_draft_does_not_wait(app, cast, clerk):
    with app.app_context():
        draft = save(cast, content(), report_duty(cast)).id
    assert "没有待审核的填报" in words(clerk.get("/reviews/"))
    assert clerk.get(f"/reviews/{draft}").status_code == 404
    assert decide(clerk, draft).status_code == 404


# Verdicts


def test_accepting_leads_on_to_the_next(app, clerk, report, towns_report):
    answer = decide(clerk, towns_report, next=report)
    assert answer.headers["Location"] == f"/reviews/#r{report}"
    assert state(app, towns_report) == "accepted"
    page = words(clerk.get("/reviews/"))
    assert "东镇第 1 项已审核通过。" in page
    assert "待审核 1 项" in page


def test_returning_tells_the_unit_why(app, clerk, report, as_):
    assert decide(clerk, report, "return", "请补充征集率。").status_code == 302
    assert state(app, report) == "returned"
    assert "请补充征集率。" in as_("handler").get("/reports/?quarter=2025Q1").text
    assert "请补充征集率。" in words(clerk.get("/reviews/")).split("最近审核")[-1]


def test_returning_without_a_reason_asks_for_one(app, clerk, report):
    answer = decide(clerk, report, "return", " ")
    assert answer.status_code == 422
    assert "退回时请写明理由" in answer.text
    assert html.fromstring(answer.text).xpath("//details[@open]//textarea[@name='reason']")
    assert state(app, report) == "submitted"


def test_too_long_a_reason_comes_back_whole(app, clerk, report):
    answer = decide(clerk, report, "return", "字" * 2001)
    assert answer.status_code == 422
    assert "字" * 2001 in answer.text
    assert state(app, report) == "submitted"


def test_a_verdict_that_is_none_is_refused(app, clerk, report):
    assert decide(clerk, report, "splendid").status_code == 422
    assert state(app, report) == "submitted"


def test_a_stale_verdict_shows_the_new_text_and_keeps_the_reason(app, cast, clerk, report):
    decide(clerk, report, "return", "请补充。")
    hand_in_again(app, cast)
    answer = decide(clerk, report, "return", "还缺佐证。", version="1")
    assert answer.status_code == 409
    assert "单位刚刚重新提交了该填报" in answer.text
    assert "征集率92%" in answer.text
    assert "还缺佐证。" in answer.text
    assert html.fromstring(answer.text).xpath("//input[@name='version']/@value") == ["2"]
    assert state(app, report) == "submitted"


def test_a_double_click_is_one_act(app, clerk, report):
    assert [decide(clerk, report).status_code for _ in range(2)] == [302, 302]
    with app.app_context():
        assert db.session.query(Review).count() == 1


def test_a_verdict_after_anothers_is_refused_and_the_reason_shown(app, cast, clerk, report):
    with app.app_context():
        review(cast, db.session.get_one(QuarterReport, report), Verdict.ACCEPT, by="leader")
    answer = decide(clerk, report, "return", "请补充。")
    assert answer.status_code == 409
    assert "您填写的理由：请补充。" in words(answer)
    assert state(app, report) == "accepted"


@pytest.mark.parametrize("version", ["", "x", "0", "99", "-1"])
def test_a_version_that_nobody_saw_is_not_reviewed(app, clerk, report, version):
    assert decide(clerk, report, version=version).status_code in (409, 422)
    assert state(app, report) == "submitted"


def test_what_changed_since_the_return_is_marked(app, cast, clerk, report):
    decide(clerk, report, "return", "请补充征集率。")
    hand_in_again(app, cast)
    page = html.fromstring(clerk.get("/reviews/").text)
    text, figure = page.xpath("//ins/text()")
    assert text == "，征集率92%"
    assert "92" in figure
    assert "2 处有改动" in page.text_content()
    assert "请补充征集率。" in page.xpath("//article")[0].text_content()


def test_a_report_that_came_back_unchanged_is_called_so(app, cast, clerk, report):
    decide(clerk, report, "return", "请补充征集率。")
    with app.app_context():
        submit(cast, content("已公开征求意见2件。", {rate(cast): "90"}), report_duty(cast))
    assert "没有改动" in words(clerk.get("/reviews/"))


# Many at once


def accept_many(client, *ticked, **more):
    return client.post("/reviews/", data={"ticked": list(ticked)} | more, follow_redirects=True)


def test_many_are_accepted_at_once(app, clerk, report, towns_report):
    assert "已审核通过 2 项。" in accept_many(clerk, f"{report}.1", f"{towns_report}.1").text
    assert [state(app, number) for number in (report, towns_report)] == ["accepted", "accepted"]


def test_one_that_cannot_be_accepted_does_not_hold_up_the_others(app, cast, clerk, report, towns_report):
    decide(clerk, report, "return", "请补充。")
    hand_in_again(app, cast)
    page = accept_many(clerk, f"{report}.1", f"{towns_report}.1").text
    assert "已审核通过 1 项。" in page
    assert "1 项未处理：单位刚刚重新提交了该填报" in page
    assert [state(app, number) for number in (report, towns_report)] == ["submitted", "accepted"]


@pytest.mark.parametrize("ticked", [(), ("",), ("x.1",), ("1",), ("1.x",), ("-1.1",)])
def test_nothing_ticked_is_nothing_done(app, clerk, report, ticked):
    assert "请先勾选要审核通过的填报。" in accept_many(clerk, *ticked).text
    assert state(app, report) == "submitted"


# Whose it is


@pytest.mark.parametrize("login", ["leader", "inspector", "viewer", "admin", "handler", "colleague", "town"])
def test_only_the_office_reviews(app, as_, report, login):
    client = as_(login)
    assert client.get("/reviews/").status_code == 403
    assert client.get(f"/reviews/{report}").status_code == 403
    assert decide(client, report).status_code == 403
    assert client.post("/reviews/", data={"ticked": f"{report}.1"}).status_code == 403
    assert state(app, report) == "submitted"


def test_another_organisations_office_finds_nothing(app, as_, report):
    stranger = as_("stranger")
    assert "没有待审核的填报" in words(stranger.get("/reviews/"))
    assert stranger.get(f"/reviews/{report}").status_code == 404
    assert decide(stranger, report).status_code == 404
    assert "1 项未处理" in accept_many(stranger, f"{report}.1").text
    assert state(app, report) == "submitted"


def test_nobody_reviews_their_own(app, cast, clerk):
    with app.app_context():
        own = submit(cast, content(), report_duty(cast), by="clerk").id
    assert "本人提交的填报，请由其他人员审核。" in words(clerk.get("/reviews/"))
    answer = decide(clerk, own)
    assert answer.status_code == 403
    assert "不能审核本人提交的填报" in answer.text
    assert "1 项未处理" in accept_many(clerk, f"{own}.1").text
    assert state(app, own) == "submitted"


def test_what_units_write_is_shown_as_text(app, cast, clerk):
    with app.app_context():
        submit(cast, content("<script>alert(1)</script>{{7*7}}"), report_duty(cast))
    page = clerk.get("/reviews/").text
    assert "<script>alert" not in page
    assert "{{7*7}}" in page


# Size


def test_the_page_takes_as_many_queries_for_many_as_for_one(app, cast, clerk, report):
    def asked() -> int:
        with app.app_context(), queries() as found:
            assert clerk.get("/reviews/").status_code == 200
        return len(found)

    clerk.get("/reviews/")
    one = asked()
    with app.app_context():
        submit(cast, content(), report_duty(cast, 2))
        submit(cast, content(), report_duty(cast, unit="东镇"), by="town")
        submit(cast, content(), report_duty(cast, 1, unit="东镇"), by="town")
    assert asked() == one


def test_the_last_reviews_take_as_many_queries_for_many_as_for_one(app, cast, clerk, report, towns_report):
    with app.app_context():
        still_waiting = submit(cast, content(), report_duty(cast, 2)).id

    def asked() -> int:
        clerk.get("/reviews/")  # takes up what is to be said of the last act
        with app.app_context(), queries() as found:
            assert f"r{still_waiting}" in clerk.get("/reviews/").text
        return len(found)

    decide(clerk, report)
    one = asked()
    decide(clerk, towns_report)
    assert asked() == one
