"""What changed since the visitor last looked at a plan (上次查看以来的变化).

The first look of a day is noted while its page is made, though it came by GET: it is the reader's own bookmark, works
without a script, and is written once a day at most.  Where it cannot be written, the page is shown all the same.
"""

from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from tracker import clock
from tracker.ledger import looks
from tracker.ledger.db import db, transaction
from tracker.ledger.looks import Changes
from tracker.ledger.tables.plans import Plan
from tracker.ledger.tables.views import Look
from tracker.web.access import settings, visitor
from tracker.web.selection import selection


def changes() -> Changes | None:
    """Of the plan that is looked at, since the last look on another day; None on a first day, and for a past date.

    Called before the page reads anything else: what was read before a transaction is read afresh.
    """
    chosen, me, zone = selection(), visitor(), settings().timezone
    if chosen.plan is None or chosen.dated:
        return None
    look = looks.look_of(me.person_id, chosen.plan.id)
    since = looks.last_before(look, me.today, zone)
    _note(chosen.plan, look)
    return looks.changes(chosen.plan, since, me.today, zone, me.scope) if since else None


def _note(plan: Plan, look: Look | None) -> None:
    me, zone = visitor(), settings().timezone
    if look is not None and looks.looked_on(look, zone) >= me.today:
        return
    person_id, plan_id = me.person_id, plan.id
    try:
        with transaction():
            looks.note(person_id, plan_id, clock.now(), zone)
    except SQLAlchemyError:
        db.session.rollback()
        current_app.logger.warning("a look could not be noted", exc_info=True)
