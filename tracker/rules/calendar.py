"""Working days: weekends, public holidays and shifted working Saturdays and Sundays (调休).

Source: the State Council's yearly notice; the ledger keeps its exceptions in an editable table.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from tracker.rules.dates import written
from tracker.rules.refusals import Invalid

LONGEST_NOTE = 100
FEWEST_ANNOUNCED = 5  # days of a year: any fewer are corrections, and no notice
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class WorkCalendar:
    """`exceptions` say of a date whether it is worked, against its weekday.

    A year outside `announced_years` is reckoned from weekends alone, and what is computed over it is
    not certain until the notice is entered.
    """

    exceptions: Mapping[date, bool] = field(default_factory=dict)
    announced_years: frozenset[int] = frozenset()

    def is_workday(self, day: date) -> bool:
        return self.exceptions.get(day, day.weekday() < 5)

    def is_certain(self, day: date) -> bool:
        return day.year in self.announced_years

    def next_workday(self, day: date) -> date:
        """That day if it is worked, else the first working day after it."""
        while not self.is_workday(day):
            day += _ONE_DAY
        return day

    def add_workdays(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`; `day` itself is not counted."""
        while count > 0:
            day += _ONE_DAY
            count -= self.is_workday(day)
        return day


@dataclass(frozen=True)
class DayEntry:
    """What the office enters of a day: whether it is worked, and who says so."""

    is_workday: bool
    source: str
    note: str = ""


def check_entry(day: date, entry: DayEntry | None) -> None:
    """Raise Invalid for a day or words that cannot be kept."""
    if not 2000 <= day.year <= 2100:
        raise Invalid(f"{written(day)}的年份有误，请核对。")
    if entry is None:
        return
    if not entry.source.strip():
        raise Invalid("请填写依据，如通知名称、文号。")
    if len(entry.source) > LONGEST_NOTE or len(entry.note) > LONGEST_NOTE:
        raise Invalid(f"依据和说明各不超过 {LONGEST_NOTE} 字。")


def follows_the_week(day: date, is_workday: bool) -> bool:
    """Whether it says no more than the weekday does."""
    return is_workday == (day.weekday() < 5)
