from datetime import timedelta

import pytest

from tests.conftest import PASSWORD, TODAY, noon
from tracker.ledger import accounts, events, passwords
from tracker.ledger.acts import Act
from tracker.ledger.db import db, transaction
from tracker.ledger.signed_in import signed_in
from tracker.ledger.tables.accounts import Person
from tracker.rules.passwords import weakness
from tracker.rules.permissions import Role
from tracker.rules.refusals import Invalid

NOBODY = Act(0, None, noon(TODAY), TODAY)


def person(cast, login: str) -> Person:
    return db.session.get_one(Person, cast.people[login])


def try_to_sign_in(login: str, password: str, minutes: float = 0) -> Person | None:
    opened = passwords.password_opens(login, password)
    with transaction():
        return passwords.sign_in(Act(0, None, noon(TODAY) + timedelta(minutes=minutes), TODAY), login, opened)


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
    opened = passwords.password_opens("clerk", PASSWORD)
    with transaction():
        passwords.reset_password(cast.act("admin"), person(cast, "clerk"))
    with transaction():
        assert passwords.sign_in(NOBODY, "clerk", opened) is None


def test_a_session_is_known_by_its_key_while_the_account_is_open(app_context, cast):
    clerk = person(cast, "clerk")
    key = clerk.session_key
    found = signed_in(clerk.id, key)
    assert found is not None
    assert (found.person_id, found.name) == (clerk.id, clerk.name)
    assert [post.role for post in found.posts] == [Role.GROUP_OFFICE]
    assert signed_in(clerk.id, "0" * 32) is None
    assert signed_in(999, key) is None
    with transaction():
        passwords.sign_out(cast.act("clerk"), clerk)
    assert signed_in(clerk.id, key) is None


# Passwords


def test_a_changed_password_ends_every_session(app_context, cast):
    before = person(cast, "clerk").session_key
    with transaction():
        passwords.change_password(cast.act("clerk"), person(cast, "clerk"), PASSWORD, "Another-2025")
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
        passwords.change_password(cast.act("clerk"), person(cast, "clerk"), old, new)
    assert try_to_sign_in("clerk", PASSWORD) is not None


def test_a_reset_password_is_good_opens_a_locked_account_and_must_be_changed(app_context, cast):
    for _ in range(5):
        try_to_sign_in("clerk", "wrong")
    with transaction():
        password = passwords.reset_password(cast.act("admin"), person(cast, "clerk"))
    assert weakness(password, "clerk") is None
    assert try_to_sign_in("clerk", password).must_change_password


def test_nobody_resets_their_own_password(app_context, cast):
    with pytest.raises(Invalid, match="修改密码"), transaction():
        passwords.reset_password(cast.act("admin"), person(cast, "admin"))


def test_initial_passwords_differ_and_are_good_for_any_login():
    made = {passwords.initial_password(login) for login in ("ab", "AB", "zhang.san", "x-y")}
    assert len(made) == 4
    assert not any(sign in password for password in made for sign in "0O1lIio")


def test_no_password_is_kept_in_the_history(app_context, cast):
    with transaction():
        password = passwords.reset_password(cast.act("admin"), person(cast, "clerk"))
        passwords.change_password(cast.act("clerk"), person(cast, "clerk"), password, "Another-2025")
    for event in _history(cast, "clerk"):
        assert password not in f"{event.before}{event.after}"
        assert "Another" not in f"{event.before}{event.after}"


def _history(cast, login: str):
    return events.history(cast.county, "person", cast.people[login])
