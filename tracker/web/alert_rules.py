"""The office's alert rule (预警规则): what holds, writing another, trying it, and putting it in force from a day."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.ledger import alert_rules, alert_trials, dated_rules
from tracker.ledger.alert_trials import Compared
from tracker.ledger.db import transaction
from tracker.ledger.tables.alerts import AlertRuleVersion
from tracker.rules.alert_rules import DEFAULT_ALERT_RULE, RANGES, AlertRule, from_json, said, slips
from tracker.rules.alerts import AlertKind, Audience, KindSteps
from tracker.rules.dates import written
from tracker.rules.notices import Ladder, NoticeKind
from tracker.rules.permissions import Action
from tracker.rules.refusals import Invalid
from tracker.web.access import act, needs, visitor
from tracker.web.dated_rules import shown, start

pages = Blueprint("alert_rules", __name__, url_prefix="/alert-rules")

LONGEST_FIELD = 60
_NO_NUMBER = 9999  # lies outside every range: what was typed is none


@dataclass(frozen=True)
class Draft:
    """The rule that is being written, as it was typed; nothing of it is kept before it is put in force."""

    typed: Mapping[str, str]
    starts_on: str
    tried: str = ""

    @property
    def rule(self) -> AlertRule:
        steps = {kind: self._steps(kind) for kind in AlertKind}
        after = tuple((kind, _number(days)) for kind in NoticeKind if (days := self.typed[kind]))
        return AlertRule(steps, Ladder(after, _number(self.typed["interval"]), _number(self.typed["reply_days"])))

    def _steps(self, kind: AlertKind) -> KindSteps:
        before = [-day for day in _numbers(self.typed[f"{kind}-before"])]
        after = [day or _NO_NUMBER for day in _numbers(self.typed[f"{kind}-after"])]
        told = (self.typed[f"{kind}-{each}"] for each in (Audience.OFFICE, Audience.LEADER))
        return KindSteps((*before, *after), *(_number(first) if first else None for first in told))

    @property
    def seal(self) -> str:
        """Names what was tried, so that nothing else is put in force."""
        return hashlib.sha256(repr(sorted(self.typed.items())).encode()).hexdigest()[:16]

    @classmethod
    def written(cls) -> "Draft":
        """As the form was sent."""
        given = request.form
        typed = {name: given.get(name, "").strip()[:LONGEST_FIELD] for name in _typed(DEFAULT_ALERT_RULE)}
        return cls(typed, given.get("starts_on", "")[:10], given.get("tried", ""))

    @classmethod
    def of(cls, rule: AlertRule, today: date) -> "Draft":
        return cls(_typed(rule), (today + timedelta(days=1)).isoformat())


def _typed(rule: AlertRule) -> dict[str, str]:
    """The fields of the form, as this rule would fill them in."""
    return dict(_fields(rule))


def _fields(rule: AlertRule) -> Iterator[tuple[str, str]]:
    for kind, steps in rule.steps.items():
        yield f"{kind}-before", _listed([-at for at in steps.days if at <= 0])
        yield f"{kind}-after", _listed([at for at in steps.days if at > 0])
        yield f"{kind}-{Audience.OFFICE}", _optional(steps.office)
        yield f"{kind}-{Audience.LEADER}", _optional(steps.leader)
    days = dict(rule.ladder.after)
    for paper in NoticeKind:
        yield paper, _optional(days.get(paper))
    yield "interval", str(rule.ladder.interval)
    yield "reply_days", str(rule.ladder.reply_days)


def _listed(days: Sequence[int]) -> str:
    return "、".join(str(day) for day in days)


def _optional(day: int | None) -> str:
    return "" if day is None else str(day)


def _numbers(typed: str) -> list[int]:
    return [_number(word) for word in re.split(r"[\s、,，;；.。]+", typed) if word]


def _number(typed: str) -> int:
    return int(typed) if typed.isdecimal() and len(typed) < 5 else _NO_NUMBER


@pages.get("/")
@needs(Action.EDIT_SETTINGS)
def index() -> ResponseReturnValue:
    me = visitor()
    restored = request.args.get("from") == "default"
    rule = DEFAULT_ALERT_RULE if restored else alert_rules.rule_on(me.organisation_id, me.today)
    note = "已填入系统默认的预警规则，试算并启用后生效。" if restored else ""
    return _page(Draft.of(rule, me.today), note=note)


def _page(draft: Draft, *, trial: Compared | None = None, errors: dict[str, str] | None = None, note: str = "") -> str:
    me = visitor()
    return render_template(
        "alert_rules/index.html",
        rule=alert_rules.rule_on(me.organisation_id, me.today),
        read=from_json,
        said=said,
        kinds=AlertKind,
        audiences=Audience,
        ranges=RANGES,
        papers=NoticeKind,
        draft=draft,
        trial=trial,
        errors=errors or {},
        note=note,
        **shown(AlertRuleVersion),
    )


@pages.post("/")
@needs(Action.EDIT_SETTINGS)
def save() -> ResponseReturnValue:
    """Try the rule, or put it in force: the button that was pressed says which."""
    draft, me = Draft.written(), visitor()
    if errors := slips(draft.rule):
        return _page(draft, errors=errors), 422
    trial = alert_trials.try_out(me.organisation_id, draft.rule, me.today)
    if request.form.get("do") != "start":
        return _page(draft, trial=trial)
    if draft.tried != draft.seal:
        return _page(draft, trial=trial, note="规则在试算之后有改动，已重新试算。请核对后再启用。"), 409
    return _start(draft, trial)


def _start(draft: Draft, trial: Compared) -> ResponseReturnValue:
    try:
        starts_on = start(draft.starts_on, lambda day: alert_rules.put_in_force(act(), draft.rule, day))
    except Invalid as refusal:
        return _page(draft, trial=trial, errors={"starts_on": refusal.sentence}), refusal.status
    flash(f"新的预警规则自{written(starts_on)}起启用，此前已发出的预警不变。", "success")
    return redirect(url_for("alert_rules.index"))


@pages.post("/versions/<int:version_id>/withdraw")
@needs(Action.EDIT_SETTINGS)
def withdraw(version_id: int) -> ResponseReturnValue:
    with transaction():
        starts_on = dated_rules.take_back(act(), AlertRuleVersion, version_id).starts_on
    flash(f"拟自{written(starts_on)}起启用的预警规则已撤销。", "success")
    return redirect(url_for("alert_rules.index"))
