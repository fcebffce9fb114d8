"""The course of a quarter (季度进度安排): the office's own days for its steps, from a day on."""

from collections.abc import Mapping
from dataclasses import asdict

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.ledger import dated_rules, quarter_courses
from tracker.ledger.calendar import work_calendar
from tracker.ledger.db import transaction
from tracker.ledger.tables.quarter_courses import QuarterCourseVersion
from tracker.rules.dates import written
from tracker.rules.duties import report_due
from tracker.rules.permissions import Action
from tracker.rules.quarter_steps import LABELS, LAST_DAY, Course, in_words, slips, steps
from tracker.rules.quarters import Quarter
from tracker.rules.refusals import Invalid
from tracker.web.access import act, needs, visitor
from tracker.web.dated_rules import shown, start

pages = Blueprint("quarter_courses", __name__, url_prefix="/quarter-course")


@pages.get("/")
@needs(Action.EDIT_SETTINGS)
def index() -> ResponseReturnValue:
    me = visitor()
    stands = quarter_courses.course_on(me.organisation_id, me.today)
    return _page({name: str(day) for name, day in asdict(stands).items()}, me.today.isoformat())


def _page(typed: Mapping[str, str], starts_on: str, errors: dict[str, str] | None = None) -> str:
    me = visitor()
    stands = quarter_courses.course_on(me.organisation_id, me.today)
    quarter, calendar = Quarter.of(me.today), work_calendar()
    due = report_due(quarter, me.organisation.report_day, calendar)
    return render_template(
        "quarter_courses/index.html",
        stands=stands,
        quarter=quarter,
        steps=steps(quarter, due, calendar, stands),
        read=lambda kept: in_words(Course(**kept)),
        in_short=in_words,
        labels=LABELS,
        last_day=LAST_DAY,
        typed=typed,
        starts_on=starts_on,
        errors=errors or {},
        **shown(QuarterCourseVersion),
    )


@pages.post("/")
@needs(Action.EDIT_SETTINGS)
def save() -> ResponseReturnValue:
    typed = {name: request.form.get(name, "").strip()[:5] for name in LABELS}
    starts_on = request.form.get("starts_on", "")[:10]
    course = Course(**{name: int(day) if day.isdecimal() and len(day) < 3 else 0 for name, day in typed.items()})
    if errors := slips(course):
        return _page(typed, starts_on, errors), 422
    try:
        begins = start(starts_on, lambda day: quarter_courses.put_in_force(act(), course, day))
    except Invalid as refusal:
        return _page(typed, starts_on, {"starts_on": refusal.sentence}), refusal.status
    flash(f"季度进度安排已保存，自{written(begins)}起启用。", "success")
    return redirect(url_for("quarter_courses.index"))


@pages.post("/versions/<int:version_id>/withdraw")
@needs(Action.EDIT_SETTINGS)
def withdraw(version_id: int) -> ResponseReturnValue:
    with transaction():
        starts_on = dated_rules.take_back(act(), QuarterCourseVersion, version_id).starts_on
    flash(f"拟自{written(starts_on)}起启用的季度进度安排已撤销。", "success")
    return redirect(url_for("quarter_courses.index"))
