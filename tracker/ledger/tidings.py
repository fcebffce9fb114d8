"""Tidings: told in the transaction of the act, on the pages of the unit's people, and by mail to those who want it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from tracker.ledger import messages, preferences
from tracker.ledger.accounts import units_where
from tracker.ledger.acts import Act
from tracker.ledger.db import db
from tracker.ledger.messages import Outgoing
from tracker.ledger.tables.accounts import Person, Post
from tracker.ledger.tables.messages import Message, Preference
from tracker.ledger.tables.organisations import Organisation
from tracker.ledger.tables.tidings import Tiding
from tracker.rules import tidings as rules
from tracker.rules.channels import ChannelKind
from tracker.rules.permissions import Action
from tracker.rules.tidings import TidingKind

UNREAD_DAYS = 30  # what is older is not pressed upon anybody
MOST_LINES = 30  # in one mail
_LEAVING = timedelta(minutes=1)  # so near its time a mail may be on its way already
PATH = "/tidings/"


def tell(by: Act, unit_id: int, kind: TidingKind, record_id: int, *parts: str) -> Tiding:
    """Tell the unit what was done about its matter; the parts make one sentence."""
    tiding = Tiding(
        organisation_id=by.organisation_id,
        unit_id=unit_id,
        kind=kind,
        record_id=record_id,
        text=rules.sentence(*parts),
        told_at=by.at,
    )
    db.session.add(tiding)
    db.session.flush()
    for person, preference in _receivers(by, unit_id):
        _mail(by, person, preference, tiding)
    return tiding


def _receivers(by: Act, unit_id: int) -> list[tuple[Person, Preference]]:
    """Who reports for the unit today and wants mail, but for whoever acts."""
    query = (
        select(Person, Preference)
        .join(Preference, Preference.person_id == Person.id)
        .join(Person.organisation)
        .where(Person.id.in_(select(Post.person_id).where(Post.unit_id == unit_id)))
        .where(Person.organisation_id == by.organisation_id, Person.active, Preference.email != "")
        .where(or_(Preference.mail, Organisation.mail_for_all))
        .options(selectinload(Person.posts))
        .order_by(Person.id)
    )
    return [
        (person, preference)
        for person, preference in db.session.execute(query)
        if person.id != by.person_id and unit_id in units_where(person, Action.REPORT, by.today)
    ]


def _mail(by: Act, person: Person, preference: Preference, tiding: Tiding) -> None:
    """Into the mail that is gathering for the person, else into a new one, which leaves when quiet hours are over."""
    if gathering := _gathering(person.id, by.at):
        lines = [*gathering.body["lines"], tiding.text]
        gathering.subject = rules.subject(len(lines))
        gathering.body = {**gathering.body, "lines": lines, "text": rules.text(lines)}
        return
    leaves, quiet = rules.leaves_at(by.at, at_once=preference.at_once), preferences.quiet_hours(preference)
    mail = Outgoing(
        f"tiding-{person.id}-{tiding.id}",
        ChannelKind.MAIL,
        preference.email,
        rules.subject(1),
        rules.text([tiding.text]),
        not_before=quiet.over(leaves) if quiet else leaves,
        person_id=person.id,
        more={"lines": [tiding.text], "path": PATH},
    )
    messages.put(by.organisation_id, mail, by.at)


def _gathering(person_id: int, now: datetime) -> Message | None:
    """The person's mail that has neither left nor been tried, and holds more."""
    waits = (Message.sent_at.is_(None), Message.attempts == 0, Message.next_try_at > now + _LEAVING)
    query = select(Message).where(Message.person_id == person_id, Message.key.startswith("tiding-"), *waits)
    found = db.session.scalar(query.order_by(Message.id.desc()).limit(1).with_for_update())
    return found if found and len(found.body["lines"]) < MOST_LINES else None


# Showing


def tidings_of(units: Sequence[int], limit: int, offset: int = 0) -> Sequence[Tiding]:
    """Newest first."""
    query = select(Tiding).where(Tiding.unit_id.in_(units)).order_by(Tiding.told_at.desc(), Tiding.id.desc())
    return db.session.scalars(query.limit(limit).offset(offset).options(joinedload(Tiding.unit))).all()


def count(units: Sequence[int]) -> int:
    return db.session.scalar(select(func.count()).where(Tiding.unit_id.in_(units))) or 0


def seen_until(person_id: int, now: datetime) -> datetime:
    """What was told after it is new to the person."""
    seen = preferences.preference_of(person_id).tidings_seen_at
    oldest = now - timedelta(days=UNREAD_DAYS)
    return max(seen, oldest) if seen else oldest


def count_unread(person_id: int, units: Sequence[int], now: datetime) -> int:
    if not units:
        return 0
    new = (Tiding.unit_id.in_(units), Tiding.told_at > seen_until(person_id, now))
    return db.session.scalar(select(func.count()).where(*new)) or 0
