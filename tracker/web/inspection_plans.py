"""Planning an inspection (检查方案), and changing the plan until the units are notified."""

import secrets
from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker.ledger import inspection_lists, inspections, plans
from tracker.ledger.db import transaction
from tracker.ledger.tables.inspections import Inspection
from tracker.ledger.tables.plans import Plan
from tracker.rules.permissions import Action
from tracker.rules.quarters import Quarter
from tracker.rules.refusals import Invalid, NotFound, Refusal, Stale
from tracker.web.access import act, needs, visitor
from tracker.web.inspection_forms import InspectionForm
from tracker.web.selection import selection

pages = Blueprint("inspection_plans", __name__, url_prefix="/inspections")

_WEEKS = timedelta(days=14)


@pages.get("/new")
@needs(Action.PLAN_INSPECTION)
def new() -> ResponseReturnValue:
    chosen = selection()
    if chosen.plan is None or chosen.quarter is None:
        return render_template("inspections/form.html", form=None, selection=chosen, plans=[], inspection=None)
    me, form = visitor(), InspectionForm(formdata=None)
    title = f"{chosen.quarter.label}工作计划落实情况{me.office.rules.check_word}"
    basis = f"根据“{chosen.plan.title}”关于定期{me.office.rules.check_word}的要求。"
    form.begin(title, basis, me.today, me.today + _WEEKS, f"{secrets.randbelow(10**8):08d}")
    return _page(chosen.plan, chosen.quarter, form)


@pages.post("/new")
@needs(Action.PLAN_INSPECTION)
def plan() -> ResponseReturnValue:
    chosen = selection()
    if chosen.plan is None or chosen.quarter is None:
        raise Invalid("还没有计划，不能安排检查。请先导入计划。")
    form = _form(chosen.plan, chosen.quarter)
    if not form.validate():
        return _page(chosen.plan, chosen.quarter, form), 422
    try:
        with transaction():
            of = plans.plan_of(visitor().organisation_id, chosen.plan.id)
            inspection_id = inspections.plan(act(), of, chosen.quarter, form.what()).id
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(chosen.plan, chosen.quarter, form, refused=refusal.sentence), refusal.status
    flash("检查方案已保存，单位尚未收到通知。核对无误后编号发出。", "success")
    return redirect(url_for("inspections.show", inspection_id=inspection_id))


@pages.get("/<int:inspection_id>/edit")
@needs(Action.PLAN_INSPECTION)
def edit(inspection_id: int) -> ResponseReturnValue:
    inspection = _inspection(inspection_id)
    form = InspectionForm(formdata=None)
    form.show(inspection)
    return _page(inspection.plan, inspection.quarter, form, inspection)


@pages.post("/<int:inspection_id>/edit")
@needs(Action.PLAN_INSPECTION)
def change(inspection_id: int) -> ResponseReturnValue:
    inspection = _inspection(inspection_id)
    form = _form(inspection.plan, inspection.quarter)
    if not form.validate():
        return _page(inspection.plan, inspection.quarter, form, inspection), 422
    try:
        with transaction():
            inspections.edit(act(), _inspection(inspection_id), form.what(), form.version.data or 0)
    except NotFound:
        raise
    except Refusal as refusal:
        return _not_changed(inspection_id, form, refusal)
    flash("检查方案已修改。", "success")
    return redirect(url_for("inspections.show", inspection_id=inspection_id))


def _not_changed(inspection_id: int, form: InspectionForm, refusal: Refusal) -> ResponseReturnValue:
    inspection = _inspection(inspection_id)
    theirs = form.differing(inspection) if isinstance(refusal, Stale) else []
    if isinstance(refusal, Stale):
        form.renew(inspection.version)
    page = _page(inspection.plan, inspection.quarter, form, inspection, refusal.sentence, theirs)
    return page, refusal.status


def _form(plan: Plan, quarter: Quarter) -> InspectionForm:
    form, me = InspectionForm(), visitor()
    roster = inspections.candidates(me.organisation_id, plan.id, quarter, me.today)
    form.offer(roster, inspections.possible_checkers(me.organisation_id, me.today))
    return form


def _page(
    plan: Plan,
    quarter: Quarter,
    form: InspectionForm,
    inspection: Inspection | None = None,
    refused: str = "",
    theirs: object = (),
) -> str:
    me = visitor()
    roster = inspections.candidates(me.organisation_id, plan.id, quarter, me.today)
    besides = inspection.id if inspection else None
    return render_template(
        "inspections/form.html",
        form=form,
        plan=plan,
        quarter=quarter,
        inspection=inspection,
        refused=refused,
        theirs=theirs,
        roster=roster,
        people=inspections.possible_checkers(me.organisation_id, me.today),
        already=inspection_lists.checked_in_quarter(me.organisation_id, quarter, besides),
        selection=selection(),
        plans=plans.plans_of(me.organisation_id),
    )


def _inspection(inspection_id: int) -> Inspection:
    me = visitor()
    return inspection_lists.inspection_of(me.organisation_id, inspection_id, me.scope)
