"""The office's own rules, each of which holds from a day on: which is in force, putting one in force, taking it back.

What a day was judged by stays: a version that has begun is followed by another, and never changed.
"""

from datetime import date, timedelta
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.ledger import events
from tracker.ledger.acts import Act
from tracker.ledger.db import db
from tracker.ledger.tables.dated_rules import DatedRule
from tracker.ledger.tables.events import Event
from tracker.rules.dates import written
from tracker.rules.refusals import Invalid, NotFound

FARTHEST = 366  # days ahead
Version = TypeVar("Version", bound=DatedRule)


def version_on(table: type[Version], organisation_id: int, as_of: date) -> Version | None:
    """The version in force; None while the office has set none."""
    in_force = select(table).where(table.organisation_id == organisation_id, table.starts_on <= as_of)
    return db.session.scalar(in_force.order_by(table.starts_on.desc()).limit(1))


def versions(table: type[Version], organisation_id: int) -> list[Version]:
    """The last to come into force first."""
    of_office = select(table).where(table.organisation_id == organisation_id).order_by(table.starts_on.desc())
    return list(db.session.scalars(of_office.options(joinedload(table.made_by))))


def acts(table: type[DatedRule], organisation_id: int) -> list[Event]:
    """What was done to the rules, last first; those taken back are told here alone."""
    told = select(Event).where(Event.organisation_id == organisation_id, Event.record == table.__tablename__)
    return list(db.session.scalars(told.order_by(Event.number.desc()).options(joinedload(Event.person))))


def put_in_force(by: Act, version: Version) -> Version:
    """Enter a new version, which is not in the session yet; the same sent twice for a day is one act."""
    table, starts_on = type(version), version.starts_on
    if not by.today <= starts_on <= by.today + timedelta(days=FARTHEST):
        raise Invalid(f"启用日期应为今天（{written(by.today)}）或以后，且不超过一年。")
    events.hold(by.organisation_id)
    if there := db.session.scalar(select(table).filter_by(organisation_id=by.organisation_id, starts_on=starts_on)):
        if there.told == version.told:
            return there
        raise Invalid(f"{written(starts_on)}已定有{there.title}，请改选其他日期，或先撤销尚未启用的那一条。")
    version.organisation_id, version.made_at, version.made_by_id = by.organisation_id, by.at, by.person_id
    db.session.add(version)
    db.session.flush()
    events.record(by, "put_in_force", table.__tablename__, version.id, after=version.told)
    return version


def take_back(by: Act, table: type[Version], version_id: int) -> Version:
    """Only before its first day: by what was in force once, something was done or shown."""
    version = db.session.get(table, version_id)
    if version is None or version.organisation_id != by.organisation_id:
        raise NotFound
    if version.starts_on <= by.today:
        began = f"{version.title}已于{written(version.starts_on)}启用"
        raise Invalid(f"{began}，不能撤销；如需调整，请另行设定新规则。")
    events.record(by, "take_back", table.__tablename__, version.id, before=version.told)
    db.session.delete(version)
    return version
