"""Instructions (批示): what a leader asks of units by a day, how each unit's share of it stands, and its light.

A unit answers; the leader, or the office for the leader, settles the answer or sends it back.  An answer in time takes
the red light away; blue is only what was settled.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.rules.lights import Light, Lit, due_in, overdue
from tracker.rules.refusals import Forbidden, Invalid, Refusal

LONGEST_TEXT = 500  # characters
LONGEST_ANSWER = 2000
LONGEST_REASON = 500
NEAR = 3  # days before the date from which on the light is yellow


class ShareState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        return {ShareState.OPEN: "待办", ShareState.ANSWERED: "已答复", ShareState.CLOSED: "已办结"}[self]


class StepKind(StrEnum):
    """What can be done with a share."""

    ANSWER = "answer"
    CLOSE = "close"
    RETURN = "return"

    @property
    def label(self) -> str:
        return {StepKind.ANSWER: "答复", StepKind.CLOSE: "办结", StepKind.RETURN: "退回"}[self]

    @property
    def leads_to(self) -> ShareState:
        return {
            StepKind.ANSWER: ShareState.ANSWERED,
            StepKind.CLOSE: ShareState.CLOSED,
            StepKind.RETURN: ShareState.OPEN,
        }[self]


@dataclass(frozen=True)
class ShareFacts:
    """How a share stands on a day; `since` is the day of the act that made it so, None while nothing was done."""

    unit_id: int
    due: date
    state: ShareState = ShareState.OPEN
    since: date | None = None

    def overdue(self, as_of: date) -> bool:
        """Whether an answer is owed and late."""
        return self.state is ShareState.OPEN and as_of > self.due

    def light(self, as_of: date) -> Lit:
        if self.state is not ShareState.OPEN:
            return Lit(Light.BLUE if self.state is ShareState.CLOSED else Light.GREEN, self.state.label)
        days = (self.due - as_of).days
        if days < 0:
            return overdue(-days)
        return due_in(days) if days <= NEAR else Lit(Light.GREEN, self.state.label)


def state_of(shares: Iterable[ShareFacts]) -> ShareState:
    """An instruction is as far as the last of its units."""
    order = list(ShareState)
    return min((share.state for share in shares), key=order.index, default=ShareState.CLOSED)


def light_of(shares: Iterable[ShareFacts], as_of: date) -> Lit:
    """The worst of the shares', the one longest overdue first."""
    lit = [(share.light(as_of), share) for share in shares]
    lit.sort(key=lambda pair: (list(ShareState).index(pair[1].state), pair[0].light.badness, pair[1].due))
    return lit[0][0] if lit else Lit(Light.GREY, "未指定单位")


def pressure(shares: Collection[ShareFacts], as_of: date) -> tuple[int, int, date]:
    """Sorts what is open first, of that the worst, of that what was due first."""
    order = list(ShareState)
    return order.index(state_of(shares)), light_of(shares, as_of).light.badness, min(s.due for s in shares)


class Shown(StrEnum):
    """What a list of instructions can be narrowed to."""

    OPEN = "open"
    OVERDUE = "overdue"
    ANSWERED = "answered"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        return "逾期" if self is Shown.OVERDUE else ShareState(self.value).label

    def takes(self, shares: Collection[ShareFacts], as_of: date) -> bool:
        """Overdue is a part of what is open."""
        if self is Shown.OVERDUE:
            return any(share.overdue(as_of) for share in shares)
        return state_of(shares).value == self.value


def tally(found: Iterable[Collection[ShareFacts]], as_of: date) -> Counter[Shown]:
    """How many instructions each part of the list holds."""
    return Counter(shown for shares in found for shown in Shown if shown.takes(shares, as_of))


@dataclass(frozen=True)
class Order:
    """What the leader writes."""

    text: str
    due: date | None
    units: tuple[int, ...]


def latest(today: date) -> date:
    """The last day that can be set: a year ahead; after a leap day it is 28 February."""
    day = 28 if (today.month, today.day) == (2, 29) else today.day
    return date(min(today.year + 1, date.max.year), today.month, day)


def gaps(order: Order, today: date) -> Mapping[str, str]:
    """What is amiss: a sentence for each field concerned."""
    found = {"text": _slip_of_text(order.text), "due": _slip_of_day(order.due, today)}
    found["units"] = "" if order.units else "请至少选择一个承办单位。"
    return {name: sentence for name, sentence in found.items() if sentence}


def _slip_of_text(text: str) -> str:
    length = len(text.strip())
    if not length:
        return "请填写批示内容。"
    return f"批示内容最多 {LONGEST_TEXT} 字，现有 {length} 字。" if length > LONGEST_TEXT else ""


def _slip_of_day(due: date | None, today: date) -> str:
    if due is None:
        return "请填写办理期限。"
    if due < today:
        return "办理期限不能早于今天。"
    return "办理期限最长一年。" if due > latest(today) else ""


def check(order: Order, today: date) -> None:
    for sentence in gaps(order, today).values():
        raise Invalid(sentence)


def check_answer(state: ShareState, text: str) -> None:
    if state is ShareState.CLOSED:
        raise Refusal("该批示已办结，不能再答复。如有新情况，请联系领导小组办公室。")
    if not text.strip():
        raise Invalid("请填写答复内容。")
    if len(text.strip()) > LONGEST_ANSWER:
        raise Invalid(f"答复内容最多 {LONGEST_ANSWER} 字，现有 {len(text.strip())} 字。")


def check_settling(kind: StepKind, state: ShareState, text: str) -> None:
    """An answer can be returned, and so can what was closed; what nobody has answered is closed with a reason."""
    if kind is StepKind.CLOSE and state is ShareState.CLOSED:
        raise Refusal("该批示已办结，无需重复办理。")
    if kind is StepKind.RETURN and state is ShareState.OPEN:
        raise Refusal("单位尚未答复，无可退回。")
    if len(text.strip()) > LONGEST_REASON:
        raise Invalid(f"办理意见最多 {LONGEST_REASON} 字，现有 {len(text.strip())} 字。")
    if kind is StepKind.RETURN and not text.strip():
        raise Invalid("退回时请写明理由，单位会看到这段文字。")
    if state is ShareState.OPEN and not text.strip():
        raise Invalid("单位尚未答复，直接办结请写明理由。")


def check_not_own(judge: int | None, answered_by: int | None) -> None:
    """Nobody settles an answer of their own."""
    if judge is not None and judge == answered_by:
        raise Forbidden("不能办结或退回本人的答复，请由其他人员办理。")
