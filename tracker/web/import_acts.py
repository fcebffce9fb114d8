"""Acts on the draft page that need no form of their own: split, merge, move, undo, and a doubt's proposed fix."""

from flask import Blueprint, flash, jsonify, request
from flask.typing import ResponseReturnValue

from tracker.ledger import draft_fixes, draft_names, draft_shape, draft_steps, imports, units
from tracker.ledger.db import transaction
from tracker.ledger.tables.imports import Draft, DraftItem, DraftStep
from tracker.reading.deadlines import with_year
from tracker.rules.permissions import Action
from tracker.rules.refusals import Invalid, Stale
from tracker.web.access import act, needs, visitor
from tracker.web.import_answers import again, item_found, to_draft
from tracker.web.import_forms import DueForm, SplitForm
from tracker.web.import_page import Doings
from tracker.web.unit_forms import filled

pages = Blueprint("acts", __name__)

# The shape of the items


@pages.post("/<int:draft_id>/items/<int:item_id>/split")
@needs(Action.IMPORT)
def split(draft_id: int, item_id: int) -> ResponseReturnValue:
    form = SplitForm()
    if not form.validate() or form.place.data is None:
        return again(draft_id, Doings(refusal="请选择从哪一句起拆为另一项。"), item_id)
    try:
        with transaction():
            found, item = item_found(draft_id, item_id)
            below = draft_shape.split(act(), found, item, form.place.data, form.version.data or 0)
    except (Stale, Invalid) as refusal:
        return again(draft_id, Doings(refusal=refusal.sentence), item_id, refusal.status)
    flash(f"已拆为第 {item.position}、{below.position} 项，请分别核对。", "success")
    return to_draft(draft_id, item)


@pages.post("/<int:draft_id>/items/<int:item_id>/merge")
@needs(Action.IMPORT)
def merge(draft_id: int, item_id: int) -> ResponseReturnValue:
    try:
        with transaction():
            found, item = item_found(draft_id, item_id)
            held = draft_shape.merge(act(), found, item)
    except Invalid as refusal:
        return again(draft_id, Doings(refusal=refusal.sentence), item_id)
    flash(f"已并入第 {held.position} 项，请核对。", "success")
    return to_draft(draft_id, held)


@pages.post("/<int:draft_id>/items/<int:item_id>/move")
@needs(Action.IMPORT)
def move(draft_id: int, item_id: int) -> ResponseReturnValue:
    with transaction():
        found, item = item_found(draft_id, item_id)
        draft_shape.move(act(), found, item, down="down" in request.form)
    return to_draft(draft_id, item)


# Back, and what others did


@pages.post("/<int:draft_id>/undo")
@needs(Action.IMPORT)
def undo(draft_id: int) -> ResponseReturnValue:
    """Take back the act that the page named; another one, done meanwhile, stands and is named instead."""
    try:
        with transaction():
            found = imports.draft_of(visitor().organisation_id, draft_id)
            number = request.form.get("number", 0, type=int)
            taken = draft_steps.undo(act(), found, number, draft_names.take_back)
    except Stale as refusal:
        return again(draft_id, Doings(refusal=refusal.sentence), status=409)
    flash(f"已撤销：{taken.said}。", "success")
    return to_draft(draft_id, _touched(found, taken))


@pages.post("/<int:draft_id>/redo")
@needs(Action.IMPORT)
def redo(draft_id: int) -> ResponseReturnValue:
    """Take the act again that was taken back last, if nothing else was done since."""
    try:
        with transaction():
            found = imports.draft_of(visitor().organisation_id, draft_id)
            number = request.form.get("number", 0, type=int)
            taken = draft_steps.redo(act(), found, number, draft_names.enter_again)
    except (Stale, Invalid) as refusal:
        return again(draft_id, Doings(refusal=refusal.sentence), status=refusal.status)
    flash(f"已重做：{taken.said}。", "success")
    return to_draft(draft_id, _touched(found, taken))


def _touched(found: Draft, taken: DraftStep) -> DraftItem | None:
    """The item to show after a step was taken back: the first that the step had changed."""
    return next((item for item in found.items if str(item.id) in taken.before["items"]), None)


@pages.get("/<int:draft_id>/latest")
@needs(Action.IMPORT)
def latest(draft_id: int) -> ResponseReturnValue:
    """The newest act on the draft, for pages that were opened before it."""
    found = imports.draft_of(visitor().organisation_id, draft_id)
    newest = draft_steps.last_act(found.id)
    if newest is None:
        return jsonify(number=0, who="", said="", closed=found.closed_at is not None)
    closed = found.closed_at is not None
    return jsonify(number=newest.number, who=draft_steps.who(newest), said=newest.said, closed=closed)


# What a doubt proposes


@pages.post("/<int:draft_id>/year")
@needs(Action.IMPORT)
def adopt_year(draft_id: int) -> ResponseReturnValue:
    with transaction():
        found = imports.draft_of(visitor().organisation_id, draft_id)
        year = request.form.get("year", 0, type=int)
        if year not in draft_fixes.years(found):
            raise Invalid("请在“计划信息”中填写计划年度。")
        draft_fixes.adopt_year(act(), found, year, with_year)
    flash(f"计划年度已定为 {year} 年。", "success")
    return to_draft(draft_id)


@pages.post("/<int:draft_id>/items/<int:item_id>/due")
@needs(Action.IMPORT)
def set_due(draft_id: int, item_id: int) -> ResponseReturnValue:
    form = DueForm()
    if not form.validate():
        return again(draft_id, Doings(refusal=form.due.errors[0]), item_id)
    try:
        with transaction():
            found, item = item_found(draft_id, item_id)
            draft_fixes.set_due(act(), found, item, form.text.data, filled(form.due))
    except Stale as refusal:
        return again(draft_id, Doings(refusal=refusal.sentence), item_id, 409)
    flash(f"第 {item.position} 项的时限已定为 {form.due.data}。", "success")
    return to_draft(draft_id, item)


@pages.post("/<int:draft_id>/items/<int:item_id>/lead-first")
@needs(Action.IMPORT)
def lead_first(draft_id: int, item_id: int) -> ResponseReturnValue:
    with transaction():
        found, item = item_found(draft_id, item_id)
        draft_fixes.lead_first(act(), found, item)
    flash(f"第 {item.position} 项已改为首位单位牵头，其余配合。", "success")
    return to_draft(draft_id, item)


@pages.post("/<int:draft_id>/renames")
@needs(Action.IMPORT)
def rename(draft_id: int) -> ResponseReturnValue:
    name, to = request.form.get("name", ""), request.form.get("to", "")
    with transaction():
        found = imports.draft_of(visitor().organisation_id, draft_id)
        draft_fixes.rename(act(), found, name, to, units.register_of(found.organisation_id))
    flash(f"本草稿中的“{name}”已改为“{to}”。", "success")
    return to_draft(draft_id)
