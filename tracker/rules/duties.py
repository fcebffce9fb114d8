"""Duties (应办事项): one thing that one unit owes by one date.  Duties, not items, become late.

`duties_of` is a pure rule: the same item yields the same duties with the same keys, so that running
it again adds nothing.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

from tracker.rules.calendar import WorkCalendar
from tracker.rules.deadlines import Deadline, DeadlineKind, Every, instance_due
from tracker.rules.occurrences import Happening, relative_due
from tracker.rules.quarters import Quarter, quarters_of
from tracker.rules.targets import Target

LONGEST_KEY = 200


class DutyKind(StrEnum):
    QUARTER_REPORT = "quarter_report"
    MILESTONE = "milestone"
    RECURRING = "recurring"
    COUNT = "count"
    RELATIVE = "relative"
    UNDETERMINED = "undetermined"

    @property
    def label(self) -> str:
        return {
            DutyKind.QUARTER_REPORT: "季度填报",
            DutyKind.MILESTONE: "时间节点",
            DutyKind.RECURRING: "定期事项",
            DutyKind.COUNT: "次数要求",
            DutyKind.RELATIVE: "按事件办理",
            DutyKind.UNDETERMINED: "时限待定",
        }[self]


@dataclass(frozen=True)
class Share:
    """One unit's part of an item: the lead carries the result, a supporting unit its share."""

    unit_id: int
    lead: bool


@dataclass(frozen=True)
class Terms:
    """What an item demands: the texts as printed, and the events from which its relative deadlines run."""

    shares: tuple[Share, ...]
    deadlines: tuple[tuple[str, Deadline], ...] = ()
    targets: tuple[tuple[str, Target], ...] = ()
    happened: tuple[Happening, ...] = ()


@dataclass(frozen=True)
class OwedDuty:
    """`key` is unique within an item and unit; `quarter` is the one in which it is due or reported on.

    `due` is the last day on which the work is on time.  `answer_by` is the day by which the ledger must hear of
    it: what ends with a period is reported after the period, and is not called overdue in the days between.
    `target` is the place of a count's target among the terms', `occurrence_id` the event from which a period runs.
    """

    unit_id: int
    lead: bool
    kind: DutyKind
    key: str
    label: str
    quarter: Quarter | None
    due: date | None
    answer_by: date | None
    target: int | None = None
    occurrence_id: int | None = None


def report_due(quarter: Quarter, report_day: int, calendar: WorkCalendar) -> date:
    """The day by which a quarter is reported: `report_day` of the next month, or the next working day."""
    return calendar.next_workday(quarter.next.start.replace(day=report_day))


def redated(
    kind: DutyKind,
    quarter: Quarter | None,
    due: date | None,
    answer_by: date | None,
    report_day: int,
    calendar: WorkCalendar,
) -> tuple[date | None, date | None]:
    """`due` and `answer_by` of a duty by another calendar; what runs from an event is `relative_due`'s to tell.

    What is heard of with a period's report moves with the report; what names its own day stays.
    """
    if quarter is None or (kind is not DutyKind.QUARTER_REPORT and answer_by == due):
        return due, answer_by
    reported = report_due(quarter, report_day, calendar)
    return (reported if kind is DutyKind.QUARTER_REPORT else due), reported


def was_over(kind: DutyKind, quarter: Quarter | None, due: date | None, day: date) -> bool:
    """Whether the period that a duty is about had ended before the day: whoever comes in later does not owe it.

    A date that the plan names is owed whenever it is named.
    """
    if kind is DutyKind.QUARTER_REPORT:
        return quarter is not None and quarter.end < day
    return kind in (DutyKind.RECURRING, DutyKind.COUNT) and due is not None and due < day


def duties_of(terms: Terms, year: int, report_day: int, calendar: WorkCalendar) -> Iterator[OwedDuty]:
    """Every duty of an item in a plan's year, unit by unit.  What is printed twice is owed once.

    Two demands that read the same and are not have keys that tell them apart.
    """
    numbers: Counter[tuple[int, str]] = Counter()
    for owed in _demanded(terms, _Periods(year, report_day, calendar)):
        key = _short(owed.key)
        numbers[owed.unit_id, key] += 1
        number = numbers[owed.unit_id, key]
        yield owed if number == 1 and key == owed.key else replace(owed, key=key if number == 1 else f"{key}#{number}")


def _demanded(terms: Terms, periods: "_Periods") -> Iterator[OwedDuty]:
    targets = {target: place for place, target in reversed(list(enumerate(terms.targets)))}
    for share in terms.shares:
        yield from _quarter_reports(share, periods)
        if share.lead:
            for text, deadline in dict.fromkeys(terms.deadlines):
                yield from _of_deadline(share, text, deadline, periods)
        for (text, target), place in sorted(targets.items(), key=lambda entry: entry[1]):
            yield from _of_target(share, text, target, place, periods)
        for event in terms.happened:
            if event.unit_id == share.unit_id:
                yield _of_event(share, event, periods)


def _short(key: str) -> str:
    """A key of a length that the ledger keeps; that of a very long text ends in what tells it from others."""
    if len(key) <= LONGEST_KEY - 5:  # room for a number
        return key
    return f"{key[: LONGEST_KEY - 30]}~{hashlib.sha256(key.encode()).hexdigest()[:16]}"


@dataclass(frozen=True)
class _Periods:
    """The periods of a plan's year, and the days by which they are reported."""

    year: int
    report_day: int
    calendar: WorkCalendar
    known: dict[Quarter, date] = field(default_factory=dict)

    def of(self, every: Every) -> Iterator[tuple[date, date]]:
        """The first and the last day of every period of the year."""
        length = {Every.YEAR: 12, Every.HALF_YEAR: 6, Every.QUARTER: 3}.get(every, 1)
        for month in range(1, 13, length):
            following = date(self.year + (month + length > 12), (month + length - 1) % 12 + 1, 1)
            yield date(self.year, month, 1), following - timedelta(days=1)

    def reported_by(self, quarter: Quarter) -> date:
        if quarter not in self.known:
            self.known[quarter] = report_due(quarter, self.report_day, self.calendar)
        return self.known[quarter]


def _quarter_reports(share: Share, periods: _Periods) -> Iterator[OwedDuty]:
    for quarter in quarters_of(periods.year):
        due = periods.reported_by(quarter)
        label = f"{quarter.label}填报"
        kind = DutyKind.QUARTER_REPORT
        yield OwedDuty(share.unit_id, share.lead, kind, f"report:{quarter}", label, quarter, due, due)


def _of_deadline(share: Share, text: str, deadline: Deadline, periods: _Periods) -> Iterator[OwedDuty]:
    """Relative deadlines wait for their events; open-ended and weekly ones owe their quarterly report only."""
    if due := deadline.due:
        kind, quarter = DutyKind.MILESTONE, Quarter.of(due)
        yield OwedDuty(share.unit_id, share.lead, kind, f"date:{text}:{due}", text, quarter, due, due)
    elif deadline.every and deadline.every is not Every.WEEK:
        yield from _recurring(share, text, deadline, deadline.every, periods)
    elif deadline.kind is DeadlineKind.UNDETERMINED:
        kind = DutyKind.UNDETERMINED
        yield OwedDuty(share.unit_id, share.lead, kind, f"undetermined:{text}", text, None, None, None)


def _recurring(share: Share, text: str, deadline: Deadline, every: Every, periods: _Periods) -> Iterator[OwedDuty]:
    """What names its own day must be heard of by that day; what ends with the period, with the period's report."""
    for start, end in periods.of(every):
        due = instance_due(deadline, start, end)
        quarter = Quarter.of(min(due, end))
        answer_by = due if deadline.day else periods.reported_by(quarter)
        key, kind = f"every:{text}:{due}", DutyKind.RECURRING
        yield OwedDuty(share.unit_id, share.lead, kind, key, text, quarter, due, answer_by)


def _of_target(share: Share, text: str, target: Target, place: int, periods: _Periods) -> Iterator[OwedDuty]:
    """A count per period addressed to a group holds for each unit of it; a rate is a figure, not a duty."""
    if not target.per or target.is_rate:
        return
    for _, end in periods.of(Every(target.per)):
        quarter = Quarter.of(end)
        answer_by = periods.reported_by(quarter)
        key, kind = f"count:{text}:{end}", DutyKind.COUNT
        yield OwedDuty(share.unit_id, share.lead, kind, key, text, quarter, end, answer_by, target=place)


def _of_event(share: Share, event: Happening, periods: _Periods) -> OwedDuty:
    """What a registered event sets going, at whichever of the item's units it happened."""
    due = relative_due(event.deadline, event.day, periods.calendar)
    kind, key, label = DutyKind.RELATIVE, f"event:{event.id}", f"{event.text}（{event.title}）"
    return OwedDuty(share.unit_id, share.lead, kind, key, label, Quarter.of(due), due, due, occurrence_id=event.id)
