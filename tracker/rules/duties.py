"""Duties (应办事项): one thing that one unit owes by one date.  Duties, not items, become late.

`duties_of` is a pure rule: the same item yields the same duties with the same keys, so that running
it again adds nothing.
"""

from calendar import monthrange
from collections.abc import Iterator
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
    """`key` is unique within an item and unit; `quarter` is the one in which it is due or reported on.

    `due` is the last day on which the work is on time.  `answer_by` is the day by which the ledger must hear of
    it: what ends with a period is reported after the period, and is not called overdue in the days between.
    """

    unit_id: int
    lead: bool
    kind: DutyKind
    key: str
    label: str
    quarter: Quarter | None
    due: date | None
    answer_by: date | None


def report_due(quarter: Quarter, report_day: int, calendar: WorkCalendar) -> date:
    """The day by which a quarter is reported: `report_day` of the next month, or the next working day."""
    return calendar.next_workday(quarter.next.start.replace(day=report_day))


def duties_of(terms: Terms, year: int, report_day: int, calendar: WorkCalendar) -> Iterator[OwedDuty]:
    """Every duty of an item in a plan's year, unit by unit."""
    periods = _Periods(year, report_day, calendar)
    for share in terms.shares:
        yield from _quarter_reports(share, periods)
        if share.lead:
            for text, deadline in terms.deadlines:
                yield from _of_deadline(share, text, deadline, periods)
        for text, target in terms.targets:
            yield from _of_target(share, text, target, periods)


@dataclass(frozen=True)
class _Periods:
    """The periods of a plan's year, and the days by which they are reported."""

    year: int
    report_day: int
    calendar: WorkCalendar

    def ends(self, every: Every) -> list[date]:
        """The last day of every period of the year."""
        if every is Every.YEAR:
            return [date(self.year, 12, 31)]
        if every is Every.HALF_YEAR:
            return [date(self.year, 6, 30), date(self.year, 12, 31)]
        if every is Every.QUARTER:
            return [quarter.end for quarter in quarters_of(self.year)]
        return [date(self.year, month, monthrange(self.year, month)[1]) for month in range(1, 13)]

    def reported_by(self, quarter: Quarter) -> date:
        return report_due(quarter, self.report_day, self.calendar)


def _quarter_reports(share: Share, periods: _Periods) -> Iterator[OwedDuty]:
    for quarter in quarters_of(periods.year):
        due = periods.reported_by(quarter)
        label = f"{quarter.label}填报"
        kind = DutyKind.QUARTER_REPORT
        yield OwedDuty(share.unit_id, share.lead, kind, f"report:{quarter}", label, quarter, due, due)


def _of_deadline(share: Share, text: str, deadline: Deadline, periods: _Periods) -> Iterator[OwedDuty]:
    """Relative deadlines wait for their event; open-ended and weekly ones owe their quarterly report only."""
    if due := deadline.due:
        kind, quarter = DutyKind.MILESTONE, Quarter.of(due)
        yield OwedDuty(share.unit_id, share.lead, kind, f"date:{text}:{due}", text, quarter, due, due)
    elif deadline.every and deadline.every is not Every.WEEK:
        yield from _instances(share, DutyKind.RECURRING, f"every:{text}", text, deadline.every, periods)
    elif deadline.kind is DeadlineKind.UNDETERMINED:
        kind = DutyKind.UNDETERMINED
        yield OwedDuty(share.unit_id, share.lead, kind, f"undetermined:{text}", text, None, None, None)


def _of_target(share: Share, text: str, target: Target, periods: _Periods) -> Iterator[OwedDuty]:
    """A count per period addressed to a group holds for each unit of it; a rate is a figure, not a duty."""
    if target.per and not target.is_rate:
        yield from _instances(share, DutyKind.COUNT, f"count:{text}", text, Every(target.per), periods)


def _instances(
    share: Share, kind: DutyKind, key: str, label: str, every: Every, periods: _Periods
) -> Iterator[OwedDuty]:
    for end in periods.ends(every):
        quarter = Quarter.of(end)
        yield OwedDuty(
            share.unit_id, share.lead, kind, f"{key}:{end}", label, quarter, end, periods.reported_by(quarter)
        )
