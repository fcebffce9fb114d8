"""An item's time line: what falls due month by month, the same matter of several units as one mark.

Whatever an extension has moved leaves a mark at its original date, too.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from tracker.rules.duties import DutyKind
from tracker.rules.standing import DutyFacts, DutyState

Year = int
MonthOf = tuple[Year, int]


@dataclass(frozen=True)
class Mark:
    """One matter on one day, owed by one unit or by several.

    `left` says that the day is the original one of what an extension has moved.
    """

    day: date
    label: str
    kind: DutyKind
    duties: tuple[DutyFacts, ...]
    left: bool = False

    def states(self, as_of: date) -> list[tuple[DutyState, int]]:
        """How many duties stand how, the worst first."""
        counted = Counter(duty.state(as_of) for duty in self.duties)
        return [(state, counted[state]) for state in DutyState if counted[state]]

    def worst(self, as_of: date) -> DutyState:
        return self.states(as_of)[0][0]

    def longest(self, as_of: date) -> int:
        """The days by which the most overdue of them is overdue."""
        return max(-(duty.days_left(as_of) or 0) for duty in self.duties)

    def days_left(self, as_of: date) -> int | None:
        """Until the first of those that are open must be answered."""
        left = [duty.days_left(as_of) or 0 for duty in self.duties if duty.state(as_of) is DutyState.OPEN]
        return min(left, default=None)

    @property
    def moved_to(self) -> date | None:
        return max((duty.revised_due for duty in self.duties if duty.revised_due), default=None)


@dataclass(frozen=True)
class Month:
    """A month of the line; `number` 1 to 12."""

    year: int
    number: int
    marks: tuple[Mark, ...]

    @property
    def opens_quarter(self) -> bool:
        return self.number % 3 == 1

    def holds(self, day: date) -> bool:
        return (day.year, day.month) == (self.year, self.number)


@dataclass(frozen=True)
class TimeLine:
    """`undated` are duties whose date is not set yet."""

    year: int
    months: Sequence[Month]
    undated: Sequence[DutyFacts]

    @cached_property
    def is_empty(self) -> bool:
        return not any(month.marks for month in self.months)

    def next_open(self, as_of: date) -> Mark | None:
        """What must be answered first of what is neither done nor overdue."""
        marks = (mark for month in self.months for mark in month.marks if not mark.left)
        open_marks = [mark for mark in marks if any(duty.state(as_of) is DutyState.OPEN for duty in mark.duties)]
        return min(open_marks, key=lambda mark: mark.days_left(as_of) or 0, default=None)


def time_line(duties: Iterable[DutyFacts], year: int) -> TimeLine:
    """The twelve months of the plan's year, and months of other years where something falls due."""
    known = list(duties)
    marks: dict[MonthOf, list[Mark]] = {(year, month): [] for month in range(1, 13)}
    for mark in sorted(_marks(known), key=lambda mark: (mark.day, mark.kind is DutyKind.QUARTER_REPORT, mark.label)):
        marks.setdefault((mark.day.year, mark.day.month), []).append(mark)
    months = [Month(*month, tuple(marks[month])) for month in sorted(marks)]
    return TimeLine(year, months, [duty for duty in known if duty.due_now is None])


def _marks(duties: Iterable[DutyFacts]) -> Iterator[Mark]:
    found: Mapping[tuple[date, str, DutyKind, bool], list[DutyFacts]] = defaultdict(list)
    for duty in duties:
        if duty.due_now is not None:
            found[duty.due_now, duty.label, duty.kind, False].append(duty)
        if duty.due is not None and duty.moved:
            found[duty.due, duty.label, duty.kind, True].append(duty)
    return (Mark(day, label, kind, tuple(of_day), left) for (day, label, kind, left), of_day in found.items())
