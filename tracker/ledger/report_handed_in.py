"""A report turned back to what was handed in: what was written since gives way, its figures and evidence with it."""

from tracker.ledger.db import db
from tracker.ledger.figures import figures_said
from tracker.ledger.reports import write_figures
from tracker.ledger.tables.reports import Evidence, QuarterReport, ReportVersion
from tracker.rules.reports import FIELD_LABELS


def turn_back(report: QuarterReport, version: ReportVersion) -> None:
    """What the version says of duties that were done is `report_ticks`' to let count again."""
    for name in FIELD_LABELS:
        setattr(report, name, getattr(version, name))
    report.progress_class = version.progress_class
    report.done_duties = dict(version.more["done"])
    report.missing_note = (version.more.get("missing") or {}).get("note", "")
    report.unchanged = version.more.get("unchanged", False)
    write_figures(report, figures_said(version.more))
    _turn_back_evidence(report, version)


def _turn_back_evidence(report: QuarterReport, version: ReportVersion) -> None:
    said = [(each["title"], each["link"], each["file_id"]) for each in version.more["evidence"]]
    held = {(each.title, each.link, each.file_id): each for each in report.evidence}
    for key in held.keys() - set(said):
        report.evidence.remove(held[key])
        db.session.delete(held[key])
    for title, link, file_id in said:
        if (title, link, file_id) not in held:
            report.evidence.append(Evidence(title=title, link=link, file_id=file_id))
