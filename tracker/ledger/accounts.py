"""People and their posts: the verbs that change them, the queries that read them, and who sees what."""

import secrets
from collections.abc import Sequence
from datetime import date
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from tracker.ledger import events, passwords, units
from tracker.ledger.acts import Act
from tracker.ledger.db import db
from tracker.ledger.tables.accounts import Person, Post
from tracker.rules.dates import written
from tracker.rules.passwords import login_fault, weakness
from tracker.rules.permissions import Action, Role, belongs_to_a_unit, can, check_separation, sees_every_unit
from tracker.rules.refusals import Invalid, NotFound, Refusal

LONGEST_NAME = 64


def add_person(by: Act, login: str, name: str, password: str | None, *, must_change: bool = True) -> Person:
    """A new account; raise Invalid for a taken login or a weak password.  Without a password it opens to nobody."""
    login, name = login.strip(), _named(name)
    if fault := login_fault(login):
        raise Invalid(fault)
    if db.session.scalar(select(Person.id).where(Person.login == login)):
        raise Invalid(f"登录名“{login}”已被使用，请换一个。")
    if password is not None and (weak := weakness(password, login)):
        raise Invalid(weak)
    person = Person(
        organisation_id=by.organisation_id,
        login=login,
        name=name,
        password_hash=passwords.hashed(password),
        must_change_password=must_change,
        session_key=secrets.token_hex(16),
    )
    db.session.add(person)
    db.session.flush()
    events.record(by, "add", "person", person.id, after={"login": login, "name": name})
    return person


def _named(name: str) -> str:
    name = name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise Invalid(f"请填写姓名，最多 {LONGEST_NAME} 字。")
    return name


def give_post(by: Act, person: Person, role: Role, unit_id: int | None = None, starts_on: date | None = None) -> Post:
    """A role, at a unit if it is a unit's; raise Invalid where the two do not fit, or the role not with those held."""
    if belongs_to_a_unit(role) != (unit_id is not None):
        raise Invalid(f"岗位“{role.label}”{'须' if unit_id is None else '不'}指定所在单位。")
    if unit_id is not None:
        units.unit_of(by.organisation_id, unit_id)
    held = [post for post in person.posts if not _over_before(post, starts_on)]
    check_separation({post.role for post in held}, role)
    if any((post.role, post.unit_id) == (role, unit_id) for post in held):
        raise Invalid(f"{person.name}已担任该岗位，无需重复登记。")
    post = Post(person=person, unit_id=unit_id, role=role, starts_on=starts_on)
    db.session.add(post)
    db.session.flush()
    after = {"role": role, "unit_id": unit_id, "starts_on": starts_on.isoformat() if starts_on else None}
    events.record(by, "give_post", "person", person.id, after=after)
    return post


def _over_before(post: Post, day: date | None) -> bool:
    return post.ends_on is not None and day is not None and post.ends_on < day


def end_post(by: Act, post: Post, last_day: date) -> None:
    """`last_day` still belongs to the post.  An administrator cannot shut themselves out."""
    if post.ends_on is not None and post.ends_on < by.today:
        raise Refusal(f"该任职已于{written(post.ends_on)}结束，不能再改。")
    if post.starts_on is not None and last_day < post.starts_on:
        raise Invalid(f"任职自{written(post.starts_on)}起，截止日期不能早于这一天。")
    if post.person_id == by.person_id:
        raise Invalid("不能结束本人的任职，请由其他系统管理员办理。")
    before = {"post_id": post.id, "ends_on": post.ends_on.isoformat() if post.ends_on else None}
    post.ends_on = last_day
    events.record(by, "end_post", "person", post.person_id, before, before | {"ends_on": last_day.isoformat()})


def set_active(by: Act, person: Person, active: bool) -> None:
    if person.id == by.person_id and not active:
        raise Invalid("不能停用本人的账号，请由其他系统管理员办理。")
    person.active = active
    person.session_key = secrets.token_hex(16)
    events.record(by, "enable" if active else "disable", "person", person.id)


def people_of(organisation_id: int) -> list[Person]:
    return list(
        db.session.scalars(
            select(Person)
            .where(Person.organisation_id == organisation_id)
            .order_by(Person.id)
            .options(selectinload(Person.posts).joinedload(Post.unit))
        )
    )


def person_of(organisation_id: int, person_id: int) -> Person:
    person = db.session.get(Person, person_id)
    if person is None or person.organisation_id != organisation_id:
        raise NotFound
    return person


def post_of(organisation_id: int, post_id: int) -> Post:
    post = db.session.get(Post, post_id)
    if post is None or post.person.organisation_id != organisation_id:
        raise NotFound
    return post


class Term(Protocol):
    """A post, or a value of its columns."""

    @property
    def role(self) -> Role: ...

    @property
    def unit_id(self) -> int | None: ...

    def held_on(self, day: date) -> bool: ...


class Holder(Protocol):
    """A person, or a value that says what posts they hold."""

    @property
    def posts(self) -> Sequence[Term]: ...


def roles_on(person: Holder, day: date) -> frozenset[Role]:
    return frozenset(post.role for post in person.posts if post.held_on(day))


def own_units(person: Holder, day: date) -> list[int]:
    """The units at which the person holds a post that day."""
    return sorted({post.unit_id for post in person.posts if post.unit_id and post.held_on(day)})


def units_where(person: Holder, action: Action, day: date) -> frozenset[int]:
    """The units at which one of the posts held that day gives the right to it."""
    posts = (post for post in person.posts if post.unit_id and post.held_on(day))
    return frozenset(post.unit_id for post in posts if post.unit_id and can([post.role], action))


def scope_of(person: Holder, day: date) -> frozenset[int] | None:
    """The units whose matters the person may see; None stands for all of the organisation's."""
    if sees_every_unit(roles_on(person, day)):
        return None
    return frozenset(own_units(person, day))
