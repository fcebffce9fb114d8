"""The steps of a quarter (季度) and its weeks, as the clerk's page lays them out.

The days are the usual ones: only that of the reports is the organisation's own, and has duties.  A step on a day off is
done on the next working day, and none comes before the one that it follows.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.rules.calendar import WorkCalendar
from tracker.rules.closing import OPENING_DAY
from tracker.rules.quarters import Quarter

REVIEWED, CHECKED, CLOSED = 10, 20, 25  # days of the month after the quarter


@dataclass(frozen=True)
class Step:
    label: str
    on: date


def steps(quarter: Quarter, report_due: date, calendar: WorkCalendar) -> list[Step]:
    """From the opening of the forms to the closing of the quarter."""
    opened = date(quarter.year, quarter.months[-1], OPENING_DAY)
    found = [Step("开始填报", opened), Step("填报截止", report_due)]
    for label, day in (("审核完毕", REVIEWED), ("检查完毕", CHECKED), ("报告、关账", CLOSED)):
        usual = calendar.next_workday(quarter.next.start.replace(day=day))
        found.append(Step(label, max(usual, found[-1].on)))
    return found


@dataclass(frozen=True)
class Week:
    """`first` and `last` belong to it; `due` is how many items have something due in it."""

    first: date
    last: date
    due: int

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def weeks(first: date, last: date, due: Iterable[tuple[int, date]]) -> Sequence[Week]:
    """From Monday to Sunday, cut at both ends; `due` pairs an item with a day, and an item counts once in a week."""
    days = {(item_id, _monday(day)) for item_id, day in due if first <= day <= last}
    counted = Counter(monday for _, monday in days)
    found, begin = [], first
    while begin <= last:
        end = min(_monday(begin) + timedelta(days=6), last)
        found.append(Week(begin, end, counted[_monday(begin)]))
        begin = end + timedelta(days=1)
    return found


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
