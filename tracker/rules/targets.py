"""Targets (量化指标): what can be counted or measured, and when it is met."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


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
