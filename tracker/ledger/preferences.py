"""How a person wants to be told: by mail or not, when not to be disturbed, and the secret of the calendar feed."""

import secrets

from sqlalchemy import select

from tracker.ledger import events
from tracker.ledger.acts import Act
from tracker.ledger.db import db
from tracker.ledger.tables.accounts import Person
from tracker.ledger.tables.messages import Preference
from tracker.rules.channels import QuietHours, checked_email
from tracker.rules.refusals import Invalid

KEY_BYTES = 24


def preference_of(person_id: int) -> Preference:
    """The person's own choice, or what holds for those who have made none; a new one is not kept yet."""
    own = db.session.get(Preference, person_id)
    return own or Preference(
        person_id=person_id, mail=True, email="", quiet_from=None, quiet_until=None, at_once=True, tidings_seen_at=None
    )


def quiet_hours(preference: Preference) -> QuietHours | None:
    if preference.quiet_from is None or preference.quiet_until is None:
        return None
    return QuietHours(preference.quiet_from, preference.quiet_until)


def choose(by: Act, *, email: str, mail: bool, quiet: tuple[int, int] | None, at_once: bool = True) -> Preference:
    """Set the actor's own choice; raise Invalid for an address that is none, or hours that are no span."""
    address = checked_email(email)
    if quiet and (quiet[0] == quiet[1] or not all(0 <= hour <= 23 for hour in quiet)):
        raise Invalid("免打扰的起止时间应为 0 至 23 时，且不能相同。")
    preference = _kept(by)
    preference.email, preference.mail = address, mail
    preference.quiet_from, preference.quiet_until = quiet or (None, None)
    preference.at_once = at_once
    after = {"mail": mail, "quiet": quiet, "at_once": at_once}
    events.record(by, "choose", "preference", preference.person_id, after=after)
    return preference


def mark_read(by: Act) -> None:
    """All alerts of the day and before are known to the actor."""
    preference = _kept(by)
    if preference.digest_seen_on != by.today:
        preference.digest_seen_on = by.today
        events.record(by, "mark_read", "preference", preference.person_id)


def mark_tidings_read(by: Act) -> None:
    """All that the actor's units were told so far is known to the actor."""
    preference = _kept(by)
    preference.tidings_seen_at = by.at
    events.record(by, "mark_tidings_read", "preference", preference.person_id)


def new_calendar_key(by: Act) -> str:
    """Open the feed under a new secret address; an older address ends at once."""
    preference = _kept(by)
    preference.calendar_key = secrets.token_urlsafe(KEY_BYTES)
    events.record(by, "open_calendar", "preference", preference.person_id)
    return preference.calendar_key


def close_calendar(by: Act) -> None:
    preference = _kept(by)
    preference.calendar_key = None
    events.record(by, "close_calendar", "preference", preference.person_id)


def _kept(by: Act) -> Preference:
    assert by.person_id is not None  # these are a person's own
    preference = preference_of(by.person_id)
    db.session.add(preference)
    db.session.flush()
    return preference


def person_by_calendar_key(key: str) -> Person | None:
    """Whose feed it is; None for a key that is unknown, or a person who may not sign in any more."""
    query = select(Person).join(Preference, Preference.person_id == Person.id)
    return db.session.scalar(query.where(Preference.calendar_key == key, Person.active))
