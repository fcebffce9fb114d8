"""Notices (催办督办): the ladder from a reminder to a talk, and when its next step may be taken.

Steps and their order: 提醒, 催办单, 督办单, 通报, 约谈.  A reminder is an alert, and goes out by itself; every further
step is a numbered paper that the office confirms.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tracker.rules.calendar import WorkCalendar
from tracker.rules.dates import written
from tracker.rules.refusals import Invalid, Refusal

LONGEST_TEXT = 2000
_BLANKS = re.compile(r"\S　+(月|日|时|参加)")  # what the office has still to fill in; a line may begin so


class NoticeKind(StrEnum):
    """The papers of the ladder, in order."""

    URGING = "urging"
    SUPERVISION = "supervision"
    CIRCULAR = "circular"
    TALK = "talk"

    @property
    def label(self) -> str:
        return _WORDS[self][0]

    @property
    def short(self) -> str:
        """As it stands in a number: 催办〔2025〕3号."""
        return _WORDS[self][1]

    @property
    def step(self) -> int:
        """1 for the lowest."""
        return tuple(NoticeKind).index(self) + 1


_WORDS = {
    NoticeKind.URGING: ("催办单", "催办"),
    NoticeKind.SUPERVISION: ("督办单", "督办"),
    NoticeKind.CIRCULAR: ("通报", "通报"),
    NoticeKind.TALK: ("约谈通知", "约谈"),
}


class NoticeState(StrEnum):
    PROPOSED = "proposed"
    ISSUED = "issued"
    RECEIVED = "received"
    REPLIED = "replied"
    CLOSED = "closed"
    DROPPED = "dropped"

    @property
    def label(self) -> str:
        return {
            NoticeState.PROPOSED: "待确认",
            NoticeState.ISSUED: "已发出，待签收",
            NoticeState.RECEIVED: "已签收，待回复",
            NoticeState.REPLIED: "已回复，待办结",
            NoticeState.CLOSED: "已办结",
            NoticeState.DROPPED: "不予发出",
        }[self]

    @property
    def is_open(self) -> bool:
        """Whether somebody has still to do something about a notice that is out."""
        return self in (NoticeState.ISSUED, NoticeState.RECEIVED, NoticeState.REPLIED)


@dataclass(frozen=True)
class Ladder:
    """When a step is proposed: so many days overdue, and not before `interval` working days after the step below it.

    `after` is in the order of the steps; a step that is not in it is passed over.

    `reply_days` are the working days that a unit has for its reply.
    """

    after: tuple[tuple[NoticeKind, int], ...]
    interval: int
    reply_days: int


DEFAULT_LADDER = Ladder(
    after=(
        (NoticeKind.URGING, 1),
        (NoticeKind.SUPERVISION, 10),
        (NoticeKind.CIRCULAR, 20),
        (NoticeKind.TALK, 45),
    ),
    interval=3,
    reply_days=3,
)


@dataclass(frozen=True)
class Taken:
    """A step that was taken for a duty."""

    kind: NoticeKind
    issued_on: date


def next_step(
    days_overdue: int, taken: Iterable[Taken], today: date, calendar: WorkCalendar, ladder: Ladder = DEFAULT_LADDER
) -> NoticeKind | None:
    """The step that is to be proposed for a duty today: the lowest above those taken, if its time has come."""
    last = last_taken(taken)
    step, today_less = last.kind.step if last else 0, today - timedelta(days=days_overdue)
    for reach in reaches(ladder, today, calendar):
        if step in reach.above and today_less <= reach.due and (last is None or last.issued_on <= reach.issued):
            return reach.kind
    return None


def last_taken(taken: Iterable[Taken]) -> Taken | None:
    """The highest step; of several papers of the same kind the last."""
    return max(taken, key=lambda each: (each.kind.step, each.issued_on), default=None)


@dataclass(frozen=True)
class Reach:
    """What a step of the ladder is called for by on a day.

    Its duties are those whose last step is one of `above` (0 for none), which were to be done by `due` or before, and
    of which the last paper went out on `issued` or before.
    """

    kind: NoticeKind
    above: range
    due: date
    issued: date


def reaches(ladder: Ladder, today: date, calendar: WorkCalendar) -> list[Reach]:
    """Of every step of the ladder, lowest first; no duty is in two of them."""
    issued, below, found = _last_issue(ladder, today, calendar), 0, list[Reach]()
    for kind, days in ladder.after:
        found.append(Reach(kind, range(below, kind.step), today - timedelta(days=days), issued))
        below = kind.step
    return found


def _last_issue(ladder: Ladder, today: date, calendar: WorkCalendar) -> date:
    """The last day on which a paper can have gone out so that another may follow today."""
    day = today
    while calendar.add_workdays(day, ladder.interval) > today:
        day -= timedelta(days=1)
    return day


def earliest(last: Taken, calendar: WorkCalendar, ladder: Ladder = DEFAULT_LADDER) -> date:
    """The first day on which another step may follow."""
    return calendar.add_workdays(last.issued_on, ladder.interval)


def check_interval(last: Taken | None, today: date, calendar: WorkCalendar, ladder: Ladder = DEFAULT_LADDER) -> None:
    """Raise Refusal for a second notice about the same matter within the interval."""
    if last is not None and today < (first := earliest(last, calendar, ladder)):
        raise Refusal(
            f"该事项已于{written(last.issued_on)}发出{last.kind.label}，间隔不足 {ladder.interval} 个工作日，"
            f"请于{written(first)}起再发。"
        )


def number_of(kind: NoticeKind, year: int, number: int) -> str:
    """Hexagonal brackets, no leading zero (GB/T 9704-2012, 7.2.5)."""
    return f"{kind.short}〔{year}〕{number}号"


def check_text(label: str, text: str) -> str:
    """The text trimmed; raise Invalid where it is missing or too long."""
    text = text.strip()
    if not text:
        raise Invalid(f"请填写“{label}”。")
    if len(text) > LONGEST_TEXT:
        raise Invalid(f"“{label}”最多 {LONGEST_TEXT} 字，现有 {len(text)} 字。")
    return text


def check_filled(demand: str) -> str:
    """The demand; raise Invalid while the place and the hour of a talk are still the blanks of the proposal."""
    if _BLANKS.search(demand):
        raise Invalid("“办理要求”中还有空白，请填写约谈的时间和地点。")
    return demand


def check_may(state: NoticeState, allowed: Iterable[NoticeState], doing: str) -> None:
    """Raise Refusal where a notice is in no state in which this can be done."""
    if state not in tuple(allowed):
        raise Refusal(f"该文书目前为“{state.label}”，不能{doing}。请刷新页面查看最新情况。")


@dataclass(frozen=True)
class MatterLine:
    """One line of a notice's table: a duty as it stood on the day of issue, extensions included."""

    task: str
    label: str
    due: date
    days: int


@dataclass(frozen=True)
class NoticePaper:
    """All that the printed paper says.  `number` is None while it is a proposal; `plans` are those of its matters."""

    kind: NoticeKind
    year: int
    number: int | None
    issuer: str
    addressee: str
    issued_on: date
    matter: str
    basis: str
    demand: str
    reply_due: date
    matters: tuple[MatterLine, ...]
    received_by: str = ""
    received_on: str = ""
    reply: str = ""
    sample: bool = False
    plans: tuple[str, ...] = ()

    @property
    def opening(self) -> str:
        named = "".join(f"《{title}》" for title in self.plans)
        return f"{self.basis}任务出自{named}。" if named else self.basis
