"""Which items acts have touched, so that what is remembered of a plan need be read afresh for these alone.

An act that is not named here touches everything: a new one makes pages slower until it is named, and never wrong.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, TypeVarTuple

from sqlalchemy import Select, select

from tracker.ledger.db import db
from tracker.ledger.memory import Deed, of_transaction
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.extensions import Extension
from tracker.ledger.tables.findings import Finding
from tracker.ledger.tables.instructions import Instruction, InstructionShare
from tracker.ledger.tables.lights import HandLight
from tracker.ledger.tables.occurrences import Occurrence
from tracker.ledger.tables.plans import Item
from tracker.ledger.tables.reports import QuarterReport

Ts = TypeVarTuple("Ts")


class _Reach(Enum):
    """How far an act reaches into the standings and lights of its organisation."""

    NOTHING = auto()
    LIGHTS = auto()  # beside the standings
    ITEM = auto()  # its duties and reports, and so its lights
    EVERYTHING = auto()


_ANY = "*"
_REACHES: Mapping[tuple[str, str], _Reach] = {
    ("quarter_report", "save"): _Reach.NOTHING,
    ("quarter_report", "add_evidence"): _Reach.NOTHING,
    ("quarter_report", "remove_evidence"): _Reach.NOTHING,
    ("quarter_report", "comment"): _Reach.NOTHING,
    ("quarter_report", "submit"): _Reach.ITEM,
    ("quarter_report", "review"): _Reach.ITEM,
    ("duty", _ANY): _Reach.ITEM,
    ("extension", _ANY): _Reach.ITEM,
    ("occurrence", _ANY): _Reach.ITEM,
    ("item", "set_date"): _Reach.ITEM,
    ("item", "adjust_duties"): _Reach.ITEM,
    ("item", "name_leader"): _Reach.NOTHING,
    ("finding", _ANY): _Reach.LIGHTS,
    ("hand_light", _ANY): _Reach.LIGHTS,
    ("instruction", _ANY): _Reach.NOTHING,
    ("instruction_share", _ANY): _Reach.NOTHING,
    ("notice", _ANY): _Reach.NOTHING,
    ("inspection", _ANY): _Reach.NOTHING,
    ("inspection_part", _ANY): _Reach.NOTHING,
    ("verified_class", _ANY): _Reach.NOTHING,
    ("paper", _ANY): _Reach.NOTHING,
    ("person", _ANY): _Reach.NOTHING,
    ("handover", _ANY): _Reach.NOTHING,
    ("preference", _ANY): _Reach.NOTHING,
    ("message", _ANY): _Reach.NOTHING,
    ("channel", _ANY): _Reach.NOTHING,
    ("draft", _ANY): _Reach.NOTHING,
    ("draft_item", _ANY): _Reach.NOTHING,
}
# Where the item of a record stands.
_ITEMS: Mapping[str, Select[int, int, int]] = {
    "quarter_report": select(QuarterReport.id, QuarterReport.plan_id, QuarterReport.item_id),
    "duty": select(Duty.id, Duty.plan_id, Duty.item_id),
    "extension": select(Extension.id, Duty.plan_id, Duty.item_id).join(Duty, Duty.id == Extension.duty_id),
    "occurrence": select(Occurrence.id, Occurrence.plan_id, Occurrence.item_id),
    "item": select(Item.id, Item.plan_id, Item.id),
}

# What is said of a unit by alerts changes with what was done to these, and with nothing else of the acts below.
_UNITS: Mapping[str, Select[int, int]] = {
    "quarter_report": select(QuarterReport.id, QuarterReport.unit_id),
    "duty": select(Duty.id, Duty.unit_id),
    "extension": select(Extension.id, Duty.unit_id).join(Duty, Duty.id == Extension.duty_id),
    "occurrence": select(Occurrence.id, Occurrence.unit_id),
    "item": select(Duty.item_id, Duty.unit_id),
    "finding": select(Finding.id, Finding.unit_id),
    "instruction": select(InstructionShare.instruction_id, InstructionShare.unit_id),
    "instruction_share": select(InstructionShare.id, InstructionShare.unit_id),
}

# Of which item a record tells, on the item's own page; a finding may be moved to another one, and is not among them.
_TELLING: Mapping[str, Select[int, int | None]] = {
    **{name: query.with_only_columns(*query.selected_columns[::2]) for name, query in _ITEMS.items()},
    "hand_light": select(HandLight.id, HandLight.item_id),
    "instruction": select(Instruction.id, Instruction.item_id),
    "instruction_share": select(InstructionShare.id, Instruction.item_id).join(InstructionShare.instruction),
}
_TOLD_OF_NO_ITEM = frozenset({"notice", "preference", "message", "channel", "draft", "draft_item"})


@dataclass(frozen=True)
class Touched:
    """By plan, the items whose duties or reports were touched; `lights` where some may shine otherwise for all that."""

    worked: Mapping[int, frozenset[int]]
    lights: bool

    def items_of(self, plan_id: int) -> frozenset[int]:
        return self.worked.get(plan_id, frozenset())


def touched(deeds: tuple[Deed, ...]) -> Touched | None:
    """None where one of the acts may have touched everything; at most one question for each sort of record."""
    known = of_transaction("touched")
    if deeds not in known:
        known[deeds] = _touched(deeds)
    found: Touched | None = known[deeds]
    return found


def work_touched(deeds: tuple[Deed, ...]) -> bool:
    """Whether any figure may be another: anything at all was done to items, lights or units."""
    return any(_reach(deed) is not _Reach.NOTHING or deed.record in _UNITS for deed in deeds)


def unless(*records: str) -> Callable[[Any, tuple[Deed, ...]], Any]:
    """How to renew what changes with acts on these sorts of record alone, and with those that touch everything."""

    def renew(known: Any, deeds: tuple[Deed, ...]) -> Any:
        changed = any(deed.record in records or _reach(deed) is _Reach.EVERYTHING for deed in deeds)
        return None if changed else known

    return renew


def unless_on(item_id: int) -> Callable[[Any, tuple[Deed, ...]], Any]:
    """How to renew what tells everything of one item: acts on others leave it as it is."""

    def renew(known: Any, deeds: tuple[Deed, ...]) -> Any:
        told = _told_of(deeds)
        return None if told is None or item_id in told else known

    return renew


def _told_of(deeds: tuple[Deed, ...]) -> frozenset[int | None] | None:
    """The items whose pages tell of these acts; None where it may be any."""
    known = of_transaction("told_of")
    if deeds not in known:
        known[deeds] = _items_telling(deeds)
    found: frozenset[int | None] | None = known[deeds]
    return found


def _items_telling(deeds: Iterable[Deed]) -> frozenset[int | None] | None:
    records: dict[str, set[int]] = defaultdict(set)
    for deed in deeds:
        if _reach(deed) is _Reach.EVERYTHING or deed.record not in _TOLD_OF_NO_ITEM | _TELLING.keys():
            return None
        if deed.record in _TELLING:
            records[deed.record].add(deed.record_id)
    asked = (_named(_TELLING[name], ids) for name, ids in records.items())
    return frozenset(item_id for query in asked for _, item_id in db.session.execute(query))


def units_touched(deeds: tuple[Deed, ...]) -> frozenset[int] | None:
    """The units whose matters may call for an alert now, or no longer; None where it may be any."""
    known = of_transaction("units_touched")
    if deeds not in known:
        known[deeds] = _units_touched(deeds)
    found: frozenset[int] | None = known[deeds]
    return found


def _units_touched(deeds: Iterable[Deed]) -> frozenset[int] | None:
    records: dict[str, set[int]] = defaultdict(set)
    for deed in deeds:
        if _reach(deed) is _Reach.EVERYTHING:
            return None
        records[deed.record].add(deed.record_id)
    asked = (_named(query, records[name]) for name, query in _UNITS.items() if name in records)
    return frozenset(unit_id for query in asked for _, unit_id in db.session.execute(query))


def _named(query: Select[*Ts], ids: set[int]) -> Select[*Ts]:
    return query.where(query.selected_columns[0].in_(ids))


def _reach(deed: Deed) -> _Reach:
    return _REACHES.get((deed.record, deed.act)) or _REACHES.get((deed.record, _ANY), _Reach.EVERYTHING)


def _touched(deeds: Iterable[Deed]) -> Touched | None:
    reached: dict[_Reach, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for deed in deeds:
        reach = _reach(deed)
        if reach is _Reach.EVERYTHING:
            return None
        reached[reach][deed.record].add(deed.record_id)
    return Touched(_items(reached[_Reach.ITEM]), lights=_Reach.LIGHTS in reached)


def _items(records: Mapping[str, set[int]]) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for record, ids in records.items():
        for _, plan_id, item_id in db.session.execute(_named(_ITEMS[record], ids)):
            found[plan_id].add(item_id)
    return {plan_id: frozenset(item_ids) for plan_id, item_ids in found.items()}
