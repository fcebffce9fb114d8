"""What is remembered is the ledger's own word: of its newest act, of one organisation, of the day and the units asked.

That every value taken from memory is the one that would be made anew is compared throughout the suite
(`tests.remembering`); here stands what that cannot see.
"""

from datetime import date, timedelta
from random import Random

import pytest
from flask import current_app

from tests.conftest import TODAY
from tests.extending import apply, approve
from tests.finding import notified, record
from tests.remembering import forget
from tests.reporting import Q1, Q2, Q3, content, duty_of_kind, queries, report_duty, review, save, submit
from tracker.ledger import accounts, comments, completions, hand_lights, memory, mergers, units
from tracker.ledger.db import db, transaction
from tracker.ledger.events import record as record_event
from tracker.ledger.lights import lights_of
from tracker.ledger.memory import Head, Memory, head_of, remembered
from tracker.ledger.standing import standings
from tracker.ledger.tables.accounts import Person
from tracker.ledger.tables.plans import Item
from tracker.rules.duties import DutyKind
from tracker.rules.lights import Light
from tracker.rules.permissions import Role
from tracker.rules.reports import ProgressClass, Verdict

pytestmark = pytest.mark.usefixtures("app_context")
LATER = TODAY + timedelta(days=120)


def told(cast):
    """How everything stands and shines, in three quarters and on two days."""
    found = [standings(cast.plan, quarter, day) for quarter in (Q1, Q2, Q3) for day in (TODAY, LATER)]
    return [(each, lights_of(cast.county, each)) for each in found]


def told_anew(cast):
    forget()
    return told(cast)


def hand_in(cast):
    submit(cast, content(kind=ProgressClass.BEHIND, problems="偏慢。", figures={}), report_duty(cast, item=2))


def hand_in_and_return(cast):
    review(cast, submit(cast, content(), report_duty(cast)), Verdict.RETURN, "请补充。")


def complete(cast):
    with transaction():
        completions.complete(cast.act("handler"), duty_of_kind(cast, DutyKind.RECURRING, 2), TODAY, "")


def set_light(cast):
    with transaction():
        item, unit = db.session.get_one(Item, cast.items[0]), units.unit_of(cast.county, cast.units["东镇"])
        until = TODAY + timedelta(days=9)
        hand_lights.set_light(cast.act(), item, unit, Light.RED, "信访反映集中，单列督办。", until)


def merge(cast):
    with transaction():
        old = units.unit_of(cast.county, cast.units["西镇"])
        mergers.dissolve(cast.act(), old, TODAY - timedelta(days=1), cast.units["东镇"])


ACTS = {
    "hand in": hand_in,
    "hand in, return": hand_in_and_return,
    "complete": complete,
    "extend": lambda cast: approve(cast, apply(cast)),
    "set a light": set_light,
    "find": lambda cast: notified(cast, due=TODAY + timedelta(days=3)),
    "merge": merge,
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_after_every_kind_of_act_the_next_page_tells_it(cast, act):
    before = told(cast)
    act(cast)
    after = told(cast)
    assert after != before
    assert after == told_anew(cast)


def test_after_any_sequence_of_acts_what_is_remembered_is_what_is_counted_afresh(cast):
    chance = Random(6)
    for act in chance.sample(list(ACTS.values()), len(ACTS)):
        if chance.random() < 0.5:  # otherwise two acts lie between two looks
            told(cast)
        act(cast)
    assert told(cast) == told_anew(cast)


def test_an_act_has_its_own_item_read_and_no_other(cast):
    told(cast)
    hand_in(cast)
    with queries(remembering=True) as asked:
        standings(cast.plan, Q1, TODAY)
    duties = [statement for statement in asked if "FROM duty" in statement]
    assert len(duties) == 1
    assert "duty.item_id IN (" in duties[0]


def test_what_touches_no_standing_has_nothing_read(cast):
    told(cast)
    report = save(cast, content(), report_duty(cast, item=2))
    with transaction():
        comments.comment(cast.act(), report, "请尽快。")
        accounts.add_person(cast.act("admin"), "newcomer", "新来的（示例）", None)
    with queries(remembering=True) as asked:
        told(cast)
    assert [statement for statement in asked if "FROM duty" in statement or "FROM report_version" in statement] == []


def test_an_act_that_nobody_has_named_has_everything_read(cast):
    told(cast)
    with transaction():
        record_event(cast.act(), "invented", "plan", cast.plan)
    with queries(remembering=True) as asked:
        standings(cast.plan, Q1, TODAY)
    assert "duty.item_id IN (" not in next(statement for statement in asked if "FROM duty" in statement)


def test_what_was_rolled_back_is_remembered_by_nobody(cast):
    before = told(cast)

    def fail_in_the_end():
        with transaction():
            completions.complete(cast.act("handler"), duty_of_kind(cast, DutyKind.RECURRING, 2), TODAY, "")
            assert standings(cast.plan, Q1, TODAY) != before[0][0], "within the act its own changes are seen"
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_in_the_end()
    assert told(cast) == before
    with transaction():  # gets the number that was rolled back
        accounts.add_person(cast.act("admin"), "newcomer", "新来的（示例）", None)
    assert told(cast) == before


def test_a_head_of_the_same_number_is_not_the_same_head(cast):
    kept, head = Memory(), head_of(cast.county)
    kept.keep(("name",), Head(head.number, "another"), "another value", 1)
    current_app.extensions[memory.NAME] = kept
    assert remembered(cast.county, ("name",), lambda: "made", lambda value, _: value) == "made"


def test_two_organisations_share_nothing(cast):
    assert remembered(cast.county, ("name",), lambda: "ours") == "ours"
    assert remembered(cast.neighbour, ("name",), lambda: "theirs") == "theirs"
    assert remembered(cast.county, ("name",), lambda: "anew") == "ours"


def test_an_act_of_the_neighbours_leaves_ours_as_it_is(cast):
    remembered(cast.county, ("name",), lambda: "ours")
    with transaction():
        person = db.session.get_one(Person, cast.people["stranger"])
        accounts.give_post(cast.act("stranger"), person, Role.VIEWER)
    assert remembered(cast.county, ("name",), lambda: "anew") == "ours"


def test_the_day_and_the_units_asked_for_are_told_apart(cast):
    town = frozenset({cast.units["东镇"]})
    everyone, own = standings(cast.plan, Q1, TODAY), standings(cast.plan, Q1, TODAY, town)
    assert {unit for _, unit in own.shares} == town < {unit for _, unit in everyone.shares}
    assert standings(cast.plan, Q1, date(2025, 4, 20)) != everyone
    assert standings(cast.plan, Q1, TODAY, town) == own


def test_a_light_is_remembered_for_all_units_whoever_asked_first(cast):
    record(cast)
    town = frozenset({cast.units["东镇"]})
    lights_of(cast.county, standings(cast.plan, Q1, TODAY, town))
    found = standings(cast.plan, Q1, TODAY)
    assert lights_of(cast.county, found).facts.keys() == found.shares.keys()


def test_memory_has_an_end_and_forgets_what_was_used_longest_ago():
    kept, head = Memory(most=10), Head(1, "a")
    for name in ("first", "second", "third"):
        kept.keep((name,), head, name, 3)
    kept.find(("first",))
    kept.keep(("fourth",), head, "fourth", 4)
    assert kept.find(("second",)) is None
    assert kept.find(("first",)).value == "first"
    assert kept.weight <= 10
    kept.keep(("giant",), head, "giant", 11)
    assert (kept.find(("giant",)), len(kept)) == (None, 3)


def test_an_older_value_takes_no_newer_ones_place():
    kept = Memory()
    kept.keep(("name",), Head(2, "b"), "newer", 1)
    kept.keep(("name",), Head(1, "a"), "older", 1)
    assert kept.find(("name",)).value == "newer"
