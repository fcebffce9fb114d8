"""The quarterly inspection sheet (季度检查表): seen as a page, handed out as DOCX and PDF, from the same figures."""

import io
from collections.abc import Callable

from flask import Blueprint, render_template, request, send_file
from flask.typing import ResponseReturnValue

from tracker.ledger import item_words, plans, units
from tracker.ledger.inspection_sheets import inspection_sheets
from tracker.printing import inspection_sheets as paper
from tracker.printing.inspection_sheets_text import paper as wording
from tracker.rules.inspection_sheets import InspectionSheets
from tracker.rules.permissions import Action
from tracker.rules.refusals import NotFound
from tracker.web.access import needs, settings, visitor
from tracker.web.addresses import record_id
from tracker.web.selection import selection

pages = Blueprint("inspection_sheets", __name__, url_prefix="/inspection-sheets")

_ALL = "all"  # what the address asks as `unit` to have the summary and every unit's sheet on one page

_FORMATS: dict[str, Callable[[InspectionSheets], bytes]] = {
    "docx": paper.docx,
    "pdf": lambda sheets: paper.pdf(sheets, settings().fonts),
}


@pages.get("/")
@needs(Action.PRINT)
def index() -> ResponseReturnValue:
    """The summary, which leads to each unit's sheet; one unit's sheet; or, for the printer, all of them."""
    organisation_id = visitor().organisation_id
    sheets, plan = _sheets(), selection().plan
    return render_template(
        "inspection_sheets/index.html",
        unit_ids={unit.name: unit.id for unit in units.units_of(organisation_id)},
        item_ids={str(item.position): item.id for item in item_words.outline(plan)} if plan else {},
        selection=selection(),
        plans=plans.plans_of(organisation_id),
        units=units.units_of(organisation_id),
        unit_id=request.args.get("unit", type=record_id),
        whole=request.args.get("unit") == _ALL,
        paper=wording(sheets) if sheets else None,
    )


@pages.get("/sheet.<ending>")
@needs(Action.PRINT)
def sheet(ending: str) -> ResponseReturnValue:
    """The same sheets as a file; `ending` is docx or pdf."""
    sheets = _sheets()
    if sheets is None or ending not in _FORMATS:
        raise NotFound
    content = io.BytesIO(_FORMATS[ending](sheets))
    return send_file(content, as_attachment=True, download_name=f"{sheets.title}（{sheets.plan}）.{ending}")


def _sheets() -> InspectionSheets | None:
    """The sheets that the address asks for; None while there is no plan."""
    chosen = selection()
    if chosen.plan is None or chosen.quarter is None:
        return None
    unit_id = request.args.get("unit", type=record_id)
    if unit_id is not None:
        units.unit_of(visitor().organisation_id, unit_id)
    return inspection_sheets(chosen.plan, chosen.quarter, chosen.as_of, unit_id)
