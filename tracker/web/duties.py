"""One duty (应办事项): how it stands, where it comes from, and the act by which it is noted as done."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from tracker.ledger import completions, occurrences
from tracker.ledger.db import transaction
from tracker.ledger.tables.duties import Duty
from tracker.rules.occurrences import LONGEST_REASON
from tracker.rules.permissions import Action
from tracker.rules.refusals import NotFound, Refusal
from tracker.web.access import act, needs, visitor
from tracker.web.fields import DayField, trimmed
from tracker.web.filters import day
from tracker.web.forms import TokenlessForm
from tracker.web.history import in_words
from tracker.web.whose import acts_for, as_office, check_acts_for

pages = Blueprint("duties", __name__, url_prefix="/duties")


class CompleteForm(TokenlessForm):
    done_on = DayField("完成日期", [InputRequired("请填写完成日期。")])
    note = TextAreaField(
        "办理说明", [Length(max=LONGEST_REASON, message=f"办理说明最多 {LONGEST_REASON} 字。")], filters=[trimmed]
    )


class TakeBackForm(TokenlessForm):
    reason = StringField("理由", [DataRequired("请填写理由。")], filters=[trimmed])


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
