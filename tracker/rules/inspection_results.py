"""What is judged of a unit: criteria and verdicts, their places in its part, and whether all of them are told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tracker.rules.refusals import Refusal

MOST_FILES = 9  # to one verdict
WHOLE_UNIT = "单位总体情况"


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


STANDARD_CRITERIA = tuple(criterion.label for criterion in Criterion)


def question_of(criterion: str) -> str:
    """What the criterion asks; the office's own say it by their name alone."""
    return next((each.question for each in Criterion if each.label == criterion), "")


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

    @property
    def sign(self) -> str:
        """Stands beside the word, so that black and white print reads."""
        return {Verdict.MET: "√", Verdict.MOSTLY_MET: "△", Verdict.NOT_MET: "×", Verdict.NOT_APPLICABLE: "—"}[self]

    @property
    def wants_fact(self) -> bool:
        """What is not fully met must be told, or the unit could neither confirm nor mend it."""
        return self in (Verdict.MOSTLY_MET, Verdict.NOT_MET)


def worst(verdicts: Iterable[Verdict]) -> Verdict | None:
    """Of the items' verdicts the one that speaks for the unit, where none was given for it as a whole."""
    order = (Verdict.NOT_MET, Verdict.MOSTLY_MET, Verdict.MET, Verdict.NOT_APPLICABLE)
    given = set(verdicts)
    return next((each for each in order if each in given), None)


def cell_of(item_id: int | None, criterion: str, *, by_unit: bool) -> str:
    """The place of a verdict within a unit's part; item 0 is the unit as a whole."""
    return f"{'self' if by_unit else 'check'}:{item_id or 0}:{criterion}"


def place_of(cell: str) -> tuple[int, str]:
    """Item (0 for the unit as a whole) and criterion of a cell."""
    _, item_id, criterion = cell.split(":", 2)
    return int(item_id), criterion


@dataclass(frozen=True)
class Answer:
    """One verdict as it is written: by the unit of itself, or by a checker."""

    verdict: Verdict
    fact: str = ""
    link: str = ""


def missing(answers: Iterable[tuple[str, Answer]]) -> list[str]:
    """By name those whose fact is missing."""
    return [name for name, answer in answers if answer.verdict.wants_fact and not answer.fact.strip()]


def check_complete(open_cells: Sequence[str], without_fact: Sequence[str]) -> None:
    """Raise Refusal where the unit could not confirm the whole: no verdict at all, or no fact to a bad one."""
    if open_cells:
        raise Refusal(f"还有 {len(open_cells)} 处没有检查结论：{_first(open_cells)}。请补齐后再送单位确认。")
    if without_fact:
        raise Refusal(f"有 {len(without_fact)} 处不符合或基本符合没有写明事实：{_first(without_fact)}。请补齐。")


def _first(names: Sequence[str], most: int = 5) -> str:
    return "、".join(names[:most]) + ("等" if len(names) > most else "")
