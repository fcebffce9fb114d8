from datetime import date

import pytest

from tests.conftest import TODAY
from tests.reporting import Q1, Q2, Q3, content, duty_of_kind, percent, queries, rate, report_duty, review, save, submit
from tracker.ledger import plans
from tracker.ledger.db import db, transaction
from tracker.ledger.owed import OwedElsewhere, owed_quarter, owed_report
from tracker.ledger.tables.plans import Origin
from tracker.ledger.tables.units import Unit
from tracker.rules.duties import DutyKind
from tracker.rules.figures import Before
from tracker.rules.quarters import Quarter
from tracker.rules.refusals import NotFound
from tracker.rules.reports import Filing, ReportState, Verdict

pytestmark = pytest.mark.usefixtures("app_context")
DUE = date(2025, 4, 7)


def owed(cast, quarter=Q1, as_of=TODAY, units=("县司法局",)):
    return owed_quarter(cast.plan, quarter, [cast.units[unit] for unit in units], as_of)


def positions(found) -> list[int]:
    return [report.item.position for report in found.reports]


def test_a_unit_owes_a_report_on_each_of_its_items(cast):
    found = owed(cast)
    assert positions(found) == [1, 3]
    assert found.filing == Filing(2, 0, 0, DUE)
    assert [report.state for report in found.reports] == [None, None]
    assert [report.share.lead for report in found.reports] == [True, True]


def test_a_person_of_two_units_sees_both(cast):
    found = owed(cast, units=("县司法局", "东镇"))
    assert len(found.reports) == 4
    assert {report.duty.unit.name for report in found.reports} == {"县司法局", "东镇"}


def test_a_person_without_a_unit_owes_nothing(cast):
    assert owed(cast, units=()).reports == []


def test_what_is_late_stands_first_and_what_is_handed_in_last(cast):
    submit(cast, content(), report_duty(cast))
    assert positions(owed(cast)) == [3, 1]
    towns = owed(cast, units=("县司法局", "东镇"), as_of=date(2025, 4, 10))
    assert [report.late for report in towns.reports] == [True, True, True, False]


def test_what_was_returned_stands_before_what_is_due(cast):
    report = submit(cast, content(), report_duty(cast, 2))
    review(cast, report, Verdict.RETURN, "请补充。")
    found = owed(cast)
    assert positions(found) == [3, 1]
    assert found.reports[0].returned.reason == "请补充。"
    assert found.filing == Filing(2, 0, 1, DUE)


def test_what_is_overdue_stands_before_what_was_returned(cast):
    report = submit(cast, content(), report_duty(cast, unit="东镇"), by="town")
    review(cast, report, Verdict.RETURN, "请补充。")
    found = owed(cast, units=("东镇",), as_of=date(2025, 4, 10))
    assert positions(found) == [2, 1]
    assert [owed.late for owed in found.reports] == [True, False]


def test_a_report_is_open_until_it_is_handed_in(cast):
    assert owed_report(report_duty(cast), TODAY).is_open
    save(cast, content(), report_duty(cast))
    assert owed_report(report_duty(cast), TODAY).is_open
    report = submit(cast, content(), report_duty(cast))
    assert not owed_report(report_duty(cast), TODAY).is_open
    review(cast, report, Verdict.ACCEPT)
    found = owed_report(report_duty(cast), TODAY)
    assert (found.state, found.handed_in.number, found.returned) == (ReportState.ACCEPTED, 1, None)


def test_the_day_itself_is_not_late(cast):
    assert not owed_report(report_duty(cast), DUE).late
    late = owed_report(report_duty(cast), date(2025, 4, 8))
    assert late.late
    assert late.lit.text == "▲ 黄 未填报 1 天"


def test_what_is_handed_in_late_is_late_no_more_to_the_writer(cast):
    submit(cast, content(), report_duty(cast), on=date(2025, 4, 9))
    assert not owed_report(report_duty(cast), date(2025, 4, 9)).late


def test_the_quarter_before_is_remembered(cast):
    submit(cast, content(figures={rate(cast): "80"}, next_steps="下季度建成专栏。"), report_duty(cast))
    found = owed_report(report_duty(cast, quarter=Q2), TODAY)
    assert found.planned_before == "下季度建成专栏。"
    assert found.before == {rate(cast): Before(Q1, percent(80))}


def test_the_first_quarter_remembers_nothing(cast):
    found = owed_report(report_duty(cast), TODAY)
    assert (found.planned_before, found.before) == ("", {})


def test_the_other_duties_of_the_item_stand_beside_the_report(cast):
    [checked] = owed_report(report_duty(cast, 2), TODAY).beside
    assert (checked.kind, checked.due) == (DutyKind.RECURRING, date(2025, 3, 31))
    assert owed_report(report_duty(cast), TODAY).beside == ()
    assert [duty.label for duty in owed_report(report_duty(cast, quarter=Q3), TODAY).beside] == ["2025年8月底前"]


def test_what_an_earlier_quarter_did_is_done_in_the_next(cast):
    checked = duty_of_kind(cast, DutyKind.RECURRING, 2)
    submit(cast, content(done={checked.id: date(2025, 3, 28)}), report_duty(cast, 2))
    done_on = {duty.quarter: duty.done_on for duty in owed_report(report_duty(cast, 2, quarter=Q2), TODAY).beside}
    assert done_on == {Q1: date(2025, 3, 28), Q2: None}


def test_other_quarters_that_are_still_owed_are_named(cast):
    report = submit(cast, content(), report_duty(cast))
    review(cast, report, Verdict.RETURN, "请补充。")
    found = owed(cast, Q3, date(2025, 7, 1))
    assert found.elsewhere == [OwedElsewhere(cast.plan, Q1, 1, 1), OwedElsewhere(cast.plan, Q2, 2, 0)]
    assert found.oldest == Q1


def test_so_are_later_ones_but_none_that_has_not_ended(cast):
    found = owed(cast, Q1, date(2025, 7, 1))
    assert [other.quarter for other in found.elsewhere] == [Q2]
    assert found.oldest is None
    assert owed(cast, Q1).elsewhere == []


def test_nothing_is_owed_of_a_quarter_that_was_handed_in(cast):
    for item in (0, 2):
        submit(cast, content(), report_duty(cast, item), on=date(2025, 4, 2))
    assert owed(cast, Q2).elsewhere == []
    assert owed(cast, Q2, date(2025, 4, 1)).elsewhere == [OwedElsewhere(cast.plan, Q1, 2, 0)]


def test_what_a_revision_took_back_is_owed_no_longer(cast):
    with transaction():
        report_duty(cast).cancelled_on = TODAY
    assert positions(owed(cast)) == [3]
    assert positions(owed(cast, as_of=date(2025, 4, 2))) == [1, 3]
    assert owed(cast, Q2).elsewhere == [OwedElsewhere(cast.plan, Q1, 1, 0)]
    with pytest.raises(NotFound):
        owed_report(report_duty(cast), TODAY)


def test_what_a_revision_brings_is_owed_from_its_day(cast):
    with transaction():
        report_duty(cast, quarter=Q2).owed_from = TODAY
    assert positions(owed(cast, Q2, as_of=date(2025, 4, 2))) == [3]
    assert positions(owed(cast, Q2)) == [1, 3]


def test_what_is_owed_of_another_plan_is_named_too(cast):
    with transaction():
        unit = db.session.get_one(Unit, cast.units["县司法局"])
        item = plans.ItemFacts(["公开"], "公开预算。", responsible=[(unit, True, unit.name, Origin.DOCUMENT)])
        facts = plans.PlanFacts("2025年补充计划", "示例县政府办公室", 2025)
        other = plans.register(cast.act("clerk"), facts, [item]).id
    assert owed(cast).elsewhere == [OwedElsewhere(other, Q1, 1, 0)]
    assert owed(cast).oldest is None


def test_another_units_reports_do_not_show(cast):
    submit(cast, content("镇里。"), report_duty(cast, unit="东镇"), by="town")
    assert [report.report for report in owed(cast).reports] == [None, None]
    assert owed(cast).filing.handed_in == 0


def test_another_plans_quarter_is_empty(cast):
    assert owed(cast, Quarter(2024, 1)).reports == []


def test_the_page_takes_as_many_queries_for_many_as_for_one(cast):
    def asked(*units: str) -> int:
        db.session.expire_all()
        with queries() as found:
            for report in owed(cast, units=units).reports:
                assert report.item.short
                assert report.duty.unit.name
                assert len(report.item.targets) + len(report.item.deadlines) >= 0
                assert report.returned is None
                assert report.report is None or report.report.saved_by.name
                assert report.handed_in is None or report.handed_in.submitted_by.name
                assert report.report is None or report.handed_in is None or report.handed_in.reviews == []
        return len(found)

    submit(cast, content(), report_duty(cast))
    one = asked("县司法局")
    submit(cast, content(), report_duty(cast, unit="东镇"), by="town")
    submit(cast, content(), report_duty(cast, 1, unit="东镇"), by="town")
    save(cast, content(), report_duty(cast, 2), by="colleague")
    assert asked("县司法局", "东镇", "县行政审批局", "西镇") == one
