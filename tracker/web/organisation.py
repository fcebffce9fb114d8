"""The office's own rules (办理规则): levels of review and of extensions, the day of reporting, the word for a check."""

from collections.abc import Iterable

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from tracker.ledger import events, organisations, reviews
from tracker.ledger.db import transaction
from tracker.ledger.reviews import WaitingUnit
from tracker.ledger.tables.units import Unit
from tracker.rules.closing import SEALING_LEVELS
from tracker.rules.organisations import CHECK_WORDS, LABELS, LATEST_REPORT_DAY, LEVELS, OfficeRules, in_words
from tracker.rules.permissions import Action
from tracker.rules.refusals import Stale
from tracker.rules.reports import ReviewLevel
from tracker.web import history
from tracker.web.access import act, needs, visitor
from tracker.web.fields import Filled, WholeNumberField
from tracker.web.forms import TokenlessForm

pages = Blueprint("organisation", __name__, url_prefix="/organisation")


def _levels(name: str, levels: Iterable[int] = LEVELS) -> RadioField:
    choices = [SelectChoice(str(level), in_words(name, level)) for level in levels]
    return RadioField(LABELS[name], choices=choices, validate_choice=False)


class RulesForm(TokenlessForm):
    """`seen` is how the rules stood when the form was made."""

    seen = HiddenField()
    review_levels = _levels("review_levels")
    extension_levels = _levels("extension_levels")
    report_day = WholeNumberField(
        LABELS["report_day"], 1, LATEST_REPORT_DAY, validators=[Filled("请填写季度填报截止日。")]
    )
    check_word = RadioField(
        LABELS["check_word"], choices=[SelectChoice(word, word) for word in CHECK_WORDS], validate_choice=False
    )

    sealing_levels = _levels("sealing_levels", SEALING_LEVELS)

    def validate_review_levels(self, field: RadioField) -> None:
        _one_of_those_listed(field)

    def validate_extension_levels(self, field: RadioField) -> None:
        _one_of_those_listed(field)

    def validate_sealing_levels(self, field: RadioField) -> None:
        _one_of_those_listed(field)

    def validate_check_word(self, field: RadioField) -> None:
        _one_of_those_listed(field)

    @property
    def rules(self) -> OfficeRules:
        return OfficeRules(
            int(self.review_levels.data),
            int(self.extension_levels.data),
            self.report_day.data or 0,
            self.check_word.data,
            int(self.sealing_levels.data),
        )


def _one_of_those_listed(field: RadioField) -> None:
    if field.data not in {choice.value for choice in field.choices}:
        raise ValidationError(f"请选择“{field.label.text}”。")


def _written(stand: OfficeRules) -> str:
    levels = f"{stand.review_levels}.{stand.extension_levels}.{stand.report_day}"
    return f"{levels}.{stand.check_word}.{stand.sealing_levels}"


def _read(written: str) -> OfficeRules:
    """The rules as a form names them; one that was tampered with names rules that never stood."""
    parts = written.split(".")
    if len(parts) != 5:
        return OfficeRules(0, 0, 0, "")
    of_reviews, of_extensions, day, of_sealing = (
        int(part) if part.isdecimal() and len(part) < 3 else 0 for part in (*parts[:3], parts[4])
    )
    return OfficeRules(of_reviews, of_extensions, day, parts[3], of_sealing)


@pages.get("/")
@needs(Action.EDIT_SETTINGS)
def index() -> ResponseReturnValue:
    return _page(_filled_in())


def _filled_in() -> RulesForm:
    stand = organisations.rules_of(visitor().organisation)
    return RulesForm(
        formdata=None,
        seen=_written(stand),
        review_levels=str(stand.review_levels),
        extension_levels=str(stand.extension_levels),
        report_day=stand.report_day,
        check_word=stand.check_word,
        sealing_levels=str(stand.sealing_levels),
    )


def _page(form: RulesForm, refused: str | None = None) -> str:
    me = visitor()
    stand = organisations.rules_of(me.organisation)
    unheaded = organisations.units_without_head(me.organisation_id, me.today)
    acts = events.history(me.organisation_id, "organisation", me.organisation_id)
    return render_template(
        "organisation/index.html",
        form=form,
        refused=refused,
        stand=stand,
        in_words=in_words,
        unheaded=unheaded if stand.asks_heads else [],
        stuck=_stuck(unheaded),
        leaderless=stand.asks_leaders and not organisations.has_leader(me.organisation_id, me.today),
        acts=[one for one in reversed(acts) if one.act == "set_rules"],
        told=history.in_words,
    )


def _stuck(unheaded: list[Unit]) -> list[WaitingUnit]:
    """Units whose reports wait for a head that they no longer have, whatever the rules say now."""
    desk = {ReviewLevel.UNIT: frozenset(unit.id for unit in unheaded)}
    return reviews.waiting_units(visitor().organisation_id, desk)


@pages.post("/")
@needs(Action.EDIT_SETTINGS)
def save() -> ResponseReturnValue:
    form = RulesForm()
    if not form.validate():
        return _page(form), 422
    try:
        with transaction():
            moved = organisations.set_rules(act(), _read(form.seen.data or ""), form.rules)
    except Stale as refusal:
        form.seen.data = _written(organisations.rules_of(visitor().organisation))
        return _page(form, refusal.sentence), refusal.status
    flash(f"办理规则已保存，{moved} 条应办事项的截止日期随之调整。" if moved else "办理规则已保存。", "success")
    return redirect(url_for("organisation.index"))
