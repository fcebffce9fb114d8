"""The steps of a quarter (季度) and its weeks, as the clerk's page lays them out.

The days are the office's own; that of the reports stands among its other rules, for duties follow from it.  A step on a
day off is done on the next working day, and none comes before the one that it follows.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.rules.calendar import WorkCalendar
from tracker.rules.closing import OPENING_DAY
from tracker.rules.quarters import Quarter
from tracker.rules.refusals import Invalid

LAST_DAY = 28  # that every month has


@dataclass(frozen=True)
class Course:
    """By which day of the month after the quarter the reports are reviewed, the units checked, the quarter closed.

    The default is the usual course (domain.md, the quarter).
    """

    reviewed: int = 10
    checked: int = 20
    closed: int = 25


DEFAULT_COURSE = Course()
LABELS = {"reviewed": "审核完毕", "checked": "检查完毕", "closed": "报告、关账"}


def slips(course: Course) -> dict[str, str]:
    """What cannot stand, by the field."""
    found, last = {}, 1
    for name, label in LABELS.items():
        day = getattr(course, name)
        if not 1 <= day <= LAST_DAY:
            found[name] = f"“{label}”应为 1 至 {LAST_DAY} 日。"
        elif day < last:
            found[name] = f"“{label}”不能早于上一步的 {last} 日。"
        else:
            last = day
    return found


def check(course: Course) -> None:
    """Raise Invalid with the first slip."""
    for sentence in slips(course).values():
        raise Invalid(sentence)


def in_words(course: Course) -> str:
    return "，".join(f"{getattr(course, name)} 日{label}" for name, label in LABELS.items())


@dataclass(frozen=True)
class Step:
    label: str
    on: date


def steps(quarter: Quarter, report_due: date, calendar: WorkCalendar, course: Course = DEFAULT_COURSE) -> list[Step]:
    """From the opening of the forms to the closing of the quarter."""
    opened = date(quarter.year, quarter.months[-1], OPENING_DAY)
    found = [Step("开始填报", opened), Step("填报截止", report_due)]
    for name, label in LABELS.items():
        usual = calendar.next_workday(quarter.next.start.replace(day=getattr(course, name)))
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
