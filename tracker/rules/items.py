"""The ledger's lines: how each item stands by the shares that carry it, or by one unit's share alone."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from tracker.rules.lights import Lights, Lit, item_light
from tracker.rules.standing import DutyFacts, ShareStanding, Standing, carrying


@dataclass(frozen=True)
class ItemLine:
    """`pressure` sorts the worst first; `unit_id` is the unit whose share gave the light, None where none did."""

    item_id: int
    standing: Standing
    lit: Lit
    pressure: tuple[int, float]
    unit_id: int | None
    report_late: bool


@dataclass(frozen=True)
class Whose:
    """Of whose shares and duties a list speaks: one unit's, a group's, who leads or who supports; None for all."""

    unit_id: int | None = None
    lead: bool | None = None
    group: frozenset[int] | None = None

    def __contains__(self, share: ShareStanding | DutyFacts) -> bool:
        within = self.group is None or share.unit_id in self.group
        return within and self.unit_id in (None, share.unit_id) and self.lead in (None, share.lead)

    @property
    def everybody(self) -> bool:
        return self == Whose()


def item_lines(
    item_ids: Iterable[int], shares: Iterable[ShareStanding], whose: Whose, lights: Lights
) -> list[ItemLine]:
    """The items in their order; those in which none of the shares asked for takes part are left out."""
    by_item: dict[int, list[ShareStanding]] = defaultdict(list)
    for share in shares:
        if share in whose:
            by_item[share.item_id].append(share)
    return [_line(item_id, by_item[item_id], lights) for item_id in item_ids if whose.everybody or item_id in by_item]


def _line(item_id: int, shares: list[ShareStanding], lights: Lights) -> ItemLine:
    carried = carrying(shares)
    worst = min(carried, key=lambda share: share.pressure, default=None)
    standing = worst.standing if worst else Standing.UNASSIGNED
    pressure = worst.pressure if worst else (standing.badness, float("inf"))
    lit, shown = item_light(carried, lights)
    late = worst is not None and worst.report_is_late
    return ItemLine(item_id, standing, lit, pressure, shown.unit_id if shown else None, late)
