"""Closing a quarter (关账检查): what is missing, what closing now would seal, and the one button that seals it."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField

from tracker.ledger import closing, plans, snapshots
from tracker.ledger.db import transaction
from tracker.rules.closing import About, Lack, Missing, QuarterState, check_as_of, check_may_seal, state_of
from tracker.rules.dates import written
from tracker.rules.papers import the_set
from tracker.rules.permissions import Action
from tracker.rules.quarters import Quarter
from tracker.rules.refusals import Invalid, NotFound, Refusal
from tracker.web.access import act, needs, visitor
from tracker.web.fields import DayField, Filled
from tracker.web.forms import TokenlessForm
from tracker.web.selection import Selection, selection

pages = Blueprint("closing", __name__, url_prefix="/closing")
MOST_LISTED = 200  # of one kind; the list itself is the ledger's


class SealForm(TokenlessForm):
    """`sure` is the one question: whoever leaves it open is asked again."""

    as_of = DayField("截至日期", validators=[Filled("请填写截至日期。")])
    sure = BooleanField("我已核对以上数据，确认关账。关账后本季度填报、审核和数据不再改动。")


@pages.get("/")
@needs(Action.CLOSE_QUARTER)
def index() -> ResponseReturnValue:
    return _page()


def _page(refused: str = "") -> str:
    chosen, known = selection(), plans.plans_of(visitor().organisation_id)
    if chosen.plan is None or chosen.quarter is None:
        return render_template("closing/index.html", selection=chosen, plans=known)
    found = closing.check(chosen.plan, chosen.quarter, chosen.as_of)
    return render_template(
        "closing/index.html",
        selection=chosen,
        plans=known,
        found=found,
        shown=_shown(),
        most=MOST_LISTED,
        state=state_of(chosen.quarter, found.content.report_due, visitor().today, sealed=chosen.sealed is not None),
        states=list(QuarterState),
        papers=len(list(the_set(found.content))),
        obstacle=_obstacle(chosen),
        refused=refused,
    )


def _shown() -> Lack | None:
    written_lack = request.args.get("show", "")
    try:
        return Lack(written_lack) if written_lack else None
    except ValueError:
        raise Invalid("没有这一类缺项，请从页面的数字进入。") from None


def _obstacle(chosen: Selection) -> str:
    """Why this visitor cannot close this quarter today; empty where nothing stands in the way."""
    assert chosen.quarter is not None  # asked for before
    me = visitor()
    try:
        check_may_seal(me.office.rules.sealing_levels, leads=me.can(Action.APPROVE_AS_LEADER))
        check_as_of(chosen.quarter, chosen.as_of, me.today)
    except Refusal as refusal:
        return refusal.sentence
    return ""


@pages.post("/")
@needs(Action.CLOSE_QUARTER)
def seal() -> ResponseReturnValue:
    """Seal the plan and quarter of the address; pressed twice it is one seal."""
    chosen, form = selection(), SealForm()
    if chosen.plan is None or chosen.quarter is None:
        raise NotFound
    if not form.validate() or form.as_of.data is None:
        return _page("请填写截至日期，格式如 2025-04-20。"), 422
    if not form.sure.data:
        return _page("尚未封存：请先勾选“已核对”，再点击封存。"), 422
    with transaction():
        me = visitor()
        plan = plans.plan_of(me.organisation_id, chosen.plan.id)
        leads = me.can(Action.APPROVE_AS_LEADER)
        sealed = snapshots.seal(act(), plan, chosen.quarter, form.as_of.data, leads=leads)
        snapshot_id, again = sealed.id, chosen.sealed is not None
    flash(_sentence(chosen.quarter, again=again), "success")
    return redirect(url_for("snapshots.show", snapshot_id=snapshot_id))


def _sentence(quarter: Quarter, *, again: bool) -> str:
    if again:
        return f"{quarter.label}此前已经封存，没有重复封存。"
    return f"{quarter.label}已于{written(visitor().today)}封存。可以生成全套文书。"


_ENDPOINTS = {
    About.ITEM: ("items.item", "item_id"),
    About.FINDING: ("findings.show", "finding_id"),
    About.EXTENSION: ("extensions.show", "extension_id"),
    About.INSTRUCTION: ("instructions.show", "instruction_id"),
    About.INSPECTION: ("inspections.show", "inspection_id"),
}


@pages.app_template_global()
def record_address(missing: Missing) -> str:
    """The page of a record that is missing something."""
    if missing.about is About.CALENDAR:
        return url_for("calendar.index", year=missing.id)
    endpoint, name = _ENDPOINTS[missing.about]
    where: dict[str, Any] = {name: missing.id}
    return url_for(endpoint, **where)
