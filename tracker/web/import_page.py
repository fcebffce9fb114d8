"""What the draft page shows: the document with its marks, the doubts, the items, and what is still missing."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Any

from tracker.ledger import draft_fixes, draft_parts, draft_shape, draft_steps, imports
from tracker.ledger.doubts import Doubt, doubts_of
from tracker.ledger.draft_entries import Entry, deadline_of, target_of
from tracker.ledger.imports import ItemEdit
from tracker.ledger.tables.imports import Draft, DraftItem, DraftStep
from tracker.ledger.tables.units import Unit, UnitGroup, UnitKind
from tracker.ledger.units import Register
from tracker.web.import_forms import AssignForm, FactsForm, NameForm, NewUnitsForm, facts_form, new_units_form
from tracker.web.import_item_form import ItemForm, empty_item_form, item_form
from tracker.web.import_marks import Kind, Mark, Stretch, marked_lines, stretches

_FIELDS = (("units", Kind.UNIT), ("targets", Kind.TARGET), ("deadlines", Kind.DEADLINE))


@dataclass(frozen=True)
class Doings:
    """What the page holds besides the draft as it stands: the forms that were just refused, the name that is open."""

    item: ItemForm | None = None
    adding: ItemForm | None = None
    facts: FactsForm | None = None
    assign: AssignForm | None = None
    name: NameForm | None = None
    refusal: str = ""
    theirs: Sequence[tuple[str, str]] = ()  # what another person saved meanwhile: field and text


@dataclass(frozen=True)
class DraftPage:
    draft: Draft
    register: Register
    today: date
    opened: DraftItem | None
    doings: Doings = field(default_factory=Doings)

    # The forms

    @cached_property
    def form(self) -> ItemForm | None:
        if self.opened is None:
            return None
        return self.doings.item.with_an_empty_row_each() if self.doings.item else item_form(self.opened)

    @cached_property
    def adding(self) -> ItemForm:
        return self.doings.adding.with_an_empty_row_each() if self.doings.adding else empty_item_form()

    @cached_property
    def facts(self) -> FactsForm:
        return self.doings.facts or facts_form(self.draft)

    @cached_property
    def assign(self) -> AssignForm:
        return self.doings.assign or AssignForm(formdata=None)

    @cached_property
    def new_units(self) -> NewUnitsForm:
        """For the unknown names that look like one unit each."""
        return new_units_form([name for name in self.unknown if not imports.is_group_name(name)])

    # The document

    @cached_property
    def document(self) -> list[Stretch]:
        dropped = {line["line"]: line["reason"] for line in self.draft.dropped}
        doubts: dict[int, list[str]] = defaultdict(list)
        for doubt in self.open_doubts:
            doubts[doubt.line].append(doubt.text)
        return stretches(marked_lines(self.draft.source, list(self._marks()), dropped, doubts))

    def _marks(self) -> Iterator[Mark]:
        for item in self.draft.items:
            yield from marks_of(item)
        for doubt in self.open_doubts:
            yield from self._doubted(doubt)

    def _doubted(self, doubt: Doubt) -> Iterator[Mark]:
        """The excerpt where its line has it as printed; a repaired one is not found, and its line alone is marked."""
        if not doubt.excerpt or not 1 <= doubt.line <= len(self._line_starts):
            return
        start = self.draft.source.find(doubt.excerpt, self._line_starts[doubt.line - 1])
        if start >= 0 and self.line_of(start) == doubt.line:
            yield Mark(start, start + len(doubt.excerpt), Kind.DOUBT, doubt.item.id if doubt.item else None)

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(place + 1 for place, character in enumerate(self.draft.source) if character == "\n")]

    def line_of(self, place: int) -> int:
        return bisect_right(self._line_starts, place)

    # The items

    @cached_property
    def kept(self) -> list[DraftItem]:
        return [item for item in self.draft.items if not item.dropped]

    @cached_property
    def checked(self) -> int:
        return sum(item.checked for item in self.kept)

    @cached_property
    def out(self) -> frozenset[int]:
        return frozenset(item.id for item in self.draft.items if item.dropped)

    @cached_property
    def unled(self) -> int:
        return sum(not is_led(item) for item in self.kept)

    @cached_property
    def ticked(self) -> frozenset[int]:
        return frozenset(self.assign.items.data or ())

    def neighbour(self, step: int) -> DraftItem | None:
        """The item before or after the opened one."""
        if self.opened is None:
            return None
        place = self.draft.items.index(self.opened) + step
        return self.draft.items[place] if 0 <= place < len(self.draft.items) else None

    @cached_property
    def above(self) -> DraftItem | None:
        """The item that the opened one can be merged with."""
        return draft_shape.above(self.draft, self.opened) if self.opened and not self.opened.dropped else None

    @cached_property
    def sentences(self) -> list[tuple[int, str]]:
        """The opened item's sentences, each with its place, where the item can be split; the first has place 0."""
        if self.opened is None or self.opened.dropped:
            return []
        text = self.opened.task + self.opened.goal
        places = [0, *draft_parts.places(self.opened.task, self.opened.goal), len(text)]
        return [(start, text[start:end].strip()) for start, end in pairwise(places)]

    def said(self, column: str) -> Mapping[str, Entry]:
        """The opened item's entries by what stands in the first field of their rows."""
        entries = getattr(self.opened, column) if self.opened else []
        return {entry["name"] if column == "units" else entry["text"]: entry for entry in entries}

    # What was done

    @cached_property
    def _last_act(self) -> DraftStep | None:
        return draft_steps.last_act(self.draft.id)

    @property
    def latest(self) -> int:
        """The number of the newest act: with a greater one, somebody has changed the draft since."""
        return self._last_act.number if self._last_act else 0

    @cached_property
    def last_step(self) -> DraftStep | None:
        """The one that can be taken back."""
        if self._last_act is None or not self._last_act.undone:
            return self._last_act
        return draft_steps.last_step(self.draft.id)

    @cached_property
    def next_step(self) -> DraftStep | None:
        """The one that can be taken again; only after one was taken back."""
        taken_back = self._last_act is not None and self._last_act.undone
        return draft_steps.next_step(self.draft.id) if taken_back else None

    # What is left to do

    @cached_property
    def doubts(self) -> list[Doubt]:
        return doubts_of(self.draft)

    @cached_property
    def open_doubts(self) -> list[Doubt]:
        return [doubt for doubt in self.doubts if not doubt.settled]

    @cached_property
    def doubts_in(self) -> Mapping[int, int]:
        """How many doubts each item has, settled or not."""
        counts: dict[int, int] = defaultdict(int)
        for doubt in self.doubts:
            if doubt.item:
                counts[doubt.item.id] += 1
        return counts

    @cached_property
    def years(self) -> list[int]:
        return draft_fixes.years(self.draft)

    def leads_above(self, item: DraftItem) -> list[str]:
        return draft_fixes.leads_above(self.draft, item)

    @cached_property
    def repairs(self) -> list[Entry]:
        """What the reader repaired or noted without a doubt."""
        own = (remark for item in self.draft.items if item.read for remark in item.read["remarks"])
        return sorted((r for r in (*self.draft.remarks, *own) if not r["doubt"]), key=lambda r: r["line"])

    @cached_property
    def unknown(self) -> list[str]:
        return imports.unknown_names(self.draft, self.register)

    @cached_property
    def alike(self) -> dict[str, str]:
        """The registered name that each unknown one most likely means, where there is one."""
        found = ((name, draft_fixes.nearest(name, self.register)) for name in self.unknown)
        return {name: known for name, known in found if known}

    @cached_property
    def empty_groups(self) -> list[UnitGroup]:
        return [self.register.groups[name] for name in imports.empty_groups(self.draft, self.register, self.today)]

    @cached_property
    def obstacles(self) -> list[str]:
        return imports.obstacles(self.draft, self.register, self.today)

    # Units to choose from

    @cached_property
    def units(self) -> list[Unit]:
        known = {unit.id: unit for unit in self.register.units.values()}
        return sorted(known.values(), key=lambda unit: (unit.position, unit.id))

    @cached_property
    def members_chosen(self) -> frozenset[int]:
        """The ticked members of the name that is open; at first those that its wording suggests."""
        name = self.doings.name
        if name is None or name.members.data:
            return frozenset(name.members.data if name else ())
        kind = kind_of_group(name.name.data)
        return frozenset(unit.id for unit in self.units if unit.kind is kind)


def marks_of(item: DraftItem) -> Iterator[Mark]:
    """The item's own stretches of the document, and the evidence of what is accepted of it."""
    for start, end in item.read["spans"] if item.read else ():
        yield Mark(start, end, Kind.ITEM, item.id)
    for column, kind in _FIELDS:
        for entry in getattr(item, column):
            if entry["span"]:
                start, end = entry["span"]
                yield Mark(start, end, kind, item.id)


def is_led(item: DraftItem) -> bool:
    return any(entry["lead"] for entry in item.units)


def kind_of_group(name: str) -> UnitKind:
    """What kind of units a group's name most likely gathers."""
    if any(word in name for word in ("镇", "乡", "街道", "园区")):
        return UnitKind.TOWN
    return UnitKind.SECTION if any(word in name for word in ("科", "股", "处")) else UnitKind.DEPARTMENT


def next_to_check(draft: Draft, after: DraftItem) -> DraftItem | None:
    """The next item that nobody has checked, from the top again where there is none below."""
    waiting = [item for item in draft.items if not item.checked and not item.dropped]
    return next((item for item in waiting if item.position > after.position), waiting[0] if waiting else None)


def first_to_check(draft: Draft) -> DraftItem | None:
    return next((item for item in draft.items if not item.checked and not item.dropped), None)


def differences(item: DraftItem, edit: ItemEdit) -> list[tuple[str, str]]:
    """What stands in the item now, wherever it is not what the clerk typed."""
    mine = imports.edited(item, edit)
    now = {column: getattr(item, column) for column in mine}
    texts = ((label, _text(column, now), _text(column, mine)) for column, label in _LABELS.items())
    return [(label, theirs or "（空）") for label, theirs, typed in texts if theirs != typed]


_LABELS = {
    "section": "所属板块",
    "task": "工作任务",
    "goal": "工作目标",
    "units": "责任单位",
    "targets": "量化指标",
    "deadlines": "完成时限",
}


def _text(column: str, content: Mapping[str, Any]) -> str:
    """A column's content as a person reads it."""
    value = content[column]
    if column == "units":
        return "、".join(f"{entry['name']}（{'牵头' if entry['lead'] else '配合'}）" for entry in value)
    if column == "targets":
        return "；".join(f"{entry['text']}（{target_of(entry).label}）" for entry in value)
    if column == "deadlines":
        return "；".join(f"{entry['text']}（{deadline_of(entry).label}）" for entry in value)
    return " / ".join(value) if column == "section" else str(value)
