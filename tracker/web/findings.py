"""Findings and rectification (检查问题、整改): the list, each one's loop from notice to closing, its papers."""

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from tracker.ledger import (
    events,
    files,
    finding_lists,
    finding_papers,
    findings,
    inspection_findings,
    paper_templates,
    units,
)
from tracker.ledger.db import transaction
from tracker.ledger.finding_lists import Line
from tracker.ledger.findings import Proof
from tracker.ledger.tables.findings import Finding
from tracker.ledger.tables.plans import Item
from tracker.printing import close_out, letter, office_template, rectification, rectification_register
from tracker.printing.letter_parts import Letter
from tracker.rules import findings as rules
from tracker.rules.findings import FindingAct, FindingSource, FindingState, RectificationRegister
from tracker.rules.office_templates import TemplateKind
from tracker.rules.permissions import Action
from tracker.rules.refusals import Invalid, NotFound, Refusal, Stale
from tracker.web import uploads
from tracker.web.access import act, needs, settings, visitor
from tracker.web.addresses import record_id
from tracker.web.finding_filters import Filters, Which, is_of, read_filters
from tracker.web.finding_forms import StepForm
from tracker.web.history import in_words
from tracker.web.paging import PER_PAGE, page_asked
from tracker.web.reports import sandboxed

pages = Blueprint("findings", __name__, url_prefix="/findings")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


# The list


@pages.get("/")
@needs(Action.SEE_ITEMS)
def index() -> ResponseReturnValue:
    me, filters = visitor(), read_filters()
    known = finding_lists.lines(me.organisation_id, me.scope, me.today)
    differing = _differing()
    beside = [line for line in known if filters.narrows(line)]
    listed = _of_state(beside, filters, differing)
    number, last = page_asked(len(listed))
    shown = listed[(number - 1) * PER_PAGE : number * PER_PAGE]
    return render_template(
        "findings/index.html",
        filters=filters,
        lines=shown,
        texts=finding_lists.with_texts([line.known.id for line in shown]),
        names=finding_lists.numbers({id_ for line in shown for id_ in line.repeats}),
        counts=_counts(beside, differing),
        total=len(listed),
        of_all=len(beside),
        choices=_choices(known),
        page=number,
        last=last,
    )


def _of_state(listed: Sequence[Line], filters: Filters, differing: Sequence[int]) -> Sequence[Line]:
    if filters.state is None:
        return listed
    return [line for line in listed if is_of(line, filters.state, visitor().today, differing)]


def _counts(listed: Sequence[Line], differing: Sequence[int]) -> dict[FindingState | Which, int]:
    """How many each state would list; what is in none is left out."""
    states = (*Which, *FindingState)
    counted = {each: sum(is_of(line, each, visitor().today, differing) for line in listed) for each in states}
    return {each: number for each, number in counted.items() if number}


def _differing() -> list[int]:
    """Findings beside which the unit reported that all goes well; for those who see all."""
    me = visitor()
    if not me.can(Action.SEE_OVERVIEW):
        return []
    return [each.finding_id for each in finding_lists.all_differences(me.organisation_id, me.today)]


def _choices(known: Sequence[Line]) -> dict[str, list[tuple[str, str]]]:
    """What the list can be narrowed to: only what is in it."""
    in_it = {line.known.unit_id for line in known}
    sources = {line.source for line in known}
    return {
        "unit": [(str(u.id), u.name) for u in units.units_of(visitor().organisation_id) if u.id in in_it],
        "source": [(source.value, source.label) for source in FindingSource if source in sources],
        "criterion": [(name, name) for name in sorted({line.known.criterion for line in known})],
        "quarter": [(str(q), q.label) for q in sorted({line.known.quarter for line in known}, reverse=True)],
    }


# One finding


@pages.get("/<int:finding_id>")
@needs(Action.SEE_ITEMS)
def show(finding_id: int) -> ResponseReturnValue:
    return _page(finding_id)


def _finding(finding_id: int) -> Finding:
    me = visitor()
    return findings.finding_of(me.organisation_id, finding_id, me.scope)


def _page(
    finding_id: int, typed: StepForm | None = None, doing: FindingAct | None = None, refusal: Refusal | None = None
) -> ResponseReturnValue:
    me, finding = visitor(), _finding(finding_id)
    known = finding_lists.known_of(finding)
    if typed and isinstance(refusal, Stale):
        typed.renew(finding.version)
    return render_template(
        "findings/finding.html",
        finding=finding,
        known=known,
        lit=known.lit(me.today),
        earlier=[each for each in finding_lists.earlier(finding) if me.scope is None or each.notified_on],
        compared=finding_lists.compared(finding, me.today),
        behind=inspection_findings.result_behind(finding),
        offered=_offered(finding),
        form=StepForm(formdata=None),
        typed=typed,
        doing=doing,
        refusal=refusal,
        theirs=_theirs(finding, doing) if isinstance(refusal, Stale) and doing else None,
        history=events.history(me.organisation_id, "finding", finding_id),
        in_words=in_words,
    ), refusal.status if refusal else 422 if typed and typed.errors else 200


def _theirs(finding: Finding, doing: FindingAct) -> tuple[str, str]:
    """What stands now in the place of what was typed, or else what was done last; with its name."""
    kept = {FindingAct.PLAN: finding.measures, FindingAct.SUBMIT: finding.result}.get(doing, "")
    last = finding.steps[-1]
    return (doing.field, kept) if kept else (last.act.label, last.text)


def _offered(finding: Finding) -> Mapping[FindingAct, str]:
    """What the visitor can do about it now; a sentence says why somebody else must."""
    me, offered = visitor(), dict[FindingAct, str]()
    for each in FindingAct:
        if each is not FindingAct.RECORD and rules.may_follow(finding.state, each) and _may(finding, each):
            offered[each] = ""
    if finding.unit_id in me.own_units:
        return {each: why for each, why in offered.items() if each in _OF_THE_UNIT}
    if me.person_id == finding.found_by_id:
        offered |= {each: "该问题由您登记，异议须由其他人员答复。" for each in _ANSWERS if each in offered}
    return offered


_OF_THE_UNIT = (FindingAct.PLAN, FindingAct.SUBMIT, FindingAct.OBJECT)
_ANSWERS = (FindingAct.UPHOLD, FindingAct.DISMISS)
_NEEDS = {
    FindingAct.EDIT: Action.RECORD_FINDING,
    FindingAct.DROP: Action.RECORD_FINDING,
    FindingAct.NOTIFY: Action.PRESS,
    FindingAct.CLOSE: Action.VERIFY,
    FindingAct.RETURN: Action.VERIFY,
    FindingAct.UPHOLD: Action.VERIFY,
    FindingAct.DISMISS: Action.VERIFY,
}


def _may(finding: Finding, each: FindingAct) -> bool:
    me = visitor()
    if each in _OF_THE_UNIT:
        reports = finding.unit_id in me.units_where(Action.REPORT)
        return reports and (each is not FindingAct.OBJECT or _may_object(finding, me.today))
    if each in _ANSWERS and finding.objected_on is None:
        return False
    if each in (FindingAct.CLOSE, FindingAct.RETURN) and finding.objected_on:
        return False
    return me.can(_NEEDS[each])


def _may_object(finding: Finding, today: date) -> bool:
    objected = any(step.act is FindingAct.OBJECT for step in finding.steps)
    return not objected and finding.notified_on is not None and today <= rules.last_day_to_object(finding.notified_on)


# The loop


@pages.post("/notify")
@needs(Action.PRESS)
def notify() -> ResponseReturnValue:
    """One or several go out at once, each under a number of its own."""
    me, ids = visitor(), request.form.getlist("finding", type=record_id)
    with transaction():
        chosen = findings.findings_by_id(me.organisation_id, ids, me.scope)
        findings.notify(act(), chosen)
        numbers = "、".join(rules.number_of(each.year, each.number) for each in chosen if each.number)
    flash(f"整改通知已发出：{numbers}。", "success")
    if len(ids) == 1:
        return redirect(url_for("findings.show", finding_id=ids[0]))
    return redirect(url_for("findings.index", state=FindingState.NOTIFIED.value))


@pages.post("/<int:finding_id>/drop")
@needs(Action.RECORD_FINDING)
def drop(finding_id: int) -> ResponseReturnValue:
    return _acted(finding_id, {FindingAct.DROP: "登记已撤销，记录保留。"})


@pages.post("/<int:finding_id>/unit")
@needs(Action.REPORT)
def answer_for_unit(finding_id: int) -> ResponseReturnValue:
    return _acted(
        finding_id,
        {
            FindingAct.PLAN: "整改措施已报送。",
            FindingAct.SUBMIT: "整改结果已报送，等待核查。",
            FindingAct.OBJECT: "异议已提出，将由登记人以外的人员答复。答复之前整改照常进行。",
        },
    )


@pages.post("/<int:finding_id>/verification")
@needs(Action.VERIFY)
def verify(finding_id: int) -> ResponseReturnValue:
    told = {FindingAct.CLOSE: "核查通过，已予销号。", FindingAct.RETURN: "已退回单位继续整改。"}
    return _acted(finding_id, told)


@pages.post("/<int:finding_id>/answer")
@needs(Action.VERIFY)
def answer(finding_id: int) -> ResponseReturnValue:
    told = {FindingAct.UPHOLD: "异议成立，该问题不予认定。", FindingAct.DISMISS: "异议已答复，整改继续进行。"}
    return _acted(finding_id, told)


def _acted(finding_id: int, possible: Mapping[FindingAct, str]) -> ResponseReturnValue:
    """The step that was pressed; where it is refused, all that was typed stands in its form again."""
    form, doing = StepForm(), _asked(possible)
    if not form.validate():
        return _page(finding_id, form, doing)
    try:
        stored = uploads.store(form.upload) if form.upload else None
        with transaction():
            by = act()
            proof = Proof(files.record(by, *stored) if stored else None, form.link.data)
            findings.take(by, _finding(finding_id), doing, form.text.data, form.version.data or 0, proof)
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(finding_id, form, doing, refusal)
    flash(possible[doing], "success")
    return redirect(url_for("findings.show", finding_id=finding_id))


def _asked(possible: Iterable[FindingAct]) -> FindingAct:
    asked = next((each for each in possible if each.value == request.form.get("act")), None)
    if asked is None:
        raise Invalid("请从页面上的按钮提交。")
    return asked


@pages.get("/<int:finding_id>/steps/<int:step_id>/file")
@needs(Action.SEE_ITEMS)
@sandboxed
def file(finding_id: int, step_id: int) -> ResponseReturnValue:
    return uploads.attachment(findings.file_of_step(_finding(finding_id), step_id))


# On paper


@pages.get("/notices.<medium>")
@needs(Action.SEE_ITEMS)
def notices(medium: str) -> ResponseReturnValue:
    """The notices of several findings in one file, each on pages of its own."""
    me, ids = visitor(), request.args.getlist("finding", type=record_id)
    chosen = findings.findings_by_id(me.organisation_id, ids, me.scope)
    return _paper(chosen, medium, f"整改通知书（{len(chosen)} 份）")


@pages.get("/<int:finding_id>.<medium>")
@needs(Action.SEE_ITEMS)
def paper(finding_id: int, medium: str) -> ResponseReturnValue:
    finding = _finding(finding_id)
    name = rules.number_of(finding.year, finding.number) if finding.number else "整改通知书（待发）"
    return _paper([finding], medium, name)


@pages.get("/<int:finding_id>/slip.<medium>")
@needs(Action.SEE_ITEMS)
def slip(finding_id: int, medium: str) -> ResponseReturnValue:
    """销号单."""
    told = finding_papers.notice(_finding(finding_id), visitor().today)
    return _letters([close_out.letter(told)], medium, f"{told.named} 销号单")


def _paper(chosen: Sequence[Finding], medium: str, name: str) -> ResponseReturnValue:
    if medium not in ("pdf", "docx") or not chosen:
        raise NotFound
    me = visitor()
    told = [finding_papers.notice(each, me.today) for each in chosen]
    if medium == "pdf":
        return _letters([rectification.letter(each) for each in told], medium, name)
    own = paper_templates.in_use(me.organisation_id, TemplateKind.RECTIFICATION_NOTICE, uploads.folder())
    return _sent(office_template.rectifications(told, own), f"{name}.docx")


def _letters(told: Sequence[Letter], medium: str, name: str) -> ResponseReturnValue:
    if medium not in ("pdf", "docx"):
        raise NotFound
    content = letter.pdf(told, settings().fonts) if medium == "pdf" else letter.docx(told)
    return _sent(content, f"{name}.{medium}")


def _sent(content: bytes, name: str) -> ResponseReturnValue:
    return send_file(io.BytesIO(content), as_attachment=True, download_name=name)


_REGISTER: Mapping[str, Callable[[RectificationRegister], bytes]] = {
    "pdf": lambda told: rectification_register.pdf(told, settings().fonts),
    "docx": rectification_register.docx,
    "xlsx": rectification.register_xlsx,
}


@pages.get("/register.<medium>")
@needs(Action.SEE_ITEMS)
def register(medium: str) -> ResponseReturnValue:
    """整改台账: all that the address asks for."""
    if medium not in _REGISTER:
        raise NotFound
    me, filters = visitor(), read_filters()
    known = finding_lists.lines(me.organisation_id, me.scope, me.today)
    listed = _of_state([line for line in known if filters.narrows(line)], filters, _differing())
    told = finding_papers.register(me.organisation, listed, me.scope, me.today)
    return send_file(
        io.BytesIO(_REGISTER[medium](told)),
        XLSX if medium == "xlsx" else None,
        as_attachment=True,
        download_name=f"{told.title}.{medium}",
    )


# What other pages say of findings


@pages.app_template_global()
def findings_on_item(item: Item, as_of: date) -> list[Finding]:
    return finding_lists.on_item(item, visitor().scope, as_of)


@pages.app_template_global()
def findings_to_verify() -> int:
    return finding_lists.count_in(visitor().organisation_id, FindingState.SUBMITTED)


@pages.app_template_global()
def objections_to_answer() -> int:
    return finding_lists.count_objections(visitor().organisation_id)


@pages.app_template_global()
def rectifications_of_own_units() -> Mapping[FindingState, int]:
    """What the visitor's units have still to mend, by state."""
    me = visitor()
    return finding_lists.under_way(me.organisation_id, me.own_units)


@pages.record_once
def name_the_words(state: BlueprintSetupState) -> None:
    state.app.jinja_env.globals.update(
        FindingAct=FindingAct, FindingState=FindingState, finding_rules=rules, known_finding=finding_lists.known_of
    )
