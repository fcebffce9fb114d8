"""Registered events (办理登记): the periods that run from them, and the counts that they add up to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from tracker.rules.calendar import WorkCalendar
from tracker.rules.dates import written
from tracker.rules.deadlines import Deadline, DeadlineKind
from tracker.rules.refusals import Invalid
from tracker.rules.targets import Op, Per, Target

LONGEST_TITLE = 100
LONGEST_REASON = 500
LARGEST_AMOUNT = Decimal(10) ** 9


@dataclass(frozen=True)
class Happening:
    """An event from which a relative deadline runs at one unit; `text` is the deadline as printed."""

    id: int
    unit_id: int
    text: str
    deadline: Deadline
    day: date
    title: str


@dataclass(frozen=True)
class Counted:
    """One event of a count: how many it counts for, and on which day."""

    id: int
    day: date
    amount: Decimal


def relative_due(deadline: Deadline, day: date, calendar: WorkCalendar) -> date:
    """The last day of what runs from an event; the event's own day does not count."""
    assert deadline.kind is DeadlineKind.RELATIVE
    assert deadline.days is not None
    if deadline.workdays:
        return calendar.add_workdays(day, deadline.days)
    return day + timedelta(days=deadline.days)


_MONTHS = {Per.YEAR: 12, Per.HALF_YEAR: 6, Per.QUARTER: 3, Per.MONTH: 1}


def period_start(per: Per, end: date) -> date:
    """The first day of the period that ends on that day."""
    return date(end.year, end.month - _MONTHS[per] + 1, 1)


def reaching(target: Target, events: Iterable[Counted]) -> Counted | None:
    """The event by which the count is reached, in the order of their days; None while it is not.

    What may not be exceeded (不超过) is reached by nothing.
    """
    if target.op is Op.AT_MOST:
        return None
    total = Decimal(0)
    for event in sorted(events, key=lambda event: (event.day, event.id)):
        total += event.amount
        if total >= target.value:
            return event
    return None


def is_counted(target: Target) -> bool:
    """Whether events add up to it: a rate is computed, and what may not be exceeded is no aim."""
    return not target.is_rate and target.op is not Op.AT_MOST


def check_event(title: str, day: date, amount: Decimal, year: int, today: date) -> None:
    """Raise Invalid for what cannot be registered of a plan's year: a day to come, a day long past, no amount."""
    if not title.strip():
        raise Invalid("请填写事项名称，如文件标题、活动名称。")
    if len(title.strip()) > LONGEST_TITLE:
        raise Invalid(f"事项名称最多 {LONGEST_TITLE} 字，现有 {len(title.strip())} 字。")
    if day > today:
        raise Invalid(f"发生日期{written(day)}尚未到来，事项发生后再登记。")
    if day.year not in (year, year + 1):
        raise Invalid(f"发生日期{written(day)}不在 {year} 年的计划期内，请核对年份。")
    if not 0 < amount <= LARGEST_AMOUNT:
        raise Invalid("数量须大于 0；一次活动、一份文件填 1。")


def check_reason(reason: str, what: str) -> str:
    """The reason, trimmed; raise Invalid where it is missing or too long."""
    reason = reason.strip()
    if not reason:
        raise Invalid(f"请填写{what}的理由。")
    if len(reason) > LONGEST_REASON:
        raise Invalid(f"理由最多 {LONGEST_REASON} 字，现有 {len(reason)} 字。")
    return reason
