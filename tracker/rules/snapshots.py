"""A sealed quarter (封存): everything that its papers are set from, as one value that never changes.

A paper asks nothing but its snapshot: no session, no clock, no setting.  Days and figures are those of `as_of`, the
words are those that stood then; names of units are theirs on that day.  `Snapshot.to_json` is kept with its hash.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from tracker.rules import canonical
from tracker.rules.quarters import Quarter
from tracker.rules.snapshot_entries import (
    CancelledItem,
    ClauseEntry,
    DifferenceEntry,
    FilingEntry,
    FindingEntry,
    InstructionEntry,
    ItemEntry,
    NoticeEntry,
    ShareEntry,
    UnitEntry,
    VerdictEntry,
)
from tracker.rules.standing import Standing
from tracker.rules.summary import Punctuality, Tally

FORMAT = 1


@dataclass(frozen=True)
class Count:
    standing: Standing
    number: int


def counts_of(tally: Tally) -> tuple[Count, ...]:
    return tuple(Count(standing, tally[standing]) for standing in Standing if tally[standing])


def tally_of(counts: tuple[Count, ...]) -> Tally:
    return Counter({count.standing: count.number for count in counts})


@dataclass(frozen=True)
class Totals:
    """Items by standing; `report_late` counts those among the unreported of which the day to report has passed."""

    by_standing: tuple[Count, ...] = ()
    report_late: int = 0

    @property
    def items(self) -> int:
        return sum(count.number for count in self.by_standing)

    @property
    def tally(self) -> Tally:
        return tally_of(self.by_standing)


@dataclass(frozen=True)
class Change:
    """What a correction changed: where, which figure or text, and how it read before and after."""

    place: str
    what: str
    before: str
    after: str


@dataclass(frozen=True)
class Correction:
    """Why this is a later version (更正版), and what is otherwise than in the one before."""

    reason: str
    corrects: int
    made_on: date
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True)
class OfficeText:
    """A text of the office's own that papers are written from, as it was in force; `name` is the texts' own key."""

    name: str
    text: str


@dataclass(frozen=True)
class Snapshot:
    """`version` counts from 1; later ones carry the `correction` that made them.

    `before` are the totals of the quarter before at its own seal, or, `before_sealed` being False, as they stood as
    many days after that quarter's end; None where the plan has no quarter before.  `compared_on` is their day.
    """

    organisation: str
    office: str
    plan: str
    plan_year: int
    quarter: Quarter
    as_of: date
    version: int
    check_word: str
    light_rule: str
    light_clauses: tuple[ClauseEntry, ...]
    units: tuple[UnitEntry, ...]
    items: tuple[ItemEntry, ...]
    shares: tuple[ShareEntry, ...]
    filings: tuple[FilingEntry, ...]
    totals: Totals
    punctuality: Punctuality
    report_due: date | None = None
    before: Totals | None = None
    before_sealed: bool = False
    compared_on: date | None = None
    cancelled: tuple[CancelledItem, ...] = ()
    findings: tuple[FindingEntry, ...] = ()
    instructions: tuple[InstructionEntry, ...] = ()
    notices: tuple[NoticeEntry, ...] = ()
    verdicts: tuple[VerdictEntry, ...] = ()
    differences: tuple[DifferenceEntry, ...] = ()
    texts: tuple[OfficeText, ...] = ()
    correction: Correction | None = None
    sample: bool = False
    format: int = FORMAT

    def to_json(self) -> dict[str, Any]:
        plain: dict[str, Any] = canonical.to_plain(self)
        return plain

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> "Snapshot":
        """Raise ValueError for what no snapshot is."""
        try:
            return canonical.from_plain(cls, plain)
        except (TypeError, KeyError) as fault:
            raise ValueError(f"not a snapshot: {fault}") from fault

    @property
    def sha256(self) -> str:
        return canonical.sha256_of(self.to_json())

    @property
    def edition(self) -> str:
        """What a paper of a later version says beside its title; empty for the first."""
        return f"更正版（第{self.version}版）" if self.correction else ""

    @cached_property
    def unit_by_id(self) -> Mapping[int, UnitEntry]:
        return {unit.id: unit for unit in self.units}

    @cached_property
    def item_by_id(self) -> Mapping[int, ItemEntry]:
        return {item.id: item for item in self.items}

    @cached_property
    def shares_by_unit(self) -> Mapping[int, tuple[ShareEntry, ...]]:
        """In the plan's order."""
        return _grouped(self, "unit_id")

    @cached_property
    def shares_by_item(self) -> Mapping[int, tuple[ShareEntry, ...]]:
        """Leads first, each kind in the register's order."""
        return _grouped(self, "item_id")

    @cached_property
    def filing_by_unit(self) -> Mapping[int, FilingEntry]:
        return {filing.unit_id: filing for filing in self.filings}

    def tally_of_unit(self, unit_id: int) -> Tally:
        """The unit's shares by standing."""
        return Counter(share.standing for share in self.shares_by_unit.get(unit_id, ()))

    @cached_property
    def tally_by_section(self) -> Mapping[str, Tally]:
        """Items by standing under each outermost heading, in the plan's order."""
        found: dict[str, Tally] = {}
        for item in self.items:
            found.setdefault(item.heading, Counter())[item.standing] += 1
        return found


def _grouped(snapshot: Snapshot, by: str) -> dict[int, tuple[ShareEntry, ...]]:
    found: dict[int, list[ShareEntry]] = {}
    for share in snapshot.shares:
        found.setdefault(getattr(share, by), []).append(share)
    return {key: tuple(shares) for key, shares in found.items()}
