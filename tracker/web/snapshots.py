"""A sealed quarter (封存): its figures and hash, its set of papers, its versions, and how it is corrected."""

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from wtforms import TextAreaField

from tracker import production
from tracker.ledger import corrections, papers, sealed, snapshots, units
from tracker.ledger.db import transaction
from tracker.ledger.tables.papers import Paper
from tracker.ledger.tables.snapshots import Correction, Snapshot
from tracker.rules import canonical
from tracker.rules.closing import LONGEST_REASON, MOST_SHARES
from tracker.rules.permissions import Action
from tracker.rules.refusals import NotFound, Refusal
from tracker.web.access import act, needs, settings, visitor
from tracker.web.addresses import record_id
from tracker.web.fields import IdsField
from tracker.web.forms import TokenlessForm

pages = Blueprint("snapshots", __name__, url_prefix="/snapshots")

STEP_SECONDS = 3.0  # one answer to the page's script
WHOLE_SECONDS = 20.0  # one press without a script


class CorrectionForm(TokenlessForm):
    reason = TextAreaField("更正理由")
    duties = IdsField("需要更正的填报")


class WithdrawalForm(TokenlessForm):
    withdrawal = TextAreaField("撤回理由")


@pages.app_template_global()
def paper_number(paper: Paper) -> str:
    return papers.number_of(paper)


@pages.get("/<int:snapshot_id>")
@needs(Action.PRINT)
def show(snapshot_id: int) -> ResponseReturnValue:
    return _page(_snapshot(snapshot_id))


def _snapshot(snapshot_id: int) -> Snapshot:
    return sealed.snapshot_of(visitor().organisation_id, snapshot_id)


def _page(
    snapshot: Snapshot,
    refused: str = "",
    form: CorrectionForm | None = None,
    withdrawal: WithdrawalForm | None = None,
) -> str:
    listed, versions = papers.papers_of(snapshot), sealed.versions(snapshot.plan_id, snapshot.quarter)
    under_way = sealed.correction_under_way(snapshot.plan_id, snapshot.quarter)
    asked = request.args.get("unit", type=record_id)
    return render_template(
        "snapshots/snapshot.html",
        snapshot=snapshot,
        content=snapshots.read(snapshot),
        whole=canonical.sha256_of(snapshot.content) == snapshot.sha256,
        papers=listed,
        progress=production.progress(listed),
        versions=versions,
        newest=versions[-1],
        correction=under_way,
        withdrawn=sealed.withdrawn(snapshot),
        withdrawal=withdrawal or WithdrawalForm(formdata=None),
        waiting={share.id for share in corrections.waiting(under_way)} if under_way else set(),
        units=units.units_of(visitor().organisation_id),
        unit_id=asked,
        choices=corrections.reports_owed(snapshot, asked) if asked else [],
        form=form or CorrectionForm(formdata=None),
        longest=LONGEST_REASON,
        most=MOST_SHARES,
        refused=refused,
    )


# The set


@pages.post("/<int:snapshot_id>/produce")
@needs(Action.PRINT)
def produce(snapshot_id: int) -> ResponseReturnValue:
    """Set what is still to be set, for a few seconds; the page's script asks again until all is there."""
    snapshot, scripted = _snapshot(snapshot_id), request.accept_mimetypes.best == "application/json"
    seconds = STEP_SECONDS if scripted else WHOLE_SECONDS
    done = production.produce(act, snapshot, settings().data / "files", settings().fonts, seconds)
    if scripted:
        return {"made": done.made, "total": done.total, "percent": done.percent, "finished": done.finished}
    if done.finished:
        flash(f"全套文书已生成，共 {done.total} 个文件。", "success")
    else:
        flash(f"已生成 {done.made} 个文件，共 {done.total} 个。请继续生成。", "info")
    return redirect(url_for("snapshots.show", snapshot_id=snapshot_id, _anchor="set"))


@pages.get("/<int:snapshot_id>/set.zip")
@needs(Action.PRINT)
def archive(snapshot_id: int) -> ResponseReturnValue:
    snapshot = _snapshot(snapshot_id)
    packed = production.archive(snapshot, settings().data / "files")
    edition = "" if snapshot.number == 1 else f"（更正版第{snapshot.number}版）"
    name = f"{snapshot.quarter.label}文书（{snapshot.plan.title}）{edition}.zip"
    return send_file(packed, mimetype="application/zip", as_attachment=True, download_name=name)


# Correcting


@pages.post("/<int:snapshot_id>/correction")
@needs(Action.CLOSE_QUARTER)
def correct(snapshot_id: int) -> ResponseReturnValue:
    """Open the ticked reports again, with a reason."""
    form = CorrectionForm()
    form.validate()
    try:
        with transaction():
            snapshot, leads = _snapshot(snapshot_id), visitor().can(Action.APPROVE_AS_LEADER)
            reason = form.reason.data or ""
            opened = corrections.start(act(), snapshot, form.duties.data or [], reason, leads=leads)
            number = len(opened.shares)
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(_snapshot(snapshot_id), refusal.sentence, form), refusal.status
    flash(f"已退回 {number} 份填报供更正。单位重新提交、审核通过后，再生成更正版。", "success")
    return redirect(url_for("snapshots.show", snapshot_id=snapshot_id, _anchor="correction"))


@pages.post("/corrections/<int:correction_id>")
@needs(Action.CLOSE_QUARTER)
def finish(correction_id: int) -> ResponseReturnValue:
    """Seal the corrected version."""
    correction = _correction(correction_id)
    before = correction.snapshot_id
    try:
        with transaction():
            leads = visitor().can(Action.APPROVE_AS_LEADER)
            snapshot_id = corrections.finish(act(), _correction(correction_id), leads=leads).id
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(_snapshot(before), refusal.sentence), refusal.status
    flash("更正版已封存，原版保留备查。可以生成更正版全套文书。", "success")
    return redirect(url_for("snapshots.show", snapshot_id=snapshot_id))


@pages.post("/corrections/<int:correction_id>/withdrawal")
@needs(Action.CLOSE_QUARTER)
def withdraw(correction_id: int) -> ResponseReturnValue:
    """Close the reports again without a new version."""
    form = WithdrawalForm()
    form.validate()
    before = _correction(correction_id).snapshot_id
    try:
        with transaction():
            leads = visitor().can(Action.APPROVE_AS_LEADER)
            corrections.withdraw(act(), _correction(correction_id), form.withdrawal.data or "", leads=leads)
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(_snapshot(before), refusal.sentence, withdrawal=form), refusal.status
    flash("更正已撤回，各份填报恢复为封存时的状态。", "success")
    return redirect(url_for("snapshots.show", snapshot_id=before, _anchor="correction"))


def _correction(correction_id: int) -> Correction:
    return corrections.correction_of(visitor().organisation_id, correction_id)
