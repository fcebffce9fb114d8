"""Findings in lists: the most pressing first, what is found again, and what units reported beside it."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import joinedload

from tracker.ledger.db import db
from tracker.ledger.standing import Key, Scope, report_facts, standings_of_item
from tracker.ledger.tables.findings import Finding
from tracker.ledger.tables.plans import Item
from tracker.ledger.tables.reports import ReportVersion
from tracker.rules import findings as rules
from tracker.rules.findings import FindingSource, FindingState, Known
from tracker.rules.quarters import Quarter
from tracker.rules.reports import ProgressClass
from tracker.rules.standing import ReportFacts, ShareStanding


@dataclass(frozen=True)
class Line:
    """`source` stands beside what is known, `repeats` are the earlier findings that it repeats."""

    known: Known
    source: FindingSource
    repeats: Sequence[int]


def lines(organisation_id: int, scope: Scope, today: date) -> list[Line]:
    """All that the scope may see, the most pressing first; texts are left where they are."""
    columns = (
        Finding.id,
        Finding.unit_id,
        Finding.criterion,
        Finding.kind,
        Finding.quarter,
        Finding.found_on,
        Finding.notified_on,
        Finding.due,
        Finding.state,
        Finding.unfounded,
        Finding.submitted_on,
        Finding.objected_on,
        Finding.source,
    )
    rows = [tuple(row) for row in db.session.execute(_seen(select(*columns), organisation_id, scope))]
    known = [(Known(*row[:-1]), row[-1]) for row in rows]
    repeats = rules.repeated(each for each, _ in known)
    listed = [Line(each, source, repeats.get(each.id, ())) for each, source in known]
    return sorted(listed, key=lambda line: rules.pressure(line.known, today, repeat=bool(line.repeats)))


def _seen(query: Select, organisation_id: int, scope: Scope) -> Select:  # type: ignore[type-arg]
    """A unit sees what it was notified of."""
    query = query.where(Finding.organisation_id == organisation_id)
    return query if scope is None else query.where(Finding.unit_id.in_(scope), Finding.notified_on.is_not(None))


def known_of(finding: Finding) -> Known:
    return Known(
        finding.id,
        finding.unit_id,
        finding.criterion,
        finding.kind,
        finding.quarter,
        finding.found_on,
        finding.notified_on,
        finding.due,
        finding.state,
        finding.unfounded,
        finding.submitted_on,
        finding.objected_on,
    )


def earlier(finding: Finding) -> list[Finding]:
    """What the finding repeats (屡查屡犯), oldest first."""
    same = (Finding.unit_id == finding.unit_id, Finding.criterion == finding.criterion, Finding.kind == finding.kind)
    query = select(Finding).where(Finding.organisation_id == finding.organisation_id, *same)
    others = db.session.scalars(query.order_by(Finding.quarter, Finding.id))
    mine = known_of(finding)
    return [other for other in others if other.id != finding.id and rules.is_repeat(mine, known_of(other))]


def with_texts(finding_ids: Sequence[int]) -> dict[int, Finding]:
    """Of one page of a list."""
    query = select(Finding).where(Finding.id.in_(finding_ids))
    found = db.session.scalars(query.options(joinedload(Finding.unit), joinedload(Finding.item)))
    return {finding.id: finding for finding in found}


def numbers(finding_ids: Collection[int]) -> dict[int, str]:
    """As each is called in a list of others."""
    rows = db.session.execute(
        select(Finding.id, Finding.year, Finding.number, Finding.quarter).where(Finding.id.in_(finding_ids))
    )
    return {id_: rules.number_of(year, number) if number else quarter.label for id_, year, number, quarter in rows}


def count_in(organisation_id: int, *states: FindingState) -> int:
    query = select(func.count()).where(Finding.organisation_id == organisation_id, Finding.state.in_(states))
    return db.session.scalar(query) or 0


def count_objections(organisation_id: int) -> int:
    query = select(func.count()).where(Finding.organisation_id == organisation_id, Finding.objected_on.is_not(None))
    return db.session.scalar(query) or 0


def under_way(organisation_id: int, unit_ids: Collection[int]) -> Counter[FindingState]:
    """What the units have still to mend, or have handed in and nobody has verified."""
    query = select(Finding.state, func.count()).group_by(Finding.state)
    mine = (Finding.organisation_id == organisation_id, Finding.unit_id.in_(unit_ids))
    rows = db.session.execute(query.where(*mine, Finding.state.in_(rules.UNDER_WAY)))
    return Counter({row[0]: row[1] for row in rows})


def on_item(item: Item, scope: Scope, as_of: date) -> list[Finding]:
    """What was found on the item by then, the newest first."""
    query = _seen(select(Finding), item.organisation_id, scope).where(Finding.item_id == item.id)
    query = query.where(Finding.found_on <= as_of).order_by(Finding.found_on.desc(), Finding.id.desc())
    return list(db.session.scalars(query.options(joinedload(Finding.unit))))


# Verified beside reported


@dataclass(frozen=True)
class Compared:
    """Three values kept apart: what the unit reports, what the inspector verified, what the calendar says."""

    reported: ProgressClass | None
    verified: ProgressClass | None
    share: ShareStanding | None
    differs: bool


def compared(finding: Finding, as_of: date) -> Compared | None:
    """None for a finding that is about no item."""
    if finding.item_id is None:
        return None
    key, scope = (finding.item_id, finding.unit_id), frozenset({finding.unit_id})
    found = standings_of_item(finding.item_id, [finding.quarter], as_of, scope)[finding.quarter]
    report = found.reports.get(key)
    reported = report.progress_class if report else None
    apart = not finding.unfounded and rules.differs(reported, finding.verified_class)
    return Compared(reported, finding.verified_class, found.shares.get(key), apart)


@dataclass(frozen=True)
class Difference:
    """A finding stands where the unit reported that all goes well."""

    finding_id: int
    item_id: int
    unit_id: int
    verified: ProgressClass | None
    reported: ProgressClass | None


def differences(plan_id: int, quarter: Quarter, as_of: date) -> list[Difference]:
    """Of a plan and quarter; a share with two findings is told twice, once for each."""
    return _differences(and_(Item.plan_id == plan_id, Finding.quarter == quarter), as_of)


def all_differences(organisation_id: int, as_of: date) -> list[Difference]:
    """The same of every plan and quarter of the organisation."""
    return _differences(Finding.organisation_id == organisation_id, as_of)


def _differences(condition: ColumnElement[bool], as_of: date) -> list[Difference]:
    rows = db.session.execute(
        select(Finding.id, Finding.item_id, Finding.unit_id, Finding.quarter, Finding.verified_class)
        .join(Finding.item)
        .where(condition, Finding.found_on <= as_of, Finding.unfounded.is_(False))
        .order_by(Item.position, Finding.unit_id, Finding.id)
    ).all()
    quarters = sorted({row.quarter for row in rows})
    told = report_facts(ReportVersion.item_id.in_({row.item_id for row in rows}), quarters, as_of)
    compared = (
        Difference(id_, item_id, unit_id, verified, _reported(told[quarter], item_id, unit_id))
        for id_, item_id, unit_id, quarter, verified in rows
        if item_id is not None
    )
    return [each for each in compared if rules.differs(each.reported, each.verified)]


def _reported(told: Mapping[Key, ReportFacts], item_id: int, unit_id: int) -> ProgressClass | None:
    report = told.get((item_id, unit_id))
    return report.progress_class if report else None
