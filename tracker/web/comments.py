"""Comments (留言): remarks on a report by anybody who may see it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from wtforms import TextAreaField

from tracker.ledger import comments, report_ticks, reports
from tracker.ledger.db import transaction
from tracker.ledger.tables.reports import QuarterReport
from tracker.rules.permissions import Action
from tracker.rules.refusals import Invalid, NotFound
from tracker.rules.reviews import LONGEST_COMMENT
from tracker.web.access import act, needs, visitor
from tracker.web.addresses import record_id
from tracker.web.fields import trimmed
from tracker.web.forms import TokenlessForm

pages = Blueprint("comments", __name__, url_prefix="/comments")


class CommentForm(TokenlessForm):
    text = TextAreaField("留言", filters=[trimmed])


@pages.post("/<int:report_id>")
@needs(Action.SEE_ITEMS)
def comment(report_id: int) -> ResponseReturnValue:
    """By anybody who may see the report; what was typed comes back where it cannot be kept."""
    form = CommentForm()
    try:
        with transaction():
            comments.comment(act(), _seen(report_id), form.text.data)
    except Invalid as refusal:
        form.text.errors = [refusal.sentence]
        report = _seen(report_id)
        labels = report_ticks.done_labels([report])
        return render_template("reports/versions.html", report=report, labels=labels, comment_form=form), 422
    flash("留言已添加。", "success")
    return redirect(_where_it_was_written(report_id))


def _seen(report_id: int) -> QuarterReport:
    """A report that the visitor may see: the own unit's, or another's that has left it."""
    me = visitor()
    report = reports.report_of(me.organisation_id, report_id, me.scope)
    if report.unit_id not in me.own_units and not any(version.left_on for version in report.versions):
        raise NotFound
    return report


def _where_it_was_written(report_id: int) -> str:
    duty_id = request.form.get("duty", type=record_id)
    if duty_id:
        return url_for("reports.show", duty_id=duty_id, _anchor=f"comments-{report_id}")
    page = "reviews.show" if "review" in request.form else "reports.versions"
    return url_for(page, report_id=report_id, _anchor=f"comments-{report_id}")


@pages.record_once
def name_the_rules(state: BlueprintSetupState) -> None:
    state.app.jinja_env.globals.update(LONGEST_COMMENT=LONGEST_COMMENT)
