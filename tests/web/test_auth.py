import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient

from tests.conftest import PASSWORD, TODAY, noon
from tracker import clock
from tracker.ledger import accounts, passwords
from tracker.ledger.db import db, transaction
from tracker.ledger.tables.accounts import Person

REFUSED = "登录名或密码不正确，或账号暂时锁定"


def sign_in(client: FlaskClient, login: str = "clerk", password: str = PASSWORD, address: str = "/sign-in", **more):
    return client.post(address, data={"login": login, "password": password}, **more)


def copied(client: FlaskClient) -> FlaskClient:
    """Another browser with the same cookie."""
    other = client.application.test_client()
    other.set_cookie("ledger", client.get_cookie("ledger").value)
    return other


def is_in(client: FlaskClient) -> bool:
    answer = client.get("/password")
    return answer.status_code == 200


def change(app, cast, login: str, verb, *more) -> None:
    with app.app_context(), transaction():
        verb(cast.act("admin"), db.session.get_one(Person, cast.people[login]), *more)


# The way in


def test_signing_in_leads_to_the_first_page(client):
    answer = sign_in(client)
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/"
    assert is_in(client)


def test_signing_in_leads_back_to_the_page_that_was_asked_for(client):
    asked = client.get("/units/?q=1")
    assert asked.headers["Location"].startswith("/sign-in?next=")
    assert sign_in(client, address=asked.headers["Location"]).headers["Location"] == "/units/?q=1"


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\t\\evil.example",
        "/\n/evil.example",
        "@evil.example",
        "javascript:alert(1)",
        " //evil.example",
        "evil.example",
        "",
    ],
)
def test_no_address_leads_to_another_site(client, address):
    answer = client.post("/sign-in", query_string={"next": address}, data={"login": "clerk", "password": PASSWORD})
    assert answer.headers["Location"] == "/"


def test_a_refusal_keeps_the_login_and_never_the_password(client):
    answer = sign_in(client, "clerk", "Wrong-Password-1")
    assert answer.status_code == 401
    assert REFUSED in answer.text
    assert 'value="clerk"' in answer.text
    assert "Wrong-Password-1" not in answer.text


def test_an_empty_form_says_what_is_missing(client):
    answer = sign_in(client, "", "")
    assert answer.status_code == 422
    assert "请填写登录名。" in answer.text
    assert "请填写密码。" in answer.text


def test_known_unknown_locked_and_disabled_logins_get_the_same_answer(app, cast, client):
    change(app, cast, "leader", accounts.set_active, False)
    for _ in range(5):
        sign_in(client, "handler", "wrong")
    answers = {}
    for login, password in {"clerk": "wrong", "nobody": "wrong", "handler": PASSWORD, "leader": PASSWORD}.items():
        answer = sign_in(client, login, password)
        answers[login] = (answer.status_code, re.sub(login, "", answer.text))
    assert len(set(answers.values())) == 1


def test_whoever_is_signed_in_is_not_asked_again(as_):
    assert as_("clerk").get("/sign-in").headers["Location"] == "/"


def test_a_sign_in_needs_its_token(app, client):
    app.config["WTF_CSRF_ENABLED"] = True
    assert sign_in(client).status_code == 400
    assert not is_in(client)


# Locking


def test_six_failures_lock_the_account_whatever_address_they_claim_to_come_from(client, app, monkeypatch):
    for number in range(6):
        forged = {"X-Forwarded-For": f"10.0.0.{number}", "X-Real-IP": f"10.0.0.{number}", "Forwarded": f"for={number}"}
        assert sign_in(client, "clerk", "wrong", headers=forged).status_code == 401
    assert sign_in(client, headers={"X-Forwarded-For": "10.0.0.99"}).status_code == 401
    assert sign_in(app.test_client()).status_code == 401
    monkeypatch.setattr(clock, "now", lambda: noon(TODAY) + timedelta(minutes=10))
    assert sign_in(client).status_code == 302


# The way out


def test_signing_out_kills_a_copied_cookie(client):
    sign_in(client)
    thief = copied(client)
    assert is_in(thief)
    assert client.post("/sign-out").headers["Location"] == "/sign-in"
    assert not is_in(client)
    assert not is_in(thief)


def test_signing_in_begins_a_new_session(client):
    client.get("/units/")
    before = client.get_cookie("ledger").value
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
    sign_in(client)
    with client.session_transaction() as session:
        assert "planted" not in session
    assert client.get_cookie("ledger").value != before


def test_changing_the_password_ends_every_session(client):
    sign_in(client)
    other = copied(client)
    answer = client.post("/password", data={"old": PASSWORD, "new": "Another-2025", "again": "Another-2025"})
    assert answer.headers["Location"] == "/sign-in"
    assert not is_in(client)
    assert not is_in(other)
    assert sign_in(client).status_code == 401
    assert sign_in(client, password="Another-2025").status_code == 302


@pytest.mark.parametrize("verb", [passwords.reset_password, lambda by, person: accounts.set_active(by, person, False)])
def test_a_reset_password_or_a_disabled_account_ends_every_session(app, cast, client, verb):
    sign_in(client)
    change(app, cast, "clerk", verb)
    assert not is_in(client)


def test_a_disabled_and_enabled_account_must_sign_in_again(app, cast, client):
    sign_in(client)
    change(app, cast, "clerk", accounts.set_active, False)
    change(app, cast, "clerk", accounts.set_active, True)
    assert not is_in(client)


def test_a_post_that_ends_takes_its_rights_with_it_at_once(app, cast, as_, move_to):
    clerk = as_("clerk")
    assert clerk.get("/units/").status_code == 200
    with app.app_context(), transaction():
        post = db.session.get_one(Person, cast.people["clerk"]).posts[0]
        accounts.end_post(cast.act("admin"), post, TODAY)
    assert clerk.get("/units/").status_code == 200
    move_to(TODAY + timedelta(days=1))
    assert clerk.get("/units/").status_code == 403
    assert "没有任职岗位" in clerk.get("/").text


def test_half_an_hour_without_a_click_ends_the_session(client, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC))  # the signature's time is the machine's
    with time_machine.travel(noon(TODAY), tick=False) as time:
        sign_in(client)
        for _ in range(3):
            time.shift(timedelta(minutes=29))
            assert is_in(client)
        time.shift(timedelta(minutes=31))
        assert not is_in(client)


def test_the_cookie_is_signed_anew_once_a_minute(client, monkeypatch):
    sign_in(client)
    client.get("/password")  # the first form puts its token into the session
    for seconds, anew in ((30, False), (61, True), (90, False), (130, True)):
        monkeypatch.setattr(clock, "now", lambda seconds=seconds: noon(TODAY) + timedelta(seconds=seconds))
        assert ("Set-Cookie" in client.get("/password").headers) is anew


def test_a_cookie_that_was_tampered_with_opens_nothing(client, cast):
    sign_in(client)
    value = client.get_cookie("ledger").value
    for forged in (value[:-1], f"{value}x", value.replace(".", "..", 1), "", "x.y.z"):
        client.set_cookie("ledger", forged)
        assert not is_in(client)


def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(client):
    cookie = sign_in(client).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


# The password


def test_a_wrong_old_password_is_said_beside_its_field(as_):
    answer = as_("clerk").post("/password", data={"old": "wrong", "new": "Another-2025", "again": "Another-2025"})
    assert answer.status_code == 422
    assert 'href="#old">原密码：原密码不正确' in answer.text


@pytest.mark.parametrize(
    ("new", "again", "place"),
    [
        ("short", "short", "#new"),
        ("Another-2025", "Another-2026", "#again"),
        (PASSWORD, PASSWORD, "#new"),
        ("", "", "#new"),
    ],
)
def test_a_new_password_is_good_new_and_typed_twice(as_, new, again, place):
    clerk = as_("clerk")
    answer = clerk.post("/password", data={"old": PASSWORD, "new": new, "again": again})
    assert answer.status_code == 422
    assert f'href="{place}"' in answer.text
    assert is_in(clerk)


def test_a_first_password_opens_nothing_but_the_page_that_changes_it(app, cast, client):
    with app.app_context(), transaction():
        password = passwords.reset_password(cast.act("admin"), db.session.get_one(Person, cast.people["clerk"]))
    sign_in(client, password=password)
    for address in ("/", "/units/", "/items/"):
        answer = client.get(address)
        assert answer.headers["Location"] == "/password", address
    assert client.post("/units/new", data={"name": "新单位"}).headers["Location"] == "/password"
    assert "请先修改密码" in client.get("/password").text
    client.post("/password", data={"old": password, "new": "Another-2025", "again": "Another-2025"})
    sign_in(client, password="Another-2025")
    assert client.get("/units/").status_code == 200


def test_a_person_who_must_change_the_password_may_also_leave(app, cast, client):
    with app.app_context(), transaction():
        password = passwords.reset_password(cast.act("admin"), db.session.get_one(Person, cast.people["clerk"]))
    sign_in(client, password=password)
    assert client.post("/sign-out").headers["Location"] == "/sign-in"
    assert not is_in(client)
