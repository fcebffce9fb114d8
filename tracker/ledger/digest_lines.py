"""What a digest tells of a unit: how much was raised on the day, and the most pressing of it."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import CTE, ColumnElement, Date, Select, and_, func, or_, select
from sqlalchemy.orm import aliased
from sqlalchemy.orm.util import AliasedClass

from tracker.ledger import alerts
from tracker.ledger.alert_matters import COLUMNS
from tracker.ledger.alerts import StandingAlert
from tracker.ledger.db import db
from tracker.ledger.tables.alerts import Alert
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.plans import Item
from tracker.ledger.tables.units import Unit
from tracker.rules.alerts import AlertKind, Audience
from tracker.rules.digests import DigestLine
from tracker.rules.duties import DutyKind


def raised_by_unit(organisation_id: int, audience: Audience, day: date) -> dict[int, Counter[AlertKind]]:
    """How many of each kind were raised on the day, by unit."""
    then = _raised_then(Alert, organisation_id, audience, day)
    query = select(Alert.unit_id, Alert.kind, func.count()).where(*then)
    found: dict[int, Counter[AlertKind]] = defaultdict(Counter)
    for unit_id, kind, number in db.session.execute(query.group_by(Alert.unit_id, Alert.kind)):
        found[unit_id][kind] = number
    return found


class Raised(NamedTuple):
    """A line of a digest and its place among others: the longest due comes first."""

    due: date
    alert_id: int
    line: DigestLine


def first_raised(organisation_id: int, audience: Audience, day: date, most: int) -> dict[int, list[Raised]]:
    """By unit so many of what was raised on the day, the most pressing first.

    One question for all of them; nearly all are about duties, and columns are read, not records.
    """
    rows = db.session.connection().execute(_first_raised(organisation_id, audience, day, most)).all()
    others = _not_of_duties([row[0] for row in rows if row[-1] is None])
    found: dict[int, list[Raised]] = defaultdict(list)
    for alert_id, unit_id, kind, due, unit, owed, label, position, task in rows:
        if other := others.get(alert_id):
            title, what = other.title, other.what
        else:
            title, what = alerts.named(position, task), alerts.owed(owed, label)
        found[unit_id].append(Raised(due, alert_id, DigestLine(unit, title, what, kind, due)))
    return found


def _first_raised(
    organisation_id: int, audience: Audience, day: date, most: int
) -> Select[int, int, AlertKind, date, str, DutyKind, str, int, str]:
    """Up to the last of each unit that is told, which the index finds: to number all rows would take far longer."""
    then = _raised_then(Alert, organisation_id, audience, day)
    last = _last_told(organisation_id, audience, day, most)
    told = and_(Alert.unit_id == last.c.unit_id, Alert.due <= last.c.due)
    of_duty = (Duty.kind, Duty.label, Item.position, Item.task)
    return (
        select(Alert.id, Alert.unit_id, Alert.kind, Alert.due, Unit.name, *of_duty)
        .join(last, told)
        .join(Unit, Unit.id == Alert.unit_id)
        .outerjoin(Duty, Duty.id == Alert.duty_id)
        .outerjoin(Item, Item.id == Duty.item_id)
        .where(*then, or_(Alert.due < last.c.due, Alert.id <= last.c.alert_id))
        .order_by(Alert.unit_id, Alert.due, Alert.id)
    )


def _last_told(organisation_id: int, audience: Audience, day: date, most: int) -> CTE:
    """Of each unit the place of the alert after which no more are told; behind everything where there are fewer."""
    other = aliased(Alert)
    of_unit = (*_raised_then(other, organisation_id, audience, day), other.unit_id == Unit.id)
    last = select(other.due).where(*of_unit).order_by(other.due, other.id).offset(most - 1).limit(1)
    due = func.coalesce(last.scalar_subquery(), date.max, type_=Date)
    alert_id = func.coalesce(last.with_only_columns(other.id).scalar_subquery(), 0)
    place = select(Unit.id.label("unit_id"), due.label("due"), alert_id.label("alert_id"))
    # Without this word SQLite would look both up anew for every alert.
    return place.where(Unit.organisation_id == organisation_id).cte("last_told").prefix_with("MATERIALIZED")


def _not_of_duties(ids: Sequence[int]) -> dict[int, StandingAlert]:
    if not ids:
        return {}
    columns = [getattr(Alert, name) for name in (*COLUMNS, "raised_on")]
    rows = db.session.execute(select(*columns).where(Alert.id.in_(ids)).order_by(Alert.id)).all()
    return dict(zip(sorted(ids), alerts.with_records(rows), strict=True))


def _raised_then(
    alert: type[Alert] | AliasedClass[Alert], organisation_id: int, audience: Audience, day: date
) -> list[ColumnElement[bool]]:
    return [alert.organisation_id == organisation_id, alert.audience == audience, alert.raised_on == day]
