"""Which findings the address asks for: state, unit, source, criterion, quarter."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from flask import request

from tracker.ledger.finding_lists import Line
from tracker.rules.findings import UNDER_WAY, FindingSource, FindingState
from tracker.rules.quarters import Quarter
from tracker.rules.refusals import Invalid
from tracker.web.addresses import record_id


class Which(StrEnum):
    """What the list can be narrowed to beside a state."""

    OVERDUE = "overdue"
    REPEAT = "repeat"
    UNDER_WAY = "under_way"
    OBJECTED = "objected"
    DIFFERS = "differs"
    UNFOUNDED = "unfounded"

    @property
    def label(self) -> str:
        return {
            Which.OVERDUE: "整改逾期",
            Which.REPEAT: "屡查屡犯",
            Which.UNDER_WAY: "未销号",
            Which.OBJECTED: "异议待答复",
            Which.DIFFERS: "与单位自报不一致",
            Which.UNFOUNDED: "不予认定",
        }[self]


State = FindingState | Which
T = TypeVar("T")


@dataclass(frozen=True)
class Filters:
    state: State | None
    unit: int | None
    source: FindingSource | None
    criterion: str
    quarter: Quarter | None

    @property
    def address(self) -> dict[str, str | int]:
        """What a link to the same list carries."""
        asked = {
            "state": self.state.value if self.state else "",
            "unit": self.unit or "",
            "source": self.source.value if self.source else "",
            "criterion": self.criterion,
            "quarter": str(self.quarter or ""),
        }
        return {name: value for name, value in asked.items() if value}

    @property
    def beside_state(self) -> dict[str, str | int]:
        return {name: value for name, value in self.address.items() if name != "state"}

    def narrows(self, line: Line) -> bool:
        """Whether the line is asked for, whatever its state."""
        known = line.known
        asked = (
            (self.unit, known.unit_id),
            (self.source, line.source),
            (self.criterion or None, known.criterion),
            (self.quarter, known.quarter),
        )
        return all(wanted is None or wanted == held for wanted, held in asked)


def read_filters() -> Filters:
    """Raise Invalid for what the page does not offer."""
    return Filters(
        state=_one("state", _state),
        unit=request.args.get("unit", type=record_id),
        source=_one("source", FindingSource),
        criterion=request.args.get("criterion", "").strip(),
        quarter=_one("quarter", Quarter.parse),
    )


def _state(written: str) -> State:
    return Which(written) if written in tuple(Which) else FindingState(written)


def _one(name: str, read: Callable[[str], T]) -> T | None:
    written = request.args.get(name, "").strip()
    try:
        return read(written) if written else None
    except ValueError:
        raise Invalid(f"没有“{written[:20]}”这个选项，请从页面上选择。") from None


def is_of(line: Line, state: State, today: date, differing: Sequence[int]) -> bool:
    """Whether a line belongs to what the state names."""
    known = line.known
    if isinstance(state, FindingState):
        return known.state is state and not known.unfounded
    return {
        Which.OVERDUE: known.days_overdue(today) > 0,
        Which.REPEAT: bool(line.repeats),
        Which.UNDER_WAY: known.state in UNDER_WAY,
        Which.OBJECTED: known.objected_on is not None,
        Which.DIFFERS: known.id in differing,
        Which.UNFOUNDED: known.unfounded,
    }[state]
