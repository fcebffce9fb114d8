"""The leading group's page (领导看板): how the quarter stands, and what needs a leader, on one screen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from tracker import clock
from tracker.ledger import memory, plans
from tracker.ledger.dashboard import unless_counted_anew
from tracker.ledger.tables.units import UnitKind
from tracker.ledger.units import UnitName
from tracker.rules.permissions import Action
from tracker.rules.standing import Standing
from tracker.rules.summary import Summary, Tally, comparison
from tracker.rules.truths import REPORTED, Calendar, VerifiedAs
from tracker.web import charts, dashboard_compare, dashboard_exports, dashboard_tables, dashboard_truths, looks
from tracker.web.access import needs, visitor
from tracker.web.dashboard_bars import quarter_bars
from tracker.web.dashboard_links import Asked, asked
from tracker.web.pieces import seen_by, weight_of_text
from tracker.web.policy import POLICY_WITH_CHARTS
from tracker.web.selection import selection

pages = Blueprint("dashboard", __name__, url_prefix="/dashboard")
for part in (dashboard_tables, dashboard_truths, dashboard_compare, dashboard_exports):
    pages.register_blueprint(part.pages)

MOST_ROWS = 5  # of what needs attention
MOST_UNITS = 8  # of all kinds together
ROWS_OF_A_SEAL = 2  # the room that the line about it takes from the units
MOST_ON_A_WALL = 12
MOST_SECTIONS = 8
REFRESHED_EVERY = 60  # seconds, on a wall
ONE_YEAR = 365 * 24 * 3600  # seconds


@pages.get("", strict_slashes=False)
@needs(Action.SEE_OVERVIEW)
def index() -> ResponseReturnValue:
    changes = looks.changes()
    about = asked()
    known = plans.plans_of(visitor().organisation_id)
    if about is None:
        return render_template("dashboard/index.html", selection=selection(), plans=known)
    most_units = MOST_UNITS - ROWS_OF_A_SEAL if about.chosen.sealed else MOST_UNITS
    return render_template(
        "dashboard/index.html", plans=known, changes=changes, board=about.board, **_frame(about, most_units)
    )


@pages.get("/wall")
@needs(Action.SEE_OVERVIEW)
def wall() -> ResponseReturnValue:
    """The same for a screen on the wall: larger, without controls; its script fetches it anew."""
    about = asked()
    if about is None:
        return render_template("dashboard/wall.html", selection=selection(), every=REFRESHED_EVERY, at=clock.now())
    return render_template(
        "dashboard/wall.html", every=REFRESHED_EVERY, at=clock.now(), **_frame(about, MOST_ON_A_WALL)
    )


def _frame(about: Asked, most_units: int) -> dict[str, object]:
    """The screen, and what stands around it."""
    return {
        "selection": about.chosen,
        "about": about,
        "links": about.links,
        "screen": _screen(about, most_units),
        "plotly": charts.PLOTLY_VERSION,
    }


def _screen(about: Asked, most_units: int) -> Markup:
    """The four panels as they are written out: the same for all who hold the same posts, and no form among them."""
    me, chosen = visitor(), about.chosen
    shown: Markup = memory.remembered(
        me.organisation_id,
        ("screen", *chosen.address.items(), chosen.as_of, *about.narrowing.items(), most_units, *seen_by(me)),
        make=lambda: Markup(render_template("dashboard/_screen.html", **_counted(about, most_units))),  # noqa: S704
        renew=unless_counted_anew,
        weigh=weight_of_text,
    )
    return shown


def _counted(about: Asked, most_units: int) -> dict[str, object]:
    board = about.board
    return {
        "selection": about.chosen,
        "about": about,
        "board": board,
        "links": about.links,
        "unit_names": board.names,
        "comparison": comparison,
        "none_at_all": Tally(),
        "kinds": _shown(board.kinds, most_units),
        "sections": _shown_sections(board.summary),
        "most_rows": MOST_ROWS,
        "figure": charts.small_columns(quarter_bars(about)),
        "most_led": max((tally.total() for (_, lead), tally in board.summary.by_part.items() if lead), default=0),
        "longest": max((counted.items for counted in board.quarters.values() if counted), default=0),
        "looks": charts.LOOKS,
        "legend_words": charts.LEGEND,
        "truths": (REPORTED, VerifiedAs, Calendar),
        "pieces": charts.pieces,
    }


@dataclass(frozen=True)
class ShownKind:
    """The units of a kind that the screen has room for, of so many."""

    kind: UnitKind
    units: Sequence[UnitName]
    total: int


def _shown(kinds: Mapping[UnitKind, Sequence[UnitName]], most: int) -> list[ShownKind]:
    """Each kind gets the same room; what one does not need, the others may have.  Each head costs a line too."""
    most -= max(0, len(kinds) - 2)
    room = dict.fromkeys(kinds, 1)
    while sum(room.values()) < most:
        wanting = [kind for kind, units in kinds.items() if room[kind] < len(units)]
        if not wanting:
            break
        room[min(wanting, key=room.__getitem__)] += 1
    return [ShownKind(kind, units[: room[kind]], len(units)) for kind, units in kinds.items()]


def _shown_sections(summary: Summary) -> list[str]:
    """In the plan's order; where there are too many, those in which most is in trouble."""
    named = list(summary.by_section)
    if len(named) <= MOST_SECTIONS:
        return named
    worst = sorted(named, key=lambda name: -_trouble(summary.by_section[name]))[:MOST_SECTIONS]
    return [name for name in named if name in worst]


def _trouble(tally: Tally) -> int:
    return sum(tally[standing] for standing in (Standing.OVERDUE, Standing.RETURNED, Standing.BEHIND))


@pages.get("/plotly.min.js")
@needs(Action.SEE_OVERVIEW)
def plotly_script() -> ResponseReturnValue:
    """The charts' script out of the installed package; its address names the version, so that it may be kept long."""
    answer = Response(charts.plotly_script(), mimetype="text/javascript")
    answer.cache_control.private = True
    answer.cache_control.max_age = ONE_YEAR
    answer.set_etag(charts.PLOTLY_VERSION)
    return answer.make_conditional(request)


for drawn in (index, wall):
    drawn.talisman_view_options = {"content_security_policy": POLICY_WITH_CHARTS}  # type: ignore[attr-defined]
