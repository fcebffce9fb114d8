from datetime import date
from decimal import Decimal

import pytest

from tests.reporting import Q1, Q2, Q3, content, rate, report_duty, submit
from tracker.ledger.db import db, transaction
from tracker.ledger.lights import lights_of
from tracker.ledger.standing import standings
from tracker.ledger.tables.findings import Finding
from tracker.rules.findings import FindingSource, FindingState
from tracker.rules.lights import Light

pytestmark = pytest.mark.usefixtures("app_context")


def looked_at(cast, as_of, quarter=Q1, item=0, unit="县司法局"):
    found = standings(cast.plan, quarter, as_of)
    lights = lights_of(cast.county, found)
    share = found.shares[cast.items[item], cast.units[unit]]
    return lights.facts_of(share), lights.of(share)


def test_a_figure_is_held_against_the_end_of_its_quarter(cast):
    submit(cast, content(figures={rate(cast): "19"}), report_duty(cast))
    facts, _ = looked_at(cast, date(2025, 4, 3))
    assert round(facts.points_behind, 1) == Decimal("4.7")  # 90 of 365 days are over, a fifth of 95 % is reached
    assert looked_at(cast, date(2025, 4, 30))[0] == facts
    assert looked_at(cast, date(2025, 3, 31))[0].points_behind is None


def test_the_last_figure_counts_until_another_comes(cast):
    submit(cast, content(figures={rate(cast): "19"}), report_duty(cast))
    submit(cast, content(figures={rate(cast): "20"}), report_duty(cast, quarter=Q2), on=date(2025, 7, 2))
    facts, lit = looked_at(cast, date(2025, 7, 3), Q3)
    assert round(facts.points_behind, 1) == Decimal("28.5")
    assert lit.text == "▲ 黄 落后序时 29 个百分点"


def test_a_supporting_unit_is_not_asked_for_the_leads_rate(cast):
    submit(cast, content(figures={rate(cast): "19"}), report_duty(cast, unit="东镇"), by="town")
    assert looked_at(cast, date(2025, 4, 3), unit="东镇")[0].points_behind is None


def test_what_was_done_after_its_day_was_made_up(cast):
    submit(cast, content(), report_duty(cast), on=date(2025, 4, 9))
    assert looked_at(cast, date(2025, 4, 9))[0].made_up == 1
    assert looked_at(cast, date(2025, 7, 3), Q2)[0].made_up == 0


def finding(cast, **otherwise):
    known = {
        "organisation_id": cast.county,
        "unit_id": cast.units["县司法局"],
        "item_id": cast.items[0],
        "quarter": Q1,
        "source": FindingSource.INSPECTION,
        "criterion": "内容完整",
        "kind": "深化决策公开",
        "problem": "专栏没有更新。",
        "basis": "",
        "demand": "",
        "due": date(2025, 4, 10),
        "state": FindingState.NOTIFIED,
        "year": 2025,
        "found_on": date(2025, 4, 1),
        "notified_on": date(2025, 4, 2),
    }
    with transaction():
        db.session.add(Finding(**(known | otherwise)))


def test_a_rectification_is_late_after_its_day_until_it_is_closed(cast):
    finding(cast, closed_on=date(2025, 4, 20))
    days = [looked_at(cast, date(2025, 4, day))[0].rectification_late for day in (10, 13, 20)]
    assert days == [0, 3, 0]
    assert looked_at(cast, date(2025, 4, 13))[1].text == "● 红 整改逾期 3 天"


def test_what_the_unit_was_not_told_of_is_not_late(cast):
    finding(cast, notified_on=None, state=FindingState.OPEN)
    assert looked_at(cast, date(2025, 4, 13))[0].rectification_late == 0


def test_the_neighbours_findings_light_nothing_here(cast):
    finding(cast, organisation_id=cast.neighbour)
    assert looked_at(cast, date(2025, 4, 13))[1].light is not Light.RED
