"""Quarter reports: writing, handing in, reviewing; every version handed in stays as it was."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NoReturn

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import joinedload, selectinload

from tracker.ledger import events
from tracker.ledger.acts import Act
from tracker.ledger.db import db
from tracker.ledger.standing import Scope
from tracker.ledger.tables.duties import Duty, Fulfilment
from tracker.ledger.tables.plans import ItemTarget
from tracker.ledger.tables.reports import Evidence, QuarterReport, ReportFigure, ReportVersion, Review
from tracker.rules import reports as rules
from tracker.rules.duties import DutyKind
from tracker.rules.quarters import Quarter
from tracker.rules.refusals import Invalid, NotFound, Stale
from tracker.rules.reports import ReportState, ReportText


@dataclass(frozen=True)
class ReportContent:
    """What the unit hands over of one form.

    `figures` gives the value reached by target id; `done` the day on which a duty was done by duty id.
    """

    text: ReportText
    figures: Mapping[int, Decimal] = field(default_factory=dict)
    done: Mapping[int, date] = field(default_factory=dict)


# Finding


def report_on(duty: Duty) -> QuarterReport | None:
    """The report that answers a duty of kind QUARTER_REPORT, if anybody began it."""
    return db.session.scalar(
        select(QuarterReport)
        .where(
            QuarterReport.item_id == duty.item_id,
            QuarterReport.unit_id == duty.unit_id,
            QuarterReport.quarter == duty.quarter,
        )
        .options(selectinload(QuarterReport.figures), selectinload(QuarterReport.evidence))
    )


def answers_the_duty() -> ColumnElement[bool]:
    """Which report answers which duty to report."""
    return and_(
        Duty.item_id == QuarterReport.item_id,
        Duty.unit_id == QuarterReport.unit_id,
        Duty.quarter == QuarterReport.quarter,
        Duty.kind == DutyKind.QUARTER_REPORT,
    )


def report_of(organisation_id: int, report_id: int, scope: Scope) -> QuarterReport:
    report = db.session.get(QuarterReport, report_id)
    if report is None or report.organisation_id != organisation_id:
        raise NotFound
    if scope is not None and report.unit_id not in scope:
        raise NotFound
    return report


def reports_of_units(plan_id: int, quarter: Quarter, unit_ids: Sequence[int]) -> dict[tuple[int, int], QuarterReport]:
    """The reports of these units in a quarter by item and unit, drafts included."""
    rows = db.session.scalars(
        select(QuarterReport)
        .where(
            QuarterReport.plan_id == plan_id,
            QuarterReport.quarter == quarter,
            QuarterReport.unit_id.in_(unit_ids),
        )
        .options(
            joinedload(QuarterReport.saved_by),
            selectinload(QuarterReport.figures),
            selectinload(QuarterReport.evidence).joinedload(Evidence.file),
            selectinload(QuarterReport.versions).joinedload(ReportVersion.submitted_by),
            selectinload(QuarterReport.versions).selectinload(ReportVersion.reviews).joinedload(Review.reviewed_by),
        )
    )
    return {(report.item_id, report.unit_id): report for report in rows}


def reports_on_item(item_id: int, scope: Scope) -> list[QuarterReport]:
    """Every report on an item that the scope reaches, by quarter and unit, with versions and reviews."""
    query = (
        select(QuarterReport)
        .where(QuarterReport.item_id == item_id)
        .order_by(QuarterReport.quarter, QuarterReport.unit_id)
        .options(
            joinedload(QuarterReport.unit),
            selectinload(QuarterReport.figures),
            selectinload(QuarterReport.evidence).joinedload(Evidence.file),
            selectinload(QuarterReport.versions).joinedload(ReportVersion.submitted_by),
            selectinload(QuarterReport.versions).selectinload(ReportVersion.reviews).joinedload(Review.reviewed_by),
        )
    )
    if scope is not None:
        query = query.where(QuarterReport.unit_id.in_(scope))
    return list(db.session.scalars(query))


def open_duties(duty: Duty) -> list[Duty]:
    """The other duties of the same unit and item that a report for the quarter can tick as done.

    One that another quarter's report says is done is not among them: late stays late.
    """
    counts = exists().where(Fulfilment.duty_id == Duty.id, Fulfilment.revoked_on.is_(None))
    return list(db.session.scalars(_beside(duty).where(~counts).order_by(Duty.due, Duty.id)))


def _beside(duty: Duty) -> Select[Duty]:
    """The dated duties of the same unit and item up to the quarter, and those that still wait for a date.

    A year's last quarter takes what its plan sets beyond the year too, as the standings do.
    """
    assert duty.quarter is not None  # so it is for every duty to report
    last = Quarter(9998, 4) if duty.quarter.number == 4 else duty.quarter
    return select(Duty).where(
        Duty.item_id == duty.item_id,
        Duty.unit_id == duty.unit_id,
        Duty.kind != DutyKind.QUARTER_REPORT,
        Duty.cancelled_on.is_(None),
        or_(Duty.quarter.is_(None), Duty.quarter <= last),
    )


def done_labels(reports: Iterable[QuarterReport]) -> dict[int, str]:
    """What the duties are called that these reports, in any of their versions, say are done."""
    ids = {int(duty_id) for report in reports for duty_id in report.done_duties}
    ids |= {int(duty_id) for report in reports for version in report.versions for duty_id in version.more["done"]}
    if not ids:
        return {}
    duties = db.session.execute(select(Duty.id, Duty.label, Duty.due).where(Duty.id.in_(ids)))
    return {duty_id: f"{label}（应于 {due.month}月{due.day}日）" if due else label for duty_id, label, due in duties}


# Writing


def save(by: Act, duty: Duty, content: ReportContent, version: int | None) -> QuarterReport:
    """Keep the unit's text as a draft.  The same save sent twice is one act.

    `version` is the one the form was filled in on, None for a report not begun; raise Stale where
    another saved meanwhile, so that both texts can be shown.
    """
    rules.check_lengths(content.text)
    hold(duty.item_id, duty.unit_id)
    known = report_on(duty)
    if known and _says(known) == _said(content):
        return known
    report = _for_writing(by, duty, known, version)
    before = _content(report)
    _write(by, duty, report, content)
    after = _content(report)
    if before != after:
        events.record(by, "save", "quarter_report", report.id, before, after)
    return report


def submit(by: Act, duty: Duty, content: ReportContent, version: int | None) -> QuarterReport:
    """Hand the report in.  The same hand-in sent twice is one act; late stays late for ever."""
    rules.check_lengths(content.text)
    rules.check_ready(content.text)
    hold(duty.item_id, duty.unit_id)
    known = report_on(duty)
    if known and known.state is ReportState.SUBMITTED and _says(known) == _said(content):
        return known
    report = _for_writing(by, duty, known, version)
    _write(by, duty, report, content)
    report.state = ReportState.SUBMITTED
    handed_in = _new_version(by, report)
    _fulfil(by, duty, report, handed_in)
    db.session.flush()
    events.record(by, "submit", "quarter_report", report.id, after=_content(report) | {"version": handed_in.number})
    return report


def hold(item_id: int, unit_id: int) -> None:
    """Let others who write or review this unit's reports on the item wait until the transaction ends.

    SQLite holds the whole file already; elsewhere two writers would both pass the check of the version.
    """
    held = select(Duty.id).where(Duty.item_id == item_id, Duty.unit_id == unit_id, Duty.kind == DutyKind.QUARTER_REPORT)
    db.session.execute(held.order_by(Duty.id).with_for_update())


def _for_writing(by: Act, duty: Duty, report: QuarterReport | None, version: int | None) -> QuarterReport:
    if report is None:
        return begin(by, duty)
    rules.check_open_to_writing(report.state)
    if report.version != version:
        raise Stale("这份填报刚被他人保存过。您填写的内容尚未保存，请对照后再保存。", theirs=report)
    return report


def begin(by: Act, duty: Duty) -> QuarterReport:
    """An empty report, to write into or to attach evidence to."""
    assert duty.quarter is not None  # so it is for every duty to report
    report = QuarterReport(
        organisation_id=duty.organisation_id,
        plan_id=duty.plan_id,
        item_id=duty.item_id,
        unit_id=duty.unit_id,
        quarter=duty.quarter,
        state=ReportState.DRAFT,
        done_duties={},
        saved_at=by.at,
    )
    db.session.add(report)
    db.session.flush()
    return report


def _write(by: Act, duty: Duty, report: QuarterReport, content: ReportContent) -> None:
    text = content.text
    report.progress, report.achievements = text.progress, text.achievements
    report.problems, report.next_steps = text.problems, text.next_steps
    report.progress_class = text.progress_class
    report.done_duties = _done_duties(by, duty, content.done)
    report.saved_at, report.saved_by_id = by.at, by.person_id
    _write_figures(duty, report, content.figures)
    db.session.flush()


def _done_duties(by: Act, duty: Duty, done: Mapping[int, date]) -> dict[str, Any]:
    assert duty.quarter is not None  # so it is for every duty to report
    ticked = {other.id: other.label for other in open_duties(duty)}
    if not ticked.keys() >= done.keys():
        _refuse_ticks(duty, done)
    for duty_id, day in done.items():
        rules.check_done_day(ticked[duty_id], day, duty.quarter, by.today)
    return {str(duty_id): day.isoformat() for duty_id, day in sorted(done.items())}


def _refuse_ticks(duty: Duty, done: Mapping[int, date]) -> NoReturn:
    beside = {other.id for other in db.session.scalars(_beside(duty))}
    if beside >= done.keys():
        raise Invalid("勾选的事项中，有的已在其他季度的填报中登记完成。请刷新页面后重新勾选。")
    raise NotFound


def _write_figures(duty: Duty, report: QuarterReport, figures: Mapping[int, Decimal]) -> None:
    targets = set(db.session.scalars(select(ItemTarget.id).where(ItemTarget.item_id == duty.item_id)))
    if not targets.issuperset(figures):
        raise NotFound
    kept = {figure.target_id: figure for figure in report.figures}
    for target_id, figure in kept.items():
        if target_id not in figures:
            report.figures.remove(figure)
            db.session.delete(figure)
    for target_id, value in figures.items():
        if target_id in kept:
            kept[target_id].value = value
        else:
            report.figures.append(ReportFigure(target_id=target_id, value=value))


def _new_version(by: Act, report: QuarterReport) -> ReportVersion:
    assert report.progress_class is not None  # check_ready saw to it
    version = ReportVersion(
        report=report,
        plan_id=report.plan_id,
        item_id=report.item_id,
        unit_id=report.unit_id,
        quarter=report.quarter,
        number=len(report.versions) + 1,
        progress=report.progress,
        achievements=report.achievements,
        problems=report.problems,
        next_steps=report.next_steps,
        progress_class=report.progress_class,
        more=_more(report),
        submitted_on=by.today,
        submitted_at=by.at,
        submitted_by_id=by.person_id,
    )
    db.session.add(version)
    db.session.flush()
    return version


def _fulfil(by: Act, duty: Duty, report: QuarterReport, version: ReportVersion) -> None:
    """The first hand-in meets the duty to report; what is ticked as done counts from today."""
    if version.number == 1:
        db.session.add(Fulfilment(duty_id=duty.id, done_on=by.today, recorded_on=by.today))
    for duty_id, day in report.done_duties.items():
        done_on = date.fromisoformat(day)
        db.session.add(Fulfilment(duty_id=int(duty_id), version_id=version.id, done_on=done_on, recorded_on=by.today))


def _said(content: ReportContent) -> dict[str, Any]:
    return {
        "text": content.text,
        "figures": {target_id: value.normalize() for target_id, value in content.figures.items()},
        "done": {str(duty_id): day.isoformat() for duty_id, day in content.done.items()},
    }


def _says(report: QuarterReport) -> dict[str, Any]:
    return {
        "text": report.text,
        "figures": {figure.target_id: figure.value.normalize() for figure in report.figures},
        "done": dict(report.done_duties),
    }


def _more(report: QuarterReport) -> dict[str, Any]:
    return {
        "figures": {str(figure.target_id): f"{figure.value:f}" for figure in report.figures},
        "done": dict(report.done_duties),
        "evidence": [
            {"title": e.title, "link": e.link, "file_id": e.file_id, "sha256": e.file.sha256 if e.file else None}
            for e in report.evidence
        ],
    }


def _content(report: QuarterReport) -> dict[str, Any]:
    return {
        "progress": report.progress,
        "achievements": report.achievements,
        "problems": report.problems,
        "next_steps": report.next_steps,
        "progress_class": report.progress_class,
        "state": report.state,
    } | _more(report)
