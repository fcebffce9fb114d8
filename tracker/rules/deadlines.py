"""Deadlines (完成时限) as a plan states them; the duties that follow from them are in `duties`."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.rules.dates import written


class DeadlineKind(StrEnum):
    DATE = "date"
    RECURRING = "recurring"
    RELATIVE = "relative"
    UNDETERMINED = "undetermined"  # digits blanked out (x月xx日前): waits for the office's date
    OPEN_ENDED = "open_ended"  # 持续推进, 长期坚持: owes its quarterly report only

    @property
    def label(self) -> str:
        return {
            DeadlineKind.DATE: "限期",
            DeadlineKind.RECURRING: "周期",
            DeadlineKind.RELATIVE: "按事件起算",
            DeadlineKind.UNDETERMINED: "待定",
            DeadlineKind.OPEN_ENDED: "持续推进",
        }[self]


class Every(StrEnum):
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half-year"
    YEAR = "year"

    @property
    def label(self) -> str:
        return {
            Every.WEEK: "每周",
            Every.MONTH: "每月",
            Every.QUARTER: "每季度",
            Every.HALF_YEAR: "每半年",
            Every.YEAR: "每年",
        }[self]


_FIELDS_OF = {
    DeadlineKind.DATE: ("due",),
    DeadlineKind.RECURRING: ("every", "day", "month_of_period"),
    DeadlineKind.RELATIVE: ("days", "event"),
}
_MONTHS_OF = {Every.MONTH: 1, Every.QUARTER: 3, Every.HALF_YEAR: 6, Every.YEAR: 12}
_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class Deadline:
    """One deadline; which of the optional fields is set follows from `kind`, and nothing else may be.

    `due` is the last day on which the work is on time.  `days` are counted from the day after the
    `event` (domain default: the event's own day does not count).  What recurs is due at each period's end, unless
    it names a `day`: of the week (1 is Monday), or of the period's last month, or of its `month_of_period`, counted
    from 1; the month after the period (次月) is one more than it has.  A month without a day is due on its last.
    """

    kind: DeadlineKind
    due: date | None = None
    every: Every | None = None
    days: int | None = None
    workdays: bool = False
    day: int | None = None
    month_of_period: int | None = None
    event: str | None = None

    def __post_init__(self) -> None:
        allowed = _FIELDS_OF.get(self.kind, ())
        for field in ("due", "every", "days", "day", "month_of_period", "event"):
            is_set = getattr(self, field) is not None
            if is_set and field not in allowed or not is_set and field in allowed[:1]:
                raise ValueError(f"a deadline of kind {self.kind} and its field {field} do not agree")
        if self.every and not self._is_in_period(self.every):
            raise ValueError(f"no day {self.day} in month {self.month_of_period} of every {self.every}")

    def _is_in_period(self, every: Every) -> bool:
        months = _MONTHS_OF.get(every)
        if months is None:
            return self.month_of_period is None and 1 <= (self.day or 1) <= 7
        return 1 <= (self.day or 1) <= 31 and 1 <= (self.month_of_period or 1) <= months + 1

    @property
    def label(self) -> str:
        if self.due:
            return f"{written(self.due)}前"
        if self.every:
            return self._label_of(self.every)
        if self.days is not None:
            return f"{self.event or '事件发生'}后{self.days}{'个工作' if self.workdays else ''}日内"
        return self.kind.label

    def _label_of(self, every: Every) -> str:
        """每月5日前, 每季度末月20日前, 每年1月31日前, 每周五前."""
        if self.day is None and self.month_of_period is None:
            return every.label
        if every is Every.WEEK:
            return f"每周{_WEEKDAYS[(self.day or 7) - 1]}前"
        day = f"{self.day}日前" if self.day else "底前"
        return f"{every.label}{_month_label(every, self.month_of_period)}{day}"


def _month_label(every: Every, month: int | None) -> str:
    months = _MONTHS_OF[every]
    if month == months + 1:
        return "的次月"
    if every is Every.MONTH:
        return ""
    if every is Every.YEAR:
        return f"{month or months}月"
    return {1: "首月", months: "末月"}.get(month or months, f"第{month}个月")


def instance_due(deadline: Deadline, start: date, end: date) -> date:
    """The day of a recurring deadline in the period from `start` to `end`."""
    if deadline.day is None and deadline.month_of_period is None:
        return end
    ahead = deadline.month_of_period - 1 if deadline.month_of_period else end.month - start.month
    year, month = divmod(start.month - 1 + ahead, 12)
    last = monthrange(start.year + year, month + 1)[1]
    return date(start.year + year, month + 1, min(deadline.day or last, last))
