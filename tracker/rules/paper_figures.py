"""Figures that papers draw from a snapshot: how units rank, how matters go on the whole, what is behind.

No adjective stands in a paper without its rule: `RATINGS` are the only judgements that a text can speak.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tracker.rules.snapshot_entries import FindingEntry, ShareEntry
from tracker.rules.snapshots import Snapshot, Totals
from tracker.rules.standing import Standing
from tracker.rules.summary import Tally

GOING = (Standing.COMPLETED, Standing.AHEAD, Standing.ON_SCHEDULE)
SLOW = (Standing.BEHIND, Standing.RETURNED)


def going(tally: Tally) -> int:
    """How many are done, ahead or on schedule."""
    return sum(tally[standing] for standing in GOING)


def percent(part: int, whole: int) -> int:
    """Rounded down: 100 % says that nothing is missing; 0 where there is nothing."""
    return part * 100 // whole if whole else 0


@dataclass(frozen=True)
class Rating:
    """A judgement with the rule that allows it."""

    word: str
    rule: str
    holds: Callable[[Totals], bool]


def _rate(totals: Totals) -> int:
    return percent(going(totals.tally), totals.items)


RATINGS = (
    Rating("尚无任务", "没有任务", lambda totals: not totals.items),
    Rating(
        "总体进展较好",
        "正常推进率不低于 90%，且没有逾期任务",
        lambda totals: _rate(totals) >= 90 and not totals.tally[Standing.OVERDUE],
    ),
    Rating("总体进展平稳", "正常推进率不低于 70%", lambda totals: _rate(totals) >= 70),
    Rating("总体进展偏慢", "正常推进率低于 70%", lambda _totals: True),
)
# Words that judge: typed by hand they have no rule behind them.
JUDGING = (
    *("较好", "良好", "优秀", "突出", "显著", "明显", "扎实", "有力", "有效", "平稳", "圆满"),
    *("滞后", "偏慢", "严重", "普遍", "大部分", "基本完成"),
)


def rating(totals: Totals) -> Rating:
    return next(each for each in RATINGS if each.holds(totals))


@dataclass(frozen=True)
class RankedUnit:
    """A unit with its shares counted; units alike share a rank."""

    rank: int
    unit_id: int
    name: str
    tally: Tally

    @property
    def items(self) -> int:
        return self.tally.total()

    @property
    def rate(self) -> int:
        return percent(going(self.tally), self.items)

    @property
    def slow(self) -> int:
        return sum(self.tally[standing] for standing in SLOW)

    @property
    def in_trouble(self) -> bool:
        return bool(self.tally[Standing.OVERDUE] or self.slow or self.tally[Standing.UNREPORTED])

    @property
    def merit(self) -> tuple[int, int, int, int]:
        """Sorts the best first: the rate, then what is overdue, slow, unreported."""
        return -self.rate, self.tally[Standing.OVERDUE], self.slow, self.tally[Standing.UNREPORTED]


def ranking(snapshot: Snapshot) -> list[RankedUnit]:
    """The units that have a part in the plan, best first; those alike in the register's order."""
    counted = [
        RankedUnit(0, unit.id, unit.name, snapshot.tally_of_unit(unit.id))
        for unit in snapshot.units
        if unit.id in snapshot.shares_by_unit
    ]
    ranked: list[RankedUnit] = []
    for place, unit in enumerate(sorted(counted, key=lambda each: each.merit), 1):
        rank = ranked[-1].rank if ranked and ranked[-1].merit == unit.merit else place
        ranked.append(RankedUnit(rank, unit.unit_id, unit.name, unit.tally))
    return ranked


NAMED = 3  # units at either end of the ranking


def foremost(ranked: Iterable[RankedUnit]) -> list[RankedUnit]:
    """The first of those with nothing overdue, slow or unreported."""
    return [unit for unit in ranked if not unit.in_trouble and unit.rank <= NAMED][:NAMED]


def hindmost(ranked: list[RankedUnit]) -> list[RankedUnit]:
    """The last of those with something overdue, slow or unreported, the very last first; only of the lower half."""
    middle = (len(ranked) + 1) / 2
    return [unit for unit in reversed(ranked) if unit.in_trouble and unit.rank > middle][:NAMED]


def overdue(snapshot: Snapshot) -> list[ShareEntry]:
    """Longest first."""
    late = [share for share in snapshot.shares if share.standing is Standing.OVERDUE]
    return sorted(late, key=lambda share: -share.days_overdue)


def behind(snapshot: Snapshot) -> list[ShareEntry]:
    return [share for share in snapshot.shares if share.standing in SLOW]


def found(snapshot: Snapshot) -> list[FindingEntry]:
    """What the quarter found and was upheld; repeated ones first, then those overdue."""
    upheld = [finding for finding in snapshot.findings if not finding.unfounded and not finding.carried]
    return sorted(upheld, key=lambda each: (not each.repeat, -each.days_overdue, each.id))


def to_be_mended(snapshot: Snapshot) -> list[FindingEntry]:
    """All under way, those of earlier quarters too."""
    return [each for each in snapshot.findings if not each.unfounded and each.closed_on is None]
