"""Instructions (批示): the list, writing one from wherever something is wrong, answering, settling."""

import re
import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import ColumnElement
from sqlalchemy.exc import SQLAlchemyError
from wtforms import HiddenField, TextAreaField

from tracker.ledger import instructions, plans, units
from tracker.ledger.db import transaction
from tracker.ledger.instructions import Case
from tracker.ledger.tables.instructions import Instruction, InstructionShare
from tracker.ledger.tables.plans import Item, Plan
from tracker.ledger.tables.units import Unit
from tracker.rules import instructions as rules
from tracker.rules.instructions import Order, Shown, StepKind
from tracker.rules.permissions import Action
from tracker.rules.refusals import Invalid, NotFound, Refusal
from tracker.web.access import act, needs, visitor
from tracker.web.addresses import record_id
from tracker.web.fields import DayField, IdsField, trimmed, version_field
from tracker.web.forms import TokenlessForm
from tracker.web.history import in_words
from tracker.web.instruction_sources import Written, written_from
from tracker.web.paging import page_of
from tracker.web.selection import selection

pages = Blueprint("instructions", __name__, url_prefix="/instructions")

USUAL_DAYS = 7  # what the form proposes
_KEY = re.compile(r"[0-9a-f]{32}")


class OrderForm(TokenlessForm):
    text = TextAreaField("批示内容", filters=[trimmed], render_kw={"maxlength": rules.LONGEST_TEXT, "rows": 4})
    due = DayField("办理期限")
    units = IdsField("承办单位", coerce=int)
    key = HiddenField()

    @property
    def order(self) -> Order:
        return Order(self.text.data, self.due.data, tuple(dict.fromkeys(self.units.data)))

    def fits(self, today: date) -> bool:
        """Whether it can be given; each field that cannot says why."""
        self.validate()
        for name, sentence in rules.gaps(self.order, today).items():
            if not self[name].errors:
                self[name].errors = [sentence]
        return not self.errors


class StepForm(TokenlessForm):
    version = version_field()
    text = TextAreaField("内容", filters=[trimmed])


# The list


@dataclass(frozen=True)
class Filters:
    """What the address asks of the list."""

    state: Shown | None
    unit: Unit | None
    plan: Plan | None
    as_of: date
    dated: bool

    @property
    def address(self) -> dict[str, object]:
        named = {
            "state": self.state.value if self.state else None,
            "unit": self.unit.id if self.unit else None,
            "plan": self.plan.id if self.plan else None,
            "as_of": self.as_of.isoformat() if self.dated else None,
        }
        return {name: value for name, value in named.items() if value}

    @property
    def conditions(self) -> list[ColumnElement[bool]]:
        unit = [InstructionShare.unit_id == self.unit.id] if self.unit else []
        return unit + ([Instruction.plan_id == self.plan.id] if self.plan else [])


@pages.get("/")
@needs(Action.SEE_ITEMS)
def index() -> ResponseReturnValue:
    me, known = visitor(), _units_in_reach()
    filters = _filters(known)
    found = instructions.facts_by_instruction(me.organisation_id, me.scope, filters.as_of, *filters.conditions)
    numbers = rules.tally(found.values(), filters.as_of)
    state = filters.state
    page = page_of([each for each, facts in found.items() if state is None or state.takes(facts, filters.as_of)])
    return render_template(
        "instructions/index.html",
        filters=filters,
        page=page,
        cases=instructions.cases(page.rows, filters.unit and frozenset({filters.unit.id}) or me.scope, filters.as_of),
        total=len(found),
        numbers=numbers,
        units=known,
        plans=plans.plans_of(me.organisation_id),
        today=me.today,
    )


def _filters(known: list[Unit]) -> Filters:
    chosen, asked = selection(), request.args.get("unit", type=record_id)
    unit = next((unit for unit in known if unit.id == asked), None)
    if asked and unit is None:
        raise NotFound
    return Filters(_shown(), unit, chosen.plan if request.args.get("plan") else None, chosen.as_of, chosen.dated)


def _shown() -> Shown | None:
    written = request.args.get("state", "")
    try:
        return Shown(written) if written else None
    except ValueError:
        raise Invalid(f"没有“{written[:20]}”这类批示，请从页面的选项中选择。") from None


def _units_in_reach() -> list[Unit]:
    me = visitor()
    return [unit for unit in units.units_of(me.organisation_id) if me.scope is None or unit.id in me.scope]


# Writing


@pages.get("/new")
@needs(Action.INSTRUCT)
def new() -> ResponseReturnValue:
    written = written_from()
    usual = visitor().today + timedelta(days=USUAL_DAYS)
    form = OrderForm(formdata=None, due=usual, units=list(written.units), key=secrets.token_hex(16))
    return _form_page(form, written)


@pages.post("/new")
@needs(Action.INSTRUCT)
def give() -> ResponseReturnValue:
    written, form = written_from(), OrderForm()
    if not form.fits(visitor().today):
        return _form_page(form, written), 422
    try:
        with transaction():
            instruction_id = instructions.give(act(), form.order, written.source, _key(form)).id
    except NotFound:
        raise
    except Refusal as refusal:
        return _form_page(form, written, refusal.sentence), refusal.status
    flash(f"批示已下达 {len(form.order.units)} 个单位。", "success")
    return redirect(url_for("instructions.show", instruction_id=instruction_id))


def _key(form: OrderForm) -> str:
    if not _KEY.fullmatch(form.key.data or ""):
        form.key.data = secrets.token_hex(16)
        raise Invalid("页面已过期，批示尚未下达。您填写的内容都在，请再次点“下达批示”。")
    return str(form.key.data)


def _form_page(form: OrderForm, written: Written, refused: str = "") -> str:
    me = visitor()
    standing = units.units_on(me.organisation_id, me.today)
    near = {*written.units, *form.units.data}
    return render_template(
        "instructions/new.html",
        form=form,
        written=written,
        concerned=[unit for unit in standing if unit.id in near],
        others=[unit for unit in standing if unit.id not in near],
        latest=rules.latest(me.today),
        longest=rules.LONGEST_TEXT,
        refused=refused,
    )


# One instruction


@pages.get("/<int:instruction_id>")
@needs(Action.SEE_ITEMS)
def show(instruction_id: int) -> ResponseReturnValue:
    return _page(instruction_id, selection().as_of)


@dataclass(frozen=True)
class Refused:
    """An act that was not done: on which share, what was typed, and why."""

    share_id: int
    kind: StepKind
    text: str
    sentence: str


def _page(instruction_id: int, as_of: date, refused: Refused | None = None) -> str:
    me = visitor()
    case = instructions.case_of(me.organisation_id, instruction_id, me.scope, as_of)
    return render_template(
        "instructions/instruction.html",
        case=case,
        refused=refused,
        live=as_of == me.today,
        settles=me.can(Action.SETTLE),
        answers=frozenset(me.own_units) if me.can(Action.REPORT) else frozenset(),
        history=instructions.history_of(case) if as_of == me.today else [],
        in_words=in_words,
        StepKind=StepKind,
        longest=(rules.LONGEST_ANSWER, rules.LONGEST_REASON),
    )


@pages.post("/shares/<int:share_id>/answer")
@needs(Action.REPORT)
def answer(share_id: int) -> ResponseReturnValue:
    return _take(share_id, StepKind.ANSWER)


@pages.post("/shares/<int:share_id>/settle")
@needs(Action.SETTLE)
def settle(share_id: int) -> ResponseReturnValue:
    asked = request.form.get("kind", "")
    if asked not in (StepKind.CLOSE, StepKind.RETURN):
        raise Invalid("请选择“办结”或“退回”。")
    return _take(share_id, StepKind(asked))


def _take(share_id: int, kind: StepKind) -> ResponseReturnValue:
    form, share = StepForm(), _share(share_id, kind)
    form.validate()
    instruction_id, name = share.instruction_id, share.unit.name
    try:
        with transaction():
            _carry_out(_share(share_id, kind), kind, form)
    except NotFound:
        raise
    except Refusal as refusal:
        refused = Refused(share_id, kind, form.text.data, refusal.sentence)
        return _page(instruction_id, visitor().today, refused), refusal.status
    flash(_TOLD[kind].format(unit=name), "success")
    return redirect(url_for("instructions.show", instruction_id=instruction_id, _anchor=f"s{share_id}"))


_TOLD = {
    StepKind.ANSWER: "{unit}的答复已提交。办结之前可以修改，每次答复都会留存。",
    StepKind.CLOSE: "{unit}承办的批示已办结。",
    StepKind.RETURN: "{unit}的答复已退回，请其重新办理。",
}


def _share(share_id: int, kind: StepKind) -> InstructionShare:
    """Units answer for themselves alone; whoever settles, settles for all."""
    me = visitor()
    scope = frozenset(me.own_units) if kind is StepKind.ANSWER else None
    return instructions.share_of(me.organisation_id, share_id, scope)


def _carry_out(share: InstructionShare, kind: StepKind, form: StepForm) -> None:
    version = form.version.data or 0
    if kind is StepKind.ANSWER:
        instructions.answer(act(), share, form.text.data, version)
    else:
        instructions.settle(act(), share, kind, form.text.data, version)


# What other pages say of instructions


def instruction_count() -> int:
    """How many wait for the visitor; asked once for a page, and never the cause of a fault."""
    if "instruction_count" not in g:
        g.instruction_count = _count() if current_user.is_authenticated else 0
    return int(g.instruction_count)


def _count() -> int:
    me = visitor()
    own, settles = me.own_units if me.can(Action.REPORT) else [], me.can(Action.SETTLE)
    if not own and not settles:
        return 0
    try:
        return instructions.count_waiting(me.organisation_id, own, settles=settles)
    except SQLAlchemyError:
        return 0  # the page may be the one that says that the database cannot be reached


@pages.app_template_global()
def instructions_on(item: Item, as_of: date) -> list[Case]:
    me = visitor()
    return instructions.on_item(me.organisation_id, item.id, me.scope, as_of)


@pages.app_template_global()
def instructions_owed(as_of: date) -> list[Case]:
    """What the visitor's own units have still to answer."""
    me = visitor()
    return instructions.owed_by(me.organisation_id, me.own_units, as_of) if me.own_units else []


@pages.app_template_global()
def instruction_numbers(as_of: date) -> dict[str, int]:
    """By state, for the office's desk."""
    me = visitor()
    found = instructions.facts_by_instruction(me.organisation_id, me.scope, as_of)
    return {shown.value: number for shown, number in rules.tally(found.values(), as_of).items()}


@pages.app_context_processor
def _for_every_page() -> dict[str, object]:
    return {"instruction_count": instruction_count, "ShownInstructions": Shown}
