"""The verified progress class (核实等次): what an inspector found, beside what the unit reports.

It never overwrites the unit's word: both stand, and where they differ (`rules.findings.differs`) is a figure.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.rules.reports import ProgressClass

LONGEST_REASON = 500


class VerifiedBy(StrEnum):
    CHECK = "check"
    FINDING = "finding"

    @property
    def label(self) -> str:
        return {VerifiedBy.CHECK: "检查核实", VerifiedBy.FINDING: "检查问题"}[self]


@dataclass(frozen=True)
class Verified:
    """The inspector's word on one unit's share of one item.

    `record_id` is the inspection or the finding that it stands in, None where it was set by itself.  A finding that
    names no class leaves `progress_class` None: something is wrong, and it is not said how far the matter has come.
    """

    progress_class: ProgressClass | None
    source: VerifiedBy
    said_on: date
    record_id: int | None = None
    reason: str = ""
    person: str = ""


def last_word(words: Iterable[Verified]) -> Verified | None:
    """The latest class stands; a finding that names none counts only where no class was ever named."""
    ordered = sorted(words, key=lambda each: (each.progress_class is not None, each.said_on, each.source))
    return ordered[-1] if ordered else None
