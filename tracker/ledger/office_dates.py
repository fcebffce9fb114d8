"""Dates that a plan leaves open (x月xx日前) and that the office sets: what is printed stays, the set date holds."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.ledger import duties, events
from tracker.ledger.acts import Act
from tracker.ledger.db import db
from tracker.ledger.duty_changes import Changes
from tracker.ledger.duty_terms import Extent
from tracker.ledger.tables.plans import Item, ItemDeadline
from tracker.rules.dates import written
from tracker.rules.deadlines import DeadlineKind
from tracker.rules.refusals import Invalid, NotFound


def undated(organisation_id: int) -> list[tuple[ItemDeadline, Item]]:
    """Every date in force that its plan leaves open, those that wait first; the newest plan first."""
    rows = db.session.execute(
        select(ItemDeadline, Item)
        .join(Item, Item.id == ItemDeadline.item_id)
        .where(
            Item.organisation_id == organisation_id,
            Item.cancelled_on.is_(None),
            ItemDeadline.kind == DeadlineKind.UNDETERMINED,
            ItemDeadline.ended_by_id.is_(None),
        )
        .order_by(ItemDeadline.office_due.is_not(None), Item.plan_id.desc(), Item.position, ItemDeadline.id)
        .options(joinedload(Item.plan))
    )
    return [(deadline, item) for deadline, item in rows]


def set_dates(by: Act, days: Mapping[int, date]) -> list[Changes]:
    """Set the days of these deadlines: each unit owes it from today as a date, where it is not done already.

    The same day sent again changes nothing.
    """
    known = {deadline.id: (deadline, item) for deadline, item in undated(by.organisation_id)}
    if not known.keys() >= days.keys():
        raise NotFound
    touched: dict[int, set[int]] = {}
    for deadline_id, day in days.items():
        deadline, item = known[deadline_id]
        _check(item, deadline, day)
        if deadline.office_due != day:
            _set(by, deadline, item, day)
            touched.setdefault(item.plan_id, set()).add(item.id)
    db.session.flush()
    plans = {item.plan_id: item.plan for _, item in known.values()}
    return [
        duties.bring_up_to_date(by, plans[plan_id], Extent(item_ids=item_ids)) for plan_id, item_ids in touched.items()
    ]


def _check(item: Item, deadline: ItemDeadline, day: date) -> None:
    year = item.plan.year
    if not year <= day.year <= year + 1:
        told = f"第 {item.position} 项“{deadline.text}”填写的{written(day)}"
        raise Invalid(f"{told}不在 {year} 年的计划期内，请核对年份。")


def _set(by: Act, deadline: ItemDeadline, item: Item, day: date) -> None:
    before = {"text": deadline.text, "day": deadline.office_due.isoformat() if deadline.office_due else None}
    deadline.office_due, deadline.office_due_on = day, by.today
    events.record(by, "set_date", "item", item.id, before, {"text": deadline.text, "day": day.isoformat()})
