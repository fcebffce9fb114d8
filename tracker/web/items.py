"""The ledger (台账): its items as they stand, the duties that are overdue, and each item's own page."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker.ledger import look_back, plans, units, wordings
from tracker.ledger.items import ItemRecord, history_of, item_record
from tracker.ledger.lights import lights_of
from tracker.ledger.standing import Standings, standings
from tracker.ledger.tables.plans import Item, Plan
from tracker.rules.items import ItemLine, Whose, item_lines
from tracker.rules.lights import Lights
from tracker.rules.permissions import Action
from tracker.rules.quarters import Quarter
from tracker.rules.reviews import waits_for
from tracker.rules.standing import DutyFacts, overdue_first
from tracker.rules.summary import by_dates
from tracker.web.access import needs, settings, visitor
from tracker.web.history import in_words
from tracker.web.item_filters import Filters, Order, choices_of, read_filters
from tracker.web.item_page import beside
from tracker.web.paging import page_of
from tracker.web.review_desks import sits
from tracker.web.selection import Selection, current_quarter, selection

pages = Blueprint("items", __name__, url_prefix="/items")


@pages.get("/")
@needs(Action.SEE_ITEMS)
def index() -> ResponseReturnValue:
    me, chosen = visitor(), selection()
    known = plans.plans_of(me.organisation_id)
    if chosen.plan is None or chosen.quarter is None:
        return render_template("items/index.html", selection=chosen, plans=known)
    filters = read_filters()
    cancelled = plans.cancelled(chosen.plan, me.scope, chosen.as_of)
    held = [item for item in plans.outline(chosen.plan, me.scope, chosen.as_of) if item.counts_in(chosen.quarter)]
    outline = cancelled if filters.cancelled else held
    found = standings(chosen.plan.id, chosen.quarter, chosen.as_of, filters.scope or me.scope)
    page = page_of(_lines(outline, found, lights_of(me.organisation_id, found), filters))
    shown = [line.item_id for line in page.rows]
    items = plans.items_of(chosen.plan, me.scope, only=shown, as_of=chosen.as_of)
    return render_template(
        "items/index.html",
        selection=chosen,
        plans=known,
        filters=filters,
        page=page,
        items={item.id: item for item in items},
        total=len(outline),
        cancelled=len(cancelled),
        choices=choices_of(outline, filters),
    )


def _lines(outline: Sequence[Item], found: Standings, lights: Lights, filters: Filters) -> list[ItemLine]:
    named = [item.id for item in outline if filters.names(item)]
    if filters.cancelled:  # they stand nowhere any more
        return item_lines(named, (), Whose(), lights)
    lines = [line for line in item_lines(named, found.shares.values(), filters.whose, lights) if filters.shows(line)]
    return sorted(lines, key=lambda line: line.pressure) if filters.sort is Order.WORST else lines


@pages.get("/duties")
@needs(Action.SEE_ITEMS)
def duties() -> ResponseReturnValue:
    """What is overdue, longest first, or what the address asks for by its dates: each line one duty of one unit."""
    me, chosen = visitor(), selection()
    known = plans.plans_of(me.organisation_id)
    if chosen.plan is None or chosen.quarter is None:
        return render_template("items/duties.html", selection=chosen, plans=known)
    filters = read_filters()
    items = {item.id: item for item in plans.outline(chosen.plan, me.scope, chosen.as_of)}
    found = standings(chosen.plan.id, chosen.quarter, chosen.as_of, filters.scope or me.scope)
    listed = [duty for duty in _listed(found, filters) if duty.item_id in items]
    return render_template(
        "items/duties.html",
        selection=chosen,
        plans=known,
        filters=filters,
        page=page_of([duty for duty in listed if duty in filters.whose and filters.names(items[duty.item_id])]),
        items=items,
        total=len(listed),
        choices=choices_of(items.values(), filters),
    )


def _listed(found: Standings, filters: Filters) -> list[DutyFacts]:
    duties = (duty for owed in found.duties.values() for duty in owed)
    return by_dates(duties, filters.dates, found.as_of) if filters.dates else overdue_first(duties, found.as_of)


@pages.get("/<int:item_id>")
@needs(Action.SEE_ITEMS)
def item(item_id: int) -> ResponseReturnValue:
    me = visitor()
    found = plans.item_of(me.organisation_id, item_id, me.scope)
    chosen, quarter = _about(found.plan)
    wordings.turn_back([found], found.plan_id, chosen.as_of)
    record = item_record(found, quarter, chosen.as_of, me.scope)
    return render_template(
        "items/item.html",
        selection=chosen,
        plans=[found.plan],
        record=record,
        **beside(record, chosen.as_of, me.scope),
        step=None if chosen.dated or quarter.start > chosen.as_of else _next_step(record, quarter),
        history=history_of(found, me.scope, before=_end_of(chosen.as_of)),
        in_words=in_words,
        roster=units.roster,
        before=look_back.goes_on_from(found, me.scope) if found.look_back_of_id else None,
        continued=look_back.continued_in(found, me.scope),
    )


def _about(plan: Plan) -> tuple[Selection, Quarter]:
    """The selection, turned to the item's own plan where the address names none or another."""
    chosen = selection()
    if chosen.plan is not None and chosen.plan.id == plan.id and chosen.quarter is not None:
        return chosen, chosen.quarter
    quarter = current_quarter(plan.year, chosen.as_of)
    return replace(chosen, plan=plan, quarter=quarter), quarter


@dataclass(frozen=True)
class Step:
    """The one thing that this visitor can do about the item now."""

    label: str
    address: str


def _next_step(record: ItemRecord, quarter: Quarter) -> Step | None:
    me = visitor()
    for share in record.shares:
        report = record.report_of(share.unit.id, quarter)
        level = waits_for(report.state) if report else None
        if report and level and sits(level, share.unit.id):
            return Step(f"{level.act}{share.unit.name}的填报", url_for("reviews.show", report_id=report.id))
        duty = share.report_duty(quarter)
        if me.can(Action.REPORT) and share.unit.id in me.own_units and duty:
            writes = report is None or report.state.is_open
            return Step(f"{'填报' if writes else '查看'}{quarter.label}进展", url_for("reports.show", duty_id=duty.id))
    return None


def _end_of(last: date) -> datetime:
    return datetime.combine(last + timedelta(days=1), time.min, ZoneInfo(settings().timezone))
