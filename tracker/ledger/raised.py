"""What calls for an alert, and since when it was told: looked for once in a ledger, and counted on every page."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Select, Subquery, func, select

from tracker.ledger import memory
from tracker.ledger.alert_matters import COLUMNS, MOST_SHAPES, matters
from tracker.ledger.alert_sources import AS_OF
from tracker.ledger.db import db, has_written
from tracker.ledger.memory import Deed
from tracker.ledger.standing import Scope
from tracker.ledger.tables.alerts import Alert
from tracker.ledger.touched import units_touched
from tracker.rules.alerts import AlertKind, AlertSubject, Audience


class Matter(NamedTuple):
    """A matter at the step that holds for it; `raised_on` is the day on which it spoke up last, None if it never did.

    Whatever step was raised counts: a job that is dead hides nothing that it has told of before.
    """

    subject: AlertSubject
    subject_id: int
    duty_id: int | None
    unit_id: int
    kind: AlertKind
    step: int
    due: date
    raised_on: date | None


def matters_on(organisation_id: int, audience: Audience, scope: Scope, as_of: date) -> Sequence[Matter]:
    """As far as the scope reaches; the longest overdue first."""
    if has_written():
        return _read(organisation_id, audience, scope, as_of)
    found = memory.remembered(
        organisation_id,
        ("matters", audience, as_of, memory.newest_alert(organisation_id)),
        make=lambda: _read(organisation_id, audience, None, as_of),
        renew=lambda known, deeds: _of_units_anew(organisation_id, audience, as_of, known, deeds),
        weigh=len,
    )
    return found if scope is None else [matter for matter in found if matter.unit_id in scope]


class _Counted(NamedTuple):
    matters: Sequence[Matter]
    days: Counter[date]


def days_raised(organisation_id: int, audience: Audience, scope: Scope, as_of: date) -> Counter[date]:
    """How many of the matters spoke up last on each day: of a city's thousands of matters, every page asks."""
    whole = matters_on(organisation_id, audience, None, as_of)

    def count() -> _Counted:
        of_scope = (each for each in whole if scope is None or each.unit_id in scope)
        return _Counted(whole, Counter(each.raised_on for each in of_scope if each.raised_on))

    counted: _Counted = memory.remembered(
        organisation_id,
        ("days raised", audience, scope, as_of, memory.newest_alert(organisation_id)),
        make=count,
        renew=lambda known, _: known if known.matters is whole else None,
    )
    return counted.days


def _of_units_anew(
    organisation_id: int, audience: Audience, as_of: date, known: Sequence[Matter], deeds: tuple[Deed, ...]
) -> Sequence[Matter] | None:
    """Of the units that something was done of; the others' matters are what they were."""
    units = units_touched(deeds)
    if units is None:
        return None
    if not units:
        return known
    others = [matter for matter in known if matter.unit_id not in units]
    return sorted([*others, *_read(organisation_id, audience, units, as_of)], key=_urgency)


def _urgency(matter: Matter) -> tuple[date, str, int]:
    return matter.due, matter.subject, matter.subject_id


def _read(organisation_id: int, audience: Audience, scope: Scope, as_of: date) -> Sequence[Matter]:
    found = matters(organisation_id, [audience], as_of, scope)
    rows = db.session.execute(_with_last_day(found.matter), found.values)
    return sorted(map(Matter._make, rows), key=_urgency)


@lru_cache(MOST_SHAPES)
def _with_last_day(matter: Subquery) -> Select[Any]:
    last = (
        select(func.max(Alert.raised_on))
        .where(
            Alert.subject == matter.c.subject,
            Alert.subject_id == matter.c.subject_id,
            Alert.audience == matter.c.audience,
            Alert.due == matter.c.due,
            Alert.raised_on <= AS_OF,
        )
        .correlate(matter)
        .scalar_subquery()
    )
    return select(*(matter.c[name] for name in COLUMNS), last)
