"""People and posts: signing in, passwords, and who sees what."""

import secrets
from datetime import date, datetime
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from tracker.ledger import events, units
from tracker.ledger.acts import Act
from tracker.ledger.db import db
from tracker.ledger.tables.accounts import Person, Post
from tracker.rules import passwords
from tracker.rules.passwords import AccountState
from tracker.rules.permissions import Role, belongs_to_a_unit, check_separation, sees_every_unit
from tracker.rules.refusals import Invalid, NotFound, Refusal

LONGEST_NAME = 64

_hasher = PasswordHasher()
_UNUSABLE = "-"
_READABLE = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without 0 O, 1 l I i o


@cache
def _nobodys_hash() -> str:
    """Checked where the login is unknown, so that the answer takes as long as for a known one."""
    return _hasher.hash(secrets.token_hex())


def add_person(by: Act, login: str, name: str, password: str | None, *, must_change: bool = True) -> Person:
    """A new account; raise Invalid for a taken login or a weak password.  Without a password it opens to nobody."""
    login, name = login.strip(), _written(name)
    if fault := passwords.login_fault(login):
        raise Invalid(fault)
    if db.session.scalar(select(Person.id).where(Person.login == login)):
        raise Invalid(f"登录名“{login}”已被使用，请换一个。")
    if password is not None and (weakness := passwords.weakness(password, login)):
        raise Invalid(weakness)
    person = Person(
        organisation_id=by.organisation_id,
        login=login,
        name=name,
        password_hash=_UNUSABLE if password is None else _hasher.hash(password),
        must_change_password=must_change,
        session_key=secrets.token_hex(16),
    )
    db.session.add(person)
    db.session.flush()
    events.record(by, "add", "person", person.id, after={"login": login, "name": name})
    return person


def _written(name: str) -> str:
    name = name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise Invalid(f"请填写姓名，最多 {LONGEST_NAME} 字。")
    return name


def initial_password(login: str) -> str:
    """Sixteen characters that are easily read out and cannot be guessed, in groups of four; a new one each time."""
    while True:
        letters = "".join(secrets.choice(_READABLE) for _ in range(16))
        password = "-".join(letters[start : start + 4] for start in range(0, 16, 4))
        if not passwords.weakness(password, login):
            return password


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
        raise Refusal(f"该任职已于 {post.ends_on} 结束，不能再改。")
    if post.starts_on is not None and last_day < post.starts_on:
        raise Invalid(f"任职自 {post.starts_on} 起，截止日期不能早于这一天。")
    if post.person_id == by.person_id:
        raise Invalid("不能结束本人的任职，请由其他系统管理员办理。")
    before = {"post_id": post.id, "ends_on": post.ends_on.isoformat() if post.ends_on else None}
    post.ends_on = last_day
    events.record(by, "end_post", "person", post.person_id, before, before | {"ends_on": last_day.isoformat()})


def password_opens(login: str, password: str) -> str | None:
    """The stored hash that the password opens, or None; it takes as long for an unknown login as for a known one.

    It is slow on purpose, so it stands before the transaction of `sign_in`, not in it.
    """
    stored = db.session.scalar(select(Person.password_hash).where(Person.login == login.strip()))
    nobodys = _nobodys_hash()  # made in either case, for the first sign-in of a process shows how long it takes
    return stored if _matches(nobodys if stored in (None, _UNUSABLE) else stored, password) else None


def sign_in(by: Act, login: str, opened: str | None) -> Person | None:
    """The person whom the login names, if `password_opens` opened their account; failures are counted and lock it.

    `by.person` is None; the organisation is the person's own.
    """
    person = db.session.scalar(select(Person).where(Person.login == login.strip()).with_for_update())
    if person is None or state_of(person, by.at) in (AccountState.DISABLED, AccountState.LOCKED):
        return None
    if opened != person.password_hash:
        _count_failure(by, person)
        return None
    person.failures, person.locked_until = 0, None
    events.record(Act(person.organisation_id, person, by.at, by.today), "sign_in", "person", person.id)
    return person


def _count_failure(by: Act, person: Person) -> None:
    """Whoever tried is not known, least of all as the person whose account it is."""
    person.failures += 1
    locked = person.failures >= passwords.FAILURES_ALLOWED
    if locked:
        person.failures, person.locked_until = 0, by.at + passwords.LOCKED_FOR
    nobody = Act(person.organisation_id, None, by.at, by.today)
    events.record(nobody, "sign_in_failed", "person", person.id, after={"locked": locked})


def _matches(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def sign_out(by: Act, person: Person) -> None:
    """End every session of the person, so that a copied cookie opens nothing."""
    person.session_key = secrets.token_hex(16)
    events.record(by, "sign_out", "person", person.id)


def change_password(by: Act, person: Person, old: str, new: str) -> None:
    """Raise Invalid where the old password is wrong or the new one weak; all sessions end."""
    if not _matches(person.password_hash, old):
        raise Invalid("原密码不正确，请重新输入。")
    if new == old:
        raise Invalid("新密码不能与原密码相同。")
    set_password(by, person, new, must_change=False)


def set_password(by: Act, person: Person, new: str, *, must_change: bool) -> None:
    if weakness := passwords.weakness(new, person.login):
        raise Invalid(weakness)
    person.password_hash = _hasher.hash(new)
    person.must_change_password = must_change
    person.session_key = secrets.token_hex(16)
    person.failures, person.locked_until = 0, None
    events.record(by, "change_password", "person", person.id)


def reset_password(by: Act, person: Person) -> str:
    """Give the person a password that opens once, to be changed at the next sign-in; return it, for nobody keeps it."""
    if person.id == by.person_id:
        raise Invalid("请从右上角的“修改密码”更改本人密码。")
    password = initial_password(person.login)
    set_password(by, person, password, must_change=True)
    return password


def set_active(by: Act, person: Person, active: bool) -> None:
    if person.id == by.person_id and not active:
        raise Invalid("不能停用本人的账号，请由其他系统管理员办理。")
    person.active = active
    person.session_key = secrets.token_hex(16)
    events.record(by, "enable" if active else "disable", "person", person.id)


def state_of(person: Person, at: datetime) -> AccountState:
    if not person.active:
        return AccountState.DISABLED
    if person.locked_until is not None and at < person.locked_until:
        return AccountState.LOCKED
    if person.password_hash == _UNUSABLE:
        return AccountState.WITHOUT_PASSWORD
    return AccountState.FIRST_PASSWORD if person.must_change_password else AccountState.OPEN


def person_by_session(person_id: int, session_key: str) -> Person | None:
    """The signed-in person, with organisation and posts; None once the session has ended."""
    person = db.session.get(
        Person, person_id, options=[joinedload(Person.organisation), selectinload(Person.posts).joinedload(Post.unit)]
    )
    if person is None or not person.active or not secrets.compare_digest(person.session_key, session_key):
        return None
    return person


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


def roles_on(person: Person, day: date) -> frozenset[Role]:
    return frozenset(post.role for post in person.posts if post.held_on(day))


def own_units(person: Person, day: date) -> list[int]:
    """The units at which the person holds a post that day."""
    return sorted({post.unit_id for post in person.posts if post.unit_id and post.held_on(day)})


def scope_of(person: Person, day: date) -> frozenset[int] | None:
    """The units whose matters the person may see; None stands for all of the organisation's."""
    if sees_every_unit(roles_on(person, day)):
        return None
    return frozenset(own_units(person, day))
