"""The bar above a page about a plan: which plan, which quarter, and as of which day."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from flask import Flask, render_template
from markupsafe import Markup

from tracker.ledger.tables.plans import Plan
from tracker.rules.quarters import Quarter
from tracker.web.selection import Selection

MOST_REMEMBERED = 512


class PlanBar(NamedTuple):
    """All that the bar says; it is written out once for whoever is about to see the same."""

    plan: int
    plans: tuple[tuple[int, str], ...]
    quarter: Quarter | None
    quarters: tuple[Quarter, ...]
    as_of: date
    dated: bool
    asks_for_date: bool
    carried: tuple[tuple[str, str], ...]


def plan_bar(selection: Selection, plans: Iterable[Plan], dated: bool = True) -> Markup:
    """Without a plan there is none; `dated` where the page can be asked for as of another day."""
    if selection.plan is None:
        return Markup()
    titles = tuple((plan.id, plan.titled_with_year) for plan in plans)
    quarters, carried = tuple(selection.quarters), tuple(selection.carried)
    return _written_out(
        PlanBar(
            selection.plan.id, titles, selection.quarter, quarters, selection.as_of, selection.dated, dated, carried
        )
    )


@lru_cache(MOST_REMEMBERED)
def _written_out(bar: PlanBar) -> Markup:
    return Markup(render_template("_plan_bar.html", bar=bar))  # noqa: S704 - the template has escaped it


def assemble(app: Flask) -> None:
    app.add_template_global(plan_bar, "plan_bar")
