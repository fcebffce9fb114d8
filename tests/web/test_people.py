import re

import pytest
from lxml import html

from tests.conftest import TODAY, noon
from tests.pages import errors_of, message_on, queries
from tracker.ledger import accounts, events, organisations
from tracker.ledger.db import db, transaction
from tracker.ledger.tables.accounts import Person
from tracker.rules.permissions import Role


@pytest.fixture
def admin(as_):
    return as_("admin")


def password_on(page: str) -> str:
    return html.fromstring(page).xpath("string(//*[@class='password-once'])")


def test_the_list_shows_everybody_of_the_county_with_posts_and_state(app, cast, admin):
    with app.app_context(), transaction():
        handler = db.session.get_one(Person, cast.people["handler"])
        accounts.give_post(cast.act("admin"), handler, Role.INSPECTOR, starts_on=TODAY)
        accounts.set_active(cast.act("admin"), db.session.get_one(Person, cast.people["leader"]), active=False)
        accounts.add_person(cast.act("admin"), "unused", "从未登录", None)
    page = html.fromstring(admin.get("/people/").text)
    rows = {row.xpath("string(th)"): " ".join(row.xpath("string(.)").split()) for row in page.xpath("//tbody/tr")}
    assert "单位经办人（县司法局）；检查人员 自2025年4月3日" in rows["handler（示例）"]
    assert rows["leader（示例）"].endswith("已停用")
    assert rows["从未登录"] == "从未登录 unused 目前没有岗位 未设密码"
    assert "stranger（示例）" not in rows


def test_the_list_takes_the_same_number_of_queries_for_sixty_people(app, cast, admin):
    few = queries(app, admin, "/people/")
    with app.app_context(), transaction():
        for number in range(60):
            made = accounts.add_person(cast.act("admin"), f"more{number}", f"人员{number}", None)
            accounts.give_post(cast.act("admin"), made, Role.UNIT_HANDLER, cast.units["东镇"])
    assert queries(app, admin, "/people/") == few


@pytest.mark.parametrize(("words", "found"), [("TOWN", 1), ("县司法局", 2), ("检查人员", 1), ("<b>", 0), ("", 8)])
def test_people_are_found_by_name_login_post_or_unit(admin, words, found):
    page = html.fromstring(admin.get("/people/", query_string={"q": words}).text)
    assert len(page.xpath("//tbody/tr")) == found


def test_the_first_administrator_is_told_whom_to_register(app, cast, as_):
    hint = "请先新增领导小组办公室的人员"
    assert hint not in as_("admin").get("/people/").text
    with app.app_context(), transaction():
        by = organisations.found("新县", noon(TODAY), TODAY)
        first = accounts.add_person(by, "first", "系统管理员", None)
        accounts.give_post(by, first, Role.SYS_ADMIN)
        first.must_change_password = False
        cast.people["first"] = first.id
    assert hint in as_("first").get("/people/").text
    assert "尚未登记单位" in as_("first").get(f"/people/{cast.people['first']}").text


# A new person


def test_a_new_person_gets_a_password_that_opens_once_and_must_be_changed(app, admin):
    answer = admin.post("/people/new", data={"name": "张三", "login": "zhang.san"})
    assert answer.headers["Cache-Control"] == "no-store"
    password = password_on(answer.text)
    assert re.fullmatch(r"(\w{4}-){3}\w{4}", password)
    assert password not in admin.get("/people/").text
    new = app.test_client()
    assert new.post("/sign-in", data={"login": "zhang.san", "password": password}).headers["Location"] == "/"
    assert new.get("/").headers["Location"] == "/password"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"login": "clerk"}, "登录名“clerk”已被使用，请换一个。"),
        ({"login": "张 三"}, "登录名须为 2 至 64 位，只能使用字母、数字、汉字和 . _ - @ 四种符号。"),
        ({"login": ""}, "请填写登录名。"),
        ({"name": " "}, "请填写姓名。"),
        ({"name": "张" * 65}, "姓名最多 64 字。"),
    ],
)
def test_a_person_that_is_refused_keeps_what_was_typed(admin, change, sentence):
    typed = {"name": "张三", "login": "zhang.san"} | change
    answer = admin.post("/people/new", data=typed)
    assert errors_of(answer) == [sentence]
    page = html.fromstring(answer.text)
    for field, value in typed.items():
        assert page.xpath(f"string(//input[@name='{field}']/@value)").strip() == value.strip()


# Posts


def test_a_post_is_given_and_ended(app, cast, admin):
    address = f"/people/{cast.people['viewer']}"
    form = {"role": "unit_handler", "unit": str(cast.units["东镇"]), "starts_on": "2025-04-01"}
    admin.post(f"{address}/posts", data=form)
    assert message_on(admin, address) == "已登记：自2025年4月1日起任单位经办人。"
    with app.app_context():
        post = db.session.get_one(Person, cast.people["viewer"]).posts[-1]
        assert (post.role, post.unit_id) == (Role.UNIT_HANDLER, cast.units["东镇"])
    admin.post(f"{address}/posts/end", data={"post": str(post.id), "last_day": "2025-04-02"})
    assert message_on(admin, address) == "已登记：任职至2025年4月2日，次日起不再有该岗位的权限。"
    assert "已结束" in admin.get(address).text
    again = admin.post(f"{address}/posts/end", data={"post": str(post.id), "last_day": "2025-04-02"})
    assert errors_of(again) == ["请从列出的选项中选择。"]


@pytest.mark.parametrize(
    ("login", "change", "sentence"),
    [
        ("viewer", {"role": "sys_admin"}, "“查阅人员”与“系统管理员”不能由同一人担任"),
        ("admin", {"role": "viewer"}, "“系统管理员”与“查阅人员”不能由同一人担任"),
        ("viewer", {"role": "unit_head"}, "须指定所在单位"),
        ("viewer", {"role": "inspector", "unit": "3"}, "不指定所在单位"),
        ("viewer", {"role": "viewer"}, "已担任该岗位"),
        ("viewer", {"role": ""}, "请选择岗位"),
        ("viewer", {"role": "emperor"}, "请从列出的选项中选择"),
        ("viewer", {"starts_on": "2026-02-29"}, "日期不存在"),
        ("viewer", {"role": "unit_head", "unit": "5"}, "请从列出的选项中选择"),
    ],
)
def test_a_post_that_does_not_fit_is_refused_and_the_choice_kept(cast, admin, login, change, sentence):
    form = {"role": "inspector", "unit": "", "starts_on": "2025-04-03"} | change
    answer = admin.post(f"/people/{cast.people[login]}/posts", data=form)
    assert sentence in " ".join(errors_of(answer))
    page = html.fromstring(answer.text)
    if change.get("role") not in ("", "emperor"):
        assert page.xpath("string(//select[@name='role']/option[@selected]/@value)") == form["role"]
    assert page.xpath("string(//input[@name='starts_on']/@value)") == form["starts_on"]


def test_a_last_day_before_the_first_is_refused(app, cast, admin):
    address = f"/people/{cast.people['viewer']}"
    admin.post(f"{address}/posts", data={"role": "inspector", "unit": "", "starts_on": "2025-05-01"})
    with app.app_context():
        post = db.session.get_one(Person, cast.people["viewer"]).posts[-1].id
    answer = admin.post(f"{address}/posts/end", data={"post": str(post), "last_day": "2025-04-30"})
    assert errors_of(answer) == ["任职自2025年5月1日起，截止日期不能早于这一天。"]


def test_nobody_ends_somebody_elses_post_by_its_number(app, cast, admin):
    with app.app_context():
        post = db.session.get_one(Person, cast.people["clerk"]).posts[0].id
    form = {"post": str(post), "last_day": "2025-04-03"}
    assert admin.post(f"/people/{cast.people['viewer']}/posts/end", data=form).status_code == 422


# Accounts


def test_a_reset_password_is_shown_once_and_ends_the_sessions(app, cast, as_, admin):
    clerk = as_("clerk")
    answer = admin.post(f"/people/{cast.people['clerk']}/password")
    password = password_on(answer.text)
    assert clerk.get("/").status_code == 302
    assert password not in admin.get(f"/people/{cast.people['clerk']}").text
    assert app.test_client().post("/sign-in", data={"login": "clerk", "password": password}).status_code == 302


def test_a_disabled_account_is_out_at_once_and_comes_back_when_enabled(app, cast, as_, admin):
    clerk, address = as_("clerk"), f"/people/{cast.people['clerk']}"
    admin.post(f"{address}/disabling")
    assert "账号已停用" in message_on(admin, address)
    assert clerk.get("/").status_code == 302
    sign_in = {"login": "clerk", "password": "Sample-2025"}
    assert app.test_client().post("/sign-in", data=sign_in).status_code == 401
    admin.post(f"{address}/enabling")
    assert app.test_client().post("/sign-in", data=sign_in).status_code == 302


def test_administrators_leave_their_own_account_to_others(cast, admin):
    own = f"/people/{cast.people['admin']}"
    page = admin.get(own).text
    assert "停用账号" not in page
    assert "重置密码" not in page
    assert admin.post(f"{own}/disabling").status_code == 422
    assert admin.post(f"{own}/password").status_code == 422
    assert admin.get(own).status_code == 200


def test_a_stranger_is_not_found(cast, admin):
    address = f"/people/{cast.people['stranger']}"
    assert admin.get(address).status_code == 404
    form = {"role": "viewer", "unit": "", "starts_on": "2025-04-03"}
    for act in ("posts", "posts/end", "password", "disabling", "enabling"):
        assert admin.post(f"{address}/{act}", data=form).status_code == 404


@pytest.mark.parametrize("login", ["clerk", "leader", "handler", "viewer"])
def test_people_are_the_administrators_alone(as_, login):
    assert as_(login).get("/people/").status_code == 403
    assert as_(login).post("/people/new", data={"name": "张三", "login": "zhang.san"}).status_code == 403


def test_the_administrator_begins_with_the_people(admin):
    assert admin.get("/").headers["Location"] == "/people/"


def test_every_act_on_an_account_is_in_the_chain_without_the_password(app, cast, admin):
    address = f"/people/{cast.people['clerk']}"
    password = password_on(admin.post(f"{address}/password").text)
    admin.post(f"{address}/disabling")
    with app.app_context():
        told = events.history(cast.county, "person", cast.people["clerk"])
        assert [event.act for event in told][-2:] == ["change_password", "disable"]
        assert {event.person_id for event in told[-2:]} == {cast.people["admin"]}
        assert password not in str([event.after for event in told])
        assert events.first_break(cast.county) is None
