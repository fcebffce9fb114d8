"""Duties follow from an item's terms alone, and from nothing else."""

from datetime import date
from decimal import Decimal

import pytest

from tracker.rules.calendar import WorkCalendar
from tracker.rules.deadlines import Deadline, DeadlineKind, Every
from tracker.rules.duties import DutyKind, Share, Terms, duties_of, report_due
from tracker.rules.quarters import Quarter
from tracker.rules.targets import Op, Per, Target

LEAD, SUPPORT = Share(1, lead=True), Share(2, lead=False)
WEEKS = WorkCalendar()


def owed(*, deadlines=(), targets=(), shares=(LEAD,), calendar=WEEKS):
    return list(duties_of(Terms(shares, deadlines, targets), 2025, 5, calendar))


def of_kind(kind, duties):
    return [duty for duty in duties if duty.kind is kind]


def test_every_unit_owes_a_report_each_quarter():
    assert [(d.unit_id, str(d.quarter)) for d in owed(shares=(LEAD, SUPPORT))] == [
        (unit, f"2025Q{n}") for unit in (1, 2) for n in (1, 2, 3, 4)
    ]


def test_a_report_is_due_on_the_fifth_or_the_next_working_day():
    assert report_due(Quarter(2025, 4), 5, WEEKS) == date(2026, 1, 5)
    assert report_due(Quarter(2024, 3), 5, WEEKS) == date(2024, 10, 7), "the fifth is a Saturday"


def test_a_public_holiday_moves_the_report():
    qingming = WorkCalendar({date(2025, 4, 4): False, date(2025, 4, 7): False})
    assert report_due(Quarter(2025, 1), 4, qingming) == date(2025, 4, 8)


def test_a_date_is_a_milestone_of_the_lead_alone():
    deadline = ("8月底前", Deadline(DeadlineKind.DATE, due=date(2025, 8, 31)))
    (milestone,) = of_kind(DutyKind.MILESTONE, owed(deadlines=(deadline,), shares=(LEAD, SUPPORT)))
    assert (milestone.unit_id, milestone.due, str(milestone.quarter)) == (1, date(2025, 8, 31), "2025Q3")
    assert milestone.answer_by == date(2025, 8, 31)


@pytest.mark.parametrize(
    ("every", "last_days"),
    [
        (Every.YEAR, ["12-31"]),
        (Every.HALF_YEAR, ["06-30", "12-31"]),
        (Every.QUARTER, ["03-31", "06-30", "09-30", "12-31"]),
        (Every.WEEK, []),
    ],
)
def test_what_comes_back_is_due_at_the_end_of_each_period(every, last_days):
    deadline = ("定期", Deadline(DeadlineKind.RECURRING, every=every))
    instances = of_kind(DutyKind.RECURRING, owed(deadlines=(deadline,)))
    assert [f"{d.due:%m-%d}" for d in instances] == last_days


def test_a_month_has_twelve_instances_and_february_its_own_last_day():
    deadline = ("每月", Deadline(DeadlineKind.RECURRING, every=Every.MONTH))
    instances = of_kind(DutyKind.RECURRING, owed(deadlines=(deadline,)))
    assert len(instances) == 12
    assert instances[1].due == date(2025, 2, 28)


@pytest.mark.parametrize(
    ("every", "day", "month", "days"),
    [
        (Every.QUARTER, 20, 3, ["2025-03-20", "2025-06-20", "2025-09-20", "2025-12-20"]),
        (Every.QUARTER, 10, 4, ["2025-04-10", "2025-07-10", "2025-10-10", "2026-01-10"]),
        (Every.HALF_YEAR, 15, None, ["2025-06-15", "2025-12-15"]),
        (Every.YEAR, 31, 1, ["2025-01-31"]),
        (Every.YEAR, None, 6, ["2025-06-30"]),
    ],
)
def test_a_recurring_deadline_with_a_day_is_due_on_it_in_every_period(every, day, month, days):
    deadline = ("定期", Deadline(DeadlineKind.RECURRING, every=every, day=day, month_of_period=month))
    instances = of_kind(DutyKind.RECURRING, owed(deadlines=(deadline,)))
    assert [d.due.isoformat() for d in instances] == days
    assert [d.answer_by for d in instances if day] == [d.due for d in instances if day]


def test_a_day_that_a_month_lacks_is_its_last():
    deadline = ("每月30日前", Deadline(DeadlineKind.RECURRING, every=Every.MONTH, day=30))
    assert of_kind(DutyKind.RECURRING, owed(deadlines=(deadline,)))[1].due == date(2025, 2, 28)


def test_what_is_due_after_the_year_belongs_to_its_last_quarter():
    deadline = ("次月5日前", Deadline(DeadlineKind.RECURRING, every=Every.MONTH, day=5, month_of_period=2))
    last = of_kind(DutyKind.RECURRING, owed(deadlines=(deadline,)))[-1]
    assert (last.due, str(last.quarter)) == (date(2026, 1, 5), "2025Q4")


def test_what_ends_with_a_period_is_heard_of_with_the_periods_report():
    deadline = ("每季度", Deadline(DeadlineKind.RECURRING, every=Every.QUARTER))
    first = of_kind(DutyKind.RECURRING, owed(deadlines=(deadline,)))[0]
    assert (first.due, first.answer_by) == (date(2025, 3, 31), date(2025, 4, 7))


def test_a_yearly_count_holds_for_each_unit():
    target = ("每年不少于1次", Target(Op.AT_LEAST, Decimal(1), "次", Per.YEAR))
    counts = of_kind(DutyKind.COUNT, owed(targets=(target,), shares=(LEAD, SUPPORT)))
    assert [(d.unit_id, d.due) for d in counts] == [(1, date(2025, 12, 31)), (2, date(2025, 12, 31))]


def test_a_rate_is_a_figure_and_no_duty():
    target = ("公开率达95%", Target(Op.AT_LEAST, Decimal(95), "%", Per.YEAR))
    assert of_kind(DutyKind.COUNT, owed(targets=(target,))) == []


def test_a_blanked_out_date_waits_without_becoming_late():
    deadline = ("x月xx日前", Deadline(DeadlineKind.UNDETERMINED))
    (waiting,) = of_kind(DutyKind.UNDETERMINED, owed(deadlines=(deadline,)))
    assert (waiting.due, waiting.answer_by, waiting.quarter) == (None, None, None)


def test_an_event_to_come_and_an_open_end_owe_their_report_only():
    waiting = ("发布后3个工作日内", Deadline(DeadlineKind.RELATIVE, days=3, workdays=True))
    lasting = ("持续推进", Deadline(DeadlineKind.OPEN_ENDED))
    assert {d.kind for d in owed(deadlines=(waiting, lasting))} == {DutyKind.QUARTER_REPORT}


def test_the_same_terms_yield_the_same_keys_and_each_key_once():
    terms = {
        "deadlines": (("每季度", Deadline(DeadlineKind.RECURRING, every=Every.QUARTER)),),
        "targets": (("每年1次", Target(Op.AT_LEAST, Decimal(1), "次", Per.YEAR)),),
        "shares": (LEAD, SUPPORT),
    }
    keys = [(d.unit_id, d.key) for d in owed(**terms)]
    assert keys == [(d.unit_id, d.key) for d in owed(**terms)]
    assert len(keys) == len(set(keys))
