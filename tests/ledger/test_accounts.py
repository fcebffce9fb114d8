from datetime import date

import pytest

from tests.conftest import PASSWORD, TODAY, noon
from tracker.ledger import accounts, events
from tracker.ledger.acts import Act
from tracker.ledger.db import db, transaction
from tracker.ledger.tables.accounts import Person
from tracker.rules.permissions import Role
from tracker.rules.refusals import Invalid, NotFound, Refusal

NOBODY = Act(0, None, noon(TODAY), TODAY)


def person(cast, login: str) -> Person:
    return db.session.get_one(Person, cast.people[login])


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
        with pytest.raises(Refusal, match="已于2025年3月31日结束"):
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


def _history(cast, login: str):
    return events.history(cast.county, "person", cast.people[login])
