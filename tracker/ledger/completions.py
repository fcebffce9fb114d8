"""What is done between reports (完成登记): noted by the unit or the office, and taken back with a reason."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, select

from tracker.ledger import events
from tracker.ledger.acts import Act
from tracker.ledger.db import db
from tracker.ledger.standing import Scope, duty_facts
from tracker.ledger.tables.duties import Duty, Fulfilment
from tracker.ledger.tables.events import Event
from tracker.rules import reports as rules
from tracker.rules.duties import DutyKind
from tracker.rules.occurrences import LONGEST_REASON, check_reason
from tracker.rules.quarters import Quarter
from tracker.rules.refusals import Invalid, NotFound, Refusal
from tracker.rules.standing import DutyFacts

BY_ITSELF = {
    DutyKind.QUARTER_REPORT: "季度填报以提交为准，请在“填报”页办理。",
    DutyKind.COUNT: "次数要求由登记的事项累计，请登记每次活动；累计达到后自动记为完成。",
}


def duty_of(organisation_id: int, duty_id: int, scope: Scope) -> Duty:
    """The duty, whether or not it still holds, if the scope reaches its unit; raise NotFound otherwise."""
    duty = db.session.get(Duty, duty_id)
    if duty is None or duty.organisation_id != organisation_id or (scope is not None and duty.unit_id not in scope):
        raise NotFound
    return duty


def facts_of(duty: Duty, as_of: date) -> DutyFacts | None:
    """How it stands; None for one that was taken back undone."""
    return next(iter(duty_facts(Duty.id == duty.id, as_of)), None)


def noted(duty: Duty) -> Fulfilment | None:
    """What was noted between reports and still counts."""
    return db.session.scalar(
        _that_count(duty).where(Fulfilment.version_id.is_(None), Fulfilment.occurrence_id.is_(None))
    )


def _that_count(duty: Duty) -> Select[Fulfilment]:
    return select(Fulfilment).where(Fulfilment.duty_id == duty.id, Fulfilment.revoked_on.is_(None))


def history(duty: Duty) -> Sequence[Event]:
    return events.history(duty.organisation_id, "duty", duty.id)


def complete(by: Act, duty: Duty, done_on: date, note: str = "") -> None:
    """Note that the work was done on that day; it counts from today.  The same word sent twice is one.

    Raise Invalid for a day that cannot be, Refusal where it is not to be noted here, or is done already.
    """
    note = _checked_note(note)
    _check_kind(duty)
    rules.check_done_day(duty.label, done_on, duty.quarter or Quarter(duty.item.plan.year, 1), by.today)
    _hold(duty)
    if duty.cancelled_on is not None or duty.item.cancelled_on is not None:
        raise Refusal("该事项已调整或撤销，不再需要办理。请返回任务页查看最新情况。")
    held = noted(duty)
    if held and (held.done_on, held.note) == (done_on, note):
        return
    if facts := db.session.scalar(_that_count(duty).limit(1)):
        raise Refusal(f"该事项已登记于{facts.done_on:%Y-%m-%d}完成。如需更正，请先撤回原登记。")
    db.session.add(
        Fulfilment(duty_id=duty.id, done_on=done_on, recorded_on=by.today, note=note, recorded_by_id=by.person_id)
    )
    db.session.flush()
    events.record(by, "complete", "duty", duty.id, after={"done_on": done_on.isoformat(), "note": note})


def take_back(by: Act, duty: Duty, reason: str, *, office: bool = False) -> None:
    """What was noted does not count from today on; `office` says that the office does not acknowledge it (不予认定)."""
    reason = check_reason(reason, "不予认定" if office else "撤回完成登记")
    _hold(duty)
    held = noted(duty)
    if held is None:
        if _last_was_taking_back(duty):
            return  # a second click
        raise Refusal("该事项目前没有可撤回的完成登记。随季度填报勾选的，请退回该季度填报。")
    held.revoked_on = by.today
    db.session.flush()
    before = {"done_on": held.done_on.isoformat(), "note": held.note}
    events.record(by, "disallow" if office else "take_back", "duty", duty.id, before, {"reason": reason})


def _last_was_taking_back(duty: Duty) -> bool:
    told = history(duty)
    return bool(told) and told[-1].act in ("disallow", "take_back")


def _check_kind(duty: Duty) -> None:
    if sentence := BY_ITSELF.get(duty.kind):
        raise Refusal(sentence)


def _checked_note(note: str) -> str:
    note = note.strip()
    if len(note) > LONGEST_REASON:
        raise Invalid(f"办理说明最多 {LONGEST_REASON} 字，现有 {len(note)} 字。")
    return note


def _hold(duty: Duty) -> None:
    """Let others who note or take back wait until the transaction ends."""
    events.hold(duty.organisation_id)
    db.session.refresh(duty)
