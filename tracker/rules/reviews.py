"""Reviews in levels (分级审核): who judges a report in which order, and what a verdict makes of it.

An organisation asks one level, the office's; or two, the unit's head before it; or three, a leader after it.  How many
were asked when a version was handed in holds for that version to its end: a changed rule holds for what is handed in
after it, and nothing that waits is passed over or sent back by it.

A report leaves its unit with the hand-in, or, where its head is asked, with the head's approval: until then it is the
unit's own, and the duty to report is not met.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from tracker.rules.permissions import Action
from tracker.rules.refusals import Forbidden, Invalid, Refusal
from tracker.rules.reports import FIELD_LABELS, ReportState, ReviewLevel, Verdict

MOST_LEVELS = 3
LONGEST_REASON = 2000
LONGEST_COMMENT = 500
MARKS = FIELD_LABELS | {
    "progress_class": "进度等次",
    "figures": "量化指标",
    "evidence": "佐证材料",
    "done": "应办事项",
}
ACTIONS = {
    ReviewLevel.UNIT: Action.APPROVE_IN_UNIT,
    ReviewLevel.OFFICE: Action.REVIEW,
    ReviewLevel.LEADER: Action.APPROVE_AS_LEADER,
}
_WAITS_FOR = {
    ReportState.IN_UNIT: ReviewLevel.UNIT,
    ReportState.SUBMITTED: ReviewLevel.OFFICE,
    ReportState.UNIT_APPROVED: ReviewLevel.OFFICE,
    ReportState.OFFICE_AGREED: ReviewLevel.LEADER,
}


def levels_asked(levels: int) -> list[ReviewLevel]:
    """Who judges, in order."""
    asked = [ReviewLevel.UNIT, ReviewLevel.OFFICE] if levels > 1 else [ReviewLevel.OFFICE]
    return [*asked, ReviewLevel.LEADER] if levels == MOST_LEVELS else asked


def waits_for(state: ReportState) -> ReviewLevel | None:
    """The level that is to judge next, if the report waits for anybody's judgement."""
    return _WAITS_FOR.get(state)


def waiting_states(level: ReviewLevel) -> list[ReportState]:
    """The states in which reports wait for the level."""
    return [state for state, waits in _WAITS_FOR.items() if waits is level]


def state_handed_in(levels: int, *, by_head: bool, headed: bool) -> ReportState:
    """Where a report begins.

    What the head hands in is the unit's word already: it counts as approved by being handed in.  A unit without a head
    has nobody to wait for, so its report goes to the office as it does where no head is asked.
    """
    if ReviewLevel.UNIT not in levels_asked(levels) or not (by_head or headed):
        return ReportState.SUBMITTED
    return ReportState.UNIT_APPROVED if by_head else ReportState.IN_UNIT


def state_after(level: ReviewLevel, verdict: Verdict, levels: int) -> ReportState:
    """The state once the level has spoken: a return goes to the unit's handler, whoever gives it."""
    if verdict is Verdict.RETURN:
        return ReportState.RETURNED
    if level is ReviewLevel.UNIT:
        return ReportState.UNIT_APPROVED
    return ReportState.ACCEPTED if level is levels_asked(levels)[-1] else ReportState.OFFICE_AGREED


def check_turn(state: ReportState, level: ReviewLevel) -> None:
    """Raise Refusal where the report does not wait for this level."""
    if waits_for(state) is not level:
        raise Refusal(f"该填报目前为“{state.label}”，不在待{level.act}状态，未作改动。请刷新页面查看最新情况。")


def check_verdict(verdict: Verdict, reason: str) -> None:
    """Raise Invalid for a return without a reason, or with one that is too long."""
    if verdict is Verdict.RETURN and not reason.strip():
        raise Invalid("退回时请写明理由，便于单位修改。")
    if len(reason.strip()) > LONGEST_REASON:
        raise Invalid(f"退回理由最多 {LONGEST_REASON} 字，现有 {len(reason.strip())} 字。")


def check_reviewer(person_id: int | None, handed_in_by: int | None, judged_by: Collection[int | None]) -> None:
    """Raise Forbidden for whoever handed it in, or has judged this version at a level before: nobody reviews their own.

    The program itself (None) acts for somebody else.
    """
    if person_id is None:
        return
    if person_id == handed_in_by:
        raise Forbidden("不能审核本人提交的填报，请由其他人员审核。")
    if person_id in judged_by:
        raise Forbidden("您已在前一环节审核过该填报，请由其他人员审核。")


def check_comment(text: str) -> None:
    """A remark on a report; no verdict."""
    if not text.strip():
        raise Invalid("请填写留言内容。")
    if len(text.strip()) > LONGEST_COMMENT:
        raise Invalid(f"留言最多 {LONGEST_COMMENT} 字，现有 {len(text.strip())} 字。")


@dataclass(frozen=True)
class Mended:
    """A field that was to be mended, and whether it reads differently now."""

    label: str
    changed: bool


def mended(marks: Collection[str], before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Mended]:
    """What became of the marked fields, in the order of the form."""
    return [Mended(label, before[mark] != after[mark]) for mark, label in MARKS.items() if mark in marks]
