from datetime import date

import pytest

from tests.conftest import TODAY
from tests.reporting import Q1, Q2, Q3, content, count, rate, report_duty, review, save, submit
from tracker.ledger import reports
from tracker.ledger.db import transaction
from tracker.ledger.owed import owed_quarter
from tracker.ledger.tables.reports import ReportVersion
from tracker.ledger.unchanged import candidates, hand_in_unchanged, quarters_running
from tracker.rules.refusals import NotFound, Refusal
from tracker.rules.reports import ProgressClass, ReportState, Verdict

pytestmark = pytest.mark.usefixtures("app_context")
JULY = date(2025, 7, 2)


@pytest.fixture
def reported(cast):
    """东镇 supports two items, and has reported on both for the first quarter."""
    for item in (0, 1):
        submit(cast, content("镇里已办。"), report_duty(cast, item, "东镇"), by="town")


def offered(cast, quarter=Q2, unit="东镇", as_of=TODAY) -> dict[int, str | None]:
    found = candidates(owed_quarter(cast.plan, quarter, [cast.units[unit]], as_of), as_of)
    return {candidate.owed.item.position: candidate.obstacle for candidate in found}


def press(cast, *duties, quarter=Q2, by="town", unit="东镇", on=TODAY):
    with transaction():
        ids = [duty.id for duty in duties]
        return hand_in_unchanged(cast.act(by, on), cast.plan, quarter, [cast.units[unit]], ids)


def town(cast, item=0, quarter=Q2):
    return report_duty(cast, item, "东镇", quarter)


def test_what_was_reported_a_quarter_ago_is_offered(cast, reported):
    assert offered(cast) == {1: None, 2: None}


def test_the_first_quarter_has_nothing_before_it(cast):
    assert offered(cast, Q1) == {}


def test_what_is_begun_or_was_never_reported_is_not(cast):
    submit(cast, content(), town(cast, quarter=Q1), by="town")
    save(cast, content(), town(cast), by="town")
    assert list(offered(cast)) == [1, 2]
    assert "草稿" in offered(cast)[1]
    assert "上季度未填报" in offered(cast)[2]


def test_an_overdue_duty_wants_a_word(cast):
    submit(cast, content(), report_duty(cast, 2))
    later = date(2025, 7, 10)
    assert "逾期" in offered(cast, unit="县司法局", as_of=later)[3]


def test_a_lead_waits_for_its_supporting_units_here_too(cast):
    submit(cast, content(), report_duty(cast))
    assert offered(cast, unit="县司法局")[1] == "配合单位东镇、西镇尚未填报"
    for name in ("东镇", "西镇"):
        submit(cast, content(), report_duty(cast, unit=name, quarter=Q2), by="town")
    assert offered(cast, unit="县司法局")[1] is None


def test_one_press_hands_in_all_that_are_ticked_each_on_its_own(cast, reported):
    handed_in = press(cast, town(cast), town(cast, 1))
    assert [report.state for report in handed_in] == [ReportState.SUBMITTED] * 2
    for report in handed_in:
        version = report.versions[-1]
        assert (version.progress, version.more["unchanged"]) == ("本季度无变化。", True)
        assert version.progress_class is ProgressClass.ON_SCHEDULE
    assert all(report.unchanged for report in handed_in)


def test_class_and_figures_are_those_of_the_quarter_before(cast):
    before = content(figures={rate(cast): "96"}, kind=ProgressClass.AHEAD)
    submit(cast, before, town(cast, quarter=Q1), by="town")
    [report] = press(cast, town(cast))
    assert report.progress_class is ProgressClass.AHEAD
    assert [figure.value for figure in report.figures] == [96]


def test_one_obstacle_stops_them_all_and_is_named(cast, reported):
    save(cast, content("在写。"), town(cast, 1), by="town")
    with pytest.raises(Refusal, match="第 2 项不能按无变化填报：已有草稿"):
        press(cast, town(cast), town(cast, 1))
    assert reports.report_on(town(cast)) is None


def test_the_same_press_sent_twice_is_one_act(cast, reported):
    press(cast, town(cast))
    assert press(cast, town(cast)) == []
    assert count(ReportVersion) == 3


def test_what_was_handed_in_otherwise_is_refused(cast, reported):
    submit(cast, content("有变化。"), town(cast), by="town")
    with pytest.raises(Refusal, match="已经提交"):
        press(cast, town(cast))


def test_another_units_report_is_not_found(cast, reported):
    with pytest.raises(NotFound):
        press(cast, report_duty(cast, quarter=Q2))


def test_a_report_that_is_written_after_all_is_unchanged_no_more(cast, reported):
    [report] = press(cast, town(cast))
    review(cast, report, Verdict.RETURN, "请写明情况。")
    report = submit(cast, content("其实已办2件。"), town(cast), by="town")
    assert not report.unchanged
    assert report.versions[-1].more["unchanged"] is False


def test_quarters_without_change_are_counted(cast, reported):
    [second] = press(cast, town(cast))
    [third] = press(cast, town(cast, quarter=Q3), quarter=Q3, on=JULY)
    first = reports.report_on(town(cast, quarter=Q1))
    assert quarters_running([first, second, third]) == {first.id: 0, second.id: 1, third.id: 2}


def test_the_sentence_counts_them(cast, reported):
    press(cast, town(cast))
    filing = owed_quarter(cast.plan, Q2, [cast.units["东镇"]], TODAY).filing
    assert "已填 1 项，其中无变化 1 项" in filing.sentence(TODAY)
