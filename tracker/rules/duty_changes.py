"""What changes of a plan's duties when its dates, its rosters, its units or the calendar do.

What is done stays as it was done, by whom it was done.  Of the rest, what is no longer demanded is taken back, what is
newly demanded comes, and what is due on another day, or falls to the unit that another was merged into, goes on there.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.rules.duties import DutyKind, OwedDuty, was_over
from tracker.rules.quarters import Quarter

Place = tuple[int, int, str]  # item, unit and key: what a duty is told by


class How(StrEnum):
    ADDED = "added"
    TAKEN_BACK = "taken_back"
    MOVED = "moved"  # the same matter is due on another day
    RANKED = "ranked"  # the unit leads where it supported, or the other way about
    HANDED = "handed"  # it passes from one unit to another

    @property
    def label(self) -> str:
        return {
            How.ADDED: "新增",
            How.TAKEN_BACK: "收回",
            How.MOVED: "调整期限",
            How.RANKED: "调整牵头、配合",
            How.HANDED: "划转",
        }[self]


@dataclass(frozen=True)
class KeptDuty:
    """A duty as the ledger keeps it; one that was taken back (`cancelled_on`) is told for what was done of it.

    `fixed` says that its day is not the plan's any more: an extension was approved.
    """

    id: int
    item_id: int
    unit_id: int
    lead: bool
    kind: DutyKind
    key: str
    label: str
    quarter: Quarter | None
    due: date | None
    answer_by: date | None
    cancelled_on: date | None
    handed_from_id: int | None
    done: bool
    fixed: bool = False
    target_id: int | None = None

    @property
    def place(self) -> Place:
        return self.item_id, self.unit_id, self.key

    @property
    def is_open(self) -> bool:
        return self.cancelled_on is None and not self.done


@dataclass(frozen=True)
class Difference:
    """`old` is what ends, `new` what comes in its place; for what is handed over, at another unit."""

    how: How
    item_id: int
    old: KeptDuty | None
    new: OwedDuty | None


@dataclass(frozen=True)
class Circumstances:
    """`successors` are the units that others were merged into.

    `excused`: who comes in now is not asked for dates that the plan names and that have passed.
    `revived`: the units that take up again what was taken from them on that day.
    """

    today: date
    successors: Mapping[int, int]
    excused: bool = False
    revived: Mapping[int, date] | None = None


def differences(
    wanted: Mapping[Place, OwedDuty], kept: Sequence[KeptDuty], given: Circumstances
) -> tuple[list[Difference], list[KeptDuty]]:
    """How to get from what is kept to what is wanted; and those done that nobody is asked for any more."""
    known = _Known(kept, given)
    now = {duty.place: duty for duty in kept if duty.cancelled_on is None}
    gone = [duty for place, duty in now.items() if place not in wanted]
    left = {duty.id: duty for duty in gone if not duty.done}
    found = list(_kept_otherwise(wanted, now, given.today))
    for place, owed in wanted.items():
        if place in now or place in known.settled:
            continue
        if source := known.source(place, left):
            del left[source.id]
            found.append(Difference(How.HANDED, place[0], source, owed))
        elif known.lets_come(place, owed):
            found.append(Difference(How.ADDED, place[0], None, owed))
    found += [Difference(How.TAKEN_BACK, duty.item_id, duty, None) for duty in left.values()]
    return _paired(found), [duty for duty in gone if duty.done]


def _kept_otherwise(
    wanted: Mapping[Place, OwedDuty], now: Mapping[Place, KeptDuty], today: date
) -> Iterator[Difference]:
    """What stays the unit's own, with another date or another part."""
    for place, duty in now.items():
        owed = wanted.get(place)
        if owed is None or duty.done:
            continue
        if (owed.due, owed.answer_by) != (duty.due, duty.answer_by) and not duty.fixed:
            yield Difference(How.MOVED, duty.item_id, duty, owed)
        elif owed.lead is not duty.lead and not was_over(duty.kind, duty.quarter, duty.due, today):
            yield Difference(How.RANKED, duty.item_id, duty, owed)


class _Known:
    """What the ledger has kept, by what is asked of it."""

    def __init__(self, kept: Sequence[KeptDuty], given: Circumstances) -> None:
        self.given = given
        self.by_id = {duty.id: duty for duty in kept}
        self.alike: dict[tuple[int, str], list[KeptDuty]] = defaultdict(list)
        self.ended_on: dict[Place, set[date | None]] = defaultdict(set)
        for duty in kept:
            self.alike[duty.item_id, duty.key].append(duty)
            self.ended_on[duty.place].add(duty.cancelled_on)
        done = [duty for duty in kept if duty.done]
        self.settled = {(duty.item_id, unit_id, duty.key) for duty in done for unit_id in self._settled_for(duty)}
        self.answered_undated = {
            (duty.item_id, duty.unit_id, duty.label) for duty in done if duty.kind is DutyKind.UNDETERMINED
        }

    def _settled_for(self, duty: KeptDuty) -> set[int]:
        """Where something is done, it is done for the units that the duty went through, and for their successor."""
        return {*self._units_through(duty), self.given.successors.get(duty.unit_id, duty.unit_id)}

    def _units_through(self, duty: KeptDuty) -> Iterator[int]:
        at: KeptDuty | None = duty
        while at is not None:
            yield at.unit_id
            at = self.by_id.get(at.handed_from_id or 0)

    def source(self, place: Place, left: Collection[int]) -> KeptDuty | None:
        """The open duty that goes on here: of a unit merged into this one, or of the one that it had gone to."""
        item_id, unit_id, key = place
        for duty in self.alike[item_id, key]:
            passes = self.given.successors.get(duty.unit_id) == unit_id or unit_id in self._units_through(duty)
            if duty.id in left and passes:
                return duty
        return None

    def lets_come(self, place: Place, owed: OwedDuty) -> bool:
        """Whether what was not owed so far is asked for now: not for periods that are over, unless it comes back."""
        revived_on = (self.given.revived or {}).get(owed.unit_id)
        if revived_on and revived_on in self.ended_on[place]:
            return True
        if was_over(owed.kind, owed.quarter, owed.due, self.given.today):
            return False
        if owed.kind is not DutyKind.MILESTONE or owed.due is None:
            return True
        # A date that is set for what was done without one asks for nothing more.
        answered = (place[0], owed.unit_id, owed.label) in self.answered_undated
        return not answered and not (self.given.excused and owed.due < self.given.today)


def _paired(found: Sequence[Difference]) -> list[Difference]:
    """Where one thing goes and one comes under the same words at the same unit, it is the same matter, moved."""
    alike: dict[tuple[int, int, str], list[Difference]] = defaultdict(list)
    for each in found:
        one = each.old or each.new
        assert one is not None
        if each.how in (How.ADDED, How.TAKEN_BACK):
            alike[each.item_id, one.unit_id, one.label].append(each)
    pairs = [both for both in alike.values() if {each.how for each in both} == {How.ADDED, How.TAKEN_BACK}]
    pairs = [both for both in pairs if len(both) == 2]
    paired = {id(each) for both in pairs for each in both}
    return [each for each in found if id(each) not in paired] + [_moved(*both) for both in pairs]


def _moved(one: Difference, other: Difference) -> Difference:
    return Difference(How.MOVED, one.item_id, one.old or other.old, one.new or other.new)
