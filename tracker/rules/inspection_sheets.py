"""The figures of the quarterly inspection sheet (季度检查表)."""

from dataclasses import dataclass
from datetime import date

from tracker.rules.inspection_results import Verdict
from tracker.rules.quarters import Quarter


@dataclass(frozen=True)
class Judged:
    """A verdict on one criterion, and the fact; None and an empty text where nobody has judged it."""

    criterion: str
    question: str
    verdict: Verdict | None = None
    fact: str = ""


@dataclass(frozen=True)
class CheckedUnit:
    """What an inspection of the quarter found at the unit: by criterion, by whom, and what the unit said of it.

    A criterion that was not judged of the unit as a whole takes the worst verdict of its items.
    """

    title: str
    number: str
    methods: tuple[str, ...]
    criteria: tuple[Judged, ...]
    checkers: tuple[str, ...]
    checked_on: date | None
    confirmation: str
    findings: tuple[str, ...] = ()


@dataclass(frozen=True)
class InspectedItem:
    """One item as it stands at one unit.  `light_sign` and `light_word` are printed together, never a colour alone.

    `standing` is the sentence (逾期 12 天); `late` lists what is overdue or was done late, one sentence each;
    `report_state` is empty where nothing was reported, and then the four texts are empty too.
    """

    number: int
    section: str
    task: str
    goal: str
    role: str
    targets: tuple[str, ...]
    deadlines: tuple[str, ...]
    light_sign: str
    light_word: str
    standing: str
    late: tuple[str, ...]
    report_state: str
    progress_class: str
    progress: str
    achievements: str
    problems: str
    next_steps: str
    judged: tuple[Judged, ...] = ()
    verified_class: str = ""


@dataclass(frozen=True)
class UnitSheet:
    unit: str
    items: tuple[InspectedItem, ...]
    checked: CheckedUnit | None = None

    @property
    def reported(self) -> int:
        return sum(1 for item in self.items if item.report_state)

    @property
    def late(self) -> int:
        return sum(1 for item in self.items if item.late)


@dataclass(frozen=True)
class InspectionSheets:
    """Everything the quarterly inspection sheet prints; page, DOCX and PDF are renderers of it.

    `sample` is True where the data are a demonstration, and then every sheet says so (示例数据).
    `edition` says that the figures were corrected after they had been sealed, else it is empty.
    """

    organisation: str
    plan: str
    quarter: Quarter
    as_of: date
    check_word: str
    units: tuple[UnitSheet, ...]
    sample: bool = False
    edition: str = ""

    @property
    def title(self) -> str:
        return f"{self.quarter.label}工作计划落实情况{self.check_word}表"
