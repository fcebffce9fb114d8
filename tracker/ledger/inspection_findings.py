"""Findings that come of an inspection's verdicts, and the way back from each."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.ledger import events, findings
from tracker.ledger.acts import Act
from tracker.ledger.calendar import work_calendar
from tracker.ledger.db import db
from tracker.ledger.findings import FindingText, Proof
from tracker.ledger.tables.findings import Finding
from tracker.ledger.tables.inspections import Inspection, InspectionPart, InspectionResult
from tracker.rules.findings import FindingSource, default_due
from tracker.rules.refusals import Refusal
from tracker.rules.reports import ProgressClass

DEMAND = "请立即整改到位，举一反三自查同类问题，完善制度并明确专人负责。"


def make_finding(by: Act, result: InspectionResult, verified: ProgressClass | None = None) -> Finding:
    """Enter what is not met as a finding, with one press; pressed twice it is the same one."""
    events.hold(by.organisation_id)
    db.session.expire(result)
    if result.finding:
        return result.finding
    if result.by_unit or not result.verdict.wants_fact:
        raise Refusal("只有检查认定为不符合或基本符合的，才登记为检查问题。")
    inspection: Inspection = result.part.inspection
    text = FindingText(
        quarter=inspection.quarter,
        source=FindingSource.INSPECTION,
        criterion=result.criterion,
        problem=result.fact,
        basis=inspection.basis,
        demand=DEMAND,
        due=default_due(by.today, work_calendar()),
        item=result.item,
        verified_class=verified if result.item else None,
    )
    proof = Proof(result.files[0].file if result.files else None, result.link)
    finding = findings.record(by, result.part.unit, text, proof)
    result.finding = finding
    db.session.flush()
    told = {"unit": result.part.unit.name, "finding": finding.id, "text": result.fact}
    events.record(by, "make_finding", "inspection_part", result.part_id, after=told)
    return finding


def findings_of(part_ids: Sequence[int]) -> dict[int, list[Finding]]:
    """By part what was entered as findings of it."""
    query = (
        select(InspectionResult.part_id, Finding)
        .join(Finding, Finding.id == InspectionResult.finding_id)
        .where(InspectionResult.part_id.in_(part_ids))
        .order_by(Finding.id)
    )
    found: dict[int, list[Finding]] = {}
    for part_id, finding in db.session.execute(query):
        found.setdefault(part_id, []).append(finding)
    return found


def result_behind(finding: Finding) -> InspectionResult | None:
    """The verdict that the finding was made of."""
    query = select(InspectionResult).where(InspectionResult.finding_id == finding.id)
    with_part = joinedload(InspectionResult.part).joinedload(InspectionPart.inspection)
    return db.session.scalar(query.options(with_part))
