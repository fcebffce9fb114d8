"""What has no room on the leader's screen, whole and each on a page of its own: units, sections, heat map, quarters."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from tracker.ledger import plans
from tracker.rules.comparisons import median_percent, percent_well
from tracker.rules.permissions import Action
from tracker.web import charts
from tracker.web.access import needs, visitor
from tracker.web.dashboard_bars import quarter_bars, section_bars, unit_bars
from tracker.web.dashboard_links import Asked, asked
from tracker.web.policy import POLICY_WITH_CHARTS
from tracker.web.selection import selection

pages = Blueprint("tables", __name__)

MOST_BARS = 20  # a longer chart says less than the table beneath it


@pages.get("/units")
@needs(Action.SEE_OVERVIEW)
def units() -> ResponseReturnValue:
    """All of them, or those alone that do not move."""
    about = asked()
    if about is None:
        return _no_plan()
    board, silent = about.board, request.args.get("silent") == "1"
    kinds = {
        kind: [unit for unit in held if not silent or unit.id in board.silent] for kind, held in board.kinds.items()
    }
    shown = [unit for held in kinds.values() for unit in held]
    ranked = board.summary.worst_first(unit.id for unit in shown)
    bars = unit_bars(about.links, board.summary, [board.units[unit_id] for unit_id in ranked[:MOST_BARS]])
    return _page(
        "units",
        about,
        figure=charts.rows(bars) if bars else None,
        kinds={kind: held for kind, held in kinds.items() if held},
        shown=len(shown),
        silent=silent,
        most_bars=MOST_BARS,
        percent=percent_well,
        middle=median_percent(board.summary.by_unit.values()),
    )


@pages.get("/sections")
@needs(Action.SEE_OVERVIEW)
def sections() -> ResponseReturnValue:
    about = asked()
    if about is None:
        return _no_plan()
    bars = section_bars(about.links, about.board.summary)[:MOST_BARS]
    return _page("sections", about, figure=charts.rows(bars) if bars else None, most_bars=MOST_BARS)


@pages.get("/heat")
@needs(Action.SEE_OVERVIEW)
def heat() -> ResponseReturnValue:
    """Units against sections; each cell shows the worst that there is."""
    about = asked()
    return _no_plan() if about is None else _page("heat", about)


@pages.get("/quarters")
@needs(Action.SEE_OVERVIEW)
def quarters() -> ResponseReturnValue:
    about = asked()
    if about is None:
        return _no_plan()
    return _page("quarters", about, figure=charts.columns(quarter_bars(about)))


def _no_plan() -> str:
    return render_template(
        "dashboard/index.html", selection=selection(), plans=plans.plans_of(visitor().organisation_id)
    )


def _page(name: str, about: Asked, **more: object) -> str:
    return render_template(
        f"dashboard/{name}.html",
        selection=about.chosen,
        plans=plans.plans_of(visitor().organisation_id),
        about=about,
        board=about.board,
        links=about.links,
        looks=charts.LOOKS,
        legend_words=charts.LEGEND,
        plotly=charts.PLOTLY_VERSION,
        **more,
    )


for drawn in (units, sections, quarters):
    drawn.talisman_view_options = {"content_security_policy": POLICY_WITH_CHARTS}  # type: ignore[attr-defined]
