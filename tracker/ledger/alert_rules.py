"""The office's alert rules (预警规则): which holds on a day, putting one in force, taking it back."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.ledger import events
from tracker.ledger.acts import Act
from tracker.ledger.db import db
from tracker.ledger.tables.alerts import AlertRuleVersion
from tracker.ledger.tables.events import Event
from tracker.rules.alert_rules import DEFAULT_ALERT_RULE, AlertRule, as_json, check, from_json
from tracker.rules.dates import written
from tracker.rules.refusals import Invalid, NotFound

FARTHEST = 366  # days ahead


def version_on(organisation_id: int, as_of: date) -> AlertRuleVersion | None:
    """The version in force; None while the office has set none."""
    of_office = select(AlertRuleVersion).where(AlertRuleVersion.organisation_id == organisation_id)
    in_force = of_office.where(AlertRuleVersion.starts_on <= as_of)
    return db.session.scalar(in_force.order_by(AlertRuleVersion.starts_on.desc()).limit(1))


def rule_on(organisation_id: int, as_of: date) -> AlertRule:
    version = version_on(organisation_id, as_of)
    return from_json(version.rule) if version else DEFAULT_ALERT_RULE


def versions(organisation_id: int) -> list[AlertRuleVersion]:
    """The last to come into force first."""
    of_office = select(AlertRuleVersion).where(AlertRuleVersion.organisation_id == organisation_id)
    newest_first = of_office.order_by(AlertRuleVersion.starts_on.desc())
    return list(db.session.scalars(newest_first.options(joinedload(AlertRuleVersion.made_by))))


def acts(organisation_id: int) -> list[Event]:
    """What was done to the rules, last first; those taken back are told here alone."""
    told = select(Event).where(Event.organisation_id == organisation_id, Event.record == "alert_rule")
    return list(db.session.scalars(told.order_by(Event.number.desc()).options(joinedload(Event.person))))


def put_in_force(by: Act, rule: AlertRule, starts_on: date) -> AlertRuleVersion:
    """From that day on alerts and papers follow it; the same rule sent twice for a day is one act."""
    check(rule)
    if not by.today <= starts_on <= by.today + timedelta(days=FARTHEST):
        raise Invalid(f"启用日期应为今天（{written(by.today)}）或以后，且不超过一年。")
    events.hold(by.organisation_id)
    known = {version.starts_on: version for version in versions(by.organisation_id)}
    if there := known.get(starts_on):
        if there.rule == as_json(rule):
            return there
        raise Invalid(f"{written(starts_on)}已定有预警规则，请改选其他日期，或先撤销尚未启用的那一条。")
    version = AlertRuleVersion(
        organisation_id=by.organisation_id,
        rule=as_json(rule),
        starts_on=starts_on,
        made_at=by.at,
        made_by_id=by.person_id,
    )
    db.session.add(version)
    db.session.flush()
    events.record(by, "put_in_force", "alert_rule", version.id, after=_told(version))
    return version


def take_back(by: Act, version_id: int) -> AlertRuleVersion:
    """Only before its first day: by what was in force once, alerts were raised and papers issued."""
    version = db.session.get(AlertRuleVersion, version_id)
    if version is None or version.organisation_id != by.organisation_id:
        raise NotFound
    if version.starts_on <= by.today:
        raise Invalid(f"该规则已于{written(version.starts_on)}启用，不能撤销；如需调整，请另行设定新规则。")
    events.record(by, "take_back", "alert_rule", version.id, before=_told(version))
    db.session.delete(version)
    return version


def _told(version: AlertRuleVersion) -> dict[str, object]:
    return {"starts_on": version.starts_on.isoformat(), "rule": version.rule}
