"""Verdicts on one item by criterion, in a form: the unit's self-check, or the check at a desk; and what follows."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.ledger import inspection_findings, inspection_results, plans, verified
from tracker.ledger.db import transaction
from tracker.ledger.inspection_results import Outcome
from tracker.ledger.tables.inspections import InspectionPart, InspectionResult
from tracker.ledger.tables.plans import Item
from tracker.ledger.verified import Compared, Said
from tracker.rules.inspection_results import WHOLE_UNIT
from tracker.rules.inspections import UNDER_WAY
from tracker.rules.permissions import Action
from tracker.rules.refusals import NotFound, Refusal
from tracker.rules.reports import ProgressClass
from tracker.web import uploads
from tracker.web.access import act, needs, visitor
from tracker.web.addresses import record_id
from tracker.web.inspection_entries import entry, stored_photos
from tracker.web.inspection_parts import checks, owns, sees_results
from tracker.web.inspections import part_asked
from tracker.web.reports import sandboxed

pages = Blueprint("inspection_cells", __name__, url_prefix="/inspections")


@dataclass(frozen=True)
class Row:
    """One criterion of the form: what stands, and what was typed where it was not taken."""

    number: int
    criterion: str
    result: InspectionResult | None
    self_check: InspectionResult | None
    typed: Mapping[str, str]
    theirs: InspectionResult | None = None
    refused: str = ""

    @property
    def prefix(self) -> str:
        return f"c{self.number}-"

    def value(self, name: str) -> str:
        """Typed, else kept."""
        if self.typed:
            return self.typed.get(name, "")
        kept = getattr(self.result, name, "") if self.result else ""
        return str(getattr(kept, "value", kept))


@pages.get("/<int:inspection_id>/units/<int:unit_id>/items/<int:item_id>")
@needs(Action.SEE_ITEMS)
def show(inspection_id: int, unit_id: int, item_id: int) -> ResponseReturnValue:
    return _page(part_asked(inspection_id, unit_id), item_id or None)


@pages.get("/<int:inspection_id>/units/<int:unit_id>/whole")
@needs(Action.SEE_ITEMS)
def show_whole(inspection_id: int, unit_id: int) -> ResponseReturnValue:
    """The unit as a whole."""
    return _page(part_asked(inspection_id, unit_id), None)


@pages.post("/<int:inspection_id>/units/<int:unit_id>/self-check")
@needs(Action.REPORT)
def check_self(inspection_id: int, unit_id: int) -> ResponseReturnValue:
    return _record(inspection_id, unit_id, by_unit=True)


@pages.post("/<int:inspection_id>/units/<int:unit_id>/results")
@needs(Action.INSPECT)
def record(inspection_id: int, unit_id: int) -> ResponseReturnValue:
    return _record(inspection_id, unit_id, by_unit=False)


def _record(inspection_id: int, unit_id: int, *, by_unit: bool) -> ResponseReturnValue:
    """Each criterion that has a verdict; where one is not taken, both texts are shown and nothing typed is lost."""
    item_id = request.form.get("item", type=record_id)
    part = part_asked(inspection_id, unit_id)
    asked = [number for number, _ in enumerate(part.inspection.criteria) if request.form.get(f"c{number}-verdict")]
    clashes, problems = dict[int, InspectionResult](), dict[int, str]()
    for number in asked:
        try:
            outcome = _take(inspection_id, unit_id, number, by_unit=by_unit)
        except NotFound:
            raise
        except Refusal as refusal:
            problems[number] = refusal.sentence
        else:
            if not outcome.taken:
                clashes[number] = outcome.result
    if clashes or problems:
        part = part_asked(inspection_id, unit_id)
        return _page(part, item_id, clashes, problems), 409 if clashes else 422
    if by_unit is False:
        _say_class(inspection_id, unit_id, item_id)
    flash("已保存。" if asked else "没有选择结论，未作改动。", "success" if asked else "warning")
    return redirect(_after(part_asked(inspection_id, unit_id), item_id))


def _take(inspection_id: int, unit_id: int, number: int, *, by_unit: bool) -> Outcome:
    prefix = f"c{number}-"
    photos = stored_photos(f"{prefix}photo")
    with transaction():
        what = entry(f"{request.form.get('key', '')}-{number}", photos, prefix=prefix)
        return inspection_results.record(act(), part_asked(inspection_id, unit_id), what, by_unit=by_unit)


def _say_class(inspection_id: int, unit_id: int, item_id: int | None) -> None:
    """The verified class, where one was chosen and it is another than stands."""
    written = request.form.get("class", "")
    if item_id is None or written not in {each.value for each in ProgressClass}:
        return
    chosen = ProgressClass(written)
    with transaction():
        part = part_asked(inspection_id, unit_id)
        inspection = part.inspection
        stands = verified.of_share(item_id, unit_id, inspection.quarter, visitor().today)
        if stands and stands.progress_class is chosen:
            return
        [item] = plans.items_of(inspection.plan, only=[item_id])
        key = f"{request.form.get('key', '')}-class"
        verified.say(act(), item, unit_id, inspection.quarter, Said(chosen, "", inspection), key)


def _after(part: InspectionPart, item_id: int | None) -> str:
    """The next item where 保存并到下一项 was pressed, else the unit's page."""
    here: dict[str, Any] = {"inspection_id": part.inspection_id, "unit_id": part.unit_id}
    following = _neighbours(part, item_id)[1]
    if request.form.get("next") and following is not None:
        return url_for("inspection_cells.show", **here, item_id=following)
    return url_for("inspection_parts.show", **here)


def _neighbours(part: InspectionPart, item_id: int | None) -> tuple[int | None, int | None]:
    """The items before and after."""
    items: list[int] = part.items
    place = items.index(item_id) if item_id in items else -1
    before = items[place - 1] if place > 0 else None
    return before, items[place + 1] if place + 1 < len(items) else None


def _page(
    part: InspectionPart,
    item_id: int | None,
    clashes: Mapping[int, InspectionResult] | None = None,
    problems: Mapping[int, str] | None = None,
) -> str:
    own, item = owns(part), _item(part, item_id)
    if not (own or visitor().scope is None):
        raise NotFound
    before, following = _neighbours(part, item_id)
    return render_template(
        "inspections/cells.html",
        part=part,
        inspection=part.inspection,
        item=item,
        title=f"{item.position}. {item.short}" if item else WHOLE_UNIT,
        rows=_rows(part, item_id, own=own, clashes=clashes or {}, problems=problems or {}),
        own=own,
        writes=_writes(part, own=own),
        progress_classes=list(ProgressClass),
        key=request.form.get("key") if problems else secrets.token_hex(12),
        compared=_compared(part).get(item_id or 0) if not own or sees_results(part) else None,
        before=before,
        following=following,
        problems=problems,
        clashes=clashes,
    )


def _compared(part: InspectionPart) -> Mapping[int, Compared]:
    inspection = part.inspection
    return verified.compared(inspection.plan_id, inspection.quarter, visitor().today, part.unit_id)


def _item(part: InspectionPart, item_id: int | None) -> Item | None:
    if item_id is None:
        return None
    if item_id not in part.items:
        raise NotFound
    return next(iter(plans.items_of(part.inspection.plan, only=[item_id])), None)


def _writes(part: InspectionPart, *, own: bool) -> bool:
    open_ = part.inspection.state in UNDER_WAY and part.facts_on is None and not part.excused
    return open_ and (own or checks(part))


def _rows(
    part: InspectionPart,
    item_id: int | None,
    *,
    own: bool,
    clashes: Mapping[int, InspectionResult],
    problems: Mapping[int, str],
) -> Sequence[Row]:
    mine = inspection_results.by_cell(part, by_unit=own)
    selfs = {} if own else inspection_results.by_cell(part, by_unit=True)
    rows = []
    for number, criterion in enumerate(part.inspection.criteria):
        prefix, place = f"c{number}-", (item_id, criterion)
        failed = number in clashes or number in problems
        names = ("verdict", "fact", "link")
        typed = {name: request.form.get(prefix + name, "") for name in names} if failed else {}
        rows.append(
            Row(
                number,
                criterion,
                mine.get(place),
                selfs.get(place),
                typed,
                clashes.get(number),
                problems.get(number, ""),
            )
        )
    return rows


# What proves a verdict, and what follows from it


@pages.get("/<int:inspection_id>/units/<int:unit_id>/files/<int:file_id>")
@needs(Action.SEE_ITEMS)
@sandboxed
def file(inspection_id: int, unit_id: int, file_id: int) -> ResponseReturnValue:
    """A picture to look at, anything else to download."""
    part = part_asked(inspection_id, unit_id)
    if visitor().scope is not None and not sees_results(part) and not inspection_results.is_of_unit(part, file_id):
        raise NotFound
    stored = inspection_results.file_of(part, file_id)
    try:
        return uploads.to_look_at(stored)
    except NotFound:
        return uploads.attachment(stored)


@pages.post("/<int:inspection_id>/units/<int:unit_id>/results/<int:result_id>/finding")
@needs(Action.RECORD_FINDING)
def make_finding(inspection_id: int, unit_id: int, result_id: int) -> ResponseReturnValue:
    """One press: what is not met becomes a finding, with fact, criterion, item and class."""
    with transaction():
        part = part_asked(inspection_id, unit_id)
        result = inspection_results.result_of(part, result_id)
        word = None
        if result.item_id:
            word = verified.of_share(result.item_id, unit_id, part.inspection.quarter, visitor().today)
        finding_id = inspection_findings.make_finding(act(), result, word.progress_class if word else None).id
    flash("已登记为检查问题，尚未通知单位。核对无误后发出整改通知。", "success")
    return redirect(url_for("findings.show", finding_id=finding_id))
