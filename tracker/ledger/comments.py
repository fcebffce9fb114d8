"""Comments on reports: remarks by anybody who may see one; no verdict."""

from tracker.ledger import events, reports
from tracker.ledger.acts import Act
from tracker.ledger.db import db
from tracker.ledger.tables.reports import QuarterReport, ReportComment
from tracker.rules.reviews import check_comment


def comment(by: Act, report: QuarterReport, text: str) -> ReportComment:
    """Add a remark at the end.  The same remark sent twice in a row is one."""
    check_comment(text)
    reports.hold(report.item_id, report.unit_id)
    db.session.expire(report, ["comments"])
    last = report.comments[-1] if report.comments else None
    if last and (last.made_by_id, last.text) == (by.person_id, text.strip()):
        return last
    made = ReportComment(text=text.strip(), made_at=by.at, made_by_id=by.person_id)
    report.comments.append(made)
    db.session.flush()
    events.record(by, "comment", "quarter_report", report.id, after={"text": made.text})
    return made
