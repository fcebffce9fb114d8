"""Duties (应办事项): one thing that one unit owes by one date.  Duties, not items, become late.

`duties_of` is a pure rule: the same item yields the same duties with the same keys, so that running
it again adds nothing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.rules.calendar import WorkCalendar
from tracker.rules.deadlines import Deadline, DeadlineKind, Every
from tracker.rules.quarters import Quarter, quarters_of
from tracker.rules.targets import Target


class DutyKind(StrEnum):
    """The kinds of duty."""

    QUARTER_REPORT = "quarter_report"
    MILESTONE = "milestone"
    RECURRING = "recurring"
    COUNT = "count"
    UNDETERMINED = "undetermined"

    @property
    def label(self) -> str:
        return {
            DutyKind.QUARTER_REPORT: "季度填报",
            DutyKind.MILESTONE: "时间节点",
            DutyKind.RECURRING: "定期事项",
            DutyKind.COUNT: "次数要求",
            DutyKind.UNDETERMINED: "时限待定",
        }[self]


@dataclass(frozen=True)
class Share:
    """One unit's part of an item: the lead carries the result, a supporting unit its share."""

    unit_id: int
    lead: bool


@dataclass(frozen=True)
class Terms:
    """What an item demands.  The texts are as printed; their order gives the duties their keys."""

    shares: tuple[Share, ...]
    deadlines: tuple[tuple[str, Deadline], ...] = ()
    targets: tuple[tuple[str, Target], ...] = ()


@dataclass(frozen=True)
class OwedDuty:
    """`key` is unique within an item and unit; `quarter` is the one in which it is due or reported on."""

    unit_id: int
    lead: bool
    kind: DutyKind
    key: str
    label: str
    quarter: Quarter | None
    due: date | None


def report_due(quarter: Quarter, report_day: int, calendar: WorkCalendar) -> date:
    """The day by which a quarter is reported: `report_day` of the next month, or the next working day."""
    return calendar.next_workday(quarter.next.start.replace(day=report_day))


def duties_of(terms: Terms, year: int, report_day: int, calendar: WorkCalendar) -> Iterator[OwedDuty]:
    """Every duty of an item in a plan's year, unit by unit."""
    for share in terms.shares:
        yield from _quarter_reports(share, year, report_day, calendar)
        if share.lead:
            for text, deadline in terms.deadlines:
                yield from _of_deadline(share, text, deadline, year)
        for text, target in terms.targets:
            yield from _of_target(share, text, target, year)


def _quarter_reports(share: Share, year: int, report_day: int, calendar: WorkCalendar) -> Iterator[OwedDuty]:
    for quarter in quarters_of(year):
        due = report_due(quarter, report_day, calendar)
        label = f"{quarter.label}填报"
        yield OwedDuty(share.unit_id, share.lead, DutyKind.QUARTER_REPORT, f"report:{quarter}", label, quarter, due)


def _of_deadline(share: Share, text: str, deadline: Deadline, year: int) -> Iterator[OwedDuty]:
    """Relative deadlines wait for their event, open-ended ones owe their quarterly report only."""
    if deadline.due:
        due = deadline.due
        yield OwedDuty(share.unit_id, share.lead, DutyKind.MILESTONE, f"date:{text}:{due}", text, Quarter.of(due), due)
    elif deadline.every and deadline.every is not Every.WEEK:
        yield from _instances(share, DutyKind.RECURRING, f"every:{text}", text, _period_ends(deadline.every, year))
    elif deadline.kind is DeadlineKind.UNDETERMINED:
        yield OwedDuty(share.unit_id, share.lead, DutyKind.UNDETERMINED, f"undetermined:{text}", text, None, None)


def _of_target(share: Share, text: str, target: Target, year: int) -> Iterator[OwedDuty]:
    """A count per period addressed to a group holds for each unit of it; a rate is a figure, not a duty."""
    if target.per and not target.is_rate:
        ends = _period_ends(Every(target.per), year)
        yield from _instances(share, DutyKind.COUNT, f"count:{text}", text, ends)


def _instances(share: Share, kind: DutyKind, key: str, label: str, ends: Iterable[date]) -> Iterator[OwedDuty]:
    for end in ends:
        yield OwedDuty(share.unit_id, share.lead, kind, f"{key}:{end}", label, Quarter.of(end), end)


def _period_ends(every: Every, year: int) -> list[date]:
    """The last day of every period of the year."""
    if every is Every.YEAR:
        return [date(year, 12, 31)]
    if every is Every.HALF_YEAR:
        return [date(year, 6, 30), date(year, 12, 31)]
    if every is Every.QUARTER:
        return [quarter.end for quarter in quarters_of(year)]
    return [_month_end(year, month) for month in range(1, 13)]


def _month_end(year: int, month: int) -> date:
    following = date(year + 1, 1, 1) if month == 12 else date(year, month + 1, 1)
    return date.fromordinal(following.toordinal() - 1)
