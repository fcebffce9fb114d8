"""People and posts: signing in, passwords, and who sees what."""

import secrets
from datetime import date

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from tracker.ledger import events
from tracker.ledger.acts import Act
from tracker.ledger.db import db
from tracker.ledger.tables.accounts import Person, Post
from tracker.rules import passwords
from tracker.rules.permissions import Role, sees_every_unit
from tracker.rules.refusals import Invalid, NotFound

_hasher = PasswordHasher()
_UNUSABLE = "-"
# Checked where the login is unknown, so that the answer takes as long as for a known one.
_NOBODY = _hasher.hash(secrets.token_hex())


def add_person(by: Act, login: str, name: str, password: str | None, *, must_change: bool = True) -> Person:
    """A new account; raise Invalid for a taken login or a weak password.  Without a password it opens to nobody."""
    login, name = login.strip(), name.strip()
    if not login or not name:
        raise Invalid("请填写登录名和姓名。")
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


def give_post(by: Act, person: Person, role: Role, unit_id: int | None = None, starts_on: date | None = None) -> Post:
    """A role at a unit; raise Invalid where the role belongs to a unit and none is named, or the other way round."""
    if (role in (Role.UNIT_HEAD, Role.UNIT_HANDLER)) != (unit_id is not None):
        raise Invalid(f"岗位“{role.label}”{'须' if unit_id is None else '不'}指定所在单位。")
    post = Post(person=person, unit_id=unit_id, role=role, starts_on=starts_on)
    db.session.add(post)
    db.session.flush()
    events.record(by, "give_post", "person", person.id, after={"role": role, "unit_id": unit_id})
    return post


def end_post(by: Act, post: Post, last_day: date) -> None:
    """`last_day` still belongs to the post."""
    post.ends_on = last_day
    events.record(by, "end_post", "person", post.person_id, after={"post_id": post.id, "ends_on": str(last_day)})


def sign_in(by: Act, login: str, password: str) -> Person | None:
    """The person whom login and password open, or None; failures are counted and lock the account for a while.

    `by.person` is None; the organisation is the person's own.
    """
    person = db.session.scalar(select(Person).where(Person.login == login.strip()))
    matches = _matches(person.password_hash if person else _NOBODY, password)
    if person is None or not person.active or (person.locked_until and by.at < person.locked_until):
        return None
    if not matches:
        _count_failure(by, person)
        return None
    person.failures, person.locked_until = 0, None
    events.record(_as(by, person), "sign_in", "person", person.id)
    return person


def _count_failure(by: Act, person: Person) -> None:
    person.failures += 1
    if person.failures >= passwords.FAILURES_ALLOWED:
        person.failures, person.locked_until = 0, by.at + passwords.LOCKED_FOR
    events.record(_as(by, person), "sign_in_failed", "person", person.id, after={"locked": bool(person.locked_until)})


def _as(by: Act, person: Person) -> Act:
    return Act(person.organisation_id, person, by.at, by.today)


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


def set_active(by: Act, person: Person, active: bool) -> None:
    if person.id == by.person_id and not active:
        raise Invalid("不能停用自己的账号。")
    person.active = active
    person.session_key = secrets.token_hex(16)
    events.record(by, "enable" if active else "disable", "person", person.id)


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
