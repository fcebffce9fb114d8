"""Organisations: founding one, and finding it by name."""

from sqlalchemy import select

from tracker.ledger.db import db
from tracker.ledger.tables.organisations import Organisation
from tracker.rules.refusals import Invalid


def found(name: str, *, check_word: str = "检查", sample: bool = False) -> Organisation:
    """A new organisation; raise Invalid where the name is taken."""
    if named(name):
        raise Invalid(f"已有名为“{name}”的机构。")
    organisation = Organisation(name=name, check_word=check_word, report_day=5, sample=sample)
    db.session.add(organisation)
    db.session.flush()
    return organisation


def named(name: str) -> Organisation | None:
    return db.session.scalar(select(Organisation).where(Organisation.name == name))


def hold(organisation_id: int) -> None:
    """Let others who write into the same organisation wait until the transaction ends (SQLite holds the whole file)."""
    db.session.execute(select(Organisation.id).where(Organisation.id == organisation_id).with_for_update())


def every_organisation() -> list[Organisation]:
    return list(db.session.scalars(select(Organisation).order_by(Organisation.id)))
