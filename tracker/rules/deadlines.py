"""Deadlines (完成时限) as a plan states them; the duties that follow from them are in `duties`."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


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


@dataclass(frozen=True)
class Deadline:
    """One deadline; which of the optional fields is set follows from `kind`, and nothing else may be.

    `due` is the last day on which the work is on time.  `days` are counted from the day after the
    event (domain default: the event's own day does not count).
    """

    kind: DeadlineKind
    due: date | None = None
    every: Every | None = None
    days: int | None = None
    workdays: bool = False

    def __post_init__(self) -> None:
        wanted = {DeadlineKind.DATE: "due", DeadlineKind.RECURRING: "every", DeadlineKind.RELATIVE: "days"}
        for field in ("due", "every", "days"):
            if (getattr(self, field) is not None) != (wanted.get(self.kind) == field):
                raise ValueError(f"a deadline of kind {self.kind} and its field {field} do not agree")

    @property
    def label(self) -> str:
        if self.due:
            return f"{self.due.year}年{self.due.month}月{self.due.day}日前"
        if self.every:
            return self.every.label
        if self.days is not None:
            return f"事件发生后{self.days}{'个工作' if self.workdays else ''}日内"
        return self.kind.label
