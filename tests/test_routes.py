"""Every route at once: it names its permission, is closed to strangers, carries the headers."""

import pytest

from tracker.rules.permissions import Action
from tracker.web.access import permission_of

HEADERS = ("Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy")
ROLES = ("clerk", "leader", "inspector", "viewer", "admin", "handler", "colleague", "town", "stranger")


def _rules(app):
    return [rule for rule in app.url_map.iter_rules() if not rule.endpoint.endswith("static")]


def _address(rule, number="1"):
    """The rule's address with a number in every place."""
    return app_url(rule, dict.fromkeys(rule.arguments, number))


def app_url(rule, values):
    address = rule.rule
    for name in rule.arguments:
        start = address.index("<")
        end = address.index(">")
        address = address[:start] + values[name] + address[end + 1 :]
    return address


def test_every_route_names_its_permission(app):
    unnamed = [rule.endpoint for rule in _rules(app) if not isinstance(permission_of(app, rule.endpoint), Action)]
    assert unnamed == []


def test_nobody_gets_in_without_signing_in(app, client):
    for rule in _rules(app):
        if permission_of(app, rule.endpoint) is Action.PUBLIC:
            continue
        method = "GET" if "GET" in rule.methods else "POST"
        answer = client.open(_address(rule), method=method)
        assert answer.status_code == 302, rule
        assert "/sign-in" in answer.headers["Location"], rule


def test_a_role_without_the_permission_is_refused_on_every_route(app, as_, cast):
    for login in ROLES:
        client = as_(login)
        for rule in _rules(app):
            action = permission_of(app, rule.endpoint)
            if action is Action.PUBLIC or _may(app, cast, login, action):
                continue
            method = "GET" if "GET" in rule.methods else "POST"
            assert client.open(_address(rule), method=method).status_code == 403, (login, rule)


def _may(app, cast, login, action):
    from tracker.ledger import accounts
    from tracker.ledger.db import db
    from tracker.ledger.tables.accounts import Person
    from tracker.rules.permissions import can

    with app.app_context():
        person = db.session.get_one(Person, cast.people[login])
        return can(accounts.roles_on(person, cast.act(login).today), action)


@pytest.mark.parametrize("login", ROLES)
def test_no_route_breaks_on_a_number_that_does_not_exist(app, as_, login):
    client = as_(login)
    for rule in _rules(app):
        for method in rule.methods & {"GET", "POST"}:
            answer = client.open(_address(rule, "999999"), method=method)
            assert answer.status_code < 500 or answer.status_code == 503, (method, rule)


@pytest.mark.parametrize("number", ["0", "9" * 30])
def test_a_number_that_no_record_can_have_is_not_found(app, as_, number):
    client = as_("clerk")
    for rule in _rules(app):
        if rule.arguments and "GET" in rule.methods:
            assert client.get(_address(rule, number)).status_code in (403, 404), rule
    for query in ("plan", "unit"):
        assert client.get(f"/items/?{query}={number}").status_code < 500


def test_files_of_the_front_leave_the_session_alone(as_):
    """One that arrives late, after signing out or in, would bring the old session back."""
    client = as_("clerk")
    assert "Set-Cookie" in client.get("/").headers
    for address in ("/static/ledger.css", "/dashboard/plotly.min.js"):
        with client.get(address) as answer:
            assert "Set-Cookie" not in answer.headers, address


def test_a_change_is_never_made_by_get(app):
    for rule in _rules(app):
        if "GET" in rule.methods:
            assert "DELETE" not in rule.methods, rule
            assert "PUT" not in rule.methods, rule


def test_every_change_needs_its_token(app, as_):
    app.config["WTF_CSRF_ENABLED"] = True
    client = as_("clerk")
    for rule in _rules(app):
        if "POST" in rule.methods:
            answer = client.post(_address(rule))
            assert answer.status_code == 400, rule
            assert "页面已过期" in answer.text, rule


def test_every_answer_carries_the_security_headers(app, as_):
    client = as_("clerk")
    for rule in _rules(app):
        if "GET" not in rule.methods:
            continue
        answer = client.get(_address(rule))
        for header in HEADERS:
            assert header in answer.headers, (header, rule)
        assert "unsafe-eval" not in answer.headers["Content-Security-Policy"], rule
        assert "script-src 'self' 'unsafe-inline'" not in answer.headers["Content-Security-Policy"], rule


def test_every_page_has_a_title_a_language_and_labelled_fields(app, as_):
    from lxml import html

    client = as_("clerk")
    for rule in _rules(app):
        if "GET" not in rule.methods:
            continue
        answer = client.get(_address(rule))
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        page = html.fromstring(answer.text)
        assert page.get("lang") == "zh-CN", rule
        assert page.findtext(".//title").strip(" ·"), rule
        for field in page.xpath("//input[not(@type='hidden')]|//select|//textarea"):
            labelled = field.get("aria-label") or field.xpath("ancestor::label")
            labelled = labelled or page.xpath("//label[@for=$id]", id=field.get("id"))
            assert labelled, (rule, html.tostring(field, encoding="unicode")[:200])


def test_what_does_not_exist_is_answered_plainly(as_):
    answer = as_("clerk").get("/no-such-page")
    assert answer.status_code == 404
    assert "没有找到" in answer.text


def test_an_impossible_date_or_quarter_is_named(as_):
    clerk = as_("clerk")
    assert "2026-02-29" in clerk.get("/inspection-sheets/?as_of=2026-02-29").text
    assert clerk.get("/inspection-sheets/?quarter=2025Q5").status_code == 422
    assert clerk.get("/inspection-sheets/?quarter=2024Q1").status_code == 422
    assert clerk.get("/inspection-sheets/?plan=999").status_code == 404
