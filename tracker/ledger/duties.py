"""Duties as kept: generated from a plan's items by the pure rule; running it again adds nothing.

Whatever changes an item's dates, its units or the calendar is brought into the ledger by `bring_up_to_date`, which
changes what is not done and says what it changed; `duty_changes.pending` tells it beforehand.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, case, exists, func, insert, select, update

from tracker.ledger import events
from tracker.ledger.acts import Act
from tracker.ledger.db import db
from tracker.ledger.duty_changes import Changed, Changes, pending
from tracker.ledger.duty_terms import Extent, wanted
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.extensions import Extension
from tracker.ledger.tables.plans import Item, Plan
from tracker.rules.duties import DutyKind, OwedDuty
from tracker.rules.duty_changes import Difference, How, Place
from tracker.rules.extensions import ExtensionState
from tracker.rules.refusals import NotFound, Refusal

_AT_ONCE = 5000  # of what a statement may name


def bring_up_to_date(by: Act, plan: Plan, extent: Extent | None = None) -> Changes:
    """Change what is not done to what is demanded now, and say what was changed; every item has its event."""
    changes = pending(plan, by.today, extent)
    _apply(changes, (extent and extent.from_day) or by.today)
    for item_id, of_item in groupby(sorted(changes.rows, key=lambda row: row.item_id), key=lambda row: row.item_id):
        rows = list(of_item)
        events.record(by, "adjust_duties", "item", item_id, _said(rows, "old"), _said(rows, "new"))
    if changes.done:  # nothing of them is told by the items' events, and no row changes without one
        events.record(by, "retire_duties", "plan", plan.id, after={"duties": [duty.id for duty in changes.done]})
    return changes


def _said(rows: Iterable[Changed], side: str) -> dict[str, Any]:
    return {
        "duties": [
            {
                "how": row.how.value,
                "unit": row.from_unit if side == "old" and row.from_unit else row.unit,
                "label": row.label,
                "day": day.isoformat() if (day := getattr(row, side)) else None,
            }
            for row in rows
        ]
    }


def generate(by: Act, plan: Plan) -> int:
    """Enter the duties that the plan's items yield and the ledger lacks; return how many were added.

    The first run makes the baseline.  An item that was revised since yields nothing for the periods that were over.
    """
    if db.session.scalar(select(exists().where(Duty.plan_id == plan.id))):
        changes = _only_added(pending(plan, by.today))
        _apply(changes, by.today)
        added = len(changes.found)
    else:
        rows = [_row(plan, item, owed, None, 0) for item, owed in wanted(plan, Extent(), by.today).values()]
        if rows:
            db.session.execute(insert(Duty), rows)
        added = len(rows)
    if added:
        events.record(by, "generate_duties", "plan", plan.id, after={"added": added})
    return added


def _only_added(changes: Changes) -> Changes:
    found = [each for each in changes.found if each.how is How.ADDED]
    return Changes(changes.plan, changes.of(How.ADDED), found, [], changes.items)


def revise(by: Act, plan: Plan, item_ids: Collection[int]) -> tuple[int, int]:
    """After items were revised: take back what they no longer demand, from today, and enter what they newly do.

    Return how many were taken back undone, and how many came.  What is done stays done, whoever owes it now.
    """
    changes = pending(plan, by.today, Extent(item_ids=item_ids))
    _apply(changes, by.today)
    undone = sum(each.old is not None for each in changes.found)
    added = sum(each.new is not None for each in changes.found)
    if undone:
        events.record(by, "cancel_duties", "plan", plan.id, after={"cancelled": undone})
    if added:
        events.record(by, "generate_duties", "plan", plan.id, after={"added": added})
    return undone, added


def _apply(changes: Changes, from_day: date) -> None:
    ended_on = _end([each.old.id for each in changes.found if each.old], from_day)
    _end([duty.id for duty in changes.done], from_day)
    layers = _layers(changes)
    rows = [
        _row(
            changes.plan,
            changes.items[each.item_id],
            each.new,
            ended_on[each.old.id] if each.old else from_day,
            layers.get((each.item_id, each.new.unit_id, each.new.key), -1) + 1,
            each,
        )
        for each in changes.found
        if each.new
    ]
    if rows:
        db.session.execute(insert(Duty), rows)
    _carry_extensions(changes)


def _end(ids: Sequence[int], from_day: date) -> dict[int, date]:
    """Take duties back from that day, or from the later one from which they are owed; tell of each from when."""
    found: dict[int, date] = {}
    for some in (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE)):
        begin = select(Duty.id, Duty.owed_from).where(Duty.id.in_(some))
        found |= {duty_id: max(from_day, begun or from_day) for duty_id, begun in db.session.execute(begin)}
        later = case((Duty.owed_from > from_day, Duty.owed_from), else_=from_day)
        db.session.execute(update(Duty).where(Duty.id.in_(some)).values(cancelled_on=later))
    return found


def _layers(changes: Changes) -> dict[Place, int]:
    """The last layer of every duty that there ever was."""
    item_ids = {each.item_id for each in changes.found}
    rows = db.session.execute(
        select(Duty.item_id, Duty.unit_id, Duty.key, func.max(Duty.layer))
        .where(Duty.item_id.in_(item_ids))
        .group_by(Duty.item_id, Duty.unit_id, Duty.key)
    )
    return {(item_id, unit_id, key): layer for item_id, unit_id, key, layer in rows}


def _row(
    plan: Plan, item: Item, owed: OwedDuty, owed_from: date | None, layer: int, change: Difference | None = None
) -> dict[str, object]:
    before = change.old if change and change.how in (How.MOVED, How.HANDED) else None
    return {
        "organisation_id": plan.organisation_id,
        "plan_id": plan.id,
        "item_id": item.id,
        "unit_id": owed.unit_id,
        "lead": owed.lead,
        "kind": owed.kind,
        "key": owed.key,
        "label": owed.label,
        "quarter": owed.quarter,
        "due": owed.due,
        "answer_by": owed.answer_by,
        "layer": max(layer, item.revised_by.number) if item.revised_by else layer,
        "owed_from": owed_from,
        "target_id": _target_of(item, owed, change),
        "occurrence_id": owed.occurrence_id,
        "handed_from_id": before.id if before else None,
    }


def _target_of(item: Item, owed: OwedDuty, change: Difference | None) -> int | None:
    if owed.target is not None:
        return item.targets[owed.target].id
    return change.old.target_id if change and change.old else None


def _carry_extensions(changes: Changes) -> None:
    """An approved extension goes on with the matter, whoever has it now."""
    ends = {each.old.id: each for each in changes.found if each.old and each.new and each.old.fixed}
    for extension in db.session.scalars(select(Extension).where(Extension.duty_id.in_(ends), _approved())).all():
        each = ends[extension.duty_id]
        assert each.new is not None
        now = living(each.item_id, each.new.unit_id, each.new.key)
        if now is not None:
            columns = ("organisation_id", "state", "new_due", "reason", "progress", "applied_on", "applied_at")
            same = {name: getattr(extension, name) for name in (*columns, "applied_by_id", "decided_on")}
            db.session.add(Extension(duty_id=now.id, **same))


def _approved() -> ColumnElement[bool]:
    return Extension.state == ExtensionState.APPROVED


# Finding


def living(item_id: int, unit_id: int, key: str) -> Duty | None:
    """The duty that holds now under that key."""
    place = (Duty.item_id == item_id, Duty.unit_id == unit_id, Duty.key == key)
    return db.session.scalar(select(Duty).where(*place, Duty.cancelled_on.is_(None)))


def report_duty(organisation_id: int, duty_id: int, scope: frozenset[int] | None) -> Duty:
    """The duty to report on an item, if the person's scope reaches its unit; raise NotFound otherwise.

    Where its day was moved meanwhile, the one that holds now.
    """
    duty = db.session.get(Duty, duty_id)
    if duty is None or duty.organisation_id != organisation_id or duty.kind is not DutyKind.QUARTER_REPORT:
        raise NotFound
    if scope is not None and duty.unit_id not in scope:
        raise NotFound
    if duty.item.cancelled_on is not None:
        raise Refusal("该任务已撤销，不再填报。原有填报和佐证材料可在任务页查看。")
    if duty.cancelled_on is None:
        return duty
    if now := living(duty.item_id, duty.unit_id, duty.key):
        return now
    raise Refusal("该任务已调整，不再由您单位承担，不再填报。原有填报可在任务页查看。")
