"""One unit in an inspection: receipt, self-check, the facts and the unit's word on them, objection and answer."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.ledger import (
    events,
    inspection_findings,
    inspection_lists,
    inspection_parts,
    inspection_results,
    plans,
    verified,
)
from tracker.ledger.acts import Act
from tracker.ledger.db import transaction
from tracker.ledger.inspection_lists import CheckedPart
from tracker.ledger.tables.inspections import Inspection, InspectionPart
from tracker.ledger.tables.plans import Item
from tracker.rules import inspection_results as result_rules
from tracker.rules import inspections as rules
from tracker.rules.inspection_parts import Stand
from tracker.rules.inspections import InspectionState
from tracker.rules.permissions import Action
from tracker.rules.refusals import Invalid, NotFound, Refusal
from tracker.web.access import act, needs, visitor
from tracker.web.history import in_words
from tracker.web.inspections import part_asked

pages = Blueprint("inspection_parts", __name__, url_prefix="/inspections")


@pages.get("/<int:inspection_id>/units/<int:unit_id>")
@needs(Action.SEE_ITEMS)
def show(inspection_id: int, unit_id: int) -> ResponseReturnValue:
    return _page(inspection_id, unit_id)


def _page(inspection_id: int, unit_id: int, refusal: Refusal | None = None, doing: str = "") -> ResponseReturnValue:
    me, part = visitor(), part_asked(inspection_id, unit_id)
    inspection = part.inspection
    told = me.scope is None or sees_results(part)
    return render_template(
        "inspections/part.html",
        part=part,
        inspection=inspection,
        items=[item for item in plans.items_of(inspection.plan, only=part.items) if item.id in part.items],
        own=owns(part),
        checks=checks(part),
        offered=_offered(part),
        self_check=inspection_results.by_cell(part, by_unit=True),
        results=inspection_results.by_cell(part, by_unit=False) if told else {},
        set_aside=inspection_results.set_aside(part) if checks(part) else [],
        told=told,
        classes=_classes(part, told=told),
        findings=inspection_findings.findings_of([part.id]).get(part.id, []) if told else [],
        place_of=result_rules.place_of,
        answers_own=me.person_id in inspection_results.authors(part),
        refusal=refusal,
        doing=doing,
        typed=request.form.get("text", "") if refusal else "",
        history=[] if me.scope is not None else events.history(me.organisation_id, "inspection_part", part.id),
        in_words=in_words,
    ), refusal.status if refusal else 200


def _classes(part: InspectionPart, *, told: bool) -> dict[int, verified.Compared]:
    """By item what the unit reports and what was verified."""
    inspection = part.inspection
    return verified.compared(inspection.plan_id, inspection.quarter, visitor().today, part.unit_id) if told else {}


def sees_results(part: InspectionPart) -> bool:
    """Whether the unit reads what was found: from the day on which the facts lie with it."""
    return part.facts_on is not None or part.inspection.concluded_on is not None


def owns(part: InspectionPart) -> bool:
    me = visitor()
    return part.unit_id in me.units_where(Action.REPORT)


def checks(part: InspectionPart) -> bool:
    """Whether the visitor is of the team, and not of the unit."""
    me = visitor()
    of_team = me.person_id in [member.person_id for member in part.inspection.team]
    return of_team and me.can(Action.INSPECT) and part.unit_id not in me.own_units


# What may be done now

_Verb = Callable[[Act, InspectionPart, str, int], None]
_OF_UNIT: dict[str, tuple[_Verb, str]] = {
    "receive": (lambda by, part, text, _version: inspection_parts.receive(by, part, text), "已签收。"),
    "self_check": (
        lambda by, part, text, _version: inspection_parts.hand_in_self_check(by, part, text),
        "自查情况已报送。",
    ),
    "confirm": (inspection_parts.confirm, "检查事实已确认。"),
    "object": (inspection_parts.object_, "异议已提出，将由检查人员以外的人员答复。"),
}
_OF_CHECKERS: dict[str, tuple[_Verb, str]] = {
    "send_facts": (
        lambda by, part, _text, _version: inspection_parts.send_facts(by, part),
        "检查事实已送单位确认。",
    ),
    "call_back": (
        lambda by, part, text, _version: inspection_parts.call_back(by, part, text),
        "检查事实已收回，可以修改后重新送单位确认。",
    ),
}
_ANSWERS: dict[str, tuple[_Verb, str]] = {
    "uphold": (inspection_parts.uphold, "异议成立，检查结果退回检查人员更正。"),
    "dismiss": (inspection_parts.dismiss, "异议已答复，检查事实不变。"),
}


def _offered(part: InspectionPart) -> set[str]:
    me, known, state = visitor(), part.known, part.inspection.state
    offered = set[str]()
    if state not in rules.UNDER_WAY or known.excused:
        return offered
    if owns(part):
        offered |= {"receive"} if not part.received_on else set()
        offered |= {"self_check"} if known.facts_on is None else set()
        if known.stand is Stand.FACTS_SENT and not known.is_settled(me.today):
            offered |= {"confirm", "object"}
    if checks(part):
        offered |= {"record"} if known.facts_on is None else set()
        if state is InspectionState.ON_SITE and known.stand is Stand.CHECKED:
            offered.add("send_facts")
        if known.stand is Stand.FACTS_SENT:
            offered.add("call_back")
    if known.stand is Stand.OBJECTED and me.can(Action.VERIFY) and part.unit_id not in me.own_units:
        offered |= {"uphold", "dismiss"}
    if me.can(Action.PLAN_INSPECTION) and known.facts_on is None:
        offered.add("excuse")
    return offered


@pages.post("/<int:inspection_id>/units/<int:unit_id>/unit")
@needs(Action.REPORT)
def answer_for_unit(inspection_id: int, unit_id: int) -> ResponseReturnValue:
    return _acted(inspection_id, unit_id, _OF_UNIT)


@pages.post("/<int:inspection_id>/units/<int:unit_id>/facts")
@needs(Action.INSPECT)
def facts(inspection_id: int, unit_id: int) -> ResponseReturnValue:
    return _acted(inspection_id, unit_id, _OF_CHECKERS)


@pages.post("/<int:inspection_id>/units/<int:unit_id>/answer")
@needs(Action.VERIFY)
def answer(inspection_id: int, unit_id: int) -> ResponseReturnValue:
    return _acted(inspection_id, unit_id, _ANSWERS)


@pages.post("/<int:inspection_id>/units/<int:unit_id>/excuse")
@needs(Action.PLAN_INSPECTION)
def excuse(inspection_id: int, unit_id: int) -> ResponseReturnValue:
    verbs: dict[str, tuple[_Verb, str]] = {
        "excuse": (lambda by, part, text, _version: inspection_parts.excuse(by, part, text), "该单位本次不查。")
    }
    return _acted(inspection_id, unit_id, verbs)


def _acted(inspection_id: int, unit_id: int, possible: dict[str, tuple[_Verb, str]]) -> ResponseReturnValue:
    """The act that was pressed; where it is refused, all that was typed stands in its form again."""
    doing = request.form.get("act", "")
    if doing not in possible:
        raise Invalid("请从页面上的按钮提交。")
    verb, told = possible[doing]
    try:
        with transaction():
            version = request.form.get("version", 0, type=int)
            verb(act(), part_asked(inspection_id, unit_id), request.form.get("text", ""), version)
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(inspection_id, unit_id, refusal, doing)
    flash(told, "success")
    return redirect(url_for("inspection_parts.show", inspection_id=inspection_id, unit_id=unit_id))


# What an item's page says of inspections


@pages.app_template_global()
def inspections_on_item(item: Item, as_of: date) -> dict[Inspection, list[CheckedPart]]:
    """A unit reads its own verdict, and only once the facts lie with it."""
    scope = visitor().scope
    found = inspection_lists.on_item(item, scope, as_of)
    return {
        inspection: [one if scope is None or sees_results(one.part) else replace(one, verdict=None) for one in parts]
        for inspection, parts in found.items()
    }
