"""Standing: how a duty, a unit's share of an item, and an item stand on a date.

Everything here is derived from duties and reports as they were at the end of `as_of`; nothing of it is stored.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from tracker.rules.duties import DutyKind
from tracker.rules.extensions import Moved
from tracker.rules.quarters import Quarter
from tracker.rules.reports import ProgressClass, ReportState


class DutyState(StrEnum):
    OVERDUE = "overdue"
    OPEN = "open"
    UNDETERMINED = "undetermined"
    DONE_LATE = "done_late"
    DONE = "done"

    @property
    def label(self) -> str:
        return {
            DutyState.OVERDUE: "逾期",
            DutyState.OPEN: "未到期",
            DutyState.UNDETERMINED: "时限待定",
            DutyState.DONE_LATE: "逾期完成",
            DutyState.DONE: "按期完成",
        }[self]


class DutyFacts(NamedTuple):
    """A duty and, where it is done, the day on which it was (see `OwedDuty` for `due` and `answer_by`).

    `owed_from` is the day of the revision that brought it, `ended_on` that of the one that took it back: of those taken
    back only what was done is still told.  `revised_due` is the date to which an approved extension has moved `due`.
    By it the duty is judged from then on; what became of the original date is told beside it, and stays as it is.
    `goes_on` says that it took the place of one of another day or of a unit that is gone: it was owed before.
    """

    id: int
    item_id: int
    unit_id: int
    lead: bool
    kind: DutyKind
    label: str
    quarter: Quarter | None
    due: date | None
    answer_by: date | None
    done_on: date | None
    owed_from: date | None = None
    ended_on: date | None = None
    revised_due: date | None = None
    goes_on: bool = False

    @property
    def due_now(self) -> date | None:
        """The last day on which the work is on time, as things stand."""
        return self.revised_due or self.due

    @property
    def answer_by_now(self) -> date | None:
        """The day by which the ledger must hear of it, as things stand."""
        if self.answer_by is None or self.revised_due is None:
            return self.answer_by
        return max(self.answer_by, self.revised_due)

    @property
    def moved(self) -> Moved | None:
        """Both dates, where an extension has moved it."""
        return Moved(self.due, self.revised_due) if self.due and self.revised_due else None

    def counts_in(self, quarter: Quarter) -> bool:
        """What a revision brought after a quarter's end is none of that quarter's; what goes on was owed before."""
        if self.goes_on and self.quarter is not None and self.quarter <= quarter:
            return True
        return self.owed_from is None or self.owed_from <= quarter.end

    def holds_in(self, quarter: Quarter) -> bool:
        """Whether it is still the unit's at the end of the quarter, and no revision has taken it back by then."""
        return self.ended_on is None or self.ended_on > quarter.end

    def state(self, as_of: date) -> DutyState:
        return self._judged_by(self.due_now, self.answer_by_now, as_of)

    def original_state(self, as_of: date) -> DutyState:
        """How it stands by the original date, which is what an assessment looks at."""
        return self._judged_by(self.due, self.answer_by, as_of)

    def _judged_by(self, due: date | None, answer_by: date | None, as_of: date) -> DutyState:
        if self.done_on:
            return DutyState.DONE_LATE if due and self.done_on > due else DutyState.DONE
        if answer_by is None:
            return DutyState.UNDETERMINED
        return DutyState.OVERDUE if answer_by < as_of else DutyState.OPEN

    def days_left(self, as_of: date) -> int | None:
        """Days until it must be answered: 0 on the last day, negative once overdue; None when done or undated."""
        return None if self.done_on or self.answer_by_now is None else (self.answer_by_now - as_of).days

    def fell_due(self, as_of: date) -> bool:
        """Whether the plan's own date can be judged: it has passed, or the work is done."""
        return self.due is not None and self.original_state(as_of) is not DutyState.OPEN

    def on_time_original(self, as_of: date) -> bool:
        """Whether it was done by the original date: once that has passed with nothing done, no extension mends it."""
        return self.fell_due(as_of) and self.original_state(as_of) is DutyState.DONE

    def on_time_revised(self, as_of: date) -> bool:
        """Whether what fell due was done by the date that holds now, or an approved extension still runs."""
        return self.fell_due(as_of) and self.state(as_of) in (DutyState.DONE, DutyState.OPEN)


class ReportFacts(NamedTuple):
    """What a unit last handed in for one item and quarter, and what the office said of it."""

    item_id: int
    unit_id: int
    state: ReportState
    progress_class: ProgressClass


class Standing(StrEnum):
    """How a share or an item stands in a quarter, worst first."""

    OVERDUE = "overdue"
    RETURNED = "returned"
    BEHIND = "behind"
    UNREPORTED = "unreported"
    OTHER = "other"
    ON_SCHEDULE = "on_schedule"
    AHEAD = "ahead"
    COMPLETED = "completed"
    UNASSIGNED = "unassigned"

    __hash__ = str.__hash__  # it is counted by the ten thousand, and an enumeration's own is many times slower

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def badness(self) -> int:
        """0 is the worst."""
        return _ORDER[self]


_LABELS = {
    Standing.OVERDUE: "逾期",
    Standing.RETURNED: "退回待改",
    Standing.BEHIND: "欠进度",
    Standing.UNREPORTED: "待填报",
    Standing.OTHER: "其他",
    Standing.ON_SCHEDULE: "达进度",
    Standing.AHEAD: "超进度",
    Standing.COMPLETED: "已完成",
    Standing.UNASSIGNED: "未分工",
}
_ORDER = {standing: number for number, standing in enumerate(Standing)}


class ShareStanding(NamedTuple):
    """How one unit's share of one item stands.

    `days_left` is that of its most pressing open duty, negative where work is overdue; `moved` is what an extension
    has made of its date.  A report that is not in makes no work overdue: `report_late` counts the days since its day.
    """

    item_id: int
    unit_id: int
    lead: bool
    standing: Standing
    days_left: int | None
    reviewed: bool
    late: int
    moved: Moved | None = None
    report_late: int = 0

    @property
    def days_overdue(self) -> int:
        return -self.days_left if self.days_left is not None and self.days_left < 0 else 0

    @property
    def report_is_late(self) -> bool:
        """Whether it stands as unreported, and the day to report has passed (未按时填报)."""
        return self.standing is Standing.UNREPORTED and self.report_late > 0

    @property
    def pressure(self) -> tuple[int, float]:
        """Sorts the worst standing first, and of several alike the one that is due first."""
        left = -self.report_late or self.days_left
        return self.standing.badness, float("inf") if left is None else left


def overdue_first(duties: Iterable[DutyFacts], as_of: date) -> list[DutyFacts]:
    """The overdue ones alone, longest overdue first."""
    open_ones = (duty for duty in duties if duty.done_on is None)  # first, for most of a year's thousands are done
    late = [duty for duty in open_ones if duty.state(as_of) is DutyState.OVERDUE]
    return sorted(late, key=lambda duty: (duty.days_left(as_of) or 0, duty.item_id, duty.unit_id, duty.id))


def share_standing(
    duties: Iterable[DutyFacts], report: ReportFacts | None, as_of: date, quarter: Quarter
) -> ShareStanding:
    """Fold one unit's duties on one item, at least one of them, with its report for the quarter.

    Only work is overdue; the quarter's report that is not in after its day leaves the share unreported.
    `late` counts the duties that are overdue or were done late: late stays late for ever.
    """
    owed = list(duties)
    days_left, pressing, late, report_late = None, None, 0, 0
    for duty in owed:  # one pass, for a page folds thousands
        left = duty.days_left(as_of)
        if left is None:
            late += duty.state(as_of) is DutyState.DONE_LATE
            continue
        late += left < 0
        if left < 0 and duty.kind is DutyKind.QUARTER_REPORT:
            report_late = max(report_late, -left) if duty.quarter == quarter else report_late
        elif days_left is None or left < days_left:
            days_left, pressing = left, duty
    return ShareStanding(
        item_id=owed[0].item_id,
        unit_id=owed[0].unit_id,
        lead=_leads(owed),
        standing=_standing(days_left is not None and days_left < 0, report),
        days_left=days_left,
        reviewed=report is not None and report.state is ReportState.ACCEPTED,
        late=late,
        moved=pressing.moved if pressing else None,
        report_late=report_late,
    )


def _leads(owed: Sequence[DutyFacts]) -> bool:
    """A revision may have changed the unit's part: what came last tells."""
    if all(duty.owed_from is None for duty in owed):
        return any(duty.lead for duty in owed)
    last = max(duty.owed_from or date.min for duty in owed)
    return any(duty.lead for duty in owed if (duty.owed_from or date.min) == last)


def _standing(overdue: bool, report: ReportFacts | None) -> Standing:
    if overdue:
        return Standing.OVERDUE
    if report is None:
        return Standing.UNREPORTED
    if report.state is ReportState.RETURNED:
        return Standing.RETURNED
    return Standing(report.progress_class)


def carrying(shares: Iterable[ShareStanding]) -> list[ShareStanding]:
    """Those of an item's shares whose standing is the item's: the leads', who carry the result; without a lead, all.

    A supporting unit that is late shows at that unit and among the overdue duties.
    """
    held = list(shares)
    return [share for share in held if share.lead] or held
