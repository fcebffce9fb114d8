"""Targets (量化指标): what can be counted or measured, and when it is met."""

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from tracker.rules.quarters import Quarter


class Op(StrEnum):
    AT_LEAST = ">="
    AT_MOST = "<="
    EXACTLY = "=="

    @property
    def label(self) -> str:
        return {Op.AT_LEAST: "不少于", Op.AT_MOST: "不超过", Op.EXACTLY: "等于"}[self]


class Per(StrEnum):
    """The period over which a target is counted afresh."""

    YEAR = "year"
    HALF_YEAR = "half-year"
    QUARTER = "quarter"
    MONTH = "month"

    @property
    def label(self) -> str:
        return {Per.YEAR: "每年", Per.HALF_YEAR: "每半年", Per.QUARTER: "每季度", Per.MONTH: "每月"}[self]


_MONTHS_IN_A_QUARTER = 3


@dataclass(frozen=True)
class Target:
    """`measure` is `%` or a measure word (次, 种, 个, 项); `per` is None for the plan as a whole."""

    op: Op
    value: Decimal
    measure: str
    per: Per | None = None

    @property
    def is_rate(self) -> bool:
        return self.measure == "%"

    @property
    def adds_up(self) -> bool:
        """Whether its figure grows from quarter to quarter: a count of the year or half-year."""
        return not self.is_rate and self.per not in (Per.QUARTER, Per.MONTH)

    def period(self, quarter: Quarter) -> tuple[Quarter, Quarter]:
        """The first and the last quarter of the period over which it is counted; a month's target by the quarter."""
        if self.per in (Per.QUARTER, Per.MONTH):
            return quarter, quarter
        if self.per is Per.HALF_YEAR:
            first = quarter if quarter.number in (1, 3) else quarter.previous
            return first, first.next
        return Quarter(quarter.year, 1), Quarter(quarter.year, 4)

    @property
    def covers(self) -> str:
        """What a figure reported for a quarter is of."""
        if not self.adds_up:
            return "本季度"
        return "本半年累计" if self.per is Per.HALF_YEAR else "本年累计"

    @property
    def over_its_period(self) -> "Target":
        """What is asked of the figure of a quarter: three times what is asked of a month."""
        if self.is_rate or self.per is not Per.MONTH:
            return self
        return replace(self, value=self.value * _MONTHS_IN_A_QUARTER, per=Per.QUARTER)

    def met_by(self, figure: Decimal) -> bool:
        if self.op is Op.AT_LEAST:
            return figure >= self.value
        if self.op is Op.AT_MOST:
            return figure <= self.value
        return figure == self.value

    @property
    def label(self) -> str:
        per = self.per.label if self.per else ""
        return f"{per}{self.op.label}{self.value.normalize():f}{self.measure}"
