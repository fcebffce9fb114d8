"""The leading group's page (领导看板): how the quarter stands, and what needs a leader."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from tracker.ledger import plans, units
from tracker.ledger.standing import Standings, standings, standings_by_quarter
from tracker.ledger.tables.plans import Item, Plan
from tracker.ledger.tables.units import Unit
from tracker.rules.permissions import Action
from tracker.rules.quarters import Quarter, quarters_of
from tracker.rules.standing import DutyFacts, Standing, overdue_first
from tracker.rules.summary import Punctuality, Summary, Tally, comparison, day_to_compare, punctuality, summarise
from tracker.web import charts, looks
from tracker.web.access import needs, visitor
from tracker.web.charts import Bar
from tracker.web.policy import POLICY_WITH_CHARTS
from tracker.web.selection import Selection, selection

pages = Blueprint("dashboard", __name__, url_prefix="/dashboard")

MOST_ROWS = 5  # of what needs attention
MOST_BARS = 20  # a longer chart says less than the table beneath it
ONE_YEAR = 365 * 24 * 3600  # seconds


@dataclass(frozen=True)
class Board:
    """All that the page counts.  `quarters` has None for a quarter that has not begun."""

    summary: Summary
    change: str
    compared_on: date | None
    overdue: list[DutyFacts]
    punctuality: Punctuality
    items: Mapping[int, Item]
    units: list[Unit]
    quarters: Mapping[Quarter, Summary | None]

    @property
    def unit_names(self) -> dict[int, str]:
        return {unit.id: unit.name for unit in self.units}


@pages.get("", strict_slashes=False)
@needs(Action.SEE_OVERVIEW)
def index() -> ResponseReturnValue:
    changes = looks.changes()
    chosen = selection()
    known = plans.plans_of(visitor().organisation_id)
    if chosen.plan is None or chosen.quarter is None:
        return render_template("dashboard/index.html", selection=chosen, plans=known)
    board = _board(chosen.plan, chosen.quarter, chosen.as_of)
    return render_template(
        "dashboard/index.html",
        selection=chosen,
        plans=known,
        board=board,
        changes=changes,
        figures=_figures(chosen, board),
        most_rows=MOST_ROWS,
        most_bars=MOST_BARS,
        plotly=charts.PLOTLY_VERSION,
    )


def _board(plan: Plan, quarter: Quarter, as_of: date) -> Board:
    begun = [q for q in quarters_of(plan.year) if q.start <= as_of]
    found = standings_by_quarter(plan.id, sorted({*begun, quarter}), as_of)
    before, compared_on = _before(plan, quarter, as_of)  # first, for it reads the same items as of another day
    items = plans.outline(plan, as_of=as_of)
    summaries = {q: summarise(q, found[q].shares.values(), _sections(items, q)) for q in found}
    registered = {unit.id: unit for unit in units.units_of(plan.organisation_id)}
    return Board(
        summary=summaries[quarter],
        change=comparison(summaries[quarter], before) if before else "",
        compared_on=compared_on,
        overdue=overdue_first(_duties(found[quarter]), as_of),
        punctuality=punctuality(_duties(found[quarter]), as_of),
        items={item.id: item for item in items},
        units=[registered[unit_id] for unit_id in summaries[quarter].worst_first(registered)],
        quarters={q: summaries[q] if q in begun else None for q in quarters_of(plan.year)},
    )


def _duties(found: Standings) -> Iterable[DutyFacts]:
    return (duty for owed in found.duties.values() for duty in owed)


def _sections(items: Iterable[Item], quarter: Quarter) -> dict[int, str]:
    return {item.id: item.heading for item in items if item.counts_in(quarter)}


def _before(plan: Plan, quarter: Quarter, as_of: date) -> tuple[Summary | None, date | None]:
    """The plan's quarter before, and the day on which it is looked at."""
    before, on = quarter.previous, day_to_compare(quarter, as_of)
    if on is None or before.year != plan.year:
        return None, None
    shares = standings(plan.id, before, on).shares.values()
    return summarise(before, shares, _sections(plans.outline(plan, as_of=on), before)), on


def _figures(chosen: Selection, board: Board) -> dict[str, str]:
    """The three charts as JSON; each part of a bar leads to the items it counts."""
    by_unit = [_bar(chosen, unit.name, board.summary.by_unit[unit.id], unit=unit.id) for unit in board.units]
    by_section = [_bar(chosen, name, tally, section=name) for name, tally in board.summary.by_section.items()]
    by_quarter = [_quarter_bar(chosen, quarter, counted) for quarter, counted in board.quarters.items()]
    return {
        "units": charts.rows(by_unit[:MOST_BARS]),
        "sections": charts.rows(by_section[:MOST_BARS]),
        "quarters": charts.columns(by_quarter),
    }


def _quarter_bar(chosen: Selection, quarter: Quarter, counted: Summary | None) -> Bar:
    name = quarter.label.partition("年")[2]  # the year stands in the head of the page
    bar = _bar(chosen, name, counted.total if counted else Tally(), quarter=str(quarter))
    return bar if counted else replace(bar, note="未开始")


def _bar(chosen: Selection, name: str, tally: Tally, **where: object) -> Bar:
    return Bar(name, tally, {standing: chosen.url("items.index", **where, standing=standing) for standing in Standing})


@pages.get("/plotly.min.js")
@needs(Action.SEE_OVERVIEW)
def plotly_script() -> ResponseReturnValue:
    """The charts' script out of the installed package; its address names the version, so that it may be kept long."""
    answer = Response(charts.plotly_script(), mimetype="text/javascript")
    answer.cache_control.private = True
    answer.cache_control.max_age = ONE_YEAR
    answer.set_etag(charts.PLOTLY_VERSION)
    return answer.make_conditional(request)


index.talisman_view_options = {"content_security_policy": POLICY_WITH_CHARTS}  # type: ignore[attr-defined]
