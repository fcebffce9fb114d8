"""Recording what was found at a unit, and changing it until the unit is notified."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.ledger import files, findings, plans, units
from tracker.ledger.calendar import work_calendar
from tracker.ledger.db import transaction
from tracker.ledger.findings import Proof
from tracker.ledger.tables.findings import Finding
from tracker.ledger.tables.plans import Item
from tracker.ledger.tables.units import Unit
from tracker.rules import findings as rules
from tracker.rules.permissions import Action
from tracker.rules.quarters import Quarter, quarters_of
from tracker.rules.refusals import Invalid, NotFound, Refusal, Stale
from tracker.web import uploads
from tracker.web.access import act, needs, visitor
from tracker.web.addresses import record_id
from tracker.web.finding_forms import FindingForm
from tracker.web.selection import selection

pages = Blueprint("finding_records", __name__, url_prefix="/findings")


@pages.get("/new")
@needs(Action.RECORD_FINDING)
def new() -> ResponseReturnValue:
    unit, items = _unit_and_items()
    if unit is None:
        known = plans.plans_of(visitor().organisation_id)
        return render_template("findings/choose.html", units=_units(), selection=selection(), plans=known)
    form = _form(items)
    form.due.data = rules.default_due(visitor().today, work_calendar())
    form.item.data = request.args.get("item", "")
    form.quarter.data = str(selection().quarter or Quarter.of(visitor().today))
    return _form_page(unit, form)


@pages.post("/new")
@needs(Action.RECORD_FINDING)
def record() -> ResponseReturnValue:
    unit, items = _unit_and_items()
    if unit is None:
        raise Invalid("请先选择被检查单位。")
    form = _form(items)
    if not form.validate():
        return _form_page(unit, form), 422
    try:
        stored = uploads.store(form.upload) if form.upload else None
        with transaction():
            by = act()
            proof = Proof(files.record(by, *stored) if stored else None, form.link.data)
            finding_id = findings.record(by, unit, form.what(items), proof).id
    except NotFound:
        raise
    except Refusal as refusal:
        return _form_page(units.unit_of(visitor().organisation_id, unit.id), form, refusal.sentence), refusal.status
    flash("问题已登记，尚未通知单位。核对无误后发出整改通知。", "success")
    return redirect(url_for("findings.show", finding_id=finding_id))


def _unit_and_items() -> tuple[Unit | None, list[Item]]:
    """The unit that the address names, with the items of the plan in which it has a part."""
    me, chosen = visitor(), selection()
    unit_id = request.args.get("unit", type=record_id)
    if unit_id is None:
        return None, []
    unit = units.unit_of(me.organisation_id, unit_id)
    items = plans.outline(chosen.plan, frozenset({unit.id}), me.today) if chosen.plan else []
    return unit, items


def _units() -> list[Unit]:
    own = visitor().own_units
    return [unit for unit in units.units_on(visitor().organisation_id, visitor().today) if unit.id not in own]


def _form(items: Sequence[Item], *, year: int | None = None, fresh: bool = False) -> FindingForm:
    form = FindingForm(formdata=None) if fresh else FindingForm()
    plan = selection().plan
    form.offer(items, quarters_of(year or (plan.year if plan else visitor().today.year)))
    return form


def _form_page(
    unit: Unit, form: FindingForm, refused: str = "", finding: Finding | None = None, theirs: object = ()
) -> str:
    return render_template(
        "findings/form.html",
        unit=unit,
        form=form,
        refused=refused,
        finding=finding,
        theirs=theirs,
        selection=selection(),
    )


@pages.get("/<int:finding_id>/edit")
@needs(Action.RECORD_FINDING)
def edit(finding_id: int) -> ResponseReturnValue:
    finding = _finding(finding_id)
    form = _form(_items_of(finding), year=finding.quarter.year, fresh=True)
    form.show(finding)
    return _form_page(finding.unit, form, finding=finding)


@pages.post("/<int:finding_id>/edit")
@needs(Action.RECORD_FINDING)
def change(finding_id: int) -> ResponseReturnValue:
    finding = _finding(finding_id)
    items = _items_of(finding)
    form = _form(items, year=finding.quarter.year)
    if not form.validate():
        return _form_page(finding.unit, form, finding=finding), 422
    try:
        stored = uploads.store(form.upload) if form.upload else None
        with transaction():
            by = act()
            proof = Proof(files.record(by, *stored) if stored else None, form.link.data)
            findings.edit(by, _finding(finding_id), form.what(items), form.version.data or 0, proof)
    except NotFound:
        raise
    except Refusal as refusal:
        return _not_changed(finding_id, form, refusal)
    flash("问题登记已修改。", "success")
    return redirect(url_for("findings.show", finding_id=finding_id))


def _not_changed(finding_id: int, form: FindingForm, refusal: Refusal) -> ResponseReturnValue:
    finding = _finding(finding_id)
    theirs = form.differing(finding) if isinstance(refusal, Stale) else []
    if isinstance(refusal, Stale):
        form.renew(finding.version)
    return _form_page(finding.unit, form, refusal.sentence, finding, theirs), refusal.status


def _items_of(finding: Finding) -> list[Item]:
    """Of the plan of its item, else of the plan of its year that was looked at last."""
    plan = finding.item.plan if finding.item else selection().plan
    return plans.outline(plan, frozenset({finding.unit_id}), visitor().today) if plan else []


def _finding(finding_id: int) -> Finding:
    me = visitor()
    return findings.finding_of(me.organisation_id, finding_id, me.scope)
