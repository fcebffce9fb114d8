"""Units that do not move (未动静): the alert's own matter, read for a day."""

from collections.abc import Mapping
from datetime import date

from tracker.ledger.raised import matters_on
from tracker.rules.alerts import AlertKind, Audience


def silent_since(organisation_id: int, as_of: date) -> Mapping[int, date]:
    """By unit, the day on which it last moved; only those that have been silent for as long as the alert waits."""
    found = matters_on(organisation_id, Audience.OFFICE, None, as_of)
    return {matter.unit_id: matter.due for matter in found if matter.kind is AlertKind.SILENT}
