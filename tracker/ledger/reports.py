"""Quarter reports: finding, writing and handing in; every version handed in stays as it was."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from tracker.ledger import consolidation, events, figures, sealed
from tracker.ledger.acts import Act
from tracker.ledger.db import db
from tracker.ledger.handing_in import send_off
from tracker.ledger.report_content import ReportContent, beside_text, content_given, content_kept, for_event
from tracker.ledger.report_ticks import checked_ticks
from tracker.ledger.standing import Scope
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.reports import Evidence, QuarterReport, ReportComment, ReportFigure, ReportVersion, Review
from tracker.rules import reports as rules
from tracker.rules.consolidation import check_note
from tracker.rules.duties import DutyKind
from tracker.rules.figures import Figure
from tracker.rules.quarters import Quarter
from tracker.rules.refusals import NotFound, Stale
from tracker.rules.reports import ReportState
from tracker.rules.reviews import waits_for

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


def with_history() -> Sequence[ORMOption]:
    """Loads reports with their figures, evidence and comments, every version handed in, and its reviews."""
    version = selectinload(QuarterReport.versions)
    return (
        selectinload(QuarterReport.figures),
        selectinload(QuarterReport.evidence).joinedload(Evidence.file),
        selectinload(QuarterReport.comments).joinedload(ReportComment.made_by),
        version.joinedload(ReportVersion.submitted_by),
        version.selectinload(ReportVersion.reviews).joinedload(Review.reviewed_by),
    )


def reports_of_units(
    told: ColumnElement[bool], quarter: Quarter, unit_ids: Sequence[int]
) -> dict[tuple[int, int], QuarterReport]:
    """The reports of these units in a quarter by item and unit, drafts included; `told` names the plan or the item."""
    rows = db.session.scalars(
        select(QuarterReport)
        .where(told, QuarterReport.quarter == quarter, QuarterReport.unit_id.in_(unit_ids))
        .options(joinedload(QuarterReport.saved_by), *with_history())
    )
    return {(report.item_id, report.unit_id): report for report in rows}


def reports_on_item(item_id: int, scope: Scope) -> list[QuarterReport]:
    """Every report on an item that the scope reaches, by quarter and unit, with versions and reviews."""
    query = (
        select(QuarterReport)
        .where(QuarterReport.item_id == item_id)
        .order_by(QuarterReport.quarter, QuarterReport.unit_id)
        .options(joinedload(QuarterReport.unit), *with_history())
    )
    if scope is not None:
        query = query.where(QuarterReport.unit_id.in_(scope))
    return list(db.session.scalars(query))


# Writing


def save(by: Act, duty: Duty, content: ReportContent, version: int | None) -> QuarterReport:
    """Keep the unit's text as a draft.  The same save sent twice is one act.

    `version` is the one the form was filled in on, None for a report not begun; raise Stale where
    another saved meanwhile, so that both texts can be shown.
    """
    rules.check_lengths(content.text)
    hold(duty.item_id, duty.unit_id)
    known, content = report_on(duty), _as_kept(by, duty, content)
    if known and content_kept(known) == content_given(content):
        return known
    report = _for_writing(by, duty, known, content, version)
    before = for_event(report)
    _write(by, duty, report, content)
    after = for_event(report)
    if before != after:
        events.record(by, "save", "quarter_report", report.id, before, after)
    return report


def submit(by: Act, duty: Duty, content: ReportContent, version: int | None) -> QuarterReport:
    """Hand the report in.  The same hand-in sent twice is one act; late stays late for ever.

    A lead waits for the supporting shares, or says which are missing; its version keeps which were.
    """
    rules.check_lengths(content.text)
    rules.check_ready(content.text)
    hold(duty.item_id, duty.unit_id)
    known, content = report_on(duty), _as_kept(by, duty, content)
    if known and waits_for(known.state) and content_kept(known) == content_given(content):
        return known
    report = _for_writing(by, duty, known, content, version)
    missing = consolidation.missing_shares(duty, by.today)
    check_note(missing, content.missing_note)
    figures.check_ready_to_hand_in(duty, content.figures)
    _write(by, duty, report, content)
    handed_in = _new_version(by, report, missing)
    send_off(handed_in, report, duty, by)
    db.session.flush()
    after = for_event(report) | {"version": handed_in.number, "levels": handed_in.levels}
    events.record(by, "submit", "quarter_report", report.id, after=after)
    return report


def _as_kept(by: Act, duty: Duty, content: ReportContent) -> ReportContent:
    """Events count instead of what was typed; a supporting unit has no other's share to speak for."""
    note = content.missing_note if duty.lead else ""
    return replace(content, figures=figures.checked(duty, content.figures, by.today), missing_note=note)


def hold(item_id: int, unit_id: int) -> None:
    """Let others who write or review this unit's reports on the item wait until the transaction ends.

    SQLite holds the whole file already; elsewhere two writers would both pass the check of the version.
    """
    held = select(Duty.id).where(Duty.item_id == item_id, Duty.unit_id == unit_id, Duty.kind == DutyKind.QUARTER_REPORT)
    db.session.execute(held.order_by(Duty.id).with_for_update())


def _for_writing(
    by: Act, duty: Duty, report: QuarterReport | None, content: ReportContent, version: int | None
) -> QuarterReport:
    """What stands already as it is given is nobody's loss: a hand-in may overtake the answer to its own autosave."""
    sealed.check_not_sealed(duty)
    if report is None:
        return begin(by, duty)
    rules.check_open_to_writing(report.state)
    if report.version != version and content_kept(report) != content_given(content):
        raise Stale("这份填报在您打开之后又有新的保存。您填写的内容尚未保存，请对照后再保存。", theirs=report)
    return report


def begin(by: Act, duty: Duty) -> QuarterReport:
    """An empty report, to write into or to attach evidence to."""
    report = QuarterReport(
        organisation_id=duty.organisation_id,
        plan_id=duty.plan_id,
        item_id=duty.item_id,
        unit_id=duty.unit_id,
        quarter=duty.report_quarter,
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
    report.done_duties = checked_ticks(by, duty, content.done)
    report.missing_note, report.unchanged = content.missing_note, content.unchanged
    report.saved_at, report.saved_by_id = by.at, by.person_id
    write_figures(report, content.figures)
    db.session.flush()


def write_figures(report: QuarterReport, reached: Mapping[int, Figure]) -> None:
    """These, and no others."""
    kept = {row.target_id: row for row in report.figures}
    for target_id, row in kept.items():
        if target_id not in reached:
            report.figures.remove(row)
            db.session.delete(row)
    for target_id, figure in reached.items():
        row = kept.get(target_id) or ReportFigure(target_id=target_id)
        row.value, row.basis, row.reason = figure.value, figures.basis_of(figure), figure.reason
        if target_id not in kept:
            report.figures.append(row)


def _new_version(by: Act, report: QuarterReport, missing: Sequence[str]) -> ReportVersion:
    """`missing` are the supporting units whose shares were not in."""
    assert report.progress_class is not None  # check_ready saw to it
    lacking = {"units": list(missing), "note": report.missing_note} if missing else None
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
        more=beside_text(report) | {"missing": lacking, "unchanged": report.unchanged},
        submitted_on=by.today,
        submitted_at=by.at,
        submitted_by_id=by.person_id,
    )
    db.session.add(version)
    db.session.flush()
    return version
