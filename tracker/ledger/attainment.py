"""Attainment of targets, read from the ledger: what each unit had handed in by a day, held against what is asked."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVarTuple

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from tracker.ledger.db import db
from tracker.ledger.figures import figures_told
from tracker.ledger.standing import Scope, is_owed
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.plans import Item, ItemTarget, Plan
from tracker.ledger.tables.reports import ReportVersion, Review
from tracker.ledger.tables.revisions import Revision
from tracker.ledger.tables.units import Unit
from tracker.rules.attainment import Attainment, Reached, UnitAttainment
from tracker.rules.duties import DutyKind
from tracker.rules.figures import Figure
from tracker.rules.quarters import Quarter
from tracker.rules.reports import Verdict

Ts = TypeVarTuple("Ts")
_Told = Mapping[int, Mapping[Quarter, Figure]]  # by unit


@dataclass(frozen=True)
class TargetAttainment:
    """A target with its units' figures; `units` gives the names to the ids in `found`."""

    target: ItemTarget
    found: Attainment
    units: Mapping[int, Unit]

    def name(self, unit: UnitAttainment) -> str:
        return self.units[unit.unit_id].name


def plan_attainments(plan: Plan, as_of: date, scope: Scope = None) -> list[TargetAttainment]:
    """Every target that was in force in the plan at the end of the day, in the plan's order."""
    return attainments(targets_on(Item.plan_id == plan.id, as_of), as_of, scope)


def targets_on(condition: ColumnElement[bool], as_of: date) -> Sequence[ItemTarget]:
    """The targets that meet the condition and were in force at the end of the day, in the plan's order."""
    added, ended = aliased(Revision), aliased(Revision)
    return db.session.scalars(
        select(ItemTarget)
        .join(Item, ItemTarget.item_id == Item.id)
        .outerjoin(added, ItemTarget.added_by_id == added.id)
        .outerjoin(ended, ItemTarget.ended_by_id == ended.id)
        .where(
            condition,
            or_(Item.cancelled_on.is_(None), Item.cancelled_on > as_of),
            or_(added.id.is_(None), added.made_on <= as_of),
            or_(ended.id.is_(None), ended.made_on > as_of),
        )
        .order_by(Item.position, ItemTarget.id)
    ).all()


def attainments(targets: Sequence[ItemTarget], as_of: date, scope: Scope = None) -> list[TargetAttainment]:
    """These targets as far as the scope reaches, in three questions however many they are."""
    item_ids = {target.item_id for target in targets}
    shares = _shares(item_ids, as_of, scope)
    reached = figures_handed_in(ReportVersion.item_id.in_(item_ids), as_of, scope)
    told = {unit_id for by_unit in (*reached.values(), *shares.values()) for unit_id in by_unit}
    units = {unit.id: unit for unit in db.session.scalars(select(Unit).where(Unit.id.in_(told)))}
    return [
        TargetAttainment(target, _attainment(target, shares[target.item_id], reached[target.id], units, as_of), units)
        for target in targets
    ]


def _attainment(
    target: ItemTarget, shares: Mapping[int, bool], told: _Told, units: Mapping[int, Unit], as_of: date
) -> Attainment:
    """Leads first, each kind in the register's order; a unit that has no share any more is shown with what it told."""
    asked = target.target
    of_each = asked.per is not None and not asked.is_rate
    found = [
        UnitAttainment(
            unit_id=unit_id,
            lead=shares.get(unit_id, False),
            asked=unit_id in shares and (of_each or shares[unit_id]),
            by_quarter={
                quarter: Reached.of(asked, quarter, figure, as_of) for quarter, figure in told.get(unit_id, {}).items()
            },
        )
        for unit_id in sorted(shares.keys() | told.keys(), key=lambda unit_id: (units[unit_id].position, unit_id))
    ]
    return Attainment(asked, sorted(found, key=lambda unit: not unit.lead))


def _within(query: Select[*Ts], unit: InstrumentedAttribute[int], scope: Scope) -> Select[*Ts]:
    return query if scope is None else query.where(unit.in_(scope))


def _shares(item_ids: Collection[int], as_of: date, scope: Scope) -> dict[int, dict[int, bool]]:
    """By item, the units that have a share in it on the day, and whether they lead."""
    owed = and_(Duty.item_id.in_(item_ids), Duty.kind == DutyKind.QUARTER_REPORT, is_owed(as_of))
    query = select(Duty.item_id, Duty.unit_id, Duty.lead).where(owed).distinct()
    shares: dict[int, dict[int, bool]] = defaultdict(dict)
    for item_id, unit_id, lead in db.session.execute(_within(query, Duty.unit_id, scope)):
        shares[item_id][unit_id] = lead or shares[item_id].get(unit_id, False)
    return shares


def figures_handed_in(told: ColumnElement[bool], as_of: date, scope: Scope = None) -> Mapping[int, _Told]:
    """By target, the figures of the last version of each quarter that was handed in and not returned."""
    returned = exists().where(
        Review.version_id == ReportVersion.id, Review.verdict == Verdict.RETURN, Review.reviewed_on <= as_of
    )
    query = (
        select(ReportVersion.item_id, ReportVersion.unit_id, ReportVersion.quarter, ReportVersion.more["figures"])
        .where(told, ReportVersion.left_on <= as_of, ~returned)
        .order_by(ReportVersion.quarter, ReportVersion.number)
    )
    rows = db.session.execute(_within(query, ReportVersion.unit_id, scope))
    last = {(item_id, unit_id, quarter): said for item_id, unit_id, quarter, said in rows}
    figures: dict[int, dict[int, dict[Quarter, Figure]]] = defaultdict(lambda: defaultdict(dict))
    for (_, unit_id, quarter), said in last.items():
        for target_id, figure in figures_told(said).items():
            figures[target_id][unit_id][quarter] = figure
    return figures
