"""What is put beside what (对比): a plan beside the one that went before it, tallies beside each other."""

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import TypeVar

from tracker.rules.standing import Standing
from tracker.rules.summary import Tally

_YEAR = re.compile(r"(?:19|20)\d\d\s*年度?|[（(]示例[）)]|\s")


def bare_title(title: str) -> str:
    """What a plan is called in every year."""
    return _YEAR.sub("", title)


@dataclass(frozen=True)
class PlanName:
    id: int
    title: str
    year: int


@dataclass(frozen=True)
class Counterpart:
    """Last year's plan, and in words why it is taken for the same."""

    plan: PlanName
    why: str


def counterpart(plan: PlanName, known: Iterable[PlanName]) -> Counterpart | None:
    """The plan of the year before that bears the same title, or else the only one of that year."""
    last_year = [other for other in known if other.year == plan.year - 1]
    same = [other for other in last_year if bare_title(other.title) == bare_title(plan.title)]
    if same:
        return Counterpart(same[0], "名称相同的上年度计划")
    return Counterpart(last_year[0], "上年度唯一的计划") if len(last_year) == 1 else None


GOING_WELL = (Standing.ON_SCHEDULE, Standing.AHEAD, Standing.COMPLETED)


def well(tally: Tally) -> int:
    return sum(tally[standing] for standing in GOING_WELL)


def percent_well(tally: Tally) -> int | None:
    """How many of a hundred stand as planned or better, rounded down; None of nothing."""
    return well(tally) * 100 // tally.total() if tally.total() else None


def median_percent(tallies: Iterable[Tally]) -> float | None:
    """The middle of the units: half of them stand better, half worse."""
    known = [percent for tally in tallies if (percent := percent_well(tally)) is not None]
    return median(known) if known else None


FEWEST_OTHERS = 3  # of fewer, the middle would tell how one of them stands

What = TypeVar("What", bound=Hashable)


def middle_of_others(
    by_unit: Mapping[int, Counter[What]], unit_id: int, each: Iterable[What]
) -> dict[What, int] | None:
    """Of the other units, the middle of what each counts, in hundredths of all that it has; None of too few."""
    others = [counted for other, counted in by_unit.items() if other != unit_id and counted.total()]
    if len(others) < FEWEST_OTHERS:
        return None
    return {what: round(median(100 * counted[what] / counted.total() for counted in others)) for what in each}
