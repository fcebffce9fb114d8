"""The office's texts and Word files for its papers (文书模板): writing them, seeing them filled, taking them back."""

import io
from dataclasses import dataclass
from itertools import groupby

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from tracker.ledger import files, notice_papers, paper_templates, plans
from tracker.ledger.db import transaction
from tracker.ledger.finding_papers import example as example_finding
from tracker.ledger.snapshot_content import content_of
from tracker.printing import office_example, office_template
from tracker.printing import written as writing
from tracker.printing.papers import PAPERS, Asked
from tracker.reading.guarded import template_faults
from tracker.rules import office_templates as word
from tracker.rules import paper_fields
from tracker.rules.office_templates import Misplaced, TemplateKind
from tracker.rules.paper_figures import JUDGING, RATINGS
from tracker.rules.paper_kinds import PaperKind
from tracker.rules.paper_texts import Template, doubts
from tracker.rules.permissions import Action
from tracker.rules.refusals import Invalid, NotFound, Stale
from tracker.rules.snapshots import Snapshot
from tracker.web.access import act, needs, visitor
from tracker.web.history import in_words
from tracker.web.selection import selection
from tracker.web.uploads import attachment, folder, store
from tracker.web.uploads import content_of as bytes_of

pages = Blueprint("paper_templates", __name__, url_prefix="/paper-templates")


@dataclass(frozen=True)
class Draft:
    """A text that is being written; `version` is that of the one it changes."""

    text: str
    version: int


@pages.get("/")
@needs(Action.EDIT_SETTINGS)
def index() -> ResponseReturnValue:
    return redirect(url_for("paper_templates.edit", kind=TemplateKind.CIRCULAR))


@pages.get("/<kind>")
@needs(Action.EDIT_SETTINGS)
def edit(kind: str) -> ResponseReturnValue:
    return _page(_kind(kind))


def _kind(named: str) -> TemplateKind:
    if named not in tuple(TemplateKind):
        raise NotFound
    return TemplateKind(named)


def _page(
    kind: TemplateKind,
    draft: Draft | None = None,
    *,
    error: str = "",
    theirs: str | None = None,
    wrong: list[Misplaced] | None = None,
    refused: str = "",
) -> str:
    me = visitor()
    text = kind.text
    own = paper_templates.own_texts(me.organisation_id).get(text) if text else None
    draft = draft or Draft(own.text if own else text.default if text else "", own.version if own else 0)
    template = Template(draft.text)
    return render_template(
        "paper_templates/edit.html",
        kind=kind,
        kinds=[(group, list(listed)) for group, listed in groupby(TemplateKind, lambda each: each.group)],
        text=text,
        own=own,
        draft=draft,
        faults=template.faults,
        doubts=doubts(template, JUDGING),
        shown=_preview(draft) if text and not template.faults else None,
        selection=selection(),
        plans=plans.plans_of(me.organisation_id),
        error=error,
        theirs=theirs,
        fields=paper_fields.FIELDS,
        ratings=RATINGS,
        placeholders=word.placeholders(kind),
        file=paper_templates.own_files(me.organisation_id).get(kind),
        wrong=wrong or (),
        refused=refused,
        most=word.MOST_BYTES // 1_000_000,
        acts=paper_templates.acts(me.organisation_id),
        in_words=in_words,
    )


def _quarter() -> Snapshot | None:
    """The quarter that the bar names, as it stands; None while there is no plan."""
    chosen = selection()
    if chosen.plan is None or chosen.quarter is None:
        return None
    return content_of(chosen.plan, chosen.quarter, chosen.as_of)


def _preview(draft: Draft) -> list[tuple[int, str]] | None:
    """Paragraphs with their levels."""
    snapshot = _quarter()
    if snapshot is None:
        return None
    filled = Template(draft.text).filled(paper_fields.values(snapshot))
    return [(part.level, part.text) for part in writing.paragraphs(filled)]


@pages.post("/<kind>")
@needs(Action.EDIT_SETTINGS)
def save(kind: str) -> ResponseReturnValue:
    """See it filled, keep it, or go back to the default: the button that was pressed says which."""
    paper = _kind(kind)
    text, do = paper.text, request.form.get("do", "preview")
    if text is None:
        raise NotFound
    draft = Draft(request.form.get("text", ""), request.form.get("version", 0, int))
    if do == "preview":
        return _page(paper, draft)
    try:
        with transaction():
            if do == "restore":
                paper_templates.restore_text(act(), text)
            else:
                paper_templates.save_text(act(), text, draft.text, draft.version)
    except Stale as refusal:
        return _page(paper, draft, error=refusal.sentence, theirs=str(refusal.theirs)), refusal.status
    except Invalid as refusal:
        return _page(paper, draft, error=refusal.sentence), refusal.status
    flash(f"{paper.label}已恢复为通用文字。" if do == "restore" else f"{paper.label}的文字已保存。", "success")
    return redirect(selection().url("paper_templates.edit", kind=kind))


# Word files


@pages.post("/<kind>/file")
@needs(Action.EDIT_SETTINGS)
def use(kind: str) -> ResponseReturnValue:
    """Take a Word file, or say all that is wrong with it."""
    paper, upload = _kind(kind), request.files.get("file")
    try:
        if upload is None or not upload.filename:
            raise Invalid("请选择要上传的 Word 模板（.docx）。")
        content = bytes_of(upload)
        if len(content) > word.MOST_BYTES:
            raise Invalid(f"模板不能超过 {word.MOST_BYTES // 1_000_000} MB，请去掉其中的图片后再上传。")
        wrong = template_faults(content, word.placeholders(paper))
        if wrong:
            return _page(paper, wrong=wrong), 422
        stored = store(upload)
    except Invalid as refusal:
        return _page(paper, refused=refusal.sentence), refusal.status
    with transaction():
        by = act()
        paper_templates.use_file(by, paper, files.record(by, *stored))
    flash(f"{paper.label}的 Word 模板已启用，请下载样张核对。", "success")
    return redirect(f"{selection().url('paper_templates.edit', kind=kind)}#word")


@pages.post("/<kind>/file/drop")
@needs(Action.EDIT_SETTINGS)
def drop(kind: str) -> ResponseReturnValue:
    paper = _kind(kind)
    with transaction():
        paper_templates.drop_file(act(), paper)
    flash(f"{paper.label}恢复为通用版式。", "success")
    return redirect(f"{selection().url('paper_templates.edit', kind=kind)}#word")


@pages.get("/<kind>/file")
@needs(Action.EDIT_SETTINGS)
def file(kind: str) -> ResponseReturnValue:
    """The file in use, as it was handed in."""
    kept = paper_templates.own_files(visitor().organisation_id).get(_kind(kind))
    if kept is None:
        raise NotFound
    return attachment(kept.file)


@pages.get("/<kind>/example.docx")
@needs(Action.EDIT_SETTINGS)
def example(kind: str) -> ResponseReturnValue:
    """A file to begin with."""
    paper = _kind(kind)
    return _word_file(office_example.example(paper), f"{paper.label}模板（范例）.docx")


@pages.get("/<kind>/sample.docx")
@needs(Action.EDIT_SETTINGS)
def sample(kind: str) -> ResponseReturnValue:
    """What the file in use makes of the quarter that the bar names."""
    paper = _kind(kind)
    kept = paper_templates.own_files(visitor().organisation_id).get(paper)
    if kept is None:
        raise NotFound
    return _word_file(_sample(paper, files.read(folder(), kept.file)), f"{paper.label}（样张）.docx")


def _sample(kind: TemplateKind, template: bytes) -> bytes:
    office, today = visitor().organisation, visitor().today
    if kind.step:
        return office_template.notices([notice_papers.example(office, kind.step, today)], template)
    if kind is TemplateKind.RECTIFICATION_NOTICE:
        return office_template.rectifications([example_finding(office, today)], template)
    snapshot = _quarter()
    if snapshot is None:
        raise NotFound("还没有入账的工作计划，暂时不能生成样张。")
    return PAPERS[PaperKind(kind.value)].make["docx"](Asked(snapshot, template=template))


def _word_file(content: bytes, name: str) -> ResponseReturnValue:
    return send_file(io.BytesIO(content), as_attachment=True, download_name=name, max_age=0)
