"""Consolidation: the shares of an item in a quarter, as its leads and its supporting units see each other's."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, or_, select

from tracker.ledger.db import db
from tracker.ledger.standing import is_owed
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.reports import QuarterReport
from tracker.ledger.tables.units import Unit
from tracker.rules import consolidation as rules
from tracker.rules.duties import DutyKind
from tracker.rules.quarters import Quarter
from tracker.rules.reports import ReportState, ReportText


@dataclass(frozen=True)
class OtherShare:
    """Another unit's report on the same item.  Its text is shown to others only while the report is in."""

    unit_id: int
    unit: str
    state: ReportState | None
    handed_in_at: datetime | None
    text: ReportText

    @property
    def is_in(self) -> bool:
        return rules.is_in(self.state)


def shares_beside(duties: Collection[Duty], quarter: Quarter, as_of: date) -> dict[int, list[OtherShare]]:
    """By duty to report: of a lead's the supporting units' shares, of a supporting unit's those of the leads."""
    found: dict[tuple[int, bool], list[OtherShare]] = defaultdict(list)
    for item_id, lead, *share in db.session.execute(_others(duties, quarter, as_of)):
        found[item_id, lead].append(_share(*share))
    return {duty.id: found[duty.item_id, not duty.lead] for duty in duties}


def _others(duties: Collection[Duty], quarter: Quarter, as_of: date) -> Select[*tuple[Any, ...]]:
    led = [duty.item_id for duty in duties if duty.lead]
    supported = [duty.item_id for duty in duties if not duty.lead]
    told = QuarterReport
    of_same_share = and_(told.item_id == Duty.item_id, told.unit_id == Duty.unit_id, told.quarter == quarter)
    texts = (told.progress, told.achievements, told.problems, told.next_steps, told.progress_class)
    return (
        select(Duty.item_id, Duty.lead, Duty.unit_id, Unit.name, told.state, told.saved_at, *texts)
        .join(Unit, Unit.id == Duty.unit_id)
        .outerjoin(told, of_same_share)
        .where(
            or_(
                and_(Duty.item_id.in_(led), Duty.lead.is_(False)),
                and_(Duty.item_id.in_(supported), Duty.lead.is_(True)),
            ),
            Duty.quarter == quarter,
            Duty.kind == DutyKind.QUARTER_REPORT,
            is_owed(as_of),
        )
        .order_by(Duty.id)
    )


def _share(unit_id: int, name: str, state: ReportState | None, saved_at: datetime | None, *texts: Any) -> OtherShare:
    """What is still being written, or mended, is its unit's own."""
    if not rules.is_in(state):
        return OtherShare(unit_id, name, state, None, ReportText())
    return OtherShare(unit_id, name, state, saved_at, ReportText(*texts))


def missing_shares(duty: Duty, as_of: date) -> list[str]:
    """The supporting units that a lead still waits for; a supporting unit waits for nobody."""
    if not duty.lead:
        return []
    shares = shares_beside([duty], duty.report_quarter, as_of)[duty.id]
    return [share.unit for share in shares if not share.is_in]
