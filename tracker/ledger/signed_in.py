"""Who has signed in: what every request asks of an account, by one question and without its records."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select

from tracker.ledger.db import db
from tracker.ledger.organisations import RULES
from tracker.ledger.tables.accounts import Person, Post
from tracker.ledger.tables.organisations import Organisation
from tracker.rules.dates import spans
from tracker.rules.organisations import OfficeRules
from tracker.rules.permissions import Role

_PERSON = (Person.organisation_id, Person.name, Person.must_change_password, Person.active, Person.session_key)
_POST = (Post.role, Post.unit_id, Post.starts_on, Post.ends_on)
_OFFICE = (Organisation.name.label("office"), Organisation.sample, *RULES)
_QUERY = (  # put together once, for it is asked at every request
    select(*_PERSON, *_OFFICE, *_POST)
    .join(Person.organisation)
    .outerjoin(Person.posts)
    .where(Person.id == bindparam("person_id"))
    .order_by(Post.id)
)


@dataclass(frozen=True)
class HeldPost:
    """A post's columns, both dates included."""

    role: Role
    unit_id: int | None
    starts_on: date | None
    ends_on: date | None

    def held_on(self, day: date) -> bool:
        return spans(self.starts_on, self.ends_on, day)


@dataclass(frozen=True)
class Office:
    """What every page says of the organisation, and goes by."""

    name: str
    sample: bool
    rules: OfficeRules


@dataclass(frozen=True)
class SignedIn:
    """An account that is open, as it was when it was asked for."""

    person_id: int
    organisation_id: int
    office: Office
    name: str
    must_change_password: bool
    session_key: str
    posts: Sequence[HeldPost]


def signed_in(person_id: int, session_key: str) -> SignedIn | None:
    """Whose session it is; None once it has ended."""
    rows = db.session.connection().execute(_QUERY, {"person_id": person_id}).all()
    if not rows or not rows[0].active or not secrets.compare_digest(rows[0].session_key, session_key):
        return None
    one = rows[0]
    office = Office(one.office, one.sample, OfficeRules(*(getattr(one, rule.key) for rule in RULES)))
    posts = [HeldPost(row.role, row.unit_id, row.starts_on, row.ends_on) for row in rows if row.role is not None]
    return SignedIn(person_id, one.organisation_id, office, one.name, one.must_change_password, one.session_key, posts)
