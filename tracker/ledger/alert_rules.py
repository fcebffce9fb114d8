"""The office's alert rules (预警规则): which holds on a day, and putting one in force."""

from datetime import date

from tracker.ledger import dated_rules
from tracker.ledger.acts import Act
from tracker.ledger.tables.alerts import AlertRuleVersion
from tracker.rules.alert_rules import DEFAULT_ALERT_RULE, AlertRule, as_json, check, from_json


def rule_on(organisation_id: int, as_of: date) -> AlertRule:
    version = dated_rules.version_on(AlertRuleVersion, organisation_id, as_of)
    return from_json(version.rule) if version else DEFAULT_ALERT_RULE


def put_in_force(by: Act, rule: AlertRule, starts_on: date) -> AlertRuleVersion:
    """From that day on alerts and papers follow it."""
    check(rule)
    return dated_rules.put_in_force(by, AlertRuleVersion(rule=as_json(rule), starts_on=starts_on))
