"""An item's page: what stands beside its shares, and the document that it was read from."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from tracker.ledger import plans
from tracker.ledger.attainment import attainments
from tracker.ledger.item_duties import applications, by_reason, ended_duties, registered
from tracker.ledger.items import ItemRecord
from tracker.ledger.occurrences import aims_of
from tracker.ledger.standing import Scope
from tracker.ledger.tables.occurrences import Occurrence
from tracker.rules.passage import source_lines
from tracker.rules.permissions import Action
from tracker.rules.time_line import time_line
from tracker.web.access import needs, visitor
from tracker.web.selection import selection

pages = Blueprint("item_page", __name__, url_prefix="/items")


def beside(record: ItemRecord, as_of: date, scope: Scope) -> dict[str, Any]:
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
