"""A roster that changed after the assigning: on demand the plan follows it, from that day, in what is not done."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.conftest import TODAY
from tests.reporting import Q1, Quarter, content, report_duty, submit
from tracker.ledger import duties, events, mergers, plans, rosters, units
from tracker.ledger.db import db, transaction
from tracker.ledger.standing import standings
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.units import UnitKind
from tracker.rules.duty_changes import How
from tracker.rules.refusals import Stale

pytestmark = pytest.mark.usefixtures("app_context")
Q2 = Quarter(2025, 2)
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def changed(app_context, cast) -> int:
    """南镇 comes in and 西镇, which has reported once, goes; the id of 南镇."""
    submit(cast, content(), report_duty(cast, 0, "西镇"), by="clerk", on=date(2025, 4, 1))
    with transaction():
        by, group = cast.act(), towns(cast)
        newcomer = units.add_unit(by, "南镇", UnitKind.TOWN)
        units.join_group(by, group, newcomer, TODAY)
        units.leave_group(by, group, units.unit_of(cast.county, cast.units["西镇"]), YESTERDAY)
    return newcomer.id


def towns(cast):
    return units.groups_of(cast.county)[0]


def plan_of(cast):
    return plans.plan_of(cast.county, cast.plan)


def assign(cast):
    with transaction():
        seen = rosters.pending(towns(cast), plan_of(cast), TODAY).seen
        return rosters.assign_anew(cast.act(), towns(cast), plan_of(cast), seen)


def test_nothing_changes_by_itself(cast, changed):
    with transaction():
        assert len(duties.bring_up_to_date(cast.act(), plan_of(cast))) == 0


def test_who_came_in_owes_what_is_not_over_and_who_left_hands_back_the_rest(cast, changed):
    found = assign(cast)
    assert (len(found.of(How.ADDED)), len(found.of(How.TAKEN_BACK))) == (7, 8)
    new = db.session.scalars(select(Duty).where(Duty.unit_id == changed)).all()
    assert {duty.owed_from for duty in new} == {TODAY}
    assert not [duty for duty in new if duty.quarter == Q1]


def test_every_day_keeps_its_answer(cast, changed):
    assign(cast)
    item, west = cast.items[0], cast.units["西镇"]
    assert {unit for of, unit in standings(cast.plan, Q2, YESTERDAY).shares if of == item} >= {west}
    after = {unit for of, unit in standings(cast.plan, Q2, TODAY).shares if of == item}
    assert changed in after
    assert west not in after
    assert (item, west) in standings(cast.plan, Q1, TODAY).shares, "what it reported stays"


def test_it_is_done_once(cast, changed):
    assign(cast)
    assert len(rosters.pending(towns(cast), plan_of(cast), TODAY)) == 0
    with transaction():
        assert duties.generate(cast.act(), plan_of(cast)) == 0
    assert [event.act for event in events.history(cast.county, "unit_group", towns(cast).id)][-1] == "assign_anew"


def test_what_was_not_seen_is_not_done(cast, changed):
    with pytest.raises(Stale), transaction():
        rosters.assign_anew(cast.act(), towns(cast), plan_of(cast), "another")


def test_a_plan_is_behind_until_it_follows(cast, changed):
    [found] = rosters.behind(towns(cast), TODAY)
    assert (found.plan.id, found.came, found.left) == (cast.plan, ["南镇"], ["西镇"])
    assert rosters.behind(towns(cast), YESTERDAY) == []
    assign(cast)
    assert rosters.behind(towns(cast), TODAY) == []


def test_a_town_that_was_merged_has_not_left(cast):
    with transaction():
        east = units.unit_of(cast.county, cast.units["东镇"])
        mergers.dissolve(cast.act(), east, YESTERDAY, cast.units["县司法局"])
    assert rosters.behind(towns(cast), TODAY) == []
    with transaction():
        assert len(rosters.pending(towns(cast), plan_of(cast), TODAY)) == 0
