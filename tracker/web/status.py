"""Whether the system is well: for the machines that watch it, and on a page for the administrator."""

from datetime import datetime, timedelta

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from tracker import clock
from tracker.ledger import jobs, leases, messages
from tracker.ledger.messages import MessageState
from tracker.rules.permissions import Action
from tracker.web.access import needs, settings, visitor

pages = Blueprint("status", __name__)

LEASE = "scheduler"
SILENT_AFTER = timedelta(minutes=5)


@pages.get("/healthz")
@needs(Action.PUBLIC)
def alive() -> ResponseReturnValue:
    """This process answers."""
    return jsonify(status="ok")


@pages.get("/readyz")
@needs(Action.PUBLIC)
def ready() -> ResponseReturnValue:
    """Whether pages can be served: 503 where the database does not answer.

    A silent scheduler is told too, but pages are served without it.  It says no more: anybody may ask.
    """
    try:
        beat = leases.last_beat(LEASE)
    except SQLAlchemyError:
        return jsonify(status="unavailable", database="unreachable"), 503
    beating = is_beating(beat, clock.now())
    return jsonify(status="ok" if beating else "degraded", database="ok", scheduler="ok" if beating else "silent")


def is_beating(beat: datetime | None, now: datetime) -> bool:
    return beat is not None and now - beat <= SILENT_AFTER


@pages.get("/status")
@needs(Action.SEE_STATUS)
def index() -> ResponseReturnValue:
    beat = leases.last_beat(LEASE)
    counts = messages.counts(visitor().organisation_id)
    return render_template(
        "status/index.html",
        beat=beat,
        beating=is_beating(beat, clock.now()),
        runs=jobs.last_runs(visitor().organisation_id),
        waiting=counts[MessageState.WAITING] + counts[MessageState.FAILING],
        given_up=counts[MessageState.GIVEN_UP],
        mail=settings().mail,
    )
