"""What the acts on a draft answer with: the page anew, the same page with what was refused, or the way to an item."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker.ledger import imports, plans, units
from tracker.ledger.tables.imports import Draft, DraftItem
from tracker.web.access import visitor
from tracker.web.import_page import Doings, DraftPage
from tracker.web.revisions import offer_of


def draft_page(found: Draft, opened: DraftItem | None, doings: Doings) -> str:
    register = units.register_of(found.organisation_id)
    known = plans.plans_of(found.organisation_id)
    same = [plan for plan in known if plan.title == found.title]
    page = DraftPage(found, register, visitor().today, opened, doings)
    offer = offer_of(found, known, visitor().today)
    return render_template("imports/draft.html", page=page, draft=found, same=same, offer=offer)


def again(draft_id: int, doings: Doings, item_id: int | None = None, status: int = 422) -> ResponseReturnValue:
    """The draft as it stands now, with the form that was refused as it was typed."""
    found = imports.draft_of(visitor().organisation_id, draft_id)
    opened = imports.item_of(found, item_id) if item_id else None
    return draft_page(found, opened, doings), status


def item_found(draft_id: int, item_id: int) -> tuple[Draft, DraftItem]:
    found = imports.draft_of(visitor().organisation_id, draft_id)
    return found, imports.item_of(found, item_id)


def to_draft(draft_id: int, item: DraftItem | None = None) -> ResponseReturnValue:
    if item is None:
        return redirect(url_for("imports.draft", draft_id=draft_id), 303)
    return redirect(url_for("imports.draft", draft_id=draft_id, item=item.id, _anchor=f"item-{item.id}"), 303)
