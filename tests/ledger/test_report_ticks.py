from datetime import date

import pytest
from sqlalchemy import select

from tests.conftest import TODAY
from tests.reporting import Q2, Q3, content, count, duty_of_kind, report_duty, review, save, state_of, submit
from tracker.ledger import report_ticks
from tracker.ledger.db import db, transaction
from tracker.ledger.owed import owed_report
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.reports import QuarterReport
from tracker.rules.duties import DutyKind
from tracker.rules.quarters import Quarter
from tracker.rules.refusals import Invalid, NotFound
from tracker.rules.reports import Verdict
from tracker.rules.standing import DutyState

pytestmark = pytest.mark.usefixtures("app_context")
LATE = date(2025, 4, 20)  # the day was the 7th


@pytest.fixture
def duty(cast):
    """县司法局 reports on the first item for the first quarter."""
    return report_duty(cast)


@pytest.fixture
def checked(cast):
    """What 县司法局 owes of the third item each quarter, beside the report on it."""
    return duty_of_kind(cast, DutyKind.RECURRING, 2)


def test_a_tick_counts_from_the_day_on_which_it_came_in(cast, checked):
    submit(cast, content(done={checked.id: date(2025, 3, 28)}), report_duty(cast, 2), on=date(2025, 4, 2))
    assert state_of(checked, date(2025, 4, 1)) is DutyState.OPEN
    assert state_of(checked, date(2025, 4, 2)) is DutyState.DONE


def test_work_done_after_its_day_is_done_late(cast, checked):
    submit(cast, content(done={checked.id: date(2025, 4, 2)}), report_duty(cast, 2))
    assert state_of(checked, TODAY) is DutyState.DONE_LATE


def test_a_tick_on_a_draft_counts_for_nothing(cast, checked):
    report = save(cast, content(done={checked.id: date(2025, 3, 28)}), report_duty(cast, 2))
    assert report.done_duties == {str(checked.id): "2025-03-28"}
    assert state_of(checked, TODAY) is DutyState.OPEN


def test_what_a_returned_report_says_is_done_counts_no_longer(cast, checked):
    owed = report_duty(cast, 2)
    report = submit(cast, content(done={checked.id: date(2025, 3, 28)}), owed, on=date(2025, 4, 1))
    review(cast, report, Verdict.RETURN, "未见佐证。", on=TODAY)
    assert state_of(checked, date(2025, 4, 2)) is DutyState.DONE
    assert state_of(checked, TODAY) is DutyState.OPEN
    submit(cast, content("已补充。", done={checked.id: date(2025, 3, 28)}), owed, on=date(2025, 4, 5))
    assert state_of(checked, date(2025, 4, 5)) is DutyState.DONE


def test_a_tick_left_out_the_second_time_is_taken_back(cast, checked):
    owed = report_duty(cast, 2)
    review(cast, submit(cast, content(done={checked.id: TODAY}), owed), Verdict.RETURN, "尚未完成。")
    submit(cast, content("未完成。"), owed)
    assert state_of(checked, LATE) is DutyState.OVERDUE


def test_a_later_quarter_cannot_make_late_work_timely(cast, checked):
    submit(cast, content(done={checked.id: date(2025, 4, 2)}), report_duty(cast, 2))
    later = report_duty(cast, 2, quarter=Q2)
    assert checked not in report_ticks.open_duties(later)
    with pytest.raises(Invalid, match="其他季度"):
        submit(cast, content(done={checked.id: date(2025, 3, 1)}), later, on=date(2025, 7, 1))
    assert state_of(checked, date(2025, 7, 1)) is DutyState.DONE_LATE


def test_what_was_left_open_can_be_ticked_a_quarter_later(cast, checked):
    submit(cast, content(), report_duty(cast, 2))
    submit(cast, content(done={checked.id: date(2025, 5, 6)}), report_duty(cast, 2, quarter=Q2), on=date(2025, 7, 1))
    assert state_of(checked, date(2025, 7, 1)) is DutyState.DONE_LATE


def test_only_duties_up_to_the_quarter_are_ticked(cast):
    assert report_ticks.open_duties(report_duty(cast)) == []
    [milestone] = report_ticks.open_duties(report_duty(cast, quarter=Q3))
    assert milestone.due == date(2025, 8, 31)


def test_the_last_quarter_ticks_what_the_plan_sets_beyond_the_year(cast, checked):
    with transaction():
        checked.quarter, checked.due, checked.answer_by = Quarter(2026, 1), date(2026, 3, 1), date(2026, 4, 7)
    [owed] = owed_report(report_duty(cast, 2, quarter=Quarter(2025, 4)), date(2025, 12, 30)).beside[-1:]
    assert owed.id == checked.id
    what = content(done={checked.id: date(2025, 12, 20)})
    submit(cast, what, report_duty(cast, 2, quarter=Quarter(2025, 4)), on=date(2025, 12, 30))
    assert state_of(checked, date(2025, 12, 30)) is DutyState.DONE


def test_what_a_revision_took_back_is_not_ticked(cast, checked):
    with transaction():
        checked.cancelled_on = TODAY
    assert report_ticks.open_duties(report_duty(cast, 2)) == []


def test_a_day_that_has_not_come_is_refused(cast, checked):
    with pytest.raises(Invalid, match="每季度.*不能晚于今天"):
        save(cast, content(done={checked.id: date(2025, 4, 4)}), report_duty(cast, 2))
    assert count(QuarterReport) == 0


@pytest.mark.parametrize("unit", ["东镇", "县行政审批局"])
def test_another_units_duty_is_not_found(cast, duty, unit):
    theirs = select(Duty).where(Duty.unit_id == cast.units[unit], Duty.kind == DutyKind.COUNT)
    foreign = db.session.scalars(theirs).one()
    with pytest.raises(NotFound):
        save(cast, content(done={foreign.id: TODAY}), duty)


def test_a_report_cannot_tick_itself(cast, duty):
    with pytest.raises(NotFound):
        submit(cast, content(done={duty.id: TODAY}), duty)


def test_done_duties_are_named_in_drafts_and_in_versions(cast, checked):
    owed = report_duty(cast, 2)
    assert report_ticks.done_labels([]) == {}
    report = save(cast, content(done={checked.id: TODAY}), owed)
    assert report_ticks.done_labels([report]) == {checked.id: "每季度（应于 3月31日）"}
    submit(cast, content(done={checked.id: TODAY}), owed)
    review(cast, report, Verdict.RETURN, "未完成。")
    save(cast, content(), owed)
    assert report_ticks.done_labels([report]) == {checked.id: "每季度（应于 3月31日）"}
