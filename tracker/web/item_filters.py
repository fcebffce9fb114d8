"""What an address asks of the ledger's lists: words, a unit, group or kind, a section, how items stand, dates."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any, TypeVar

from flask import request

from tracker.ledger import units
from tracker.ledger.item_words import ItemWords
from tracker.ledger.standing import Scope
from tracker.ledger.tables.units import Unit, UnitGroup, UnitKind
from tracker.rules.dates import written
from tracker.rules.items import ItemLine, Whose
from tracker.rules.lights import Light
from tracker.rules.refusals import Invalid, NotFound
from tracker.rules.reports import ProgressClass
from tracker.rules.search import holds_all, words_of
from tracker.rules.standing import Standing
from tracker.rules.summary import Timing
from tracker.web.access import visitor
from tracker.web.addresses import record_id
from tracker.web.selection import selection

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
    DEADLINE = "deadline"
    UNIT = "unit"

    @property
    def label(self) -> str:
        return {
            Order.PLAN: "按计划顺序",
            Order.WORST: "最差在前",
            Order.DEADLINE: "先到期在前",
            Order.UNIT: "按单位",
        }[self]


LABELS = {
    "q": "查找",
    "unit": "单位",
    "part": "分工",
    "group": "单位组",
    "unit_kind": "单位类型",
    "section": "板块",
    "standing": "进展情况",
    "light": "灯",
    "progress": "进度等次",
    "dates": "期限情况",
    "due_from": "期限自",
    "due_to": "期限至",
    "late": "未按时填报",
    "overdue": "有逾期事项",
    "revised": "经修订",
    "risk": "指标有风险",
}
FLAGS = ("late", "overdue", "revised", "risk")


@dataclass(frozen=True)
class Chip:
    """One of the filters in words, and what the address asks without it."""

    words: str
    without: dict[str, Any]


@dataclass(frozen=True)
class Filters:
    """What the address asks of the list; what it does not name filters nothing.

    `members` are the units of the group or kind on the day that the list is of.  `late` asks for what was not reported
    in time and is not reported yet.
    """

    q: str = ""
    unit: Unit | None = None
    part: Part | None = None
    group: UnitGroup | None = None
    unit_kind: UnitKind | None = None
    section: str = ""
    standing: Standing | None = None
    light: Light | None = None
    progress: ProgressClass | None = None
    dates: Timing | None = None
    due_from: date | None = None
    due_to: date | None = None
    late: bool = False
    overdue: bool = False
    revised: bool = False
    risk: bool = False
    cancelled: bool = False
    sort: Order | None = None
    members: frozenset[int] | None = None

    @cached_property
    def address(self) -> dict[str, Any]:
        named = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "members"}
        return {name: _written(value) for name, value in named.items() if value}

    @property
    def narrowing(self) -> dict[str, Any]:
        return {name: value for name, value in self.address.items() if name in LABELS}

    @property
    def narrows(self) -> bool:
        return bool(self.narrowing)

    @property
    def scope(self) -> Scope:
        return frozenset({self.unit.id}) if self.unit else self.members

    @property
    def whose(self) -> Whose:
        lead = None if self.part is None else self.part is Part.LEAD
        return Whose(self.unit.id if self.unit else None, lead, self.members)

    @property
    def words(self) -> tuple[str, ...]:
        return words_of(self.q)

    def covers(self, item: ItemWords) -> bool:
        return self.section in ("", item.heading)

    def names(self, item: ItemWords) -> bool:
        """Whether the item is asked for by section and its own words; `item_lists` looks at its units' names too."""
        return self.covers(item) and holds_all(f"{item.number}\n{item.task}\n{item.goal}", self.words)

    def shows(self, line: ItemLine) -> bool:
        asked_for = not self.late or line.report_late
        return asked_for and self.standing in (None, line.standing) and self.light in (None, line.lit.light)

    @property
    def dated(self) -> bool:
        return bool(self.due_from or self.due_to)

    def spans(self, day: date | None) -> bool:
        """Whether the day lies between those asked for; both belong to it."""
        return day is not None and (self.due_from or date.min) <= day <= (self.due_to or date.max)

    @property
    def chips(self) -> list[Chip]:
        asked = self.address
        return [
            Chip(self._in_words(name), {other: asked[other] for other in asked if other != name})
            for name in LABELS
            if name in asked
        ]

    @property
    def sentence(self) -> str:
        """The filters in words, for paper."""
        return "；".join(chip.words for chip in self.chips)

    def _in_words(self, name: str) -> str:
        value = getattr(self, name)
        if name in FLAGS:
            return LABELS[name]
        if isinstance(value, date):
            return f"{LABELS[name]}{written(value)}"
        if isinstance(value, Unit | UnitGroup):
            return f"{LABELS[name]}：{value.name}"
        return f"{LABELS[name]}：{getattr(value, 'label', value)}"


def _written(value: object) -> object:
    if isinstance(value, Unit | UnitGroup):
        return value.id
    if isinstance(value, date):
        return value.isoformat()
    return "1" if value is True else value


Choice = TypeVar("Choice", bound=StrEnum)


def read_filters() -> Filters:
    """Raise Invalid for a choice that no list offers, NotFound for a unit that is not the visitor's to see."""
    group, kind = _group(), _kind()
    return Filters(
        q=request.args.get("q", "").strip()[:LONGEST_SEARCH],
        unit=_unit(),
        part=_choice("part", Part),
        group=group,
        unit_kind=kind,
        section=request.args.get("section", ""),
        standing=_choice("standing", Standing),
        light=_choice("light", Light),
        progress=_choice("progress", ProgressClass),
        dates=_choice("dates", Timing),
        due_from=_day("due_from"),
        due_to=_day("due_to"),
        late=_flag("late"),
        overdue=_flag("overdue"),
        revised=_flag("revised"),
        risk=_flag("risk"),
        cancelled=_flag("cancelled"),
        sort=_choice("sort", Order),
        members=units.asked_for(visitor().organisation_id, group, kind, selection().as_of),
    )


def _flag(name: str) -> bool:
    return request.args.get(name) == "1"


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


def _group() -> UnitGroup | None:
    """Only for those who see all units: of one's own alone a group says nothing."""
    if not request.args.get("group"):
        return None
    asked = request.args.get("group", type=record_id)
    if asked is None or visitor().scope is not None:
        raise NotFound
    return units.group_of(visitor().organisation_id, asked)


def _kind() -> UnitKind | None:
    """As with groups: only for those who see all units."""
    if request.args.get("unit_kind") and visitor().scope is not None:
        raise NotFound
    return _choice("unit_kind", UnitKind)


def _choice(name: str, kind: type[Choice]) -> Choice | None:
    written = request.args.get(name, "")
    try:
        return kind(written) if written else None
    except ValueError:
        raise Invalid(f"没有“{written[:20]}”这个筛选项，请从页面的选项中选择。") from None


def _day(name: str) -> date | None:
    asked = request.args.get(name, "").strip()
    try:
        return date.fromisoformat(asked) if asked else None
    except ValueError:
        raise Invalid(f"日期“{asked[:20]}”不存在，请按 2025-04-05 的格式填写。") from None


def choices_of(outline: Iterable[ItemWords], filters: Filters) -> dict[str, list[tuple[object, str]]]:
    """What each filter offers, as pairs of value and label; a section that the plan lacks stays to be seen."""
    sections = dict.fromkeys(item.heading for item in outline) | ({filters.section: None} if filters.section else {})
    me = visitor()
    known = [unit for unit in units.names_of(me.organisation_id) if me.scope is None or unit.id in me.scope]
    groups = units.group_names_of(me.organisation_id) if me.scope is None else ()
    kinds = units.kinds_of(me.organisation_id) if me.scope is None else ()
    return {
        "unit": [(unit.id, unit.name) for unit in known],
        "group": [(group.id, group.name) for group in groups],
        "unit_kind": [(kind.value, kind.label) for kind in kinds] if len(kinds) > 1 or filters.unit_kind else [],
        "section": [(section, section) for section in sections],
        "part": [(part.value, part.label) for part in Part],
        "standing": [(standing.value, standing.label) for standing in Standing],
        "light": [(light.value, f"{light.sign} {light.label}") for light in Light],
        "progress": [(kind.value, kind.label) for kind in ProgressClass],
        "dates": [(timing.value, timing.label) for timing in Timing],
        "sort": [(order.value, order.label) for order in Order],
    }
