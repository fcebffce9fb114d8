"""An item's page: all that is known of it, and the document that it was read from."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from tracker.ledger import look_back, memory, plans, units, wordings
from tracker.ledger.attainment import attainments
from tracker.ledger.item_duties import applications, by_reason, ended_duties, registered
from tracker.ledger.items import ItemRecord, history_of, item_record
from tracker.ledger.occurrences import aims_of
from tracker.ledger.standing import Scope
from tracker.ledger.tables.occurrences import Occurrence
from tracker.ledger.tables.plans import Plan
from tracker.ledger.touched import unless_on
from tracker.rules.passage import source_lines
from tracker.rules.permissions import Action
from tracker.rules.quarters import Quarter
from tracker.rules.reviews import waits_for
from tracker.rules.time_line import time_line
from tracker.web.access import needs, settings, visitor
from tracker.web.history import in_words
from tracker.web.pieces import seen_by, weight_of_text
from tracker.web.review_desks import sits
from tracker.web.selection import Selection, current_quarter, selection

pages = Blueprint("item_page", __name__, url_prefix="/items")


@dataclass(frozen=True)
class Shown:
    """What the page tells, written out: the same for everybody who holds the same posts today."""

    title: str
    told: Markup


def about_plan(plan: Plan) -> tuple[Selection, Quarter]:
    """The selection, turned to the item's own plan where the address names none or another."""
    chosen = selection()
    if chosen.plan is not None and chosen.plan.id == plan.id and chosen.quarter is not None:
        return chosen, chosen.quarter
    quarter = current_quarter(plan.year, chosen.as_of)
    return replace(chosen, plan=plan, quarter=quarter), quarter


def shown_item(item_id: int, chosen: Selection, quarter: Quarter) -> Shown:
    """Raise NotFound where the visitor's scope does not reach the item."""
    me = visitor()
    shown: Shown = memory.remembered(
        me.organisation_id,
        ("item", item_id, quarter, chosen.as_of, chosen.dated, *seen_by(me)),
        make=lambda: _written_out(item_id, chosen, quarter),
        renew=unless_on(item_id),
        weigh=lambda shown: weight_of_text(shown.told),
    )
    return shown


def _written_out(item_id: int, chosen: Selection, quarter: Quarter) -> Shown:
    me = visitor()
    found = plans.item_of(me.organisation_id, item_id, me.scope)
    wordings.turn_back([found], found.plan_id, chosen.as_of)
    record = item_record(found, quarter, chosen.as_of, me.scope)
    told = render_template(
        "items/_told.html",
        selection=chosen,
        record=record,
        **_beside(record, chosen.as_of, me.scope),
        step=None if chosen.dated or quarter.start > chosen.as_of else _next_step(record, quarter),
        history=history_of(found, me.scope, before=_end_of(chosen.as_of)),
        in_words=in_words,
        roster=units.roster,
        before=look_back.goes_on_from(found, me.scope) if found.look_back_of_id else None,
        continued=look_back.continued_in(found, me.scope),
    )
    return Shown(f"{found.number}{found.short}", Markup(told))  # noqa: S704 - the template has escaped it


def _beside(record: ItemRecord, as_of: date, scope: Scope) -> dict[str, Any]:
    """The time line, the targets, what was registered, what was applied for, and what is owed no more."""
    item = record.item
    events = registered(item, as_of, scope)
    return {
        "line": time_line(record.all_duties, item.plan.year),
        "attained": attainments(record.targets, as_of, scope) if record.targets else [],
        "registers": bool(aims_of(item)),
        "registered": [event for event in events if event.revoked_on is None or event.revoked_on > as_of],
        "subjects": _subjects(record, events),
        "applications": applications(item, as_of, scope),
        "ended": by_reason(ended_duties(item, as_of, scope)),
    }


def _subjects(record: ItemRecord, events: Iterable[Occurrence]) -> dict[tuple[str, int], str]:
    """What the history's acts were done to, by record."""
    units = {share.unit.id: share.unit.name for share in record.shares}
    duties = {("duty", duty.id): f"{units[duty.unit_id]}“{duty.label}”" for duty in record.all_duties}
    reports = {("quarter_report", id_): f"{each.unit.name}{each.quarter.label}" for id_, each in record.reports.items()}
    return duties | reports | {("occurrence", event.id): event.unit.name for event in events}


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


@pages.get("/<int:item_id>/source")
@needs(Action.SEE_OVERVIEW)
def source(item_id: int) -> ResponseReturnValue:
    """The document that the item was read from, with its passage marked."""
    me = visitor()
    item = plans.item_of(me.organisation_id, item_id, me.scope)
    edition = item.revised_by or item.plan
    return render_template(
        "items/source.html",
        selection=selection(),
        item=item,
        edition=edition,
        lines=list(source_lines(edition.source, item.spans)),
    )
