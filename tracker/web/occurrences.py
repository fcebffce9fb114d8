"""Registered events (办理登记): what a unit registered on an item, what follows from it, and taking it back."""

from dataclasses import dataclass
from decimal import Decimal

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField
from wtforms import StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from tracker.ledger import files, occurrences, plans, units
from tracker.ledger.db import transaction
from tracker.ledger.occurrences import Aims, Registered
from tracker.ledger.tables.occurrences import Occurrence
from tracker.ledger.tables.plans import Item
from tracker.ledger.tables.units import Unit
from tracker.rules.occurrences import LONGEST_TITLE
from tracker.rules.permissions import Action
from tracker.rules.refusals import NotFound, Refusal
from tracker.web import uploads
from tracker.web.access import act, needs, visitor
from tracker.web.addresses import record_id
from tracker.web.evidence_forms import EvidenceForm
from tracker.web.fields import Choice, DayField, Filled, NumberField, trimmed
from tracker.web.reports import sandboxed
from tracker.web.selection import selection
from tracker.web.whose import acts_for, check_acts_for

pages = Blueprint("occurrences", __name__, url_prefix="/occurrences")


class RegisterForm(EvidenceForm):
    title = StringField(
        "事项名称",
        [
            Filled("请填写事项名称，如文件标题、活动名称。"),
            Length(max=LONGEST_TITLE, message=f"事项名称最多 {LONGEST_TITLE} 字。"),
        ],
        filters=[trimmed],
    )
    happened_on = DayField("发生日期", [Filled("请填写发生日期。")])
    amount = NumberField("数量", [Filled("请填写数量；一次活动、一份文件填 1。")])
    deadline = Choice("起算的时限", [])
    target = Choice("计入的次数要求", [])
    link = StringField("公开网址", filters=[trimmed])
    file = FileField("附件")

    @property
    def what(self) -> Registered:
        """What was filled in, once the form was found valid."""
        assert self.happened_on.data is not None
        assert self.amount.data is not None
        return Registered(
            self.title.data,
            self.happened_on.data,
            self.amount.data,
            _chosen(self.deadline),
            _chosen(self.target),
            self.link.data,
        )


def _chosen(field: Choice | None) -> int | None:
    """A field that was not asked for is None."""
    return int(field.data) if field and field.data else None


@dataclass(frozen=True)
class Share:
    """One unit's part in one item, as the address names it; `others` are the units that the visitor may turn to."""

    item: Item
    unit: Unit
    others: list[Unit]


@pages.get("/")
@needs(Action.SEE_ITEMS)
def index() -> ResponseReturnValue:
    if "item" not in request.args:
        return _items()
    share = _share()
    return _page(share, _form(occurrences.aims_of(share.item), fresh=True))


def _items() -> ResponseReturnValue:
    """The items of the plan on which there is something to register."""
    me, chosen = visitor(), selection()
    held = plans.items_of(chosen.plan, me.scope, as_of=chosen.as_of) if chosen.plan else []
    return render_template(
        "occurrences/items.html",
        selection=chosen,
        plans=plans.plans_of(me.organisation_id),
        rows=[(item, aims) for item in held if item.cancelled_on is None and (aims := occurrences.aims_of(item))],
    )


def _share() -> Share:
    me = visitor()
    asked, unit_id = (request.args.get(name, type=record_id) for name in ("item", "unit"))
    item = plans.item_of(me.organisation_id, asked or 0, me.scope)
    known = occurrences.units_on(item, me.today)
    if unit_id:  # one that has handed its part on may still be looked at
        unit = units.unit_of(me.organisation_id, unit_id)
        known = known if unit in known else [*known, unit]
    reached = [unit for unit in known if me.scope is None or unit.id in me.scope]
    own = [unit for unit in reached if unit.id in me.own_units]
    chosen = (
        next((unit for unit in reached if unit.id == unit_id), None) if unit_id else next(iter(own or reached), None)
    )
    if chosen is None:
        raise NotFound
    return Share(item, chosen, reached)


def _form(aims: Aims, *, fresh: bool = False) -> RegisterForm:
    """What the item has none of is not asked for; where there is one thing that it can be for, it is chosen."""
    known = {"happened_on": visitor().today, "amount": Decimal(1)}
    form = RegisterForm(formdata=None, **known) if fresh else RegisterForm()
    form.deadline.choices = [
        SelectChoice("", "（不起算时限）"),
        *(SelectChoice(str(d.id), d.text) for d in aims.deadlines),
    ]
    form.target.choices = [SelectChoice("", "（不计入）"), *(SelectChoice(str(t.id), t.text) for t in aims.targets)]
    if fresh and len(aims.deadlines) == 1:
        form.deadline.data = str(aims.deadlines[0].id)
    elif fresh and not aims.deadlines and aims.targets:
        form.target.data = str(aims.targets[0].id)
    for name, offered in (("deadline", aims.deadlines), ("target", aims.targets)):
        if not offered:
            del form[name]
    return form


def _page(share: Share, form: RegisterForm, refused: str = "") -> ResponseReturnValue:
    me = visitor()
    return render_template(
        "occurrences/index.html",
        share=share,
        aims=occurrences.aims_of(share.item),
        form=form,
        refused=refused,
        rows=occurrences.registered(share.item, share.unit.id),
        followed=occurrences.followed(share.item, share.unit.id, me.today),
        as_of=me.today,
        may_act=acts_for(share.unit.id),
    ), 422 if form.errors or refused else 200


@pages.post("/")
@needs(Action.SEE_ITEMS)
def register() -> ResponseReturnValue:
    share = _share()
    check_acts_for(share.unit.id)
    form = _form(occurrences.aims_of(share.item))
    if not form.validate():
        return _page(share, form)
    try:
        _register(share, form)
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(_share(), form, refusal.sentence)
    return _back_to(share.item.id, share.unit.id, f"已登记“{form.title.data}”。")


def _register(share: Share, form: RegisterForm) -> None:
    stored = uploads.store(form.upload) if form.upload else None
    with transaction():
        by = act()
        file = files.record(by, *stored) if stored else None
        occurrences.register(by, share.item, share.unit, form.what, file)


@pages.post("/<int:occurrence_id>/revocation")
@needs(Action.SEE_ITEMS)
def revoke(occurrence_id: int) -> ResponseReturnValue:
    event = _occurrence(occurrence_id)
    item_id, unit_id, title = event.item_id, event.unit_id, event.title
    check_acts_for(unit_id)
    with transaction():
        occurrences.revoke(act(), event, request.form.get("reason", ""))
    return _back_to(item_id, unit_id, f"“{title}”的登记已撤回，记录保留。")


def _occurrence(occurrence_id: int) -> Occurrence:
    me = visitor()
    event = occurrences.occurrence_of(me.organisation_id, occurrence_id)
    if me.scope is not None and event.unit_id not in me.scope:
        raise NotFound
    return event


@pages.get("/<int:occurrence_id>/file")
@needs(Action.SEE_ITEMS)
@sandboxed
def file(occurrence_id: int) -> ResponseReturnValue:
    event = _occurrence(occurrence_id)
    if event.file is None:
        raise NotFound
    return uploads.attachment(event.file)


def _back_to(item_id: int, unit_id: int, sentence: str) -> ResponseReturnValue:
    flash(sentence, "success")
    return redirect(url_for("occurrences.index", item=item_id, unit=unit_id))
