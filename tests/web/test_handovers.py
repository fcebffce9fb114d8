from datetime import date

import pytest
from lxml import html

from tests import reporting
from tests.conftest import TODAY
from tests.pages import errors_of, message_on, queries, text_of
from tracker.ledger import accounts
from tracker.ledger.db import db, transaction
from tracker.ledger.tables.accounts import Person
from tracker.rules.permissions import Role

NEXT_DAY = date(2025, 4, 4)
NEW = {"last_day": "2025-04-03", "begins": "next", "successor": "", "name": "李新", "login": "lixin"}


@pytest.fixture
def post(app, cast) -> int:
    """The handler's post."""
    return _post(app, cast, "handler")


def _post(app, cast, login):
    with app.app_context():
        return db.session.get_one(Person, cast.people[login]).posts[0].id


def sign_in(app, login):
    """A client of somebody who is none of the cast."""
    with app.app_context():
        person = db.session.scalars(db.select(Person).where(Person.login == login)).one()
        person.must_change_password = False
        db.session.commit()
        key = f"{person.id}.{person.session_key}"
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = key, True
    return client


def hand_over(client, post, **change):
    return client.post(f"/handovers/posts/{post}", data=NEW | change)


def main_of(answer):
    assert answer.status_code == 200, answer.text
    return html.fromstring(answer.text).get_element_by_id("main")


# Handing over


def test_a_new_successor_gets_an_account_with_the_post_and_the_list(app, as_, post):
    answer = hand_over(as_("admin"), post)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "已办理交接：李新自2025年4月4日起接任。" in text_of(answer.text)
    password = html.fromstring(answer.text).xpath("string(//*[@class='password-once'])")
    assert app.test_client().post("/sign-in", data={"login": "lixin", "password": password}).status_code == 302


def test_a_head_hands_the_post_of_a_handler_to_somebody_known(as_, cast, post):
    head = as_("colleague")
    assert "办理交接" in text_of(head.get("/handovers/").text)
    answer = hand_over(head, post, successor=str(cast.people["town"]), name="", login="")
    assert answer.status_code == 302
    assert message_on(head, answer.headers["Location"]).startswith("已办理交接：town（示例）自2025年4月4日起接任。")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": "", "login": ""}, "请选择接任人，或在下方新增人员。"),
        ({"name": ""}, "新增人员须同时填写姓名。"),
        ({"login": "clerk"}, "登录名“clerk”已被使用，请换一个。"),
        ({"last_day": "2025-02-30"}, "日期不存在，请按 2025-08-31 的格式填写。"),
        ({"successor": "999"}, "请从列出的选项中选择。"),
        ({"last_day": "2052-04-03"}, "任职的最后一天2052年4月3日在一年以后，请核对年份。"),
    ],
)
def test_what_does_not_fit_is_refused_beside_its_field_and_nothing_typed_is_lost(app, as_, post, change, sentence):
    answer = hand_over(as_("admin"), post, **change)
    assert errors_of(answer) == [sentence]
    assert f'value="{(NEW | change)["login"]}"' in answer.text
    with app.app_context():
        assert db.session.scalars(db.select(Person).where(Person.login == "lixin")).first() is None


def test_heads_and_handlers_hand_over_nothing_else(app, as_, cast):
    for login, whose, status in (("colleague", "town", 403), ("colleague", "clerk", 403), ("admin", "stranger", 404)):
        assert hand_over(as_(login), _post(app, cast, whose)).status_code == status
    assert hand_over(as_("handler"), _post(app, cast, "handler")).status_code == 403


# What the successor sees


def seen(client, cast):
    """All that a unit's person is shown of its work."""
    pages = [
        "/items/?quarter=2025Q1",
        "/items/duties?quarter=2025Q1",
        "/reports/?quarter=2025Q1",
        "/reports/?quarter=2025Q2",
    ]
    pages += [f"/items/{item}?quarter=2025Q1" for item in cast.items]
    mains = [client.get(page) for page in [*pages, "/alerts/"]]
    for main in (html.fromstring(answer.text).get_element_by_id("main") for answer in mains):
        for notice in main.find_class("notice"):
            notice.drop_tree()
        for token in main.xpath(".//input[@name='csrf_token']"):
            token.drop_tree()
        for form in main.xpath(".//form[@data-report]"):
            del form.attrib["data-report"]  # names the person to whom the browser's own copy belongs
        yield html.tostring(main, encoding="unicode")


def test_the_successor_sees_exactly_what_the_predecessor_sees_drafts_included(app, as_, cast, post, move_to):
    with app.app_context():
        reporting.save(cast, reporting.content("写了一半的草稿。"), reporting.report_duty(cast))
        reporting.submit(cast, reporting.content("已提交的进展。"), reporting.report_duty(cast, item=2))
    hand_over(as_("admin"), post, begins="same")
    before, after = list(seen(as_("handler"), cast)), list(seen(sign_in(app, "lixin"), cast))
    assert after == before
    assert any("写了一半的草稿。" in page for page in after)
    move_to(NEXT_DAY)
    assert "写了一半的草稿。" in "".join(seen(sign_in(app, "lixin"), cast))


def test_the_predecessor_sees_nothing_from_the_next_day_on(app, as_, cast, post, move_to):
    hand_over(as_("admin"), post)
    assert as_("handler").get("/items/").status_code == 200
    move_to(NEXT_DAY)
    for address in ("/items/", "/reports/", "/alerts/", f"/items/{cast.items[0]}"):
        assert as_("handler").get(address).status_code == 403
    assert as_("handler").get("/handovers/1").status_code == 404


def test_an_announced_end_passes_the_post_on_by_itself(app, as_, cast, post, move_to):
    hand_over(as_("admin"), post, last_day="2025-04-30")
    for day, before, after in ((date(2025, 4, 30), 200, 403), (date(2025, 5, 1), 403, 200)):
        move_to(day)
        assert as_("handler").get("/items/").status_code == before
        assert sign_in(app, "lixin").get("/items/").status_code == after


def test_the_successor_is_greeted_on_every_page_until_they_take_note(app, as_, post, move_to):
    hand_over(as_("admin"), post)
    successor = sign_in(app, "lixin")
    assert "移交给您" not in successor.get("/password").text
    move_to(NEXT_DAY)
    for page in ("/items/", "/reports/?quarter=2025Q1", "/password"):
        assert "handler（示例）已将县司法局单位经办人的工作移交给您。" in text_of(successor.get(page).text)
    assert "已知悉并接收" in text_of(successor.get("/handovers/1").text)
    assert message_on(successor, successor.post("/handovers/1/receipt").headers["Location"]).startswith("已接收。")
    assert "移交给您" not in successor.get("/items/").text
    assert "2025-04-04 12:00" in text_of(successor.get("/handovers/1").text)


# The list


def test_each_line_leads_to_its_matter_while_it_is_open(app, as_, cast, post, move_to):
    with app.app_context():
        duty = reporting.report_duty(cast).id
    hand_over(as_("admin"), post)
    move_to(NEXT_DAY)
    successor = sign_in(app, "lixin")
    link = f"//a[@href='/reports/{duty}']"
    assert main_of(successor.get("/handovers/1")).xpath(link)
    with app.app_context():
        reporting.submit(cast, reporting.content(), reporting.report_duty(cast), by="colleague")
    page = main_of(successor.get("/handovers/1"))
    assert not page.xpath(link)
    assert "预公开重大行政决策草案 已办理" in " ".join(page.text_content().split())


def test_the_list_is_a_paper_with_room_for_three_signatures(as_, post):
    hand_over(as_("admin"), post)
    words = text_of(as_("colleague").get("/handovers/1").text)
    for part in (
        "移交人（签字）",
        "接收人（签字）",
        "监交人（签字）",
        "任职至2025年4月3日",
        "未了事项共 5 项",
        "2025年第一季度填报，2025年4月7日前报送",
    ):
        assert part in words


def test_the_administrator_sees_who_and_how_much_and_not_what(as_, post):
    hand_over(as_("admin"), post)
    words = text_of(as_("admin").get("/handovers/1").text)
    assert "未了事项共 5 项" in words
    assert "预公开" not in words
    assert "预公开" in text_of(as_("clerk").get("/handovers/1").text)


@pytest.mark.parametrize("login", ["town", "stranger", "strange_handler", "inspector", "viewer"])
def test_the_list_of_others_is_not_found(as_, post, login):
    hand_over(as_("admin"), post)
    assert as_(login).get("/handovers/1").status_code == 404
    assert as_(login).post("/handovers/1/receipt").status_code in (403, 404)


# Nobody took over


def test_a_post_that_nobody_took_over_is_shown_to_the_administrator_and_the_office(app, as_, cast, post, move_to):
    with app.app_context(), transaction():
        accounts.end_post(cast.act("admin"), db.session.get_one(Person, cast.people["handler"]).posts[0], TODAY)
    move_to(NEXT_DAY)
    told = "县司法局 单位经办人：handler（示例）已于2025年4月3日离任，尚未指定接任人，● 未了事项 5 项。"
    for login, page in (("admin", "/people/"), ("admin", "/handovers/"), ("clerk", "/handovers/"), ("clerk", "/")):
        assert told in text_of(as_(login).get(page).text), (login, page)
    assert "指定接任人" not in text_of(as_("clerk").get("/handovers/").text).replace("尚未指定接任人", "")
    assert hand_over(as_("admin"), post).status_code == 200
    assert "无人接手" not in as_("admin").get("/handovers/").text


def test_many_posts_and_handovers_ask_no_more_of_the_database(app, as_, cast, post):
    hand_over(as_("admin"), post)
    few = queries(app, as_("admin"), "/handovers/")
    with app.app_context(), transaction():
        for number in range(20):
            made = accounts.add_person(cast.act("admin"), f"more{number}", f"人员{number}", None)
            held = accounts.give_post(cast.act("admin"), made, Role.UNIT_HANDLER, cast.units["西镇"])
            accounts.end_post(cast.act("admin"), held, TODAY)
    assert queries(app, as_("admin"), "/handovers/") <= few + 6
