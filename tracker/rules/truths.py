"""Three truths (三个口径) kept apart: what the unit reported, what the inspector verified, what the calendar says."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from tracker.rules import findings
from tracker.rules.duties import DutyKind
from tracker.rules.reports import ProgressClass
from tracker.rules.standing import DutyFacts, DutyState, ReportFacts, ShareStanding, Standing, carrying

Key = tuple[int, int]  # item and unit: a share


class VerifiedAs(StrEnum):
    """What a check found; the classes are those of the reports."""

    FAULT = "fault"  # something is wrong, and no class was given
    BEHIND = "behind"
    OTHER = "other"
    ON_SCHEDULE = "on_schedule"
    AHEAD = "ahead"
    COMPLETED = "completed"
    UNCHECKED = "unchecked"

    @property
    def label(self) -> str:
        special = {VerifiedAs.FAULT: "发现问题", VerifiedAs.UNCHECKED: "未核实"}
        return special.get(self) or ProgressClass(self).label


class Calendar(StrEnum):
    """How the dates of an item stand, whatever was reported, worst first."""

    OVERDUE = "overdue"
    OPEN = "open"
    DONE = "done"
    UNDATED = "undated"

    @property
    def label(self) -> str:
        return {
            Calendar.OVERDUE: "逾期",
            Calendar.OPEN: "未到期",
            Calendar.DONE: "已办结",
            Calendar.UNDATED: "本季度无时限",
        }[self]


REPORTED = (
    Standing.BEHIND,
    Standing.UNREPORTED,
    Standing.OTHER,
    Standing.ON_SCHEDULE,
    Standing.AHEAD,
    Standing.COMPLETED,
)
_GOING_WELL = (Standing.ON_SCHEDULE, Standing.AHEAD, Standing.COMPLETED)
_BADNESS = {value: place for kind in (VerifiedAs, Calendar) for place, value in enumerate(kind)}


@dataclass(frozen=True)
class Truth:
    """One item by each of the three, by the worst of the shares that carry it.

    `differs` says that a check gave one of its units another class than it reported, or found a fault where it
    reported that all goes well; or that it reported so of what is overdue by the calendar.
    """

    item_id: int
    reported: Standing
    verified: VerifiedAs
    calendar: Calendar
    differs: bool


@dataclass(frozen=True)
class Truths:
    """Every item once, in the order of the plan."""

    lines: Sequence[Truth]

    @cached_property
    def reported(self) -> Counter[Standing]:
        return Counter(line.reported for line in self.lines)

    @cached_property
    def verified(self) -> Counter[VerifiedAs]:
        return Counter(line.verified for line in self.lines)

    @cached_property
    def calendar(self) -> Counter[Calendar]:
        return Counter(line.calendar for line in self.lines)

    @cached_property
    def differing(self) -> int:
        return sum(line.differs for line in self.lines)


def truths(
    item_ids: Iterable[int],
    shares: Iterable[ShareStanding],
    reports: Mapping[Key, ReportFacts],
    checked: Mapping[Key, ProgressClass | None],
    duties: Mapping[Key, Sequence[DutyFacts]],
    as_of: date,
) -> Truths:
    """`checked` has the shares that somebody looked at, with the class that they were given, if they were given one."""
    by_item: dict[int, list[ShareStanding]] = defaultdict(list)
    for share in shares:
        by_item[share.item_id].append(share)
    lines = []
    for item_id in item_ids:
        keys = [(item_id, share.unit_id) for share in carrying(by_item[item_id])]
        each = [_of_share(reports.get(key), key in checked, checked.get(key), duties[key], as_of) for key in keys]
        lines.append(_worst(item_id, each))
    return Truths(lines)


def _of_share(
    report: ReportFacts | None,
    looked_at: bool,
    given: ProgressClass | None,
    duties: Iterable[DutyFacts],
    as_of: date,
) -> tuple[Standing, VerifiedAs, Calendar, bool]:
    reported = Standing(report.progress_class) if report else Standing.UNREPORTED
    verified = (VerifiedAs(given) if given else VerifiedAs.FAULT) if looked_at else VerifiedAs.UNCHECKED
    calendar = calendar_of(duties, as_of)
    late = calendar is Calendar.OVERDUE and reported in _GOING_WELL
    refuted = looked_at and report is not None and findings.differs(report.progress_class, given)
    return reported, verified, calendar, late or refuted


def calendar_of(duties: Iterable[DutyFacts], as_of: date) -> Calendar:
    """By the plan's own dates alone: the day of a report is the ledger's."""
    states = {duty.state(as_of) for duty in duties if duty.kind is not DutyKind.QUARTER_REPORT}
    if DutyState.OVERDUE in states:
        return Calendar.OVERDUE
    if states & {DutyState.OPEN, DutyState.UNDETERMINED}:
        return Calendar.OPEN
    return Calendar.DONE if states else Calendar.UNDATED


def _worst(item_id: int, shares: Sequence[tuple[Standing, VerifiedAs, Calendar, bool]]) -> Truth:
    """An item that nobody carries was reported by nobody."""
    if not shares:
        return Truth(item_id, Standing.UNREPORTED, VerifiedAs.UNCHECKED, Calendar.UNDATED, differs=False)
    return Truth(
        item_id,
        min((reported for reported, _, _, _ in shares), key=lambda value: value.badness),
        min((verified for _, verified, _, _ in shares), key=_BADNESS.__getitem__),
        min((calendar for _, _, calendar, _ in shares), key=_BADNESS.__getitem__),
        any(differs for _, _, _, differs in shares),
    )
