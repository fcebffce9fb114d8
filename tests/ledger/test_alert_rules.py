from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.conftest import TODAY
from tracker.ledger import alert_rules, alert_trials, alerts, dated_rules, events, notices
from tracker.ledger.db import transaction
from tracker.ledger.tables.alerts import AlertRuleVersion
from tracker.rules.alert_rules import DEFAULT_ALERT_RULE
from tracker.rules.alerts import AlertKind, Audience, KindSteps
from tracker.rules.notices import Ladder, NoticeKind
from tracker.rules.refusals import Invalid, NotFound

pytestmark = pytest.mark.usefixtures("app_context")
LATE = date(2025, 4, 12)  # five days after the reports were due
STEPS = {**DEFAULT_ALERT_RULE.steps, AlertKind.REPORT_MISSING: KindSteps((5,), office=5)}
OWN = replace(DEFAULT_ALERT_RULE, steps=STEPS, ladder=Ladder(((NoticeKind.SUPERVISION, 5),), 2, 7))


def put(cast, rule=OWN, starts_on=TODAY):
    with transaction():
        return alert_rules.put_in_force(cast.act(), rule, starts_on)


def missing(cast, day):
    return alerts.count_alerts(cast.county, None, day)[AlertKind.REPORT_MISSING]


def test_the_default_holds_until_the_office_sets_its_own_from_a_day_on(cast):
    put(cast, starts_on=TODAY + timedelta(days=3))
    assert alert_rules.rule_on(cast.county, TODAY + timedelta(days=2)) == DEFAULT_ALERT_RULE
    assert alert_rules.rule_on(cast.county, TODAY + timedelta(days=3)) == OWN
    assert alert_rules.rule_on(cast.neighbour, TODAY + timedelta(days=3)) == DEFAULT_ALERT_RULE
    assert [event.act for event in dated_rules.acts(AlertRuleVersion, cast.county)] == ["put_in_force"]
    assert events.first_break(cast.county) is None


def test_the_daily_job_follows_the_offices_own_steps(cast):
    put(cast)
    with transaction():
        alerts.raise_alerts(cast.county, LATE - timedelta(days=1))
    assert missing(cast, LATE - timedelta(days=1)) == 0
    with transaction():
        alerts.raise_alerts(cast.county, LATE)
        assert notices.propose(cast.county, LATE - timedelta(days=1)) == 0
        assert notices.propose(cast.county, LATE) == 4
    assert missing(cast, LATE) == 7
    proposed = notices.notices_of(cast.county, None)
    assert {(notice.kind, notice.reply_due) for notice in proposed} == {(NoticeKind.SUPERVISION, date(2025, 4, 22))}


def test_the_same_rule_sent_twice_is_one_and_another_of_the_day_is_refused(cast):
    assert put(cast).id == put(cast).id
    with pytest.raises(Invalid, match="已定有预警规则"):
        put(cast, DEFAULT_ALERT_RULE)


def test_only_what_is_not_in_force_yet_is_taken_back(cast):
    ahead, now = put(cast, starts_on=TODAY + timedelta(days=1)).id, put(cast).id
    with transaction():
        dated_rules.take_back(cast.act(), AlertRuleVersion, ahead)
    assert len(dated_rules.versions(AlertRuleVersion, cast.county)) == 1
    with pytest.raises(Invalid, match="不能撤销"), transaction():
        dated_rules.take_back(cast.act(), AlertRuleVersion, now)
    with pytest.raises(NotFound), transaction():
        dated_rules.take_back(cast.act("stranger"), AlertRuleVersion, now)


def test_the_first_day_is_no_day_gone_by_nor_far_ahead(cast):
    for day in (TODAY - timedelta(days=1), TODAY + timedelta(days=400)):
        with pytest.raises(Invalid, match="启用日期"):
            put(cast, starts_on=day)


def test_a_trial_compares_what_stands_and_keeps_nothing(cast):
    compared = alert_trials.try_out(cast.county, OWN, date(2025, 4, 9))
    kind = (AlertKind.REPORT_MISSING, Audience.UNIT)
    assert (compared.old.alerts[kind], compared.new.alerts[kind]) == (7, 0)
    assert (compared.old.papers, compared.new.papers) == ({NoticeKind.URGING: 8}, {})  # with a milestone
    assert dated_rules.versions(AlertRuleVersion, cast.county) == []
