"""Units that do not move (未动静): the alert's own matter, read for a day."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select

from tracker.ledger.alert_matters import matters
from tracker.ledger.db import db
from tracker.rules.alerts import AlertKind, Audience


def silent_since(organisation_id: int, as_of: date) -> Mapping[int, date]:
    """By unit, the day on which it last moved; only those that have been silent for as long as the alert waits."""
    matter = matters(organisation_id, Audience.OFFICE, None, as_of)
    rows = db.session.execute(select(matter.c.unit_id, matter.c.due).where(matter.c.kind == AlertKind.SILENT))
    return {row.unit_id: row.due for row in rows}
