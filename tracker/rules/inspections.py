"""Inspections (检查): what may be planned, the states of an inspection and what may follow what, who checks whom.

The units' parts are in `inspection_parts`, criteria and verdicts in `inspection_results`.

Basis: the plans themselves order it (每季度…检查公开内容是否全面、准确、及时，公开制度是否落实到位).
Order: plan, notice, self-check by the unit, check on the spot, facts confirmed by the unit, conclusion.  From the
政府督查工作条例, Art. 15 to 17: no repeated checks, the conclusion is given to the unit, an objection is answered by
others than its authors.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tracker.rules.calendar import WorkCalendar
from tracker.rules.dates import written
from tracker.rules.refusals import Forbidden, Invalid, Refusal

DEFAULT_ANSWER_DAYS = 5  # working days in which a unit confirms the facts or objects, unless the office sets others
MOST_ANSWER_DAYS = 60
MOST_CRITERIA = 12
MOST_CHECKERS = 50
LONGEST_CRITERION = 50
LONGEST_TITLE = 100
LONGEST_TEXT = 2000
LONGEST_SPAN = 366  # days


class Method(StrEnum):
    MATERIALS = "materials"
    TELEPHONE = "telephone"
    ON_SITE = "on_site"
    ONLINE = "online"
    THIRD_PARTY = "third_party"
    SELF = "self"

    @property
    def label(self) -> str:
        return {
            Method.MATERIALS: "查阅资料",
            Method.TELEPHONE: "电话核查",
            Method.ON_SITE: "现场核实",
            Method.ONLINE: "线上抽查",
            Method.THIRD_PARTY: "第三方测评",
            Method.SELF: "自查",
        }[self]


class Reach(StrEnum):
    """Which units are checked."""

    ALL = "all"
    CHOSEN = "chosen"
    SAMPLE = "sample"

    @property
    def label(self) -> str:
        return {Reach.ALL: "全部单位", Reach.CHOSEN: "指定单位", Reach.SAMPLE: "随机抽取"}[self]


# The inspection


class InspectionState(StrEnum):
    PLANNED = "planned"
    NOTIFIED = "notified"
    SELF_CHECK = "self_check"
    ON_SITE = "on_site"
    CONCLUDED = "concluded"
    PUBLISHED = "published"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        return {
            InspectionState.PLANNED: "拟订方案",
            InspectionState.NOTIFIED: "已通知",
            InspectionState.SELF_CHECK: "单位自查",
            InspectionState.ON_SITE: "实地检查",
            InspectionState.CONCLUDED: "已作结论",
            InspectionState.PUBLISHED: "已通报",
            InspectionState.CANCELLED: "已取消",
        }[self]


class InspectionAct(StrEnum):
    EDIT = "edit"
    NOTIFY = "notify"
    ARRANGE = "arrange"
    SELF_CHECK = "self_check"
    GO_ON_SITE = "go_on_site"
    RECORD = "record"
    CONCLUDE = "conclude"
    PUBLISH = "publish"
    CANCEL = "cancel"

    @property
    def label(self) -> str:
        return {
            InspectionAct.EDIT: "修改检查方案",
            InspectionAct.NOTIFY: "发出检查通知",
            InspectionAct.ARRANGE: "安排检查日程",
            InspectionAct.SELF_CHECK: "报送自查情况",
            InspectionAct.GO_ON_SITE: "开始实地检查",
            InspectionAct.RECORD: "录入检查结果",
            InspectionAct.CONCLUDE: "作出检查结论",
            InspectionAct.PUBLISH: "登记通报",
            InspectionAct.CANCEL: "取消检查",
        }[self]


_BEFORE_THE_CHECK = (InspectionState.NOTIFIED, InspectionState.SELF_CHECK)
UNDER_WAY = (*_BEFORE_THE_CHECK, InspectionState.ON_SITE)
TOLD = (*UNDER_WAY, InspectionState.CONCLUDED, InspectionState.PUBLISHED)

# From which states it may be done, and what follows; None leaves the state as it is.
_STEPS: dict[InspectionAct, tuple[tuple[InspectionState, ...], InspectionState | None]] = {
    InspectionAct.EDIT: ((InspectionState.PLANNED,), None),
    InspectionAct.NOTIFY: ((InspectionState.PLANNED,), InspectionState.NOTIFIED),
    InspectionAct.ARRANGE: ((InspectionState.PLANNED, *UNDER_WAY), None),
    InspectionAct.SELF_CHECK: (UNDER_WAY, InspectionState.SELF_CHECK),
    InspectionAct.GO_ON_SITE: (_BEFORE_THE_CHECK, InspectionState.ON_SITE),
    InspectionAct.RECORD: (UNDER_WAY, InspectionState.ON_SITE),
    InspectionAct.CONCLUDE: ((InspectionState.ON_SITE,), InspectionState.CONCLUDED),
    InspectionAct.PUBLISH: ((InspectionState.CONCLUDED,), InspectionState.PUBLISHED),
    InspectionAct.CANCEL: ((InspectionState.PLANNED, *_BEFORE_THE_CHECK), InspectionState.CANCELLED),
}


def may_follow(state: InspectionState, act: InspectionAct) -> bool:
    return state in _STEPS[act][0]


def state_after(state: InspectionState, act: InspectionAct) -> InspectionState:
    """Raise Refusal where the act cannot be done in that state: criteria and units are fixed by the notice."""
    if not may_follow(state, act):
        why = "检查通知已发出，检查内容和被检查单位不再改动；" if act in _PLANNING and state in TOLD else ""
        raise Refusal(f"{why}该检查目前为“{state.label}”，不能{act.label}。请查看最新情况。")
    after = _STEPS[act][1] or state
    return max(state, after, key=list(InspectionState).index)  # a late self-check brings nobody back from the check


_PLANNING = (InspectionAct.EDIT, InspectionAct.NOTIFY)


def number_of(year: int, number: int) -> str:
    """Hexagonal brackets, no leading zero (GB/T 9704-2012, 7.2.5)."""
    return f"检查〔{year}〕{number}号"


# What may be planned


@dataclass(frozen=True)
class Dates:
    """Both ends included; `self_check_due` is the last day for the units' self-check, None where none is asked."""

    starts_on: date
    ends_on: date
    self_check_due: date | None


def check_dates(dates: Dates) -> None:
    if dates.ends_on < dates.starts_on:
        raise Invalid(f"检查结束日期{written(dates.ends_on)}早于开始日期{written(dates.starts_on)}，请核对。")
    if (dates.ends_on - dates.starts_on).days > LONGEST_SPAN:
        raise Invalid(f"检查时间最长 {LONGEST_SPAN} 天，请核对起止日期。")
    if dates.self_check_due and dates.self_check_due > dates.ends_on:
        raise Invalid(f"自查截止日期{written(dates.self_check_due)}晚于检查结束日期{written(dates.ends_on)}，请核对。")


def check_criteria(criteria: Iterable[str]) -> tuple[str, ...]:
    """Trimmed, each once, in the order given; raise Invalid for none, too many or one that is too long."""
    named = tuple(dict.fromkeys(name for each in criteria if (name := each.strip())))
    if not named:
        raise Invalid("请至少选择或填写一项检查内容。")
    if len(named) > MOST_CRITERIA:
        raise Invalid(f"检查内容最多 {MOST_CRITERIA} 项，现有 {len(named)} 项。")
    if long := next((name for name in named if len(name) > LONGEST_CRITERION), ""):
        raise Invalid(f"检查内容“{long[:20]}…”最多 {LONGEST_CRITERION} 字，现有 {len(long)} 字。")
    return named


def check_answer_days(days: int) -> None:
    if not 1 <= days <= MOST_ANSWER_DAYS:
        raise Invalid(f"确认期限请填写 1 至 {MOST_ANSWER_DAYS} 个工作日。")


def check_text(label: str, text: str, longest: int = LONGEST_TEXT) -> str:
    """The text trimmed; raise Invalid where it is missing or too long."""
    text = text.strip()
    if not text:
        raise Invalid(f"请填写“{label}”。")
    return check_length(label, text, longest)


def check_length(label: str, text: str, longest: int = LONGEST_TEXT) -> str:
    """The text trimmed, which may be empty."""
    text = text.strip()
    if len(text) > longest:
        raise Invalid(f"“{label}”最多 {longest} 字，现有 {len(text)} 字。")
    return text


# Who checks whom


def is_apart(unit_id: int, own_units: Iterable[int]) -> bool:
    return unit_id not in set(own_units)


def check_apart(unit_id: int, own_units: Iterable[int]) -> None:
    """Raise Forbidden for whoever belongs to the unit that is checked."""
    if not is_apart(unit_id, own_units):
        raise Forbidden("检查人员不得检查本单位，请由其他检查人员办理。")


def check_in_team(person_id: int | None, team: Collection[int]) -> None:
    """Results come from those whom the notice names."""
    if person_id is not None and person_id not in team:
        raise Forbidden("您不在本次检查的检查人员名单中，不能录入检查结果。")


def check_answerer(person_id: int | None, authors: Collection[int]) -> None:
    """An objection is answered by others than those whose results it is about (Art. 17)."""
    if person_id is not None and person_id in authors:
        raise Forbidden("该单位的检查结果由您录入，异议须由其他人员答复。")


@dataclass(frozen=True)
class Checker:
    """A member of the team, with the units at which the person holds a post."""

    person_id: int
    own_units: frozenset[int]


def assigned(unit_ids: Sequence[int], team: Sequence[Checker]) -> dict[int, int | None]:
    """To each unit the checker in charge: in turn, never one of the unit; None where the team has nobody else."""
    load, chosen = {checker.person_id: 0 for checker in team}, dict[int, int | None]()
    for unit_id in unit_ids:
        apart = [checker.person_id for checker in team if is_apart(unit_id, checker.own_units)]
        chosen[unit_id] = min(apart, key=lambda person_id: load[person_id]) if apart else None
        if (person_id := chosen[unit_id]) is not None:
            load[person_id] += 1
    return chosen


def visit_days(count: int, dates: Dates, calendar: WorkCalendar) -> list[date]:
    """A day to each of `count` units in turn, spread evenly over the working days of the check."""
    span = (dates.ends_on - dates.starts_on).days + 1
    days = [dates.starts_on + timedelta(days=number) for number in range(span)]
    working = [day for day in days if calendar.is_workday(day)] or days
    return [working[number * len(working) // count] for number in range(count)]
