"""Lists that a person saved by a name (我的视图): saving what the list shows, opening, renaming, deleting."""

from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.ledger import views
from tracker.ledger.db import transaction
from tracker.ledger.tables.views import SavedView
from tracker.rules.permissions import Action
from tracker.rules.refusals import NotFound, Refusal
from tracker.web.access import needs, visitor
from tracker.web.item_filters import Filters, read_filters

pages = Blueprint("views", __name__, url_prefix="/views")


@pages.app_context_processor
def saved_views() -> dict[str, object]:
    """For the list beside the filters."""
    return {"saved_views": lambda: views.views_of(visitor().person_id)}


@pages.get("/")
@needs(Action.SEE_ITEMS)
def index() -> ResponseReturnValue:
    return _page()


def _page(refused: str = "", refused_id: int | None = None, asked: Filters | None = None) -> str:
    """`refused_id` is the view that was not renamed; without one, a new one was not saved."""
    return render_template(
        "views/index.html",
        views=views.views_of(visitor().person_id),
        refused=refused,
        refused_id=refused_id,
        typed=request.form.get("name", ""),
        asked=asked,
        longest=views.LONGEST_NAME,
    )


@pages.post("/")
@needs(Action.SEE_ITEMS)
def save() -> ResponseReturnValue:
    """Keep what the address asks of the list."""
    asked = read_filters()
    try:
        with transaction():
            view = views.save(visitor().person_id, request.form.get("name", ""), urlencode(asked.address))
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(refusal.sentence, asked=asked), refusal.status
    flash(f"已保存视图“{view.name}”。", "success")
    return redirect(_address_of(view))


@pages.get("/<int:view_id>")
@needs(Action.SEE_ITEMS)
def show(view_id: int) -> ResponseReturnValue:
    """The list as it was saved, of the plan and quarter that are looked at now."""
    return redirect(_address_of(views.view_of(visitor().person_id, view_id)))


def _address_of(view: SavedView) -> str:
    return f"{url_for('items.index')}?{view.query}"


@pages.post("/<int:view_id>/rename")
@needs(Action.SEE_ITEMS)
def rename(view_id: int) -> ResponseReturnValue:
    try:
        with transaction():
            view = views.view_of(visitor().person_id, view_id)
            views.rename(view, request.form.get("name", ""))
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(refusal.sentence, refused_id=view_id), refusal.status
    flash(f"视图已改名为“{view.name}”。", "success")
    return redirect(url_for("views.index"))


@pages.post("/<int:view_id>/delete")
@needs(Action.SEE_ITEMS)
def delete(view_id: int) -> ResponseReturnValue:
    with transaction():
        view = views.view_of(visitor().person_id, view_id)
        name = view.name
        views.delete(view)
    flash(f"已删除视图“{name}”。", "success")
    return redirect(url_for("views.index"))
