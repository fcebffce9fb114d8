"""What an address asks of the ledger's lists: a unit, a section, a standing, a light, dates, some words."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, TypeVar

from flask import request

from tracker.ledger import units
from tracker.ledger.standing import Scope
from tracker.ledger.tables.plans import Item
from tracker.ledger.tables.units import Unit
from tracker.rules.items import ItemLine, Whose
from tracker.rules.lights import Light
from tracker.rules.refusals import Invalid, NotFound
from tracker.rules.standing import Standing
from tracker.rules.summary import Timing
from tracker.web.access import visitor
from tracker.web.addresses import record_id

LONGEST_SEARCH = 100  # characters


class Part(StrEnum):
    LEAD = "lead"
    SUPPORT = "support"

    @property
    def label(self) -> str:
        return {Part.LEAD: "牵头", Part.SUPPORT: "配合"}[self]


class Order(StrEnum):
    PLAN = "plan"
    WORST = "worst"

    @property
    def label(self) -> str:
        return {Order.PLAN: "按计划顺序", Order.WORST: "最差在前"}[self]


@dataclass(frozen=True)
class Filters:
    """What the address asks of the list; what it does not name filters nothing.

    `late` asks for what was not reported in time and is not reported yet.
    """

    unit: Unit | None = None
    part: Part | None = None
    section: str = ""
    standing: Standing | None = None
    light: Light | None = None
    dates: Timing | None = None
    q: str = ""
    cancelled: bool = False
    late: bool = False
    sort: Order | None = None

    @property
    def address(self) -> dict[str, Any]:
        named = {field.name: getattr(self, field.name) for field in fields(self)}
        named |= {name: "1" if named[name] else "" for name in ("cancelled", "late")}
        return {name: value.id if isinstance(value, Unit) else value for name, value in named.items() if value}

    @property
    def narrows(self) -> bool:
        return bool(self.address.keys() - {"sort", "cancelled"})

    @property
    def scope(self) -> Scope:
        return frozenset({self.unit.id}) if self.unit else None

    @property
    def whose(self) -> Whose:
        lead = None if self.part is None else self.part is Part.LEAD
        return Whose(self.unit.id if self.unit else None, lead)

    def names(self, item: Item) -> bool:
        return self.section in ("", item.heading) and self.q.lower() in f"{item.number} {item.task} {item.goal}".lower()

    def shows(self, line: ItemLine) -> bool:
        asked_for = not self.late or line.report_late
        return asked_for and self.standing in (None, line.standing) and self.light in (None, line.lit.light)


Choice = TypeVar("Choice", bound=StrEnum)


def read_filters() -> Filters:
    """Raise Invalid for a choice that no list offers, NotFound for a unit that is not the visitor's to see."""
    return Filters(
        unit=_unit(),
        part=_choice("part", Part),
        section=request.args.get("section", ""),
        standing=_choice("standing", Standing),
        light=_choice("light", Light),
        dates=_choice("dates", Timing),
        q=request.args.get("q", "").strip()[:LONGEST_SEARCH],
        cancelled=request.args.get("cancelled") == "1",
        late=request.args.get("late") == "1",
        sort=_choice("sort", Order),
    )


def _unit() -> Unit | None:
    if not request.args.get("unit"):
        return None
    asked = request.args.get("unit", type=record_id)
    for unit in _units_in_reach():
        if unit.id == asked:
            return unit
    raise NotFound


def _units_in_reach() -> list[Unit]:
    me = visitor()
    return [unit for unit in units.units_of(me.organisation_id) if me.scope is None or unit.id in me.scope]


def _choice(name: str, kind: type[Choice]) -> Choice | None:
    written = request.args.get(name, "")
    try:
        return kind(written) if written else None
    except ValueError:
        raise Invalid(f"没有“{written[:20]}”这个筛选项，请从页面的选项中选择。") from None


def choices_of(outline: Iterable[Item], filters: Filters) -> dict[str, list[tuple[object, str]]]:
    """What each filter offers, as pairs of value and label; a section that the plan lacks stays to be seen."""
    sections = dict.fromkeys(item.heading for item in outline) | ({filters.section: None} if filters.section else {})
    return {
        "unit": [(unit.id, unit.name) for unit in _units_in_reach()],
        "section": [(section, section) for section in sections],
        "part": [(part.value, part.label) for part in Part],
        "standing": [(standing.value, standing.label) for standing in Standing],
        "light": [(light.value, f"{light.sign} {light.label}") for light in Light],
        "dates": [(timing.value, timing.label) for timing in Timing],
        "sort": [(order.value, order.label) for order in Order],
    }
