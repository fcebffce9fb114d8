from datetime import date

import pytest
from sqlalchemy.exc import OperationalError

from tests.pages import queries, text_of
from tests.reporting import count
from tests.web.test_items import hand_in
from tracker.ledger import looks
from tracker.ledger.tables.views import Look


def test_what_happened_since_another_day_stands_above_the_list(app, as_, cast, move_to):
    leader = as_("leader")
    assert "以来的变化" not in leader.get("/items/").text
    with app.app_context():
        hand_in(cast, on=date(2025, 4, 4))
    move_to(date(2025, 4, 5))
    for _ in range(2):  # the second look of the day says the same
        words = text_of(leader.get("/items/?quarter=2025Q1").text)
        assert "以来的变化：提交填报 1" in words
        assert "第 1 项 县司法局 2025年第一季度" in words


def test_a_page_writes_once_a_day_and_person(app, as_, cast, move_to):
    leader = as_("leader")
    leader.get("/items/")
    with app.app_context():
        assert count(Look) == 1
    asked = queries(app, leader, "/items/")
    assert asked == queries(app, leader, "/items/")


def test_another_day_than_today_is_no_look(app, as_, cast):
    as_("leader").get("/items/?as_of=2025-04-01")
    with app.app_context():
        assert count(Look) == 0


@pytest.mark.filterwarnings("ignore")
def test_a_look_that_cannot_be_noted_keeps_nobody_from_the_list(as_, monkeypatch):
    def locked(*_):
        raise OperationalError("", {}, Exception("database is locked"))

    monkeypatch.setattr(looks, "note", locked)
    assert as_("leader").get("/items/").status_code == 200
