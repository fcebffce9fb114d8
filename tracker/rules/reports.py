"""The quarter report (季度填报): its five fields, its classes, its states, and what may follow what."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from tracker.rules.dates import written_short
from tracker.rules.quarters import Quarter
from tracker.rules.refusals import Invalid, Refusal

LONGEST_TEXT = 2000  # characters in one field
_FIGURE = re.compile(r"[+-]?([0-9]{1,3}(,[0-9]{3}){1,3}|[0-9]{1,12})(\.[0-9]{1,6})?")


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


class ReviewLevel(StrEnum):
    """Who judges a report, in this order."""

    UNIT = "unit"
    OFFICE = "office"
    LEADER = "leader"

    @property
    def label(self) -> str:
        return {
            ReviewLevel.UNIT: "单位负责人",
            ReviewLevel.OFFICE: "领导小组办公室",
            ReviewLevel.LEADER: "分管领导",
        }[self]


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
        raise Refusal("该任务本季度填报已提交，正在审核。如需修改，请联系领导小组办公室退回。")
    if state is ReportState.ACCEPTED:
        raise Refusal("该任务本季度填报已审核通过，不能再修改。")


def gaps(text: ReportText) -> dict[str, str]:
    """What is still missing before the report can be submitted: a sentence for each field concerned."""
    found = {}
    if not text.progress.strip():
        found["progress"] = "请填写“工作进展”后再提交。"
    if text.progress_class is None:
        found["progress_class"] = "请选择“进度等次”后再提交。"
    elif text.progress_class in (ProgressClass.BEHIND, ProgressClass.OTHER) and not text.problems.strip():
        found["problems"] = f"进度等次为“{text.progress_class.label}”时，请在“存在问题”中说明原因。"
    return found


def check_ready(text: ReportText) -> None:
    """Raise Invalid where a report cannot be submitted yet; the sentence names the field."""
    for sentence in gaps(text).values():
        raise Invalid(sentence)


def overlong(text: ReportText) -> dict[str, str]:
    """A sentence for each field that is too long."""
    lengths = {field: len(getattr(text, field)) for field in FIELD_LABELS}
    return {
        field: f"“{FIELD_LABELS[field]}”最多 {LONGEST_TEXT} 字，现有 {length} 字。"
        for field, length in lengths.items()
        if length > LONGEST_TEXT
    }


def check_lengths(text: ReportText) -> None:
    for sentence in overlong(text).values():
        raise Invalid(sentence)


def read_figure(written: str, target: str, measure: str = "") -> Decimal | None:
    """The number that was typed (1,000 or １２ or 95.5%), None for a blank; raise Invalid, naming the target."""
    plain = "".join(unicodedata.normalize("NFKC", written).split()).removesuffix(measure)
    if not plain:
        return None
    if not _FIGURE.fullmatch(plain):
        raise Invalid(f"“{target}”的本季度数值应填数字（如 12 或 95.5），不能填“{written.strip()[:20]}”。")
    return Decimal(plain.replace(",", ""))


def check_done_day(label: str, day: date, quarter: Quarter, today: date) -> None:
    """Raise Invalid for a day that has not come, or one so long ago that the year must be a slip."""
    if day > today:
        raise Invalid(f"“{label}”的完成日期不能晚于今天。")
    if day.year < quarter.year - 1:
        raise Invalid(f"“{label}”的完成日期早于计划年度，请核对年份。")


def state_after(state: ReportState, verdict: Verdict, reason: str) -> ReportState:
    """The state after a review; raise Refusal where there is nothing to review, Invalid without a reason to return."""
    if state is not ReportState.SUBMITTED:
        raise Refusal(f"该填报目前为“{state.label}”，不在待审核状态，未作改动。请刷新页面查看最新情况。")
    if verdict is Verdict.RETURN and not reason.strip():
        raise Invalid("退回时请写明理由，便于单位修改。")
    return ReportState.ACCEPTED if verdict is Verdict.ACCEPT else ReportState.RETURNED


@dataclass(frozen=True)
class Filing:
    """How far the reporting of a quarter has come.  `handed_in` leaves out what was `returned`."""

    owed: int
    handed_in: int
    returned: int
    due: date | None

    def sentence(self, as_of: date) -> str:
        if not self.owed:
            return "本季度没有需要填报的任务。"
        if self.handed_in == self.owed:
            return f"本季度应填 {self.owed} 项，已全部填报。"
        parts = [f"本季度应填 {self.owed} 项", f"已填 {self.handed_in} 项"]
        if self.returned:
            parts.append(f"退回 {self.returned} 项")
        if self.due:
            parts.append(f"截止 {written_short(self.due)}（{_distance((self.due - as_of).days)}）")
        return "，".join(parts) + "。"


def _distance(days: int) -> str:
    if days > 0:
        return f"还有 {days} 天"
    return f"已逾期 {-days} 天" if days else "今天截止"
