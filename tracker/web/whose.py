"""For whose matters a visitor may act: a unit's people for their own units, the office for any."""

from tracker.rules.permissions import Action
from tracker.rules.refusals import Forbidden
from tracker.web.access import visitor


def acts_for(unit_id: int) -> bool:
    me = visitor()
    return me.can(Action.EDIT_ITEMS) or (me.can(Action.REPORT) and unit_id in me.own_units)


def as_office(unit_id: int) -> bool:
    """Whether the visitor acts as the office, and not for the own unit."""
    me = visitor()
    return me.can(Action.EDIT_ITEMS) and unit_id not in me.own_units


def check_acts_for(unit_id: int) -> None:
    if not acts_for(unit_id):
        raise Forbidden("只有责任单位和领导小组办公室可以办理此项。如需办理，请联系领导小组办公室。")
