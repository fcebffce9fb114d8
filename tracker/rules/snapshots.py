"""A sealed quarter (封存): everything that its papers are set from, as one value that never changes.

A paper asks nothing but its snapshot: no session, no clock, no setting.  Days and figures are those of `as_of`, the
words are those that stood then; names of units are theirs on that day.  `Snapshot.to_json` is kept with its hash.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any

from tracker.rules import canonical
from tracker.rules.findings import FindingSource
from tracker.rules.lights import Light
from tracker.rules.quarters import Quarter
from tracker.rules.reports import ProgressClass, ReportState
from tracker.rules.standing import Standing
from tracker.rules.summary import Punctuality, Tally

FORMAT = 1


@dataclass(frozen=True)
class UnitEntry:
    """A unit of the roster, in the register's order; `head` is who was responsible for it (责任人), where known."""

    id: int
    name: str
    kind: str
    groups: tuple[str, ...] = ()
    head: str = ""


@dataclass(frozen=True)
class LightEntry:
    """Sign, word and reason as they stood; never a colour alone."""

    light: Light
    reason: str
    by_hand: bool = False

    @property
    def text(self) -> str:
        return f"{self.light.sign} {self.light.label} {self.reason}"


@dataclass(frozen=True)
class TargetEntry:
    """A target as printed, and how far it is reached: of so many units asked, so many have met it.

    `reached` are the figures in words, one to each unit that told one; `attained` is empty before any figure.
    """

    text: str
    units_asked: int = 0
    units_met: int = 0
    attained: str = ""
    reached: tuple[str, ...] = ()


@dataclass(frozen=True)
class DeadlineEntry:
    """A deadline as printed, the plan's day where it sets one, and the last to which an extension has moved it."""

    text: str
    original: date | None = None
    revised: date | None = None


@dataclass(frozen=True)
class ItemEntry:
    """An item that stood in the plan.  `number` is as printed, `position` counts from 1.

    `leads` and `supports` name units or groups as the plan does; `leader` (责任领导) and `owner` (责任人) are empty
    where the ledger has none.  `ended` are targets and deadlines of the first edition that a revision put an end to.
    """

    id: int
    position: int
    number: str
    section: tuple[str, ...]
    task: str
    short: str
    goal: str
    targets: tuple[TargetEntry, ...]
    deadlines: tuple[DeadlineEntry, ...]
    leads: tuple[str, ...]
    supports: tuple[str, ...]
    standing: Standing
    light: LightEntry
    report_late: bool = False
    leader: str = ""
    owner: str = ""
    added_on: date | None = None
    ended: tuple[str, ...] = ()
    verified: ProgressClass | None = None

    @property
    def heading(self) -> str:
        """The outermost heading above it, by which figures are grouped."""
        return self.section[0] if self.section else "（未分板块）"


@dataclass(frozen=True)
class CancelledItem:
    """An item that a revision had cancelled by then."""

    position: int
    number: str
    task: str
    cancelled_on: date
    reason: str


@dataclass(frozen=True)
class FigureEntry:
    """What a unit reported of a target; `value` is None where nothing was due."""

    target: str
    value: Decimal | None
    text: str
    attained: str = ""


@dataclass(frozen=True)
class ShareEntry:
    """One unit's part in one item: how it stands, and what the unit handed in.

    Without a report `report_state` and `progress_class` are None and the texts empty.  `report_late` counts the days
    since the day of a report that is not in; `late` are sentences on what is overdue or was done late.
    """

    item_id: int
    unit_id: int
    lead: bool
    standing: Standing
    light: LightEntry
    days_overdue: int = 0
    report_late: int = 0
    report_state: ReportState | None = None
    progress_class: ProgressClass | None = None
    progress: str = ""
    achievements: str = ""
    problems: str = ""
    next_steps: str = ""
    unchanged: bool = False
    missing_note: str = ""
    submitted_on: date | None = None
    submitted_by: str = ""
    figures: tuple[FigureEntry, ...] = ()
    evidence: tuple[str, ...] = ()
    late: tuple[str, ...] = ()
    moved: str = ""
    verified: ProgressClass | None = None

    @property
    def role(self) -> str:
        return "牵头" if self.lead else "配合"


@dataclass(frozen=True)
class FilingEntry:
    """A unit's reports for the quarter, counted: in on time, in late, not in; the last three are among those in."""

    unit_id: int
    owed: int
    on_time: int
    late: int
    missing: int
    returned: int = 0
    waiting: int = 0
    unchanged: int = 0


@dataclass(frozen=True)
class FindingEntry:
    """A finding of the quarter, or (`carried`) one of an earlier quarter that was still open when this one began.

    `state` is the word for it; `repeat` says which it repeats (屡查屡犯); `verified_by` is the verifier's last word.
    """

    id: int
    unit_id: int
    unit: str
    item_id: int | None
    item_position: int | None
    item: str
    quarter: Quarter
    source: FindingSource
    criterion: str
    problem: str
    basis: str
    demand: str
    found_on: date
    due: date
    state: str
    year: int
    number: int | None = None
    notified_on: date | None = None
    closed_on: date | None = None
    unfounded: bool = False
    carried: bool = False
    days_overdue: int = 0
    repeat: str = ""
    measures: str = ""
    result: str = ""
    verified_by: str = ""
    verified: ProgressClass | None = None
    reported: ProgressClass | None = None


@dataclass(frozen=True)
class InstructionEntry:
    """An instruction (批示) given in the quarter; `state` and `light` are the worst of its units'."""

    text: str
    about: str
    given_by: str
    given_on: date
    due: date
    units: tuple[str, ...]
    state: str
    light: LightEntry
    id: int | None = None
    item_id: int | None = None
    answered: int = 0
    closed: int = 0
    overdue: int = 0


@dataclass(frozen=True)
class NoticeEntry:
    """A paper of the ladder (催办单、督办单…) that was issued between the quarter's first day and `as_of`."""

    kind: str
    number: str
    unit: str
    matter: str
    issued_on: date
    reply_due: date | None
    state: str
    received_by: str = ""


@dataclass(frozen=True)
class VerdictEntry:
    """What the inspection said of one criterion at a unit, of one item or (None) of the unit as a whole.

    `verdict` is the word for it (符合、基本符合、不符合、不适用).
    """

    unit_id: int
    item_id: int | None
    criterion: str
    verdict: str
    fact: str = ""
    evidence: tuple[str, ...] = ()
    inspectors: tuple[str, ...] = ()
    confirmed: str = ""


@dataclass(frozen=True)
class ClauseEntry:
    """One line of the light rule in force, in words."""

    label: str
    light: Light


@dataclass(frozen=True)
class DifferenceEntry:
    """Where two of the three truths differ: what the unit reports, what was verified, what the calendar says.

    `calendar` is the sentence of what is overdue, empty where the difference is with what was verified.
    """

    item_id: int
    unit_id: int
    reported: ProgressClass | None
    verified: ProgressClass | None = None
    calendar: str = ""


@dataclass(frozen=True)
class Count:
    standing: Standing
    number: int


def counts_of(tally: Tally) -> tuple[Count, ...]:
    return tuple(Count(standing, tally[standing]) for standing in Standing if tally[standing])


def tally_of(counts: tuple[Count, ...]) -> Tally:
    return Counter({count.standing: count.number for count in counts})


@dataclass(frozen=True)
class Totals:
    """Items by standing; `report_late` counts those among the unreported of which the day to report has passed."""

    by_standing: tuple[Count, ...] = ()
    report_late: int = 0

    @property
    def items(self) -> int:
        return sum(count.number for count in self.by_standing)

    @property
    def tally(self) -> Tally:
        return tally_of(self.by_standing)


@dataclass(frozen=True)
class Change:
    """What a correction changed: where, which figure or text, and how it read before and after."""

    place: str
    what: str
    before: str
    after: str


@dataclass(frozen=True)
class Correction:
    """Why this is a later version (更正版), and what is otherwise than in the one before."""

    reason: str
    corrects: int
    made_on: date
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True)
class OfficeText:
    """A text of the office's own that papers are written from, as it was in force; `name` is the texts' own key."""

    name: str
    text: str


@dataclass(frozen=True)
class Snapshot:
    """`version` counts from 1; later ones carry the `correction` that made them.

    `before` are the totals of the quarter before at its own seal, or, `before_sealed` being False, as they stood as
    many days after that quarter's end; None where the plan has no quarter before.  `compared_on` is their day.
    """

    organisation: str
    office: str
    plan: str
    plan_year: int
    quarter: Quarter
    as_of: date
    version: int
    check_word: str
    light_rule: str
    light_clauses: tuple[ClauseEntry, ...]
    units: tuple[UnitEntry, ...]
    items: tuple[ItemEntry, ...]
    shares: tuple[ShareEntry, ...]
    filings: tuple[FilingEntry, ...]
    totals: Totals
    punctuality: Punctuality
    report_due: date | None = None
    before: Totals | None = None
    before_sealed: bool = False
    compared_on: date | None = None
    cancelled: tuple[CancelledItem, ...] = ()
    findings: tuple[FindingEntry, ...] = ()
    instructions: tuple[InstructionEntry, ...] = ()
    notices: tuple[NoticeEntry, ...] = ()
    verdicts: tuple[VerdictEntry, ...] = ()
    differences: tuple[DifferenceEntry, ...] = ()
    texts: tuple[OfficeText, ...] = ()
    correction: Correction | None = None
    sample: bool = False
    format: int = FORMAT

    def to_json(self) -> dict[str, Any]:
        plain: dict[str, Any] = canonical.to_plain(self)
        return plain

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> "Snapshot":
        """Raise ValueError for what no snapshot is."""
        try:
            return canonical.from_plain(cls, plain)
        except (TypeError, KeyError) as fault:
            raise ValueError(f"not a snapshot: {fault}") from fault

    @property
    def sha256(self) -> str:
        return canonical.sha256_of(self.to_json())

    @property
    def edition(self) -> str:
        """What a paper of a later version says beside its title; empty for the first."""
        return f"更正版（第{self.version}版）" if self.correction else ""

    @cached_property
    def unit_by_id(self) -> Mapping[int, UnitEntry]:
        return {unit.id: unit for unit in self.units}

    @cached_property
    def item_by_id(self) -> Mapping[int, ItemEntry]:
        return {item.id: item for item in self.items}

    @cached_property
    def shares_by_unit(self) -> Mapping[int, tuple[ShareEntry, ...]]:
        """In the plan's order."""
        return _grouped(self, "unit_id")

    @cached_property
    def shares_by_item(self) -> Mapping[int, tuple[ShareEntry, ...]]:
        """Leads first, each kind in the register's order."""
        return _grouped(self, "item_id")

    @cached_property
    def filing_by_unit(self) -> Mapping[int, FilingEntry]:
        return {filing.unit_id: filing for filing in self.filings}

    def tally_of_unit(self, unit_id: int) -> Tally:
        """The unit's shares by standing."""
        return Counter(share.standing for share in self.shares_by_unit.get(unit_id, ()))

    @cached_property
    def tally_by_section(self) -> Mapping[str, Tally]:
        """Items by standing under each outermost heading, in the plan's order."""
        found: dict[str, Tally] = {}
        for item in self.items:
            found.setdefault(item.heading, Counter())[item.standing] += 1
        return found


def _grouped(snapshot: Snapshot, by: str) -> dict[int, tuple[ShareEntry, ...]]:
    found: dict[int, list[ShareEntry]] = {}
    for share in snapshot.shares:
        found.setdefault(getattr(share, by), []).append(share)
    return {key: tuple(shares) for key, shares in found.items()}


class PaperKind(StrEnum):
    """The set of a closed quarter, in the order in which it is bound; the words are those of `flask print KIND`."""

    LEADERS_REPORT = "leaders-report"
    CIRCULAR = "circular"
    SUMMARY = "summary"
    INSPECTION = "inspection"
    BREAKDOWN = "breakdown"
    LEDGER = "ledger"
    REGISTER = "rectification-register"
    RECTIFICATION_NOTICE = "rectification-notice"
    REPORT_FORM = "report-form"

    @property
    def label(self) -> str:
        return _KINDS[self]

    @property
    def per_unit(self) -> bool:
        """Whether each unit has one of its own."""
        return self in (PaperKind.INSPECTION, PaperKind.REPORT_FORM)

    @property
    def circulates(self) -> bool:
        """Whether it is written to all units, each of which signs for it."""
        return self is PaperKind.CIRCULAR


_KINDS = {
    PaperKind.LEADERS_REPORT: "领导小组季度报告",
    PaperKind.CIRCULAR: "情况通报",
    PaperKind.SUMMARY: "季度检查汇总表",
    PaperKind.INSPECTION: "季度检查表",
    PaperKind.BREAKDOWN: "任务分解表",
    PaperKind.LEDGER: "工作台账",
    PaperKind.REGISTER: "整改台账",
    PaperKind.RECTIFICATION_NOTICE: "整改通知书",
    PaperKind.REPORT_FORM: "季度填报表",
}
