"""Reviews: what waits for the office, and its verdict on each version handed in."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from tracker.ledger import events
from tracker.ledger.acts import Act
from tracker.ledger.db import db
from tracker.ledger.tables.duties import Fulfilment
from tracker.ledger.tables.plans import Item
from tracker.ledger.tables.reports import Evidence, QuarterReport, ReportVersion, Review
from tracker.rules import reports as rules
from tracker.rules.refusals import Forbidden, Refusal, Stale
from tracker.rules.reports import ReportState, Verdict


def waiting_for_review(organisation_id: int) -> list[QuarterReport]:
    """Reports handed in and not yet reviewed, oldest first."""
    return list(
        db.session.scalars(
            select(QuarterReport)
            .where(QuarterReport.organisation_id == organisation_id, QuarterReport.state == ReportState.SUBMITTED)
            .order_by(QuarterReport.saved_at, QuarterReport.id)
            .options(
                joinedload(QuarterReport.item).joinedload(Item.plan),
                joinedload(QuarterReport.item).selectinload(Item.targets),
                joinedload(QuarterReport.unit),
                selectinload(QuarterReport.figures),
                selectinload(QuarterReport.evidence).joinedload(Evidence.file),
                selectinload(QuarterReport.versions).selectinload(ReportVersion.reviews),
            )
        )
    )


def review(by: Act, report: QuarterReport, verdict: Verdict, reason: str, version: int) -> Review:
    """Accept what was handed in, or return it with a reason; nobody reviews their own.

    `version` is the number of the hand-in that the reviewer saw.
    """
    if not report.versions:
        raise Refusal("该填报尚未提交，无法审核。")
    handed_in = report.versions[-1]
    if handed_in.number != version:
        raise Stale("单位刚刚重新提交了该填报，请查看最新内容后再审核。", theirs=report)
    if by.person_id is not None and handed_in.submitted_by_id == by.person_id:
        raise Forbidden("不能审核本人提交的填报，请由其他人员审核。")
    report.state = rules.state_after(report.state, verdict, reason)
    review = Review(
        verdict=verdict,
        reason=reason.strip(),
        reviewed_on=by.today,
        reviewed_at=by.at,
        reviewed_by_id=by.person_id,
    )
    handed_in.reviews.append(review)
    if verdict is Verdict.RETURN:
        _revoke(by, handed_in)
    db.session.flush()
    after = {"verdict": verdict, "reason": review.reason, "version": handed_in.number}
    events.record(by, "review", "quarter_report", report.id, after=after)
    return review


def _revoke(by: Act, version: ReportVersion) -> None:
    """What a returned report says is done no longer counts, from today."""
    for fulfilment in db.session.scalars(select(Fulfilment).where(Fulfilment.version_id == version.id)):
        fulfilment.revoked_on = by.today
