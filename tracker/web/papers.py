"""The papers (文书): one list by kind and number with state and receipt, and each paper with its files."""

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField

from tracker.ledger import circulation, files, paper_register, papers, plans, sealed, units
from tracker.ledger.db import transaction
from tracker.ledger.paper_register import KINDS, Asked, Line
from tracker.ledger.tables.papers import Paper
from tracker.rules.permissions import Action
from tracker.rules.refusals import Invalid, NotFound, Refusal
from tracker.web.access import act, needs, settings, visitor
from tracker.web.addresses import record_id
from tracker.web.forms import TokenlessForm
from tracker.web.paging import PER_PAGE, page_asked
from tracker.web.selection import selection

pages = Blueprint("papers", __name__, url_prefix="/papers")

_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class ReceiptForm(TokenlessForm):
    received_by = StringField("签收人")


@pages.get("/")
@needs(Action.SEE_ITEMS)
def index() -> ResponseReturnValue:
    me, asked, chosen = visitor(), _asked(), selection()
    page, last = page_asked(paper_register.count(me.organisation_id, me.scope, asked))
    sets = sealed.latest_of_plans([chosen.plan.id]) if chosen.plan else {}
    return render_template(
        "papers/index.html",
        selection=chosen,
        plans=plans.plans_of(me.organisation_id),
        lines=paper_register.lines(me.organisation_id, me.scope, asked, PER_PAGE, (page - 1) * PER_PAGE),
        asked=asked,
        kinds=KINDS,
        counts=paper_register.counts(me.organisation_id, me.scope),
        years=paper_register.years(me.organisation_id, me.scope),
        units=units.units_of(me.organisation_id) if me.scope is None else [],
        sets={quarter: snapshot for (_, quarter), snapshot in sets.items()},
        page=page,
        last=last,
    )


def _asked() -> Asked:
    kind = request.args.get("kind", "")
    if kind and kind not in KINDS:
        raise Invalid("没有这种文书，请从页面的选项中选择。")
    year = request.args.get("year", type=int)
    return Asked(kind, year if year and 1900 <= year <= 9998 else None, request.args.get("unit", type=record_id))


@pages.app_template_global()
def paper_address(line: Line) -> str:
    """The page of the record that has the number; empty where the visitor may not open it."""
    if line.source == "notice":
        return url_for("notices.show", notice_id=line.id) if visitor().can(Action.SEE_ALERTS) else ""
    if line.source == "finding":
        return url_for("findings.show", finding_id=line.id)
    if line.source == "inspection":
        return url_for("inspections.show", inspection_id=line.id)
    return url_for("papers.show", paper_id=line.id)


@pages.app_template_global()
def paper_files(line: Line) -> list[tuple[str, str]]:
    """By ending the addresses of its files: of a sealed quarter's paper those kept, of others set when asked for."""
    if line.source == "paper":
        return [(kept.ending, url_for("papers.file", paper_id=line.id, ending=kept.ending)) for kept in line.files]
    return [(ending, _file_address(line, ending)) for ending in ("docx", "pdf")] if paper_address(line) else []


def _file_address(line: Line, ending: str) -> str:
    if line.source == "notice":
        return url_for("notices.paper", notice_id=line.id, medium=ending)
    if line.source == "finding":
        return url_for("findings.paper", finding_id=line.id, medium=ending)
    return url_for("inspections.notice", inspection_id=line.id, medium=ending)


@pages.get("/<int:paper_id>")
@needs(Action.SEE_ITEMS)
def show(paper_id: int) -> ResponseReturnValue:
    return _page(_paper(paper_id))


@pages.post("/<int:paper_id>/send")
@needs(Action.CLOSE_QUARTER)
def send(paper_id: int) -> ResponseReturnValue:
    """Let every unit of the quarter see the circular, and sign for it."""
    try:
        with transaction():
            number = circulation.send(act(), _paper(paper_id))
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(_paper(paper_id), refusal.sentence), refusal.status
    flash(f"已发送 {number} 个单位，签收情况见下表。", "success")
    return redirect(url_for("papers.show", paper_id=paper_id))


def _paper(paper_id: int) -> Paper:
    me = visitor()
    return papers.paper_of(me.organisation_id, paper_id, me.scope)


def _page(paper: Paper, refused: str = "") -> str:
    me = visitor()
    copies = [receipt for receipt in paper.receipts if me.scope is None or receipt.unit_id in me.scope]
    unsigned = {receipt.unit_id for receipt in copies if receipt.received_at is None}
    if paper.unit_id and not paper.received_at:
        unsigned.add(paper.unit_id)
    newest = sealed.versions(paper.snapshot.plan_id, paper.snapshot.quarter)[-1]
    return render_template(
        "papers/paper.html",
        paper=paper,
        newest=newest,
        copies=copies,
        number=papers.number_of(paper),
        form=ReceiptForm(),
        signs=newest.id == paper.snapshot_id and not unsigned.isdisjoint(me.own_units),
        longest=64,
        refused=refused,
    )


@pages.get("/<int:paper_id>/file.<ending>")
@needs(Action.SEE_ITEMS)
def file(paper_id: int, ending: str) -> ResponseReturnValue:
    """The paper as it was set; a PDF opens in the browser, for that is the page itself."""
    paper = _paper(paper_id)
    kept = papers.file_of(paper, ending)
    if kept is None:
        raise NotFound("该文书还没有这种格式的文件，请先生成全套文书。")
    place = files.path_of(settings().data / "files", kept.file.sha256)
    files.read(settings().data / "files", kept.file)  # refuses bytes that are not those that were kept
    shown = ending == "pdf" and "download" not in request.args
    return send_file(
        place, mimetype=_TYPES[ending], as_attachment=not shown, download_name=papers.file_name(paper, ending)
    )


@pages.post("/<int:paper_id>/receive")
@needs(Action.REPORT)
def receive(paper_id: int) -> ResponseReturnValue:
    """The unit signs for what is addressed to it."""
    form = ReceiptForm()
    form.validate()
    try:
        with transaction():
            paper = _paper(paper_id)
            sign = circulation.receive if paper.sent_at else papers.receive
            sign(act(), paper, visitor().own_units, form.received_by.data or "")
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(_paper(paper_id), refusal.sentence), refusal.status
    flash("已签收。", "success")
    return redirect(url_for("papers.show", paper_id=paper_id))
