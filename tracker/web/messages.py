"""The outbox (消息发送): what waits, what failed and why, and sending it again."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.ledger import messages
from tracker.ledger.db import transaction
from tracker.ledger.messages import MessageState, state_of
from tracker.ledger.tables.messages import Message
from tracker.rules.permissions import Action
from tracker.rules.refusals import Invalid
from tracker.web.access import act, needs, visitor
from tracker.web.paging import PER_PAGE, page_asked

pages = Blueprint("messages", __name__, url_prefix="/messages")


@pages.get("/")
@needs(Action.EDIT_SETTINGS)
def index() -> ResponseReturnValue:
    organisation_id, state = visitor().organisation_id, _state()
    counts = messages.counts(organisation_id)
    page, last = page_asked(counts[state] if state else counts.total())
    shown = messages.messages_of(organisation_id, state, PER_PAGE, (page - 1) * PER_PAGE)
    return render_template(
        "messages/index.html",
        messages=shown,
        state=state,
        counts=counts,
        states=list(MessageState),
        page=page,
        last=last,
    )


def _state() -> MessageState | None:
    written = request.args.get("state", "")
    try:
        return MessageState(written) if written else None
    except ValueError:
        raise Invalid("没有这种发送状态，请从页面的选项中选择。") from None


@pages.post("/<int:message_id>/again")
@needs(Action.EDIT_SETTINGS)
def again(message_id: int) -> ResponseReturnValue:
    with transaction():
        messages.send_again(act(), messages.message_of(visitor().organisation_id, message_id))
    flash("已重新交付发送，片刻后可在此查看结果。", "success")
    return redirect(url_for("messages.index"))


@pages.app_template_filter()
def message_state(message: Message) -> MessageState:
    return state_of(message)
