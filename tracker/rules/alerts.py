"""Alerts (预警): what speaks up on a date, how loudly, and to whom.

A kind is a ladder of steps.  Each step is reached so many days after the day that the matter is judged by (before it,
where the number is negative), and holds until the next one is reached: which step holds on a day depends on nothing
but that day.  A job that was dead for three days therefore raises the step that holds now, and none of those between.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.rules.duties import DutyKind
from tracker.rules.lights import Light, Lit, due_in, overdue, unreported
from tracker.rules.permissions import Action, Role, can
from tracker.rules.standing import DutyFacts


class AlertKind(StrEnum):
    """Worst first."""

    OVERDUE = "overdue"
    REPORT_MISSING = "report_missing"
    RECTIFICATION = "rectification"
    INSTRUCTION = "instruction"
    RETURNED = "returned"
    SILENT = "silent"
    DUE_SOON = "due_soon"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def day_label(self) -> str:
        """What the day is that it is judged by."""
        return {AlertKind.RETURNED: "退回于", AlertKind.SILENT: "最近填报"}.get(self, "应于")


_LABELS = {
    AlertKind.OVERDUE: "已逾期",
    AlertKind.REPORT_MISSING: "季度未填报",
    AlertKind.RECTIFICATION: "整改期限",
    AlertKind.INSTRUCTION: "批示办理",
    AlertKind.RETURNED: "退回未重报",
    AlertKind.SILENT: "长期未动",
    AlertKind.DUE_SOON: "即将到期",
}


class AlertSubject(StrEnum):
    """What an alert is about; its `subject_id` is the key of that record."""

    DUTY = "duty"
    REPORT = "report"
    UNIT = "unit"
    INSTRUCTION = "instruction"  # one unit's share of it
    RECTIFICATION = "rectification"  # a finding


class Audience(StrEnum):
    UNIT = "unit"
    OFFICE = "office"
    LEADER = "leader"

    @property
    def label(self) -> str:
        return {Audience.UNIT: "责任单位", Audience.OFFICE: "领导小组办公室", Audience.LEADER: "领导小组领导"}[self]


@dataclass(frozen=True)
class KindSteps:
    """The steps of a kind: reached so many days after the day judged by, negative before it, in order.

    The unit hears every step; the office and the leader hear those from their first day on, or none.
    """

    days: tuple[int, ...]
    office: int | None = None
    leader: int | None = None

    def heard_by(self, audience: Audience, at: int) -> bool:
        first = {Audience.UNIT: at, Audience.OFFICE: self.office, Audience.LEADER: self.leader}[audience]
        return first is not None and at >= first


Steps = Mapping[AlertKind, KindSteps]

# What holds while the office has set no steps of its own.
DEFAULT_STEPS: Steps = {
    AlertKind.OVERDUE: KindSteps((1, 7, 15, 30), office=1, leader=15),
    AlertKind.REPORT_MISSING: KindSteps((1, 7, 15, 30), office=1, leader=15),
    AlertKind.RECTIFICATION: KindSteps((-7, -3, 0, 1, 7, 15), office=1, leader=15),
    AlertKind.INSTRUCTION: KindSteps((-3, 0, 1, 7, 15), office=1, leader=7),
    AlertKind.RETURNED: KindSteps((3, 7), office=7),
    AlertKind.SILENT: KindSteps(
        (100,), office=100
    ),  # a quarter, and some days: between two reports silence is no fault
    AlertKind.DUE_SOON: KindSteps((-15, -7, -3, 0)),
}
_ENDS = {AlertKind.DUE_SOON: 1}  # the day on which another kind takes over


@dataclass(frozen=True)
class Window:
    """A step on a day: it holds for all that is judged by a day from `first` to `last`, both included."""

    step: int
    first: date
    last: date


def windows(kind: AlertKind, audience: Audience, as_of: date, steps: Steps = DEFAULT_STEPS) -> list[Window]:
    """The steps of a kind that speak to the audience; together the days for which they hold have no gap."""
    of_kind = steps[kind]
    ends = [*of_kind.days[1:], _ENDS.get(kind)]
    return [
        Window(at, date.min if end is None else _back(as_of, end - 1), _back(as_of, at))
        for at, end in zip(of_kind.days, ends, strict=True)
        if of_kind.heard_by(audience, at) and (end is None or as_of.toordinal() < date.max.toordinal() + end)
    ]


def _back(day: date, days: int) -> date:
    """So many days before, within the calendar, which itself ends at both ends."""
    number = day.toordinal() - days
    return date.fromordinal(min(max(number, date.min.toordinal()), date.max.toordinal()))


def step_on(kind: AlertKind, audience: Audience, due: date, as_of: date, steps: Steps = DEFAULT_STEPS) -> int | None:
    """Which step holds on the day, for what is judged by `due`."""
    return next((each.step for each in windows(kind, audience, as_of, steps) if each.first <= due <= each.last), None)


def alert_kind(duty: DutyFacts, as_of: date, steps: Steps = DEFAULT_STEPS) -> AlertKind | None:
    """The alert that a duty calls for at its unit, or None where it is done, undated or far off."""
    if duty.done_on or duty.answer_by_now is None:
        return None
    missing = AlertKind.REPORT_MISSING if duty.kind is DutyKind.QUARTER_REPORT else AlertKind.OVERDUE
    kind = missing if duty.answer_by_now < as_of else AlertKind.DUE_SOON
    return None if step_on(kind, Audience.UNIT, duty.answer_by_now, as_of, steps) is None else kind


def audience_of(roles: Collection[Role]) -> Audience:
    """As what a person hears: who works for all hears as the office, be it also the leader or a unit."""
    if can(roles, Action.REVIEW):
        return Audience.OFFICE
    if can(roles, Action.APPROVE_AS_LEADER):
        return Audience.LEADER
    return Audience.OFFICE if can(roles, Action.SEE_OVERVIEW) else Audience.UNIT


def alert_light(kind: AlertKind, due: date, as_of: date) -> Lit:
    """The light of what speaks up: red once work is overdue, yellow before; what makes none late says for how long."""
    days = (as_of - due).days
    if kind is AlertKind.REPORT_MISSING:
        return unreported(days)
    if kind in _SINCE:
        return Lit(Light.YELLOW, _SINCE[kind].format(days=days))
    return overdue(days) if days > 0 else due_in(-days)


_SINCE = {AlertKind.RETURNED: "退回 {days} 天未重报", AlertKind.SILENT: "{days} 天未填报"}


def told(counts: Mapping[AlertKind, int]) -> str:
    """How many of each kind, worst first, in one phrase."""
    return "，".join(_counted(counts))


def _counted(counts: Mapping[AlertKind, int]) -> Iterator[str]:
    for kind in AlertKind:
        if number := counts.get(kind):
            yield f"{kind.label} {number} 项"
