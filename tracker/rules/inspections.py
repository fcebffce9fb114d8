"""Inspections (检查): criteria and verdicts.

Basis: the plans themselves order it (每季度…检查公开内容是否全面、准确、及时，公开制度是否落实到位).
"""

from enum import StrEnum


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
