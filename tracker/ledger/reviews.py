"""Reviews: what waits at which level, and each level's verdict on the versions handed in."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVarTuple

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import joinedload

from tracker.ledger import events, memory, reports, sealed, tidings
from tracker.ledger.acts import Act
from tracker.ledger.db import Instant, db
from tracker.ledger.figures import figures_said
from tracker.ledger.handing_in import given, leave
from tracker.ledger.sealed import takes_reports
from tracker.ledger.standing import Scope, is_owed
from tracker.ledger.tables.duties import Duty, Fulfilment
from tracker.ledger.tables.plans import Item, ItemTarget
from tracker.ledger.tables.reports import QuarterReport, ReportVersion, Review
from tracker.ledger.tables.units import Unit
from tracker.ledger.touched import unless
from tracker.rules import reviews as rules
from tracker.rules.changes import Change, changes
from tracker.rules.duties import DutyKind
from tracker.rules.quarters import Quarter
from tracker.rules.refusals import Refusal, Stale
from tracker.rules.reports import FIELD_LABELS, ReportState, ReviewLevel, Verdict
from tracker.rules.reviews import Mended
from tracker.rules.tidings import TidingKind, because

Ts = TypeVarTuple("Ts")
Desks = Mapping[ReviewLevel, Scope]  # the levels at which a person judges, and for which units
OFFICE: Desks = {ReviewLevel.OFFICE: None}


def waiting_for_review(
    organisation_id: int, unit_id: int | None = None, limit: int | None = None, *, desks: Desks = OFFICE
) -> list[QuarterReport]:
    """Reports that wait at these desks, oldest first."""
    query = (
        _waiting(select(QuarterReport), organisation_id, desks, unit_id)
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


def _waiting(query: Select[*Ts], organisation_id: int, desks: Desks, unit_id: int | None = None) -> Select[*Ts]:
    query = query.where(QuarterReport.organisation_id == organisation_id, _waits(desks))
    return query if unit_id is None else query.where(QuarterReport.unit_id == unit_id)


def _waits(desks: Desks) -> ColumnElement[bool]:
    return or_(false(), *(_waits_at(level, scope) for level, scope in desks.items()))


def _waits_at(level: ReviewLevel, scope: Scope) -> ColumnElement[bool]:
    states = QuarterReport.state.in_(rules.waiting_states(level))
    return states if scope is None else and_(states, QuarterReport.unit_id.in_(scope))


def count_waiting(organisation_id: int, desks: Desks) -> int:
    waiting: int = memory.remembered(
        organisation_id,
        ("reviews waiting", *desks.items()),
        make=lambda: db.session.scalar(_waiting(select(func.count(QuarterReport.id)), organisation_id, desks)) or 0,
        renew=unless("quarter_report"),
    )
    return waiting


@dataclass(frozen=True)
class WaitingUnit:
    unit: Unit
    count: int
    oldest: datetime


def waiting_units(organisation_id: int, desks: Desks = OFFICE) -> list[WaitingUnit]:
    """The units whose reports wait, the one that has waited longest first."""
    oldest = func.min(QuarterReport.saved_at, type_=Instant)
    query = select(Unit, func.count(QuarterReport.id), oldest).join(QuarterReport, QuarterReport.unit_id == Unit.id)
    rows = db.session.execute(_waiting(query, organisation_id, desks).group_by(Unit.id).order_by(oldest, Unit.id))
    return [WaitingUnit(*row) for row in rows]


def days_due(waiting: Iterable[QuarterReport]) -> dict[int, date]:
    """By report, the day by which it was to be handed in."""
    rows = db.session.execute(
        select(QuarterReport.id, Duty.answer_by)
        .join(Duty, reports.answers_the_duty())
        .where(QuarterReport.id.in_([report.id for report in waiting]))
    )
    return {report_id: day for report_id, day in rows if day}


def not_handed_in(unit_ids: Collection[int], as_of: date) -> list[tuple[Duty, ReportState | None]]:
    """What lies with these units' handlers: of the quarters that have ended, and what was begun since; by day due."""
    open_states = [state for state in ReportState if state.is_open]
    owed = (Duty.kind == DutyKind.QUARTER_REPORT, Duty.unit_id.in_(unit_ids), is_owed(as_of), takes_reports(as_of))
    rows = db.session.execute(
        select(Duty, QuarterReport.state)
        .outerjoin(QuarterReport, reports.answers_the_duty())
        .where(
            *owed,
            or_(
                QuarterReport.state.in_(open_states),
                and_(QuarterReport.id.is_(None), Duty.quarter < Quarter.of(as_of)),
            ),
        )
        .order_by(Duty.due, Duty.id)
        .options(joinedload(Duty.item), joinedload(Duty.unit))
    )
    return [(duty, state) for duty, state in rows]


def last_reviews(organisation_id: int, limit: int = 20, *, desks: Desks | None = None) -> list[Review]:
    """What was reviewed last, newest first; at these desks, where they are named.

    Each desk is asked for its own: among those of all, one desk's would be looked for through every review there is.
    """
    wanted = dict.fromkeys(ReviewLevel) if desks is None else desks
    found = [one for level, scope in wanted.items() for one in _last_at(organisation_id, level, scope, limit)]
    return sorted(found, key=lambda one: one.id, reverse=True)[:limit]


def _last_at(organisation_id: int, level: ReviewLevel, scope: Scope, limit: int) -> Iterable[Review]:
    version = joinedload(Review.version).joinedload(ReportVersion.report)
    query = (
        select(Review)
        .where(Review.level == level)
        .order_by(Review.id.desc())
        .limit(limit)
        .options(
            version.joinedload(QuarterReport.item),
            version.joinedload(QuarterReport.unit),
            joinedload(Review.reviewed_by),
        )
    )
    if scope is None:
        return db.session.scalars(query.where(Review.organisation_id == organisation_id))
    # "+ 0" keeps SQLite from searching the whole office, which has many times the reviews of a unit.
    of_units = query.join(Review.version).join(ReportVersion.report).where(QuarterReport.unit_id.in_(scope))
    return db.session.scalars(of_units.where(Review.organisation_id + 0 == organisation_id))


def seen_before(report: QuarterReport, level: ReviewLevel | None) -> ReportVersion | None:
    """The version before the last that a judge of the level has seen: what never left its unit only its head has."""
    before = report.versions[:-1]
    if level is not ReviewLevel.UNIT:
        before = [version for version in before if version.left_on]
    return before[-1] if before else None


def returned(version: ReportVersion) -> Review | None:
    """The return that the version was given, if it was."""
    last = version.reviews[-1] if version.reviews else None
    return last if last and last.verdict is Verdict.RETURN else None


def what_was_mended(report: QuarterReport, before: ReportVersion | None) -> list[Mended]:
    """Of the fields marked when `before` was returned, whether each reads differently in the last version."""
    last = returned(before) if before else None
    if before is None or last is None:
        return []
    return rules.mended(last.marks, _by_mark(before), _by_mark(report.versions[-1]))


def _by_mark(version: ReportVersion) -> dict[str, Any]:
    beside = {mark: version.more[mark] for mark in ("figures", "evidence", "done")}
    return beside | {name: getattr(version, name) for name in (*FIELD_LABELS, "progress_class")}


def changed(report: QuarterReport, seen: int, labels: Mapping[int, str]) -> list[Change]:
    """What reads differently in the last version handed in than in version `seen`.

    `labels` are the names of the duties, from `report_ticks.done_labels`.
    """
    older = next((version for version in report.versions if version.number == seen), None)
    if older is None or older is report.versions[-1]:
        return []
    targets = {target.id: target for target in report.item.targets}
    return changes(_as_texts(older, targets, labels), _as_texts(report.versions[-1], targets, labels))


def _as_texts(version: ReportVersion, targets: Mapping[int, ItemTarget], labels: Mapping[int, str]) -> dict[str, str]:
    """A version, field by field, as one reads it."""
    texts = {label: getattr(version, name) for name, label in FIELD_LABELS.items()}
    texts["进度等次"] = version.progress_class.label
    for target_id, figure in figures_said(version.more).items():
        target = targets.get(target_id)
        texts[target.text if target else "量化指标"] = figure.in_words(target.measure if target else "")
    texts |= {labels.get(int(key), "应办事项"): f"{day} 完成" for key, day in version.more["done"].items()}
    texts["佐证材料"] = "".join(f"{evidence['title']}\n" for evidence in version.more["evidence"])
    return texts


def review(
    by: Act,
    report: QuarterReport,
    verdict: Verdict,
    reason: str,
    version: int,
    *,
    level: ReviewLevel = ReviewLevel.OFFICE,
    marks: Sequence[str] = (),
) -> Review:
    """One level's verdict: accept what was handed in, or return it with a reason and the fields to be mended.

    `version` is the number of the hand-in that the reviewer saw, `level` the one at whose desk they sit.
    """
    reports.hold(report.item_id, report.unit_id)
    db.session.expire(report)
    if not report.versions:
        raise Refusal("该填报尚未提交，无法审核。")
    handed_in = report.versions[-1]
    to_mend = [mark for mark in rules.MARKS if mark in marks and verdict is Verdict.RETURN]
    one = given(level, verdict, by, reason.strip(), to_mend)
    if repeated := _repeated(one, handed_in, version):
        return repeated
    sealed.check_not_sealed(report)
    _check(one, report, version)
    handed_in.reviews.append(one)
    report.state = rules.state_after(level, verdict, handed_in.levels)
    _follow(by, report, one)
    db.session.flush()
    after = {"verdict": verdict, "reason": one.reason, "version": handed_in.number, "level": level}
    events.record(by, "review", "quarter_report", report.id, after=after | {"marks": one.marks, "state": report.state})
    if verdict is Verdict.RETURN:
        duty = _duty(report)
        about = f"{duty.item.position}. {duty.item.short}，{report.quarter.label}填报"
        said = f"被{level.label}退回，请修改后重新提交"
        tidings.tell(by, report.unit_id, TidingKind.REPORT, duty.id, about, said, because(one.reason))
    return one


def _repeated(one: Review, handed_in: ReportVersion, version: int) -> Review | None:
    """The same person's same verdict on the same version, sent twice, is one act."""
    last = handed_in.reviews[-1] if handed_in.reviews and handed_in.number == version else None
    return last if last and _says(last) == _says(one) else None


def _says(review: Review) -> tuple[Any, ...]:
    return review.reviewed_by_id, review.level, review.verdict, review.reason, review.marks


def _check(one: Review, report: QuarterReport, version: int) -> None:
    handed_in = report.versions[-1]
    if handed_in.number != version:
        raise Stale("单位刚刚重新提交了该填报，请查看最新内容后再审核。", theirs=report)
    judged_by = [review.reviewed_by_id for review in handed_in.reviews]
    rules.check_turn(report.state, one.level)
    rules.check_reviewer(one.reviewed_by_id, handed_in.submitted_by_id, judged_by)
    rules.check_verdict(one.verdict, one.reason)


def _follow(by: Act, report: QuarterReport, one: Review) -> None:
    """The head's approval meets the duties; a return takes back what the version said is done."""
    handed_in = report.versions[-1]
    if one.verdict is Verdict.RETURN:
        _revoke(by, handed_in)
    elif one.level is ReviewLevel.UNIT:
        leave(handed_in, _duty(report), by)


def _duty(report: QuarterReport) -> Duty:
    """The duty that the report answers; of one that a revision has replaced, the later."""
    answered = select(Duty).join(QuarterReport, reports.answers_the_duty()).where(QuarterReport.id == report.id)
    return db.session.scalars(answered.order_by(Duty.cancelled_on.is_not(None), Duty.id.desc()).limit(1)).one()


def _revoke(by: Act, version: ReportVersion) -> None:
    """What a returned report says is done no longer counts, from today."""
    for fulfilment in db.session.scalars(select(Fulfilment).where(Fulfilment.version_id == version.id)):
        fulfilment.revoked_on = by.today
