"""What was verified by somebody else than the unit itself: one question, whoever asks it."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select

from tracker.ledger.db import db
from tracker.ledger.standing import Key
from tracker.ledger.tables.findings import Finding
from tracker.ledger.tables.plans import Item
from tracker.rules.quarters import Quarter
from tracker.rules.reports import ProgressClass


def verified_classes(plan_id: int, quarter: Quarter, as_of: date) -> Mapping[Key, ProgressClass | None]:
    """The shares that a check has looked at by then, each with the class that it was given last, if any."""
    rows = db.session.execute(
        select(Finding.item_id, Finding.unit_id, Finding.verified_class)
        .join(Item, Item.id == Finding.item_id)
        .where(Item.plan_id == plan_id, Finding.quarter == quarter)
        .where(Finding.found_on <= as_of, Finding.unfounded.is_(False))
        .order_by(Finding.found_on, Finding.id)
    )
    found: dict[Key, ProgressClass | None] = {}
    for item_id, unit_id, given in rows:
        if item_id is not None:
            found[item_id, unit_id] = given or found.get((item_id, unit_id))
    return found
