"""The quarterly inspection (季度检查): criteria, verdicts, and the figures of its sheet.

Basis: the plans themselves order it (每季度…检查公开内容是否全面、准确、及时，公开制度是否落实到位).
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.rules.quarters import Quarter


class Criterion(StrEnum):
    COMPLETE = "complete"
    ACCURATE = "accurate"
    TIMELY = "timely"
    RULES_CARRIED_OUT = "rules_carried_out"

    @property
    def label(self) -> str:
        return {
            Criterion.COMPLETE: "全面",
            Criterion.ACCURATE: "准确",
            Criterion.TIMELY: "及时",
            Criterion.RULES_CARRIED_OUT: "制度落实",
        }[self]

    @property
    def question(self) -> str:
        return {
            Criterion.COMPLETE: "公开内容是否全面",
            Criterion.ACCURATE: "公开内容是否准确",
            Criterion.TIMELY: "公开内容是否及时",
            Criterion.RULES_CARRIED_OUT: "公开制度是否落实到位",
        }[self]


class Verdict(StrEnum):
    MET = "met"
    MOSTLY_MET = "mostly_met"
    NOT_MET = "not_met"
    NOT_APPLICABLE = "not_applicable"

    @property
    def label(self) -> str:
        return {
            Verdict.MET: "符合",
            Verdict.MOSTLY_MET: "基本符合",
            Verdict.NOT_MET: "不符合",
            Verdict.NOT_APPLICABLE: "不适用",
        }[self]


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


@dataclass(frozen=True)
class UnitSheet:
    unit: str
    items: tuple[InspectedItem, ...]

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
    """

    organisation: str
    plan: str
    quarter: Quarter
    as_of: date
    check_word: str
    units: tuple[UnitSheet, ...]
    sample: bool = False

    @property
    def title(self) -> str:
        return f"{self.quarter.label}工作计划落实情况{self.check_word}表"
