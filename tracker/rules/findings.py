"""Findings (检查问题) and rectification (整改): from whom they come, their states, and what may follow what.

The loop: found, notified under a number, measures, result, verification by somebody else, closed under that number
(销号) or returned.  Within 30 days of the notice the unit may object, and somebody other than the finder answers
(政府督查工作条例, Art. 17).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tracker.rules.calendar import WorkCalendar
from tracker.rules.dates import written, written_short
from tracker.rules.inspection_results import Criterion
from tracker.rules.lights import Light, Lit
from tracker.rules.quarters import Quarter
from tracker.rules.refusals import Forbidden, Invalid, Refusal
from tracker.rules.reports import ProgressClass

DEFAULT_WORKDAYS = 10  # until a rectification is due, where the office sets no other day
OBJECTION_DAYS = 30  # to object after the notice, and as many to answer
REPEAT_QUARTERS = 4
LONGEST_TEXT = 2000
LONGEST_CRITERION = 50
LONGEST_KIND = 200
CRITERIA = tuple(criterion.label for criterion in Criterion)


class FindingSource(StrEnum):
    INSPECTION = "inspection"
    SUPERIOR = "superior"
    DEPUTIES = "deputies"
    PUBLIC = "public"
    MEDIA = "media"
    MONITORING = "monitoring"

    @property
    def label(self) -> str:
        return {
            FindingSource.INSPECTION: "本级检查",
            FindingSource.SUPERIOR: "上级检查",
            FindingSource.DEPUTIES: "人大代表、政协委员反映",
            FindingSource.PUBLIC: "群众反映",
            FindingSource.MEDIA: "媒体报道",
            FindingSource.MONITORING: "网站监测",
        }[self]

    @property
    def opening(self) -> str:
        """How a notice begins: what others say was looked into first."""
        own = (FindingSource.INSPECTION, FindingSource.SUPERIOR, FindingSource.MONITORING)
        return f"经{self.label}" if self in own else f"根据{self.label}，经核实"


class FindingState(StrEnum):
    OPEN = "open"
    NOTIFIED = "notified"
    PLANNED = "planned"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        return {
            FindingState.OPEN: "待通知",
            FindingState.NOTIFIED: "已通知，待报措施",
            FindingState.PLANNED: "整改中",
            FindingState.SUBMITTED: "已报结果，待核查",
            FindingState.RETURNED: "核查未通过，继续整改",
            FindingState.CLOSED: "已销号",
        }[self]


UNDER_WAY = (FindingState.NOTIFIED, FindingState.PLANNED, FindingState.SUBMITTED, FindingState.RETURNED)


class FindingAct(StrEnum):
    """What a step did.  DROP takes back what was never notified; UPHOLD and DISMISS answer an objection."""

    RECORD = "record"
    EDIT = "edit"
    DROP = "drop"
    NOTIFY = "notify"
    PLAN = "plan"
    SUBMIT = "submit"
    RETURN = "return"
    CLOSE = "close"
    OBJECT = "object"
    UPHOLD = "uphold"
    DISMISS = "dismiss"

    @property
    def label(self) -> str:
        """What was done, as a record says it."""
        return _ACTS[self][0]

    @property
    def field(self) -> str:
        """What its text is called."""
        return _ACTS[self][1]


_ACTS = {
    FindingAct.RECORD: ("登记问题", "问题"),
    FindingAct.EDIT: ("修改问题登记", "问题"),
    FindingAct.DROP: ("撤销登记", "撤销理由"),
    FindingAct.NOTIFY: ("发出整改通知", "整改要求"),
    FindingAct.PLAN: ("报送整改措施", "整改措施"),
    FindingAct.SUBMIT: ("报送整改结果", "整改结果"),
    FindingAct.RETURN: ("核查未通过，退回整改", "核查意见"),
    FindingAct.CLOSE: ("核查通过，予以销号", "核查意见"),
    FindingAct.OBJECT: ("提出异议", "异议内容"),
    FindingAct.UPHOLD: ("异议成立，问题不予认定", "异议答复"),
    FindingAct.DISMISS: ("异议不成立，继续整改", "异议答复"),
}

# From which states it may be done, and what follows; None leaves the state as it is.
_STEPS: dict[FindingAct, tuple[tuple[FindingState, ...], FindingState | None]] = {
    FindingAct.EDIT: ((FindingState.OPEN,), None),
    FindingAct.DROP: ((FindingState.OPEN,), FindingState.CLOSED),
    FindingAct.NOTIFY: ((FindingState.OPEN,), FindingState.NOTIFIED),
    FindingAct.PLAN: ((FindingState.NOTIFIED, FindingState.PLANNED), FindingState.PLANNED),
    FindingAct.SUBMIT: ((FindingState.PLANNED, FindingState.RETURNED), FindingState.SUBMITTED),
    FindingAct.RETURN: ((FindingState.SUBMITTED,), FindingState.RETURNED),
    FindingAct.CLOSE: ((FindingState.SUBMITTED,), FindingState.CLOSED),
    FindingAct.OBJECT: (UNDER_WAY, None),
    FindingAct.UPHOLD: (UNDER_WAY, FindingState.CLOSED),
    FindingAct.DISMISS: (UNDER_WAY, None),
}


def may_follow(state: FindingState, act: FindingAct) -> bool:
    return state in _STEPS[act][0]


def state_after(state: FindingState, act: FindingAct) -> FindingState:
    """Raise Refusal where the act cannot be done in that state."""
    if not may_follow(state, act):
        raise Refusal(f"该问题目前为“{state.label}”，不能办理“{act.label}”。请查看最新情况。")
    return _STEPS[act][1] or state


def number_of(year: int, number: int) -> str:
    """Hexagonal brackets, no leading zero (GB/T 9704-2012, 7.2.5)."""
    return f"整改〔{year}〕{number}号"


def default_due(today: date, calendar: WorkCalendar) -> date:
    return calendar.add_workdays(today, DEFAULT_WORKDAYS)


# What may be written, and by whom


def check_text(label: str, text: str) -> str:
    """The text trimmed; raise Invalid where it is missing or too long."""
    text = text.strip()
    if not text:
        raise Invalid(f"请填写“{label}”。")
    if len(text) > LONGEST_TEXT:
        raise Invalid(f"“{label}”最多 {LONGEST_TEXT} 字，现有 {len(text)} 字。")
    return text


def check_criterion(criterion: str) -> str:
    criterion = criterion.strip()
    if not criterion or len(criterion) > LONGEST_CRITERION:
        raise Invalid(f"请选择检查内容；选“其他”的请写明，最多 {LONGEST_CRITERION} 字。")
    return criterion


def check_due(due: date, today: date) -> None:
    if due <= today:
        raise Invalid(f"整改期限{written(due)}应晚于今天，请重新确定。")


def check_apart(unit_id: int, own_units: Iterable[int]) -> None:
    """Raise Forbidden for whoever belongs to the unit concerned."""
    if unit_id in set(own_units):
        raise Forbidden("本单位的问题不能由本单位人员登记、核查或答复，请由其他人员办理。")


def check_verifier(verifier: int | None, submitter: int | None) -> None:
    if verifier is not None and verifier == submitter:
        raise Forbidden("整改结果由您报送，不能由本人核查，请由其他人员核查。")


def check_answerer(answerer: int | None, finder: int | None) -> None:
    if answerer is not None and answerer == finder:
        raise Forbidden("该问题由您登记，异议须由其他人员答复。")


def last_day_to_object(notified_on: date) -> date:
    return notified_on + timedelta(days=OBJECTION_DAYS)


def answer_due(objected_on: date) -> date:
    return objected_on + timedelta(days=OBJECTION_DAYS)


def check_in_time_to_object(notified_on: date, today: date) -> None:
    if today > (last := last_day_to_object(notified_on)):
        raise Refusal(f"异议应在通知发出之日起 {OBJECTION_DAYS} 日内提出，已于{written(last)}届满。")


# How it stands


@dataclass(frozen=True)
class Known:
    """What is needed of a finding to tell how it stands.  `kind` is the item's outermost heading, empty without one."""

    id: int
    unit_id: int
    criterion: str
    kind: str
    quarter: Quarter
    found_on: date
    notified_on: date | None
    due: date
    state: FindingState
    unfounded: bool = False
    submitted_on: date | None = None
    objected_on: date | None = None

    @property
    def told(self) -> str:
        """The state, in the words of its outcome."""
        return "不予认定" if self.unfounded else self.state.label

    def days_overdue(self, today: date) -> int:
        """How long a rectification that was notified is past its day and not closed; 0 where it is in time."""
        return max(0, (today - self.due).days) if self.state in UNDER_WAY else 0

    def lit(self, today: date) -> Lit:
        if days := self.days_overdue(today):
            waits = self.state is FindingState.SUBMITTED and self.submitted_on
            handed_in = f"，结果已于{written_short(waits)}报送" if waits else ""
            return Lit(Light.RED, f"整改逾期 {days} 天{handed_in}")
        return Lit(_LIGHTS.get(self.state, Light.GREY) if not self.unfounded else Light.GREY, self.told)


_LIGHTS = {
    FindingState.NOTIFIED: Light.YELLOW,
    FindingState.PLANNED: Light.GREEN,
    FindingState.SUBMITTED: Light.GREEN,
    FindingState.RETURNED: Light.YELLOW,
    FindingState.CLOSED: Light.BLUE,
}


def is_repeat(later: Known, earlier: Known) -> bool:
    """屡查屡犯: the same unit, criterion and kind found again within four quarters.

    Again means in a later quarter, or after the unit had been told: what one check finds twice is no repetition.
    What was not upheld repeats nothing.
    """
    if later.unfounded or earlier.unfounded or _sort_of(later) != _sort_of(earlier):
        return False
    passed = _place(later.quarter) - _place(earlier.quarter)
    told = earlier.notified_on is not None and earlier.notified_on <= later.found_on and earlier.id < later.id
    return 0 < passed <= REPEAT_QUARTERS or (passed == 0 and told)


def _sort_of(finding: Known) -> tuple[int, str, str]:
    return finding.unit_id, finding.criterion, finding.kind


def _place(quarter: Quarter) -> int:
    return quarter.year * 4 + quarter.number


def repeated(findings: Iterable[Known]) -> dict[int, list[int]]:
    """By finding the earlier ones that it repeats, oldest first; what repeats nothing is left out."""
    known, found = sorted(findings, key=lambda each: (each.quarter, each.id)), dict[int, list[int]]()
    by_sort: dict[tuple[int, str, str], list[Known]] = {}
    for each in known:
        before = by_sort.setdefault(_sort_of(each), [])
        if earlier := [other.id for other in before if is_repeat(each, other)]:
            found[each.id] = earlier
        before.append(each)
    return found


def pressure(finding: Known, today: date, *, repeat: bool) -> tuple[bool, int, bool, date, int]:
    """The most pressing first: overdue longest, then repeated, then by their day; what is settled stands last."""
    settled = finding.state is FindingState.CLOSED
    return settled, -finding.days_overdue(today), settled or not repeat, finding.due, -finding.id


# Verified beside reported


_GOING_WELL = (ProgressClass.ON_SCHEDULE, ProgressClass.AHEAD, ProgressClass.COMPLETED)


def differs(reported: ProgressClass | None, verified: ProgressClass | None) -> bool:
    """Whether the unit's word is another than the inspector's.

    Where only a finding stands, which names no class, it is the report that all goes well that does not agree with it.
    """
    if verified is None:
        return reported in _GOING_WELL
    return reported is not None and reported is not verified


# On paper


@dataclass(frozen=True)
class RectificationPaper:
    """All that a notice of rectification says, and the slip that closes it.  `number` is None while not notified.

    `edition` says that the quarter whose paper it is was corrected, else it is empty.
    `verified` is the verifier's last word; `closed_on` is None while it is not closed, or was not upheld.
    """

    year: int
    number: int | None
    issuer: str
    addressee: str
    dated: date
    check_word: str
    source: FindingSource
    criterion: str
    item: str
    problem: str
    basis: str
    demand: str
    due: date
    measures: str = ""
    result: str = ""
    verified: str = ""
    evidence: tuple[str, ...] = ()
    closed_on: date | None = None
    sample: bool = False
    edition: str = ""

    @property
    def named(self) -> str:
        return number_of(self.year, self.number) if self.number else "整改（未编号）"


@dataclass(frozen=True)
class RegisterRow:
    """One line of the register (整改台账)."""

    number: str
    unit: str
    item: str
    quarter: str
    source: str
    criterion: str
    problem: str
    basis: str
    demand: str
    notified_on: date | None
    due: date
    state: str
    standing: str
    repeat: str
    measures: str
    result: str
    verified: str
    closed_on: date | None


@dataclass(frozen=True)
class RectificationRegister:
    title: str
    as_of: date
    rows: tuple[RegisterRow, ...]
    sample: bool = False
    edition: str = ""
