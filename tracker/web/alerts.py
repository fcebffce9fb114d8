"""Alerts (预警): what speaks up, shown to those it speaks to; counted in the tab and beside the bell of every page."""

from dataclasses import dataclass

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from tracker.ledger import alert_rules, alerts, extensions, plans, preferences
from tracker.ledger.alerts import StandingAlert, Tally
from tracker.ledger.db import transaction
from tracker.rules.alert_rules import in_short
from tracker.rules.alerts import AlertKind, Audience, alert_light, audience_of
from tracker.rules.duties import DutyKind
from tracker.rules.extensions import Moved
from tracker.rules.lights import Lit
from tracker.rules.permissions import Action
from tracker.rules.refusals import Invalid
from tracker.web.access import act, needs, visitor
from tracker.web.item_filters import choices_of, read_filters
from tracker.web.paging import PER_PAGE, page_asked
from tracker.web.selection import Selection, selection

pages = Blueprint("alerts", __name__, url_prefix="/alerts")


@dataclass(frozen=True)
class Line:
    """An alert as it is shown: `moved` is what an extension has made of its date, `new` that it is not marked as read.

    `answer` is the page on which the visitor's own unit answers it.
    """

    alert: StandingAlert
    moved: Moved | None
    lit: Lit
    new: bool
    answer: str | None


@pages.get("/")
@needs(Action.SEE_ALERTS)
def index() -> ResponseReturnValue:
    me, chosen, filters, kind, audience = visitor(), selection(), read_filters(), _kind(), _audience()
    concerned = (me.organisation_id, filters.scope or me.scope, chosen.as_of)
    raised = request.args.get("waiting") != "1"
    counts = alerts.count_alerts(*concerned, audience, raised=raised)
    page, last = page_asked(counts[kind] if kind else counts.total())
    start = (page - 1) * PER_PAGE
    found = alerts.standing_alerts(
        *concerned, audience=audience, kind=kind, raised=raised, limit=PER_PAGE, offset=start
    )
    return render_template(
        "alerts/index.html",
        selection=chosen,
        filters=filters,
        units=choices_of((), filters)["unit"],
        kind=kind,
        kinds=list(AlertKind),
        audience=audience,
        audiences=_audiences(),
        counts=counts,
        lines=_lines(found, chosen),
        several_plans=len(plans.plans_of(me.organisation_id)) > 1,
        page=page,
        last=last,
        rule_in_short=in_short(alert_rules.rule_on(me.organisation_id, chosen.as_of)),
        raised=raised,
        not_yet_raised=alerts.not_yet_raised(*concerned, audience),
    )


@pages.post("/read")
@needs(Action.SEE_ALERTS)
def read() -> ResponseReturnValue:
    with transaction():
        preferences.mark_read(act())
    flash("已全部标为已读。", "success")
    return redirect(url_for("alerts.index"))


def _kind() -> AlertKind | None:
    written = request.args.get("kind", "")
    try:
        return AlertKind(written) if written else None
    except ValueError:
        raise Invalid(f"没有“{written[:20]}”这类预警，请从页面的选项中选择。") from None


def _audiences() -> list[Audience]:
    """Whose alerts the visitor may look at: the own, and for whoever sees every unit what the units were told."""
    return list(dict.fromkeys([audience_of(visitor().roles), *([Audience.UNIT] if visitor().scope is None else [])]))


def _audience() -> Audience:
    written = request.args.get("audience", "")
    for each in _audiences():
        if written in ("", each):
            return each
    raise Invalid(f"没有“{written[:20]}”这一范围，请从页面的选项中选择。")


def _lines(found: list[StandingAlert], chosen: Selection) -> list[Line]:
    me = visitor()
    moved = extensions.moved_dates([alert.duty_id for alert in found if alert.duty_id], chosen.as_of)
    seen = preferences.preference_of(me.person_id).digest_seen_on
    own = frozenset(me.own_units) if me.can(Action.REPORT) else frozenset()
    return [
        Line(
            alert,
            moved.get(alert.duty_id or 0),
            alert_light(alert.kind, alert.due, chosen.as_of),
            alert.raised_on is not None and (seen is None or alert.raised_on > seen),
            _answer(alert) if alert.unit_id in own else None,
        )
        for alert in found
    ]


def _answer(alert: StandingAlert) -> str | None:
    """A report is answered on its own form, what is to be done on the duty's page."""
    duty = alert.duty
    if duty is None:
        return url_for("reports.index") if alert.kind is AlertKind.SILENT else None
    if duty.kind is DutyKind.QUARTER_REPORT:
        return url_for("reports.show", duty_id=duty.id)
    return url_for("duties.show", duty_id=duty.id)


def alert_tally() -> Tally:
    """How many alerts stand today for the visitor, and how many are new; asked once for a page, and never a fault."""
    if "alert_tally" not in g:
        g.alert_tally = _tally() if current_user.is_authenticated and current_user.can(Action.SEE_ALERTS) else _NOTHING
    tally: Tally = g.alert_tally
    return tally


_NOTHING = Tally(0, 0)


def _tally() -> Tally:
    me = visitor()
    try:
        return alerts.tally(me.organisation_id, me.scope, me.today, audience_of(me.roles), me.person_id)
    except SQLAlchemyError:
        return _NOTHING  # the page may be the one that says that the database cannot be reached


@pages.app_context_processor
def _for_every_page() -> dict[str, object]:
    return {"alert_tally": alert_tally}
