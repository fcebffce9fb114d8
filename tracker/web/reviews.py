"""Reviews (审核): what waits at the visitor's level, read in place, accepted or returned."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from wtforms import SelectMultipleField, TextAreaField
from wtforms.validators import Length

from tracker.ledger import report_ticks, reports, reviews, unchanged, units
from tracker.ledger.db import transaction
from tracker.ledger.reviews import Desks
from tracker.ledger.tables.reports import QuarterReport, ReportVersion, Review
from tracker.ledger.tables.units import Unit
from tracker.rules import reviews as rules
from tracker.rules.changes import Change
from tracker.rules.permissions import Action
from tracker.rules.refusals import Forbidden, Invalid, NotFound, Refusal, Stale
from tracker.rules.reports import ReviewLevel, Verdict
from tracker.rules.reviews import Mended
from tracker.web.access import act, needs, visitor
from tracker.web.addresses import record_id
from tracker.web.fields import trimmed, version_field
from tracker.web.forms import TokenlessForm
from tracker.web.review_desks import desks, level_of, review_count, review_desks, sits

pages = Blueprint("reviews", __name__, url_prefix="/reviews")

MOST_SHOWN = 50  # the oldest; what is reviewed makes room for the next


class ReviewForm(TokenlessForm):
    version = version_field()
    reason = TextAreaField(
        "退回理由",
        [Length(max=rules.LONGEST_REASON, message=f"退回理由最多 {rules.LONGEST_REASON} 字。")],
        filters=[trimmed],
    )
    marks = SelectMultipleField("需修改的栏目", choices=[], validate_choice=False)


# Reading


@dataclass(frozen=True)
class ToReview:
    """One report as its judge reads it.

    `level` is the one at which the visitor judges, `before` the version that it had before it last, `changes` are
    those since the version that the visitor has read, `quiet` says for how many quarters running nothing has changed.
    """

    report: QuarterReport
    level: ReviewLevel | None
    due: date | None
    before: ReportVersion | None
    changes: list[Change]
    quiet: int

    @property
    def version(self) -> ReportVersion:
        return self.report.versions[-1]

    @property
    def returned(self) -> Review | None:
        """Why the version before was given back."""
        return reviews.returned(self.before) if self.before else None

    @property
    def mended(self) -> list[Mended]:
        return reviews.what_was_mended(self.report, self.before)

    @property
    def waits(self) -> bool:
        """Whether it waits for the visitor's level."""
        return self.level is not None and rules.waits_for(self.report.state) is self.level

    @property
    def barred(self) -> str | None:
        """Why the visitor may not judge it, as a sentence."""
        try:
            judged_by = [review.reviewed_by_id for review in self.version.reviews]
            rules.check_reviewer(visitor().person_id, self.version.submitted_by_id, judged_by)
        except Forbidden as refusal:
            return refusal.sentence
        return None

    @property
    def last_level(self) -> bool:
        return self.level is rules.levels_asked(self.version.levels)[-1]

    @property
    def left_on(self) -> date | None:
        """When it first left its unit: late stays late, however often it is handed in again."""
        return next((version.left_on for version in self.report.versions if version.left_on), None)

    @property
    def days_late(self) -> int:
        return max(((self.left_on or visitor().today) - self.due).days, 0) if self.due else 0


@pages.get("/")
@needs(Action.SEE_REVIEWS)
def index() -> ResponseReturnValue:
    me, mine, unit_id = visitor(), _own_desks(), request.args.get("unit", type=record_id)
    unit = units.unit_of(me.organisation_id, unit_id) if unit_id is not None else None
    waiting = reviews.waiting_for_review(me.organisation_id, unit_id, MOST_SHOWN, desks=mine)
    labels = report_ticks.done_labels(waiting)
    return render_template(
        "reviews/index.html",
        unit=unit,
        units=reviews.waiting_units(me.organisation_id, mine),
        groups=_by_unit(_to_review(waiting, labels)),
        labels=labels,
        shown=len(waiting),
        last=reviews.last_reviews(me.organisation_id, desks=mine),
        desks=mine,
        unwritten=reviews.not_handed_in(mine.get(ReviewLevel.UNIT) or (), me.today),
        form=ReviewForm(),
    )


def _own_desks() -> Desks:
    """The visitor's desks; without one there is nothing to see here."""
    mine = desks()
    if not mine:
        raise Forbidden
    return mine


def _by_unit(waiting: Iterable[ToReview]) -> list[tuple[Unit, list[ToReview]]]:
    """Grouped by unit, the unit that has waited longest first, and within it the oldest first."""
    order: dict[int, int] = {}
    for one in waiting:
        order.setdefault(one.report.unit_id, len(order))
    together = sorted(waiting, key=lambda one: order[one.report.unit_id])
    return [(unit, list(group)) for unit, group in groupby(together, key=lambda one: one.report.unit)]


def _to_review(waiting: Sequence[QuarterReport], labels: dict[int, str], seen: int | None = None) -> list[ToReview]:
    """`seen` is the version that the visitor has read, where it is not the one that was before them last."""
    due, quiet = reviews.days_due(waiting), unchanged.quarters_running(waiting)
    return [_one(report, due.get(report.id), labels, seen, quiet[report.id]) for report in waiting]


def _one(report: QuarterReport, due: date | None, labels: dict[int, str], seen: int | None, quiet: int) -> ToReview:
    level = level_of(report)
    before = reviews.seen_before(report, level)
    read = seen or (before.number if before else 0)
    return ToReview(report, level, due, before, reviews.changed(report, read, labels), quiet)


@pages.get("/<int:report_id>")
@needs(Action.SEE_REVIEWS)
def show(report_id: int) -> ResponseReturnValue:
    report = _report(report_id)
    if not _has_reached(report):
        return redirect(url_for("reports.versions", report_id=report.id))
    return _page(report, ReviewForm())


def _report(report_id: int) -> QuarterReport:
    """A report that was handed in, for one who reviews; what has not left its unit is its head's alone to see."""
    _own_desks()
    me = visitor()
    report = reports.report_of(me.organisation_id, report_id, me.scope)
    if not report.versions or not (_has_reached(report) or any(version.left_on for version in report.versions)):
        raise NotFound
    return report


def _has_reached(report: QuarterReport) -> bool:
    return report.versions[-1].left_on is not None or sits(ReviewLevel.UNIT, report.unit_id)


def _page(report: QuarterReport, form: ReviewForm, refused: str | None = None, seen: int | None = None) -> str:
    """One report on a page of its own."""
    labels = report_ticks.done_labels([report])
    [one] = _to_review([report], labels, seen)
    return render_template("reviews/review.html", one=one, labels=labels, form=form, refused=refused)


# Judging


@pages.post("/<int:report_id>")
@needs(Action.SEE_REVIEWS)
def review(report_id: int) -> ResponseReturnValue:
    form = ReviewForm()
    if not form.validate():
        return _page(_report(report_id), form), 422
    try:
        sentence = _review(report_id, _verdict(), form, form.version.data, _named_level())
    except NotFound:
        raise
    except Invalid as refusal:
        form.reason.errors = [refusal.sentence]
        return _page(_report(report_id), form), 422
    except Refusal as refusal:
        seen = form.version.data if isinstance(refusal, Stale) else None
        return _page(_report(report_id), form, refusal.sentence, seen), refusal.status
    flash(sentence, "success")
    return redirect(_next())


def _verdict() -> Verdict:
    try:
        return Verdict(request.form.get("verdict", ""))
    except ValueError:
        raise Invalid("请选择“审核通过”或“退回修改”。") from None


def _named_level() -> ReviewLevel | None:
    """The level at whose desk the page was read."""
    return _as_level(request.form.get("level", ""))


def _as_level(written: str) -> ReviewLevel | None:
    return ReviewLevel(written) if written in list(ReviewLevel) else None


def _review(
    report_id: int, verdict: Verdict, form: ReviewForm | None, version: int | None, level: ReviewLevel | None
) -> str:
    with transaction():
        by, report = act(), _report(report_id)
        level = level or level_of(report)
        if level is None or not sits(level, report.unit_id):
            raise Forbidden
        reason, marks = (form.reason.data, form.marks.data or ()) if form else ("", ())
        reviews.review(by, report, verdict, reason, version or 0, level=level, marks=marks)
        name = _name(report)
    return f"{name}已{level.act}通过。" if verdict is Verdict.ACCEPT else f"{name}已退回，单位会看到退回理由。"


def _name(report: QuarterReport) -> str:
    return f"{report.unit.name}第 {report.item.position} 项"


def _next() -> str:
    """Back to the list, at the report that stood below the one just reviewed."""
    below, unit = request.form.get("next", type=record_id), request.form.get("unit", type=record_id)
    return url_for("reviews.index", unit=unit, _anchor=f"r{below}" if below else None)


@pages.post("/")
@needs(Action.SEE_REVIEWS)
def accept_many() -> ResponseReturnValue:
    """Accept all that are ticked, each an act of its own: one that cannot be accepted does not hold up the others."""
    _own_desks()
    ticked = [found for text in request.form.getlist("ticked") if (found := _ticked(text))]
    if not ticked:
        flash("请先勾选要审核通过的填报。", "warning")
    accepted, refused = 0, dict[str, list[str]]()
    for report_id, version, level in ticked[:MOST_SHOWN]:
        try:
            _review(report_id, Verdict.ACCEPT, None, version, level)
            accepted += 1
        except Refusal as refusal:
            refused.setdefault(refusal.sentence, []).append(_name_of(report_id))
    if accepted:
        flash(f"已审核通过 {accepted} 项。", "success")
    if refused:
        flash(_told_singly(refused), "warning")
    return redirect(_next())


def _name_of(report_id: int) -> str:
    try:
        return _name(_report(report_id))
    except Refusal:
        return ""  # not the visitor's to see


def _told_singly(refused: dict[str, list[str]]) -> str:
    """Every reason with the reports that it holds up."""
    named = {sentence: "、".join(filter(None, names)) for sentence, names in refused.items()}
    told = " ".join(f"{sentence}（{names}）" if names else sentence for sentence, names in named.items())
    return f"{sum(map(len, refused.values()))} 项未处理：{told}"


def _ticked(text: str) -> tuple[int, int, ReviewLevel | None] | None:
    """`12.1.office` is the report of that id, in the version of that number, as the office has read it."""
    report_id, _, rest = text.partition(".")
    version, _, level = rest.partition(".")
    if report_id.isascii() and report_id.isdigit() and version.isascii() and version.isdigit():
        return int(report_id[:9]), int(version[:9]), _as_level(level)
    return None


@pages.record_once
def name_the_rules(state: BlueprintSetupState) -> None:
    """What the pages that show reviews say of the rules."""
    state.app.jinja_env.globals.update(RETURN_MARKS=rules.MARKS)


@pages.app_context_processor
def _for_every_page() -> dict[str, object]:
    return {"review_desks": review_desks, "review_count": review_count}
