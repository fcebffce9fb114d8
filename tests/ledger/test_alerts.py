from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from tests.conftest import TODAY
from tests.reporting import Q1, content, duty_of_kind, report_duty, review, submit
from tracker.ledger import alerts
from tracker.ledger.db import db, transaction
from tracker.ledger.standing import duty_facts
from tracker.ledger.tables.alerts import Alert
from tracker.ledger.tables.duties import Duty
from tracker.rules.alerts import AlertKind, alert_kind
from tracker.rules.duties import DutyKind
from tracker.rules.reports import Verdict

REPORT_DAY = date(2025, 4, 7)  # the 5th is a holiday, the 6th a Sunday
LATER = date(2025, 4, 20)


def raise_on(cast, day: date) -> int:
    with transaction():
        return alerts.raise_alerts(cast.county, day)


def standing(cast, day: date, scope=None) -> list[tuple[int, AlertKind]]:
    return [(alert.duty_id, alert.kind) for alert in alerts.standing_alerts(cast.county, scope, day)]


def rule_says(cast, day: date) -> set[tuple[int, AlertKind]]:
    facts = duty_facts(Duty.organisation_id == cast.county, day)
    return {(each.id, kind) for each in facts if (kind := alert_kind(each, day))}


def test_nothing_is_raised_before_the_last_week(app_context, cast):
    assert raise_on(cast, date(2025, 3, 30)) == 0


def test_a_week_before_the_day_every_duty_of_the_county_speaks_up_once(app_context, cast):
    due_soon = db.session.scalar(select(func.count()).where(Duty.organisation_id == cast.county, Duty.quarter == Q1))
    assert raise_on(cast, date(2025, 3, 31)) == due_soon == 8
    assert raise_on(cast, date(2025, 3, 31)) == 0
    assert raise_on(cast, REPORT_DAY) == 0


def test_once_overdue_a_duty_speaks_up_a_second_and_last_time(app_context, cast):
    raise_on(cast, TODAY)
    assert raise_on(cast, LATER) == 8
    assert raise_on(cast, LATER) == raise_on(cast, date(2025, 5, 30)) == 0
    assert {kind for _, kind in standing(cast, LATER)} == {AlertKind.OVERDUE}
    assert {kind for _, kind in standing(cast, TODAY)} == {AlertKind.DUE_SOON}


def test_a_duty_done_raises_nothing_and_silences_what_was_raised(app_context, cast):
    raise_on(cast, TODAY)
    before = standing(cast, TODAY)
    submit(cast, content(), report_duty(cast, 0, "东镇"), by="town")
    gone = report_duty(cast, 0, "东镇").id
    assert set(before) - set(standing(cast, TODAY)) == {(gone, AlertKind.DUE_SOON)}
    assert raise_on(cast, LATER) == 7
    assert gone not in {duty_id for duty_id, _ in standing(cast, LATER)}


def test_what_a_returned_report_ticked_as_done_is_missing_again(app_context, cast):
    ticked = duty_of_kind(cast, DutyKind.RECURRING, 2).id
    report = submit(cast, content(done={ticked: TODAY}), report_duty(cast, 2))
    raise_on(cast, date(2025, 4, 4))
    assert ticked not in {duty_id for duty_id, _ in standing(cast, date(2025, 4, 4))}
    review(cast, report, Verdict.RETURN, "请附佐证材料。", on=date(2025, 4, 10))
    raise_on(cast, date(2025, 4, 10))
    assert (ticked, AlertKind.OVERDUE) in standing(cast, date(2025, 4, 10))
    assert ticked not in {duty_id for duty_id, _ in standing(cast, date(2025, 4, 9))}


def test_a_unit_sees_its_own_alerts_and_the_neighbouring_county_none(app_context, cast):
    raise_on(cast, TODAY)
    own = alerts.standing_alerts(cast.county, frozenset({cast.units["东镇"]}), TODAY)
    assert {alert.unit_id for alert in own} == {cast.units["东镇"]}
    assert alerts.standing_alerts(cast.neighbour, None, TODAY) == []
    assert alerts.standing_alerts(cast.county, frozenset(), TODAY) == []


def test_the_longest_overdue_stands_first_and_a_page_takes_its_part(app_context, cast):
    day = date(2025, 9, 3)  # second quarter's reports and the date in August are overdue
    raise_on(cast, day)
    everything = alerts.standing_alerts(cast.county, None, day)
    days = [alert.duty.answer_by for alert in everything]
    assert days == sorted(days)
    assert alerts.standing_alerts(cast.county, None, day, limit=3, offset=2) == everything[2:5]


def test_the_count_is_that_of_the_list(app_context, cast):
    raise_on(cast, TODAY)
    raise_on(cast, LATER)
    submit(cast, content(), report_duty(cast, 2), on=LATER)
    for day in (date(2025, 3, 1), TODAY, LATER, date(2025, 6, 30)):
        for scope in (None, frozenset({cast.units["县司法局"]})):
            listed = alerts.standing_alerts(cast.county, scope, day)
            counted = alerts.count_alerts(cast.county, scope, day)
            assert counted.total() == len(listed)
            assert counted[AlertKind.OVERDUE] == sum(alert.kind is AlertKind.OVERDUE for alert in listed)


def test_the_query_says_what_the_rule_says(app_context, cast):
    """One truth, told twice: in Python for one duty, in SQL for all."""
    ticked = duty_of_kind(cast, DutyKind.RECURRING, 2).id
    submit(cast, content(done={ticked: TODAY}), report_duty(cast, 2))
    for day in (date(2025, 3, 30), date(2025, 3, 31), REPORT_DAY, date(2025, 4, 8), date(2025, 8, 24), date.max):
        raise_on(cast, day)
        assert set(standing(cast, day)) == rule_says(cast, day)


def test_what_a_revision_took_back_or_has_yet_to_bring_says_nothing(app_context, cast):
    raise_on(cast, TODAY)
    with transaction():
        taken_back, yet_to_come = report_duty(cast, 0, "东镇"), report_duty(cast, 1, "东镇")
        taken_back.cancelled_on, yet_to_come.owed_from = date(2025, 4, 5), LATER
    gone, later = taken_back.id, yet_to_come.id
    town = frozenset({cast.units["东镇"]})
    assert [duty_id for duty_id, _ in standing(cast, date(2025, 4, 4), town)] == [gone]
    assert standing(cast, date(2025, 4, 5), town) == []
    raise_on(cast, LATER)
    assert standing(cast, LATER, town) == [(later, AlertKind.OVERDUE)]
    assert rule_says(cast, LATER) == set(standing(cast, LATER))


def test_what_the_daily_job_has_still_to_raise_is_counted(app_context, cast):
    town = frozenset({cast.units["东镇"]})
    assert alerts.not_yet_raised(cast.county, None, TODAY) == 8
    assert alerts.not_yet_raised(cast.county, town, TODAY) == 2
    assert alerts.not_yet_raised(cast.neighbour, None, TODAY) == 0
    raise_on(cast, TODAY)
    assert alerts.not_yet_raised(cast.county, None, TODAY) == 0


def test_the_table_itself_refuses_a_second_alert_of_a_kind(app_context, cast):
    raise_on(cast, TODAY)
    twin = db.session.scalars(select(Alert)).first()
    with pytest.raises(IntegrityError, match="UNIQUE"), transaction():
        db.session.add(
            Alert(
                organisation_id=twin.organisation_id,
                duty_id=twin.duty_id,
                unit_id=twin.unit_id,
                kind=twin.kind,
                raised_on=TODAY,
            )
        )


def test_no_alert_counts_before_the_day_it_was_raised(app_context, cast):
    raise_on(cast, TODAY)
    assert standing(cast, date(2025, 4, 2)) == []
