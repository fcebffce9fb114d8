"""Alerts (预警): which duties speak up on a date, and for whom the sentence is."""

from datetime import date
from enum import StrEnum

from tracker.rules.standing import DutyFacts

SOON_DAYS = 7


class AlertKind(StrEnum):
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"

    @property
    def label(self) -> str:
        return {AlertKind.DUE_SOON: "即将到期", AlertKind.OVERDUE: "已逾期"}[self]


def alert_kind(duty: DutyFacts, as_of: date, soon_days: int = SOON_DAYS) -> AlertKind | None:
    """The alert that a duty calls for; `soon_days` before the due day, that day included, it is due soon."""
    days_left = duty.days_left(as_of)
    if days_left is None or days_left > soon_days:
        return None
    return AlertKind.OVERDUE if days_left < 0 else AlertKind.DUE_SOON
