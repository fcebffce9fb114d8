"""Closing a quarter (关账): how far it has come, what is missing, who may close it, and what no longer changes then."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.rules.dates import written
from tracker.rules.quarters import Quarter
from tracker.rules.refusals import Forbidden, Invalid, Refusal
from tracker.rules.reports import ReportState
from tracker.rules.snapshots import Snapshot

OPENING_DAY = 20  # of the quarter's last month: from then on the units write their reports (domain.md, the quarter)
LONGEST_REASON = 500  # characters
MOST_SHARES = 100  # reports that one correction opens again
SEALING_LEVELS = (1, 2)


class QuarterState(StrEnum):
    OPEN = "open"
    COLLECTING = "collecting"
    CHECKING = "checking"
    SEALED = "sealed"

    @property
    def label(self) -> str:
        return {
            QuarterState.OPEN: "进行中",
            QuarterState.COLLECTING: "填报中",
            QuarterState.CHECKING: "审核检查中",
            QuarterState.SEALED: "已封存",
        }[self]


def state_of(quarter: Quarter, report_due: date | None, as_of: date, *, sealed: bool) -> QuarterState:
    """Sealed by an act, everything else by the calendar; `report_due` is the last day to report, where it is known."""
    if sealed:
        return QuarterState.SEALED
    if as_of < date(quarter.year, quarter.months[-1], OPENING_DAY):
        return QuarterState.OPEN
    last = report_due or quarter.end
    return QuarterState.COLLECTING if as_of <= last else QuarterState.CHECKING


class Lack(StrEnum):
    """What may still be missing when a quarter is closed.  None of it forbids the closing: it is sealed as it is."""

    NOT_IN = "not_in"
    NOT_REVIEWED = "not_reviewed"
    RETURNED = "returned"
    EXTENSIONS = "extensions"
    OBJECTIONS = "objections"
    NOT_NOTIFIED = "not_notified"
    RECTIFICATIONS = "rectifications"
    INSTRUCTIONS = "instructions"
    INSPECTION = "inspection"
    CALENDAR = "calendar"

    @property
    def label(self) -> str:
        return _LACKS[self][0]

    @property
    def effect(self) -> str:
        """What becomes of it when the quarter is closed now."""
        return _LACKS[self][1]


_LACKS = {
    Lack.NOT_IN: ("未填报", "按未填报封存，相关单位在通报中列明。"),
    Lack.NOT_REVIEWED: ("已提交、未审完", "按单位填报封存，并注明未经审核。"),
    Lack.RETURNED: ("已退回、未重报", "按“退回待改”封存。"),
    Lack.EXTENSIONS: ("延期申请未办结", "仍按原定期限计算。"),
    Lack.OBJECTIONS: ("检查问题异议未答复", "问题按已认定封存。"),
    Lack.NOT_NOTIFIED: ("检查问题未通知", "列入整改台账，没有通知书编号。"),
    Lack.RECTIFICATIONS: ("整改逾期", "按逾期列入整改台账和通报。"),
    Lack.INSTRUCTIONS: ("批示未办结", "按未办结列入季度报告。"),
    Lack.INSPECTION: ("季度检查未结束", "检查表中没有结论的各项留空。"),
    Lack.CALENDAR: ("工作日历未公布", "按周末推算的工作日计算期限。"),
}


class About(StrEnum):
    """What a record is, so that a page can lead to it."""

    ITEM = "item"
    FINDING = "finding"
    EXTENSION = "extension"
    INSTRUCTION = "instruction"
    INSPECTION = "inspection"
    CALENDAR = "calendar"


@dataclass(frozen=True)
class Missing:
    """One record that is not as it should be when the quarter is closed; `unit` is empty where it is nobody's own."""

    lack: Lack
    about: About
    id: int
    unit: str
    what: str


def lacking_reports(snapshot: Snapshot) -> Iterator[Missing]:
    """Reports not in, not judged to the end, or returned: what would be sealed as it is."""
    for share in snapshot.shares:
        lack = _LACK_OF.get(share.report_state, Lack.NOT_REVIEWED)
        if lack is not None:
            item, unit = snapshot.item_by_id[share.item_id], snapshot.unit_by_id[share.unit_id]
            yield Missing(lack, About.ITEM, item.id, unit.name, f"第{item.position}项 {item.short}")


_LACK_OF = {None: Lack.NOT_IN, ReportState.RETURNED: Lack.RETURNED, ReportState.ACCEPTED: None}


def lacking_rectifications(snapshot: Snapshot) -> Iterator[Missing]:
    for finding in snapshot.findings:
        what = f"{finding.problem[:30]}（{finding.state}）"
        if finding.days_overdue:
            late = f"{what}，逾期 {finding.days_overdue} 天"
            yield Missing(Lack.RECTIFICATIONS, About.FINDING, finding.id, finding.unit, late)
        elif finding.notified_on is None and not finding.unfounded:
            yield Missing(Lack.NOT_NOTIFIED, About.FINDING, finding.id, finding.unit, what)


def lacking_instructions(snapshot: Snapshot) -> Iterator[Missing]:
    for given in snapshot.instructions:
        if given.id is not None and given.closed < len(given.units):
            what = f"{given.text[:30]}（{given.state}）"
            yield Missing(Lack.INSTRUCTIONS, About.INSTRUCTION, given.id, "、".join(given.units), what)


def check_as_of(quarter: Quarter, as_of: date, today: date) -> None:
    """Raise Refusal for a quarter that still runs, Invalid for a day that cannot be sealed."""
    if today <= quarter.end:
        raise Refusal(f"{quarter.label}尚未结束，请在{written(quarter.end)}之后关账。")
    if not quarter.end <= as_of <= today:
        raise Invalid(f"截至日期应在{written(quarter.end)}至今天（{written(today)}）之间。")


def check_may_seal(levels: int, *, leads: bool) -> None:
    """Raise Forbidden where a leader has to close, and this is none."""
    if levels > 1 and not leads:
        raise Forbidden("按本机构的办理规则，季度关账须由领导小组组长或副组长批准，请报请领导办理。")


def check_reason(reason: str) -> str:
    """Why a sealed quarter is corrected, trimmed; raise Invalid where it is missing or too long."""
    return _reasoned(reason, "更正理由")


def check_withdrawal(reason: str) -> str:
    """Why a correction is withdrawn, trimmed; raise Invalid where it is missing or too long."""
    return _reasoned(reason, "撤回理由")


def _reasoned(reason: str, label: str) -> str:
    reason = reason.strip()
    if not reason:
        raise Invalid(f"请填写{label}。")
    if len(reason) > LONGEST_REASON:
        raise Invalid(f"{label}最多 {LONGEST_REASON} 字，现有 {len(reason)} 字。")
    return reason


def check_shares(shares: Sequence[object]) -> None:
    if not shares:
        raise Invalid("请选择需要更正的填报。")
    if len(shares) > MOST_SHARES:
        raise Invalid(f"一次最多更正 {MOST_SHARES} 份填报，请分次办理。")


def sealed_sentence(quarter: Quarter, sealed_on: date) -> str:
    """Why nothing of the quarter's reports is changed any more."""
    return (
        f"{quarter.label}已于{written(sealed_on)}封存，填报、审核和数据不再改动，本次操作未作任何改动。"
        "如有差错，请联系领导小组办公室办理更正。"
    )
