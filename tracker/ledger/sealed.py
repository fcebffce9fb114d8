"""Which quarters are sealed, and the guard before every verb that would change one."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import joinedload, selectinload

from tracker.ledger import events, memory
from tracker.ledger.db import db
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.plans import Plan
from tracker.ledger.tables.reports import QuarterReport
from tracker.ledger.tables.snapshots import CorrectedShare, Correction, Snapshot
from tracker.ledger.touched import unless
from tracker.rules import closing as rules
from tracker.rules.quarters import Quarter
from tracker.rules.refusals import NotFound, Refusal


def latest(plan_id: int, quarter: Quarter) -> Snapshot | None:
    """The version that holds; None while the quarter is not sealed: which ones of the plan are is remembered."""
    plan = db.session.get_one(Plan, plan_id)
    some = memory.remembered(plan.organisation_id, ("sealed", plan_id), lambda: _sealed_quarters(plan_id), unless())
    if quarter not in some:
        return None
    of_quarter = select(Snapshot).where(Snapshot.plan_id == plan_id, Snapshot.quarter == quarter)
    return db.session.scalar(of_quarter.order_by(Snapshot.number.desc()).limit(1))


def _sealed_quarters(plan_id: int) -> frozenset[Quarter]:
    return frozenset(db.session.scalars(select(Snapshot.quarter).where(Snapshot.plan_id == plan_id)))


def latest_of_plans(plan_ids: Collection[int]) -> dict[tuple[int, Quarter], Snapshot]:
    """The version that holds of every sealed quarter."""
    of_plans = select(Snapshot).where(Snapshot.plan_id.in_(plan_ids)).order_by(Snapshot.number)
    return {(found.plan_id, found.quarter): found for found in db.session.scalars(of_plans)}


def versions(plan_id: int, quarter: Quarter) -> list[Snapshot]:
    """The first one first."""
    of_quarter = select(Snapshot).where(Snapshot.plan_id == plan_id, Snapshot.quarter == quarter)
    ordered = of_quarter.order_by(Snapshot.number).options(joinedload(Snapshot.sealed_by))
    return list(db.session.scalars(ordered))


def snapshot_of(organisation_id: int, snapshot_id: int) -> Snapshot:
    found = db.session.get(Snapshot, snapshot_id, options=[joinedload(Snapshot.plan), joinedload(Snapshot.sealed_by)])
    if found is None or found.organisation_id != organisation_id:
        raise NotFound
    return found


def correction_under_way(plan_id: int, quarter: Quarter) -> Correction | None:
    """The one that is open; never more than one of a quarter."""
    return db.session.scalar(
        select(Correction)
        .join(Correction.snapshot)
        .where(Snapshot.plan_id == plan_id, Snapshot.quarter == quarter, Correction.closed_on.is_(None))
        .options(
            joinedload(Correction.opened_by),
            selectinload(Correction.shares).joinedload(CorrectedShare.item),
            selectinload(Correction.shares).joinedload(CorrectedShare.unit),
        )
    )


def withdrawn(snapshot: Snapshot) -> list[Correction]:
    """The corrections of this version that were begun and withdrawn, oldest first."""
    of_version = select(Correction).where(Correction.snapshot_id == snapshot.id, Correction.withdrawn_at.is_not(None))
    people = (joinedload(Correction.opened_by), joinedload(Correction.withdrawn_by))
    return list(db.session.scalars(of_version.order_by(Correction.id).options(*people)))


def check_not_sealed(about: Duty | QuarterReport) -> None:
    """Raise Refusal where the quarter's reports are sealed, unless a correction has opened this one again.

    Whoever seals holds the organisation; so does this, until its act ends: a report is in the snapshot or refused,
    never half of each.
    """
    assert about.quarter is not None  # of a duty to report, and of a report
    events.hold(about.organisation_id)
    found = latest(about.plan_id, about.quarter)
    if found is not None and not _opened_again(found, about.item_id, about.unit_id):
        raise Refusal(rules.sealed_sentence(about.quarter, found.sealed_on))


def takes_reports(as_of: date) -> ColumnElement[bool]:
    """Of a duty to report: its quarter was not sealed by then, or a correction has opened this report again."""
    of_duty = and_(Snapshot.plan_id == Duty.plan_id, Snapshot.quarter == Duty.quarter)
    share = and_(CorrectedShare.item_id == Duty.item_id, CorrectedShare.unit_id == Duty.unit_id)
    opened = (
        exists()
        .where(CorrectedShare.correction_id == Correction.id, Correction.snapshot_id == Snapshot.id)
        .where(of_duty, share, Correction.closed_on.is_(None))
    )
    return or_(~exists().where(of_duty, Snapshot.sealed_on <= as_of), opened)


def _opened_again(found: Snapshot, item_id: int, unit_id: int) -> bool:
    opened = (
        select(CorrectedShare.id)
        .join(Correction, Correction.id == CorrectedShare.correction_id)
        .where(
            Correction.snapshot_id == found.id,
            Correction.closed_on.is_(None),
            CorrectedShare.item_id == item_id,
            CorrectedShare.unit_id == unit_id,
        )
    )
    return db.session.scalar(opened) is not None
