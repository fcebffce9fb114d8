"""The calendar feed (iCalendar, RFC 5545): a person's open duties, by an address that only the person knows."""

from datetime import timedelta

from flask import Blueprint, Response, url_for
from flask.typing import ResponseReturnValue
from icalendar import Calendar, Event, vText

from tracker import clock
from tracker.ledger import accounts, feeds, preferences
from tracker.ledger.tables.duties import Duty
from tracker.rules.permissions import Action
from tracker.rules.refusals import NotFound
from tracker.web.access import needs, settings

pages = Blueprint("feeds", __name__, url_prefix="/feeds")


@pages.get("/<key>.ics")
@needs(Action.PUBLIC)
def calendar(key: str) -> ResponseReturnValue:
    """The key is the permission: calendar programs cannot sign in.  It opens what the person may see today."""
    person = preferences.person_by_calendar_key(key)
    if person is None:
        raise NotFound
    today = clock.today(settings().timezone)
    if not accounts.roles_on(person, today):
        raise NotFound
    feed = Calendar()
    feed.add("prodid", "-//工作计划台账//CN")
    feed.add("version", "2.0")
    feed.add("x-wr-calname", vText("工作计划台账"))
    for duty in feeds.open_duties(person.organisation_id, accounts.scope_of(person, today), today):
        feed.add_component(_event(duty))
    answer = Response(feed.to_ical(), mimetype="text/calendar")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _event(duty: Duty) -> Event:
    """A whole day, the last in time; its uid stays the same, so that a moved date moves the entry."""
    assert duty.answer_by is not None  # the query asks for dated ones
    event = Event()
    event.add("uid", f"duty-{duty.id}@ledger")
    event.add("dtstamp", clock.now())
    event.add("dtstart", duty.answer_by)
    event.add("dtend", duty.answer_by + timedelta(days=1))
    event.add("summary", f"{duty.unit.name}：{duty.item.position}. {duty.item.short}（{duty.label}）")
    if base := settings().base_url:
        event.add("url", base + url_for("items.item", item_id=duty.item_id))
    return event
