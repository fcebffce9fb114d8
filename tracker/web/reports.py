"""The unit's quarter report (本季度填报): what it owes, the form of each item, and the evidence."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from tracker.ledger import duties, evidence, plans, report_ticks, reports, unchanged
from tracker.ledger.db import transaction
from tracker.ledger.owed import OwedReport, owed_quarter, owed_report
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.files import StoredFile
from tracker.rules.consolidation import LONGEST_NOTE
from tracker.rules.evidence import ENDINGS, KINDS_SHOWN, LARGEST_MB, can_be_shown, is_picture
from tracker.rules.figures import LONGEST_GROUND, ROUNDING
from tracker.rules.permissions import Action
from tracker.rules.refusals import NotFound, Refusal, Stale
from tracker.rules.reports import FIELD_LABELS, LONGEST_TEXT, ReportState, ReviewLevel
from tracker.rules.reviews import waits_for
from tracker.web import uploads
from tracker.web.access import View, act, needs, visitor
from tracker.web.addresses import record_id
from tracker.web.filters import moment
from tracker.web.report_figures import figures_of, judged
from tracker.web.report_form import ReportForm, differences, report_form
from tracker.web.selection import selection

pages = Blueprint("reports", __name__, url_prefix="/reports")

MOST_FORMS = 12  # stand open on one page, the most pressing ones; each of the others has its own page


@pages.get("/")
@needs(Action.REPORT)
def index() -> ResponseReturnValue:
    me, chosen = visitor(), selection()
    known = plans.plans_of(me.organisation_id)
    if chosen.plan is None or chosen.quarter is None:
        return render_template("reports/index.html", selection=chosen, plans=known)
    owed = owed_quarter(chosen.plan.id, chosen.quarter, me.own_units, chosen.as_of)
    if owed.oldest and "quarter" not in request.args:
        return redirect(
            chosen.url("reports.index", quarter=owed.oldest)
        )  # in the days of reporting, the quarter before
    return render_template(
        "reports/index.html",
        selection=chosen,
        plans=known,
        owed=owed,
        forms={report.duty.id: report_form(report) for report in _at_hand(owed.reports)},
        candidates=unchanged.candidates(owed, me.today),
        labels=report_ticks.done_labels(report.report for report in owed.reports if report.report),
        saved=session.pop("saved_report", None),
    )


def _at_hand(reports: list[OwedReport]) -> list[OwedReport]:
    return [report for report in reports if report.is_open][:MOST_FORMS]


@pages.get("/<int:duty_id>")
@needs(Action.REPORT)
def show(duty_id: int) -> ResponseReturnValue:
    """One block on a page of its own, for small screens and for links that mean one item."""
    owed = _owed(duty_id)
    return _page(owed, report_form(owed) if owed.is_open else None)


@pages.post("/<int:duty_id>")
@needs(Action.REPORT)
def write(duty_id: int) -> ResponseReturnValue:
    owed, submitting = _owed(duty_id), request.form.get("act") == "submit"
    form = report_form(owed)
    if not form.fits(submitting=submitting):
        return _page(owed, form), 422
    try:
        state = _keep(duty_id, form, submitting=submitting)
    except Refusal as refusal:
        return _refused(duty_id, form, refusal)
    owed = _owed(duty_id)
    session["saved_report"] = duty_id  # the next page tells the browser that its own copy is no longer needed
    flash(_kept_sentence(owed, state), "success")
    quarter = str(owed.duty.quarter)
    return redirect(url_for("reports.index", plan=owed.duty.plan_id, quarter=quarter, _anchor=f"d{duty_id}"))


@pages.post("/unchanged")
@needs(Action.REPORT)
def hand_in_unchanged() -> ResponseReturnValue:
    """Hand in all that are ticked as unchanged: all of them, or none."""
    chosen, ticked = selection(), request.form.getlist("ticked", type=record_id)
    if chosen.plan is None or chosen.quarter is None:
        raise NotFound
    back = redirect(chosen.url("reports.index"))
    if not ticked:
        flash("请先勾选本季度无变化的任务。", "warning")
        return back
    try:
        with transaction():
            by = act()
            handed_in = unchanged.hand_in_unchanged(by, chosen.plan.id, chosen.quarter, visitor().own_units, ticked)
    except NotFound:
        raise
    except Refusal as refusal:
        flash(refusal.sentence, "warning")
        return back
    flash(f"已按“无变化”提交 {len(handed_in)} 项，等待审核。", "success")
    return back


@pages.post("/<int:duty_id>/autosave")
@needs(Action.REPORT)
def autosave(duty_id: int) -> ResponseReturnValue:
    """Keep what is typed so far, for the page's script; files and links wait for a save by hand."""
    form = report_form(_owed(duty_id))
    if not form.fits(submitting=False):
        return {"sentence": next(error for field in form for error in field.errors)}, 422
    try:
        with transaction():
            report = reports.save(act(), _duty(duty_id), form.content, form.version.data)
            return {"version": report.version, "saved_at": moment(report.saved_at)}
    except NotFound:
        raise
    except Refusal as refusal:
        return {"sentence": refusal.sentence}, refusal.status


@pages.get("/token")
@needs(Action.REPORT)
def token() -> ResponseReturnValue:
    """A page that was left open goes on after its person has signed in again elsewhere."""
    return {"csrf_token": generate_csrf(), "person": visitor().person_id}


def _duty(duty_id: int) -> Duty:
    me = visitor()
    return duties.report_duty(me.organisation_id, duty_id, frozenset(me.own_units))


def _owed(duty_id: int) -> OwedReport:
    return owed_report(_duty(duty_id), visitor().today)


def _keep(duty_id: int, form: ReportForm, *, submitting: bool) -> ReportState:
    """Save or hand in; evidence chosen or removed in the form goes with it, in the same transaction."""
    stored = [uploads.store(upload) for upload in form.uploads]
    removed = request.form.get("remove", type=record_id)
    content, version = form.content, form.version.data
    with transaction():
        by, duty = act(), _duty(duty_id)
        if stored or removed or form.link.data:
            version = reports.save(by, duty, content, version).version
            for name, sha256, size in stored:
                evidence.add_file(by, duty, name, sha256, size)
            if form.link.data:
                evidence.add_link(by, duty, form.link_title.data, form.link.data)
            if removed:
                evidence.remove_evidence(by, duty, removed)
        verb = reports.submit if submitting else reports.save
        return verb(by, duty, content, version).state


def _kept_sentence(owed: OwedReport, state: ReportState) -> str:
    name = f"第 {owed.item.position} 项“{owed.item.short}”"
    if level := waits_for(state):
        return f"{name}已提交，等待{'本单位负责人' if level is ReviewLevel.UNIT else ''}{level.act}。"
    return f"{name}的草稿已保存，尚未提交。"


def _refused(duty_id: int, form: ReportForm, refusal: Refusal) -> ResponseReturnValue:
    """Everything typed stands in the form again; what somebody else saved meanwhile stands beside it."""
    if isinstance(refusal, NotFound):
        raise refusal
    owed = _owed(duty_id)
    if isinstance(refusal, Stale) and owed.report:
        form.version.data, form.version.raw_data = owed.report.version, None
    theirs = differences(form, owed.report) if refusal.status == Refusal.status and owed.report else []
    return _page(owed, form, refusal.sentence, theirs), refusal.status


def _page(owed: OwedReport, form: ReportForm | None, refused: str | None = None, theirs: object = ()) -> str:
    return render_template(
        "reports/report.html",
        owed=owed,
        form=form,
        refused=refused,
        theirs=theirs,
        labels=report_ticks.done_labels([owed.report] if owed.report else []),
    )


def sandboxed(view: View) -> View:
    """Whatever a browser makes of the file that is handed out, it may run and load nothing."""
    view.talisman_view_options = {"content_security_policy": "sandbox"}  # type: ignore[attr-defined]
    return view


@pages.get("/evidence/<int:evidence_id>")
@needs(Action.SEE_ITEMS)
@sandboxed
def evidence_file(evidence_id: int) -> ResponseReturnValue:
    return uploads.attachment(_evidence(evidence_id))


@pages.get("/evidence/<int:evidence_id>/look")
@needs(Action.SEE_ITEMS)
@sandboxed
def look_at_evidence(evidence_id: int) -> ResponseReturnValue:
    return uploads.to_look_at(_evidence(evidence_id))


def _evidence(evidence_id: int) -> StoredFile:
    me = visitor()
    found = evidence.evidence_of(me.organisation_id, evidence_id, me.scope)
    if found.file is None:
        raise NotFound
    return found.file


@pages.get("/versions/<int:report_id>")
@needs(Action.SEE_ITEMS)
def versions(report_id: int) -> ResponseReturnValue:
    """Every version that was handed in, with what the office said of it."""
    me = visitor()
    report = reports.report_of(me.organisation_id, report_id, me.scope)
    return render_template("reports/versions.html", report=report, labels=report_ticks.done_labels([report]))


@pages.get("/versions/<int:report_id>/<int:number>/evidence/<int:place>")
@needs(Action.SEE_ITEMS)
@sandboxed
def handed_in_file(report_id: int, number: int, place: int) -> ResponseReturnValue:
    """Evidence as it was handed in with a version, whether or not it was removed since."""
    return uploads.attachment(_handed_in(report_id, number, place))


@pages.get("/versions/<int:report_id>/<int:number>/evidence/<int:place>/look")
@needs(Action.SEE_ITEMS)
@sandboxed
def look_at_handed_in(report_id: int, number: int, place: int) -> ResponseReturnValue:
    return uploads.to_look_at(_handed_in(report_id, number, place))


def _handed_in(report_id: int, number: int, place: int) -> StoredFile:
    me = visitor()
    report = reports.report_of(me.organisation_id, report_id, me.scope)
    return evidence.handed_in_file(report, number, place)


@pages.record_once
def name_the_rules(state: BlueprintSetupState) -> None:
    """What the forms and the pages that show reports say of the rules."""
    state.app.jinja_env.globals.update(
        FIELD_LABELS=FIELD_LABELS,
        LONGEST_TEXT=LONGEST_TEXT,
        LONGEST_NOTE=LONGEST_NOTE,
        LONGEST_GROUND=LONGEST_GROUND,
        ROUNDING=ROUNDING,
        EVIDENCE_ENDINGS=ENDINGS,
        EVIDENCE_KINDS=KINDS_SHOWN,
        EVIDENCE_MB=LARGEST_MB,
        can_be_shown=can_be_shown,
        is_picture=is_picture,
    )


pages.add_app_template_filter(figures_of)
pages.add_app_template_filter(judged)
