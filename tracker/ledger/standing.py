"""How matters stand, read from the ledger: the facts of duties and reports as they were at the end of a day."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from tracker.ledger.db import db
from tracker.ledger.tables.duties import Duty, Fulfilment
from tracker.ledger.tables.reports import ReportVersion, Review
from tracker.rules.quarters import Quarter
from tracker.rules.reports import ReportState, Verdict
from tracker.rules.standing import DutyFacts, ReportFacts, ShareStanding, share_standing

Scope = frozenset[int] | None  # unit ids; None for all


@dataclass(frozen=True)
class Standings:
    """A plan's shares in a quarter, and the duties and reports that they were folded from."""

    quarter: Quarter
    as_of: date
    shares: Mapping[tuple[int, int], ShareStanding]  # by item and unit
    duties: Mapping[tuple[int, int], list[DutyFacts]]
    reports: Mapping[tuple[int, int], ReportFacts]


def standings(plan_id: int, quarter: Quarter, as_of: date, scope: Scope = None) -> Standings:
    """Fold every share of the plan: its duties up to the quarter's end, and its report for the quarter."""
    duties: dict[tuple[int, int], list[DutyFacts]] = defaultdict(list)
    for facts in duty_facts(_up_to(plan_id, quarter, scope), as_of):
        duties[facts.item_id, facts.unit_id].append(facts)
    reports = report_facts(plan_id, quarter, as_of)
    shares = {key: share_standing(owed, reports.get(key), as_of) for key, owed in duties.items()}
    return Standings(quarter, as_of, shares, duties, reports)


def _up_to(plan_id: int, quarter: Quarter, scope: Scope) -> ColumnElement[bool]:
    """Duties of the quarter and before, and those that still wait for a date."""
    conditions = [Duty.plan_id == plan_id, or_(Duty.quarter.is_(None), Duty.quarter <= quarter)]
    if scope is not None:
        conditions.append(Duty.unit_id.in_(scope))
    return and_(*conditions)


def duty_facts(condition: ColumnElement[bool], as_of: date) -> Iterable[DutyFacts]:
    """The duties that meet the condition, each with the day on which it was done if it was by then."""
    done_on = func.min(Fulfilment.done_on)
    counted = and_(
        Fulfilment.duty_id == Duty.id,
        Fulfilment.recorded_on <= as_of,
        or_(Fulfilment.revoked_on.is_(None), Fulfilment.revoked_on > as_of),
    )
    rows = db.session.execute(
        select(
            Duty.id,
            Duty.item_id,
            Duty.unit_id,
            Duty.lead,
            Duty.kind,
            Duty.label,
            Duty.quarter,
            Duty.due,
            Duty.answer_by,
            done_on,
        )
        .outerjoin(Fulfilment, counted)
        .where(condition)
        .group_by(Duty.id)
        .order_by(Duty.due, Duty.id)
    )
    return (DutyFacts(*tuple(row)) for row in rows)


def report_facts(plan_id: int, quarter: Quarter, as_of: date) -> dict[tuple[int, int], ReportFacts]:
    """The last version that each unit had handed in by then, with the office's last word on it by then."""
    facts = {}
    for version, verdict in db.session.execute(_versions(plan_id, quarter, as_of)):
        state = _STATE_AFTER.get(verdict, ReportState.SUBMITTED)  # no verdict yet: None
        facts[version.item_id, version.unit_id] = ReportFacts(
            version.item_id, version.unit_id, state, version.progress_class
        )
    return facts


def report_versions(plan_id: int, quarter: Quarter, as_of: date) -> dict[tuple[int, int], ReportVersion]:
    """The texts that belong to `report_facts`."""
    rows = db.session.execute(_versions(plan_id, quarter, as_of))
    return {(version.item_id, version.unit_id): version for version, _ in rows}


_STATE_AFTER = {Verdict.ACCEPT: ReportState.ACCEPTED, Verdict.RETURN: ReportState.RETURNED}


def _versions(plan_id: int, quarter: Quarter, as_of: date) -> Select[ReportVersion, Verdict]:
    """Versions oldest first, so that the last one of a share wins, each with its review by then if there is one."""
    reviewed = and_(Review.version_id == ReportVersion.id, Review.reviewed_on <= as_of)
    return (
        select(ReportVersion, Review.verdict)
        .outerjoin(Review, reviewed)
        .where(
            ReportVersion.plan_id == plan_id,
            ReportVersion.quarter == quarter,
            ReportVersion.submitted_on <= as_of,
        )
        .order_by(ReportVersion.number, Review.id)
    )
