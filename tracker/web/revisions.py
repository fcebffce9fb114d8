"""Revised plans (修订): a draft beside the plan that it revises, corrected, and confirmed as a new layer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField

from tracker.ledger import imports, look_back, plans, revisions, units
from tracker.ledger.db import transaction
from tracker.ledger.tables.imports import Draft, DraftItem
from tracker.ledger.tables.plans import Plan
from tracker.rules.permissions import Action
from tracker.rules.refusals import Refusal
from tracker.rules.revisions import Fate
from tracker.web.access import act, needs, visitor
from tracker.web.addresses import record_id
from tracker.web.fields import WholeNumberField, trimmed
from tracker.web.forms import PageForm

pages = Blueprint("revisions", __name__, url_prefix="/revisions")

LARGEST_ID = 10**9 - 1
REASON_OF = "reason-"  # followed by the item's id


class PlanForm(PageForm):
    plan = WholeNumberField("所修订的计划", 1, LARGEST_ID)


class PairForm(PageForm):
    """An item of the draft, and the item of the ledger that it is; 0 for none."""

    item = WholeNumberField("草稿任务", 1, LARGEST_ID)
    pair = WholeNumberField("台账任务", 0, LARGEST_ID)


class ConfirmForm(PageForm):
    """The reasons of single items stand beside it in the request, under `reason-` and the item's id."""

    seen = StringField()
    reason = StringField()


@dataclass(frozen=True)
class Doings:
    """What the page holds besides the comparison: what was typed, why it was refused, whose pair is being changed."""

    refusal: str = ""
    reason: str = ""
    reasons: Mapping[int, str] = field(default_factory=dict)
    pairing: int | None = None


# What a draft's own page offers


@dataclass(frozen=True)
class Offer:
    """`plan` is the one that the draft is said to revise, `alike` one that it might; `possible`: there is one at all.

    `left` counts last year's unfinished items that the draft has not yet.
    """

    plan: Plan | None
    alike: Plan | None
    possible: bool
    left: int


def offer_of(draft: Draft, known: Sequence[Plan], today: date) -> Offer:
    proposal = revisions.proposal_of(draft)
    return Offer(
        plan=next((plan for plan in known if proposal and plan.id == proposal.plan_id), None),
        alike=next((plan for plan in known if revisions.is_alike(draft, plan)), None),
        possible=bool(revisions.revisable(draft, known)),
        left=look_back.count_unfinished(draft, known, today),
    )


# The comparison


@pages.get("/<int:draft_id>")
@needs(Action.IMPORT)
def show(draft_id: int) -> ResponseReturnValue:
    draft = imports.draft_of(visitor().organisation_id, draft_id)
    if draft.closed_at is not None:
        return redirect(url_for("imports.draft", draft_id=draft_id))
    return _page(draft, Doings(pairing=request.args.get("pair", type=record_id)))


def _page(draft: Draft, doings: Doings) -> str:
    if revisions.proposal_of(draft) is None:
        offered = revisions.revisable(draft, plans.plans_of(draft.organisation_id))
        return render_template("revisions/choose.html", draft=draft, plans=offered, doings=doings)
    register = units.register_of(draft.organisation_id)
    return render_template(
        "revisions/compare.html",
        draft=draft,
        found=revisions.comparison(draft),
        obstacles=imports.obstacles(draft, register, visitor().today),
        Fate=Fate,
        doings=doings,
        longest=revisions.LONGEST_REASON,
    )


def _to(draft_id: int, anchor: str | None = None) -> ResponseReturnValue:
    return redirect(url_for(".show", draft_id=draft_id, _anchor=anchor), 303)


@pages.post("/<int:draft_id>/plan")
@needs(Action.IMPORT)
def choose(draft_id: int) -> ResponseReturnValue:
    form = PlanForm()
    if not form.validate() or form.plan.data is None:
        return _again(draft_id, Doings(refusal="请选择该草稿所修订的计划。"), 422)
    try:
        with transaction():
            draft = imports.draft_of(visitor().organisation_id, draft_id)
            revisions.propose(act(), draft, plans.plan_of(visitor().organisation_id, form.plan.data))
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        return _again(draft_id, Doings(refusal=refusal.sentence), refusal.status)
    return _to(draft_id)


def _again(draft_id: int, doings: Doings, status: int) -> ResponseReturnValue:
    draft = imports.draft_of(visitor().organisation_id, draft_id)
    if draft.closed_at is not None:
        raise Refusal(doings.refusal)
    return _page(draft, doings), status


@pages.post("/<int:draft_id>/withdraw")
@needs(Action.IMPORT)
def withdraw(draft_id: int) -> ResponseReturnValue:
    with transaction():
        revisions.withdraw(act(), imports.draft_of(visitor().organisation_id, draft_id))
    flash("该草稿不再作为修订件，可作为新计划入账。", "success")
    return redirect(url_for("imports.draft", draft_id=draft_id), 303)


@pages.post("/<int:draft_id>/pairs")
@needs(Action.IMPORT)
def pair(draft_id: int) -> ResponseReturnValue:
    form = PairForm()
    if not form.validate() or form.item.data is None or form.pair.data is None:
        return _again(draft_id, Doings(refusal="请选择对应的台账任务，或选“作为新增任务”。"), 422)
    with transaction():
        draft = imports.draft_of(visitor().organisation_id, draft_id)
        revisions.set_pair(act(), draft, form.item.data, form.pair.data or None)
    flash("对应关系已更改。", "success")
    return _to(draft_id, f"new-{form.item.data}")


@pages.post("/<int:draft_id>/confirm")
@needs(Action.IMPORT)
def confirm(draft_id: int) -> ResponseReturnValue:
    form, reasons = ConfirmForm(), _reasons()
    reason = trimmed(form.reason.data)
    try:
        with transaction():
            draft = imports.draft_of(visitor().organisation_id, draft_id)
            if draft.plan_id is None:  # sent twice: the same revision
                revisions.confirm(act(), draft, form.seen.data or "", reasons, reason)
            plan_id = draft.plan_id
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        return _again(draft_id, Doings(refusal.sentence, reason, reasons), refusal.status)
    flash("修订已入账：原定内容、填报和佐证材料均已保留。", "success")
    return redirect(url_for("items.index", plan=plan_id), 303)


def _reasons() -> dict[int, str]:
    """What was typed for single items; anything else is no reason."""
    written = (
        (name.removeprefix(REASON_OF), text) for name, text in request.form.items() if name.startswith(REASON_OF)
    )
    return {int(key): trimmed(text) for key, text in written if key.isdecimal() and len(key) < 10}


# Last year's unfinished items


@pages.get("/<int:draft_id>/look-back")
@needs(Action.IMPORT)
def left(draft_id: int) -> ResponseReturnValue:
    draft = imports.draft_of(visitor().organisation_id, draft_id)
    if draft.closed_at is not None:
        return redirect(url_for("imports.draft", draft_id=draft_id))
    return _left(draft)


def _left(draft: Draft, refusal: str = "") -> str:
    rows = look_back.unfinished(draft, plans.plans_of(draft.organisation_id), visitor().today)
    return render_template("look_back/index.html", draft=draft, rows=rows, refusal=refusal)


@pages.post("/<int:draft_id>/look-back")
@needs(Action.IMPORT)
def take_over(draft_id: int) -> ResponseReturnValue:
    ticked = [int(value) for value in request.form.getlist("items") if value.isdecimal() and len(value) < 10]
    try:
        with transaction():
            draft = imports.draft_of(visitor().organisation_id, draft_id)
            taken = look_back.take_over(act(), draft, ticked)
            first = _first_taken(draft, ticked)
    except Refusal as refusal:
        if refusal.status != 422:
            raise
        return _left(imports.draft_of(visitor().organisation_id, draft_id), refusal.sentence), 422
    flash(f"已转入 {taken} 项上年任务，列在草稿末尾，请核对单位和时限。", "success")
    return redirect(url_for("imports.draft", draft_id=draft_id, item=first and first.id), 303)


def _first_taken(draft: Draft, ticked: Sequence[int]) -> DraftItem | None:
    return next((item for item in draft.items if item.look_back_of_id in ticked), None)
