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
LATE_AFTER = timedelta(hours=1)


@pages.get("/healthz")
@needs(Action.PUBLIC)
def alive() -> ResponseReturnValue:
    """This process answers."""
    return jsonify(status="ok")


@pages.get("/readyz")
@needs(Action.PUBLIC)
def ready() -> ResponseReturnValue:
    """Whether pages can be served: 503 where the database does not answer.

    A silent scheduler and messages that do not leave are told too, but pages are served without them.  It says no
    more: anybody may ask.
    """
    try:
        beat, waits_since = leases.last_beat(LEASE), messages.waits_since()
    except SQLAlchemyError:
        return jsonify(status="unavailable", database="unreachable"), 503
    beating, late = is_beating(beat, clock.now()), is_late(waits_since, clock.now())
    return jsonify(
        status="ok" if beating and not late else "degraded",
        database="ok",
        scheduler="ok" if beating else "silent",
        messages="late" if late else "ok",
    )


def is_beating(beat: datetime | None, now: datetime) -> bool:
    return beat is not None and now - beat <= SILENT_AFTER


def is_late(waits_since: datetime | None, now: datetime) -> bool:
    """Whether a message has been waiting for longer than a passing failure explains."""
    return waits_since is not None and now - waits_since > LATE_AFTER


@pages.get("/status")
@needs(Action.SEE_STATUS)
def index() -> ResponseReturnValue:
    beat = leases.last_beat(LEASE)
    counts, waits_since = messages.counts(visitor().organisation_id), messages.waits_since()
    return render_template(
        "status/index.html",
        beat=beat,
        beating=is_beating(beat, clock.now()),
        runs=jobs.last_runs(visitor().organisation_id),
        waiting=counts[MessageState.WAITING] + counts[MessageState.FAILING],
        given_up=counts[MessageState.GIVEN_UP],
        late_since=waits_since if is_late(waits_since, clock.now()) else None,
        mail=settings().mail,
    )
