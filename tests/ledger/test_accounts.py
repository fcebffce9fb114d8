from datetime import date, timedelta

import pytest

from tests.conftest import PASSWORD, TODAY, noon
from tracker.ledger import accounts, events
from tracker.ledger.acts import Act
from tracker.ledger.db import db, transaction
from tracker.ledger.tables.accounts import Person
from tracker.rules.passwords import weakness
from tracker.rules.permissions import Role
from tracker.rules.refusals import Invalid, NotFound, Refusal

NOBODY = Act(0, None, noon(TODAY), TODAY)


def person(cast, login: str) -> Person:
    return db.session.get_one(Person, cast.people[login])


def try_to_sign_in(login: str, password: str, minutes: float = 0) -> Person | None:
    opened = accounts.password_opens(login, password)
    with transaction():
        return accounts.sign_in(Act(0, None, noon(TODAY) + timedelta(minutes=minutes), TODAY), login, opened)


# Signing in


def test_login_and_password_open_the_account(app_context, cast):
    assert try_to_sign_in(" clerk ", PASSWORD).id == cast.people["clerk"]
    assert try_to_sign_in("clerk", "wrong") is None
    assert try_to_sign_in("nobody", PASSWORD) is None


def test_five_failures_lock_the_account_for_ten_minutes(app_context, cast):
    for _ in range(5):
        assert try_to_sign_in("clerk", "wrong") is None
    assert try_to_sign_in("clerk", PASSWORD) is None
    assert try_to_sign_in("clerk", PASSWORD, minutes=9.9) is None
    assert try_to_sign_in("clerk", PASSWORD, minutes=10) is not None
    assert try_to_sign_in("leader", PASSWORD) is not None


def test_four_failures_are_forgotten_once_the_person_is_in(app_context, cast):
    for _ in range(2):
        for _ in range(4):
            try_to_sign_in("clerk", "wrong")
        assert try_to_sign_in("clerk", PASSWORD) is not None


def test_after_a_lock_five_more_failures_are_needed(app_context, cast):
    for _ in range(5):
        try_to_sign_in("clerk", "wrong")
    for _ in range(4):
        try_to_sign_in("clerk", "wrong", minutes=11)
    assert try_to_sign_in("clerk", PASSWORD, minutes=11) is not None


def test_failures_are_kept_without_naming_a_doer(app_context, cast):
    for _ in range(5):
        try_to_sign_in("clerk", "wrong")
    kept = [event for event in _history(cast, "clerk") if event.act == "sign_in_failed"]
    assert [event.after["locked"] for event in kept] == [False] * 4 + [True]
    assert {event.person_id for event in kept} == {None}


def test_a_disabled_account_opens_to_nobody(app_context, cast):
    with transaction():
        accounts.set_active(cast.act("admin"), person(cast, "clerk"), active=False)
    assert try_to_sign_in("clerk", PASSWORD) is None
    with transaction():
        accounts.set_active(cast.act("admin"), person(cast, "clerk"), active=True)
    assert try_to_sign_in("clerk", PASSWORD) is not None


def test_an_account_without_a_password_opens_to_nobody(app_context, cast):
    with transaction():
        accounts.add_person(cast.act("admin"), "sample", "示例人员", None)
    for password in ("", "-", PASSWORD):
        assert try_to_sign_in("sample", password) is None


def test_a_password_changed_meanwhile_no_longer_opens(app_context, cast):
    opened = accounts.password_opens("clerk", PASSWORD)
    with transaction():
        accounts.reset_password(cast.act("admin"), person(cast, "clerk"))
    with transaction():
        assert accounts.sign_in(NOBODY, "clerk", opened) is None


# Passwords


def test_a_changed_password_ends_every_session(app_context, cast):
    before = person(cast, "clerk").session_key
    with transaction():
        accounts.change_password(cast.act("clerk"), person(cast, "clerk"), PASSWORD, "Another-2025")
    assert person(cast, "clerk").session_key != before
    assert try_to_sign_in("clerk", "Another-2025") is not None
    assert try_to_sign_in("clerk", PASSWORD) is None


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("wrong", "Another-2025", "原密码不正确"),
        (PASSWORD, PASSWORD, "不能与原密码相同"),
        (PASSWORD, "short", "至少 8 位"),
    ],
)
def test_a_password_is_changed_by_who_knows_the_old_one_to_a_good_new_one(app_context, cast, old, new, sentence):
    with pytest.raises(Invalid, match=sentence), transaction():
        accounts.change_password(cast.act("clerk"), person(cast, "clerk"), old, new)
    assert try_to_sign_in("clerk", PASSWORD) is not None


def test_a_reset_password_is_good_opens_a_locked_account_and_must_be_changed(app_context, cast):
    for _ in range(5):
        try_to_sign_in("clerk", "wrong")
    with transaction():
        password = accounts.reset_password(cast.act("admin"), person(cast, "clerk"))
    assert weakness(password, "clerk") is None
    assert try_to_sign_in("clerk", password).must_change_password


def test_nobody_resets_their_own_password(app_context, cast):
    with pytest.raises(Invalid, match="修改密码"), transaction():
        accounts.reset_password(cast.act("admin"), person(cast, "admin"))


def test_initial_passwords_differ_and_are_good_for_any_login():
    made = {accounts.initial_password(login) for login in ("ab", "AB", "zhang.san", "x-y")}
    assert len(made) == 4
    assert not any(sign in password for password in made for sign in "0O1lIio")


def test_no_password_is_kept_in_the_history(app_context, cast):
    with transaction():
        password = accounts.reset_password(cast.act("admin"), person(cast, "clerk"))
        accounts.change_password(cast.act("clerk"), person(cast, "clerk"), password, "Another-2025")
    for event in _history(cast, "clerk"):
        assert password not in f"{event.before}{event.after}"
        assert "Another" not in f"{event.before}{event.after}"


# People and posts


@pytest.mark.parametrize(
    ("login", "name", "sentence"),
    [
        ("clerk", "另一人", "已被使用"),
        ("stranger", "邻县的登录名也不行", "已被使用"),
        ("a b", "张三", "登录名须为"),
        ("zhang.san", " ", "请填写姓名"),
        ("zhang.san", "张" * 65, "最多 64 字"),
    ],
)
def test_a_person_needs_a_free_login_and_a_name(app_context, cast, login, name, sentence):
    with pytest.raises(Invalid, match=sentence), transaction():
        accounts.add_person(cast.act("admin"), login, name, PASSWORD)


def test_a_post_gives_its_role_from_its_first_to_its_last_day(app_context, cast):
    with transaction():
        post = accounts.give_post(cast.act("admin"), person(cast, "clerk"), Role.INSPECTOR, starts_on=date(2025, 5, 1))
        accounts.end_post(cast.act("admin"), post, date(2025, 5, 31))
    roles = {day: accounts.roles_on(person(cast, "clerk"), day) for day in (date(2025, 4, 30), date(2025, 5, 1))}
    assert roles == {
        date(2025, 4, 30): {Role.GROUP_OFFICE},
        date(2025, 5, 1): {Role.GROUP_OFFICE, Role.INSPECTOR},
    }
    assert Role.INSPECTOR in accounts.roles_on(person(cast, "clerk"), date(2025, 5, 31))
    assert Role.INSPECTOR not in accounts.roles_on(person(cast, "clerk"), date(2025, 6, 1))


def test_a_units_person_sees_that_unit_and_the_office_sees_all(app_context, cast):
    assert accounts.scope_of(person(cast, "handler"), TODAY) == {cast.units["县司法局"]}
    assert accounts.scope_of(person(cast, "clerk"), TODAY) is None
    assert accounts.scope_of(person(cast, "admin"), TODAY) == frozenset()


def test_a_post_of_a_unit_names_one_and_another_none(app_context, cast):
    clerk, admin = person(cast, "clerk"), cast.act("admin")
    with pytest.raises(Invalid, match="须指定所在单位"):
        accounts.give_post(admin, clerk, Role.UNIT_HANDLER)
    with pytest.raises(Invalid, match="不指定所在单位"):
        accounts.give_post(admin, clerk, Role.VIEWER, cast.units["东镇"])
    with pytest.raises(NotFound):
        accounts.give_post(admin, clerk, Role.UNIT_HANDLER, cast.units["邻县司法局"])


def test_the_same_post_is_not_given_twice_but_may_be_given_again_later(app_context, cast):
    admin, handler, unit = cast.act("admin"), person(cast, "handler"), cast.units["县司法局"]
    with pytest.raises(Invalid, match="已担任该岗位"):
        accounts.give_post(admin, handler, Role.UNIT_HANDLER, unit, TODAY)
    with transaction():
        accounts.end_post(admin, person(cast, "handler").posts[0], TODAY)
        accounts.give_post(admin, person(cast, "handler"), Role.UNIT_HANDLER, unit, date(2025, 4, 4))


def test_an_administrator_takes_a_business_post_only_after_the_administration_has_ended(app_context, cast):
    with pytest.raises(Invalid, match="不能由同一人担任"):
        accounts.give_post(cast.act("clerk"), person(cast, "admin"), Role.VIEWER, starts_on=date(2025, 5, 1))
    with transaction():
        accounts.end_post(cast.act("clerk"), person(cast, "admin").posts[0], date(2025, 4, 30))
        accounts.give_post(cast.act("clerk"), person(cast, "admin"), Role.VIEWER, starts_on=date(2025, 5, 1))


def test_a_post_ends_after_it_began_and_once(app_context, cast):
    admin = cast.act("admin")
    with transaction():
        post = accounts.give_post(admin, person(cast, "clerk"), Role.VIEWER, starts_on=date(2025, 3, 1))
        with pytest.raises(Invalid, match="不能早于"):
            accounts.end_post(admin, post, date(2025, 2, 28))
        accounts.end_post(admin, post, date(2025, 3, 31))
        with pytest.raises(Refusal, match="已于 2025-03-31 结束"):
            accounts.end_post(admin, post, TODAY)


def test_an_administrator_cannot_shut_themselves_out(app_context, cast):
    admin = cast.act("admin")
    with pytest.raises(Invalid, match="其他系统管理员"):
        accounts.set_active(admin, person(cast, "admin"), active=False)
    with pytest.raises(Invalid, match="其他系统管理员"):
        accounts.end_post(admin, person(cast, "admin").posts[0], TODAY)


def test_people_and_posts_of_the_neighbouring_county_are_not_found(app_context, cast):
    with pytest.raises(NotFound):
        accounts.person_of(cast.county, cast.people["stranger"])
    with pytest.raises(NotFound):
        accounts.post_of(cast.county, person(cast, "stranger").posts[0].id)
    assert cast.people["stranger"] not in {each.id for each in accounts.people_of(cast.county)}


def test_a_session_is_known_by_its_key_while_the_account_is_open(app_context, cast):
    clerk = person(cast, "clerk")
    key = clerk.session_key
    assert accounts.person_by_session(clerk.id, key) is clerk
    assert accounts.person_by_session(clerk.id, "0" * 32) is None
    assert accounts.person_by_session(999, key) is None
    with transaction():
        accounts.sign_out(cast.act("clerk"), clerk)
    assert accounts.person_by_session(clerk.id, key) is None


def _history(cast, login: str):
    return events.history(cast.county, "person", cast.people[login])
