from datetime import date

import pytest

from tests.pages import errors_of, queries, text_of
from tests.reporting import Q1, content, rate, report_duty, submit
from tracker.ledger import events, hand_lights
from tracker.ledger.db import db, transaction
from tracker.ledger.tables.lights import HandLight
from tracker.ledger.tables.plans import Item
from tracker.ledger.tables.units import Unit
from tracker.rules.lights import Light

HAND = {"light": "yellow", "reason": "上级要求重点关注", "expires_on": "2025-05-31"}


@pytest.fixture
def address(cast) -> str:
    return f"/lights/{cast.items[0]}/{cast.units['县司法局']}?quarter=2025Q1"


def test_a_light_in_the_list_leads_to_the_rule_the_clause_and_the_way_out(as_, address):
    listed = as_("leader").get("/items/?quarter=2025Q1").text
    assert address.partition("?")[0] in listed
    page = text_of(as_("leader").get(address).text)
    for words in ("所依规则：通用规则", "✓ 符合，据此亮灯", "4 天后到期", "怎样转为正常：在期限前办结", "还有 4 天"):
        assert words in page


def test_a_missing_report_is_yellow_and_says_for_how_long(as_, address, move_to):
    move_to(date(2025, 4, 10))
    page = text_of(as_("leader").get(address).text)
    assert "▲ 黄 未填报 3 天" in page
    assert "提交本季度填报。" in page


def test_the_figures_that_were_compared_are_shown(app, as_, cast, address):
    with app.app_context():
        submit(cast, content(figures={rate(cast): "20"}), report_duty(cast))
    page = text_of(as_("leader").get(address).text)
    assert "20%21.1%24.7% （至3月31日）3.6 个百分点" in page


def test_a_unit_sees_why_its_own_light_is_so_and_no_other(as_, cast, address):
    assert as_("handler").get(address).status_code == 200
    assert as_("town").get(address).status_code == 404
    assert as_("stranger").get(address).status_code == 404


def test_a_unit_without_a_share_has_no_light(as_, cast):
    assert as_("leader").get(f"/lights/{cast.items[0]}/{cast.units['县行政审批局']}").status_code == 404


def test_a_light_set_by_hand_shows_everywhere_with_reason_name_and_day_beside_the_computed_one(as_, address):
    assert as_("clerk").post(address, data=HAND).status_code == 302
    said = "▲ 黄 人工设定：上级要求重点关注（clerk（示例），至2025年5月31日）"
    assert said in text_of(as_("leader").get("/items/?quarter=2025Q1").text)
    page = text_of(as_("leader").get(address).text)
    assert said in page
    assert "按规则计算应为：" in page


def test_it_is_withdrawn_by_hand_or_by_time(app, as_, cast, address, move_to):
    clerk = as_("clerk")
    clerk.post(address, data=HAND)
    with app.app_context():
        [row] = db.session.scalars(db.select(HandLight))
    move_to(date(2025, 6, 1))
    assert "此灯由" not in clerk.get(address).text
    assert "此灯由" in clerk.get(f"{address}&as_of=2025-05-31").text
    move_to(date(2025, 4, 20))
    assert clerk.post(f"/lights/by-hand/{row.id}/withdraw").status_code == 302
    assert "此灯由" not in clerk.get(address).text
    assert "此灯由" in clerk.get(f"{address}&as_of=2025-04-19").text
    with app.app_context():
        told = events.history(cast.county, "hand_light", row.id)
        assert [one.act for one in told] == ["set_light", "withdraw_light"]


def test_only_the_office_sets_a_light_and_only_its_own(app, as_, cast, address):
    assert as_("leader").post(address, data=HAND).status_code == 403
    assert as_("stranger").post(address, data=HAND).status_code == 404
    as_("clerk").post(address, data=HAND)
    assert as_("stranger").post("/lights/by-hand/1/withdraw").status_code == 404


def test_what_was_typed_stays_where_it_is_refused(as_, address):
    clerk = as_("clerk")
    answer = clerk.post(address, data=HAND | {"reason": "短"})
    assert answer.status_code == 422
    assert "5 至 200 字" in answer.text
    answer = clerk.post(address, data=HAND | {"expires_on": "2025-07-05"})
    assert "最长 92 天" in answer.text
    assert "上级要求重点关注" in answer.text
    assert errors_of(clerk.post(address, data=HAND | {"expires_on": ""})) == ["请填写有效期。"]


def test_the_page_and_the_list_take_a_fixed_number_of_queries(app, as_, cast, address):
    leader = as_("leader")

    def asked():
        """Of the second look, for the first one is noted."""
        return [(queries(app, leader, each), queries(app, leader, each))[1] for each in (address, "/items/")]

    few = asked()
    with app.app_context():
        for number, unit in enumerate(("县司法局", "东镇", "西镇")):
            with transaction():
                item, of = db.session.get_one(Item, cast.items[0]), db.session.get_one(Unit, cast.units[unit])
                reason = f"第 {number} 个设定理由"
                hand_lights.set_light(cast.act(), item, of, Light.RED, reason, date(2025, 4, 30))
    assert asked() == few


def test_the_quarter_of_the_address_is_judged(as_, address):
    assert str(Q1) in address
    assert "2025年第二季度" in as_("leader").get(address.replace("2025Q1", "2025Q2")).text
