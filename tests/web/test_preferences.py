from datetime import date

from icalendar import Calendar

from tracker.ledger.db import db
from tracker.ledger.tables.messages import Preference

CHOICE = {"email": "jingban@example.com", "mail": "y", "quiet_from": "22", "quiet_until": "7"}


def _feed_of(app, cast, login):
    with app.app_context():
        kept = db.session.get(Preference, cast.people[login])
        return f"/feeds/{kept.calendar_key}.ics"


def test_a_person_chooses_how_to_be_told(app, as_, cast):
    handler = as_("handler")
    assert handler.post("/preferences/", data=CHOICE).status_code == 302
    page = handler.get("/preferences/").text
    assert 'value="jingban@example.com"' in page
    assert '<option selected value="22">' in page


def test_nothing_typed_is_lost_where_an_address_is_none(as_):
    answer = as_("handler").post("/preferences/", data=CHOICE | {"email": "jingban"})
    assert answer.status_code == 422
    assert 'value="jingban"' in answer.text
    assert "不是有效的邮箱地址" in answer.text


def test_half_a_span_of_quiet_is_refused(as_):
    answer = as_("handler").post("/preferences/", data=CHOICE | {"quiet_until": ""})
    assert "请同时选择" in answer.text


def test_the_feed_shows_the_own_units_open_duties_to_whoever_has_the_address(app, as_, cast, client):
    as_("town").post("/preferences/calendar", data={"act": "open"})
    answer = client.get(_feed_of(app, cast, "town"))
    assert answer.mimetype == "text/calendar"
    events = Calendar.from_ical(answer.data).walk("VEVENT")
    assert {str(event["summary"]).split("：")[0] for event in events} == {"东镇"}
    assert date(2025, 4, 7) in {event.decoded("dtstart") for event in events}


def test_a_new_address_ends_the_old_one_and_closing_ends_both(app, as_, cast, client):
    town = as_("town")
    town.post("/preferences/calendar", data={"act": "open"})
    old = _feed_of(app, cast, "town")
    town.post("/preferences/calendar", data={"act": "open"})
    assert client.get(old).status_code == 404
    current = _feed_of(app, cast, "town")
    assert client.get(current).status_code == 200
    town.post("/preferences/calendar", data={"act": "close"})
    assert client.get(current).status_code == 404


def test_a_guessed_address_opens_nothing(client):
    assert client.get("/feeds/1.ics").status_code == 404
    assert client.get("/feeds/None.ics").status_code == 404
