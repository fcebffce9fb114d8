from collections import Counter
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from tests.conftest import TODAY, noon
from tests.reporting import Q1, content, duty_of_kind, report_duty, review, save, submit
from tracker.ledger import alerts, preferences, units
from tracker.ledger.db import db, transaction
from tracker.ledger.standing import duty_facts
from tracker.ledger.tables.alerts import Alert
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.findings import Finding
from tracker.ledger.tables.instructions import Instruction, InstructionShare
from tracker.rules.alerts import AlertKind, AlertSubject, Audience, alert_kind
from tracker.rules.duties import DutyKind
from tracker.rules.findings import FindingSource, FindingState
from tracker.rules.reports import Verdict

REPORT_DAY = date(2025, 4, 7)  # the 5th is a holiday, the 6th a Sunday
LATER = date(2025, 4, 20)
DUTY, UNIT = AlertSubject.DUTY, Audience.UNIT


def raised(cast) -> Counter[tuple[AlertSubject, Audience]]:
    kept = db.session.scalars(select(Alert).where(Alert.organisation_id == cast.county))
    return Counter((alert.subject, alert.audience) for alert in kept)


def raise_on(cast, day: date) -> Counter[tuple[AlertSubject, Audience]]:
    """What is new."""
    before = raised(cast)
    with transaction():
        number = alerts.raise_alerts(cast.county, day)
    new = raised(cast) - before
    assert new.total() == number
    return new


def standing(cast, day: date, scope=None) -> list[tuple[int, AlertKind]]:
    """Of the duties, as the units are told."""
    found = alerts.standing_alerts(cast.county, scope, day)
    return [(alert.duty_id, alert.kind) for alert in found if alert.subject is DUTY]


def lines(cast, day: date, kind: AlertKind, audience: Audience = UNIT):
    return alerts.standing_alerts(cast.county, None, day, kind=kind, audience=audience)


def rule_says(cast, day: date) -> set[tuple[int, AlertKind]]:
    facts = duty_facts(Duty.organisation_id == cast.county, day)
    return {(each.id, kind) for each in facts if (kind := alert_kind(each, day))}


def test_nothing_is_raised_before_the_last_fifteen_days(app_context, cast):
    assert raise_on(cast, date(2025, 3, 22))[DUTY, UNIT] == 0


def test_fifteen_days_before_the_day_every_duty_of_the_county_speaks_up_once(app_context, cast):
    due_soon = db.session.scalar(select(func.count()).where(Duty.organisation_id == cast.county, Duty.quarter == Q1))
    assert raise_on(cast, date(2025, 3, 23))[DUTY, UNIT] == due_soon == 8
    assert raise_on(cast, date(2025, 3, 23)).total() == raise_on(cast, date(2025, 3, 30)).total() == 0


def test_each_step_is_raised_once_and_to_those_whom_it_concerns(app_context, cast):
    told = {}
    for day in range(109):
        for key, number in raise_on(cast, date(2025, 3, 20) + timedelta(days=day)).items():
            told[key] = told.get(key, 0) + number
    first_quarter = {UNIT: 8 * 8, Audience.OFFICE: 8 * 4, Audience.LEADER: 8 * 2}
    second_quarter = {UNIT: 8 * 3, Audience.OFFICE: 0, Audience.LEADER: 0}  # fifteen, seven and three days before
    assert {who: told[DUTY, who] for who in Audience} == {
        who: first_quarter[who] + second_quarter[who] for who in Audience
    }


def test_a_job_that_was_dead_for_three_days_raises_the_step_that_holds_now_alone(app_context, cast):
    raise_on(cast, date(2025, 4, 5))
    assert raise_on(cast, date(2025, 4, 8))[DUTY, UNIT] == 8
    steps = db.session.scalars(select(Alert.step).where(Alert.subject == DUTY, Alert.audience == UNIT))
    assert Counter(steps) == {-3: 8, 1: 8}


def test_a_dead_job_hides_nothing_that_it_has_told_of(app_context, cast):
    raise_on(cast, TODAY)
    assert {kind for _, kind in standing(cast, LATER)} == {AlertKind.OVERDUE, AlertKind.REPORT_MISSING}
    assert {kind for _, kind in standing(cast, TODAY)} == {AlertKind.DUE_SOON}


def test_another_day_lets_the_steps_be_raised_anew(app_context, cast):
    raise_on(cast, LATER)
    with transaction():
        report_duty(cast, 0, "东镇").answer_by = date(2025, 4, 19)
    assert raise_on(cast, LATER) == {(DUTY, UNIT): 1, (DUTY, Audience.OFFICE): 1}


def test_a_unit_that_saved_nothing_for_a_hundred_days_is_told_and_the_office_too(app_context, cast):
    day, moved = date(2025, 4, 16), date(2025, 4, 18)  # the plan came in on 6 January
    raise_on(cast, date(2025, 4, 15))
    assert lines(cast, date(2025, 4, 15), AlertKind.SILENT) == []
    told = raise_on(cast, day)
    assert (told[AlertSubject.UNIT, UNIT], told[AlertSubject.UNIT, Audience.OFFICE]) == (4, 4)
    save(cast, content(), report_duty(cast, 0), on=moved)
    moving = {alert.unit.name for alert in lines(cast, moved, AlertKind.SILENT)}
    assert moving == {"东镇", "西镇", "县行政审批局"}
    assert len(lines(cast, day, AlertKind.SILENT, Audience.OFFICE)) == 4
    again = date(2025, 7, 27)
    assert raise_on(cast, again)[AlertSubject.UNIT, UNIT] == 1
    assert {alert.due for alert in lines(cast, again, AlertKind.SILENT)} == {date(2025, 1, 6), moved}


def test_a_returned_report_is_pressed_for_until_it_is_handed_in_again(app_context, cast):
    report = submit(cast, content(), report_duty(cast, 2), on=date(2025, 4, 1))
    report_id = report.id
    review(cast, report, Verdict.RETURN, "请附佐证材料。", on=date(2025, 4, 10))
    raise_on(cast, date(2025, 4, 12))
    assert lines(cast, date(2025, 4, 12), AlertKind.RETURNED) == []
    raise_on(cast, date(2025, 4, 13))
    [line] = lines(cast, date(2025, 4, 13), AlertKind.RETURNED)
    assert (line.subject_id, line.due, line.step) == (report_id, date(2025, 4, 10), 3)
    assert lines(cast, date(2025, 4, 13), AlertKind.RETURNED, Audience.OFFICE) == []
    raise_on(cast, date(2025, 4, 17))
    assert len(lines(cast, date(2025, 4, 17), AlertKind.RETURNED, Audience.OFFICE)) == 1
    submit(cast, content(), report_duty(cast, 2), on=date(2025, 4, 18))
    assert lines(cast, date(2025, 4, 18), AlertKind.RETURNED) == []
    assert len(lines(cast, date(2025, 4, 17), AlertKind.RETURNED)) == 1


def test_an_instruction_speaks_up_until_it_is_answered(app_context, cast):
    with transaction():
        given = Instruction(
            organisation_id=cast.county, text="请加快办理。", about="县司法局", address="/", key="a",
            due=date(2025, 4, 10), made_on=TODAY, made_at=noon(TODAY), item_id=cast.items[0],
        )  # fmt: skip
        given.shares.append(InstructionShare(unit_id=cast.units["县司法局"]))
        db.session.add(given)
    day = date(2025, 4, 8)
    raise_on(cast, day)
    [line] = lines(cast, day, AlertKind.INSTRUCTION)
    assert (line.step, line.what, line.title) == (-3, "批示：请加快办理。", "1. 预公开重大行政决策草案")
    raise_on(cast, date(2025, 4, 17))
    assert len(lines(cast, date(2025, 4, 17), AlertKind.INSTRUCTION, Audience.LEADER)) == 1
    with transaction():
        db.session.get_one(InstructionShare, given.shares[0].id).answered_on = date(2025, 4, 18)
    assert lines(cast, date(2025, 4, 18), AlertKind.INSTRUCTION) == []
    assert len(lines(cast, date(2025, 4, 17), AlertKind.INSTRUCTION)) == 1


def test_a_rectification_speaks_up_until_its_result_is_handed_in(app_context, cast):
    with transaction():
        found = Finding(
            organisation_id=cast.county, unit_id=cast.units["东镇"], quarter=Q1, source=FindingSource.INSPECTION,
            criterion="", kind="", problem="目录未更新。", basis="", demand="", due=date(2025, 4, 10), year=2025,
            state=FindingState.NOTIFIED, found_on=TODAY, notified_on=TODAY,
        )  # fmt: skip
        db.session.add(found)
    day = date(2025, 4, 11)
    raise_on(cast, day)
    [line] = lines(cast, day, AlertKind.RECTIFICATION, Audience.OFFICE)
    assert (line.step, line.unit.name, line.what) == (1, "东镇", "整改：目录未更新。")
    with transaction():
        found.state, found.submitted_on = FindingState.SUBMITTED, date(2025, 4, 12)
    assert lines(cast, date(2025, 4, 12), AlertKind.RECTIFICATION) == []
    assert len(lines(cast, day, AlertKind.RECTIFICATION)) == 1


def test_a_duty_done_raises_nothing_and_silences_what_was_raised(app_context, cast):
    raise_on(cast, TODAY)
    before = standing(cast, TODAY)
    submit(cast, content(), report_duty(cast, 0, "东镇"), by="town")
    gone = report_duty(cast, 0, "东镇").id
    assert set(before) - set(standing(cast, TODAY)) == {(gone, AlertKind.DUE_SOON)}
    assert raise_on(cast, LATER)[DUTY, UNIT] == 7
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
    days = [alert.due for alert in everything]
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
            assert counted == Counter(alert.kind for alert in listed)


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
    assert standing(cast, LATER, town) == [(later, AlertKind.REPORT_MISSING)]
    assert rule_says(cast, LATER) == set(standing(cast, LATER))


def test_what_the_daily_job_has_still_to_raise_is_counted(app_context, cast):
    town = frozenset({cast.units["东镇"]})
    assert alerts.not_yet_raised(cast.county, None, TODAY) == 8
    assert alerts.not_yet_raised(cast.county, town, TODAY) == 2
    assert alerts.not_yet_raised(cast.county, town, TODAY, Audience.LEADER) == 0
    assert alerts.not_yet_raised(cast.neighbour, None, TODAY) == 0
    raise_on(cast, TODAY)
    assert alerts.not_yet_raised(cast.county, None, TODAY) == 0


def test_the_table_itself_refuses_a_second_alert_of_a_step(app_context, cast):
    raise_on(cast, TODAY)
    twin = db.session.scalars(select(Alert)).first()
    with pytest.raises(IntegrityError, match="UNIQUE"), transaction():
        db.session.add(
            Alert(
                organisation_id=twin.organisation_id,
                subject=twin.subject,
                subject_id=twin.subject_id,
                duty_id=twin.duty_id,
                step=twin.step,
                audience=twin.audience,
                due=twin.due,
                unit_id=twin.unit_id,
                kind=twin.kind,
                raised_on=TODAY,
            )
        )


def test_no_alert_counts_before_the_day_it_was_raised(app_context, cast):
    raise_on(cast, TODAY)
    assert standing(cast, date(2025, 4, 2)) == []


def test_what_was_marked_as_read_is_not_new_until_it_takes_another_step(app_context, cast):
    def unread(day: date) -> int:
        return alerts.tally(cast.county, None, day, UNIT, cast.people["handler"]).unread

    raise_on(cast, TODAY)
    assert unread(TODAY) == 8
    with transaction():
        preferences.mark_read(cast.act("handler"))
    assert unread(TODAY) == 0
    raise_on(cast, date(2025, 4, 4))
    assert unread(date(2025, 4, 4)) == 8  # three days before


def test_a_unit_that_owes_nothing_is_not_silent_though_others_of_its_plan_owe(app_context, cast):
    with transaction():
        idle = units.add_unit(cast.act(), "县档案局").id
    day = date(2025, 6, 1)
    with transaction():
        alerts.raise_alerts(cast.county, day)
    silent = alerts.standing_alerts(cast.county, None, day, kind=AlertKind.SILENT)
    assert silent
    assert idle not in {alert.unit_id for alert in silent}
