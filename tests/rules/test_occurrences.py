"""Periods that run from events, over holidays and shifted days; counts that events add up to."""

from datetime import date
from decimal import Decimal

import pytest

from tracker.rules.calendar import WorkCalendar
from tracker.rules.deadlines import Deadline, DeadlineKind
from tracker.rules.duties import DutyKind, Share, Terms, duties_of, redated
from tracker.rules.occurrences import (
    Counted,
    Happening,
    check_event,
    check_reason,
    is_counted,
    period_start,
    reaching,
    relative_due,
)
from tracker.rules.quarters import Quarter
from tracker.rules.refusals import Invalid
from tracker.rules.targets import Op, Per, Target

# The National Day of 2025: free from 1 to 8 October, Sunday 28 September and Saturday 11 October are worked.
NATIONAL_DAY = WorkCalendar(
    {date(2025, 10, day): False for day in (1, 2, 3, 6, 7, 8)} | {date(2025, 9, 28): True, date(2025, 10, 11): True},
    frozenset({2025}),
)


def within(days: int, *, workdays: bool) -> Deadline:
    return Deadline(DeadlineKind.RELATIVE, days=days, workdays=workdays, event="印发")


@pytest.mark.parametrize(
    ("happened", "days", "workdays", "due"),
    [
        ("2025-09-26", 1, True, "2025-09-28"),  # the Sunday is worked
        ("2025-09-28", 3, True, "2025-10-09"),
        ("2025-09-30", 1, True, "2025-10-09"),
        ("2025-10-01", 3, True, "2025-10-11"),  # an event on a holiday; the Saturday is worked
        ("2025-10-10", 2, True, "2025-10-13"),
        ("2025-09-30", 3, False, "2025-10-03"),  # calendar days run through the holidays
        ("2025-12-30", 3, True, "2026-01-02"),
        ("2025-02-26", 5, False, "2025-03-03"),
    ],
)
def test_the_events_own_day_does_not_count(happened, days, workdays, due):
    found = relative_due(within(days, workdays=workdays), date.fromisoformat(happened), NATIONAL_DAY)
    assert found == date.fromisoformat(due)


def owed(*shares: Share, happened=()):
    terms = Terms(shares, (("印发后3个工作日内", within(3, workdays=True)),), (), happened)
    return [duty for duty in duties_of(terms, 2025, 5, NATIONAL_DAY) if duty.kind is DutyKind.RELATIVE]


def happening(number: int, unit: int, day: date) -> Happening:
    return Happening(number, unit, "印发后3个工作日内", within(3, workdays=True), day, "《办法》")


def test_each_event_is_a_duty_of_its_unit_in_the_quarter_in_which_it_is_due():
    happened = (
        happening(7, 1, date(2025, 9, 29)),
        happening(8, 2, date(2025, 3, 3)),
        happening(9, 3, date(2025, 3, 3)),
    )
    found = owed(Share(1, lead=True), Share(2, lead=False), happened=happened)
    assert [(duty.unit_id, duty.lead, duty.key, str(duty.quarter)) for duty in found] == [
        (1, True, "event:7", "2025Q4"),
        (2, False, "event:8", "2025Q1"),
    ], "unit 3 has no part in the item"
    assert found[0].answer_by == found[0].due == date(2025, 10, 10)
    assert found[0].label == "印发后3个工作日内（《办法》）"


@pytest.mark.parametrize(
    ("per", "end", "start"),
    [
        (Per.YEAR, "2025-12-31", "2025-01-01"),
        (Per.HALF_YEAR, "2025-12-31", "2025-07-01"),
        (Per.QUARTER, "2025-06-30", "2025-04-01"),
        (Per.MONTH, "2025-02-28", "2025-02-01"),
    ],
)
def test_a_count_begins_with_its_period(per, end, start):
    assert period_start(per, date.fromisoformat(end)) == date.fromisoformat(start)


def events(*amounts: str) -> list[Counted]:
    return [Counted(number, date(2025, 4, number), Decimal(amount)) for number, amount in enumerate(amounts, 1)]


def aim(value: str, op: Op = Op.AT_LEAST, measure: str = "次") -> Target:
    return Target(op, Decimal(value), measure, Per.YEAR)


def test_the_event_that_reaches_the_count_is_named_in_the_order_of_days():
    assert reaching(aim("2"), reversed(events("1", "1", "1"))).day == date(2025, 4, 2)
    assert reaching(aim("1.5"), events("0.5", "1")).id == 2
    assert reaching(aim("3"), events("1", "1")) is None


def test_what_may_not_be_exceeded_is_reached_by_nothing():
    assert reaching(aim("2", Op.AT_MOST), events("1", "1", "1")) is None
    assert [is_counted(target) for target in (aim("2"), aim("2", Op.AT_MOST), aim("95", measure="%"))] == [
        True,
        False,
        False,
    ]


def test_only_what_is_heard_of_with_a_report_moves_with_the_calendar():
    busy = WorkCalendar({date(2025, 4, 7): False})
    first, end = Quarter(2025, 1), date(2025, 3, 31)
    assert (
        redated(DutyKind.QUARTER_REPORT, first, date(2025, 4, 7), date(2025, 4, 7), 5, busy) == (date(2025, 4, 8),) * 2
    )
    assert redated(DutyKind.RECURRING, first, end, date(2025, 4, 7), 5, busy) == (end, date(2025, 4, 8))
    assert redated(DutyKind.RECURRING, first, end, end, 5, busy) == (end, end), "it names its own day"
    assert redated(DutyKind.MILESTONE, first, end, end, 5, busy) == (end, end)
    assert redated(DutyKind.UNDETERMINED, None, None, None, 5, busy) == (None, None)


def test_an_event_of_the_plans_year_or_the_next_is_registered_once_it_has_happened():
    check_event("《办法》", date(2026, 1, 5), Decimal(1), 2025, date(2026, 1, 5))
    for day in (date(2026, 1, 6), date(2024, 12, 31)):
        with pytest.raises(Invalid):
            check_event("《办法》", day, Decimal(1), 2025, date(2026, 1, 5))


def test_a_reason_is_written_and_not_too_long():
    assert check_reason(" 重复 ", "撤回") == "重复"
    for reason in ("", "长" * 501):
        with pytest.raises(Invalid):
            check_reason(reason, "撤回")
