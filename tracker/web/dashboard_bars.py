"""The bars of the leading group's charts; each part of a bar leads to the items it counts."""

from collections.abc import Iterable
from dataclasses import replace

from tracker.ledger.units import UnitName
from tracker.rules.quarters import Quarter
from tracker.rules.standing import Standing
from tracker.rules.summary import Summary, Tally
from tracker.web.charts import Bar
from tracker.web.dashboard_links import Asked, Links


def quarter_bars(about: Asked) -> list[Bar]:
    return [_of_quarter(about.links_at(quarter), quarter, counted) for quarter, counted in about.board.quarters.items()]


def _of_quarter(links: Links, quarter: Quarter, counted: Summary | None) -> Bar:
    name = quarter.label.partition("年")[2]  # the year stands in the head of the page
    bar = _bar(links, name, counted.total if counted else Tally())
    return bar if counted else replace(bar, note="未开始")


def unit_bars(links: Links, summary: Summary, named: Iterable[UnitName]) -> list[Bar]:
    return [_bar(links, unit.name, summary.by_unit[unit.id], unit=unit.id) for unit in named]


def section_bars(links: Links, summary: Summary) -> list[Bar]:
    return [_bar(links, name, tally, section=name) for name, tally in summary.by_section.items()]


def _bar(links: Links, name: str, tally: Tally, **where: object) -> Bar:
    return Bar(name, tally, {standing: links.items(**where, standing=standing) for standing in Standing})
