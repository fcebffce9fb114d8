"""Working days: weekends, public holidays and shifted working Saturdays and Sundays (调休).

Source: the State Council's yearly notice; the ledger keeps its exceptions in an editable table.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

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
