"""The quarter's form as a workbook (Excel填报表): downloaded, filled in offline, uploaded, checked, confirmed.

What was uploaded waits on disk until it is confirmed; the address of its check page names it under seal.
"""

import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.ledger import files, plans, report_sheets, units
from tracker.ledger.db import transaction
from tracker.ledger.owed import owed_quarter
from tracker.ledger.report_sheet_lines import FormItem, form_items, lines_of
from tracker.ledger.report_sheets import Applied, Check, Claim, Judged, Kind
from tracker.ledger.tables.plans import Plan
from tracker.ledger.tables.units import Unit
from tracker.printing import report_form as paper
from tracker.reading.guarded import read_form
from tracker.reading.report_form import AGAIN, NOT_A_FORM
from tracker.rules.dates import written
from tracker.rules.permissions import Action
from tracker.rules.quarters import Quarter
from tracker.rules.refusals import Invalid, NotFound, Refusal, Stale
from tracker.rules.report_form import Fault, Form, Mark, ReadForm, RowKey
from tracker.web import uploads
from tracker.web.access import act, needs, settings, visitor
from tracker.web.addresses import record_id
from tracker.web.selection import selection
from tracker.web.sheet_seals import Upload, seal, token_of, unsealed, upload_of

pages = Blueprint("report_sheets", __name__, url_prefix="/reports")

KEPT_FOR = timedelta(days=2)  # what is not confirmed by then is forgotten
_ALTERED = "的标识被改动，无法确定是哪一项。请重新下载填报表，把这一行的内容填入后再上传。"


# Out


@pages.get("/sheet.xlsx")
@needs(Action.REPORT)
def download() -> ResponseReturnValue:
    plan, quarter = _chosen()
    unit = _unit(request.args.get("unit", type=record_id))
    content = io.BytesIO(paper.xlsx(_form(plan, quarter, unit)))
    name = f"{quarter.label}填报表（{unit.name}）.xlsx"
    return send_file(content, as_attachment=True, download_name=files.showable(name), max_age=0)


def _chosen() -> tuple[Plan, Quarter]:
    chosen = selection()
    if chosen.plan is None or chosen.quarter is None:
        raise NotFound("还没有计划，没有可以下载的填报表。")
    return chosen.plan, chosen.quarter


def _unit(unit_id: int | None) -> Unit:
    """One of the visitor's own units: the one that is asked for, or else the first."""
    own = visitor().own_units
    if not own or (unit_id and unit_id not in own):
        raise NotFound
    return units.unit_of(visitor().organisation_id, unit_id or own[0])


def _items(plan_id: int, quarter: Quarter, unit_id: int) -> list[FormItem]:
    return form_items(owed_quarter(plan_id, quarter, [unit_id], visitor().today).reports)


def _form(plan: Plan, quarter: Quarter, unit: Unit) -> Form:
    items = _items(plan.id, quarter, unit.id)
    due = max((item.owed.duty.due for item in items if item.owed.duty.due), default=None)
    about = [f"填报单位：{unit.name}", f"{quarter.label}", f"下载日期：{written(visitor().today)}"]
    about[2:2] = [f"填报截止：{written(due)}"] if due else []
    title = f"{plan.title}季度填报表" + ("（示例）" if visitor().office.sample else "")
    mark = Mark(plan.organisation_id, plan.id, quarter, unit.id)
    return Form(title, "　　".join(about), seal(str(mark)), lines_of(items, seal))


# In: upload, and what the file says beside what the ledger keeps


@pages.get("/sheet")
@needs(Action.REPORT)
def index() -> ResponseReturnValue:
    return _index()


def _index(refused: str = "") -> str:
    me = visitor()
    own = [units.unit_of(me.organisation_id, unit_id) for unit_id in me.own_units]
    return render_template(
        "report_sheets/index.html",
        selection=selection(),
        plans=plans.plans_of(me.organisation_id),
        own=own,
        refused=refused,
    )


@pages.post("/sheet")
@needs(Action.REPORT)
def upload() -> ResponseReturnValue:
    """Look at the file at once, so that one that is no form of ours is refused here; keep it until it is confirmed."""
    chosen = request.files.get("file")
    try:
        if chosen is None or not chosen.filename:
            raise Invalid("请先选择填好的填报表。")
        content = uploads.content_of(chosen)
        _mark(read_form(content), _chosen())
    except Invalid as refusal:
        return _index(refusal.sentence), refusal.status
    _forget_old()
    waiting = Upload(visitor().person_id, files.showable(chosen.filename), files.put(_folder(), content))
    return redirect(selection().url(".check", file=token_of(waiting)))


def _folder() -> Path:
    return settings().data / "sheets"


def _forget_old() -> None:
    limit = (clock.now() - KEPT_FOR).timestamp()
    for path in _folder().glob("*/*"):
        if path.stat().st_mtime < limit:
            path.unlink(missing_ok=True)


def _mark(read: ReadForm, chosen: tuple[Plan, Quarter] | None = None) -> Mark:
    """Whose form it is; raise Invalid for one that is not the visitor's, or of another plan or quarter."""
    known = unsealed(read.mark)
    if known is None:
        raise Invalid(NOT_A_FORM)
    mark, me = Mark.parse(known), visitor()
    if mark.organisation_id != me.organisation_id or mark.unit_id not in me.own_units:
        raise Invalid(f"这是另一个单位的填报表，不能由您上传。{AGAIN}")
    if chosen and (mark.plan_id, mark.quarter) != (chosen[0].id, chosen[1]):
        title = plans.plan_of(me.organisation_id, mark.plan_id).title
        raise Invalid(
            f"这是《{title}》{mark.quarter.label}的填报表，与当前的《{chosen[0].title}》{chosen[1].label}不符。"
            "请在页面上方切换到相应的计划和季度后再上传，或下载当前季度的填报表填写。"
        )
    return mark


@pages.get("/sheet/check")
@needs(Action.REPORT)
def check() -> ResponseReturnValue:
    try:
        waiting = upload_of(request.args.get("file", ""))
        return _check_page(waiting, _read(waiting))
    except Invalid as refusal:
        flash(refusal.sentence, "warning")
        return redirect(selection().url(".index"))


def _read(waiting: Upload) -> ReadForm:
    place = files.path_of(_folder(), waiting.sha256)
    if not place.exists():
        raise Invalid("上传的填报表已超过保存期限，请重新上传。")
    return read_form(place.read_bytes())


def _checked(read: ReadForm, mark: Mark) -> Check:
    claims, altered = _claims(read)
    found = report_sheets.check(claims, _items(mark.plan_id, mark.quarter, mark.unit_id), visitor().today)
    return Check(found.items, [*read.faults, *altered, *found.faults], found.absent)


def _claims(read: ReadForm) -> tuple[list[Claim], list[Fault]]:
    """The rows whose seal holds, and a fault for each whose does not.  A row without a key was told by the reading."""
    claims, faults = [], []
    for line in read.lines:
        key = unsealed(line.key)
        if key is not None:
            claims.append(Claim(line, RowKey.parse(key)))
        elif line.key:
            faults.append(line.fault("position", f"第 {line.row} 行{_ALTERED}"))
    return claims, faults


def _check_page(waiting: Upload, read: ReadForm, refused: str = "") -> str:
    mark = _mark(read)
    return render_template(
        "report_sheets/check.html",
        selection=selection(),
        plan=plans.plan_of(mark.organisation_id, mark.plan_id),
        quarter=mark.quarter,
        unit=units.unit_of(mark.organisation_id, mark.unit_id),
        found=_checked(read, mark),
        name=waiting.name,
        token=token_of(waiting),
        refused=refused,
        Kind=Kind,
    )


# Confirmed


@pages.post("/sheet/check")
@needs(Action.REPORT)
def confirm() -> ResponseReturnValue:
    """Save what was shown and chosen, all of it or nothing; sent twice it is one act."""
    try:
        waiting = upload_of(request.form.get("file", ""))
        read = _read(waiting)
        mark = _mark(read)
    except Invalid as refusal:
        return _index(refusal.sentence), refusal.status
    try:
        applied = _apply(waiting, read, mark)
    except Refusal as refusal:
        return _check_page(waiting, read, refusal.sentence), refusal.status
    flash(_applied_sentence(applied), "success")
    return redirect(url_for("reports.index", plan=mark.plan_id, quarter=str(mark.quarter)))


def _apply(waiting: Upload, read: ReadForm, mark: Mark) -> Applied:
    hand_in = "hand_in" in request.form
    source = {"file": waiting.name, "sha256": waiting.sha256, "quarter": str(mark.quarter)}
    with transaction():
        found = _checked(read, mark)
        if found.faults:
            raise Invalid("表格中还有填写有误的格子，未作保存。请在表格中改正后重新上传。")
        chosen = list(_to_apply(found, hand_in))
        return report_sheets.apply(act(), mark.plan_id, chosen, source, hand_in=hand_in)


def _to_apply(found: Check, hand_in: bool) -> Iterator[Judged]:
    """What the visitor was shown and chose; raise Stale where an item was saved again since the page was shown."""
    for judged in found.items:
        if judged.kind is Kind.CONFLICT and request.form.get(f"use-{judged.duty_id}") != "sheet":
            continue
        if not judged.is_written and not (hand_in and judged.is_ready):
            continue
        if request.form.get(f"seen-{judged.duty_id}") != str(judged.item.version):
            raise Stale("在您核对期间，有的任务又有新的保存，本次未作保存。请重新核对下面的内容后再确认。")
        yield judged


def _applied_sentence(applied: Applied) -> str:
    parts = [f"已保存 {applied.saved} 项草稿"] if applied.saved else []
    parts += [f"已提交 {applied.handed_in} 项，等待审核"] if applied.handed_in else []
    return f"填报表{'，'.join(parts)}。" if parts else "填报表中的内容均已在系统中。"
