"""Duties as kept: generated once, for the roster of the day of assigning."""

from datetime import date

from sqlalchemy import func, select

from tracker.ledger import duties, duty_terms, plans, units
from tracker.ledger.db import db, transaction
from tracker.ledger.tables.duties import Duty
from tracker.rules.duties import DutyKind


def _kept():
    return db.session.scalar(select(func.count()).select_from(Duty))


def test_generating_again_adds_nothing(app_context, cast):
    before = _kept()
    with transaction():
        assert duties.generate(cast.act(), plans.plan_of(cast.county, cast.plan)) == 0
    assert _kept() == before


def test_a_group_stands_for_its_roster_on_the_day_of_assigning(app_context, cast):
    with transaction():
        newcomer = units.add_unit(cast.act(), "南镇")
        group = units.groups_of(cast.county)[0]
        units.join_group(cast.act(), group, newcomer, starts_on=date(2025, 3, 1))
        assert duties.generate(cast.act(), plans.plan_of(cast.county, cast.plan)) == 0, "it joined after the assigning"


def test_a_unit_that_leads_and_also_stands_in_a_supporting_group_leads(app_context, cast):
    with transaction():
        item = plans.item_of(cast.county, cast.items[0], None)
        justice = units.unit_of(cast.county, cast.units["县司法局"])
        group = units.groups_of(cast.county)[0]
        units.join_group(cast.act(on=date(2025, 1, 6)), group, justice)
        shares = duty_terms.terms_of(item).shares
    assert [share.lead for share in shares if share.unit_id == justice.id] == [True]


def test_towns_owe_their_yearly_count_and_their_reports(app_context, cast):
    town = cast.units["东镇"]
    kinds = db.session.execute(
        select(Duty.kind, func.count()).where(Duty.unit_id == town).group_by(Duty.kind).order_by(Duty.kind)
    ).all()
    assert dict(map(tuple, kinds)) == {DutyKind.QUARTER_REPORT: 8, DutyKind.COUNT: 1}
