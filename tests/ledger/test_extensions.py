from datetime import date

import pytest

from tests.conftest import TODAY, noon
from tests.extending import DUE, UNTIL, apply, approve, asked, judge, milestone, set_levels, withdraw
from tests.reporting import Q1, Q3, content, count, duty_of_kind, queries, report_duty, state_of, submit
from tracker.ledger import alerts, events, extensions
from tracker.ledger.accounts import units_where
from tracker.ledger.db import db, transaction
from tracker.ledger.inspection_sheets import inspection_sheets
from tracker.ledger.items import history_of
from tracker.ledger.standing import duty_facts, standings
from tracker.ledger.tables.accounts import Person
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.extensions import Extension, ExtensionStep
from tracker.ledger.tables.organisations import Organisation
from tracker.ledger.tables.plans import Item, Plan
from tracker.rules.alerts import AlertKind, alert_kind
from tracker.rules.duties import DutyKind
from tracker.rules.extensions import ExtensionLevel, ExtensionState, Moved
from tracker.rules.permissions import Action, Role
from tracker.rules.refusals import Forbidden, Invalid, NotFound, Refusal, Stale
from tracker.rules.reports import Verdict
from tracker.rules.standing import DutyState, Standing
from tracker.rules.summary import punctuality

pytestmark = pytest.mark.usefixtures("app_context")

UNIT, OFFICE, LEADER = ExtensionLevel


def facts(duty, as_of):
    [found] = duty_facts(Duty.id == duty.id, as_of)
    return found


def case(extension):
    return extensions.case_of(extension.organisation_id, extension.id, None)


def recurring(cast):
    """Due on 31 March, to be reported by 7 April."""
    return duty_of_kind(cast, DutyKind.RECURRING, 2, quarter=Q1)


# Applying


def test_an_application_waits_for_the_office(cast):
    extension = apply(cast)
    assert (extension.state, case(extension).told) == (ExtensionState.APPLIED, "待领导小组办公室审批")
    assert not case(extension).late
    assert state_of(milestone(cast), date(2025, 9, 1)) is DutyState.OVERDUE


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        (asked(DUE), "应晚于现行时限"),
        (asked(date(2027, 9, 1)), "最多 2 年"),
        (asked(reason=""), "延期理由"),
        (asked(progress=" "), "目前进展"),
    ],
)
def test_what_is_missing_is_asked_for(cast, what, sentence):
    with pytest.raises(Invalid, match=sentence):
        apply(cast, what)
    assert count(Extension) == 0


def test_the_duty_to_report_cannot_be_put_off(cast):
    with pytest.raises(Refusal, match="季度填报按季报送"):
        apply(cast, duty=report_duty(cast))


def test_what_is_done_needs_no_extension(cast):
    duty = milestone(cast)
    submit(cast, content(done={duty.id: TODAY}), report_duty(cast, quarter=Q3))
    with pytest.raises(Refusal, match="已登记完成"):
        apply(cast)


def test_what_a_revision_took_back_needs_no_extension(cast):
    with transaction():
        milestone(cast).cancelled_on = TODAY
    with pytest.raises(Refusal, match="已撤销"):
        apply(cast)


def test_the_same_application_sent_twice_is_one(cast):
    assert apply(cast) is apply(cast)
    assert count(Extension) == 1


def test_a_second_application_waits_until_the_first_is_decided(cast):
    first = apply(cast)
    with pytest.raises(Refusal, match="已有延期申请正在审批"):
        apply(cast, asked(date(2025, 11, 30)))
    judge(cast, first, OFFICE, Verdict.RETURN, "理由不充分。")
    assert apply(cast, asked(date(2025, 11, 30))).id != first.id


def test_another_units_duty_is_not_found(cast):
    scope = frozenset({cast.units["东镇"]})
    with pytest.raises(NotFound):
        extensions.duty_of(cast.county, milestone(cast).id, scope)
    with pytest.raises(NotFound):
        extensions.duty_of(cast.neighbour, milestone(cast).id, None)


# Deciding


@pytest.mark.parametrize(
    ("levels", "asked_of"),
    [
        (1, [(OFFICE, "clerk")]),
        (2, [(OFFICE, "clerk"), (LEADER, "leader")]),
        (3, [(UNIT, "colleague"), (OFFICE, "clerk"), (LEADER, "leader")]),
    ],
)
def test_it_is_approved_once_every_level_has_agreed(cast, levels, asked_of):
    set_levels(cast, levels)
    extension = apply(cast)
    for level, login in asked_of:
        assert extension.state.is_open
        judge(cast, extension, level, by=login)
    assert (extension.state, extension.decided_on) == (ExtensionState.APPROVED, TODAY)


def test_a_refusal_ends_it_and_the_original_date_counts(cast):
    extension = apply(cast)
    judge(cast, extension, OFFICE, Verdict.RETURN, "理由不充分。")
    assert extension.state is ExtensionState.REFUSED
    assert facts(milestone(cast), date(2025, 9, 1)).moved is None
    with pytest.raises(Refusal, match="目前未批准"):
        judge(cast, extension, LEADER, by="leader")


def test_a_refusal_says_why(cast):
    extension = apply(cast)
    with pytest.raises(Invalid, match="请写明理由"):
        judge(cast, extension, OFFICE, Verdict.RETURN)
    assert count(ExtensionStep) == 0


def test_no_level_is_skipped(cast):
    extension = apply(cast)
    with pytest.raises(Refusal, match="目前待领导小组办公室审批"):
        judge(cast, extension, LEADER, by="leader")


def test_what_comes_late_needs_the_leader_whatever_the_rules_say(cast):
    set_levels(cast, 1)
    extension = apply(cast, asked(date(2025, 5, 31)), recurring(cast))
    assert case(extension).late
    judge(cast, extension, OFFICE)
    assert extension.state is ExtensionState.OFFICE_AGREED
    judge(cast, extension, LEADER, by="leader")
    assert extension.state is ExtensionState.APPROVED


def test_it_stays_late_although_the_date_was_moved_since(cast):
    extension = approve(cast, apply(cast, asked(date(2025, 5, 31)), recurring(cast)))
    assert case(extension).late
    again = apply(cast, asked(date(2025, 6, 30)), recurring(cast), on=date(2025, 5, 20))
    assert not case(again).late
    assert (case(again).old_due, case(again).moved_before) == (date(2025, 5, 31), True)


def test_nobody_decides_what_they_applied_for(cast):
    extension = apply(cast, by="clerk")
    with pytest.raises(Forbidden, match="本人提出"):
        judge(cast, extension, OFFICE)


def test_nobody_decides_at_two_levels(cast):
    extension = apply(cast)
    judge(cast, extension, OFFICE, by="leader")
    with pytest.raises(Forbidden, match="前一环节"):
        judge(cast, extension, LEADER, by="leader")


def test_the_heads_own_application_goes_to_the_office(cast):
    set_levels(cast, 3)
    assert apply(cast, by="colleague").state is ExtensionState.UNIT_APPROVED


def test_a_unit_without_a_head_asks_the_office(cast):
    set_levels(cast, 3)
    town = duty_of_kind(cast, DutyKind.COUNT, 1, "东镇", quarter=Q3.next)
    assert apply(cast, asked(date(2026, 3, 31)), town, by="town").state is ExtensionState.UNIT_APPROVED


def test_a_head_who_has_left_is_no_head(cast):
    set_levels(cast, 3)
    with transaction():
        head = db.session.get_one(Person, cast.people["colleague"])
        [post] = [post for post in head.posts if post.role is Role.UNIT_HEAD]
        post.ends_on = date(2025, 4, 2)
    assert apply(cast).state is ExtensionState.UNIT_APPROVED


def test_the_same_opinion_sent_twice_is_one(cast):
    extension = apply(cast)
    seen = extension.version
    for _ in range(2):
        with transaction():
            extensions.judge(cast.act("clerk"), extension, OFFICE, Verdict.ACCEPT, "同意。", seen)
    assert count(ExtensionStep) == 1


def test_an_opinion_on_what_has_changed_meanwhile_is_told(cast):
    extension = apply(cast)
    seen = extension.version
    judge(cast, extension, OFFICE)
    with pytest.raises(Stale, match="已有变化"), transaction():
        extensions.judge(cast.act("inspector"), extension, OFFICE, Verdict.RETURN, "不妥。", seen)
    assert extension.state is ExtensionState.OFFICE_AGREED


# Withdrawing


def test_the_unit_withdraws_what_is_not_decided(cast):
    extension = apply(cast)
    withdraw(cast, extension)
    withdraw(cast, extension, version=1)
    assert (extension.state, extension.decided_on) == (ExtensionState.WITHDRAWN, None)
    assert apply(cast).id != extension.id


def test_what_is_decided_cannot_be_withdrawn(cast):
    extension = approve(cast, apply(cast))
    with pytest.raises(Refusal, match="已批准，不能再撤回"):
        withdraw(cast, extension)


def test_a_withdrawal_of_what_has_changed_meanwhile_is_told(cast):
    extension = apply(cast)
    judge(cast, extension, OFFICE)
    with pytest.raises(Stale):
        withdraw(cast, extension, version=1)


def test_every_act_is_in_the_chain(cast):
    extension = apply(cast)
    judge(cast, extension, OFFICE)
    withdraw(cast, extension)
    written = events.history(cast.county, "extension", extension.id)
    assert [event.act for event in written] == ["apply", "judge", "withdraw"]
    assert written[0].after["old_due"] == "2025-08-31"
    assert events.first_break(cast.county) is None


# Two judgements


def test_the_date_moves_on_the_day_of_the_approval_and_before_that_all_stands_as_it_was(cast):
    duty = milestone(cast)
    approve(cast, apply(cast, on=date(2025, 8, 20)), on=date(2025, 9, 5))
    assert state_of(duty, date(2025, 9, 4)) is DutyState.OVERDUE
    assert state_of(duty, date(2025, 9, 5)) is DutyState.OPEN
    assert state_of(duty, date(2025, 11, 1)) is DutyState.OVERDUE
    assert facts(duty, date(2025, 9, 5)).moved == Moved(DUE, UNTIL)
    assert facts(duty, date(2025, 9, 5)).original_state(date(2025, 9, 5)) is DutyState.OVERDUE


def test_the_last_approved_date_holds(cast):
    approve(cast, apply(cast))
    approve(cast, apply(cast, asked(date(2025, 12, 15)), on=date(2025, 10, 8)), on=date(2025, 10, 9))
    assert facts(milestone(cast), date(2025, 10, 8)).revised_due == UNTIL
    assert facts(milestone(cast), date(2025, 10, 9)).revised_due == date(2025, 12, 15)


def test_what_is_done_within_the_extension_is_late_by_the_plan_alone(cast):
    duty, day = milestone(cast), date(2025, 10, 20)
    approve(cast, apply(cast))
    submit(cast, content(done={duty.id: day}), report_duty(cast, quarter=Q3), on=day)
    done = facts(duty, day)
    assert (done.state(day), done.original_state(day)) == (DutyState.DONE, DutyState.DONE_LATE)


def test_a_share_with_an_extension_is_not_overdue(cast):
    submit(cast, content(), report_duty(cast, quarter=Q3))
    share, day = (cast.items[0], cast.units["县司法局"]), date(2025, 9, 20)
    assert standings(cast.plan, Q3, day).shares[share].standing is Standing.OVERDUE
    for quarter in (Q1, Q1.next):
        submit(cast, content(), report_duty(cast, quarter=quarter))
    approve(cast, apply(cast))
    assert standings(cast.plan, Q3, day).shares[share].standing is Standing.ON_SCHEDULE


def test_the_share_on_time_is_counted_by_both_dates(cast):
    approve(cast, apply(cast))
    day = date(2025, 9, 20)
    found = [duty for owed in standings(cast.plan, Q3, day).duties.values() for duty in owed]
    counted = punctuality(found, day)  # besides the milestone two recurring duties that nobody did fell due
    assert (counted.total_due, counted.on_time_original, counted.on_time_revised) == (3, 0, 1)


def test_the_standings_are_read_in_as_many_queries_with_extensions_as_without(cast):
    with queries() as without:
        standings(cast.plan, Q3, TODAY)
    approve(cast, apply(cast))
    approve(cast, apply(cast, asked(date(2025, 5, 31)), recurring(cast)))
    with queries() as asked_of:
        standings(cast.plan, Q3, TODAY)
    assert len([one for one in asked_of if "SELECT" in one]) == len([one for one in without if "SELECT" in one])


def test_an_alert_falls_silent_and_speaks_again_by_the_new_date(cast):
    duty = milestone(cast)
    extension = apply(cast)
    raise_on(cast, date(2025, 8, 28))
    raise_on(cast, date(2025, 9, 2))
    approve(cast, extension, on=date(2025, 9, 3))
    for day in (date(2025, 9, 3), date(2025, 10, 25), date(2025, 11, 1)):
        raise_on(cast, day)
    said = {day: kinds(cast, duty, day) for day in (date(2025, 9, 2), date(2025, 9, 3), date(2025, 10, 25))}
    assert list(said.values()) == [[AlertKind.OVERDUE], [], [AlertKind.DUE_SOON]]
    assert kinds(cast, duty, date(2025, 11, 1)) == [AlertKind.OVERDUE]


def test_no_alert_is_raised_for_a_date_that_was_moved(cast):
    approve(cast, apply(cast))
    raise_on(cast, date(2025, 9, 2))
    assert kinds(cast, milestone(cast), date(2025, 9, 2)) == []


def test_the_alerts_say_what_the_rule_says(cast):
    approve(cast, apply(cast))
    approve(cast, apply(cast, asked(date(2025, 4, 5)), recurring(cast)))
    for day in (TODAY, date(2025, 4, 8), date(2025, 9, 2), date(2025, 10, 24), date(2025, 11, 1)):
        raise_on(cast, day)
        listed = {(each.duty_id, each.kind) for each in alerts.standing_alerts(cast.county, None, day) if each.duty}
        owed = duty_facts(Duty.organisation_id == cast.county, day)
        assert listed == {(duty.id, kind) for duty in owed if (kind := alert_kind(duty, day))}


def raise_on(cast, day):
    with transaction():
        alerts.raise_alerts(cast.county, day)


def kinds(cast, duty, day):
    return [alert.kind for alert in alerts.standing_alerts(cast.county, None, day) if alert.duty_id == duty.id]


# What waits for whom


def waiting(cast, desks):
    organisation = db.session.get_one(Organisation, cast.county)
    found = extensions.waiting(organisation, desks)
    assert extensions.count_waiting(organisation.id, organisation.extension_levels, desks) == len(found)
    return [one.extension.id for one in found]


def test_each_desk_holds_what_waits_for_it(cast):
    set_levels(cast, 3)
    own, other = frozenset({cast.units["县司法局"]}), frozenset({cast.units["东镇"]})
    extension = apply(cast)
    assert waiting(cast, {UNIT: own}) == [extension.id]
    assert waiting(cast, {UNIT: other, OFFICE: None}) == waiting(cast, {}) == []
    judge(cast, extension, UNIT, by="colleague")
    assert waiting(cast, {UNIT: own}) == []
    assert waiting(cast, {OFFICE: None, LEADER: None}) == [extension.id]


def test_a_list_shows_its_states_and_its_scope_alone(cast):
    first = apply(cast)
    late = apply(cast, asked(date(2025, 5, 31)), recurring(cast))
    withdraw(cast, first)
    shown = extensions.cases(cast.county, frozenset({cast.units["县司法局"]}), [ExtensionState.APPLIED])
    assert [one.extension.id for one in shown] == [late.id]
    assert [one.extension.id for one in extensions.cases(cast.county, None)] == [late.id, first.id]
    assert extensions.cases(cast.county, frozenset({cast.units["东镇"]})) == []
    assert extensions.counts(cast.county, None) == {ExtensionState.APPLIED: 1, ExtensionState.WITHDRAWN: 1}
    assert extensions.counts(cast.neighbour, None) == {}


def test_both_dates_are_found_for_many_duties_at_once(cast):
    approve(cast, apply(cast))
    ids = [milestone(cast).id, recurring(cast).id]
    assert extensions.moved_dates(ids, TODAY) == {ids[0]: Moved(DUE, UNTIL)}
    assert extensions.moved_dates(ids, date(2025, 4, 2)) == {}


def test_what_is_open_is_found_by_duty(cast):
    extension = apply(cast)
    assert extensions.open_by_duty(cast.county, None) == {milestone(cast).id: extension}
    withdraw(cast, extension)
    assert extensions.open_by_duty(cast.county, None) == {}


def test_another_organisation_finds_none(cast):
    with pytest.raises(NotFound):
        extensions.case_of(cast.neighbour, apply(cast).id, None)


def test_the_inspectors_sheet_names_both_dates(cast):
    approve(cast, apply(cast))
    plan = db.session.get_one(Plan, cast.plan)
    [sheet] = inspection_sheets(plan, Q3, date(2025, 11, 3), cast.units["县司法局"]).units
    assert "2025年8月底前（原定 8月31日，延至 10月31日）逾期 3 天" in sheet.items[0].late


# Whose rights


def test_the_units_that_a_person_heads(cast):
    head, handler = (db.session.get_one(Person, cast.people[login]) for login in ("colleague", "handler"))
    assert units_where(head, Action.APPROVE_IN_UNIT, TODAY) == frozenset({cast.units["县司法局"]})
    assert units_where(handler, Action.APPROVE_IN_UNIT, TODAY) == frozenset()
    assert units_where(handler, Action.REPORT, TODAY) == frozenset({cast.units["县司法局"]})


def test_what_was_applied_for_stands_in_the_items_history(cast):
    extension = apply(cast)
    withdraw(cast, extension)
    item = db.session.get_one(Item, cast.items[0])
    told = [event.act for event in history_of(item, None, noon(TODAY.replace(day=4))) if event.record == "extension"]
    assert told == ["apply", "withdraw"]
    town = frozenset({cast.units["东镇"]})
    assert not [event for event in history_of(item, town, noon(TODAY.replace(day=4))) if event.record == "extension"]
