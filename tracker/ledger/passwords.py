"""Passwords and sessions: signing in and out, what locks an account, and whether one opens."""

import secrets
from datetime import datetime
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select

from tracker.ledger import events
from tracker.ledger.acts import Act
from tracker.ledger.db import db
from tracker.ledger.tables.accounts import Person
from tracker.rules import passwords as rules
from tracker.rules.passwords import AccountState
from tracker.rules.refusals import Invalid

_hasher = PasswordHasher()
_UNUSABLE = "-"
_READABLE = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without 0 O, 1 l I i o


@cache
def _nobodys_hash() -> str:
    """Checked where the login is unknown, so that the answer takes as long as for a known one."""
    return _hasher.hash(secrets.token_hex())


def hashed(password: str | None) -> str:
    """What is kept of a password; what no password opens, where there is none."""
    return _UNUSABLE if password is None else _hasher.hash(password)


def initial_password(login: str) -> str:
    """Sixteen characters that are easily read out and cannot be guessed, in groups of four; a new one each time."""
    while True:
        letters = "".join(secrets.choice(_READABLE) for _ in range(16))
        password = "-".join(letters[start : start + 4] for start in range(0, 16, 4))
        if not rules.weakness(password, login):
            return password


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
    locked = person.failures >= rules.FAILURES_ALLOWED
    if locked:
        person.failures, person.locked_until = 0, by.at + rules.LOCKED_FOR
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
    if weakness := rules.weakness(new, person.login):
        raise Invalid(weakness)
    person.password_hash = hashed(new)
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


def state_of(person: Person, at: datetime) -> AccountState:
    if not person.active:
        return AccountState.DISABLED
    if person.locked_until is not None and at < person.locked_until:
        return AccountState.LOCKED
    if person.password_hash == _UNUSABLE:
        return AccountState.WITHOUT_PASSWORD
    return AccountState.FIRST_PASSWORD if person.must_change_password else AccountState.OPEN
