"""Tidings (办理消息): what a unit is told the moment it is decided or asked, in one sentence each.

An alert speaks up because a day has come; a tiding because somebody has acted.  Only acts of others upon a unit's own
matters are told: what a unit does itself it knows.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

LONGEST_TEXT = 400
GATHERED = timedelta(minutes=5)  # what comes within it goes out as one mail
FIRST_HOUR = 7  # of the day, for those who want one mail a day


class TidingKind(StrEnum):
    EXTENSION = "extension"
    REPORT = "report"
    INSTRUCTION = "instruction"
    NOTICE = "notice"
    FINDING = "finding"
    INSPECTION = "inspection"
    CIRCULAR = "circular"

    @property
    def label(self) -> str:
        return {
            TidingKind.EXTENSION: "延期审批",
            TidingKind.REPORT: "填报审核",
            TidingKind.INSTRUCTION: "批示办理",
            TidingKind.NOTICE: "催办督办",
            TidingKind.FINDING: "检查整改",
            TidingKind.INSPECTION: "季度检查",
            TidingKind.CIRCULAR: "情况通报",
        }[self]


def sentence(*parts: str) -> str:
    """The parts that are not empty, as one sentence that the page and the mail can hold."""
    said = "，".join(part.strip().rstrip("。；，") for part in parts if part.strip())
    return f"{said}。" if len(said) < LONGEST_TEXT else f"{said[: LONGEST_TEXT - 2]}…"


def because(reason: str) -> str:
    """A reason behind what was decided, on one line; nothing where none was given."""
    return f"意见：{' '.join(reason.split())}" if reason.strip() else ""


def leaves_at(now: datetime, *, at_once: bool) -> datetime:
    """When a mail that begins to gather now may leave; `now` is in the office's own time."""
    if at_once:
        return now + GATHERED
    today = now.replace(hour=FIRST_HOUR, minute=0, second=0, microsecond=0)
    return today if now < today else today + timedelta(days=1)


def subject(number: int) -> str:
    return f"工作计划台账办理消息：{number} 条"


def text(lines: Sequence[str]) -> str:
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))
