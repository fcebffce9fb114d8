"""Comparisons (对比): quarter beside quarter, unit beside unit, plan beside plan; the choices live in the address."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from tracker.ledger import plans
from tracker.ledger.dashboard import Earlier, Narrowed, summary_of
from tracker.ledger.tables.plans import Plan
from tracker.ledger.units import UnitName
from tracker.rules.comparisons import median_percent, percent_well
from tracker.rules.permissions import Action
from tracker.rules.refusals import Invalid
from tracker.rules.summary import Summary, Tally
from tracker.web import charts
from tracker.web.access import needs, visitor
from tracker.web.addresses import record_id
from tracker.web.dashboard_links import Asked, Links, asked
from tracker.web.selection import selection

pages = Blueprint("compare", __name__, url_prefix="/compare")

MOST = 4  # lines beside each other
USUAL = 2  # where the address names none


class By(StrEnum):
    QUARTERS = "quarters"
    UNITS = "units"
    PLANS = "plans"

    @property
    def label(self) -> str:
        return {By.QUARTERS: "季度对比", By.UNITS: "单位对比", By.PLANS: "计划对比"}[self]


@dataclass(frozen=True)
class Line:
    """One of those compared; `links` lead to the items that it counts, `where` narrows them to it."""

    name: str
    aside: str
    tally: Tally
    links: Links
    where: dict[str, object]


@pages.get("")
@needs(Action.SEE_OVERVIEW)
def index() -> ResponseReturnValue:
    about = asked()
    known = plans.plans_of(visitor().organisation_id)
    if about is None:
        return render_template("dashboard/index.html", selection=selection(), plans=known)
    by = _by()
    units, of_year = _units(about), _plans(about, known)
    return render_template(
        "dashboard/compare.html",
        selection=about.chosen,
        plans=known,
        about=about,
        board=about.board,
        links=about.links,
        looks=charts.LOOKS,
        by=by,
        kinds=By,
        most=MOST,
        units=units,
        of_year=of_year,
        lines=_lines(about, by, units, of_year),
        changes=_changes(about) if by is By.QUARTERS else [],
        middle=median_percent(about.board.summary.by_unit.values()) if by is By.UNITS else None,
        percent=percent_well,
        pieces=charts.pieces,
        legend_words=charts.LEGEND,
    )


def _by() -> By:
    written = request.args.get("by", By.QUARTERS)
    try:
        return By(written)
    except ValueError:
        raise Invalid(f"没有“{written[:20]}”这种对比，请从页面上选择。") from None


def _lines(about: Asked, by: By, units: Sequence[UnitName], of_year: Sequence[Plan]) -> list[Line]:
    if by is By.UNITS:
        by_unit = about.board.summary.by_unit
        return [Line(one.name, one.kind.label, by_unit[one.id], about.links, {"unit": one.id}) for one in units]
    if by is By.PLANS:
        return [_of_plan(about, plan) for plan in of_year]
    now = Line(about.quarter.label, "本季度", about.board.summary.total, about.links, {})
    return [now, *(_of_earlier(about, earlier, aside) for earlier, aside in _earlier(about))]


# Quarters


def _earlier(about: Asked) -> Iterable[tuple[Earlier, str]]:
    if about.board.before:
        yield about.board.before, "上季度同期"
    if about.board.last_year:
        yield about.board.last_year, f"上年同期，{about.board.last_year.why}"


def _of_earlier(about: Asked, earlier: Earlier, aside: str) -> Line:
    return Line(earlier.quarter.label, aside, earlier.summary.total, about.links.of(earlier), {})


@dataclass(frozen=True)
class Change:
    """A unit's share of a hundred that stands as planned, now and in the quarter before."""

    unit: UnitName
    before: int
    now: int

    @property
    def by(self) -> int:
        return self.now - self.before


def _changes(about: Asked) -> list[Change]:
    """The units that were there both times, those that fell farthest first."""
    before = about.board.before
    if before is None:
        return []
    found = (_change(unit, before.summary, about.board.summary) for unit in about.board.units.values())
    return sorted((change for change in found if change and change.by), key=lambda change: change.by)


def _change(unit: UnitName, before: Summary, now: Summary) -> Change | None:
    then = percent_well(before.by_unit.get(unit.id, Tally()))
    today = percent_well(now.by_unit[unit.id])
    return None if then is None or today is None else Change(unit, then, today)


# Units and plans


def _units(about: Asked) -> list[UnitName]:
    """Those named by the address, or the worst of all."""
    known = about.board.units
    named = [known[unit_id] for unit_id in _numbers("units") if unit_id in known]
    return named[:MOST] or [known[unit_id] for unit_id in about.board.summary.worst_first(known)][:USUAL]


def _plans(about: Asked, known: Sequence[Plan]) -> list[Plan]:
    """Those named by the address, or this one and the next of the same year."""
    of_year = {plan.id: plan for plan in known if plan.year == about.plan.year}
    named = [of_year[plan_id] for plan_id in _numbers("plans") if plan_id in of_year]
    others = [plan for plan in of_year.values() if plan.id != about.plan.id]
    return named[:MOST] or [about.plan, *others][:USUAL]


def _numbers(name: str) -> list[int]:
    """Each once; what is no number of a record is passed over."""
    return list(dict.fromkeys(request.args.getlist(name, type=record_id)))


def _of_plan(about: Asked, plan: Plan) -> Line:
    narrowed = Narrowed(about.filters.group, about.filters.unit_kind, about.filters.section)
    own = plan.id == about.plan.id
    counted = about.board.summary if own else summary_of(plan, about.quarter, about.chosen.as_of, narrowed)
    return Line(plan.title, "当前计划" if own else "", counted.total, about.links_at(about.quarter, plan), {})
