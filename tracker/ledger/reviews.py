"""Reviews: what waits for the office, and its verdict on each version handed in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVarTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from tracker.ledger import events, reports
from tracker.ledger.acts import Act
from tracker.ledger.db import Instant, db
from tracker.ledger.tables.duties import Duty, Fulfilment
from tracker.ledger.tables.plans import Item
from tracker.ledger.tables.reports import QuarterReport, ReportVersion, Review
from tracker.ledger.tables.units import Unit
from tracker.rules import reports as rules
from tracker.rules.changes import Change, changes
from tracker.rules.refusals import Forbidden, Refusal, Stale
from tracker.rules.reports import ReportState, Verdict

Ts = TypeVarTuple("Ts")


def waiting_for_review(
    organisation_id: int, unit_id: int | None = None, limit: int | None = None
) -> list[QuarterReport]:
    """Reports handed in and not yet reviewed, oldest first."""
    query = (
        _waiting(select(QuarterReport), organisation_id, unit_id)
        .order_by(QuarterReport.saved_at, QuarterReport.id)
        .limit(limit)
        .options(
            joinedload(QuarterReport.item).joinedload(Item.plan),
            joinedload(QuarterReport.item).selectinload(Item.targets),
            joinedload(QuarterReport.unit),
            *reports.with_history(),
        )
    )
    return list(db.session.scalars(query))


def _waiting(query: Select[*Ts], organisation_id: int, unit_id: int | None = None) -> Select[*Ts]:
    query = query.where(QuarterReport.organisation_id == organisation_id, QuarterReport.state == ReportState.SUBMITTED)
    return query if unit_id is None else query.where(QuarterReport.unit_id == unit_id)


@dataclass(frozen=True)
class WaitingUnit:
    unit: Unit
    count: int
    oldest: datetime


def waiting_units(organisation_id: int) -> list[WaitingUnit]:
    """The units whose reports wait, the one that has waited longest first."""
    oldest = func.min(QuarterReport.saved_at, type_=Instant)
    query = select(Unit, func.count(QuarterReport.id), oldest).join(QuarterReport, QuarterReport.unit_id == Unit.id)
    rows = db.session.execute(_waiting(query, organisation_id).group_by(Unit.id).order_by(oldest, Unit.id))
    return [WaitingUnit(*row) for row in rows]


def days_due(waiting: Iterable[QuarterReport]) -> dict[int, date]:
    """By report, the day by which it was to be handed in."""
    rows = db.session.execute(
        select(QuarterReport.id, Duty.answer_by)
        .join(Duty, reports.answers_the_duty())
        .where(QuarterReport.id.in_([report.id for report in waiting]))
    )
    return {report_id: day for report_id, day in rows if day}


def last_reviews(organisation_id: int, limit: int = 20) -> list[Review]:
    """What was reviewed last, newest first."""
    version = joinedload(Review.version).joinedload(ReportVersion.report)
    return list(
        db.session.scalars(
            select(Review)
            .join(Review.version)
            .join(ReportVersion.report)
            .where(QuarterReport.organisation_id == organisation_id)
            .order_by(Review.id.desc())
            .limit(limit)
            .options(
                version.joinedload(QuarterReport.item),
                version.joinedload(QuarterReport.unit),
                joinedload(Review.reviewed_by),
            )
        )
    )


def changed(report: QuarterReport, seen: int, labels: Mapping[int, str]) -> list[Change]:
    """What reads differently in the last version handed in than in version `seen`.

    `labels` are the names of the duties, from `report_ticks.done_labels`.
    """
    older = next((version for version in report.versions if version.number == seen), None)
    if older is None or older is report.versions[-1]:
        return []
    targets = {target.id: target.text for target in report.item.targets}
    return changes(_as_texts(older, targets, labels), _as_texts(report.versions[-1], targets, labels))


def _as_texts(version: ReportVersion, targets: Mapping[int, str], labels: Mapping[int, str]) -> dict[str, str]:
    """A version, field by field, as one reads it."""
    texts = {label: getattr(version, name) for name, label in rules.FIELD_LABELS.items()}
    texts["进度等次"] = version.progress_class.label
    texts |= {targets.get(int(key), "量化指标"): value for key, value in version.more["figures"].items()}
    texts |= {labels.get(int(key), "应办事项"): f"{day} 完成" for key, day in version.more["done"].items()}
    texts["佐证材料"] = "".join(f"{evidence['title']}\n" for evidence in version.more["evidence"])
    return texts


def review(by: Act, report: QuarterReport, verdict: Verdict, reason: str, version: int) -> Review:
    """Accept what was handed in, or return it with a reason; nobody reviews their own.

    `version` is the number of the hand-in that the reviewer saw.
    """
    reports.hold(report.item_id, report.unit_id)
    db.session.expire(report)
    if not report.versions:
        raise Refusal("该填报尚未提交，无法审核。")
    handed_in = report.versions[-1]
    if repeated := _repeated(by, handed_in, verdict, reason, version):
        return repeated
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


def _repeated(by: Act, handed_in: ReportVersion, verdict: Verdict, reason: str, version: int) -> Review | None:
    """The same person's same verdict on the same version, sent twice, is one act."""
    last = handed_in.reviews[-1] if handed_in.reviews and handed_in.number == version else None
    same = last and (last.reviewed_by_id, last.verdict, last.reason) == (by.person_id, verdict, reason.strip())
    return last if same else None


def _revoke(by: Act, version: ReportVersion) -> None:
    """What a returned report says is done no longer counts, from today."""
    for fulfilment in db.session.scalars(select(Fulfilment).where(Fulfilment.version_id == version.id)):
        fulfilment.revoked_on = by.today
