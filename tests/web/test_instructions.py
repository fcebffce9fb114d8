import re
from datetime import date, timedelta

import pytest
from lxml import html

from tests.conftest import TODAY
from tests.instructing import DUE, TEXT, answer, give, settle, share_of
from tests.pages import errors_of, message_on, queries, text_of
from tests.reporting import count
from tracker.ledger.db import db
from tracker.ledger.tables.instructions import Instruction, InstructionShare

BOTH = ("县司法局", "东镇")


@pytest.fixture
def given(app, cast):
    """Its id; to be answered by 县司法局 and 东镇."""
    with app.app_context():
        return give(cast, BOTH).id


def share_id(app, cast, given, unit="县司法局"):
    with app.app_context():
        return share_of(db.session.get_one(Instruction, given), cast, unit).id


def version_of(app, share):
    with app.app_context():
        return db.session.get_one(InstructionShare, share).version


def form_of(client, address):
    """What the form holds when it is opened, and where it is sent."""
    [form] = html.fromstring(client.get(address).text).xpath("//form[contains(@class, 'order-form')]")
    ticked = [int(each) for each in form.xpath(".//input[@name='units'][@checked]/@value")]
    return form.get("action"), {"key": form.xpath("string(.//input[@name='key']/@value)"), "units": ticked}


def write(client, address, **more):
    action, held = form_of(client, address)
    return client.post(action, data={**held, "text": TEXT, "due": DUE.isoformat(), **more})


def post(app, client, share, what, **data):
    version = data.pop("version", None)
    sent = {"version": version_of(app, share) if version is None else version, **data}
    return client.post(f"/instructions/shares/{share}/{what}", data=sent)


# Writing


@pytest.mark.parametrize(
    ("query", "units", "about"),
    [
        ("item={item}", ["县司法局", "东镇", "西镇"], "第 1 项 预公开重大行政决策草案"),
        ("item={item}&unit={unit}", ["东镇"], "第 1 项 预公开重大行政决策草案"),
        ("unit={unit}&quarter=2025Q1", ["东镇"], "2025年第一季度任务 2 项（单位：东镇）"),
        (
            "standing=unreported&quarter=2025Q1",
            ["县司法局", "县行政审批局"],
            "2025年第一季度任务 3 项（进展情况：待填报）",
        ),
        ("", [], ""),
    ],
)
def test_the_units_concerned_are_ticked_wherever_it_is_written(app, as_, cast, query, units, about):
    address = "/instructions/new?" + query.format(item=cast.items[0], unit=cast.units["东镇"])
    leader = as_("leader")
    assert sorted(form_of(leader, address)[1]["units"]) == sorted(cast.units[name] for name in units)
    answered = write(leader, address, units=[cast.units["西镇"]])
    assert answered.status_code == 302
    with app.app_context():
        [made] = db.session.query(Instruction)
        assert made.about == about
        assert [share.unit.name for share in made.shares] == ["西镇"]
    assert leader.get(made_address(app)).status_code == 200


def made_address(app):
    with app.app_context():
        address = db.session.query(Instruction).one().address
    assert re.match(r"/(items|instructions)/", address)
    return address


def test_a_double_click_is_one_act(app, as_, cast):
    leader = as_("leader")
    action, held = form_of(leader, f"/instructions/new?item={cast.items[0]}")
    sent = held | {"text": TEXT, "due": DUE.isoformat()}
    first, second = (leader.post(action, data=sent) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    with app.app_context():
        assert count(Instruction) == 1


def test_what_is_missing_is_named_and_nothing_typed_is_lost(as_, cast):
    leader = as_("leader")
    refused = write(leader, f"/instructions/new?item={cast.items[0]}", due="2025-04-01", units=[])
    assert errors_of(refused) == ["办理期限不能早于今天。", "请至少选择一个承办单位。"]
    assert TEXT in refused.text


def test_a_form_whose_key_was_tampered_with_keeps_its_text(app, as_, cast):
    refused = write(as_("leader"), f"/instructions/new?item={cast.items[0]}", key="x")
    assert refused.status_code == 422
    assert TEXT in refused.text
    with app.app_context():
        assert count(Instruction) == 0


@pytest.mark.parametrize("login", ["clerk", "inspector", "viewer", "handler", "admin"])
def test_leaders_alone_give_instructions(as_, cast, login):
    client = as_(login)
    assert client.get("/instructions/new").status_code == 403
    assert client.post("/instructions/new").status_code == 403


@pytest.mark.parametrize("query", ["item=999999", "unit={stranger}", "plan=999999"])
def test_what_is_anothers_is_not_found(as_, cast, query):
    address = "/instructions/new?" + query.format(stranger=cast.units["邻县司法局"])
    assert as_("leader").get(address).status_code == 404


def test_an_address_from_outside_has_no_say(as_, cast):
    page = (
        as_("leader").get(f"/instructions/new?item={cast.items[0]}&address=//evil&_external=1&_scheme=javascript").text
    )
    assert "evil" not in page
    assert "javascript:" not in page


# Reading


def test_a_unit_reads_its_own_share_and_not_the_others_answers(app, as_, cast, given):
    with app.app_context():
        answer(cast, share_of(db.session.get_one(Instruction, given), cast), "只给领导看的话。")
    town, leader = (text_of(as_(login).get(f"/instructions/{given}").text) for login in ("town", "leader"))
    assert "只给领导看的话。" in leader
    assert "只给领导看的话。" not in town
    assert TEXT in town


@pytest.mark.parametrize(
    ("login", "status"),
    [
        ("clerk", 200),
        ("inspector", 200),
        ("viewer", 200),
        ("handler", 200),
        ("stranger", 404),
        ("strange_handler", 404),
    ],
)
def test_who_may_read(as_, given, login, status):
    client = as_(login)
    assert client.get(f"/instructions/{given}").status_code == status
    assert (TEXT in client.get("/instructions/").text) is (status == 200)


def test_the_list_puts_what_is_open_and_worst_first_and_filters(app, as_, cast, move_to):
    with app.app_context():
        closed = give(cast, text="已了结。", key="b" * 32)
        settle(cast, share_of(closed, cast), text="已当面汇报。")
        give(cast, ("东镇",), text="不急。", due=date(2025, 9, 1), key="c" * 32)
        give(cast, text="已逾期。", due=TODAY, key="d" * 32)
    move_to(TODAY + timedelta(days=1))
    leader = as_("leader")

    def texts(query=""):
        return html.fromstring(leader.get(f"/instructions/?{query}").text).xpath("//tbody//th/a/text()")

    assert texts() == ["已逾期。", "不急。", "已了结。"]
    assert texts("state=overdue") == ["已逾期。"]
    assert texts("state=closed") == ["已了结。"]
    assert texts(f"unit={cast.units['东镇']}") == ["不急。"]
    assert texts(f"plan={cast.plan}") == ["已逾期。", "不急。", "已了结。"]
    assert "红 逾期 1 天" in text_of(leader.get("/instructions/").text)
    assert "今天到期" in text_of(leader.get(f"/instructions/?as_of={TODAY}").text)
    assert texts("as_of=2025-04-02") == []
    assert leader.get("/instructions/?state=none").status_code == 422
    assert leader.get("/instructions/?unit=999999").status_code == 404


def test_more_instructions_ask_no_more_of_the_database(app, as_, cast, given):
    leader, addresses = as_("leader"), ("/instructions/", f"/items/{cast.items[0]}", "/dashboard")
    for address in addresses:
        leader.get(address)  # the first look at a page is noted
    before = [queries(app, leader, address) for address in addresses]
    with app.app_context():
        for number in range(60):
            give(cast, BOTH, key=f"{number:032x}")
    assert [queries(app, leader, address) for address in addresses] == before
    page = html.fromstring(leader.get("/instructions/?page=2").text)
    assert len(page.xpath("//tbody/tr")) == 11


# Answering and settling


def test_answered_returned_answered_and_closed(app, as_, cast, given):
    share, address = share_id(app, cast, given), f"/instructions/{given}"
    handler, leader = as_("handler"), as_("leader")
    assert post(app, handler, share, "answer", text="已整改。").status_code == 302
    assert "答复已提交" in message_on(handler, address)
    assert post(app, leader, share, "settle", kind="return", text="请附照片。").status_code == 302
    assert "请附照片。" in text_of(handler.get(address).text)
    post(app, handler, share, "answer", text="已整改，照片已报办公室。")
    assert post(app, as_("clerk"), share, "settle", kind="close", text="").status_code == 302
    page = text_of(leader.get(address).text)
    assert "◆ 蓝 已办结" in page
    assert "退回县司法局对批示的答复：请附照片。" in page


def test_a_stale_answer_is_told_with_both_texts(app, as_, cast, given):
    share = share_id(app, cast, given)
    version = version_of(app, share)
    post(app, as_("colleague"), share, "answer", text="同事写的答复。")
    refused = post(app, as_("handler"), share, "answer", text="本人写的答复。", version=version)
    assert refused.status_code == 409
    assert "同事写的答复。" in refused.text
    assert "本人写的答复。" in refused.text


def test_what_is_refused_stands_beside_what_was_typed(app, as_, cast, given):
    share = share_id(app, cast, given)
    empty = post(app, as_("handler"), share, "answer", text=" ")
    assert (empty.status_code, "请填写答复内容。" in empty.text) == (422, True)
    early = post(app, as_("leader"), share, "settle", kind="return", text="太慢。")
    assert (early.status_code, "太慢。" in early.text) == (409, True)
    assert post(app, as_("leader"), share, "settle", kind="drop", text="").status_code == 422


def test_only_the_unit_answers_and_only_leaders_and_the_office_settle(app, as_, cast, given):
    share = share_id(app, cast, given)
    assert post(app, as_("town"), share, "answer", text="代答。").status_code == 404
    assert post(app, as_("strange_handler"), share, "answer", text="代答。").status_code == 404
    assert post(app, as_("clerk"), share, "answer", text="代答。").status_code == 403
    assert post(app, as_("handler"), share, "settle", kind="close", text="好。").status_code == 403
    assert post(app, as_("inspector"), share, "settle", kind="close", text="好。").status_code == 403
    assert post(app, as_("stranger"), share, "settle", kind="close", text="好。").status_code == 404


# On other pages


def tab(client):
    page = html.fromstring(client.get("/instructions/").text)
    return page.xpath("string(//nav[@class='tabs']/a[@aria-current='page']/span/text())")


def test_the_tab_counts_what_waits_for_whom(app, as_, cast, given):
    share = share_id(app, cast, given)
    assert [tab(as_(login)) for login in ("handler", "leader", "viewer")] == ["1", "", ""]
    post(app, as_("handler"), share, "answer", text="已整改。")
    assert [tab(as_(login)) for login in ("handler", "leader", "clerk", "town")] == ["", "1", "1", "1"]


def test_the_unit_finds_it_above_its_reports_until_it_has_answered(app, as_, cast, given):
    town = as_("town")

    def owed():
        page = html.fromstring(town.get("/reports/?quarter=2025Q1").text)
        return page.xpath("//section[contains(@class, 'instructions-owed')]//a/@href")

    assert owed() == [f"/instructions/{given}"]
    post(app, town, share_id(app, cast, given, "东镇"), "answer", text="已办。")
    assert owed() == []


def test_the_items_page_shows_it_and_another_items_page_has_no_heading(as_, cast, given):
    leader = as_("leader")
    first, second = (leader.get(f"/items/{item}").text for item in cast.items[:2])
    assert TEXT in text_of(first)
    assert html.fromstring(first).xpath("//section[@class='instructions']")
    assert not html.fromstring(second).xpath("//section[@class='instructions']")
    assert TEXT not in as_("leader").get(f"/items/{cast.items[0]}?as_of={TODAY - timedelta(days=1)}").text


def test_the_clerks_desk_has_a_line_of_it(app, as_, cast, given, move_to):
    clerk = as_("clerk")
    assert "领导批示：待办 1 件。" in text_of(clerk.get("/").text)
    move_to(DUE + timedelta(days=1))
    assert "待办 1 件（逾期 1 件）" in text_of(clerk.get("/").text)


def test_the_leaders_page_leads_to_writing_and_others_pages_do_not(as_, cast, move_to):
    move_to(date(2025, 5, 1))

    def links(login, address):
        return html.fromstring(as_(login).get(address).text).xpath(
            "//main//a[contains(@href, '/instructions/new')]/@href"
        )

    for address in ("/dashboard?quarter=2025Q1", f"/items/{cast.items[0]}", "/items/", "/items/duties?quarter=2025Q1"):
        found = links("leader", address)
        assert found
        assert as_("leader").get(found[0]).status_code == 200
        assert links("inspector", address) == []
