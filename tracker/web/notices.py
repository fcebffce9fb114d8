"""Notices (催办督办): the office's proposals and papers, what a unit has on its ladder, receipt and reply."""

import io
from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField, TextAreaField

from tracker import clock
from tracker.ledger import notice_papers, notices, paper_templates, units
from tracker.ledger.db import transaction
from tracker.ledger.notices import NoticeText
from tracker.ledger.tables.notices import Notice
from tracker.printing import letter, office_template
from tracker.printing.notice import letter as letter_of
from tracker.rules.notices import NoticeKind, NoticePaper, NoticeState, number_of
from tracker.rules.office_templates import kind_of_step
from tracker.rules.permissions import Action
from tracker.rules.refusals import Invalid, NotFound, Refusal
from tracker.web import uploads
from tracker.web.access import act, needs, settings, visitor
from tracker.web.addresses import record_id
from tracker.web.fields import Choice, DayField, Filled
from tracker.web.forms import TokenlessForm
from tracker.web.paging import PER_PAGE, page_asked

pages = Blueprint("notices", __name__, url_prefix="/notices")


class NoticeForm(TokenlessForm):
    matter = StringField("事由", validators=[Filled("请填写“事由”。")])
    basis = TextAreaField("依据", validators=[Filled("请填写“依据”。")])
    demand = TextAreaField("办理要求", validators=[Filled("请填写“办理要求”。")])
    reply_due = DayField("回复期限")

    @property
    def text(self) -> NoticeText:
        return NoticeText(self.matter.data, self.basis.data, self.demand.data, self.reply_due.data)


class KindForm(TokenlessForm):
    kind = Choice("文书", [(kind.value, kind.label) for kind in NoticeKind])


@pages.get("/")
@needs(Action.SEE_ALERTS)
def index() -> ResponseReturnValue:
    me, state, unit_id = visitor(), _state(), request.args.get("unit", type=record_id)
    counts = notices.count(me.organisation_id, me.scope, unit_id)
    page, last = page_asked(counts.get(state, 0) if state else sum(counts.values()))
    shown = notices.notices_of(
        me.organisation_id, me.scope, state=state, unit_id=unit_id, limit=PER_PAGE, offset=(page - 1) * PER_PAGE
    )
    return render_template(
        "notices/index.html",
        notices=shown,
        counts=counts,
        state=state,
        states=[each for each in NoticeState if counts.get(each)],
        unit=units.unit_of(me.organisation_id, unit_id) if unit_id else None,
        units=units.units_of(me.organisation_id) if me.can(Action.PRESS) else [],
        page=page,
        last=last,
    )


def _state() -> NoticeState | None:
    written = request.args.get("state", "")
    try:
        return NoticeState(written) if written else None
    except ValueError:
        raise Invalid("没有这种办理状态，请从页面的选项中选择。") from None


@pages.get("/unit/<int:unit_id>")
@needs(Action.SEE_ALERTS)
def ladder(unit_id: int) -> ResponseReturnValue:
    """What a unit has on its ladder, and what it could be pressed for."""
    me = visitor()
    if me.scope is not None and unit_id not in me.scope:
        raise NotFound
    duties = notices.overdue_of_unit(me.organisation_id, unit_id, me.today)
    return render_template(
        "notices/ladder.html",
        unit=units.unit_of(me.organisation_id, unit_id),
        notices=notices.notices_of(me.organisation_id, me.scope, unit_id=unit_id, limit=PER_PAGE),
        duties=duties,
        taken=notices.steps_taken([duty.id for duty, _ in duties]),
        form=KindForm(),
    )


@pages.post("/unit/<int:unit_id>")
@needs(Action.PRESS)
def write(unit_id: int) -> ResponseReturnValue:
    me, form = visitor(), KindForm()
    units.unit_of(me.organisation_id, unit_id)
    if not form.validate():
        raise Invalid("请选择文书种类。")
    with transaction():
        notice = notices.write(act(), NoticeKind(form.kind.data), unit_id, request.form.getlist("duty", type=record_id))
    return redirect(url_for("notices.show", notice_id=notice.id))


@pages.get("/<int:notice_id>")
@needs(Action.SEE_ALERTS)
def show(notice_id: int) -> ResponseReturnValue:
    return _page(_notice(notice_id), NoticeForm(formdata=None, obj=_notice(notice_id)))


def _notice(notice_id: int) -> Notice:
    me = visitor()
    return notices.notice_of(me.organisation_id, notice_id, me.scope)


def _page(notice: Notice, form: NoticeForm, refused: str = "", status: int = 200) -> ResponseReturnValue:
    return render_template(
        "notices/notice.html",
        notice=notice,
        paper=(told := _paper(notice)),
        title=letter_of(told).title,
        form=form,
        refused=refused,
        typed=request.form,
        own=notice.unit_id in visitor().own_units and visitor().can(Action.REPORT),
    ), status


@pages.post("/<int:notice_id>/issue")
@needs(Action.PRESS)
def issue(notice_id: int) -> ResponseReturnValue:
    form = NoticeForm()
    if not form.validate():
        return _page(_notice(notice_id), form, status=422)
    try:
        with transaction():
            issued = notices.issue(act(), _notice(notice_id), form.text)
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(_notice(notice_id), form, refusal.sentence, refusal.status)
    assert issued.number is not None  # it has just been given one
    flash(f"{number_of(issued.kind, issued.year, issued.number)}已发出，等待{issued.unit.name}签收。", "success")
    return redirect(url_for("notices.show", notice_id=notice_id))


@pages.post("/<int:notice_id>/office")
@needs(Action.PRESS)
def settle(notice_id: int) -> ResponseReturnValue:
    """Drop a proposal, or close what is out."""
    verb, done = (notices.drop, "已取消，不予发出。") if _asked("drop") else (notices.close, "已办结。")
    return _acted(notice_id, lambda notice: verb(act(), notice, request.form.get("reason", "")), done)


@pages.post("/<int:notice_id>/unit")
@needs(Action.REPORT)
def answer(notice_id: int) -> ResponseReturnValue:
    """Sign for it, or reply."""
    own = visitor().own_units
    if _asked("receive"):
        name = request.form.get("receiver", "")
        return _acted(notice_id, lambda notice: notices.receive(act(), notice, own, name), "已签收，请按期回复。")
    text = request.form.get("reply", "")
    return _acted(notice_id, lambda notice: notices.reply(act(), notice, own, text), "回复已提交。")


def _asked(word: str) -> bool:
    return request.form.get("act") == word


def _acted(notice_id: int, verb: Callable[[Notice], None], done: str) -> ResponseReturnValue:
    """One act on a notice; where it is refused, what was typed stands in the form again."""
    try:
        with transaction():
            verb(_notice(notice_id))
    except Invalid as refusal:
        notice = _notice(notice_id)
        return _page(notice, NoticeForm(formdata=None, obj=notice), refusal.sentence, refusal.status)
    flash(done, "success")
    return redirect(url_for("notices.show", notice_id=notice_id))


# On paper


@pages.get("/<int:notice_id>.<medium>")
@needs(Action.SEE_ALERTS)
def paper(notice_id: int, medium: str) -> ResponseReturnValue:
    if medium not in ("pdf", "docx"):
        raise NotFound
    told = _paper(_notice(notice_id))
    content = letter.pdf([letter_of(told)], settings().fonts) if medium == "pdf" else _word(told)
    number = number_of(told.kind, told.year, told.number) if told.number else f"{told.kind.label}（待发）"
    return send_file(io.BytesIO(content), as_attachment=True, download_name=f"{number}.{medium}")


def _word(told: NoticePaper) -> bytes:
    """In the office's own Word file, where it has one for this kind."""
    own = paper_templates.in_use(visitor().organisation_id, kind_of_step(told.kind), uploads.folder())
    return office_template.notices([told], own)


def _paper(notice: Notice) -> NoticePaper:
    received = clock.local_date(notice.received_at, settings().timezone) if notice.received_at else None
    return notice_papers.paper(notice, visitor().today, received)
