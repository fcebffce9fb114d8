"""Attainment (完成率): how far targets are reached, by unit and quarter, by what was reported."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from tracker.rules.figures import Figure
from tracker.rules.quarters import Quarter
from tracker.rules.targets import Op, Target


class Attained(StrEnum):
    MET = "met"
    NOT_YET = "not_yet"
    MISSED = "missed"

    def label(self, target: Target) -> str:
        """What is capped is kept or exceeded, what is aimed at is reached or not."""
        capped = target.op is Op.AT_MOST
        return {
            Attained.MET: "未超过" if capped else "达到",
            Attained.NOT_YET: "目前超过" if capped else "尚未达到",
            Attained.MISSED: "已超过" if capped else "未达到",
        }[self]


def attained(target: Target, value: Decimal, quarter: Quarter, as_of: date) -> Attained:
    """How a figure reported for a quarter stands to the target, once its period is over or while it runs."""
    asked = target.over_its_period
    if asked.met_by(value):
        return Attained.MET
    if value > asked.value and not target.is_rate:
        return Attained.MISSED  # a count that went too far does not come back
    last = target.period(quarter)[1]
    return Attained.MISSED if quarter == last and as_of > last.end else Attained.NOT_YET


def percent(target: Target, value: Decimal) -> Decimal | None:
    """How much of what is asked is reached; None where there is nothing to fill: a cap, or a target of nothing."""
    asked = target.over_its_period.value
    return None if target.op is Op.AT_MOST or asked <= 0 else value * 100 / asked


@dataclass(frozen=True)
class Reached:
    """What a unit reported of a target for a quarter; without a value there is nothing to judge."""

    quarter: Quarter
    figure: Figure
    attained: Attained | None
    percent: Decimal | None

    @classmethod
    def of(cls, target: Target, quarter: Quarter, figure: Figure, as_of: date) -> "Reached":
        if figure.value is None:
            return cls(quarter, figure, None, None)
        judged = attained(target, figure.value, quarter, as_of)
        return cls(quarter, figure, judged, percent(target, figure.value))


@dataclass(frozen=True)
class UnitAttainment:
    """One unit's figures of a target.  `asked` says that the target is asked of it, and not of another."""

    unit_id: int
    lead: bool
    asked: bool
    by_quarter: Mapping[Quarter, Reached]

    def at(self, target: Target, quarter: Quarter) -> Reached | None:
        """What stands reached by the quarter: the last figure of the period that it lies in."""
        first = target.period(quarter)[0]
        told = [at for at, reached in self.by_quarter.items() if first <= at <= quarter and reached.attained]
        return self.by_quarter[max(told)] if told else None


@dataclass(frozen=True)
class Attainment:
    """A target with all units of its item.

    A count per period is asked of each unit, everything else of the leads: the duties follow the same rule.
    """

    target: Target
    units: Sequence[UnitAttainment]

    @property
    def asked(self) -> list[UnitAttainment]:
        return [unit for unit in self.units if unit.asked]

    def met(self, quarter: Quarter) -> int:
        """How many of the units asked have met it by the quarter."""
        return self._judged(quarter).count(Attained.MET)

    def attained(self, quarter: Quarter) -> Attained | None:
        """The item's: met once every unit asked has met it, missed once one has missed it; None before any figure."""
        judged = self._judged(quarter)
        if Attained.MISSED in judged:
            return Attained.MISSED
        if not any(judged):
            return None
        return Attained.MET if set(judged) == {Attained.MET} else Attained.NOT_YET

    def at_risk(self, quarter: Quarter) -> bool:
        """Whether a unit asked has missed it, or stands behind the share of the period that is over."""
        return any(
            reached is not None and (reached.attained is Attained.MISSED or self._behind(reached))
            for unit in self.asked
            for reached in [unit.at(self.target, quarter)]
        )

    def _judged(self, quarter: Quarter) -> list[Attained | None]:
        reached = [unit.at(self.target, quarter) for unit in self.asked]
        return [one.attained if one else None for one in reached]

    def _behind(self, reached: Reached) -> bool:
        """A rate is behind while it is short; a count while whole ones are missing that the time over would ask for."""
        if reached.attained is not Attained.NOT_YET or reached.figure.value is None:
            return False
        if not self.target.adds_up:
            return True
        first, last = self.target.period(reached.quarter)
        over, all_of_it = reached.quarter.number - first.number + 1, last.number - first.number + 1
        return reached.figure.value < self.target.value * over // all_of_it
