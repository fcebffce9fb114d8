"""Naming the leaders who answer for items (责任领导): of one item from its page, or of a plan's items at once."""

from collections.abc import Sequence
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.ledger import item_leaders, item_words, plans
from tracker.ledger.db import transaction
from tracker.ledger.item_words import ItemWords
from tracker.ledger.tables.plans import Item
from tracker.rules.item_leaders import LONGEST_LEADER
from tracker.rules.permissions import Action
from tracker.rules.refusals import Invalid, NotFound, Refusal
from tracker.web.access import act, needs, visitor
from tracker.web.fields import trimmed
from tracker.web.paging import page_of
from tracker.web.selection import selection

pages = Blueprint("item_leaders", __name__, url_prefix="/item-leaders")

_FIELD = "leader-"


@pages.app_template_global()
def leader_of(item: Item, as_of: date) -> str:
    return item_leaders.leaders_of([item.id], as_of).get(item.id, "")


@pages.get("/")
@needs(Action.EDIT_ITEMS)
def index() -> ResponseReturnValue:
    return _list()


def _list(refused: str = "") -> ResponseReturnValue:
    me, chosen = visitor(), selection()
    outline: Sequence[ItemWords] = item_words.outline(chosen.plan, as_of=me.today) if chosen.plan else []
    page = page_of(list(outline))
    return render_template(
        "item_leaders/index.html",
        selection=chosen,
        plans=plans.plans_of(me.organisation_id),
        page=page,
        known=item_leaders.leaders_of([item.id for item in outline], me.today),
        typed={name: value for name, value in request.form.items() if name.startswith(_FIELD)},
        longest=LONGEST_LEADER,
        refused=refused,
    ), 422 if refused else 200


@pages.post("/")
@needs(Action.EDIT_ITEMS)
def save() -> ResponseReturnValue:
    """The names of one page of the list; who is left as before stays."""
    try:
        with transaction():
            changed = item_leaders.name_leaders(act(), _typed())
    except NotFound:
        raise
    except Refusal as refusal:
        return _list(refusal.sentence)
    flash(f"已保存，{changed} 项任务的责任领导有变动。" if changed else "责任领导没有变动。", "success")
    chosen, page = selection(), request.args.get("page", type=int)
    plan_id = chosen.plan.id if chosen.plan else None
    return redirect(url_for("item_leaders.index", plan=plan_id, quarter=chosen.quarter, page=page))


def _typed() -> dict[int, str]:
    typed = {}
    for field, name in request.form.items():
        number = field.removeprefix(_FIELD)
        if field.startswith(_FIELD) and number.isascii() and number.isdecimal():
            typed[int(number[:9])] = trimmed(name)
    if not typed:
        raise Invalid("请填写责任领导。")
    return typed


@pages.get("/<int:item_id>")
@needs(Action.EDIT_ITEMS)
def of_item(item_id: int) -> ResponseReturnValue:
    return _one(_item(item_id))


def _item(item_id: int) -> Item:
    me = visitor()
    return plans.item_of(me.organisation_id, item_id, me.scope)


def _one(item: Item, refused: str = "") -> ResponseReturnValue:
    return render_template(
        "item_leaders/item.html",
        item=item,
        name=request.form.get("name", leader_of(item, visitor().today)),
        longest=LONGEST_LEADER,
        refused=refused,
    ), 422 if refused else 200


@pages.post("/<int:item_id>")
@needs(Action.EDIT_ITEMS)
def save_of_item(item_id: int) -> ResponseReturnValue:
    try:
        with transaction():
            name = trimmed(request.form.get("name"))
            item_leaders.name_leaders(act(), {_item(item_id).id: name})
    except NotFound:
        raise
    except Refusal as refusal:
        return _one(_item(item_id), refusal.sentence)
    flash("责任领导已保存。", "success")
    return redirect(url_for("items.item", item_id=item_id))
