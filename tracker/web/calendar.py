"""The work calendar (工作日历): the year by months, changing its days, and what of the duties moves with them."""

import hashlib
from calendar import Calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField, TextAreaField

from tracker.ledger import calendar, duties, duty_changes, plans
from tracker.ledger.db import transaction
from tracker.ledger.duty_changes import Changes
from tracker.ledger.duty_terms import Extent
from tracker.ledger.tables.calendar import CalendarDay
from tracker.ledger.tables.plans import Plan
from tracker.rules.calendar import DayEntry, WorkCalendar, check_entry, follows_the_week
from tracker.rules.calendar_lists import read_list
from tracker.rules.permissions import Action
from tracker.rules.refusals import Invalid
from tracker.web.access import act, needs, visitor
from tracker.web.changed import counts_of, in_words, sentence_of
from tracker.web.fields import Choice, DayField, Filled, WholeNumberField, trimmed
from tracker.web.forms import TokenlessForm

pages = Blueprint("calendar", __name__, url_prefix="/calendar")

_FREE, _WORKED, _WEEK = "free", "worked", "week"
Days = Mapping[date, DayEntry | None]


class DayForm(TokenlessForm):
    day = DayField("日期", [Filled("请填写日期。")])
    kind = Choice("安排", [(_FREE, "休：放假"), (_WORKED, "班：调休上班"), (_WEEK, "按周计：取消原有安排")])
    source = StringField("依据", filters=[trimmed])
    note = StringField("说明", filters=[trimmed])

    @property
    def days(self) -> Days:
        day = self.day.data
        assert day is not None
        if self.kind.data == _WEEK:
            return {day: calendar.as_the_week(day)}
        entry = DayEntry(self.kind.data == _WORKED, self.source.data, self.note.data)
        check_entry(day, entry)
        if follows_the_week(day, entry.is_workday):
            usual = "工作日" if entry.is_workday else "休息日"
            raise Invalid(f"这一天按周计本来就是{usual}，不需要登记；如要取消原有安排，请选择“按周计”。")
        return {day: entry}


class ListForm(TokenlessForm):
    year = WholeNumberField("年份", 2000, 2100, validators=[Filled("请填写年份。")])
    list_source = StringField("依据", [Filled("请填写依据，如通知名称、文号。")], filters=[trimmed])
    lines = TextAreaField("放假和上班安排", [Filled("请粘贴放假和上班安排。")], filters=[trimmed])

    @property
    def days(self) -> Days:
        assert self.year.data is not None
        entries = read_list(self.lines.data, self.year.data, self.list_source.data)
        for day, entry in entries.items():
            check_entry(day, entry)
        return entries


@dataclass(frozen=True)
class Cell:
    """One day of a month; `sign` is 休 or 班 where it departs from the week."""

    day: date
    worked: bool
    sign: str
    row: CalendarDay | None


@pages.get("/")
@needs(Action.EDIT_CALENDAR)
def index() -> ResponseReturnValue:
    return _page(_asked_year())


def _asked_year() -> int:
    asked = request.args.get("year", "").strip()
    if not asked:
        return visitor().today.year
    if not asked.isdecimal() or not 2000 <= int(asked[:9]) <= 2100:
        raise Invalid(f"年份“{asked[:10]}”有误，请填写 2000 至 2100 之间的年份。")
    return int(asked)


def _page(year: int, submitted: DayForm | ListForm | None = None) -> ResponseReturnValue:
    me = visitor()
    known, rows = calendar.work_calendar(), calendar.days_of(year)
    of_plans = [plan.year for plan in plans.plans_of(me.organisation_id)]
    return render_template(
        "calendar/index.html",
        year=year,
        years=calendar.years([*of_plans, year], me.today),
        months=[(month, _weeks(year, month, known, rows)) for month in range(1, 13)],
        announced=year in known.announced_years,
        rows=list(rows.values()),
        pending=sum(len(changes) for changes in _pending(_plans_about([year]), known)),
        day_form=submitted if isinstance(submitted, DayForm) else _fresh_day(),
        list_form=submitted if isinstance(submitted, ListForm) else ListForm(formdata=None, year=year),
        submitted=submitted,
        today=me.today,
    ), 422 if submitted else 200


def _weeks(year: int, month: int, known: WorkCalendar, rows: Mapping[date, CalendarDay]) -> list[list[Cell | None]]:
    def cell(day: date) -> Cell | None:
        if day.month != month:
            return None
        worked, row = known.is_workday(day), rows.get(day)
        sign = "" if follows_the_week(day, worked) else "班" if worked else "休"
        return Cell(day, worked, sign, row)

    return [[cell(day) for day in week] for week in Calendar().monthdatescalendar(year, month)]


def _fresh_day() -> DayForm:
    """Filled in from the day that the address names."""
    written = request.args.get("day", "")
    try:
        row = calendar.day_of(date.fromisoformat(written))
    except ValueError:
        row = None
    if row is None:
        return DayForm(formdata=None, source=calendar.SOURCE)
    kind = _WEEK if follows_the_week(row.day, row.is_workday) else _WORKED if row.is_workday else _FREE
    return DayForm(formdata=None, day=row.day, kind=kind, source=row.source, note=row.note)


def _plans_about(years: Sequence[int]) -> list[Plan]:
    """The plans whose dates may lie in these years."""
    near = {year + ahead for year in years for ahead in (-1, 0, 1)}
    return [plan for plan in plans.plans_of(visitor().organisation_id) if plan.year in near]


def _pending(about: Sequence[Plan], known: WorkCalendar) -> list[Changes]:
    extent = Extent(dates_only=True, calendar=known)
    return [duty_changes.pending(plan, visitor().today, extent) for plan in about]


@pages.post("/days")
@needs(Action.EDIT_CALENDAR)
def change() -> ResponseReturnValue:
    """First the preview; then, once the visitor has seen what moves, the change itself."""
    form: DayForm | ListForm = ListForm() if "lines" in request.form else DayForm()
    try:
        if not form.validate():
            return _page(_year_of(form), form)
        days = form.days
    except Invalid as refusal:
        _blame(form, refusal)
        return _page(_year_of(form), form)
    about = _plans_about([day.year for day in days])
    changes = _pending(about, calendar.work_calendar(days))
    seen = _seen(days, changes)
    if request.form.get("seen") != seen:
        return _preview(days, changes, seen, stale="seen" in request.form)
    return _apply(days, about)


def _year_of(form: DayForm | ListForm) -> int:
    if isinstance(form, ListForm):
        return form.year.data or visitor().today.year
    return form.day.data.year if form.day.data and 2000 <= form.day.data.year <= 2100 else visitor().today.year


def _blame(form: DayForm | ListForm, refusal: Invalid) -> None:
    field = form.lines if isinstance(form, ListForm) else form.source if "依据" in refusal.sentence else form.day
    field.errors = [*field.errors, refusal.sentence]


def _seen(days: Days, changes: Sequence[Changes]) -> str:
    said = [(day, entry) for day, entry in sorted(days.items())], [each.seen for each in changes]
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def _preview(days: Days, changes: Sequence[Changes], seen: str, *, stale: bool) -> ResponseReturnValue:
    carried = [(name, value) for name, value in request.form.items(multi=True) if name not in ("csrf_token", "seen")]
    return render_template(
        "calendar/preview.html",
        days=sorted(days.items()),
        changes=[each for each in changes if len(each)],
        counts=counts_of(changes),
        carried=carried,
        seen=seen,
        stale=stale,
        in_words=in_words,
        year=min(days).year,
    ), 409 if stale else 200


def _apply(days: Days, about: Sequence[Plan]) -> ResponseReturnValue:
    with transaction():
        by = act()
        number = calendar.change(by, days)
        changes = [duties.bring_up_to_date(by, plan, Extent(dates_only=True)) for plan in about]
    flash(f"工作日历已更改 {number} 天。{sentence_of(changes)}", "success")
    return redirect(url_for("calendar.index", year=min(days).year))


@pages.get("/pending")
@needs(Action.EDIT_CALENDAR)
def pending() -> ResponseReturnValue:
    """What is still due by an older calendar: another organisation changed it, or a new year's days came in."""
    year = _asked_year()
    changes = [each for each in _pending(_plans_about([year]), calendar.work_calendar()) if len(each)]
    return render_template(
        "calendar/pending.html", year=year, changes=changes, counts=counts_of(changes), in_words=in_words
    )


@pages.post("/pending")
@needs(Action.EDIT_CALENDAR)
def adjust() -> ResponseReturnValue:
    year = _asked_year()
    about = _plans_about([year])
    with transaction():
        by = act()
        changes = [duties.bring_up_to_date(by, plan, Extent(dates_only=True)) for plan in about]
    flash(sentence_of(changes), "success")
    return redirect(url_for("calendar.index", year=year))
