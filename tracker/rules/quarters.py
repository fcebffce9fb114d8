"""The quarter (季度), the ledger's beat.  Ranges of dates include both ends."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_NUMERALS = "一二三四"
_WRITTEN = re.compile(r"(\d{4})Q([1-4])")


@dataclass(frozen=True, order=True)
class Quarter:
    """One quarter of a calendar year; `number` runs from 1 to 4."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not (1 <= self.number <= 4 and 1900 <= self.year <= 9998):
            raise ValueError(f"no such quarter: {self.year}Q{self.number}")

    @classmethod
    def parse(cls, text: str) -> "Quarter":
        """Read `2025Q1`; raise ValueError for anything else."""
        match = _WRITTEN.fullmatch(text.strip().upper())
        if not match:
            raise ValueError(f"not a quarter: {text!r}")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> "Quarter":
        return cls(day.year, (day.month + 2) // 3)

    @property
    def start(self) -> date:
        return date(self.year, self.number * 3 - 2, 1)

    @property
    def end(self) -> date:
        return self.next.start - timedelta(days=1)

    @property
    def next(self) -> "Quarter":
        return Quarter(self.year + 1, 1) if self.number == 4 else Quarter(self.year, self.number + 1)

    @property
    def previous(self) -> "Quarter":
        return Quarter(self.year - 1, 4) if self.number == 1 else Quarter(self.year, self.number - 1)

    @property
    def months(self) -> tuple[int, int, int]:
        return (self.number * 3 - 2, self.number * 3 - 1, self.number * 3)

    @property
    def label(self) -> str:
        return f"{self.year}年第{_NUMERALS[self.number - 1]}季度"

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"


def quarters_of(year: int) -> Iterator[Quarter]:
    return (Quarter(year, number) for number in range(1, 5))
