"""Trying an alert rule before it is in force: how many matters would speak up today, and what papers would follow."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from tracker.ledger import notices
from tracker.ledger.alert_matters import matters
from tracker.ledger.alert_rules import rule_on
from tracker.ledger.db import db
from tracker.rules.alert_rules import AlertRule
from tracker.rules.alerts import AlertKind, Audience
from tracker.rules.notices import NoticeKind


@dataclass(frozen=True)
class Trial:
    """What one rule calls for on the day: matters by kind and audience, overdue duties by the paper to follow."""

    alerts: Counter[tuple[AlertKind, Audience]]
    papers: Counter[NoticeKind]


@dataclass(frozen=True)
class Compared:
    """Nothing is kept of it."""

    as_of: date
    old: Trial
    new: Trial


def try_out(organisation_id: int, rule: AlertRule, as_of: date) -> Compared:
    held = rule_on(organisation_id, as_of)
    return Compared(as_of, *(_trial(organisation_id, each, as_of) for each in (held, rule)))


def _trial(organisation_id: int, rule: AlertRule, as_of: date) -> Trial:
    found = matters(organisation_id, Audience, as_of, steps=rule.steps)
    by = (found.matter.c.kind, found.matter.c.audience)
    rows = db.session.execute(select(*by, func.count()).group_by(*by), found.values)
    papers = Counter[NoticeKind]()
    for (_unit, kind), duty_ids in notices.called_for(organisation_id, as_of, rule.ladder).items():
        papers[kind] += len(duty_ids)
    return Trial(Counter({(kind, audience): number for kind, audience, number in rows}), papers)
