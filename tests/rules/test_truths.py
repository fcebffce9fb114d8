from datetime import date

import pytest

from tracker.rules.duties import DutyKind
from tracker.rules.quarters import Quarter
from tracker.rules.reports import ProgressClass, ReportState
from tracker.rules.standing import DutyFacts, ReportFacts, ShareStanding, Standing
from tracker.rules.truths import Calendar, Truth, VerifiedAs, calendar_of, truths

AS_OF = date(2025, 7, 20)
Q2 = Quarter(2025, 2)


def share(unit_id=7, lead=True):
    return ShareStanding(1, unit_id, lead, Standing.ON_SCHEDULE, days_left=None, reviewed=False, late=0)


def report(kind, unit_id=7):
    return {(1, unit_id): ReportFacts(1, unit_id, ReportState.ACCEPTED, ProgressClass(kind))}


def duty(due, done_on=None, kind=DutyKind.MILESTONE):
    return DutyFacts(1, 1, 7, True, kind, "建成专栏", Q2, due, due, done_on)


def of_one(reported=None, checked=None, duties=()) -> Truth:
    [line] = truths([1], [share()], reported or {}, checked or {}, {(1, 7): list(duties)}, AS_OF).lines
    return line


def test_the_three_are_kept_apart():
    line = of_one(report("ahead"), {(1, 7): ProgressClass.AHEAD}, [duty(date(2025, 6, 30), date(2025, 6, 1))])
    assert line == Truth(1, Standing.AHEAD, VerifiedAs.AHEAD, Calendar.DONE, differs=False)


def test_what_goes_well_by_the_unit_and_is_overdue_by_the_calendar_differs():
    assert of_one(report("on_schedule"), duties=[duty(date(2025, 6, 30))]).differs
    assert not of_one(report("behind"), duties=[duty(date(2025, 6, 30))]).differs
    assert not of_one(duties=[duty(date(2025, 6, 30))]).differs


@pytest.mark.parametrize(("given", "differs"), [("ahead", False), ("behind", True), (None, True)])
def test_what_a_check_does_not_bear_out_differs(given, differs):
    checked = {(1, 7): ProgressClass(given) if given else None}
    line = of_one(report("ahead"), checked)
    assert line.differs is differs
    assert line.verified == (given or "fault")


def test_nobody_having_looked_is_no_difference():
    line = of_one(report("completed"))
    assert (line.verified, line.calendar, line.differs) == (VerifiedAs.UNCHECKED, Calendar.UNDATED, False)


def test_the_worst_of_those_who_lead_is_the_items_and_supporting_units_are_not_asked():
    shares = [share(7), share(8), share(9, lead=False)]
    reports = report("completed", 7) | report("other", 8) | report("behind", 9)
    [line] = truths([1], shares, reports, {}, {(1, unit): [] for unit in (7, 8, 9)}, AS_OF).lines
    assert line.reported is Standing.OTHER


def test_an_item_that_nobody_carries_was_reported_by_nobody():
    [line] = truths([1], [], {}, {}, {}, AS_OF).lines
    assert line.reported is Standing.UNREPORTED


def test_the_day_of_a_report_is_none_of_the_plans_dates():
    assert calendar_of([duty(date(2025, 7, 7), kind=DutyKind.QUARTER_REPORT)], AS_OF) is Calendar.UNDATED
    assert calendar_of([duty(date(2025, 7, 31)), duty(date(2025, 6, 1), date(2025, 6, 1))], AS_OF) is Calendar.OPEN


def test_counts_add_up_to_the_items():
    found = truths([1, 2], [share()], report("ahead"), {}, {(1, 7): []}, AS_OF)
    assert sum(found.reported.values()) == sum(found.verified.values()) == sum(found.calendar.values()) == 2
