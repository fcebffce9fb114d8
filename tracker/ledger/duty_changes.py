"""What of a plan's duties is not up to date, and what bringing it up to date would change: nothing is changed here."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import joinedload

from tracker.ledger import units
from tracker.ledger.calendar import work_calendar
from tracker.ledger.db import db
from tracker.ledger.duty_terms import Extent, happened, wanted
from tracker.ledger.standing import is_done
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.extensions import Extension
from tracker.ledger.tables.organisations import Organisation
from tracker.ledger.tables.plans import Item, Plan
from tracker.ledger.tables.units import Unit
from tracker.rules.duties import DutyKind, OwedDuty, redated
from tracker.rules.duty_changes import Circumstances, Difference, How, KeptDuty, differences
from tracker.rules.extensions import ExtensionState
from tracker.rules.occurrences import relative_due
from tracker.rules.quarters import Quarter


@dataclass(frozen=True)
class Changed:
    """One duty that comes, goes, or goes on otherwise; the days are those by which the ledger must hear of it."""

    how: How
    item_id: int
    position: int
    title: str
    unit: str
    label: str
    old: date | None
    new: date | None
    from_unit: str = ""


@dataclass(frozen=True)
class Changes:
    """What brings a plan's duties up to date; `done` are those that are done and that nobody is asked for any more."""

    plan: Plan
    rows: Sequence[Changed]
    found: Sequence[Difference]
    done: Sequence[KeptDuty]
    items: Mapping[int, Item]

    def __len__(self) -> int:
        return len(self.rows)

    def of(self, how: How) -> list[Changed]:
        return [row for row in self.rows if row.how is how]

    @cached_property
    def seen(self) -> str:
        """What an applying must name: it changes with the changes."""
        said = [(row.how.value, row.item_id, row.unit, row.label, row.old, row.new) for row in self.rows]
        return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def pending(plan: Plan, today: date, extent: Extent | None = None) -> Changes:
    """What is not as the plan, the rosters, the units and the calendar demand; nothing is changed."""
    extent = extent or Extent()
    if extent.dates_only:
        return _told(plan, list(_redated(plan, extent)))
    demanded = wanted(plan, extent, today)
    successors = units.successors(plan.organisation_id, today)
    given = Circumstances(today, successors, excused=bool(extent.rosters), revived=extent.revived)
    kept = _kept(*_of_extent(plan, extent, successors))
    found, done = differences({place: owed for place, (_, owed) in demanded.items()}, kept, given)
    found = [each for each in found if _within(each, extent)]
    done = [duty for duty in done if extent.names(duty.unit_id, duty.key)]
    return _told(plan, found, done, {item.id: item for item, _ in demanded.values()})


def _within(each: Difference, extent: Extent) -> bool:
    return any(extent.names(one.unit_id, one.key) for one in (each.old, each.new) if one)


def _of_extent(plan: Plan, extent: Extent, successors: Mapping[int, int]) -> list[ColumnElement[bool]]:
    """Of duties; with those of units that were merged into the named ones, for what they did is done for these too."""
    conditions: list[ColumnElement[bool]] = [Duty.plan_id == plan.id]
    if extent.item_ids is not None:
        conditions.append(Duty.item_id.in_(extent.item_ids))
    if extent.unit_ids is not None:
        merged = {unit_id for unit_id, into in successors.items() if into in extent.unit_ids}
        conditions.append(Duty.unit_id.in_(merged.union(extent.unit_ids)))
    return conditions


def _kept(*conditions: ColumnElement[bool]) -> list[KeptDuty]:
    """The duties that there ever were, for what is done of them tells what is not asked for again."""
    columns = (Duty.id, Duty.item_id, Duty.unit_id, Duty.lead, Duty.kind, Duty.key, Duty.label, Duty.quarter, Duty.due)
    more = (Duty.answer_by, Duty.cancelled_on, Duty.handed_from_id, is_done(), _is_fixed(), Duty.target_id)
    rows = db.session.execute(select(*columns, *more).where(*conditions).order_by(Duty.id))
    return [KeptDuty(*tuple(row)) for row in rows]


def _is_fixed() -> ColumnElement[bool]:
    approved = Extension.state == ExtensionState.APPROVED
    return exists().where(Extension.duty_id == Duty.id, approved)


def _redated(plan: Plan, extent: Extent) -> Iterator[Difference]:
    """What is due on another day by the calendar: told from the dates alone, without asking every item."""
    report_day = db.session.get_one(Organisation, plan.organisation_id).report_day
    calendar = extent.calendar or work_calendar()
    open_now = (Duty.plan_id == plan.id, Duty.cancelled_on.is_(None), ~is_done(), ~_is_fixed())
    for kind, quarter, due, answer_by in db.session.execute(_dates_of(plan)):
        days = redated(kind, quarter, due, answer_by, report_day, calendar)
        if days != (due, answer_by):
            alike = (Duty.kind == kind, Duty.quarter == quarter, Duty.due == due, Duty.answer_by == answer_by)
            yield from (_moved(duty, *days) for duty in _kept(*open_now, *alike))
    runs_from = {event.id: event for events_of in happened(plan).values() for event in events_of}
    for duty in _kept(*open_now, Duty.kind == DutyKind.RELATIVE):
        event = runs_from.get(int(duty.key.removeprefix("event:")))
        if event and event.deadline:
            due = relative_due(event.deadline.deadline, event.happened_on, calendar)
            if due != duty.due:
                yield _moved(duty, due, due, event.id)


def _dates_of(plan: Plan) -> Select[DutyKind, Quarter | None, date | None, date | None]:
    """The few days on which a plan's many duties are due."""
    dated = (Duty.plan_id == plan.id, Duty.cancelled_on.is_(None), Duty.kind != DutyKind.RELATIVE)
    return select(Duty.kind, Duty.quarter, Duty.due, Duty.answer_by).where(*dated, Duty.due.is_not(None)).distinct()


def _moved(duty: KeptDuty, due: date | None, answer_by: date | None, event_id: int | None = None) -> Difference:
    quarter = Quarter.of(due) if event_id and due else duty.quarter
    new = OwedDuty(
        duty.unit_id, duty.lead, duty.kind, duty.key, duty.label, quarter, due, answer_by, occurrence_id=event_id
    )
    return Difference(How.MOVED, duty.item_id, duty, new)


def _told(
    plan: Plan,
    found: Sequence[Difference],
    done: Sequence[KeptDuty] = (),
    known: Mapping[int, Item] | None = None,
) -> Changes:
    items = dict(known or {})
    items |= {item.id: item for item in _items_named({each.item_id for each in found} - items.keys())}
    names = dict(
        db.session.execute(select(Unit.id, Unit.name).where(Unit.organisation_id == plan.organisation_id)).all()
    )
    rows = [_told_of(each, items[each.item_id], names) for each in found]
    rows.sort(key=lambda row: (row.position, row.unit, row.new or row.old or date.max, row.label))
    return Changes(plan, rows, found, done, items)


def _items_named(ids: Collection[int]) -> Iterable[Item]:
    return db.session.scalars(select(Item).where(Item.id.in_(ids)).options(joinedload(Item.revised_by)))


def _told_of(each: Difference, item: Item, names: Mapping[int, str]) -> Changed:
    one = each.new or each.old
    assert one is not None
    return Changed(
        how=each.how,
        item_id=item.id,
        position=item.position,
        title=item.short,
        unit=names[one.unit_id],
        label=one.label,
        old=each.old.answer_by if each.old else None,
        new=each.new.answer_by if each.new else None,
        from_unit=names[each.old.unit_id] if each.how is How.HANDED and each.old else "",
    )
