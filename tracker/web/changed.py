"""What an act changed of the duties, in words: 「调整未办结事项 3 项：…」."""

from collections.abc import Iterable, Sequence
from datetime import date

from tracker.ledger.duty_changes import Changed, Changes
from tracker.rules.dates import written
from tracker.rules.duty_changes import How

_TOLD = 3


def sentence_of(changes: Iterable[Changes]) -> str:
    rows = [row for each in changes for row in each.rows]
    if not rows:
        return "未办结事项没有变化。"
    told = "；".join(in_words(row) for row in rows[:_TOLD])
    return f"调整未办结事项 {len(rows)} 项：{told}{'等' if len(rows) > _TOLD else ''}。"


def in_words(row: Changed) -> str:
    return f"第 {row.position} 项{row.unit}“{row.label}”{_what(row)}"


def _what(row: Changed) -> str:
    if row.how is How.MOVED:
        return f"由{_day(row.old)}改为{_day(row.new)}"
    if row.how is How.HANDED:
        return f"由{row.from_unit}划转"
    if row.how is How.RANKED:
        return "调整牵头、配合"
    return "新增" if row.how is How.ADDED else "收回"


def _day(day: date | None) -> str:
    return written(day) if day else "待定"


def counts_of(changes: Sequence[Changes]) -> dict[str, int]:
    """How many of each kind, for a preview's heading."""
    counts = {how.label: sum(len(each.of(how)) for each in changes) for how in How}
    return {label: number for label, number in counts.items() if number}
