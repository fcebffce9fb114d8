"""The quarter report (季度填报): its five fields, its classes, its states, and what may follow what."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.rules.dates import written_short
from tracker.rules.quarters import Quarter
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
    """Where a report lies; `rules.reviews` says what may follow what.

    What is handed in goes to the office (SUBMITTED), or first to the unit's own head (IN_UNIT), where the organisation
    asks more levels than the office's.
    """

    DRAFT = "draft"
    IN_UNIT = "in_unit"
    SUBMITTED = "submitted"
    UNIT_APPROVED = "unit_approved"
    OFFICE_AGREED = "office_agreed"
    RETURNED = "returned"
    ACCEPTED = "accepted"

    @property
    def label(self) -> str:
        return {
            ReportState.DRAFT: "草稿",
            ReportState.IN_UNIT: "待单位审签",
            ReportState.SUBMITTED: "待审核",
            ReportState.UNIT_APPROVED: "单位已审签",
            ReportState.OFFICE_AGREED: "办公室已审",
            ReportState.RETURNED: "已退回",
            ReportState.ACCEPTED: "已审核",
        }[self]

    @property
    def is_open(self) -> bool:
        """Whether the text is the unit's to write."""
        return self in (ReportState.DRAFT, ReportState.RETURNED)


class Collected(StrEnum):
    """How far one report of the quarter has come, as the office counts them."""

    MISSING = "missing"
    RETURNED = "returned"
    WAITING = "waiting"
    ACCEPTED = "accepted"

    @property
    def label(self) -> str:
        return {
            Collected.MISSING: "未报",
            Collected.RETURNED: "已退回",
            Collected.WAITING: "待审核",
            Collected.ACCEPTED: "已审核",
        }[self]


def collected(state: ReportState | None, *, handed_in: bool) -> Collected:
    """`state` is that of the last version handed in by the day, None where there is none."""
    if not handed_in:
        return Collected.MISSING
    return {ReportState.RETURNED: Collected.RETURNED, ReportState.ACCEPTED: Collected.ACCEPTED}.get(
        state or ReportState.SUBMITTED, Collected.WAITING
    )


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

    @property
    def act(self) -> str:
        """What the level's judging is called."""
        return {ReviewLevel.UNIT: "审签", ReviewLevel.OFFICE: "审核", ReviewLevel.LEADER: "审定"}[self]


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
    if state is ReportState.ACCEPTED:
        raise Refusal("该任务本季度填报已审核通过，不能再修改。")
    if state is ReportState.IN_UNIT:
        raise Refusal("该任务本季度填报已提交，正由本单位负责人审签。如需修改，请联系负责人退回。")
    if not state.is_open:
        raise Refusal("该任务本季度填报已提交，正在审核。如需修改，请联系领导小组办公室退回。")


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


def check_done_day(label: str, day: date, quarter: Quarter, today: date) -> None:
    """Raise Invalid for a day that has not come, or one so long ago that the year must be a slip."""
    if day > today:
        raise Invalid(f"“{label}”的完成日期不能晚于今天。")
    if day.year < quarter.year - 1:
        raise Invalid(f"“{label}”的完成日期早于计划年度，请核对年份。")


@dataclass(frozen=True)
class Filing:
    """How far the reporting of a quarter has come.

    `handed_in` leaves out what was `returned`, and what still waits for the unit's own head (`in_unit`); `unchanged` of
    what the unit has handed on say that nothing has changed.
    """

    owed: int
    handed_in: int
    returned: int
    due: date | None
    in_unit: int = 0
    unchanged: int = 0

    def sentence(self, as_of: date) -> str:
        if not self.owed:
            return "本季度没有需要填报的任务。"
        unchanged = f"，其中无变化 {self.unchanged} 项" if self.unchanged else ""
        if self.handed_in == self.owed:
            return f"本季度应填 {self.owed} 项，已全部填报{unchanged}。"
        parts = [f"本季度应填 {self.owed} 项", f"已填 {self.handed_in} 项{unchanged}"]
        if self.in_unit:
            parts.append(f"待本单位审签 {self.in_unit} 项")
        if self.returned:
            parts.append(f"退回 {self.returned} 项")
        if self.due:
            parts.append(f"截止 {written_short(self.due)}（{_distance((self.due - as_of).days)}）")
        return "，".join(parts) + "。"


def _distance(days: int) -> str:
    if days > 0:
        return f"还有 {days} 天"
    return f"已逾期 {-days} 天" if days else "今天截止"
