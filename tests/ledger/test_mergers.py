"""A unit that is merged hands on what it owes and keeps what it did; every day keeps its answer."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.conftest import TODAY
from tests.reporting import Q1, Quarter, content, duty_of_kind, report_duty, state_of, submit
from tracker.ledger import duties, events, mergers, plans, units
from tracker.ledger.db import db, transaction
from tracker.ledger.owed import owed_quarter
from tracker.ledger.standing import standings
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.plans import Origin
from tracker.rules.duties import DutyKind
from tracker.rules.duty_changes import How
from tracker.rules.standing import DutyState

pytestmark = pytest.mark.usefixtures("app_context")
LAST_DAY = date(2025, 4, 1)
AFTER = LAST_DAY + timedelta(days=1)
OLD, NEW = "县司法局", "县行政审批局"


def unit(cast, name):
    return units.unit_of(cast.county, cast.units[name])


def plan_of(cast):
    return plans.plan_of(cast.county, cast.plan)


def merge(cast, old=OLD, new=NEW, last_day=LAST_DAY, on=TODAY):
    with transaction():
        return mergers.dissolve(cast.act(on=on), unit(cast, old), last_day, cast.units[new] if new else None)


def reinstate(cast, old=OLD, on=TODAY):
    with transaction():
        return mergers.reinstate(cast.act(on=on), unit(cast, old))


def owing(cast, name):
    """By key, what the unit has to do still or did."""
    rows = db.session.scalars(select(Duty).where(Duty.unit_id == cast.units[name], Duty.cancelled_on.is_(None)))
    return {(duty.item_id, duty.key): duty for duty in rows}


def count_of(changes, how):
    return sum(len(each.of(how)) for each in changes)


def test_what_is_open_passes_to_the_successor_from_the_day_after(cast):
    before = owing(cast, OLD)
    changes = merge(cast)
    after = owing(cast, NEW)
    assert owing(cast, OLD) == {}
    assert before.keys() <= after.keys()
    passed = [after[place] for place in before]
    assert {duty.handed_from_id for duty in passed} == {duty.id for duty in before.values()}
    assert {(duty.owed_from, duty.lead) for duty in passed} == {(AFTER, True)}
    assert {duty.cancelled_on for duty in before.values()} == {AFTER}
    assert (len(changes), count_of(changes, How.HANDED)) == (1, len(before))


def test_before_and_after_the_day_each_answers_for_itself(cast):
    def shares(day):
        return {key for key in standings(cast.plan, Q1, day).shares if key[0] == cast.items[2]}

    old, new = ((cast.items[2], cast.units[name]) for name in (OLD, NEW))
    merge(cast)
    assert (shares(LAST_DAY), shares(AFTER)) == ({old}, {new})
    assert standings(cast.plan, Q1, date(2025, 4, 8)).shares[new].days_overdue == 1, "the first quarter's report"


def test_what_was_done_stays_with_the_unit_that_did_it(cast):
    duty = report_duty(cast, item=2)
    submit(cast, content(), duty, on=LAST_DAY)
    merge(cast)
    assert (cast.items[2], duty.key) not in owing(cast, NEW)
    assert state_of(duty, TODAY) is DutyState.DONE
    assert (cast.items[2], cast.units[OLD]) in standings(cast.plan, Q1, TODAY).shares
    assert (cast.items[2], cast.units[OLD]) not in standings(cast.plan, Quarter(2025, 2), TODAY).shares


def test_the_successor_reports_for_the_quarter_that_was_left(cast):
    merge(cast)
    owed = owed_quarter(cast.plan, Q1, [cast.units[NEW]], TODAY)
    assert {report.item.id for report in owed.reports} == set(cast.items)


def test_where_the_successor_owes_the_same_the_old_is_only_taken_back(cast):
    changes = merge(cast, "东镇", "西镇")
    assert owing(cast, "东镇") == {}
    assert (count_of(changes, How.HANDED), count_of(changes, How.TAKEN_BACK)) == (0, 9)
    assert len(owing(cast, "西镇")) == 9


def test_a_successor_that_supported_leads_from_now_on(cast):
    merge(cast, OLD, "东镇")
    own = [duty for (item, _), duty in owing(cast, "东镇").items() if item == cast.items[0]]
    reports = [duty for duty in own if duty.kind is DutyKind.QUARTER_REPORT]
    assert {(str(duty.quarter), duty.lead) for duty in reports} == {
        ("2025Q1", False),  # over by then
        *((f"2025Q{number}", True) for number in (2, 3, 4)),
    }
    assert [duty.lead for duty in own if duty.kind is DutyKind.MILESTONE] == [True]


def test_generating_again_adds_nothing(cast):
    submit(cast, content(), report_duty(cast, item=2), on=LAST_DAY)
    merge(cast)
    with transaction():
        assert duties.generate(cast.act(), plan_of(cast)) == 0
        assert len(duties.bring_up_to_date(cast.act(), plan_of(cast))) == 0
        assert mergers.hand_over_all(cast.act()) == 0


def test_a_day_to_come_hands_over_when_it_has_passed(cast):
    assert merge(cast, last_day=date(2025, 4, 10)) == []
    assert owing(cast, OLD)
    with transaction():
        assert mergers.hand_over_all(cast.act(on=date(2025, 4, 10))) == 0
        assert mergers.hand_over_all(cast.act(on=date(2025, 4, 11))) == 13
    assert owing(cast, OLD) == {}


def test_without_a_successor_matters_stay_and_are_told_to_the_office(cast):
    before = owing(cast, OLD).keys()
    assert merge(cast, new=None) == []
    assert owing(cast, OLD).keys() == before
    assert [(gone.name, number) for gone, number in mergers.left_without(cast.county, TODAY)] == [(OLD, 13)]
    assert count_of(merge(cast), How.HANDED) == 13
    assert mergers.left_without(cast.county, TODAY) == []


def test_a_dissolution_taken_back_brings_back_what_is_not_done(cast):
    before = owing(cast, OLD)
    merge(cast)
    done = duty_of_kind(cast, DutyKind.QUARTER_REPORT, 2, NEW)
    submit(cast, content(), done, by="clerk")
    reinstate(cast)
    back = owing(cast, OLD)
    assert back.keys() == before.keys() - {(cast.items[2], "report:2025Q1")}
    assert not [key for key in owing(cast, NEW) if key[0] != cast.items[1]]
    assert state_of(done, TODAY) is DutyState.DONE
    with transaction():
        assert len(duties.bring_up_to_date(cast.act(), plan_of(cast))) == 0


def test_what_was_only_taken_back_comes_back_too(cast):
    before = owing(cast, "东镇").keys()
    merge(cast, "东镇", "西镇")
    reinstate(cast, "东镇")
    assert owing(cast, "东镇").keys() == before
    assert len(owing(cast, "西镇")) == 9


def test_a_merger_of_mergers_passes_to_the_last(cast):
    merge(cast, OLD, NEW)
    merge(cast, NEW, "西镇", last_day=date(2025, 4, 2))
    assert owing(cast, OLD) == owing(cast, NEW) == {}
    chain = duty_of_kind(cast, DutyKind.MILESTONE, 0, "西镇", Quarter(2025, 3))
    assert db.session.get_one(Duty, chain.handed_from_id).unit_id == cast.units[NEW]


def test_a_later_plan_that_names_the_gone_unit_asks_its_successor(cast):
    merge(cast)
    with transaction():
        facts = plans.ItemFacts(["新"], "新任务。", responsible=[(unit(cast, OLD), True, OLD, Origin.DOCUMENT)])
        plan = plans.register(cast.act(), plans.PlanFacts("后发计划", "县政府", 2025), [facts])
    assert set(db.session.scalars(select(Duty.unit_id).where(Duty.plan_id == plan.id))) == {cast.units[NEW]}
    assert plan.items[0].responsibilities[0].unit_id == cast.units[OLD], "as printed"


def test_what_passed_is_listed_and_every_item_has_its_event(cast):
    merge(cast)
    passed = mergers.passed_on(unit(cast, OLD))
    assert len(passed) == 13
    assert {each.duty.unit.name for each in passed} == {NEW}
    acts = [event.act for event in events.history(cast.county, "item", cast.items[2])]
    assert acts == ["adjust_duties"]
    assert events.first_break(cast.county) is None
