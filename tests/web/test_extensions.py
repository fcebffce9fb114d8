from datetime import date

import pytest
from lxml import html

from tests.extending import UNTIL, apply, approve, asked, judge, milestone, set_levels
from tests.pages import errors_of, message_on, queries, text_of
from tests.reporting import Q1, Q3, duty_of_kind, report_duty
from tracker.ledger.db import db
from tracker.ledger.tables.extensions import Extension, ExtensionStep
from tracker.rules.duties import DutyKind
from tracker.rules.extensions import ExtensionLevel
from tracker.rules.reports import Verdict

WRITTEN = {"new_due": "2025-10-31", "reason": "专栏改版推迟。", "progress": "已完成招标。"}


@pytest.fixture
def duty(app, cast):
    """The id of 县司法局's milestone at the end of August."""
    with app.app_context():
        return milestone(cast).id


@pytest.fixture
def extension(app, cast):
    """The id of the application that the handler made."""
    with app.app_context():
        return apply(cast).id


def send(client, duty, **changes):
    return client.post(f"/extensions/apply/{duty}", data=WRITTEN | changes)


def decide(client, extension, level="office", verdict="accept", reason="", version="1"):
    data = {"verdict": verdict, "reason": reason, "version": version}
    return client.post(f"/extensions/{extension}/{level}", data=data)


def state(app, extension) -> str:
    with app.app_context():
        return db.session.get_one(Extension, extension).state.value


def how_many(app) -> int:
    with app.app_context():
        return db.session.query(Extension).count()


# Applying


def test_a_unit_applies_and_sees_what_it_asked_for(app, as_, duty):
    handler = as_("handler")
    assert "2025年8月31日" in text_of(handler.get(f"/extensions/apply/{duty}").text)
    answer = send(handler, duty)
    page = text_of(handler.get(answer.headers["Location"]).text)
    for said in (
        "待领导小组办公室审批",
        "拟延至2025年10月31日 延长 61 天",
        "专栏改版推迟。",
        "批准之前，仍按2025年8月31日计算",
    ):
        assert said in page


def test_what_is_missing_is_said_beside_its_field_and_nothing_typed_is_lost(app, as_, duty):
    answer = send(as_("handler"), duty, new_due="2025-08-31", progress=" ")
    assert errors_of(answer) == ["拟延至的日期应晚于现行时限2025年8月31日。", "请填写“目前进展”。"]
    assert "专栏改版推迟。" in answer.text
    assert how_many(app) == 0


@pytest.mark.parametrize(
    ("typed", "said"), [("", "请填写拟延至的日期。"), ("2025-02-30", "日期不存在，请按 2025-08-31 的格式填写。")]
)
def test_a_date_that_is_none_is_named(as_, duty, typed, said):
    assert errors_of(send(as_("handler"), duty, new_due=typed)) == [said]


def test_a_double_click_is_one_application(app, as_, duty):
    handler = as_("handler")
    assert send(handler, duty).headers["Location"] == send(handler, duty).headers["Location"]
    assert how_many(app) == 1


def test_a_second_application_is_refused_and_what_was_typed_stays(app, as_, duty, extension):
    answer = send(as_("colleague"), duty, reason="另有原因。")
    assert answer.status_code == 409
    assert "已有延期申请正在审批" in answer.text
    assert "另有原因。" in answer.text


def test_the_way_to_a_new_application_leads_to_the_one_under_way(as_, duty, extension):
    assert as_("handler").get(f"/extensions/apply/{duty}").headers["Location"] == f"/extensions/{extension}"


def test_what_comes_after_the_date_is_called_late(app, as_, cast):
    with app.app_context():
        late = duty_of_kind(cast, DutyKind.RECURRING, 2, quarter=Q1).id
    handler = as_("handler")
    assert "时限已过 3 天，本次申请记为逾期申请" in text_of(handler.get(f"/extensions/apply/{late}").text)
    page = text_of(handler.get(send(handler, late, new_due="2025-05-31").headers["Location"]).text)
    assert "逾期申请" in page
    assert "须经领导批准方可受理" in page


def test_a_quarters_report_cannot_be_put_off(app, as_, cast):
    with app.app_context():
        report = report_duty(cast).id
    handler = as_("handler")
    assert "季度填报按季报送，不能延期" in handler.get(f"/extensions/apply/{report}").text
    answer = send(handler, report)
    assert answer.status_code == 409
    assert "专栏改版推迟。" in answer.text


def test_what_was_asked_for_before_is_shown_with_the_next(app, as_, cast, duty, extension):
    with app.app_context():
        judge(cast, db.session.get_one(Extension, extension), ExtensionLevel.OFFICE, Verdict.RETURN, "理由不充分。")
    page = text_of(as_("handler").get(f"/extensions/apply/{duty}").text)
    assert "2025年4月3日申请延至2025年10月31日" in page
    assert "未批准" in page


def test_the_unit_withdraws(app, as_, extension):
    answer = as_("colleague").post(f"/extensions/{extension}/withdraw", data={"version": "1"})
    assert answer.status_code == 302
    assert state(app, extension) == "withdrawn"


def test_what_was_decided_meanwhile_is_not_withdrawn(app, as_, extension):
    decide(as_("clerk"), extension)
    answer = as_("handler").post(f"/extensions/{extension}/withdraw", data={"version": "1"})
    assert answer.status_code == 409
    assert "已有变化" in answer.text
    assert state(app, extension) == "office_agreed"


# Deciding


def test_the_office_reads_what_waits_and_agrees(app, as_, extension):
    clerk = as_("clerk")
    page = text_of(clerk.get("/extensions/").text)
    assert "待您审批 1 项" in page
    assert "已完成招标。" in page
    assert decide(clerk, extension).headers["Location"] == "/extensions/"
    assert message_on(clerk, "/extensions/") == "县司法局第 1 项的延期申请：待领导审批。"


def test_the_tab_counts_what_waits_for_whom(as_, extension):
    def number(login):
        found = html.fromstring(as_(login).get("/extensions/").text).xpath("//nav//a[contains(., '延期')]/span/text()")
        return found[0] if found else None

    assert [number(login) for login in ("clerk", "leader", "handler", "colleague")] == ["1", None, None, None]
    decide(as_("clerk"), extension)
    assert [number(login) for login in ("clerk", "leader")] == [None, "1"]


def test_the_leader_approves_and_the_unit_sees_both_dates(app, as_, extension):
    decide(as_("clerk"), extension, reason="情况属实。")
    assert decide(as_("leader"), extension, "leader", version="2").status_code == 302
    page = text_of(as_("handler").get(f"/extensions/{extension}").text)
    for said in ("已批准", "领导小组办公室 同意", "情况属实。", "领导 同意", "原定时限2025年8月31日保留"):
        assert said in page


def test_three_levels_begin_with_the_units_head(app, as_, cast):
    with app.app_context():
        set_levels(cast, 3)
        extension = apply(cast).id
    assert decide(as_("clerk"), extension).status_code == 409
    assert "待您审批 1 项" in text_of(as_("colleague").get("/extensions/").text)
    assert decide(as_("colleague"), extension, "unit").status_code == 302
    assert state(app, extension) == "unit_approved"


def test_the_head_of_another_unit_finds_nothing(app, as_, cast):
    with app.app_context():
        set_levels(cast, 3)
        town = duty_of_kind(cast, DutyKind.COUNT, 1, "东镇", quarter=Q3.next)
        other = apply(cast, asked(date(2026, 3, 31)), town, by="town").id
    assert decide(as_("colleague"), other, "unit").status_code == 404
    assert as_("colleague").get(f"/extensions/{other}").status_code == 404


def test_a_refusal_without_a_reason_asks_for_one(app, as_, extension):
    answer = decide(as_("clerk"), extension, verdict="return")
    assert answer.status_code == 422
    assert "请写明理由" in answer.text
    assert decide(as_("clerk"), extension, verdict="splendid", reason="好。").status_code == 422
    assert state(app, extension) == "applied"


def test_a_double_click_is_one_opinion(app, as_, extension):
    clerk = as_("clerk")
    assert [decide(clerk, extension).status_code for _ in range(2)] == [302, 302]
    with app.app_context():
        assert db.session.query(ExtensionStep).count() == 1


def test_an_opinion_on_what_was_withdrawn_is_told_and_kept(app, as_, extension):
    as_("handler").post(f"/extensions/{extension}/withdraw", data={"version": "1"})
    answer = decide(as_("clerk"), extension, verdict="return", reason="理由不充分。")
    assert answer.status_code == 409
    assert "已有变化" in answer.text
    assert "您填写的意见：理由不充分。" in text_of(answer.text)


def test_nobody_decides_their_own(app, as_, cast):
    with app.app_context():
        own = apply(cast, by="clerk").id
    clerk = as_("clerk")
    assert "请由其他人员审批" in text_of(clerk.get(f"/extensions/{own}").text)
    assert decide(clerk, own).status_code == 403
    assert state(app, own) == "applied"


@pytest.mark.parametrize(
    ("login", "level"),
    [
        *((login, "office") for login in ("leader", "inspector", "viewer", "admin", "handler", "colleague", "town")),
        *((login, "leader") for login in ("clerk", "inspector", "viewer", "admin", "handler", "colleague", "town")),
        *((login, "unit") for login in ("clerk", "leader", "inspector", "viewer", "admin", "handler", "town")),
    ],
)
def test_each_level_is_its_own_peoples(app, as_, extension, login, level):
    assert decide(as_(login), extension, level).status_code == 403
    assert state(app, extension) == "applied"


@pytest.mark.parametrize(
    ("login", "status"),
    [("clerk", 200), ("leader", 200), ("inspector", 200), ("viewer", 200), ("colleague", 200), ("admin", 403),
     ("town", 404), ("stranger", 404), ("strange_handler", 404)],
)  # fmt: skip
def test_an_application_is_seen_by_whom_it_concerns(as_, extension, login, status):
    assert as_(login).get(f"/extensions/{extension}").status_code == status


@pytest.mark.parametrize(
    ("login", "status"), [("clerk", 403), ("leader", 403), ("town", 404), ("stranger", 403), ("strange_handler", 404)]
)
def test_a_unit_applies_for_itself_alone(app, as_, duty, login, status):
    client = as_(login)
    assert client.get(f"/extensions/apply/{duty}").status_code == status
    assert send(client, duty).status_code == status
    assert how_many(app) == 0


@pytest.mark.parametrize(("login", "status"), [("clerk", 403), ("town", 404), ("strange_handler", 404)])
def test_a_unit_withdraws_its_own_alone(app, as_, extension, login, status):
    assert as_(login).post(f"/extensions/{extension}/withdraw", data={"version": "1"}).status_code == status
    assert state(app, extension) == "applied"


# The list


def test_an_empty_list_says_where_to_begin(as_):
    assert "旁点“申请延期”" in text_of(as_("handler").get("/extensions/").text)
    assert "还没有延期申请" in text_of(as_("clerk").get("/extensions/").text)


def test_the_list_is_narrowed_by_how_it_ended(app, as_, cast, extension):
    with app.app_context():
        late = apply(cast, asked(date(2025, 5, 31)), duty_of_kind(cast, DutyKind.RECURRING, 2, quarter=Q1))
        approve(cast, late)
    page = text_of(as_("handler").get("/extensions/?state=approved").text)
    assert "全部 2 在办 1 已批准 1 未批准 0 已撤回 0" in page
    assert "2025年5月31日" in page
    assert "2025年10月31日" not in page
    assert as_("handler").get("/extensions/?state=lost").status_code == 422


def test_another_unit_sees_none_of_it(as_, extension):
    assert "还没有延期申请" in text_of(as_("town").get("/extensions/").text)
    assert "还没有延期申请" in text_of(as_("stranger").get("/extensions/").text)


def test_what_units_write_is_shown_as_text(app, as_, cast):
    with app.app_context():
        apply(cast, asked(UNTIL, "<script>alert(1)</script>", "{{7*7}}"))
    page = as_("clerk").get("/extensions/").text
    assert "<script>alert" not in page
    assert "{{7*7}}" in page


def test_the_list_takes_as_many_queries_for_many_as_for_one(app, cast, as_, extension):
    clerk = as_("clerk")
    clerk.get("/extensions/")
    one = queries(app, clerk, "/extensions/")
    with app.app_context():
        apply(cast, asked(date(2025, 5, 31)), duty_of_kind(cast, DutyKind.RECURRING, 2, quarter=Q1))
        town = duty_of_kind(cast, DutyKind.COUNT, 1, "东镇", quarter=Q3.next)
        judge(cast, apply(cast, asked(date(2026, 3, 31)), town, by="town"), ExtensionLevel.OFFICE)
    assert queries(app, clerk, "/extensions/") == one


# On the other pages


def sept(address: str) -> str:
    return f"{address}quarter=2025Q3&as_of=2025-09-20"


@pytest.fixture
def extended(app, cast, duty, move_to):
    """The milestone of August may be met by the end of October; it is 20 September."""
    with app.app_context():
        approve(cast, apply(cast))
    move_to(date(2025, 9, 20))
    return duty


def test_the_leaders_page_tells_both_rates_and_each_leads_to_its_records(as_, extended):
    leader = as_("leader")
    page = html.fromstring(leader.get(sept("/dashboard?")).text)
    [line] = page.xpath("//dt[.='按期办结']/following-sibling::dd")
    assert "原定 0%（0 条）· 调整后 33%（1 条）" in " ".join(line.text_content().split())
    for link, number in zip(line.findall(".//a"), (0, 1, 3), strict=True):
        assert f"共 {number} 条" in text_of(leader.get(link.get("href")).text)


def test_the_list_of_duties_shows_both_dates_and_both_judgements(as_, extended):
    page = text_of(as_("leader").get(sept("/items/duties?dates=extended&")).text)
    assert "共 1 条" in page
    assert "未到期 原定：逾期" in page
    assert "原定 8月31日，延至 10月31日" in page


def test_before_the_decision_the_duty_is_overdue_and_nothing_else(app, as_, cast, duty, move_to):
    with app.app_context():
        approve(cast, apply(cast), on=date(2025, 9, 10))
    move_to(date(2025, 9, 20))
    leader = as_("leader")
    before = text_of(leader.get("/items/duties?quarter=2025Q3&as_of=2025-09-09").text)
    assert "2025年8月31日" in before
    assert "延至" not in before
    assert "8月底前" not in text_of(leader.get("/items/duties?quarter=2025Q3&as_of=2025-09-10").text)


def test_a_units_own_list_leaves_out_what_it_no_longer_owes(as_, extended):
    assert "共 3 条" in text_of(as_("handler").get(sept("/items/duties?dates=due&")).text)
    assert "没有已到期或已办结的应办事项" in text_of(as_("town").get(sept("/items/duties?dates=due&")).text)


def test_the_report_leads_to_an_extension_and_then_to_the_one_under_way(app, as_, cast, duty):
    def link(login, unit="县司法局"):
        with app.app_context():
            report = report_duty(cast, unit=unit, quarter=Q3).id
        page = html.fromstring(as_(login).get(f"/reports/{report}").text)
        return [(one.text, one.get("href")) for one in page.find_class("extend")]

    assert link("handler") == [("申请延期", f"/extensions/apply/{duty}")]
    assert link("town", "东镇") == []
    with app.app_context():
        extension = apply(cast).id
    assert link("colleague") == [("延期审批中", f"/extensions/{extension}")]


def test_the_report_names_both_dates(app, as_, cast, extended):
    with app.app_context():
        report = report_duty(cast, quarter=Q3).id
    assert "原定 8月31日，延至 10月31日" in text_of(as_("handler").get(f"/reports/{report}").text)
