"""Alerts (预警): which duties speak up on a date, and how loudly."""

from datetime import date, timedelta
from enum import StrEnum

from tracker.rules.lights import Lit, due_in, overdue
from tracker.rules.standing import DutyFacts

SOON_DAYS = 7


class AlertKind(StrEnum):
    """Worst first."""

    OVERDUE = "overdue"
    DUE_SOON = "due_soon"

    @property
    def label(self) -> str:
        return {AlertKind.OVERDUE: "已逾期", AlertKind.DUE_SOON: "即将到期"}[self]


def alert_kind(duty: DutyFacts, as_of: date) -> AlertKind | None:
    """The alert that a duty calls for, or None where it is done, undated or far off."""
    if duty.done_on or duty.answer_by_now is None or duty.answer_by_now > last_soon_day(as_of):
        return None
    return AlertKind.OVERDUE if duty.answer_by_now < as_of else AlertKind.DUE_SOON


def last_soon_day(as_of: date) -> date:
    """What must be answered by this day, `SOON_DAYS` from now, is due soon; the calendar itself ends on date.max."""
    return as_of + min(timedelta(days=SOON_DAYS), date.max - as_of)


def alert_light(answer_by: date, as_of: date) -> Lit:
    """The light of a duty that speaks up: red once overdue, yellow before."""
    days_left = (answer_by - as_of).days
    return overdue(-days_left) if days_left < 0 else due_in(days_left)
