"""Evidence (佐证材料): files and links attached to a report that is being written."""

from sqlalchemy import select

from tracker.ledger import events, files, reports, sealed
from tracker.ledger.acts import Act
from tracker.ledger.db import db
from tracker.ledger.standing import Scope
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.files import StoredFile
from tracker.ledger.tables.reports import Evidence, QuarterReport
from tracker.rules import reports as rules
from tracker.rules.evidence import MOST_EVIDENCE, check_link
from tracker.rules.refusals import Invalid, NotFound


def add_file(by: Act, duty: Duty, name: str, sha256: str, size: int) -> Evidence:
    """Attach bytes that `files.put` wrote.  The same file sent twice is attached once."""
    shown = files.showable(name)
    for held in _held(duty):
        if held.file and (held.file.sha256, held.file.name) == (sha256, shown):
            return held
    return add_evidence(by, duty, shown, file=files.record(by, name, sha256, size))


def add_link(by: Act, duty: Duty, title: str, link: str) -> Evidence:
    """Attach a web address.  The same address sent twice is attached once."""
    return next((held for held in _held(duty) if held.link == link), None) or add_evidence(by, duty, title, link)


def _held(duty: Duty) -> list[Evidence]:
    report = reports.report_on(duty)
    return report.evidence if report else []


def add_evidence(by: Act, duty: Duty, title: str, link: str | None = None, file: StoredFile | None = None) -> Evidence:
    """Attach a file or a web address; raise Invalid for an address of another kind, Refusal once handed in."""
    if file is None:
        check_link(link or "")
    sealed.check_not_sealed(duty)
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


def remove_evidence(by: Act, duty: Duty, evidence_id: int) -> None:
    """Detach it from what is being written, once; versions already handed in keep their record of it."""
    report = reports.report_on(duty)
    evidence = next((held for held in report.evidence if held.id == evidence_id), None) if report else None
    if report is None or evidence is None:
        return  # gone already: a second click finds nothing, and what is another's is never looked up
    sealed.check_not_sealed(duty)
    rules.check_open_to_writing(report.state)
    report.evidence.remove(evidence)
    db.session.delete(evidence)
    db.session.flush()
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


def handed_in_file(report: QuarterReport, number: int, place: int) -> StoredFile:
    """The file at `place`, from 0, among the evidence of the report's version `number`, removed since or not."""
    version = next((version for version in report.versions if version.number == number), None)
    handed_in = version.more["evidence"] if version else []
    if place >= len(handed_in) or handed_in[place]["file_id"] is None:
        raise NotFound
    return files.file_of(report.organisation_id, handed_in[place]["file_id"])
