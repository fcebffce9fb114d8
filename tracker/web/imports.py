"""Importing a plan: upload or paste, correct the draft beside its document, confirm it into the ledger."""

from contextlib import suppress
from pathlib import PurePath

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.ledger import doubts, draft_fixes, draft_names, files, imports, units
from tracker.ledger.db import transaction
from tracker.ledger.tables.imports import Draft, DraftItem
from tracker.reading.deadlines import with_year
from tracker.reading.guarded import parse, parse_text
from tracker.reading.plan import ParsedPlan
from tracker.rules.permissions import Action
from tracker.rules.refusals import Invalid, NotFound, Refusal, Stale
from tracker.web import import_acts, uploads
from tracker.web.access import act, needs, visitor
from tracker.web.addresses import record_id
from tracker.web.import_answers import again, draft_page, item_found, to_draft
from tracker.web.import_forms import (
    ALIAS,
    FACTS_PREFIX,
    GROUP,
    AssignForm,
    FactsForm,
    NameForm,
    NewUnitsForm,
    UploadForm,
)
from tracker.web.import_item_form import LEAD, NEW_PREFIX, ItemForm
from tracker.web.import_page import Doings, DraftPage, differences, first_to_check, next_to_check

pages = Blueprint("imports", __name__, url_prefix="/imports")
pages.register_blueprint(import_acts.pages)


# The list, and upload


@pages.get("/")
@needs(Action.IMPORT)
def index() -> ResponseReturnValue:
    return _index(UploadForm(formdata=None))


def _index(form: UploadForm) -> str:
    organisation_id = visitor().organisation_id
    drafts = imports.drafts_of(organisation_id)
    return render_template(
        "imports/index.html",
        form=form,
        drafts=[DraftPage(draft, units.Register({}, {}), visitor().today, None) for draft in drafts],
        put_aside=imports.put_aside_by(organisation_id),
    )


@pages.post("/")
@needs(Action.IMPORT)
def upload() -> ResponseReturnValue:
    form = UploadForm()
    if not form.validate():
        return _index(form), 422
    try:
        parsed, stored = _read(form)
    except Invalid as refusal:
        field = form.text if form.text.data else form.file
        field.errors = [*field.errors, refusal.sentence]
        return _index(form), 422
    with transaction():
        draft_id = _open(parsed, stored)
    return redirect(url_for(".draft", draft_id=draft_id))


def _read(form: UploadForm) -> tuple[ParsedPlan, uploads.Stored | None]:
    """Read what was handed in, and store the file that is a plan; raise Invalid for what is none."""
    if form.text.data:
        return _read_pasted(form.html.data, form.text.data), None
    file = form.file.data
    parsed = parse(uploads.content_of(file), file.filename)
    return parsed, uploads.store(file)


def _read_pasted(as_html: str, text: str) -> ParsedPlan:
    """The clipboard's tables where it had any; a page without a plan may still be one as plain text."""
    if as_html:
        with suppress(Invalid):
            return parse(as_html.encode(), "粘贴.html")
    return parse_text(text)


def _open(parsed: ParsedPlan, stored: uploads.Stored | None) -> int:
    """A new draft, or the one that is open from the same text: nobody wants to check it twice."""
    known = imports.open_draft_of(visitor().organisation_id, parsed.source)
    if known:
        flash("这份文件已有尚未入账的草稿，请继续核对。如需重新导入，请先放弃该草稿。", "info")
        return known.id
    by = act()
    file = files.record(by, *stored) if stored else None
    name = PurePath(file.name).stem if file else "粘贴的工作计划"
    draft = imports.open_draft(by, parsed, name, file)
    flash(f"已读出 {len(draft.items)} 项任务，请逐项与原文核对。", "success")
    return draft.id


# The draft


@pages.get("/<int:draft_id>")
@needs(Action.IMPORT)
def draft(draft_id: int) -> ResponseReturnValue:
    found = imports.draft_of(visitor().organisation_id, draft_id)
    if found.plan_id is not None:
        flash("该草稿已确认入账。", "info")
        return redirect(url_for("items.index", plan=found.plan_id))
    if found.closed_at is not None:
        flash("该草稿已放弃，如需继续核对，请先恢复。", "info")
        return redirect(url_for(".index"))
    return draft_page(found, _asked_item(found), Doings(name=_asked_name()))


def _asked_item(found: Draft) -> DraftItem | None:
    asked = request.args.get("item", type=record_id)
    if asked and imports.was_removed(found, asked):
        flash("该项已被合并，或其拆分、补充已被撤销。", "info")
        asked = None
    return imports.item_of(found, asked) if asked else first_to_check(found)


def _asked_name() -> NameForm | None:
    name = request.args.get("name", "").strip()
    if not name:
        return None
    means = GROUP if imports.is_group_name(name) else ALIAS
    return NameForm(formdata=None, data={"name": name, "means": means, "kind": imports.guess_kind(name).value})


@pages.get("/<int:draft_id>/file")
@needs(Action.IMPORT)
def file(draft_id: int) -> ResponseReturnValue:
    found = imports.draft_of(visitor().organisation_id, draft_id)
    if found.file is None:
        raise NotFound
    return uploads.attachment(found.file)


@pages.post("/<int:draft_id>/facts")
@needs(Action.IMPORT)
def facts(draft_id: int) -> ResponseReturnValue:
    form = FactsForm(prefix=FACTS_PREFIX)
    if not form.validate():
        return again(draft_id, Doings(facts=form))
    try:
        with transaction():
            found = imports.draft_of(visitor().organisation_id, draft_id)
            imports.set_facts(act(), found, form.title.data, form.issuer.data, form.year.data, form.version.data or 0)
            draft_fixes.date_by_year(act(), found, with_year)
    except Stale as refusal:
        return _facts_taken(draft_id, form, refusal)
    flash("计划信息已保存。", "success")
    return to_draft(draft_id)


def _facts_taken(draft_id: int, form: FactsForm, refusal: Stale) -> ResponseReturnValue:
    found = imports.draft_of(visitor().organisation_id, draft_id)
    now = (("计划名称", found.title), ("发文机关", found.issuer or "（空）"), ("计划年度", str(found.year or "（空）")))
    form.version.data, form.version.raw_data = found.version, None
    return again(draft_id, Doings(facts=form, refusal=refusal.sentence, theirs=now), status=409)


@pages.post("/<int:draft_id>/remarks/<int:number>")
@needs(Action.IMPORT)
def settle(draft_id: int, number: int) -> ResponseReturnValue:
    with transaction():
        doubts.settle(act(), imports.draft_of(visitor().organisation_id, draft_id), number)
    return to_draft(draft_id)


# Its items


@pages.post("/<int:draft_id>/items/<int:item_id>")
@needs(Action.IMPORT)
def edit(draft_id: int, item_id: int) -> ResponseReturnValue:
    """Save the item; with the button that accepts it, it counts as checked and the next one opens."""
    form, accept = ItemForm(), "accept" in request.form
    if not form.validate():
        return again(draft_id, Doings(item=form), item_id)
    try:
        with transaction():
            found, item = item_found(draft_id, item_id)
            imports.edit_item(act(), found, item, form.edit(), form.version.data or 0, accept=accept)
            onward = next_to_check(found, item) if accept else _left_for(form, found) or item
    except Stale as refusal:
        return _item_taken(draft_id, item_id, form, refusal)
    return to_draft(draft_id, onward)


def _left_for(form: ItemForm, found: Draft) -> DraftItem | None:
    return next((item for item in found.items if str(item.id) == form.leave_for.data), None)


def _item_taken(draft_id: int, item_id: int, form: ItemForm, refusal: Stale) -> ResponseReturnValue:
    """Both texts: what was typed stays in the form, what stands now is shown above it.  Saving again decides."""
    _, item = item_found(draft_id, item_id)
    now = differences(item, form.edit())
    form.version.data, form.version.raw_data = item.version, None
    return again(draft_id, Doings(item=form, refusal=refusal.sentence, theirs=now), item_id, 409)


@pages.post("/<int:draft_id>/items/<int:item_id>/check")
@needs(Action.IMPORT)
def check(draft_id: int, item_id: int) -> ResponseReturnValue:
    with transaction():
        found, item = item_found(draft_id, item_id)
        imports.set_checked(act(), found, item, checked="undo" not in request.form)
    return to_draft(draft_id, item)


@pages.post("/<int:draft_id>/items/<int:item_id>/drop")
@needs(Action.IMPORT)
def drop(draft_id: int, item_id: int) -> ResponseReturnValue:
    undo = "undo" in request.form
    with transaction():
        found, item = item_found(draft_id, item_id)
        imports.set_dropped(act(), found, item, dropped=not undo)
        onward = item if undo else next_to_check(found, item) or item
    flash(f"第 {item.position} 项已{'恢复' if undo else '略去，不计入计划；可随时恢复'}。", "success")
    return to_draft(draft_id, onward)


@pages.post("/<int:draft_id>/items")
@needs(Action.IMPORT)
def add(draft_id: int) -> ResponseReturnValue:
    form = ItemForm(prefix=NEW_PREFIX)
    if not form.validate():
        return again(draft_id, Doings(adding=form))
    with transaction():
        found = imports.draft_of(visitor().organisation_id, draft_id)
        item = imports.add_item(act(), found, form.edit())
    flash(f"已补充第 {item.position} 项任务。", "success")
    return to_draft(draft_id, item)


@pages.post("/<int:draft_id>/assign")
@needs(Action.IMPORT)
def assign(draft_id: int) -> ResponseReturnValue:
    form = AssignForm()
    if not form.validate():
        return again(draft_id, Doings(assign=form))
    try:
        with transaction():
            found = imports.draft_of(visitor().organisation_id, draft_id)
            changed = imports.assign(act(), found, form.item_ids(found), form.names, form.role.data == LEAD)
    except Invalid as refusal:
        form.others.errors = [*form.others.errors, refusal.sentence]
        return again(draft_id, Doings(assign=form))
    flash(f"已为 {changed} 项任务分派{'牵头' if form.role.data == LEAD else '配合'}单位。", "success")
    return to_draft(draft_id)


# Names that the register does not know


@pages.post("/<int:draft_id>/units")
@needs(Action.IMPORT)
def new_units(draft_id: int) -> ResponseReturnValue:
    """Enter many names as units at once."""
    form = NewUnitsForm()
    if not form.validate():
        return again(draft_id, Doings(refusal="单位类别有误，请重新选择。"))
    with transaction():
        found = imports.draft_of(visitor().organisation_id, draft_id)
        known = units.register_of(visitor().organisation_id)
        wanted = [(name, kind) for name, kind in form.chosen if name not in known]
        draft_names.enter_units(act(), found, wanted)
    flash(f"已登记 {len(wanted)} 个单位。", "success")
    return to_draft(draft_id)


@pages.post("/<int:draft_id>/names")
@needs(Action.IMPORT)
def name(draft_id: int) -> ResponseReturnValue:
    """Say what one name stands for."""
    form = NameForm()
    if not form.validate():
        return again(draft_id, Doings(name=form))
    try:
        with transaction():
            _enter_name(imports.draft_of(visitor().organisation_id, draft_id), form)
    except Invalid as refusal:
        form.means.errors = [*form.means.errors, refusal.sentence]
        return again(draft_id, Doings(name=form))
    flash(f"“{form.name.data}”已登记。", "success")
    return to_draft(draft_id)


def _enter_name(found: Draft, form: NameForm) -> None:
    by, written = act(), form.name.data
    if form.means.data == GROUP:
        members = [units.unit_of(by.organisation_id, unit_id) for unit_id in form.members.data]
        draft_names.enter_group(by, found, written, members)
    elif form.means.data == ALIAS:
        if not form.unit.data:
            raise Invalid("请选择这个名称所指的单位。")
        draft_names.enter_alias(by, found, units.unit_of(by.organisation_id, form.unit.data), written)
    else:
        draft_names.enter_units(by, found, [(written, form.unit_kind)])


# Closing


@pages.post("/<int:draft_id>/confirm")
@needs(Action.IMPORT)
def confirm(draft_id: int) -> ResponseReturnValue:
    try:
        with transaction():
            found = imports.draft_of(visitor().organisation_id, draft_id)
            plan_id = found.plan_id or imports.confirm(act(), found).id  # sent twice: the same plan
    except Refusal as refusal:
        return again(draft_id, Doings(refusal=refusal.sentence), status=refusal.status)
    flash("计划已入账，任务和应办事项已生成。", "success")
    return redirect(url_for("items.index", plan=plan_id), 303)


@pages.post("/<int:draft_id>/discard")
@needs(Action.IMPORT)
def discard(draft_id: int) -> ResponseReturnValue:
    with transaction():
        found = imports.draft_of(visitor().organisation_id, draft_id)
        if found.closed_at is None:
            imports.discard(act(), found)
        title = found.title
    flash(f"草稿“{title}”已放弃，可在本页下方恢复。", "success")
    return redirect(url_for(".index"), 303)


@pages.post("/<int:draft_id>/reopen")
@needs(Action.IMPORT)
def reopen(draft_id: int) -> ResponseReturnValue:
    with transaction():
        imports.reopen(act(), imports.draft_of(visitor().organisation_id, draft_id))
    flash("草稿已恢复，请继续核对。", "success")
    return to_draft(draft_id)
