"""Evidence (佐证材料): files and links attached to a report that is being written."""

from sqlalchemy import select

from tracker.ledger import events, reports
from tracker.ledger.acts import Act
from tracker.ledger.db import db
from tracker.ledger.standing import Scope
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.files import StoredFile
from tracker.ledger.tables.reports import Evidence, QuarterReport
from tracker.rules import reports as rules
from tracker.rules.refusals import Invalid, NotFound

MOST_EVIDENCE = 20
LONGEST_LINK = 500


def add_evidence(by: Act, duty: Duty, title: str, link: str | None = None, file: StoredFile | None = None) -> Evidence:
    """Attach a file or a web address; raise Invalid for an address of another kind, Refusal once handed in."""
    if file is None and not _is_web_address(link):
        raise Invalid("链接须以 http:// 或 https:// 开头，且不超过 500 字。")
    report = reports.report_on(duty) or reports.begin(by, duty)
    rules.check_open_to_writing(report.state)
    if len(report.evidence) >= MOST_EVIDENCE:
        raise Invalid(f"每项最多附 {MOST_EVIDENCE} 份佐证材料。")
    shown = title.strip() or (file.name if file else link or "")
    evidence = Evidence(title=shown[:200], link=None if file else link, file=file)
    report.evidence.append(evidence)
    db.session.flush()
    events.record(by, "add_evidence", "quarter_report", report.id, after={"title": evidence.title})
    return evidence


def _is_web_address(link: str | None) -> bool:
    return link is not None and link.lower().startswith(("http://", "https://")) and len(link) <= LONGEST_LINK


def remove_evidence(by: Act, duty: Duty, evidence_id: int) -> None:
    """Detach it from what is being written; versions already handed in keep their record of it."""
    report = reports.report_on(duty)
    evidence = next((e for e in report.evidence if e.id == evidence_id), None) if report else None
    if report is None or evidence is None:
        raise NotFound
    rules.check_open_to_writing(report.state)
    report.evidence.remove(evidence)
    db.session.delete(evidence)
    events.record(by, "remove_evidence", "quarter_report", report.id, before={"title": evidence.title})


def evidence_of(organisation_id: int, evidence_id: int, scope: Scope) -> Evidence:
    row = db.session.execute(
        select(Evidence, QuarterReport)
        .join(QuarterReport, QuarterReport.id == Evidence.report_id)
        .where(Evidence.id == evidence_id, QuarterReport.organisation_id == organisation_id)
    ).first()
    if row is None or (scope is not None and row[1].unit_id not in scope):
        raise NotFound
    evidence: Evidence = row[0]
    return evidence
