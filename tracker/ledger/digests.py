"""Digests: one message a day to each person and channel with what is new, in the transaction that raised it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from heapq import merge
from itertools import islice

from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from tracker.ledger import alerts, channels, messages
from tracker.ledger.accounts import roles_on, scope_of
from tracker.ledger.alerts import Raised
from tracker.ledger.db import db
from tracker.ledger.messages import Outgoing
from tracker.ledger.preferences import quiet_hours
from tracker.ledger.standing import Scope
from tracker.ledger.tables.accounts import Person
from tracker.ledger.tables.messages import Preference
from tracker.ledger.tables.organisations import Organisation
from tracker.rules import digests as rules
from tracker.rules.alerts import AlertKind, Audience, audience_of
from tracker.rules.channels import ChannelKind
from tracker.rules.digests import MOST_LINES
from tracker.rules.permissions import Action, can


@dataclass(frozen=True)
class Digest:
    """What a message says."""

    subject: str
    text: str


@dataclass
class _Day:
    """What is new in an organisation on a day; asked once for all who hear the same, and of no audience in vain."""

    organisation_id: int
    day: date
    link: str
    counts: dict[Audience, dict[int, Counter[AlertKind]]] = field(default_factory=dict)
    lines: dict[Audience, dict[int, list[Raised]]] = field(default_factory=dict)
    known: dict[tuple[Audience, Scope], Digest | None] = field(default_factory=dict)

    def digest(self, audience: Audience, scope: Scope) -> Digest | None:
        """None where nothing is new."""
        if (audience, scope) not in self.known:
            self.known[audience, scope] = self._written(audience, scope)
        return self.known[audience, scope]

    def _written(self, audience: Audience, scope: Scope) -> Digest | None:
        self._ask(audience)
        of_units, lines_of = self.counts[audience], self.lines[audience]
        units = [unit for unit in of_units if scope is None or unit in scope]
        if not units:
            return None
        counts = Counter[AlertKind]()
        for unit in units:
            counts.update(of_units[unit])
        first = islice(merge(*(lines_of[unit] for unit in units)), MOST_LINES)
        return Digest(rules.subject(counts), rules.text(self.day, counts, [each.line for each in first], self.link))

    def _ask(self, audience: Audience) -> None:
        if audience not in self.counts:
            self.counts[audience] = alerts.raised_by_unit(self.organisation_id, audience, self.day)
            self.lines[audience] = alerts.first_raised(self.organisation_id, audience, self.day, MOST_LINES)


def put_digests(organisation_id: int, day: date, now: datetime, base_url: str = "") -> int:
    """Put the day's messages into the outbox; return how many.  `now` is in the office's own time.

    The key holds person and day: whoever has had the day's message gets no other.
    """
    said = _Day(organisation_id, day, f"{base_url}/alerts/" if base_url else "")
    return messages.put_all(organisation_id, [*_to_persons(said, now), *_to_channels(said)], now)


def _to_persons(said: _Day, now: datetime) -> Iterator[Outgoing]:
    for person, preference in _receivers(said.organisation_id):
        roles = roles_on(person, said.day)
        digest = said.digest(audience_of(roles), scope_of(person, said.day)) if can(roles, Action.SEE_ALERTS) else None
        if digest is None:
            continue
        quiet = quiet_hours(preference)
        yield Outgoing(
            f"digest-{said.organisation_id}-{person.id}-{said.day}",
            ChannelKind.MAIL,
            preference.email,
            digest.subject,
            digest.text,
            not_before=quiet.over(now) if quiet else None,
            person_id=person.id,
        )


def _receivers(organisation_id: int) -> Sequence[tuple[Person, Preference]]:
    query = (
        select(Person, Preference)
        .join(Preference, Preference.person_id == Person.id)
        .join(Person.organisation)
        .where(Person.organisation_id == organisation_id, Person.active, Preference.email != "")
        .where(or_(Preference.mail, Organisation.mail_for_all))
        .options(selectinload(Person.posts))
        .order_by(Person.id)
    )
    return [(person, preference) for person, preference in db.session.execute(query)]


def _to_channels(said: _Day) -> Iterator[Outgoing]:
    for channel in channels.channels_of(said.organisation_id):
        if channel.active and (digest := said.digest(Audience.OFFICE, None)):
            yield Outgoing(
                f"digest-{said.organisation_id}-channel-{channel.id}-{said.day}",
                channel.kind,
                channel.address,
                digest.subject,
                digest.text,
                channel_id=channel.id,
            )
