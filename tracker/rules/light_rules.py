"""Light rules as an office writes them: which thresholds they take, what cannot stand, and as JSON and back."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

from tracker.rules.lights import Cause, Clause, Light, LightRule
from tracker.rules.refusals import Invalid

LONGEST_NAME = 50
MOST_CLAUSES = 20
MOST_DAYS_BY_HAND = 92
LEAST_REASON, LONGEST_REASON = 5, 200  # characters

# The causes that are measured: the smallest and the largest threshold, and what it counts.
MEASURES: Mapping[Cause, tuple[int, int, str]] = {
    Cause.OVERDUE: (1, 365, "天"),
    Cause.RECTIFICATION_OVERDUE: (1, 365, "天"),
    Cause.POINTS_BEHIND: (1, 100, "个百分点"),
    Cause.DUE_WITHIN: (0, 90, "天"),
    Cause.REPORT_MISSING: (1, 90, "天"),
}


def as_json(rule: LightRule) -> dict[str, Any]:
    clauses = [{"cause": each.cause.value, "light": each.light.value, "at": each.at} for each in rule.clauses]
    return {"name": rule.name, "clauses": clauses}


def from_json(kept: Mapping[str, Any]) -> LightRule:
    clauses = (Clause(Cause(each["cause"]), Light(each["light"]), int(each["at"])) for each in kept["clauses"])
    return LightRule(kept["name"], tuple(clauses))


def check(rule: LightRule) -> None:
    """Raise Invalid with the first slip; the rule is otherwise one that can be put in force."""
    if not 1 <= len(rule.name) <= LONGEST_NAME:
        raise Invalid(f"请填写规则名称，最多 {LONGEST_NAME} 字。")
    for sentence in slips(rule.clauses).values():
        raise Invalid(sentence)


def slips(clauses: Sequence[Clause]) -> dict[int, str]:
    """What cannot stand, by the number of the clause, from 1."""
    if not clauses:
        return {1: f"规则至少要有一行：“{Cause.ON_COURSE.words.label}”。"}
    if len(clauses) > MOST_CLAUSES:
        return {len(clauses): f"规则最多 {MOST_CLAUSES} 行，请删去多余的。"}
    found = {number: slip for number, clause in enumerate(clauses, 1) if (slip := _out_of_range(number, clause))}
    return found | _misplaced(clauses) | _never_reached(clauses)


def _out_of_range(number: int, clause: Clause) -> str | None:
    if clause.cause not in MEASURES:
        return None
    least, most, measure = MEASURES[clause.cause]
    return None if least <= clause.at <= most else f"第 {number} 行的数值应为 {least} 至 {most} {measure}。"


def _misplaced(clauses: Sequence[Clause]) -> dict[int, str]:
    """The last clause, and no other, holds for whatever is left."""
    rest = Cause.ON_COURSE.words.label
    found = {
        number: f"第 {number} 行“{rest}”只能放在最后一行。"
        for number, clause in enumerate(clauses[:-1], 1)
        if clause.cause is Cause.ON_COURSE
    }
    if clauses[-1].cause is not Cause.ON_COURSE:
        found[len(clauses)] = f"最后一行必须是“{rest}”，使每项任务都有灯。"
    return found


def _never_reached(clauses: Sequence[Clause]) -> dict[int, str]:
    """A clause that counts only where one above it has counted already."""
    return {
        later: f"第 {later} 行永远用不到：第 {earlier} 行“{first.label}”已经包含了它。请调整顺序或数值。"
        for (earlier, first), (later, second) in combinations(enumerate(clauses, 1), 2)
        if first.cause is second.cause is not Cause.ON_COURSE and _covers(first, second)
    }


def _covers(first: Clause, second: Clause) -> bool:
    if first.cause not in MEASURES:
        return True
    return first.at >= second.at if first.cause is Cause.DUE_WITHIN else first.at <= second.at
