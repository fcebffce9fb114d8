"""Inspections (检查): the list, one inspection from notice to conclusion, its notice on paper and its summary."""

import io
from collections.abc import Callable
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from tracker.ledger import events, inspection_lists, inspection_papers, inspection_parts, inspections
from tracker.ledger.acts import Act
from tracker.ledger.db import transaction
from tracker.ledger.tables.inspections import Inspection, InspectionPart
from tracker.printing import inspection_notice, inspection_summary, letter, table
from tracker.rules import inspection_results as result_rules
from tracker.rules import inspections as rules
from tracker.rules import sampling
from tracker.rules.inspection_parts import Stand
from tracker.rules.inspection_results import Verdict
from tracker.rules.inspections import InspectionAct, InspectionState
from tracker.rules.permissions import Action
from tracker.rules.refusals import Invalid, NotFound, Refusal
from tracker.rules.sampling import Candidate
from tracker.web.access import act, needs, settings, visitor
from tracker.web.addresses import record_id
from tracker.web.filters import day
from tracker.web.history import in_words
from tracker.web.paging import PER_PAGE, page_asked

pages = Blueprint("inspections", __name__, url_prefix="/inspections")


@pages.get("/")
@needs(Action.SEE_ITEMS)
def index() -> ResponseReturnValue:
    me = visitor()
    total = inspection_lists.count(me.organisation_id, me.scope)
    number, last = page_asked(total)
    shown = inspection_lists.inspections_of(
        me.organisation_id, me.scope, limit=PER_PAGE, offset=(number - 1) * PER_PAGE
    )
    return render_template("inspections/index.html", inspections=shown, total=total, page=number, last=last)


@pages.get("/<int:inspection_id>")
@needs(Action.SEE_ITEMS)
def show(inspection_id: int) -> ResponseReturnValue:
    return _page(inspection_id)


def inspection_asked(inspection_id: int) -> Inspection:
    me = visitor()
    return inspection_lists.inspection_of(me.organisation_id, inspection_id, me.scope)


def part_asked(inspection_id: int, unit_id: int) -> InspectionPart:
    return inspection_lists.part_of(inspection_asked(inspection_id), unit_id, visitor().scope)


def _page(inspection_id: int, refusal: Refusal | None = None, doing: str = "") -> ResponseReturnValue:
    me, inspection = visitor(), inspection_asked(inspection_id)
    parts = inspection_lists.parts_seen(inspection, me.scope)
    return render_template(
        "inspections/inspection.html",
        inspection=inspection,
        parts=parts,
        summary=inspection_papers.summary(inspection, me.today) if me.scope is None else None,
        drawn=inspection_papers.drawn(inspection),
        marks=_marks(inspection),
        methods=inspection_papers.methods_of(inspection),
        already=inspection_lists.checked_already(inspection) if me.can(Action.PLAN_INSPECTION) else {},
        may=lambda act: rules.may_follow(inspection.state, act),
        open_parts=[part for part in inspection.parts if not part.known.is_settled(me.today)],
        refusal=refusal,
        doing=doing,
        typed=request.form.get("text", "") if refusal else "",
        history=events.history(me.organisation_id, "inspection", inspection_id) if me.scope is None else [],
        in_words=in_words,
    ), refusal.status if refusal else 200


def _marks(inspection: Inspection) -> list[tuple[Candidate, str, bool]]:
    """The roster as a sample was drawn from it, each with its mark and whether it was taken; for drawing it again."""
    taken = {part.unit_id for part in inspection.parts}
    roster = [Candidate(*each) for each in inspection.roster]
    return [(each, sampling.mark(each, inspection.seed)[:12], each.unit_id in taken) for each in roster]


# From notice to conclusion

_Verb = Callable[[Act, Inspection, str, int], None]
_VERBS: dict[InspectionAct, tuple[_Verb, str]] = {
    InspectionAct.NOTIFY: (
        lambda by, inspection, _text, version: inspections.notify(by, inspection, version),
        "检查通知已编号发出，单位可以签收和自查。",
    ),
    InspectionAct.CONCLUDE: (inspections.conclude, "检查结论已作出，并反馈各被检查单位。"),
    InspectionAct.PUBLISH: (inspections.publish, "已登记通报情况。"),
    InspectionAct.CANCEL: (inspections.cancel, "检查已取消，记录保留。"),
}


@pages.post("/<int:inspection_id>/acts")
@needs(Action.PLAN_INSPECTION)
def take(inspection_id: int) -> ResponseReturnValue:
    """Notify, conclude, publish, cancel; where it is refused, what was typed stands in its form again."""
    doing = next((each for each in _VERBS if each.value == request.form.get("act")), None)
    if doing is None:
        raise Invalid("请从页面上的按钮提交。")
    verb, told = _VERBS[doing]
    try:
        with transaction():
            version = request.form.get("version", 0, type=int)
            verb(act(), inspection_asked(inspection_id), request.form.get("text", ""), version)
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(inspection_id, refusal, doing.value)
    flash(told, "success")
    return redirect(url_for("inspections.show", inspection_id=inspection_id))


@pages.post("/<int:inspection_id>/on-site")
@needs(Action.INSPECT)
def go_on_site(inspection_id: int) -> ResponseReturnValue:
    with transaction():
        inspections.go_on_site(act(), inspection_asked(inspection_id))
    flash("已进入实地检查，检查人员可以录入结果。", "success")
    return redirect(url_for("inspections.show", inspection_id=inspection_id))


@pages.post("/<int:inspection_id>/units/<int:unit_id>/visit")
@needs(Action.PLAN_INSPECTION)
def arrange(inspection_id: int, unit_id: int) -> ResponseReturnValue:
    """Another day or checker for a unit."""
    visit_on, checker_id = _day_asked(), request.form.get("checker", type=record_id)
    with transaction():
        part = part_asked(inspection_id, unit_id)
        inspections.arrange(act(), part.inspection, part, checker_id or 0, visit_on)
        told = f"{part.unit.name}的检查安排已改为{day(part.visit_on)}。"
    flash(told, "success")
    return redirect(url_for("inspections.show", inspection_id=inspection_id))


def _day_asked() -> date:
    try:
        return date.fromisoformat(request.form.get("visit_on", "").strip())
    except ValueError:
        raise Invalid("检查日期不存在，请按 2025-08-31 的格式填写。") from None


# On paper


@pages.get("/<int:inspection_id>/notice.<medium>")
@needs(Action.SEE_ITEMS)
def notice(inspection_id: int, medium: str) -> ResponseReturnValue:
    """The office's copy; or, for a unit and where the address names one, that unit's own."""
    me, inspection = visitor(), inspection_asked(inspection_id)
    unit_id = request.args.get("unit", type=record_id)
    if me.scope is not None and unit_id is None:
        unit_id = inspection_lists.parts_seen(inspection, me.scope)[0].unit_id
    part = part_asked(inspection_id, unit_id) if unit_id else None
    if medium not in ("pdf", "docx"):
        raise NotFound
    paper = inspection_papers.notice(inspection, me.today, part)
    told = [inspection_notice.letter(paper)]
    content = letter.pdf(told, settings().fonts) if medium == "pdf" else letter.docx(told)
    name = f"{paper.named}{f'（{paper.addressee}）' if part else ''}.{medium}"
    return send_file(io.BytesIO(content), as_attachment=True, download_name=name)


@pages.get("/<int:inspection_id>/summary.<medium>")
@needs(Action.SEE_OVERVIEW)
def summary_paper(inspection_id: int, medium: str) -> ResponseReturnValue:
    told = [inspection_summary.table(inspection_papers.summary(inspection_asked(inspection_id), visitor().today))]
    if medium == "pdf":
        content = table.pdf(told, settings().fonts)
    elif medium in ("docx", "xlsx"):
        content = table.docx(told) if medium == "docx" else table.xlsx(told)
    else:
        raise NotFound
    return send_file(io.BytesIO(content), as_attachment=True, download_name=f"{''.join(told[0].title)}.{medium}")


@pages.get("/<int:inspection_id>/summary")
@needs(Action.SEE_OVERVIEW)
def summary(inspection_id: int) -> ResponseReturnValue:
    inspection = inspection_asked(inspection_id)
    told = inspection_papers.summary(inspection, visitor().today)
    return render_template("inspections/summary.html", inspection=inspection, summary=told)


# What other pages say of inspections


@pages.app_template_global()
def inspections_of_own_units() -> list[InspectionPart]:
    """What the visitor's units have to do: to sign for, to check themselves, to confirm."""
    me = visitor()
    return inspection_parts.of_units(me.organisation_id, frozenset(me.own_units), me.today)


@pages.app_template_global()
def inspection_objections() -> list[InspectionPart]:
    return inspection_parts.objected(visitor().organisation_id)


@pages.record_once
def name_the_words(state: BlueprintSetupState) -> None:
    state.app.jinja_env.globals.update(
        InspectionAct=InspectionAct,
        InspectionState=InspectionState,
        Stand=Stand,
        InspectionVerdict=Verdict,
        inspection_rules=rules,
        result_rules=result_rules,
        sampling_rules=sampling,
    )
