"""Inspections looked up: by whom they may be seen, of a quarter, of an item, of a unit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from tracker.ledger.db import db
from tracker.ledger.standing import Scope
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.inspections import Inspection, InspectionChecker, InspectionPart, InspectionResult
from tracker.ledger.tables.plans import Item
from tracker.rules.inspection_results import Verdict, worst
from tracker.rules.inspections import InspectionState
from tracker.rules.quarters import Quarter
from tracker.rules.refusals import NotFound


def inspection_of(organisation_id: int, inspection_id: int, scope: Scope) -> Inspection:
    """With its team and parts; a unit finds only what it was notified of."""
    query = select(Inspection).where(Inspection.id == inspection_id, Inspection.organisation_id == organisation_id)
    found = db.session.scalar(_seen(query, scope).options(*_WITH_ALL))
    if found is None:
        raise NotFound
    return found


_WITH_ALL = (
    joinedload(Inspection.plan),
    joinedload(Inspection.planned_by),
    selectinload(Inspection.team).joinedload(InspectionChecker.person),
    selectinload(Inspection.parts).options(joinedload(InspectionPart.unit), joinedload(InspectionPart.checker)),
)


def _seen(query: Select[Inspection], scope: Scope) -> Select[Inspection]:
    if scope is None:
        return query
    mine = Inspection.parts.any(InspectionPart.unit_id.in_(scope))
    return query.where(Inspection.notified_on.is_not(None), mine)


def part_of(inspection: Inspection, unit_id: int, scope: Scope) -> InspectionPart:
    found = next((part for part in inspection.parts if part.unit_id == unit_id), None)
    if found is None or (scope is not None and unit_id not in scope):
        raise NotFound
    return found


def parts_seen(inspection: Inspection, scope: Scope) -> list[InspectionPart]:
    return [part for part in inspection.parts if scope is None or part.unit_id in scope]


def inspections_of(organisation_id: int, scope: Scope, *, limit: int, offset: int = 0) -> list[Inspection]:
    """The newest first."""
    query = _seen(select(Inspection).where(Inspection.organisation_id == organisation_id), scope)
    ordered = query.order_by(Inspection.planned_on.desc(), Inspection.id.desc()).limit(limit).offset(offset)
    return list(db.session.scalars(ordered.options(*_WITH_ALL)))


def count(organisation_id: int, scope: Scope) -> int:
    query = _seen(select(Inspection).where(Inspection.organisation_id == organisation_id), scope)
    return db.session.scalar(select(func.count()).select_from(query.subquery())) or 0


def of_quarter(plan_id: int, quarter: Quarter, as_of: date) -> list[Inspection]:
    """Those that units had been told of by then, and that were not cancelled by then; oldest first."""
    query = select(Inspection).where(
        Inspection.plan_id == plan_id,
        Inspection.quarter == quarter,
        *_told_by(as_of),
    )
    ordered = query.order_by(Inspection.notified_on, Inspection.id)
    return list(db.session.scalars(ordered.options(*_WITH_ALL)))


def checked_already(inspection: Inspection) -> Mapping[int, list[Inspection]]:
    """By unit the other inspections of the same quarter that it is in: nobody is to be checked twice (Art. 15)."""
    return checked_in_quarter(inspection.organisation_id, inspection.quarter, inspection.id)


def checked_in_quarter(
    organisation_id: int, quarter: Quarter, besides: int | None = None
) -> dict[int, list[Inspection]]:
    rows = db.session.execute(
        select(InspectionPart.unit_id, Inspection)
        .join(InspectionPart.inspection)
        .where(
            Inspection.organisation_id == organisation_id,
            Inspection.quarter == quarter,
            Inspection.state != InspectionState.CANCELLED,
            and_(InspectionPart.excused == "", Inspection.id != (besides or 0)),
        )
        .order_by(Inspection.id)
    )
    found: dict[int, list[Inspection]] = {}
    for unit_id, inspection in rows:
        found.setdefault(unit_id, []).append(inspection)
    return found


def _told_by(day: date) -> tuple[ColumnElement[bool], ...]:
    """Those that units had been told of by then, and that were not cancelled by then."""
    cancelled = or_(Inspection.cancelled_on.is_(None), Inspection.cancelled_on > day)
    return Inspection.notified_on <= day, cancelled


@dataclass(frozen=True)
class CheckedPart:
    """A unit's part in an inspection that looks at an item; `verdict` is the worst on the item, None before any."""

    part: InspectionPart
    verdict: Verdict | None


def on_item(item: Item, scope: Scope, as_of: date) -> dict[Inspection, list[CheckedPart]]:
    """The inspections that look at the item, the newest first, with their units that take part in it."""
    query = (
        select(InspectionPart)
        .join(InspectionPart.inspection)
        .where(
            Inspection.plan_id == item.plan_id,
            *_told_by(as_of),
            InspectionPart.excused == "",
            InspectionPart.unit_id.in_(select(Duty.unit_id).where(Duty.item_id == item.id)),
        )
        .order_by(Inspection.notified_on.desc(), Inspection.id.desc(), InspectionPart.id)
        .options(joinedload(InspectionPart.inspection), joinedload(InspectionPart.unit))
    )
    if scope is not None:
        query = query.where(InspectionPart.unit_id.in_(scope))
    parts = [part for part in db.session.scalars(query) if item.id in part.items]
    verdicts = _verdicts_on(item, parts, as_of)
    found: dict[Inspection, list[CheckedPart]] = {}
    for part in parts:
        found.setdefault(part.inspection, []).append(CheckedPart(part, worst(verdicts.get(part.id, ()))))
    return found


def _verdicts_on(item: Item, parts: Sequence[InspectionPart], as_of: date) -> dict[int, list[Verdict]]:
    """By part; the units' own are none of these."""
    if not parts:
        return {}
    rows = db.session.execute(
        select(InspectionResult.part_id, InspectionResult.verdict).where(
            InspectionResult.item_id == item.id,
            InspectionResult.part_id.in_([part.id for part in parts]),
            InspectionResult.by_unit.is_(False),
            InspectionResult.made_on <= as_of,
        )
    )
    found: dict[int, list[Verdict]] = {}
    for part_id, verdict in rows:
        found.setdefault(part_id, []).append(verdict)
    return found


def parts_of_unit(organisation_id: int, unit_id: int, today: date) -> list[InspectionPart]:
    """What the unit was, or is being, checked in, the newest first."""
    query = (
        select(InspectionPart)
        .join(InspectionPart.inspection)
        .where(Inspection.organisation_id == organisation_id, *_told_by(today), InspectionPart.unit_id == unit_id)
        .order_by(Inspection.notified_on.desc(), Inspection.id.desc())
        .options(joinedload(InspectionPart.inspection))
    )
    return list(db.session.scalars(query))
