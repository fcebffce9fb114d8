"""The summary of an inspection (检查汇总): units by criteria, with what was found; page and papers render it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tracker.rules.inspection_results import Verdict
from tracker.rules.quarters import Quarter


@dataclass(frozen=True)
class VerdictCounts:
    """How many verdicts were given of each kind; `open` are the places where none stands yet."""

    met: int = 0
    mostly_met: int = 0
    not_met: int = 0
    not_applicable: int = 0
    open: int = 0

    @property
    def given(self) -> int:
        return self.met + self.mostly_met + self.not_met + self.not_applicable

    def of(self, verdict: Verdict) -> int:
        return int(getattr(self, verdict.value))

    def __add__(self, other: "VerdictCounts") -> "VerdictCounts":
        return VerdictCounts(
            self.met + other.met,
            self.mostly_met + other.mostly_met,
            self.not_met + other.not_met,
            self.not_applicable + other.not_applicable,
            self.open + other.open,
        )


def counted(verdicts: Iterable[Verdict | None]) -> VerdictCounts:
    """None stands for a place without a verdict."""
    numbers = Counter(verdicts)
    return VerdictCounts(**{each.value: numbers[each] for each in Verdict}, open=numbers[None])


@dataclass(frozen=True)
class InspectedUnitRow:
    """One unit.  `counts` stand in the order of the summary's criteria; `confirmation` says what the unit said of it.

    `findings` counts what was entered as a finding, `closed` what of it is mended or not upheld; `differing` the items
    of which the inspector verified another progress class than the unit reported.
    """

    unit_id: int
    unit: str
    visited_on: date | None
    checkers: tuple[str, ...]
    items: int
    counts: tuple[VerdictCounts, ...]
    findings: int
    closed: int
    differing: int
    confirmation: str
    excused: str = ""

    @property
    def total(self) -> VerdictCounts:
        return sum(self.counts, VerdictCounts())


@dataclass(frozen=True)
class InspectionSummary:
    """`number` is empty while the inspection is not notified; `drawn` tells in a sentence how the units were chosen."""

    organisation: str
    plan: str
    quarter: Quarter
    as_of: date
    check_word: str
    title: str
    number: str
    basis: str
    methods: tuple[str, ...]
    criteria: tuple[str, ...]
    drawn: str
    checkers: tuple[str, ...]
    starts_on: date
    ends_on: date
    state: str
    rows: tuple[InspectedUnitRow, ...]
    conclusion: str = ""
    concluded_on: date | None = None
    sample: bool = False

    @property
    def totals(self) -> tuple[VerdictCounts, ...]:
        """By criterion, over all units."""
        columns = zip(*(row.counts for row in self.rows), strict=True) if self.rows else ()
        return tuple(sum(column, VerdictCounts()) for column in columns)

    @property
    def findings(self) -> int:
        return sum(row.findings for row in self.rows)
