"""When a person last looked at a plan, and what has changed in it since (上次查看以来的变化)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, and_, literal, null, select

from tracker.ledger.db import db
from tracker.ledger.plans import concerns
from tracker.ledger.standing import Scope, answer_by_now, duty_facts
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.events import Event
from tracker.ledger.tables.extensions import Extension
from tracker.ledger.tables.plans import Item, Plan
from tracker.ledger.tables.reports import QuarterReport
from tracker.ledger.tables.units import Unit
from tracker.ledger.tables.views import Look
from tracker.ledger.units import units_of
from tracker.rules.quarters import Quarter
from tracker.rules.reports import ReportState, ReviewLevel, Verdict
from tracker.rules.standing import DutyState

MOST_LINES = 50


class Kind(StrEnum):
    OVERDUE = "overdue"
    RETURNED = "returned"
    HANDED_IN = "handed_in"
    REVIEWED = "reviewed"
    DONE = "done"
    EXTENSION = "extension"
    REVISED = "revised"

    @property
    def label(self) -> str:
        return {
            Kind.OVERDUE: "新增逾期",
            Kind.RETURNED: "退回",
            Kind.HANDED_IN: "提交填报",
            Kind.REVIEWED: "审核通过",
            Kind.DONE: "办结",
            Kind.EXTENSION: "延期",
            Kind.REVISED: "修订",
        }[self]


@dataclass(frozen=True)
class Change:
    """One thing that happened to an item; `unit` is empty where it concerns all of them."""

    kind: Kind
    item_id: int
    position: int
    unit: str
    what: str
    on: date


@dataclass(frozen=True)
class Changes:
    """What has happened since the look, newest first, and how much of each kind."""

    since: datetime
    counts: Counter[Kind]
    lines: Sequence[Change]


def look_of(person_id: int, plan_id: int) -> Look | None:
    return db.session.get(Look, (person_id, plan_id))


def last_before(look: Look | None, today: date, timezone: str) -> datetime | None:
    """The last look on another day than today."""
    if look is None:
        return None
    return look.before if looked_on(look, timezone) == today else look.last


def looked_on(look: Look, timezone: str) -> date:
    return look.last.astimezone(ZoneInfo(timezone)).date()


def note(person_id: int, plan_id: int, now: datetime, timezone: str) -> None:
    """Note the first look of a day; every other one is the same act."""
    look = db.session.get(Look, (person_id, plan_id))
    if look is None:
        db.session.add(Look(person_id=person_id, plan_id=plan_id, last=now, before=None))
    elif looked_on(look, timezone) < now.astimezone(ZoneInfo(timezone)).date():
        look.before, look.last = look.last, now
    db.session.flush()


# What changed


def changes(plan: Plan, since: datetime, today: date, timezone: str, scope: Scope) -> Changes:
    """As far as the scope reaches: five questions, however much there is."""
    zone = ZoneInfo(timezone)
    told = [_change(row, zone, scope) for query in _told(plan, since, scope) for row in db.session.execute(query)]
    late = _overdue(plan, since.astimezone(zone).date(), today, scope)
    found = sorted([*filter(None, told), *late], key=lambda change: (change.on, -change.position), reverse=True)
    return Changes(since, Counter(change.kind for change in found), found[:MOST_LINES])


_Asked = Select[*tuple[Any, ...]]  # events, each with its item, the item's position, the unit, and what it is about


def _told(plan: Plan, since: datetime, scope: Scope) -> list[_Asked]:
    """What was done to reports, duties and extensions of the scope's units, and to the items themselves."""
    happened = and_(Event.organisation_id == plan.organisation_id, Event.at > since, Item.plan_id == plan.id)
    items = select(Event, Item.id, Item.position, null(), literal(""))
    items = items.join(Item, and_(Event.record == "item", Event.record_id == Item.id))
    items = items.where(happened, Event.act.in_(("add", "revise", "cancel")))
    of_units = [_of_reports(), _of_duties(), _of_extensions()]
    if scope is not None:
        of_units = [query.where(Unit.id.in_(scope)) for query in of_units]
        items = items.where(concerns(scope))
    return [query.where(happened) for query in (*of_units, items)]


def _of_reports() -> _Asked:
    return (
        select(Event, Item.id, Item.position, Unit.name, QuarterReport.quarter)
        .join(QuarterReport, and_(Event.record == "quarter_report", Event.record_id == QuarterReport.id))
        .join(Item, Item.id == QuarterReport.item_id)
        .join(Unit, Unit.id == QuarterReport.unit_id)
        .where(Event.act.in_(("submit", "review")))
    )


def _of_duties() -> _Asked:
    return (
        select(Event, Item.id, Item.position, Unit.name, Duty.label)
        .join(Duty, and_(Event.record == "duty", Event.record_id == Duty.id))
        .join(Item, Item.id == Duty.item_id)
        .join(Unit, Unit.id == Duty.unit_id)
        .where(Event.act.in_(("complete", "reach")))
    )


def _of_extensions() -> _Asked:
    return (
        select(Event, Item.id, Item.position, Unit.name, Duty.label)
        .join(Extension, and_(Event.record == "extension", Event.record_id == Extension.id))
        .join(Duty, Duty.id == Extension.duty_id)
        .join(Item, Item.id == Duty.item_id)
        .join(Unit, Unit.id == Duty.unit_id)
    )


def _change(row: Row[*tuple[Any, ...]], zone: ZoneInfo, scope: Scope) -> Change | None:
    """None for what is still between a unit and its own head."""
    event, item_id, position, unit, about = row
    kind = _kind(event)
    if kind is None or (scope is None and _within_the_unit(event)):
        return None
    what = about.label if isinstance(about, Quarter) else about
    return Change(kind, item_id, position, unit or "", what, event.at.astimezone(zone).date())


_KINDS = {
    ("quarter_report", "submit"): Kind.HANDED_IN,
    ("duty", "complete"): Kind.DONE,
    ("duty", "reach"): Kind.DONE,
    ("extension", "apply"): Kind.EXTENSION,
    ("extension", "judge"): Kind.EXTENSION,
    ("item", "add"): Kind.REVISED,
    ("item", "revise"): Kind.REVISED,
    ("item", "cancel"): Kind.REVISED,
}


def _kind(event: Event) -> Kind | None:
    if event.act != "review":
        return _KINDS.get((event.record, event.act))
    after = event.after or {}
    if after["verdict"] == Verdict.RETURN:
        return Kind.RETURNED
    return Kind.HANDED_IN if after.get("level") == ReviewLevel.UNIT else Kind.REVIEWED


def _within_the_unit(event: Event) -> bool:
    after = event.after or {}
    if event.act == "submit":
        return after.get("state") == ReportState.IN_UNIT
    return after.get("level") == ReviewLevel.UNIT and after.get("verdict") == Verdict.RETURN


def _overdue(plan: Plan, first: date, today: date, scope: Scope) -> list[Change]:
    """What was not overdue on the first day and is today."""
    due = answer_by_now(today)
    late = and_(Duty.plan_id == plan.id, due >= first, due < today)
    duties = duty_facts(late if scope is None else and_(late, Duty.unit_id.in_(scope)), today)
    standing = [duty for duty in duties if duty.state(today) is DutyState.OVERDUE]
    places = _places(plan) if standing else {}
    units = {unit.id: unit.name for unit in units_of(plan.organisation_id)} if standing else {}
    return [
        Change(Kind.OVERDUE, duty.item_id, places[duty.item_id], units[duty.unit_id], duty.label, duty.answer_by_now)
        for duty in standing
        if duty.answer_by_now and duty.item_id in places
    ]


def _places(plan: Plan) -> dict[int, int]:
    rows = db.session.execute(
        select(Item.id, Item.position).where(Item.plan_id == plan.id, Item.cancelled_on.is_(None))
    )
    return {row.id: row.position for row in rows}
