"""Duties (应办事项): one with the act that notes it as done; and what waits for the office: dates, and successors."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField, TextAreaField
from wtforms.validators import Length

from tracker.ledger import completions, mergers, occurrences, office_dates
from tracker.ledger.db import transaction
from tracker.ledger.tables.duties import Duty
from tracker.rules.occurrences import LONGEST_REASON
from tracker.rules.permissions import Action
from tracker.rules.refusals import Invalid, NotFound, Refusal
from tracker.web.access import act, needs, visitor
from tracker.web.changed import sentence_of
from tracker.web.fields import DayField, Filled, trimmed
from tracker.web.filters import day
from tracker.web.forms import TokenlessForm
from tracker.web.history import in_words
from tracker.web.whose import acts_for, as_office, check_acts_for

pages = Blueprint("duties", __name__, url_prefix="/duties")


class CompleteForm(TokenlessForm):
    done_on = DayField("完成日期", [Filled("请填写完成日期。")])
    note = TextAreaField(
        "办理说明", [Length(max=LONGEST_REASON, message=f"办理说明最多 {LONGEST_REASON} 字。")], filters=[trimmed]
    )


class TakeBackForm(TokenlessForm):
    reason = StringField("理由", [Filled("请填写理由。")], filters=[trimmed])


@pages.get("/<int:duty_id>")
@needs(Action.SEE_ITEMS)
def show(duty_id: int) -> ResponseReturnValue:
    return _page(_duty(duty_id))


def _duty(duty_id: int) -> Duty:
    me = visitor()
    return completions.duty_of(me.organisation_id, duty_id, me.scope)


def _page(
    duty: Duty, complete: CompleteForm | None = None, back: TakeBackForm | None = None, refused: str = ""
) -> ResponseReturnValue:
    me = visitor()
    facts = completions.facts_of(duty, me.today)
    return render_template(
        "duties/duty.html",
        duty=duty,
        facts=facts,
        as_of=me.today,
        complete=complete or CompleteForm(formdata=None, done_on=me.today),
        back=back or TakeBackForm(formdata=None),
        refused=refused,
        submitted=complete or back,
        noted=completions.noted(duty),
        event=occurrences.occurrence_of(me.organisation_id, duty.occurrence_id) if duty.occurrence_id else None,
        history=completions.history(duty),
        by_itself=completions.BY_ITSELF.get(duty.kind),
        may_act=acts_for(duty.unit_id),
        office=as_office(duty.unit_id),
        in_words=in_words,
    ), 422 if complete or back else 200


@pages.post("/<int:duty_id>/completion")
@needs(Action.SEE_ITEMS)
def complete(duty_id: int) -> ResponseReturnValue:
    duty, form = _acted_on(duty_id), CompleteForm()
    done_on = form.done_on.data
    if not form.validate() or done_on is None:
        return _page(duty, complete=form)
    try:
        with transaction():
            completions.complete(act(), duty, done_on, form.note.data)
    except Refusal as refusal:
        return _refused(duty_id, refusal, complete=form)
    return _back_to(duty_id, f"已登记完成：{day(done_on)}。")


@pages.post("/<int:duty_id>/taking-back")
@needs(Action.SEE_ITEMS)
def take_back(duty_id: int) -> ResponseReturnValue:
    duty, form = _acted_on(duty_id), TakeBackForm()
    office = as_office(duty.unit_id)
    if not form.validate():
        return _page(duty, back=form)
    try:
        with transaction():
            completions.take_back(act(), duty, form.reason.data, office=office)
    except Refusal as refusal:
        return _refused(duty_id, refusal, back=form)
    return _back_to(duty_id, "已不予认定，理由已告知责任单位。" if office else "完成登记已撤回。")


def _acted_on(duty_id: int) -> Duty:
    duty = _duty(duty_id)
    check_acts_for(duty.unit_id)
    return duty


def _refused(
    duty_id: int, refusal: Refusal, complete: CompleteForm | None = None, back: TakeBackForm | None = None
) -> ResponseReturnValue:
    """Everything typed stands in the form again, with the sentence above it."""
    if isinstance(refusal, NotFound):
        raise refusal
    return _page(_duty(duty_id), complete, back, refusal.sentence)


def _back_to(duty_id: int, sentence: str) -> ResponseReturnValue:
    flash(sentence, "success")
    return redirect(url_for("duties.show", duty_id=duty_id))


# What waits for the office


@pages.get("/undated")
@needs(Action.EDIT_ITEMS)
def undated() -> ResponseReturnValue:
    return _undated_page()


def _undated_page(refused: str = "") -> ResponseReturnValue:
    me = visitor()
    return render_template(
        "duties/undated.html",
        rows=office_dates.undated(me.organisation_id),
        typed={name: value for name, value in request.form.items() if name.startswith("day-")},
        left_without=mergers.left_without(me.organisation_id, me.today),
        refused=refused,
    ), 422 if refused else 200


@pages.post("/undated")
@needs(Action.EDIT_ITEMS)
def set_dates() -> ResponseReturnValue:
    """Singly or several at once: what is left empty goes on waiting."""
    try:
        days = _days_typed()
        with transaction():
            changes = office_dates.set_dates(act(), days)
    except NotFound:
        raise
    except Refusal as refusal:
        return _undated_page(refusal.sentence)
    flash(f"已确定 {len(days)} 处时限。{sentence_of(changes)}", "success")
    return redirect(url_for("duties.undated"))


def _days_typed() -> dict[int, date]:
    days = {}
    for name, written in request.form.items():
        number = name.removeprefix("day-")
        if name.startswith("day-") and number.isdecimal() and written.strip():
            days[int(number[:9])] = _day_of(written.strip())
    if not days:
        raise Invalid("请至少填写一处时限。")
    return days


def _day_of(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise Invalid(f"日期“{written[:20]}”不存在，请按 2025-08-31 的格式填写。") from None
