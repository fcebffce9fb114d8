"""Organisations: founding one, and finding it by name."""

from datetime import date, datetime

from sqlalchemy import select

from tracker.ledger import events
from tracker.ledger.acts import Act
from tracker.ledger.db import db
from tracker.ledger.tables.organisations import Organisation
from tracker.rules.refusals import Invalid


def found(name: str, at: datetime, today: date, *, check_word: str = "检查", sample: bool = False) -> Act:
    """A new organisation, and the program's act in it; raise Invalid where the name is taken.

    The founding is the first event of the organisation's audit chain.
    """
    if named(name):
        raise Invalid(f"已有名为“{name}”的机构。")
    organisation = Organisation(name=name, check_word=check_word, report_day=5, sample=sample)
    db.session.add(organisation)
    db.session.flush()
    by = Act(organisation.id, None, at, today)
    events.record(by, "found", "organisation", organisation.id, after={"name": name})
    return by


def named(name: str) -> Organisation | None:
    return db.session.scalar(select(Organisation).where(Organisation.name == name))


def every_organisation() -> list[Organisation]:
    return list(db.session.scalars(select(Organisation).order_by(Organisation.id)))
