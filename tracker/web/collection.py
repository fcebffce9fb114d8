"""The quarter's reports as they come in (填报进度), one by one: what the first pages count.

A unit sees its own."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from tracker.ledger import plans, units
from tracker.ledger.standing import standings
from tracker.ledger.workbench import collected_reports
from tracker.rules.permissions import Action
from tracker.rules.refusals import Invalid
from tracker.rules.reports import Collected
from tracker.web.access import needs, visitor
from tracker.web.addresses import record_id
from tracker.web.paging import page_of
from tracker.web.selection import selection

pages = Blueprint("collection", __name__, url_prefix="/collection")


@pages.get("/")
@needs(Action.SEE_ITEMS)
def index() -> ResponseReturnValue:
    me, chosen = visitor(), selection()
    known = plans.plans_of(me.organisation_id)
    if chosen.plan is None or chosen.quarter is None:
        return render_template("collection/index.html", selection=chosen, plans=known)
    state, unit_id = _state(), request.args.get("unit", type=record_id)
    reports = [
        report
        for report in collected_reports(standings(chosen.plan.id, chosen.quarter, chosen.as_of, me.scope))
        if state in (None, report.state) and unit_id in (None, report.unit_id)
    ]
    known_units = units.units_of(me.organisation_id)
    items = {item.id: item for item in plans.outline(chosen.plan, as_of=chosen.as_of)}
    return render_template(
        "collection/index.html",
        selection=chosen,
        plans=known,
        page=page_of(sorted(reports, key=lambda report: items[report.item_id].position)),
        items=items,
        names={unit.id: unit.name for unit in known_units if me.scope is None or unit.id in me.scope},
        state=state,
        unit_id=unit_id,
        states=Collected,
    )


def _state() -> Collected | None:
    written = request.args.get("state", "")
    try:
        return Collected(written) if written else None
    except ValueError:
        raise Invalid(f"没有“{written[:20]}”这种情况，请从页面上选择。") from None
