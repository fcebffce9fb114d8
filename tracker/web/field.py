"""The inspector's page on a phone (实地检查): it works without a network, and sends what was entered afterwards.

The page is a shell that a service worker keeps; what it shows comes from `data.json` and is kept on the phone, and
every answer goes onto the phone first.  Each is sent under a key of its own: sent again, it is the same act.
"""

from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from tracker.ledger import field, inspection_results, plans, verified
from tracker.ledger.db import transaction
from tracker.ledger.field import FieldItem, FieldPart
from tracker.ledger.tables.inspections import InspectionPart, InspectionResult
from tracker.ledger.verified import Said
from tracker.rules.inspection_results import question_of
from tracker.rules.permissions import Action
from tracker.rules.refusals import Invalid, NotFound, Refusal
from tracker.rules.reports import ProgressClass
from tracker.web.access import act, needs, visitor
from tracker.web.inspection_entries import entry, stored_photos, whole

pages = Blueprint("field", __name__, url_prefix="/field")

_CUT = 400  # characters of a report that a phone shows


@pages.get("/")
@needs(Action.INSPECT)
def index() -> ResponseReturnValue:
    """The shell: it says nothing of anybody, for it stays on the phone."""
    return render_template("field/index.html")


@pages.get("/worker.js")
@needs(Action.PUBLIC)
def worker() -> ResponseReturnValue:
    """The service worker; its place in the address is its scope."""
    script = Path(current_app.static_folder or "") / "field_worker.js"
    answer = Response(script.read_bytes(), mimetype="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@pages.get("/data.json")
@needs(Action.INSPECT)
def data() -> ResponseReturnValue:
    me = visitor()
    parts = field.parts_of(me.organisation_id, me.person_id, me.own_units, me.today)
    answer = jsonify(
        me={"id": me.person_id, "name": me.name},
        today=me.today.isoformat(),
        token=generate_csrf(),
        parts=[_part(each) for each in parts],
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _part(each: FieldPart) -> dict[str, Any]:
    part, inspection = each.part, each.inspection
    return {
        "id": part.id,
        "inspection": inspection.title,
        "quarter": inspection.quarter.label,
        "unit": part.unit.name,
        "visit": part.visit_on.isoformat() if part.visit_on else "",
        "mine": part.checker_id == visitor().person_id,
        "checker": part.checker.name if part.checker else "",
        "stand": part.known.stand.label,
        "closed": part.facts_on is not None,
        "self": part.self_check,
        "criteria": [{"name": name, "question": question_of(name)} for name in inspection.criteria],
        "items": [_item(item) for item in each.items],
        "results": [_result(result) for result in each.results.values()],
        "selfs": [_result(result) for result in each.self_check.values()],
    }


def _item(each: FieldItem) -> dict[str, Any]:
    item, reported, word = each.item, each.compared.reported, each.compared.verified
    return {
        "id": item.id,
        "position": item.position,
        "short": item.short,
        "task": item.task,
        "goal": item.goal,
        "reported": reported.label if reported else "",
        "progress": each.report.progress[:_CUT] if each.report else "",
        "verified": word.progress_class.value if word and word.progress_class else "",
    }


def _result(result: InspectionResult) -> dict[str, Any]:
    return {
        "item": result.item_id or 0,
        "criterion": result.criterion,
        "verdict": result.verdict.value,
        "fact": result.fact,
        "link": result.link,
        "version": result.version,
        "by": result.made_by.name if result.made_by else "",
        "photos": len(result.files),
    }


@pages.post("/entries")
@needs(Action.INSPECT)
def record() -> ResponseReturnValue:
    """One verdict: taken, or told what stands in its place since somebody else came before."""
    try:
        photos = stored_photos()
        with transaction():
            what = entry(request.form.get("key", ""), photos)
            outcome = inspection_results.record(act(), _part_asked(), what)
            told = {"taken": outcome.taken, "result": _result(outcome.result)}
    except Refusal as refusal:
        return _refused(refusal)
    session.modified = True  # somebody works here: the time that a session may lie idle begins anew
    return jsonify(told)


@pages.post("/classes")
@needs(Action.INSPECT)
def verify() -> ResponseReturnValue:
    """The verified progress class of one item, beside what the unit reports."""
    try:
        with transaction():
            part, item_id = _part_asked(), whole(request.form.get("item", ""))
            if item_id not in part.items:
                raise Invalid("该任务不在本次检查范围内，请刷新页面后重新选择。")
            inspection = part.inspection
            [item] = plans.items_of(inspection.plan, only=[item_id])
            said = Said(_class_of(request.form.get("class", "")), request.form.get("reason", ""), inspection)
            verified.say(act(), item, part.unit_id, inspection.quarter, said, request.form.get("key", ""))
    except Refusal as refusal:
        return _refused(refusal)
    session.modified = True
    return jsonify(taken=True)


def _class_of(written: str) -> ProgressClass | None:
    try:
        return ProgressClass(written) if written else None
    except ValueError:
        raise Invalid("请选择核实的进度等次。") from None


def _part_asked() -> InspectionPart:
    part = field.part_of(visitor().organisation_id, whole(request.form.get("part", "")))
    if part is None:
        raise NotFound
    return part


def _refused(refusal: Refusal) -> ResponseReturnValue:
    answer: Response = jsonify(error=refusal.sentence)
    answer.status_code = refusal.status
    return answer
