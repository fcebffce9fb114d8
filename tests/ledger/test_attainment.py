"""How far targets are reached, by what units had handed in by a day."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from tests.conftest import TODAY
from tests.reporting import Q1, Q2, content, percent, queries, rate, report_duty, review, save, submit
from tracker.ledger.attainment import attainments, plan_attainments
from tracker.ledger.db import db
from tracker.ledger.tables.plans import ItemTarget, Plan
from tracker.rules.attainment import Attained
from tracker.rules.figures import Figure
from tracker.rules.reports import Verdict

pytestmark = pytest.mark.usefixtures("app_context")
TOWNS = ("东镇", "西镇")


def found(cast, as_of=TODAY, scope=None):
    """By the target's text."""
    told = plan_attainments(db.session.get_one(Plan, cast.plan), as_of, scope)
    return {one.target.text: one for one in told}


def opened(cast, as_of=TODAY, scope=None):
    """What is found of the rate, which the lead owes."""
    return found(cast, as_of, scope)["预公开率达95%"]


def held(cast, as_of=TODAY, scope=None):
    """What is found of the count, which every unit owes."""
    return found(cast, as_of, scope)["每年不少于1次"]


def hold(cast, unit, number, by="town", **more):
    """A unit hands in how many open days it held."""
    target = db.session.scalars(select(ItemTarget.id).where(ItemTarget.item_id == cast.items[1])).one()
    return submit(cast, content(figures={target: Figure(Decimal(number))}), report_duty(cast, 1, unit), by=by, **more)


def test_the_leads_figure_is_the_items(cast):
    submit(cast, content(figures={rate(cast): "96"}), report_duty(cast))
    submit(cast, content(figures={rate(cast): "50"}), report_duty(cast, unit="东镇"), by="town")
    one = opened(cast)
    assert [(one.name(unit), unit.asked) for unit in one.found.units] == [
        ("县司法局", True),
        ("东镇", False),
        ("西镇", False),
    ]
    assert one.found.attained(Q1) is Attained.MET


def test_a_count_is_asked_of_every_unit(cast):
    hold(cast, "东镇", 1)
    hold(cast, "西镇", 0)
    one = held(cast)
    assert (one.found.met(Q1), len(one.found.asked), one.found.attained(Q1)) == (1, 3, Attained.NOT_YET)


def test_a_draft_and_what_was_returned_count_for_nothing(cast):
    save(cast, content(figures={rate(cast): "96"}), report_duty(cast))
    assert opened(cast).found.attained(Q1) is None
    report = submit(cast, content(figures={rate(cast): "96"}), report_duty(cast))
    review(cast, report, Verdict.RETURN, "请核对。", on=date(2025, 4, 5))
    assert opened(cast, date(2025, 4, 4)).found.attained(Q1) is Attained.MET
    assert opened(cast, date(2025, 4, 5)).found.attained(Q1) is None


def test_the_last_version_counts_as_of_the_day(cast):
    report = submit(cast, content(figures={rate(cast): "90"}), report_duty(cast))
    review(cast, report, Verdict.RETURN, "请核对。")
    submit(cast, content(figures={rate(cast): "96"}), report_duty(cast), on=date(2025, 4, 8))
    [lead, *_] = opened(cast, date(2025, 4, 8)).found.units
    assert lead.by_quarter[Q1].figure == percent(96)
    assert opened(cast, date(2025, 4, 1)).found.attained(Q1) is None


def test_what_was_reached_in_a_quarter_stands_in_the_next(cast):
    hold(cast, "东镇", 1)
    assert held(cast).found.met(Q2) == 1


def test_a_unit_sees_its_own_figures_alone(cast):
    submit(cast, content(figures={rate(cast): "96"}), report_duty(cast))
    one = opened(cast, scope=frozenset({cast.units["东镇"]}))
    assert [one.name(unit) for unit in one.found.units] == ["东镇"]
    assert one.found.attained(Q1) is None


def test_another_plans_targets_are_not_among_them(cast):
    assert list(found(cast)) == ["预公开率达95%", "每年不少于1次"]


def test_many_targets_take_as_many_questions_as_one(cast):
    def asked(targets) -> int:
        db.session.expire_all()
        with queries() as told:
            attainments(targets, TODAY)
        return len(told)

    submit(cast, content(figures={rate(cast): "96"}), report_duty(cast))
    hold(cast, "东镇", 1)
    both = db.session.scalars(select(ItemTarget)).all()
    one = asked(db.session.scalars(select(ItemTarget).limit(1)).all())
    assert len(both) == 2
    assert asked(both) - len(both) == one - 1  # each target is read anew after the session forgot it
