"""Sealing a quarter: what is sealed, that it is sealed once, and that nothing of its reports changes afterwards."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select, update

from tests.closing import LATER, SEALING, report_first_item, seal
from tests.reporting import Q1, Q2, content, count, queries, report_duty, review, save, submit
from tracker.ledger import alerts, events, evidence, lights, plans, reports, sealed, snapshots, standing
from tracker.ledger.db import db, transaction
from tracker.ledger.owed import owed_quarter
from tracker.ledger.snapshot_content import content_of
from tracker.ledger.tables.organisations import Organisation
from tracker.ledger.tables.reports import QuarterReport, ReportVersion
from tracker.ledger.tables.snapshots import Snapshot
from tracker.rules.duties import DutyKind
from tracker.rules.quarters import Quarter
from tracker.rules.refusals import Forbidden, Invalid, NotFound, Refusal
from tracker.rules.reports import ProgressClass, ReportState, Verdict
from tracker.rules.snapshots import Snapshot as Content
from tracker.rules.standing import Standing
from tracker.rules.summary import summarise

pytestmark = pytest.mark.usefixtures("app_context")


def test_a_snapshot_says_what_was_handed_in_and_how_it_stands(cast):
    report_first_item(cast)
    sealed_content = snapshots.read(seal(cast))
    share = sealed_content.shares_by_unit[cast.units["县司法局"]][0]
    assert (share.lead, share.progress_class, share.report_state) == (
        True,
        ProgressClass.ON_SCHEDULE,
        ReportState.ACCEPTED,
    )
    assert (share.progress, share.problems) == ("已建成专栏，预公开草案6件。", "人手不足。")
    assert [(figure.target, figure.text) for figure in share.figures] == [
        ("预公开率达95%", "60%（已办结 60，应办 100）")
    ]
    item = sealed_content.items[0]
    assert (item.standing, item.leads, item.supports) == (Standing.ON_SCHEDULE, ("县司法局",), ("各镇(园区、街道)",))
    assert item.owner == "colleague（示例）"
    assert [(target.text, target.reached) for target in item.targets] == [("预公开率达95%", ("县司法局 60%",))]
    assert [(deadline.text, deadline.original) for deadline in item.deadlines] == [("2025年8月底前", date(2025, 8, 31))]


def test_it_names_who_reported_and_who_did_not(cast):
    report_first_item(cast)
    found = snapshots.read(seal(cast))
    by_name = {found.unit_by_id[filing.unit_id].name: filing for filing in found.filings}
    assert (by_name["县司法局"].owed, by_name["县司法局"].on_time, by_name["县司法局"].missing) == (2, 1, 1)
    assert (by_name["东镇"].owed, by_name["东镇"].missing) == (2, 2)
    assert sum(filing.owed for filing in found.filings) == len(found.shares)


def test_its_figures_are_those_of_every_page_of_its_day(cast):
    report_first_item(cast)
    found = snapshots.read(seal(cast))
    plan = plans.plan_of(cast.county, cast.plan)
    shares = standing.standings(plan.id, Q1, SEALING).shares.values()
    summary = summarise(Q1, shares, {item.id: item.heading for item in plans.outline(plan, as_of=SEALING)})
    assert found.totals.tally == summary.total
    assert found.totals.report_late == summary.report_late
    assert {unit.id: found.tally_of_unit(unit.id) for unit in found.units} == summary.by_unit
    assert found.tally_by_section == summary.by_section


def test_it_comes_back_from_the_database_as_it_was_sealed(cast):
    report_first_item(cast)
    kept = seal(cast)
    db.session.expire_all()
    said = content_of(plans.plan_of(cast.county, cast.plan), Q1, SEALING)
    assert Content.from_json(kept.content) == said
    assert said.sha256 == kept.sha256
    assert list(snapshots.broken_seals()) == []


def test_a_content_that_was_changed_is_found(cast):
    kept = seal(cast)
    changed = kept.content | {"organisation": "别县"}
    db.session.execute(update(Snapshot).values(content=changed))
    assert [broken.snapshot_id for broken in snapshots.broken_seals()] == [kept.id]


def test_pressed_twice_it_is_one_seal(cast):
    first, second = seal(cast), seal(cast, "leader")
    assert first.id == second.id
    assert count(Snapshot) == 1
    told = [event.act for event in events.history(cast.county, "snapshot", first.id)]
    assert told == ["seal", "enter_papers"]


def test_a_quarter_that_still_runs_cannot_be_sealed(cast):
    with pytest.raises(Refusal, match="2025年第二季度尚未结束"):
        seal(cast, quarter=Q2)
    assert count(Snapshot) == 0


@pytest.mark.parametrize("as_of", [date(2025, 3, 30), date(2025, 4, 26)])
def test_the_day_lies_between_the_quarters_end_and_today(cast, as_of):
    with pytest.raises(Invalid, match="截至日期应在2025年3月31日至今天"):
        seal(cast, as_of=as_of)


def test_where_the_rule_asks_a_leader_the_office_alone_does_not_close(cast):
    with transaction():
        db.session.get_one(Organisation, cast.county).sealing_levels = 2
    with pytest.raises(Forbidden, match="须由领导小组组长或副组长批准"):
        seal(cast)
    assert seal(cast, "leader").number == 1


def test_an_earlier_day_is_sealed_as_it_was_then(cast):
    report_first_item(cast, on=date(2025, 4, 10))
    found = snapshots.read(seal(cast, as_of=date(2025, 4, 8)))
    assert found.shares_by_unit[cast.units["县司法局"]][0].report_state is None


def test_the_quarter_before_is_compared_as_it_was_sealed(cast):
    report_first_item(cast)
    first = snapshots.read(seal(cast))
    july = date(2025, 7, 25)
    second = snapshots.read(seal(cast, on=july, quarter=Q2))
    assert (second.before, second.before_sealed, second.compared_on) == (first.totals, True, SEALING)


def test_the_number_of_questions_does_not_grow_with_the_plan(cast):
    def asked() -> int:
        plan = plans.plan_of(cast.county, cast.plan)
        with queries() as found:
            content_of(plan, Q1, SEALING)
        return len(found)

    report_first_item(cast)
    few = asked()
    submit(cast, content(), report_duty(cast, 2))
    submit(cast, content(), report_duty(cast, 0, "东镇"), by="town")
    assert asked() <= few


# Afterwards


def _acts(cast):
    """What changes a report of the quarter, each by whoever may."""
    duty, other = report_duty(cast), report_duty(cast, 2)
    return {
        "save": lambda: save(cast, content("改写"), other, on=LATER),
        "submit": lambda: submit(cast, content("补报"), other, on=LATER),
        "evidence": lambda: evidence.add_link(cast.act("handler", LATER), other, "截图", "https://example.org/a"),
        "return": lambda: review(cast, reports.report_on(duty), Verdict.RETURN, "请补充", on=LATER),
    }


@pytest.mark.parametrize("act", ["save", "submit", "evidence", "return"])
def test_nothing_of_the_sealed_quarters_reports_changes(cast, act):
    report_first_item(cast)
    seal(cast)
    before = _state()
    with pytest.raises(Refusal, match="2025年第一季度已于2025年4月25日封存.*未作任何改动") as refused:
        _acts(cast)[act]()
    assert refused.value.status == 409
    db.session.rollback()
    assert _state() == before


def _state() -> tuple[object, ...]:
    rows = db.session.execute(select(QuarterReport.id, QuarterReport.state, QuarterReport.progress)).all()
    versions = db.session.scalar(select(func.count()).select_from(ReportVersion))
    return [tuple(row) for row in rows], versions


def test_other_quarters_go_on(cast):
    seal(cast)
    assert submit(cast, content(), report_duty(cast, 0, quarter=Q2), on=LATER).state is ReportState.SUBMITTED


def test_what_is_done_later_leaves_the_sealed_day_as_it_was(cast):
    report_first_item(cast)
    kept = seal(cast)
    behind = content(kind=ProgressClass.BEHIND, problems="人手不足。")
    submit(cast, behind, report_duty(cast, 0, quarter=Q2), on=LATER)
    plan = plans.plan_of(cast.county, cast.plan)
    assert content_of(plan, Q1, SEALING).sha256 == kept.sha256


def test_nobody_is_reminded_of_a_report_that_is_not_taken_any_more(cast):
    before = _reminded(cast, LATER)
    assert any(quarter == Q1 for quarter in before)
    seal(cast)
    assert [quarter for quarter in _reminded(cast, LATER) if quarter == Q1] == []
    assert _reminded(cast, date(2025, 4, 24)) != []  # until then it was


@pytest.mark.parametrize("closed", [False, True])
def test_no_alert_is_raised_for_it_either(cast, closed):
    if closed:
        seal(cast)
    with transaction():
        alerts.raise_alerts(cast.county, LATER)
    raised = alerts.standing_alerts(cast.county, None, LATER)
    asked = [each.duty.quarter for each in raised if each.duty and each.duty.kind is DutyKind.QUARTER_REPORT]
    assert (Q1 in asked) is not closed


def _reminded(cast, on: date) -> list[Quarter]:
    """The quarters of the reports that 县司法局 still owes, as its own page tells them."""
    owed = owed_quarter(cast.plan, Q2, [cast.units["县司法局"]], on)
    return [other.quarter for other in owed.elsewhere]


def test_a_strangers_snapshot_is_not_found(cast):
    kept = seal(cast)
    with pytest.raises(NotFound):
        sealed.snapshot_of(cast.neighbour, kept.id)


def test_the_light_rule_in_force_is_sealed_in_words(cast):
    found = snapshots.read(seal(cast))
    assert found.light_rule == lights.rule_on(cast.county, SEALING).name
    assert [clause.label for clause in found.light_clauses][:2] == ["逾期 1 天及以上", "整改逾期 1 天及以上"]


def test_a_snapshot_of_another_version_reads_the_same(cast):
    found = snapshots.read(seal(cast))
    assert Content.from_json(replace(found, version=2).to_json()) == replace(found, version=2)
    assert replace(found, version=2).sha256 != found.sha256
    assert Quarter.parse(found.to_json()["quarter"]) == Q1
