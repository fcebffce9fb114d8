"""At which levels of review the visitor sits, and how much waits there."""

from flask import g
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from tracker.ledger import reviews
from tracker.ledger.reviews import Desks
from tracker.ledger.standing import Scope
from tracker.ledger.tables.reports import QuarterReport
from tracker.rules import reviews as rules
from tracker.rules.permissions import Action
from tracker.rules.reports import ReviewLevel
from tracker.web.access import visitor


def desks() -> Desks:
    """The levels at which the visitor judges: those that the organisation asks, and any where something still waits."""
    if "review_desks" not in g:
        me, held = visitor(), _held()
        asked = rules.levels_asked(me.office.rules.review_levels)
        g.review_desks = {
            level: scope
            for level, scope in held.items()
            if level in asked or reviews.count_waiting(me.organisation_id, {level: scope})
        }
    return dict(g.review_desks)


def _held() -> dict[ReviewLevel, Scope]:
    """Every level that the visitor's posts give the right to, and for which units."""
    me = visitor()
    held: dict[ReviewLevel, Scope] = {level: None for level, action in rules.ACTIONS.items() if me.can(action)}
    if ReviewLevel.UNIT in held:
        held[ReviewLevel.UNIT] = me.units_where(Action.APPROVE_IN_UNIT)
    return held


def sits(level: ReviewLevel, unit_id: int) -> bool:
    found = _held()
    return level in found and ((scope := found[level]) is None or unit_id in scope)


def level_of(report: QuarterReport) -> ReviewLevel | None:
    """The level at which the visitor looks at the report: that for which it waits, or else one of their own."""
    own = [level for level in ReviewLevel if sits(level, report.unit_id)]
    waits = rules.waits_for(report.state)
    return waits if waits in own else next(iter(own), None)


def review_desks() -> bool:
    """Whether the visitor has anything to review at all; asked for every page, and never the cause of a fault."""
    if not current_user.is_authenticated or not current_user.can(Action.SEE_REVIEWS):
        return False
    try:
        return bool(desks())
    except SQLAlchemyError:
        return False  # the page may be the one that says that the database cannot be reached


def review_count() -> int:
    if "review_count" not in g:
        try:
            g.review_count = reviews.count_waiting(visitor().organisation_id, desks()) if review_desks() else 0
        except SQLAlchemyError:
            g.review_count = 0
    return int(g.review_count)
