"""Alerts (预警): what is overdue or due soon, shown to those concerned, and counted in the tab of every page."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from tracker.ledger import alerts, extensions, plans
from tracker.ledger.tables.alerts import Alert
from tracker.rules.alerts import AlertKind, alert_light
from tracker.rules.duties import DutyKind
from tracker.rules.extensions import Moved
from tracker.rules.lights import Lit
from tracker.rules.permissions import Action
from tracker.rules.refusals import Invalid
from tracker.web.access import needs, visitor
from tracker.web.item_filters import choices_of, read_filters
from tracker.web.paging import PER_PAGE, page_asked
from tracker.web.selection import Selection, current_quarter, selection

pages = Blueprint("alerts", __name__, url_prefix="/alerts")


@dataclass(frozen=True)
class Line:
    """An alert as it is shown: `due` is the day by which it must be answered, `moved` what an extension has made of it.

    `report` is the page on which the visitor's own unit answers it.
    """

    alert: Alert
    due: date
    moved: Moved | None
    lit: Lit
    report: str | None


@pages.get("/")
@needs(Action.SEE_ALERTS)
def index() -> ResponseReturnValue:
    me, chosen, filters, kind = visitor(), selection(), read_filters(), _kind()
    concerned = (me.organisation_id, filters.scope or me.scope, chosen.as_of)
    counts = alerts.count_alerts(*concerned)
    page, last = page_asked(counts[kind] if kind else counts.total())
    found = alerts.standing_alerts(*concerned, kind=kind, limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
    moved = extensions.moved_dates([alert.duty_id for alert in found], chosen.as_of)
    return render_template(
        "alerts/index.html",
        selection=chosen,
        filters=filters,
        units=choices_of((), filters)["unit"],
        kind=kind,
        kinds=list(AlertKind),
        counts=counts,
        lines=[_line(alert, chosen, moved.get(alert.duty_id)) for alert in found],
        several_plans=len(plans.plans_of(me.organisation_id)) > 1,
        page=page,
        last=last,
        not_yet_raised=alerts.not_yet_raised(*concerned),
    )


def _kind() -> AlertKind | None:
    written = request.args.get("kind", "")
    try:
        return AlertKind(written) if written else None
    except ValueError:
        raise Invalid(f"没有“{written[:20]}”这类预警，请从页面的选项中选择。") from None


def _line(alert: Alert, chosen: Selection, moved: Moved | None) -> Line:
    assert alert.duty.answer_by is not None  # an undated duty raises no alert
    due = max(alert.duty.answer_by, moved.revised) if moved else alert.duty.answer_by
    own = visitor().can(Action.REPORT) and alert.unit_id in visitor().own_units
    report = _report(alert, chosen.as_of) if own else None
    return Line(alert, due, moved, alert_light(due, chosen.as_of), report)


def _report(alert: Alert, as_of: date) -> str:
    """A report is answered on its own form; what is ticked as done, on the form of this quarter or the duty's."""
    duty = alert.duty
    if duty.kind is DutyKind.QUARTER_REPORT:
        return url_for("reports.show", duty_id=duty.id)
    now = current_quarter(duty.item.plan.year, as_of)
    return url_for("reports.index", plan=duty.plan_id, quarter=str(max(duty.quarter or now, now)))


def alert_count() -> int:
    """How many alerts stand today for the visitor; asked once for a page, and never the cause of a fault."""
    if "alert_count" not in g:
        g.alert_count = _count() if current_user.is_authenticated and current_user.can(Action.SEE_ALERTS) else 0
    return int(g.alert_count)


def _count() -> int:
    me = visitor()
    try:
        return alerts.count_alerts(me.organisation_id, me.scope, me.today).total()
    except SQLAlchemyError:
        return 0  # the page may be the one that says that the database cannot be reached


@pages.app_context_processor
def _for_every_page() -> dict[str, object]:
    return {"alert_count": alert_count}
