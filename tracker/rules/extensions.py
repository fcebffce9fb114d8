"""Extensions (延期): who may ask for another date, until when, and who approves it.

An application names a later date; each level that the organisation asks agrees or refuses, in the order of
`ExtensionLevel`.  Asked for in time, it ends where the organisation's rules end; asked for after the date, the leader
alone can admit it.  The original date stays beside the new one for ever.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.rules.dates import written, written_short
from tracker.rules.duties import DutyKind
from tracker.rules.refusals import Invalid, Refusal
from tracker.rules.reports import Verdict

LONGEST_TEXT = 2000  # characters in one field
MOST_YEARS = 2  # beyond the date that holds now


class ExtensionState(StrEnum):
    APPLIED = "applied"
    UNIT_APPROVED = "unit_approved"
    OFFICE_AGREED = "office_agreed"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"

    @property
    def is_open(self) -> bool:
        return self in OPEN


OPEN = (ExtensionState.APPLIED, ExtensionState.UNIT_APPROVED, ExtensionState.OFFICE_AGREED)


class ExtensionLevel(StrEnum):
    """Who gives an opinion, in this order."""

    UNIT = "unit"
    OFFICE = "office"
    LEADER = "leader"

    @property
    def label(self) -> str:
        return {
            ExtensionLevel.UNIT: "单位负责人",
            ExtensionLevel.OFFICE: "领导小组办公室",
            ExtensionLevel.LEADER: "领导",
        }[self]


OPINIONS = {Verdict.ACCEPT: "同意", Verdict.RETURN: "不同意"}
FIELD_LABELS = {"new_due": "拟延至", "reason": "延期理由", "progress": "目前进展"}


@dataclass(frozen=True)
class Moved:
    """A date that an approved extension has moved; both are shown wherever the later one holds."""

    original: date
    revised: date

    @property
    def words(self) -> str:
        """原定 3月31日，延至 5月31日: the year only where the two differ in it."""
        until = written_short if self.original.year == self.revised.year else written
        return f"原定 {written_short(self.original)}，延至 {until(self.revised)}"


@dataclass(frozen=True)
class Application:
    """What the unit asks for."""

    new_due: date | None
    reason: str
    progress: str


def check_extendable(kind: DutyKind, due: date | None, *, done: bool) -> None:
    """Raise Refusal where there is no date to be moved."""
    if kind is DutyKind.QUARTER_REPORT:
        raise Refusal("季度填报按季报送，不能延期。需要延期的是任务本身的时限，请在对应的应办事项上申请。")
    if due is None:
        raise Refusal("该事项的时限尚未确定，无需延期。请联系领导小组办公室确定时限。")
    if done:
        raise Refusal("该事项已登记完成，无需延期。")


def is_late(due: date, day: date) -> bool:
    """Whether an application of that day comes after the date that it asks to move."""
    return day > due


def gaps(asked: Application, due: date, today: date) -> dict[str, str]:
    """What is amiss in an application: a sentence for each field concerned."""
    found = {}
    for name in ("reason", "progress"):
        text = getattr(asked, name).strip()
        if not text:
            found[name] = f"请填写“{FIELD_LABELS[name]}”。"
        elif len(text) > LONGEST_TEXT:
            found[name] = f"“{FIELD_LABELS[name]}”最多 {LONGEST_TEXT} 字，现有 {len(text)} 字。"
    if slip := _slip_of_date(asked.new_due, due, today):
        found["new_due"] = slip
    return found


def _slip_of_date(new_due: date | None, due: date, today: date) -> str | None:
    if new_due is None:
        return "请填写拟延至的日期。"
    if new_due <= due:
        return f"拟延至的日期应晚于现行时限{written(due)}。"
    if new_due < today:
        return f"拟延至的日期不能早于今天（{written(today)}）。"
    if new_due > latest(due):
        return f"一次延期最多 {MOST_YEARS} 年，最迟可延至{written(latest(due))}。"
    return None


def latest(due: date) -> date:
    """The last date that can be asked for; two years after a leap day it is 28 February."""
    if (due.month, due.day) == (2, 29):
        due = due.replace(day=28)
    return due.replace(year=min(due.year + MOST_YEARS, date.max.year))


def check(asked: Application, due: date, today: date) -> None:
    for sentence in gaps(asked, due, today).values():
        raise Invalid(sentence)


def first_state(levels: int, *, head_decides: bool) -> ExtensionState:
    """Where an application begins.

    Of three levels the unit's is passed over where its head applies, or it has none: nobody is left there to decide.
    """
    return ExtensionState.UNIT_APPROVED if levels >= 3 and not head_decides else ExtensionState.APPLIED


def waits_for(state: ExtensionState, levels: int) -> ExtensionLevel | None:
    """The level that is to decide next; None once all is decided."""
    if state is ExtensionState.APPLIED:
        return ExtensionLevel.UNIT if levels >= 3 else ExtensionLevel.OFFICE
    return _NEXT.get(state)


_NEXT = {
    ExtensionState.UNIT_APPROVED: ExtensionLevel.OFFICE,
    ExtensionState.OFFICE_AGREED: ExtensionLevel.LEADER,
}


def waiting_states(level: ExtensionLevel, levels: int) -> list[ExtensionState]:
    """The states in which applications wait for the level."""
    return [state for state in OPEN if waits_for(state, levels) is level]


def levels_asked(levels: int, *, late: bool) -> list[ExtensionLevel]:
    """Who decides, in order: the office always; before it, of three levels, the head; after it, of two, the leader.

    What comes late needs the leader whatever the rules say.
    """
    asked = [ExtensionLevel.UNIT] if levels >= 3 else []
    asked.append(ExtensionLevel.OFFICE)
    return [*asked, ExtensionLevel.LEADER] if levels >= 2 or late else asked


def state_after(level: ExtensionLevel, verdict: Verdict, levels: int, *, late: bool) -> ExtensionState:
    """The state once the level has spoken: a refusal ends it, so does the last level's consent."""
    if verdict is Verdict.RETURN:
        return ExtensionState.REFUSED
    if level is ExtensionLevel.UNIT:
        return ExtensionState.UNIT_APPROVED
    if level is ExtensionLevel.OFFICE and ExtensionLevel.LEADER in levels_asked(levels, late=late):
        return ExtensionState.OFFICE_AGREED
    return ExtensionState.APPROVED


def check_opinion(verdict: Verdict, reason: str) -> None:
    if len(reason.strip()) > LONGEST_TEXT:
        raise Invalid(f"意见最多 {LONGEST_TEXT} 字，现有 {len(reason.strip())} 字。")
    if verdict is Verdict.RETURN and not reason.strip():
        raise Invalid("不同意延期时请写明理由，单位会看到这段文字。")


def told(state: ExtensionState, levels: int) -> str:
    """How an application stands, in an office's words."""
    if level := waits_for(state, levels):
        return f"待{level.label}审批"
    return {
        ExtensionState.APPROVED: "已批准",
        ExtensionState.REFUSED: "未批准",
        ExtensionState.WITHDRAWN: "已撤回",
    }[state]
