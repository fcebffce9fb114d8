"""Alerts: raising each one once, and showing them to those concerned."""

from collections import Counter
from datetime import date

from sqlalchemy import ColumnElement, and_, case, exists, func, literal, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import contains_eager

from tracker.ledger.db import db
from tracker.ledger.standing import Scope, answer_by_now, counts_as_done, is_owed
from tracker.ledger.tables.alerts import Alert
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.plans import Item
from tracker.rules.alerts import AlertKind, last_soon_day

# "ON CONFLICT DO NOTHING" is a word of these databases, not of all.
_INSERTS: dict[str, type[sqlite.Insert | postgresql.Insert]] = {
    "sqlite": sqlite.Insert,
    "postgresql": postgresql.Insert,
}


def raise_alerts(organisation_id: int, as_of: date) -> int:
    """Enter the alerts that the duties call for and the ledger lacks; return how many were added.

    Run it as often as you like, and in as many processes: one alert per duty and kind is a constraint
    of the table, and what another process entered first is passed over.
    """
    lacking = (
        select(Duty.organisation_id, Duty.id, Duty.unit_id, _kind(as_of), literal(as_of))
        .where(Duty.organisation_id == organisation_id, _speaks_up(as_of), ~_raised(as_of))
        .order_by(Duty.id)  # all processes in the same order, so that none waits for another in a circle
    )
    columns = (Alert.organisation_id, Alert.duty_id, Alert.unit_id, Alert.kind, Alert.raised_on)
    insert = _INSERTS[db.engine.dialect.name](Alert).on_conflict_do_nothing().from_select(columns, lacking)
    return len(db.session.scalars(insert.returning(Alert.id)).all())


def standing_alerts(
    organisation_id: int,
    scope: Scope,
    as_of: date,
    *,
    kind: AlertKind | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> list[Alert]:
    """The alerts whose cause still stands, most overdue first: a duty done silences its own."""
    query = (
        select(Alert)
        .join(Alert.duty)
        .where(*_standing(organisation_id, scope, as_of))
        .order_by(answer_by_now(as_of), Alert.id)
        .options(
            contains_eager(Alert.duty).joinedload(Duty.item).joinedload(Item.plan),
            contains_eager(Alert.duty).joinedload(Duty.unit),
        )
    )
    if kind is not None:
        query = query.where(Alert.kind == kind)
    return list(db.session.scalars(query.limit(limit).offset(offset)))


def count_alerts(organisation_id: int, scope: Scope, as_of: date) -> Counter[AlertKind]:
    """How many of each kind stand."""
    rows = db.session.execute(
        select(Alert.kind, func.count())
        .join(Alert.duty)
        .where(*_standing(organisation_id, scope, as_of))
        .group_by(Alert.kind)
    )
    return Counter(dict(rows.all()))


def not_yet_raised(organisation_id: int, scope: Scope, as_of: date) -> int:
    """How many duties called for an alert on the day that the daily job had still to raise."""
    by_then = _raised(as_of, Alert.raised_on <= as_of)
    conditions = [Duty.organisation_id == organisation_id, _speaks_up(as_of), ~by_then]
    if scope is not None:
        conditions.append(Duty.unit_id.in_(scope))
    return db.session.scalar(select(func.count()).select_from(Duty).where(*conditions)) or 0


def _standing(organisation_id: int, scope: Scope, as_of: date) -> list[ColumnElement[bool]]:
    conditions = [
        Alert.organisation_id == organisation_id,
        Alert.raised_on <= as_of,
        Alert.kind == _kind(as_of),
        _speaks_up(as_of),
    ]
    return conditions if scope is None else [*conditions, Alert.unit_id.in_(scope)]


# `rules.alerts.alert_kind` in the database's words: a count on every page cannot fetch every duty.


def _speaks_up(as_of: date) -> ColumnElement[bool]:
    """The first condition says nothing that the second does not; it is the one with an index."""
    soon = last_soon_day(as_of)
    by_now = and_(Duty.answer_by <= soon, answer_by_now(as_of) <= soon)
    return and_(by_now, is_owed(as_of), ~exists().where(counts_as_done(as_of)))


def _kind(as_of: date) -> ColumnElement[AlertKind]:
    """The kind of a duty that speaks up."""
    kinds = Alert.kind.type
    overdue = answer_by_now(as_of) < as_of
    return case((overdue, literal(AlertKind.OVERDUE, kinds)), else_=literal(AlertKind.DUE_SOON, kinds))


def _raised(as_of: date, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(Alert.duty_id == Duty.id, Alert.kind == _kind(as_of), *conditions)
