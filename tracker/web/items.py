"""The ledger (台账): its items as they stand, the duties that are overdue, and each item's own page."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from tracker.ledger import memory, plans
from tracker.ledger.dashboard import unless_counted_anew
from tracker.ledger.item_words import ItemWords
from tracker.rules.items import ItemLine
from tracker.rules.permissions import Action
from tracker.rules.search import excerpt
from tracker.web import looks
from tracker.web.access import needs, visitor
from tracker.web.item_filters import choices_of
from tracker.web.item_lists import Asked, ItemList, asked, duty_list, item_list
from tracker.web.item_page import about_plan, shown_item
from tracker.web.paging import Page, page_of
from tracker.web.pieces import seen_by, weight_of_text
from tracker.web.selection import selection

pages = Blueprint("items", __name__, url_prefix="/items")


@pages.get("/")
@needs(Action.SEE_ITEMS)
def index() -> ResponseReturnValue:
    changes = looks.changes()
    about = asked()
    if about is None:
        return _no_plan("items/index.html")
    found = item_list(about)
    page = page_of(found.lines)
    return render_template(
        "items/index.html",
        **_frame(about, about.outline),
        page=page,
        told=_lines_told(found, page),
        total=found.total,
        cancelled=len(about.cancelled),
        changes=changes,
    )


def _lines_told(found: ItemList, page: Page[ItemLine]) -> Markup:
    """The lines of the page as they are written out."""
    me, chosen, filters = visitor(), selection(), found.asked.filters
    named = (*chosen.address.items(), chosen.as_of, *filters.address.items(), page.number)

    def make() -> Markup:
        rows = found.rows(page.rows)
        told = render_template("items/_lines.html", selection=chosen, filters=filters, rows=rows, excerpt=excerpt)
        return Markup(told)  # noqa: S704 - the template has escaped it

    told: Markup = memory.remembered(
        me.organisation_id,
        ("lines", *named, *seen_by(me)),
        make=make,
        renew=unless_counted_anew,
        weigh=weight_of_text,
    )
    return told


@pages.get("/duties")
@needs(Action.SEE_ITEMS)
def duties() -> ResponseReturnValue:
    """What is overdue, longest first, or what the address asks for by its dates: each line one duty of one unit."""
    about = asked()
    if about is None:
        return _no_plan("items/duties.html")
    found = duty_list(about)
    return render_template(
        "items/duties.html",
        **_frame(about, found.items.values()),
        page=page_of(found.duties),
        items=found.items,
        total=found.total,
    )


def _no_plan(template: str) -> str:
    return render_template(template, selection=selection(), plans=plans.plans_of(visitor().organisation_id))


def _frame(about: Asked, outline: Iterable[ItemWords]) -> dict[str, Any]:
    """What both lists show around their lines."""
    return {
        "selection": selection(),
        "plans": plans.plans_of(visitor().organisation_id),
        "filters": about.filters,
        "choices": choices_of(outline, about.filters),
        "excerpt": excerpt,
    }


@pages.get("/<int:item_id>")
@needs(Action.SEE_ITEMS)
def item(item_id: int) -> ResponseReturnValue:
    me = visitor()
    plan = plans.plan_of_item(me.organisation_id, item_id, me.scope)
    chosen, quarter = about_plan(plan)
    shown = shown_item(item_id, chosen, quarter)
    return render_template("items/item.html", selection=chosen, plans=[plan], shown=shown)
