"""The quarter report (季度填报): its five fields, its classes, its states, and what may follow what."""

from dataclasses import dataclass
from enum import StrEnum

from tracker.rules.refusals import Invalid, Refusal

LONGEST_TEXT = 2000  # characters in one field


class ProgressClass(StrEnum):
    """What leaders read (进度等次); the classes of the inspection office of 金寨县, 2025."""

    COMPLETED = "completed"
    AHEAD = "ahead"
    ON_SCHEDULE = "on_schedule"
    BEHIND = "behind"
    OTHER = "other"

    @property
    def label(self) -> str:
        return {
            ProgressClass.COMPLETED: "已完成",
            ProgressClass.AHEAD: "超进度",
            ProgressClass.ON_SCHEDULE: "达进度",
            ProgressClass.BEHIND: "欠进度",
            ProgressClass.OTHER: "其他",
        }[self]


class ReportState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"

    @property
    def label(self) -> str:
        return {
            ReportState.DRAFT: "草稿",
            ReportState.SUBMITTED: "待审核",
            ReportState.RETURNED: "已退回",
            ReportState.ACCEPTED: "已审核",
        }[self]


class Verdict(StrEnum):
    ACCEPT = "accept"
    RETURN = "return"

    @property
    def label(self) -> str:
        return {Verdict.ACCEPT: "审核通过", Verdict.RETURN: "退回修改"}[self]


FIELD_LABELS = {
    "progress": "工作进展",
    "achievements": "取得成效",
    "problems": "存在问题",
    "next_steps": "下一步计划",
}


@dataclass(frozen=True)
class ReportText:
    """What the unit writes.  The fifth field, the division of work, comes from the item's units."""

    progress: str = ""
    achievements: str = ""
    problems: str = ""
    next_steps: str = ""
    progress_class: ProgressClass | None = None


def check_open_to_writing(state: ReportState) -> None:
    """Raise Refusal where the text is no longer the unit's to change."""
    if state is ReportState.SUBMITTED:
        raise Refusal("该事项已提交，正在审核。如需修改，请联系领导小组办公室退回。")
    if state is ReportState.ACCEPTED:
        raise Refusal("该事项本季度填报已审核通过，不能再修改。")


def check_ready(text: ReportText) -> None:
    """Raise Invalid where a report cannot be submitted yet; the sentence names the field."""
    if not text.progress.strip():
        raise Invalid("请填写“工作进展”后再提交。")
    if text.progress_class is None:
        raise Invalid("请选择“进度等次”后再提交。")
    if text.progress_class in (ProgressClass.BEHIND, ProgressClass.OTHER) and not text.problems.strip():
        raise Invalid(f"进度等次为“{text.progress_class.label}”时，请在“存在问题”中说明原因。")


def check_lengths(text: ReportText) -> None:
    for field, label in FIELD_LABELS.items():
        length = len(getattr(text, field))
        if length > LONGEST_TEXT:
            raise Invalid(f"“{label}”最多 {LONGEST_TEXT} 字，现有 {length} 字。")


def state_after(state: ReportState, verdict: Verdict, reason: str) -> ReportState:
    """The state after a review; raise Refusal where there is nothing to review, Invalid without a reason to return."""
    if state is not ReportState.SUBMITTED:
        raise Refusal(f"该填报目前为“{state.label}”，不在待审核状态，未作改动。请刷新页面查看最新情况。")
    if verdict is Verdict.RETURN and not reason.strip():
        raise Invalid("退回时请写明理由，便于单位修改。")
    return ReportState.ACCEPTED if verdict is Verdict.ACCEPT else ReportState.RETURNED
