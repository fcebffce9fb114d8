"""The first page: everybody is led to what answers their question; clerks, inspectors and unit heads find a desk."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker.ledger import inspection_parts, plans, workbench
from tracker.ledger.unit_desk import unit_desks
from tracker.rules.alerts import AlertKind
from tracker.rules.permissions import Action
from tracker.web.access import needs, visitor
from tracker.web.selection import selection

pages = Blueprint("home", __name__)

# The first of these that the visitor may do decides.
_FIRST_PAGES = (
    (Action.REPORT, "reports.index"),
    (Action.SEE_OVERVIEW, "dashboard.index"),
    (Action.EDIT_PEOPLE, "people.index"),
)


@pages.get("/")
@needs(Action.OWN_ACCOUNT)
def index() -> ResponseReturnValue:
    me = visitor()
    if me.can(Action.REVIEW):
        return _workbench()
    if me.can(Action.INSPECT):
        return _inspector()
    if me.can(Action.APPROVE_IN_UNIT) and not me.can(Action.SEE_OVERVIEW):
        return _unit()
    for action, endpoint in _FIRST_PAGES:
        if me.can(action):
            return redirect(url_for(endpoint))
    return render_template("home/nothing.html")


def _inspector() -> ResponseReturnValue:
    """What an inspector checks today, and what waits for a verification or an answer."""
    me = visitor()
    mine = inspection_parts.of_checker(me.organisation_id, me.person_id)
    open_ = [part for part in mine if part.facts_on is None]
    return render_template(
        "home/inspector.html",
        today=[part for part in open_ if part.visit_on and part.visit_on <= me.today],
        coming=[part for part in open_ if part.visit_on is None or part.visit_on > me.today],
        told=[part for part in mine if part.facts_on is not None],
        objected=[part for part in inspection_parts.objected(me.organisation_id) if part.unit_id not in me.own_units],
        places={part.id: len(part.inspection.criteria) * max(1, len(part.items)) for part in mine},
    )


def _unit() -> ResponseReturnValue:
    me, chosen = visitor(), selection()
    heads = me.units_where(Action.APPROVE_IN_UNIT)
    desks = []
    if chosen.plan and chosen.quarter:
        desks = unit_desks(chosen.plan, chosen.quarter, chosen.as_of, heads)
    known = plans.plans_of(me.organisation_id)
    return render_template("home/unit.html", selection=chosen, plans=known, desks=desks)


def _workbench() -> ResponseReturnValue:
    me, chosen = visitor(), selection()
    collection, to_check = None, []
    if chosen.plan and chosen.quarter:
        to_check = workbench.to_check(chosen.plan, chosen.quarter, chosen.as_of)
        collection = workbench.collection(me.organisation, chosen.plan, chosen.quarter, chosen.as_of)
    return render_template(
        "home/index.html",
        selection=chosen,
        plans=plans.plans_of(me.organisation_id),
        office=workbench.office(me.organisation_id, chosen.as_of),
        collection=collection,
        to_check=to_check,
        days_left=(collection.due - chosen.as_of).days if collection else 0,
        days_to_close=(collection.closes_on - chosen.as_of).days if collection else 0,
        kinds=AlertKind,
    )
