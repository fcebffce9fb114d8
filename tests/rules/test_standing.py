from datetime import date

import pytest

from tracker.rules.duties import DutyKind
from tracker.rules.quarters import Quarter
from tracker.rules.reports import ProgressClass, ReportState
from tracker.rules.standing import DutyFacts, DutyState, ReportFacts, Standing, overdue_first, share_standing

Q1 = Quarter(2025, 1)
DUE = date(2025, 4, 7)


def duty(due=DUE, done_on=None, answer_by="as due", **more):
    known = {"id": 1, "item_id": 1, "unit_id": 7, "lead": True, "kind": DutyKind.MILESTONE, "label": "节点"}
    answer_by = due if answer_by == "as due" else answer_by
    return DutyFacts(**(known | more), quarter=Q1, due=due, answer_by=answer_by, done_on=done_on)


def report(progress_class=ProgressClass.ON_SCHEDULE, state=ReportState.SUBMITTED):
    return ReportFacts(1, 7, state, progress_class)


def folded(duties, report, as_of):
    return share_standing(duties, report, as_of, Q1)


def test_a_duty_is_not_overdue_on_its_last_day():
    assert duty().state(DUE) is DutyState.OPEN
    assert duty().state(date(2025, 4, 8)) is DutyState.OVERDUE


def test_a_period_that_has_ended_is_not_overdue_before_it_is_to_be_reported():
    ended = duty(due=date(2025, 3, 31), answer_by=DUE)
    assert ended.state(date(2025, 4, 3)) is DutyState.OPEN
    assert ended.days_left(date(2025, 4, 3)) == 4


def test_what_was_done_late_stays_late():
    assert duty(done_on=date(2025, 4, 8)).state(date(2025, 12, 31)) is DutyState.DONE_LATE
    assert duty(done_on=DUE).state(date(2025, 12, 31)) is DutyState.DONE


def test_a_duty_without_a_date_waits_for_one():
    waiting = duty(due=None)
    assert waiting.state(DUE) is DutyState.UNDETERMINED
    assert waiting.days_left(DUE) is None


@pytest.mark.parametrize(
    ("progress_class", "expected"),
    [
        (ProgressClass.BEHIND, Standing.BEHIND),
        (ProgressClass.ON_SCHEDULE, Standing.ON_SCHEDULE),
        (ProgressClass.COMPLETED, Standing.COMPLETED),
    ],
)
def test_a_share_stands_as_its_unit_reports(progress_class, expected):
    assert folded([duty(done_on=DUE)], report(progress_class), DUE).standing is expected


def test_an_overdue_duty_outweighs_what_the_unit_reports():
    share = folded([duty()], report(ProgressClass.AHEAD), date(2025, 4, 19))
    assert share.standing is Standing.OVERDUE
    assert share.days_overdue == 12


def test_a_report_that_is_missing_after_its_day_is_no_overdue_work():
    duties = [duty(kind=DutyKind.QUARTER_REPORT), duty(id=2, due=date(2025, 6, 30))]
    share = folded(duties, None, date(2025, 4, 10))
    assert (share.standing, share.report_late, share.days_overdue) == (Standing.UNREPORTED, 3, 0)
    assert share.days_left == 81  # of the work, not of the report
    assert share.late == 1


def test_of_shares_without_a_report_those_after_the_day_press_more():
    late = folded([duty(kind=DutyKind.QUARTER_REPORT)], None, date(2025, 4, 10))
    assert late.pressure < folded([duty(due=date(2025, 4, 10))], None, date(2025, 4, 10)).pressure


def test_a_returned_report_waits_for_its_unit():
    assert folded([duty()], report(state=ReportState.RETURNED), DUE).standing is Standing.RETURNED


def test_a_share_without_a_report_is_unreported():
    assert folded([duty()], None, DUE).standing is Standing.UNREPORTED


def test_a_share_leads_if_one_of_its_duties_does_and_counts_all_that_was_late():
    duties = [duty(lead=False, done_on=date(2025, 4, 9)), duty(lead=True), duty(due=date(2025, 6, 30))]
    share = folded(duties, None, date(2025, 4, 10))
    assert share.lead
    assert share.late == 2
    assert share.days_left == -3


def test_the_longest_overdue_comes_first_and_nothing_else_comes():
    duties = [duty(id=1), duty(id=2, due=date(2025, 3, 1)), duty(id=3, due=date(2025, 5, 1)), duty(id=4, done_on=DUE)]
    assert [found.id for found in overdue_first(duties, date(2025, 4, 20))] == [2, 1]


def test_the_worst_standing_presses_most_and_then_the_nearest_date():
    late = folded([duty()], None, date(2025, 4, 8))
    near = folded([duty()], None, date(2025, 4, 6))
    far = folded([duty()], None, date(2025, 3, 1))
    undated = folded([duty(due=None)], None, DUE)
    assert sorted([undated, far, near, late], key=lambda share: share.pressure) == [late, near, far, undated]


# A date that an approved extension has moved

MOVED = date(2025, 5, 31)


@pytest.mark.parametrize(
    ("done_on", "as_of", "state", "original"),
    [
        (None, DUE, DutyState.OPEN, DutyState.OPEN),
        (None, date(2025, 4, 8), DutyState.OPEN, DutyState.OVERDUE),
        (None, MOVED, DutyState.OPEN, DutyState.OVERDUE),
        (None, date(2025, 6, 1), DutyState.OVERDUE, DutyState.OVERDUE),
        (DUE, date(2025, 12, 31), DutyState.DONE, DutyState.DONE),
        (MOVED, date(2025, 12, 31), DutyState.DONE, DutyState.DONE_LATE),
        (date(2025, 6, 1), date(2025, 12, 31), DutyState.DONE_LATE, DutyState.DONE_LATE),
    ],
)
def test_the_moved_date_judges_and_the_original_is_not_forgotten(done_on, as_of, state, original):
    moved = duty(done_on=done_on, revised_due=MOVED)
    assert (moved.state(as_of), moved.original_state(as_of)) == (state, original)


@pytest.mark.parametrize(
    ("revised", "done_on", "as_of", "verdict"),
    [
        (None, None, DUE, (False, False, False)),
        (None, DUE, DUE, (True, True, True)),
        (None, None, date(2025, 4, 8), (True, False, False)),
        (MOVED, None, date(2025, 4, 8), (True, False, True)),
        (MOVED, MOVED, MOVED, (True, False, True)),
        (MOVED, None, date(2025, 6, 1), (True, False, False)),
        (MOVED, date(2025, 6, 2), date(2025, 6, 2), (True, False, False)),
    ],
)
def test_on_time_is_told_by_both_dates(revised, done_on, as_of, verdict):
    """(fell due, on time by the original date, on time by the date that holds)"""
    judged = duty(done_on=done_on, revised_due=revised)
    assert (judged.fell_due(as_of), judged.on_time_original(as_of), judged.on_time_revised(as_of)) == verdict


def test_an_undated_duty_never_falls_due():
    assert not duty(due=None).fell_due(MOVED)
    assert not duty(due=None, done_on=DUE).fell_due(MOVED)


def test_days_are_counted_to_the_moved_date():
    assert duty(revised_due=MOVED).days_left(date(2025, 5, 30)) == 1


def test_what_is_reported_with_the_period_is_answered_no_sooner_than_before():
    period = duty(due=date(2025, 3, 31), answer_by=DUE, revised_due=date(2025, 4, 3))
    assert period.answer_by_now == DUE
    assert period.due_now == date(2025, 4, 3)


def test_a_share_with_an_extension_that_runs_is_not_overdue_and_names_both_dates():
    share = folded([duty(revised_due=MOVED)], report(), date(2025, 4, 20))
    assert share.standing is Standing.ON_SCHEDULE
    assert share.moved is not None
    assert share.moved.words == "原定 4月7日，延至 5月31日"
    assert folded([duty(revised_due=MOVED)], report(), date(2025, 6, 3)).days_overdue == 3


def test_a_share_names_no_dates_where_another_duty_presses_more():
    share = folded([duty(revised_due=MOVED), duty(id=2, due=date(2025, 4, 30))], None, date(2025, 4, 20))
    assert share.moved is None
