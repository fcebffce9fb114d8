"""Alerts: raising each one once, and showing them to those concerned."""

from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import and_, insert, select
from sqlalchemy.orm import joinedload

from tracker.ledger.db import db
from tracker.ledger.standing import Scope, duty_facts
from tracker.ledger.tables.alerts import Alert
from tracker.ledger.tables.duties import Duty
from tracker.rules.alerts import SOON_DAYS, AlertKind, alert_kind


def raise_alerts(organisation_id: int, as_of: date) -> int:
    """Enter the alerts that the duties call for and the ledger lacks; return how many were added.

    Run it as often as you like: one alert per duty and kind is a constraint of the table.
    """
    raised = select(Alert.duty_id, Alert.kind).where(Alert.organisation_id == organisation_id)
    kept = {tuple(row) for row in db.session.execute(raised)}
    in_reach = and_(Duty.organisation_id == organisation_id, Duty.answer_by <= as_of + timedelta(days=SOON_DAYS))
    rows = [
        {
            "organisation_id": organisation_id,
            "duty_id": facts.id,
            "unit_id": facts.unit_id,
            "kind": kind,
            "raised_on": as_of,
        }
        for facts in duty_facts(in_reach, as_of)
        if (kind := alert_kind(facts, as_of)) and (facts.id, kind) not in kept
    ]
    if rows:
        db.session.execute(insert(Alert), rows)
    return len(rows)


def standing_alerts(organisation_id: int, scope: Scope, as_of: date) -> list[Alert]:
    """The alerts whose cause still stands, overdue first and oldest first: a duty done silences its own."""
    query = (
        select(Alert)
        .where(Alert.organisation_id == organisation_id, Alert.raised_on <= as_of)
        .options(joinedload(Alert.duty).joinedload(Duty.item), joinedload(Alert.duty).joinedload(Duty.unit))
    )
    if scope is not None:
        query = query.where(Alert.unit_id.in_(scope))
    raised = list(db.session.scalars(query))
    speaking = _still_called_for({alert.duty_id for alert in raised}, as_of)
    standing = [alert for alert in raised if speaking.get(alert.duty_id) is alert.kind]
    return sorted(standing, key=lambda a: (a.kind is AlertKind.DUE_SOON, a.duty.due or as_of, a.id))


def _still_called_for(duty_ids: Iterable[int], as_of: date) -> dict[int, AlertKind | None]:
    ids = list(duty_ids)
    return {facts.id: alert_kind(facts, as_of) for facts in duty_facts(Duty.id.in_(ids), as_of)} if ids else {}
