"""What a sealed quarter holds of units, items, shares, findings and papers, each as it stood on the day."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tracker.rules.findings import FindingSource
from tracker.rules.lights import Light
from tracker.rules.quarters import Quarter
from tracker.rules.reports import ProgressClass, ReportState
from tracker.rules.standing import Standing


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
