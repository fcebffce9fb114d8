"""Why a light is what it is, and setting one by hand (人工设定)."""

from dataclasses import replace
from datetime import date

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from wtforms import TextAreaField

from tracker.ledger import hand_lights, plans
from tracker.ledger.db import transaction
from tracker.ledger.light_reasons import Reasons, reasons
from tracker.rules.light_rules import MEASURES
from tracker.rules.lights import Light
from tracker.rules.permissions import Action
from tracker.rules.refusals import Invalid
from tracker.web.access import act, needs, visitor
from tracker.web.fields import Choice, DayField, Filled, trimmed
from tracker.web.forms import TokenlessForm
from tracker.web.selection import Selection, current_quarter, selection

pages = Blueprint("lights", __name__, url_prefix="/lights")


class HandForm(TokenlessForm):
    light = Choice("设定为", [(light.value, f"{light.sign} {light.label}") for light in Light])
    reason = TextAreaField("理由", [Filled("请写明设定理由。")], filters=[trimmed])
    expires_on = DayField("有效期至", [Filled("请填写有效期。")])

    @property
    def until(self) -> date:
        assert self.expires_on.data is not None
        return self.expires_on.data


@pages.get("/<int:item_id>/<int:unit_id>")
@needs(Action.SEE_ITEMS)
def show(item_id: int, unit_id: int) -> ResponseReturnValue:
    chosen, found = _found(item_id, unit_id)
    return _page(chosen, found, HandForm(formdata=None, light=found.lit.light.value))


def _found(item_id: int, unit_id: int) -> tuple[Selection, Reasons]:
    me, chosen = visitor(), selection()
    item = plans.item_of(me.organisation_id, item_id, me.scope)
    if chosen.plan is None or chosen.plan.id != item.plan_id:
        chosen = replace(chosen, plan=item.plan, quarter=current_quarter(item.plan.year, chosen.as_of))
    quarter = chosen.quarter or current_quarter(item.plan.year, chosen.as_of)
    return chosen, reasons(item, unit_id, quarter, chosen.as_of, me.scope)


def _page(chosen: Selection, found: Reasons, form: HandForm, refused: str = "") -> str:
    return render_template(
        "lights/show.html",
        selection=chosen,
        plans=[found.item.plan],
        found=found,
        form=form,
        refused=refused,
        measures=MEASURES,
        history=hand_lights.history(found.item.id, found.unit.id, found.as_of),
    )


@pages.post("/<int:item_id>/<int:unit_id>")
@needs(Action.REVIEW)
def set_light(item_id: int, unit_id: int) -> ResponseReturnValue:
    chosen, found = _found(item_id, unit_id)
    form = HandForm()
    if not form.validate():
        return _page(chosen, found, form), 422
    try:
        with transaction():
            light = Light(form.light.data)
            hand_lights.set_light(act(), found.item, found.unit, light, form.reason.data, form.until)
    except Invalid as refusal:
        chosen, found = _found(item_id, unit_id)
        return _page(chosen, found, form, refusal.sentence), refusal.status
    flash("灯已按人工设定显示，到期自动恢复按规则计算。", "success")
    return redirect(chosen.url("lights.show", item_id=item_id, unit_id=unit_id))


@pages.post("/by-hand/<int:hand_light_id>/withdraw")
@needs(Action.REVIEW)
def withdraw(hand_light_id: int) -> ResponseReturnValue:
    with transaction():
        row = hand_lights.withdraw(act(), hand_light_id)
        item_id, unit_id = row.item_id, row.unit_id
    flash("人工设定已撤销，灯恢复按规则计算。", "success")
    return redirect(selection().url("lights.show", item_id=item_id, unit_id=unit_id))
