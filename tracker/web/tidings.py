"""Tidings (办理消息): what was decided about the visitor's unit's matters, or asked of it; counted beside the bell."""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from tracker import clock
from tracker.ledger import preferences, tidings
from tracker.ledger.db import transaction
from tracker.ledger.tables.tidings import Tiding
from tracker.rules.permissions import Action
from tracker.rules.tidings import TidingKind
from tracker.web.access import act, needs, visitor
from tracker.web.paging import PER_PAGE, page_asked

pages = Blueprint("tidings", __name__, url_prefix="/tidings")


@pages.get("/")
@needs(Action.REPORT)
def index() -> ResponseReturnValue:
    me = visitor()
    page, last = page_asked(tidings.count(me.own_units))
    return render_template(
        "tidings/index.html",
        tidings=tidings.tidings_of(me.own_units, PER_PAGE, (page - 1) * PER_PAGE),
        seen=tidings.seen_until(me.person_id, clock.now()),
        at_once=preferences.preference_of(me.person_id).at_once,
        several_units=len(me.own_units) > 1,
        page=page,
        last=last,
    )


@pages.post("/read")
@needs(Action.REPORT)
def read() -> ResponseReturnValue:
    with transaction():
        preferences.mark_tidings_read(act())
    flash("办理消息已全部标为已读。", "success")
    return redirect(url_for("tidings.index"))


def address_of(tiding: Tiding) -> str:
    """The page of the record that it tells of."""
    return {
        TidingKind.EXTENSION: lambda number: url_for("extensions.show", extension_id=number),
        TidingKind.REPORT: lambda number: url_for("reports.show", duty_id=number),
        TidingKind.INSTRUCTION: lambda number: url_for("instructions.show", instruction_id=number),
        TidingKind.NOTICE: lambda number: url_for("notices.show", notice_id=number),
        TidingKind.FINDING: lambda number: url_for("findings.show", finding_id=number),
    }[tiding.kind](tiding.record_id)


def unread_tidings() -> int:
    """Asked once for a page, and never a fault."""
    if "unread_tidings" not in g:
        g.unread_tidings = _unread() if current_user.is_authenticated and current_user.can(Action.REPORT) else 0
    number: int = g.unread_tidings
    return number


def _unread() -> int:
    me = visitor()
    try:
        return tidings.count_unread(me.person_id, me.own_units, clock.now())
    except SQLAlchemyError:
        return 0  # the page may be the one that says that the database cannot be reached


@pages.app_context_processor
def _for_every_page() -> dict[str, object]:
    return {"unread_tidings": unread_tidings, "address_of_tiding": address_of}
