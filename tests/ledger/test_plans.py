from datetime import date

import pytest

from tests.conftest import Cast
from tests.revising import REVISED_ON
from tracker.ledger import events, plans
from tracker.ledger.db import db, transaction
from tracker.ledger.tables.plans import Plan
from tracker.rules.refusals import Invalid, NotFound

pytestmark = pytest.mark.usefixtures("app_context")


def plan_of_cast(cast: Cast) -> Plan:
    return plans.plan_of(cast.county, cast.plan)


def scope(cast: Cast, *names: str) -> frozenset[int]:
    return frozenset(cast.units[name] for name in names)


def positions(items) -> list[int]:
    return [item.position for item in items]


def test_registering_leaves_its_event_and_the_duties(cast):
    said = [(event.act, event.after) for event in events.history(cast.county, "plan", cast.plan)]
    assert said[0] == ("confirm", {"title": "2025年政务公开工作计划", "items": 3})
    assert [act for act, _ in said] == ["confirm", "generate_duties"]


def test_a_plan_without_items_is_not_registered(cast):
    with pytest.raises(Invalid), transaction():
        plans.register(cast.act(), plans.PlanFacts("空计划", "县政府办", 2026), [])
    assert len(plans.plans_of(cast.county)) == 1


def test_the_newest_plan_comes_first(cast):
    with transaction():
        for year in (2024, 2026):
            items = [plans.ItemFacts(section=[], task="推进政务公开。")]
            plans.register(cast.act(), plans.PlanFacts(f"{year}年计划", "县政府办", year), items)
    assert [plan.year for plan in plans.plans_of(cast.county)] == [2026, 2025, 2024]


def test_plans_and_items_of_the_neighbouring_county_are_not_found(cast):
    assert plans.plans_of(cast.neighbour) == []
    with pytest.raises(NotFound):
        plans.plan_of(cast.neighbour, cast.plan)
    with pytest.raises(NotFound):
        plans.item_of(cast.neighbour, cast.items[0], None)


def test_a_unit_finds_the_items_in_which_it_has_a_part(cast):
    plan = plan_of_cast(cast)
    assert positions(plans.outline(plan)) == [1, 2, 3]
    assert positions(plans.outline(plan, scope(cast, "东镇"))) == [1, 2]
    assert positions(plans.items_of(plan, scope(cast, "县司法局"))) == [1, 3]
    assert plans.item_of(cast.county, cast.items[1], scope(cast, "东镇")).position == 2
    with pytest.raises(NotFound):
        plans.item_of(cast.county, cast.items[2], scope(cast, "东镇"))


def test_an_outline_tells_what_the_plan_held_on_the_day(cast):
    plan = plan_of_cast(cast)
    plan.items[1].cancelled_on, plan.items[2].added_on = REVISED_ON, REVISED_ON
    before = date(2025, 7, 9)
    db.session.flush()
    assert positions(plans.outline(plan, as_of=before)) == [1, 2]
    assert positions(plans.cancelled(plan, None, before)) == []
    assert positions(plans.outline(plan, as_of=REVISED_ON)) == [1, 3]
    assert positions(plans.cancelled(plan, None, REVISED_ON)) == [2]
    db.session.rollback()


def test_a_command_finds_any_plan_and_names_the_one_that_is_missing(cast):
    assert plans.any_plan(cast.plan).id == cast.plan
    with pytest.raises(NotFound, match="没有编号为 999 的计划"):
        plans.any_plan(999)
