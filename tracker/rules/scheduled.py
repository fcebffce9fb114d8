"""Scheduled progress (序时进度): what is reached of a target, held against the part of its period that is over."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tracker.rules.attainment import Reached
from tracker.rules.targets import Target

_ALL = Decimal(100)


@dataclass(frozen=True)
class Scheduled:
    """`reached` and `over` are percentages: of what is asked, and of the period on `day`; `shown` is the figure."""

    text: str
    shown: str
    reached: Decimal
    over: Decimal
    day: date

    @property
    def points_behind(self) -> Decimal:
        """Negative where more is reached than the time asks for."""
        return self.over - self.reached


def scheduled(text: str, target: Target, reached: Reached, as_of: date) -> Scheduled | None:
    """None for what has no schedule: a cap, a figure without a value, a count that begins anew each quarter.

    The figure says how matters stood at the end of its quarter, so that is the day on which the time is taken.
    """
    if reached.percent is None or not (target.adds_up or target.is_rate):
        return None
    first, last = target.period(reached.quarter)
    day = max(first.start, min(as_of, reached.quarter.end))
    over = Decimal((day - first.start).days + 1) * _ALL / ((last.end - first.start).days + 1)
    return Scheduled(text, reached.figure.shown(target.measure), min(reached.percent, _ALL), over, day)
