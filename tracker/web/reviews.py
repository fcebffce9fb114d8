"""The office's review (审核): what units handed in, read in place, accepted or returned with a reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import TextAreaField
from wtforms.validators import Length

from tracker.ledger import report_ticks, reports, reviews, units
from tracker.ledger.db import transaction
from tracker.ledger.tables.reports import QuarterReport, ReportVersion, Review
from tracker.ledger.tables.units import Unit
from tracker.rules.changes import Change
from tracker.rules.permissions import Action
from tracker.rules.refusals import Invalid, NotFound, Refusal, Stale
from tracker.rules.reports import LONGEST_TEXT, ReportState, Verdict
from tracker.web.access import act, needs, visitor
from tracker.web.addresses import record_id
from tracker.web.fields import trimmed, version_field
from tracker.web.forms import TokenlessForm

pages = Blueprint("reviews", __name__, url_prefix="/reviews")

MOST_SHOWN = 50  # the oldest; what is reviewed makes room for the next


class ReviewForm(TokenlessForm):
    version = version_field()
    reason = TextAreaField(
        "退回理由", [Length(max=LONGEST_TEXT, message=f"退回理由最多 {LONGEST_TEXT} 字。")], filters=[trimmed]
    )


@dataclass(frozen=True)
class ToReview:
    """One report as the office reads it: `changes` against the version that was returned."""

    report: QuarterReport
    due: date | None
    changes: list[Change]
    own: bool

    @property
    def version(self) -> ReportVersion:
        return self.report.versions[-1]

    @property
    def returned(self) -> Review | None:
        """What the office said of the version before."""
        before = self.report.versions[-2:-1]
        return before[0].reviews[-1] if before and before[0].reviews else None

    @property
    def waits(self) -> bool:
        return self.report.state is ReportState.SUBMITTED

    @property
    def days_late(self) -> int:
        """How late it first came in: late stays late, however often it is handed in again."""
        return max((self.report.versions[0].submitted_on - self.due).days, 0) if self.due else 0


@pages.get("/")
@needs(Action.REVIEW)
def index() -> ResponseReturnValue:
    organisation_id, unit_id = visitor().organisation_id, request.args.get("unit", type=record_id)
    unit = units.unit_of(organisation_id, unit_id) if unit_id is not None else None
    waiting = reviews.waiting_for_review(organisation_id, unit_id, MOST_SHOWN)
    labels = report_ticks.done_labels(waiting)
    return render_template(
        "reviews/index.html",
        unit=unit,
        units=reviews.waiting_units(organisation_id),
        groups=_by_unit(_to_review(waiting, labels)),
        labels=labels,
        shown=len(waiting),
        last=reviews.last_reviews(organisation_id),
        form=ReviewForm(),
    )


def _by_unit(waiting: Iterable[ToReview]) -> list[tuple[Unit, list[ToReview]]]:
    """Grouped by unit, the unit that has waited longest first, and within it the oldest first."""
    order: dict[int, int] = {}
    for one in waiting:
        order.setdefault(one.report.unit_id, len(order))
    together = sorted(waiting, key=lambda one: order[one.report.unit_id])
    return [(unit, list(group)) for unit, group in groupby(together, key=lambda one: one.report.unit)]


def _to_review(waiting: list[QuarterReport], labels: dict[int, str], seen: int | None = None) -> list[ToReview]:
    """`seen` is the version that the visitor has read, where it is not the one before the last."""
    due, me = reviews.days_due(waiting), visitor().person.id
    return [
        ToReview(
            report=report,
            due=due.get(report.id),
            changes=reviews.changed(report, seen or len(report.versions) - 1, labels),
            own=report.versions[-1].submitted_by_id == me,
        )
        for report in waiting
    ]


@pages.get("/<int:report_id>")
@needs(Action.REVIEW)
def show(report_id: int) -> ResponseReturnValue:
    return _page(report_id, ReviewForm())


def _page(report_id: int, form: ReviewForm, refused: str | None = None, seen: int | None = None) -> str:
    """One report on a page of its own; nothing is shown before it was handed in."""
    report = reports.report_of(visitor().organisation_id, report_id, None)
    if not report.versions:
        raise NotFound
    labels = report_ticks.done_labels([report])
    [one] = _to_review([report], labels, seen)
    return render_template("reviews/review.html", one=one, labels=labels, form=form, refused=refused)


@pages.post("/<int:report_id>")
@needs(Action.REVIEW)
def review(report_id: int) -> ResponseReturnValue:
    form = ReviewForm()
    if not form.validate():
        return _page(report_id, form), 422
    try:
        sentence = _review(report_id, _verdict(), form.reason.data, form.version.data)
    except NotFound:
        raise
    except Invalid as refusal:
        form.reason.errors = [refusal.sentence]
        return _page(report_id, form), 422
    except Refusal as refusal:
        seen = form.version.data if isinstance(refusal, Stale) else None
        return _page(report_id, form, refusal.sentence, seen), refusal.status
    flash(sentence, "success")
    return redirect(_next())


def _verdict() -> Verdict:
    try:
        return Verdict(request.form.get("verdict", ""))
    except ValueError:
        raise Invalid("请选择“审核通过”或“退回修改”。") from None


def _review(report_id: int, verdict: Verdict, reason: str, version: int | None) -> str:
    with transaction():
        by = act()
        report = reports.report_of(by.organisation_id, report_id, None)
        reviews.review(by, report, verdict, reason, version or 0)
        name = f"{report.unit.name}第 {report.item.position} 项"
    return f"{name}已审核通过。" if verdict is Verdict.ACCEPT else f"{name}已退回，单位会看到退回理由。"


def _next() -> str:
    """Back to the list, at the report that stood below the one just reviewed."""
    below, unit = request.form.get("next", type=int), request.form.get("unit", type=int)
    return url_for("reviews.index", unit=unit, _anchor=f"r{below}" if below else None)


@pages.post("/")
@needs(Action.REVIEW)
def accept_many() -> ResponseReturnValue:
    """Accept all that are ticked, each an act of its own: one that cannot be accepted does not hold up the others."""
    ticked = [pair for text in request.form.getlist("ticked") if (pair := _pair(text))]
    if not ticked:
        flash("请先勾选要审核通过的填报。", "warning")
    accepted, refused = 0, list[str]()
    for report_id, version in ticked[:MOST_SHOWN]:
        try:
            _review(report_id, Verdict.ACCEPT, "", version)
            accepted += 1
        except Refusal as refusal:
            refused.append(refusal.sentence)
    if accepted:
        flash(f"已审核通过 {accepted} 项。", "success")
    if refused:
        flash(f"{len(refused)} 项未处理：{' '.join(dict.fromkeys(refused))}", "warning")
    return redirect(_next())


def _pair(text: str) -> tuple[int, int] | None:
    """`12.1` is the report of that id, in the version of that number."""
    report_id, _, version = text.partition(".")
    if report_id.isascii() and report_id.isdigit() and version.isascii() and version.isdigit():
        return int(report_id[:9]), int(version[:9])
    return None
