"""Inspections (检查): criteria, verdicts, the states of an inspection and of each unit in it, and what may follow what.

Basis: the plans themselves order it (每季度…检查公开内容是否全面、准确、及时，公开制度是否落实到位).
Order: plan, notice, self-check by the unit, check on the spot, facts confirmed by the unit, conclusion.  From the
政府督查工作条例, Art. 15 to 17: no repeated checks, the conclusion is given to the unit, an objection is answered by
others than its authors.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
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


# A unit's part


class Stand(StrEnum):
    """How far a unit's part has come; follows from its dates (`Part.stand`)."""

    TOLD = "told"
    RECEIVED = "received"
    SELF_CHECKED = "self_checked"
    CHECKED = "checked"
    FACTS_SENT = "facts_sent"
    OBJECTED = "objected"
    CONFIRMED = "confirmed"
    EXCUSED = "excused"

    @property
    def label(self) -> str:
        return {
            Stand.TOLD: "待签收",
            Stand.RECEIVED: "已签收",
            Stand.SELF_CHECKED: "已自查",
            Stand.CHECKED: "检查中",
            Stand.FACTS_SENT: "待单位确认",
            Stand.OBJECTED: "有异议，待答复",
            Stand.CONFIRMED: "事实已确认",
            Stand.EXCUSED: "本次不查",
        }[self]


@dataclass(frozen=True)
class Part:
    """A unit's part in an inspection, by its dates; each is None until it happened."""

    received_on: date | None = None
    self_checked_on: date | None = None
    results: int = 0
    facts_on: date | None = None
    answer_due: date | None = None
    confirmed_on: date | None = None
    objected_on: date | None = None
    answered_on: date | None = None
    excused: bool = False

    @property
    def stand(self) -> Stand:
        if self.excused:
            return Stand.EXCUSED
        if self.facts_on:
            if self.objected_on and not self.answered_on:
                return Stand.OBJECTED
            return Stand.CONFIRMED if self.confirmed_on or self.answered_on else Stand.FACTS_SENT
        if self.results:
            return Stand.CHECKED
        if self.self_checked_on:
            return Stand.SELF_CHECKED
        return Stand.RECEIVED if self.received_on else Stand.TOLD

    def is_settled(self, today: date) -> bool:
        """Whether it stands in the way of a conclusion no more: a unit that is silent in its days has agreed."""
        if self.stand is Stand.FACTS_SENT:
            return self.answer_due is not None and today > self.answer_due
        return self.stand in (Stand.CONFIRMED, Stand.EXCUSED)

    def on(self, day: date) -> "Part":
        """As it was at the end of the day."""
        dates = ("received_on", "self_checked_on", "facts_on", "confirmed_on", "objected_on", "answered_on")
        ahead = {name: None for name in dates if (at := getattr(self, name)) and at > day}
        return replace(self, **ahead)  # type: ignore[arg-type]

    def told(self, today: date) -> str:
        """What the unit said of the facts, as papers put it."""
        stand = self.stand
        if stand is Stand.FACTS_SENT and self.is_settled(today):
            return "期限内未提出异议"
        if stand is Stand.CONFIRMED:
            if self.objected_on:
                return "提出异议，已答复"
            return f"{written(self.confirmed_on)}确认" if self.confirmed_on else ""
        return {
            Stand.FACTS_SENT: "待确认",
            Stand.OBJECTED: "提出异议，待答复",
            Stand.EXCUSED: "本次不查",
        }.get(stand, "")


def check_answering(part: Part, today: date) -> None:
    """Whether the unit may confirm or object now."""
    if part.stand is not Stand.FACTS_SENT or part.answer_due is None:
        raise Refusal(f"目前为“{part.stand.label}”，不需要确认检查事实。请查看最新情况。")
    if today > part.answer_due:
        raise Refusal(f"确认或提出异议的期限已于{written(part.answer_due)}届满。")


def check_open_to_results(part: Part) -> None:
    """What was sent to the unit is not changed behind its back."""
    if part.excused:
        raise Refusal("该单位本次不查，不能录入检查结果。")
    if part.facts_on:
        raise Refusal("检查事实已送单位确认，不能再改。确需更正的，先收回再修改。")


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
