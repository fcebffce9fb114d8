"""Reviews under two and three levels, for everybody of the cast; with one level they are those of test_reviews."""

import pytest
from lxml import html

from tests.reporting import content, queries, report_duty, submit
from tracker.ledger.db import db, transaction
from tracker.ledger.tables.organisations import Organisation
from tracker.ledger.tables.reports import QuarterReport

EVERYBODY = ("clerk", "leader", "inspector", "viewer", "admin", "handler", "colleague", "town", "stranger")
DESKS = {"unit": "colleague", "office": "clerk", "leader": "leader"}


@pytest.fixture
def ask(app, cast):
    def levels(number: int) -> None:
        with app.app_context(), transaction():
            db.session.get_one(Organisation, cast.county).review_levels = number

    return levels


@pytest.fixture
def report(app, cast, ask):
    """The id of a report that a handler of 县司法局 has handed in under three levels."""
    ask(3)
    with app.app_context():
        return submit(cast, content("已公开征求意见2件。"), report_duty(cast)).id


def decide(client, report, level, verdict="accept", reason="", version="1", **more):
    data = {"verdict": verdict, "reason": reason, "version": version, "level": level} | more
    return client.post(f"/reviews/{report}", data=data)


def state(app, report) -> str:
    with app.app_context():
        return db.session.get_one(QuarterReport, report).state.value


def words(answer) -> str:
    return " ".join(html.fromstring(answer.text).find(".//main").text_content().split())


def tabs(client, address="/password") -> str:
    return html.fromstring(client.get(address).text).xpath("string(//nav[@class='tabs'])")


def test_a_report_goes_up_from_desk_to_desk(app, as_, report):
    for level, state_then in (("unit", "unit_approved"), ("office", "office_agreed"), ("leader", "accepted")):
        judge = as_(DESKS[level])
        assert "已公开征求意见2件。" in words(judge.get("/reviews/"))
        assert decide(judge, report, level).status_code == 302
        assert state(app, report) == state_then
    for login in DESKS.values():
        assert "没有待审核的填报" in words(as_(login).get("/reviews/"))


def test_at_every_moment_nobody_but_the_desk_whose_turn_it_is_can_judge(app, as_, report):
    for level, login in DESKS.items():
        before = state(app, report)
        for other in set(EVERYBODY) - {login}:
            for claimed in DESKS:
                decide(as_(other), report, claimed)
                assert state(app, report) == before, (other, claimed)
        decide(as_(login), report, level)
        assert state(app, report) != before


@pytest.mark.parametrize("levels", [1, 2, 3])
def test_the_tab_is_for_those_who_have_a_desk(app, as_, ask, levels):
    ask(levels)
    desks = {1: {"clerk", "stranger"}, 2: {"clerk", "colleague", "stranger"}}.get(levels, {*DESKS.values(), "stranger"})
    assert {login for login in EVERYBODY if "审核" in tabs(as_(login))} == desks
    answers = {login: as_(login).get("/reviews/").status_code for login in EVERYBODY}
    assert {login for login, status in answers.items() if status == 200} == desks
    assert set(answers.values()) == {200, 403}


def test_the_tab_counts_what_waits_at_the_own_desk(as_, report):
    assert "审核1" in tabs(as_("colleague"))
    assert "审核1" not in tabs(as_("clerk"))
    decide(as_("colleague"), report, "unit")
    assert "审核1" in tabs(as_("clerk"))
    assert "审核1" not in tabs(as_("leader"))


def test_a_desk_stays_until_what_waits_there_is_done(as_, ask, report):
    ask(1)
    assert decide(as_("colleague"), report, "unit").status_code == 302
    assert as_("colleague").get("/reviews/").status_code == 403


def test_what_has_not_left_its_unit_is_not_for_others_to_read(as_, report):
    for login in ("clerk", "leader"):
        assert as_(login).get(f"/reviews/{report}").status_code == 404
    assert "已公开征求意见2件。" not in words(as_("inspector").get(f"/reports/versions/{report}"))
    assert "已公开征求意见2件。" in words(as_("handler").get(f"/reports/versions/{report}"))
    decide(as_("colleague"), report, "unit")
    for login in ("clerk", "leader"):
        assert "已公开征求意见2件。" in words(as_(login).get(f"/reviews/{report}"))


def test_the_head_reads_what_the_unit_still_owes(as_, report):
    page = words(as_("colleague").get("/reviews/"))
    assert "本单位尚未提交 1 项" in page
    assert "每季度检查各单位政务公开工作" in page
    assert "尚未提交" not in words(as_("clerk").get("/reviews/"))


def test_the_handler_is_told_whom_the_report_waits_for(app, cast, as_, ask):
    ask(2)
    with app.app_context():
        duty = report_duty(cast).id
    form = {"act": "submit", "progress": "已开展。", "progress_class": "on_schedule", "missing_note": "已催报。"}
    handler = as_("handler")
    answer = handler.post(f"/reports/{duty}", data=form)
    assert answer.status_code == 302, answer.text
    assert "已提交，等待本单位负责人审签。" in words(handler.get("/reports/?quarter=2025Q1"))


def test_every_step_stands_in_the_items_history_with_its_level(cast, as_, report):
    decide(as_("colleague"), report, "unit", "return", "请补充。", marks=["progress"])
    page = words(as_("clerk").get(f"/items/{cast.items[0]}"))
    assert "第 1 次提交填报，送单位负责人审签" in page
    assert "单位负责人退回修改（第 1 次提交）：请补充。（需修改：工作进展）" in page


# Marks


def test_the_units_form_marks_exactly_what_is_to_be_mended(as_, report):
    decide(as_("colleague"), report, "unit", "return", "请补充。", marks=["progress", "evidence", "nonsense"])
    page = html.fromstring(as_("handler").get("/reports/?quarter=2025Q1").text)
    marked = page.xpath("//*[@class='marked']")
    assert [each.get("aria-label") for each in marked] == ["工作进展，退回时要求修改", "佐证材料，退回时要求修改"]
    assert marked[0].xpath(".//textarea[@name='progress']")
    links = page.xpath("//*[contains(@class, 'notice-danger')]//li/a/@href")
    assert links == [f"#{each.get('id')}" for each in marked]


def test_the_head_sees_whether_the_marked_fields_were_mended(app, cast, as_, report):
    head = as_("colleague")
    decide(head, report, "unit", "return", "请补充。", marks=["progress", "evidence"])
    with app.app_context():
        submit(cast, content("已公开征求意见3件。"), report_duty(cast))
    assert "要求修改的栏目： ✓ 工作进展已改 ✕ 佐证材料未改" in words(head.get("/reviews/"))


def test_a_refused_return_keeps_the_marks_that_were_ticked(as_, report):
    answer = decide(as_("colleague"), report, "unit", "return", " ", marks=["progress"])
    assert answer.status_code == 422
    page = html.fromstring(answer.text)
    assert page.xpath("//input[@name='marks' and @checked]/@value") == ["progress"]


# Many at once


@pytest.mark.parametrize("level", DESKS)
def test_every_desk_accepts_many_at_once(app, cast, as_, report, level):
    with app.app_context():
        other = submit(cast, content(), report_duty(cast, 2)).id
    for desk, login in DESKS.items():
        ticked = [f"{report}.1.{desk}", f"{other}.1.{desk}"]
        page = as_(login).post("/reviews/", data={"ticked": ticked}, follow_redirects=True)
        assert "已审核通过 2 项。" in page.text
        if desk == level:
            break
    assert state(app, report) == state(app, other) != "submitted"


def test_what_was_read_at_another_desk_is_not_accepted_at_this_one_and_named(app, as_, report):
    page = as_("colleague").post("/reviews/", data={"ticked": f"{report}.1.office"}, follow_redirects=True).text
    assert "1 项未处理" in page
    decide(as_("colleague"), report, "unit")
    page = as_("colleague").post("/reviews/", data={"ticked": f"{report}.1.unit"}, follow_redirects=True).text
    assert "县司法局第 1 项" in page or "已审核通过 1 项" in page
    assert state(app, report) == "unit_approved"


def test_a_heads_page_takes_as_many_queries_for_many_as_for_one(app, cast, as_, report):
    head = as_("colleague")

    def asked() -> int:
        with app.app_context(), queries() as found:
            assert head.get("/reviews/").status_code == 200
        return len(found)

    head.get("/reviews/")
    one = asked()
    with app.app_context():
        submit(cast, content(), report_duty(cast, 2))
    assert asked() <= one


# Remarks


@pytest.mark.parametrize("login", ["clerk", "leader", "inspector", "viewer", "handler", "colleague"])
def test_who_may_see_a_report_may_remark_on_it(as_, report, login):
    decide(as_("colleague"), report, "unit")
    client = as_(login)
    assert client.post(f"/comments/{report}", data={"text": "请问何时公开？"}).status_code == 302
    assert "请问何时公开？" in words(client.get(f"/reports/versions/{report}"))
    assert "请问何时公开？" in words(as_("handler").get("/reports/?quarter=2025Q1"))
    assert "请问何时公开？" in words(as_("clerk").get("/reviews/"))


@pytest.mark.parametrize(
    ("login", "status"), [("town", 404), ("stranger", 404), ("strange_handler", 404), ("admin", 403)]
)
def test_a_stranger_remarks_on_nothing(as_, report, login, status):
    decide(as_("colleague"), report, "unit")
    assert as_(login).post(f"/comments/{report}", data={"text": "看看"}).status_code == status


def test_before_it_has_left_its_unit_only_its_people_remark(as_, report):
    assert as_("clerk").post(f"/comments/{report}", data={"text": "看看"}).status_code == 404
    assert as_("colleague").post(f"/comments/{report}", data={"text": "请补充。"}).status_code == 302


def test_a_remark_that_is_too_long_comes_back_whole(as_, report):
    answer = as_("handler").post(f"/comments/{report}", data={"text": "字" * 501})
    assert answer.status_code == 422
    assert "现有 501 字" in answer.text
    assert "字" * 501 in answer.text


def test_a_remark_leads_back_to_where_it_was_written(app, cast, as_, report):
    decide(as_("colleague"), report, "unit")
    with app.app_context():
        duty = report_duty(cast).id
    said = {"text": "请核对。"}
    places = {
        "clerk": ({"review": "1"}, f"/reviews/{report}"),
        "handler": ({"duty": duty}, f"/reports/{duty}"),
        "viewer": ({}, f"/reports/versions/{report}"),
    }
    for login, (origin, address) in places.items():
        answer = as_(login).post(f"/comments/{report}", data=said | origin)
        assert answer.headers["Location"] == f"{address}#comments-{report}"
