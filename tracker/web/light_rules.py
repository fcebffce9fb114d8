"""The office's light rule (亮灯规则): what holds, writing another, trying it, and putting it in force from a day."""

import hashlib
from dataclasses import dataclass, replace
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.ledger import dated_rules, light_rules
from tracker.ledger.db import transaction
from tracker.ledger.light_rules import Trial
from tracker.ledger.lights import rule_on
from tracker.ledger.tables.lights import LightRuleVersion
from tracker.rules.dates import written
from tracker.rules.light_presets import PRESETS, preset
from tracker.rules.light_rules import MEASURES, MOST_CLAUSES, from_json, slips
from tracker.rules.lights import Cause, Clause, Light, LightRule
from tracker.rules.permissions import Action
from tracker.rules.refusals import Invalid
from tracker.web.access import act, needs, visitor
from tracker.web.dated_rules import shown, start
from tracker.web.fields import trimmed
from tracker.web.selection import selection

pages = Blueprint("light_rules", __name__, url_prefix="/lights")


@dataclass(frozen=True)
class Row:
    """A clause as it was typed."""

    cause: Cause
    light: Light
    at: str = ""

    @classmethod
    def of(cls, clause: Clause) -> "Row":
        return cls(clause.cause, clause.light, str(clause.at) if clause.cause in MEASURES else "")

    @property
    def clause(self) -> Clause:
        """What is no number is none that any cause takes."""
        if self.cause not in MEASURES:
            return Clause(self.cause, self.light)
        return Clause(self.cause, self.light, int(self.at) if self.at.isdecimal() and len(self.at) < 4 else -1)


@dataclass(frozen=True)
class Draft:
    """The rule that is being written; nothing of it is kept before it is put in force."""

    name: str
    rows: tuple[Row, ...]
    starts_on: str
    tried: str = ""

    @property
    def rule(self) -> LightRule:
        return LightRule(self.name, tuple(row.clause for row in self.rows))

    @property
    def seal(self) -> str:
        """Names what was tried, so that nothing else is put in force."""
        return hashlib.sha256(repr(self.rule).encode()).hexdigest()[:16]

    def changed(self, how: str) -> "Draft":
        """`add`, or `up`, `down`, `drop` with the number of a row."""
        act, _, number = how.partition("-")
        rows, at = list(self.rows), int(number) - 1 if number.isdecimal() else -1
        if act == "add":
            rows.insert(max(len(rows) - 1, 0), Row(Cause.DUE_WITHIN, Light.YELLOW))
        elif 0 <= at < len(rows):
            row = rows.pop(at)
            if act != "drop":
                rows.insert(max(at - 1, 0) if act == "up" else at + 1, row)
        return replace(self, rows=tuple(rows))

    @classmethod
    def written(cls) -> "Draft":
        """As the form was sent."""
        given = request.form
        typed = zip(given.getlist("cause"), given.getlist("light"), given.getlist("at"), strict=False)
        try:
            rows = tuple(Row(Cause(cause), Light(light), at.strip()[:5]) for cause, light, at in typed)
        except ValueError:
            raise Invalid("没有这个选项，请从页面的选项中选择。") from None
        starts_on = given.get("starts_on", "")[:10]
        return cls(trimmed(given.get("name")), rows[: MOST_CLAUSES + 1], starts_on, given.get("tried", ""))

    @classmethod
    def of(cls, rule: LightRule, today: date) -> "Draft":
        return cls(rule.name, tuple(Row.of(clause) for clause in rule.clauses), today.isoformat())


@pages.get("/")
@needs(Action.EDIT_SETTINGS)
def index() -> ResponseReturnValue:
    me, key = visitor(), request.args.get("from", "")
    chosen = preset(key)
    rule = chosen.rule if chosen else rule_on(me.organisation_id, me.today)
    return _page(Draft.of(rule, me.today), began_from=chosen.key if chosen else "")


def _page(
    draft: Draft,
    *,
    trial: Trial | None = None,
    errors: dict[str, str] | None = None,
    began_from: str = "",
    note: str = "",
) -> str:
    me = visitor()
    return render_template(
        "lights/rule.html",
        rule=rule_on(me.organisation_id, me.today),
        read=from_json,
        presets=PRESETS,
        began_from=began_from,
        draft=draft,
        causes=Cause,
        lights=Light,
        measures=MEASURES,
        trial=trial,
        errors=errors or {},
        note=note,
        **shown(LightRuleVersion),
    )


@pages.post("/")
@needs(Action.EDIT_SETTINGS)
def save() -> ResponseReturnValue:
    """Move a row, try the rule, or put it in force: the button that was pressed says which."""
    draft, how = Draft.written(), request.form.get("do", "try")
    if how not in ("try", "start"):
        return _page(draft.changed(how))
    if errors := _errors(draft):
        return _page(draft, errors=errors), 422
    trial = _trial(draft)
    if how == "try" or draft.tried != draft.seal:
        note = "" if how == "try" else "规则在试算之后有改动，已重新试算。请核对后再启用。"
        return _page(draft, trial=trial, note=note), 409 if note else 200
    return _start(draft, trial)


def _errors(draft: Draft) -> dict[str, str]:
    """By the id of the field."""
    found = {} if 0 < len(draft.name) <= 50 else {"name": "请填写规则名称，最多 50 字。"}
    return found | {f"row-{number}": slip for number, slip in slips(draft.rule.clauses).items()}


def _trial(draft: Draft) -> Trial | None:
    """None while there is no plan to try it on."""
    plan = selection().plan
    return light_rules.try_out(plan, draft.rule, visitor().today) if plan else None


def _start(draft: Draft, trial: Trial | None) -> ResponseReturnValue:
    try:
        starts_on = start(draft.starts_on, lambda day: light_rules.put_in_force(act(), draft.rule, day))
    except Invalid as refusal:
        return _page(draft, trial=trial, errors={"starts_on": refusal.sentence}), refusal.status
    flash(f"“{draft.name}”自{written(starts_on)}起启用，此前各日的灯不变。", "success")
    return redirect(url_for("light_rules.index"))


@pages.post("/versions/<int:version_id>/withdraw")
@needs(Action.EDIT_SETTINGS)
def withdraw(version_id: int) -> ResponseReturnValue:
    with transaction():
        name = dated_rules.take_back(act(), LightRuleVersion, version_id).name
    flash(f"“{name}”已撤销，不再启用。", "success")
    return redirect(url_for("light_rules.index"))
