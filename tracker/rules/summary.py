"""The one fold behind every figure: page, print and chart count with it and with nothing else."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tracker.rules.quarters import Quarter
from tracker.rules.standing import ShareStanding, Standing

Tally = Counter[Standing]


@dataclass(frozen=True)
class Summary:
    """Counts of items by standing; `by_unit` counts shares, that is the items of each unit as they stand there."""

    quarter: Quarter
    total: Tally
    by_unit: Mapping[int, Tally]
    by_section: Mapping[str, Tally]

    @property
    def items(self) -> int:
        return self.total.total()

    @property
    def sentence(self) -> str:
        """The sentence that a leader would say of the quarter."""
        if not self.items:
            return f"{self.quarter.label}：暂无任务。"
        parts = [f"{self.total[standing]} 项{standing.label}" for standing in _SPOKEN if self.total[standing]]
        return f"{self.quarter.label}：共 {self.items} 项任务，其中{'，'.join(parts)}。"


_SPOKEN = (
    Standing.COMPLETED,
    Standing.AHEAD,
    Standing.ON_SCHEDULE,
    Standing.OTHER,
    Standing.UNREPORTED,
    Standing.RETURNED,
    Standing.BEHIND,
    Standing.OVERDUE,
    Standing.UNASSIGNED,
)


def item_standings(shares: Iterable[ShareStanding], item_ids: Iterable[int]) -> dict[int, Standing]:
    """An item stands as its worst share; one without shares is unassigned."""
    worst = dict.fromkeys(item_ids, Standing.UNASSIGNED)
    for share in shares:
        held = worst[share.item_id]
        if held is Standing.UNASSIGNED or share.standing.badness < held.badness:
            worst[share.item_id] = share.standing
    return worst


def summarise(quarter: Quarter, shares: Iterable[ShareStanding], sections: Mapping[int, str]) -> Summary:
    """Fold the shares of a quarter; `sections` gives every item of the plan its outermost heading."""
    counted = list(shares)
    by_unit: dict[int, Tally] = defaultdict(Counter)
    by_section: dict[str, Tally] = {section: Counter() for section in sections.values()}
    for share in counted:
        by_unit[share.unit_id][share.standing] += 1
    standings = item_standings(counted, sections)
    for item_id, standing in standings.items():
        by_section[sections[item_id]][standing] += 1
    return Summary(quarter, Counter(standings.values()), by_unit, by_section)
