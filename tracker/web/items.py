"""The ledger (台账): its items as they stand, the duties that are overdue, and each item's own page."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker.ledger import look_back, plans, units, wordings
from tracker.ledger.item_words import ItemWords
from tracker.ledger.items import ItemRecord, history_of, item_record
from tracker.ledger.tables.plans import Plan
from tracker.rules.permissions import Action
from tracker.rules.quarters import Quarter
from tracker.rules.reviews import waits_for
from tracker.rules.search import excerpt
from tracker.web import looks
from tracker.web.access import needs, settings, visitor
from tracker.web.history import in_words
from tracker.web.item_filters import choices_of
from tracker.web.item_lists import Asked, asked, duty_list, item_list
from tracker.web.item_page import beside
from tracker.web.paging import page_of
from tracker.web.review_desks import sits
from tracker.web.selection import Selection, current_quarter, selection

pages = Blueprint("items", __name__, url_prefix="/items")


@pages.get("/")
@needs(Action.SEE_ITEMS)
def index() -> ResponseReturnValue:
    changes = looks.changes()
    about = asked()
    if about is None:
        return _no_plan("items/index.html")
    found = item_list(about)
    page = page_of(found.lines)
    return render_template(
        "items/index.html",
        **_frame(about, about.outline),
        page=page,
        rows=found.rows(page.rows),
        total=found.total,
        cancelled=len(about.cancelled),
        changes=changes,
    )


@pages.get("/duties")
@needs(Action.SEE_ITEMS)
def duties() -> ResponseReturnValue:
    """What is overdue, longest first, or what the address asks for by its dates: each line one duty of one unit."""
    about = asked()
    if about is None:
        return _no_plan("items/duties.html")
    found = duty_list(about)
    return render_template(
        "items/duties.html",
        **_frame(about, found.items.values()),
        page=page_of(found.duties),
        items=found.items,
        total=found.total,
    )


def _no_plan(template: str) -> str:
    return render_template(template, selection=selection(), plans=plans.plans_of(visitor().organisation_id))


def _frame(about: Asked, outline: Iterable[ItemWords]) -> dict[str, Any]:
    """What both lists show around their lines."""
    return {
        "selection": selection(),
        "plans": plans.plans_of(visitor().organisation_id),
        "filters": about.filters,
        "choices": choices_of(outline, about.filters),
        "excerpt": excerpt,
    }


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
