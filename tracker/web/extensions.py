"""Extensions (延期): a unit asks for a later date, each level decides in its turn, and all see how it went."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError
from wtforms import Form, TextAreaField

from tracker.ledger import events, extensions
from tracker.ledger.db import transaction
from tracker.ledger.extensions import Case, Desks
from tracker.ledger.standing import Scope
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.extensions import Extension
from tracker.rules import extensions as rules
from tracker.rules.extensions import Application, ExtensionLevel, ExtensionState
from tracker.rules.permissions import Action
from tracker.rules.refusals import Invalid, NotFound, Refusal
from tracker.rules.reports import Verdict
from tracker.rules.standing import DutyFacts
from tracker.rules.summary import has_a_deadline
from tracker.web.access import act, needs, visitor
from tracker.web.fields import DayField, Filled, trimmed, version_field
from tracker.web.forms import TokenlessForm
from tracker.web.history import in_words
from tracker.web.paging import PER_PAGE, page_asked

pages = Blueprint("extensions", __name__, url_prefix="/extensions")

MOST_SHOWN = 30  # the oldest; what is decided makes room for the next


class Shown(StrEnum):
    """What the list can be narrowed to."""

    OPEN = "open"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return {
            Shown.OPEN: "在办",
            Shown.APPROVED: "已批准",
            Shown.REFUSED: "未批准",
            Shown.WITHDRAWN: "已撤回",
        }[self]

    @property
    def states(self) -> tuple[ExtensionState, ...]:
        return rules.OPEN if self is Shown.OPEN else (ExtensionState(self.value),)


class ApplicationForm(TokenlessForm):
    new_due = DayField(rules.FIELD_LABELS["new_due"], [Filled("请填写拟延至的日期。")])
    reason = TextAreaField(rules.FIELD_LABELS["reason"], [Filled("请填写“延期理由”。")], filters=[trimmed])
    progress = TextAreaField(rules.FIELD_LABELS["progress"], [Filled("请填写“目前进展”。")], filters=[trimmed])

    @property
    def asked(self) -> Application:
        return Application(self.new_due.data, self.reason.data, self.progress.data)

    def fits(self, duty: DutyFacts, today: date) -> bool:
        """Whether it can be applied for; each field that cannot says why."""
        self.validate()
        for name, sentence in rules.gaps(self.asked, duty.due_now or today, today).items():
            if not self[name].errors:
                self[name].errors = [sentence]
        return not self.errors


class OpinionForm(TokenlessForm):
    version = version_field()
    reason = TextAreaField("审批意见", filters=[trimmed])


# Seeing


@pages.get("/")
@needs(Action.SEE_ITEMS)
def index() -> ResponseReturnValue:
    me, shown = visitor(), _shown()
    counted = extensions.counts(me.organisation_id, me.scope)
    numbers = {each: sum(counted[state] for state in each.states) for each in Shown}
    page, last = page_asked(numbers[shown] if shown else counted.total())
    states = shown.states if shown else tuple(ExtensionState)
    return render_template(
        "extensions/index.html",
        waiting=extensions.waiting(me.organisation, _desks(), MOST_SHOWN),
        waiting_total=extension_count(),
        listed=extensions.cases(me.organisation_id, me.scope, states, limit=PER_PAGE, offset=(page - 1) * PER_PAGE),
        shown=shown,
        numbers=numbers,
        page=page,
        last=last,
        desks=_desks(),
        form=OpinionForm(),
    )


def _shown() -> Shown | None:
    written = request.args.get("state", "")
    try:
        return Shown(written) if written else None
    except ValueError:
        raise Invalid(f"没有“{written[:20]}”这类申请，请从页面的选项中选择。") from None


def _desks() -> Desks:
    """The levels at which the visitor decides, and for which units."""
    me, desks = visitor(), dict[ExtensionLevel, Scope]()
    if headed := me.units_where(Action.APPROVE_IN_UNIT):
        desks[ExtensionLevel.UNIT] = headed
    if me.can(Action.REVIEW):
        desks[ExtensionLevel.OFFICE] = None
    if me.can(Action.APPROVE_AS_LEADER):
        desks[ExtensionLevel.LEADER] = None
    return desks


@pages.get("/<int:extension_id>")
@needs(Action.SEE_ITEMS)
def show(extension_id: int) -> ResponseReturnValue:
    return _page(extension_id, OpinionForm())


def _page(extension_id: int, form: Form, refused: str | None = None) -> str:
    me = visitor()
    case = extensions.case_of(me.organisation_id, extension_id, me.scope)
    return render_template(
        "extensions/extension.html",
        case=case,
        desks=_desks(),
        form=form,
        refused=refused,
        mine=case.duty.unit_id in me.own_units and me.can(Action.REPORT),
        history=events.history(me.organisation_id, "extension", extension_id),
        in_words=in_words,
    )


# Applying


@pages.get("/apply/<int:duty_id>")
@needs(Action.REPORT)
def new(duty_id: int) -> ResponseReturnValue:
    duty = _duty(duty_id)
    if standing := open_extension(duty_id):
        return redirect(url_for("extensions.show", extension_id=standing.id))
    return _form_page(duty, ApplicationForm(), extensions.facts_of(duty, visitor().today))


@pages.post("/apply/<int:duty_id>")
@needs(Action.REPORT)
def apply(duty_id: int) -> ResponseReturnValue:
    form, duty, facts = ApplicationForm(), _duty(duty_id), None
    try:
        facts = extensions.facts_of(duty, visitor().today)
        if not form.fits(facts, visitor().today):
            return _form_page(duty, form, facts), 422
        with transaction():
            extension_id = extensions.apply(act(), _duty(duty_id), form.asked).id
    except NotFound:
        raise
    except Refusal as refusal:
        return _form_page(_duty(duty_id), form, facts, refusal.sentence), refusal.status
    flash("延期申请已提交。批准之前，仍按现行时限计算。", "success")
    return redirect(url_for("extensions.show", extension_id=extension_id))


def _duty(duty_id: int) -> Duty:
    me = visitor()
    return extensions.duty_of(me.organisation_id, duty_id, frozenset(me.own_units))


def _form_page(duty: Duty, form: ApplicationForm, facts: DutyFacts | None, refused: str | None = None) -> str:
    """With all that was typed, whatever stands against it; `facts` is None where the duty's date cannot be moved."""
    due, today = facts.due_now if facts else None, visitor().today
    return render_template(
        "extensions/apply.html",
        duty=duty,
        facts=facts,
        days_late=(today - due).days if due and rules.is_late(due, today) else 0,
        latest=rules.latest(due) if due else None,
        before=extensions.cases_of_duty(duty),
        form=form,
        refused=refused,
    )


@pages.post("/<int:extension_id>/withdraw")
@needs(Action.REPORT)
def withdraw(extension_id: int) -> ResponseReturnValue:
    form, me = OpinionForm(), visitor()
    form.validate()
    try:
        with transaction():
            case = extensions.case_of(me.organisation_id, extension_id, frozenset(me.own_units))
            extensions.withdraw(act(), case.extension, form.version.data or 0)
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(extension_id, form, refusal.sentence), refusal.status
    flash("延期申请已撤回，仍按现行时限计算。", "success")
    return redirect(url_for("extensions.show", extension_id=extension_id))


# Deciding


@pages.post("/<int:extension_id>/unit")
@needs(Action.APPROVE_IN_UNIT)
def judge_in_unit(extension_id: int) -> ResponseReturnValue:
    return _judge(extension_id, ExtensionLevel.UNIT)


@pages.post("/<int:extension_id>/office")
@needs(Action.REVIEW)
def judge_in_office(extension_id: int) -> ResponseReturnValue:
    return _judge(extension_id, ExtensionLevel.OFFICE)


@pages.post("/<int:extension_id>/leader")
@needs(Action.APPROVE_AS_LEADER)
def judge_as_leader(extension_id: int) -> ResponseReturnValue:
    return _judge(extension_id, ExtensionLevel.LEADER)


_JUDGES = {
    ExtensionLevel.UNIT: "extensions.judge_in_unit",
    ExtensionLevel.OFFICE: "extensions.judge_in_office",
    ExtensionLevel.LEADER: "extensions.judge_as_leader",
}


def _judge(extension_id: int, level: ExtensionLevel) -> ResponseReturnValue:
    form, me = OpinionForm(), visitor()
    form.validate()
    try:
        verdict = _verdict()
        with transaction():
            case = extensions.case_of(me.organisation_id, extension_id, _desks()[level])
            extensions.judge(act(), case.extension, level, verdict, form.reason.data, form.version.data or 0)
            told = _told(case)
    except NotFound:
        raise
    except Invalid as refusal:
        form.reason.errors = [refusal.sentence]
        return _page(extension_id, form), refusal.status
    except Refusal as refusal:
        return _page(extension_id, form, refusal.sentence), refusal.status
    flash(told, "success")
    return redirect(url_for("extensions.index"))


def _verdict() -> Verdict:
    try:
        return Verdict(request.form.get("verdict", ""))
    except ValueError:
        raise Invalid("请选择“同意”或“不同意”。") from None


def _told(case: Case) -> str:
    return f"{case.duty.unit.name}第 {case.duty.item.position} 项的延期申请：{case.told}。"


# What other pages say of extensions


def extension_count() -> int:
    """How many wait for the visitor; asked once for a page, and never the cause of a fault."""
    if "extension_count" not in g:
        g.extension_count = _count() if current_user.is_authenticated else 0
    return int(g.extension_count)


def _count() -> int:
    try:
        me, desks = visitor(), _desks()
        return extensions.count_waiting(me.organisation_id, me.office.rules.extension_levels, desks) if desks else 0
    except SQLAlchemyError:
        return 0  # the page may be the one that says that the database cannot be reached


@pages.app_template_global()
def open_extension(duty_id: int) -> Extension | None:
    """What the visitor's units have applied for and is not decided yet, by duty; read once for a page."""
    if "open_extensions" not in g:
        me = visitor()
        g.open_extensions = extensions.open_by_duty(me.organisation_id, me.scope)
    standing: Mapping[int, Extension] = g.open_extensions
    return standing.get(duty_id)


@pages.app_template_global()
def may_extend(duty: DutyFacts, as_of: date | None = None) -> bool:
    """Whether the visitor can ask, today, for another date."""
    me = visitor()
    if not me.can(Action.REPORT) or duty.unit_id not in me.own_units or as_of not in (None, me.today):
        return False
    return has_a_deadline(duty) and duty.due is not None and duty.done_on is None and duty.ended_on is None


@pages.record_once
def name_the_words(state: BlueprintSetupState) -> None:
    state.app.jinja_env.globals.update(OPINIONS=rules.OPINIONS, JUDGES=_JUDGES)


@pages.app_context_processor
def _for_every_page() -> dict[str, object]:
    return {"extension_count": extension_count}
