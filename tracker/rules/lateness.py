"""What is late of a share, in sentences that a paper prints."""

from collections.abc import Iterable, Iterator
from datetime import date

from tracker.rules.dates import written
from tracker.rules.quarters import Quarter
from tracker.rules.standing import DutyFacts, DutyState


def late_lines(duties: Iterable[DutyFacts], quarter: Quarter, as_of: date) -> Iterator[str]:
    """What is overdue, from whatever quarter, and what of this quarter was done late."""
    for duty in duties:
        state = duty.state(as_of)
        if duty.answer_by_now and state is DutyState.OVERDUE:
            yield f"{_dated(duty, duty.answer_by_now)}逾期 {(as_of - duty.answer_by_now).days} 天"
        elif duty.due_now and duty.done_on and state is DutyState.DONE_LATE and duty.quarter == quarter:
            yield f"{_dated(duty, duty.due_now)}迟 {(duty.done_on - duty.due_now).days} 天完成"


def _dated(duty: DutyFacts, day: date) -> str:
    """The duty with the day by which it was to be done; where an extension has moved it, with both days."""
    return f"{duty.label}（{duty.moved.words if duty.moved else f'应于 {written(day)}'}）"
