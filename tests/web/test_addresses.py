"""Addresses are those that Flask would build, whatever stands in them."""

from datetime import date

import flask
import pytest

from tracker.rules.quarters import Quarter
from tracker.rules.standing import Standing
from tracker.web.addresses import url_for

ASKED = [
    {},
    {"plan": 3, "quarter": Quarter(2025, 2), "as_of": date(2025, 4, 3)},
    {"section": "深化 决策&公开", "standing": Standing.OVERDUE, "late": True, "unit": None},
    {"q": "50%+#?/='\"<>", "unit": [1, 2]},
    {"page": 2, "_anchor": "list"},
]


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: "-".join(asked) or "bare")
def test_every_view_has_the_address_that_flask_gives_it(app, asked):
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            values = {name: "a.txt" if name in ("filename", "token") else 7 for name in rule.arguments}
            assert url_for(rule.endpoint, **values, **asked) == flask.url_for(rule.endpoint, **values, **asked)


@pytest.mark.parametrize("name", ["ledger.css", "a b.txt", "文.txt", "x?y.css"])
def test_a_file_of_the_front_has_the_address_that_flask_gives_it(app, name):
    with app.test_request_context():
        assert url_for("static", filename=name) == flask.url_for("static", filename=name)


def test_beneath_a_proxys_path_addresses_begin_with_it(app):
    with app.test_request_context("/items/", base_url="http://localhost/ledger"):
        assert url_for("items.item", item_id=7) == "/ledger/items/7"


def test_templates_build_their_addresses_the_same_way(app):
    assert app.jinja_env.globals["url_for"] is url_for
