"""Figures for the dashboard: plotly draws in the browser what is counted here.

A figure carries no colours of its own: each bar names the page's colour in `meta`, so that the script can paint it
light or dark, and a pattern, so that it can be told apart without colours.  Figures are plain values in plotly's own
words, for its classes cost more than all else on the page; the tests hold them against these classes.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape  # plotly reads tags in every text that it shows
from pathlib import Path
from typing import Any

import plotly

from tracker.rules.lights import Light
from tracker.rules.standing import Standing
from tracker.rules.summary import Tally

Part = dict[str, Any]  # of a figure, in plotly's words

PLOTLY_VERSION: str = plotly.__version__

LONGEST_LABEL = 12  # characters; the whole name stands in the table and beside the pointer

# The colours are those of the lights; where two standings share one, the pattern tells them apart.
_LOOKS = {
    Standing.OVERDUE: ("red", ""),
    Standing.RETURNED: ("yellow", "x"),
    Standing.BEHIND: ("yellow", ""),
    Standing.UNREPORTED: ("grey", "."),
    Standing.OTHER: ("grey", "\\"),
    Standing.ON_SCHEDULE: ("green", ""),
    Standing.AHEAD: ("green", "/"),
    Standing.COMPLETED: ("blue", ""),
    Standing.UNASSIGNED: ("grey", "-"),
}


@dataclass(frozen=True)
class Look:
    """How a standing looks where there is little room: its light's colour and sign, and its word in one character."""

    colour: str
    sign: str
    letter: str


_LETTERS = dict(zip(Standing, "逾退欠待其达超完未", strict=True))
LOOKS = {
    standing: Look(colour, Light(colour).sign, _LETTERS[standing]) for standing, (colour, _pattern) in _LOOKS.items()
}
# Colour and sign with the words of the standings that share them, worst first.
LEGEND = [
    (look.colour, look.sign, "、".join(standing.label for standing in LOOKS if LOOKS[standing].colour == look.colour))
    for look in {look.colour: look for look in LOOKS.values()}.values()
]


@cache
def plotly_script() -> bytes:
    """The script that the installed package brings along; never one from another place."""
    return (Path(plotly.__file__).parent / "package_data" / "plotly.min.js").read_bytes()


@dataclass(frozen=True)
class Bar:
    """One bar of counts by standing, and where a click on each of its parts leads; `note` stands under its name."""

    name: str
    tally: Tally
    addresses: Mapping[Standing, str]
    note: str = ""

    @property
    def label(self) -> str:
        short = self.name if len(self.name) <= LONGEST_LABEL else f"{self.name[: LONGEST_LABEL - 1]}…"
        return f"{escape(short)}<br>{self.note}" if self.note else escape(short)

    def says(self, standing: Standing) -> str:
        return f"{escape(self.name)}：{standing.label} {self.tally[standing]} 项"


def rows(bars: Sequence[Bar]) -> str:
    """Lying bars, the first on top, as JSON."""
    places = list(range(len(bars)))
    parts = [_part(standing, bars, orientation="h", y=places, x=_counts(standing, bars)) for standing in _present(bars)]
    names = {"tickvals": places, "ticktext": [bar.label for bar in bars], "autorange": "reversed", **_BARE_AXIS}
    return _json(parts, _layout(height=80 + 24 * len(bars), xaxis=_count_axis(bars), yaxis=names))


def columns(bars: Sequence[Bar]) -> str:
    """Standing bars from left to right, as JSON."""
    names = {"tickvals": list(range(len(bars))), "ticktext": [bar.label for bar in bars], **_BARE_AXIS}
    return _json(_standing_parts(bars), _layout(height=300, xaxis=names, yaxis=_count_axis(bars)))


def small_columns(bars: Sequence[Bar]) -> str:
    """Standing bars without words, for a place that has them in a table beneath; as high as the page makes them."""
    hidden = {"visible": False, "fixedrange": True}
    layout = _layout(
        showlegend=False,
        margin={"l": 0, "r": 0, "t": 2, "b": 1},
        bargap=0.5,
        xaxis=hidden | {"range": [-0.5, len(bars) - 0.5]},
        yaxis=hidden | {"rangemode": "tozero"},
    )
    return _json(_standing_parts(bars), layout)


def _standing_parts(bars: Sequence[Bar]) -> list[Part]:
    places = list(range(len(bars)))
    return [_part(standing, bars, x=places, y=_counts(standing, bars)) for standing in _present(bars)]


@dataclass(frozen=True)
class Piece:
    """One part of a bar that the page itself draws, in hundredths of the longest bar; it begins where `start` says."""

    colour: str
    start: float
    length: float


def pieces(tally: Tally, longest: int) -> list[Piece]:
    """The parts of one bar, worst first: drawn at once, and without any script."""
    drawn: list[Piece] = []
    start = 0.0
    for standing in Standing:
        if tally[standing] and longest:
            length = 100 * tally[standing] / longest
            drawn.append(Piece(LOOKS[standing].colour, round(start, 2), round(length, 2)))
            start += length
    return drawn


def _present(bars: Iterable[Bar]) -> list[Standing]:
    held = {standing for bar in bars for standing, number in bar.tally.items() if number}
    return [standing for standing in Standing if standing in held]


def _counts(standing: Standing, bars: Iterable[Bar]) -> list[int]:
    return [bar.tally[standing] for bar in bars]


def _part(standing: Standing, bars: Sequence[Bar], **where: object) -> Part:
    colour, pattern = _LOOKS[standing]
    return {
        "type": "bar",
        "name": standing.label,
        "meta": {"colour": colour},
        "marker": {"pattern": {"shape": pattern}},
        "customdata": [bar.addresses[standing] for bar in bars],
        "hovertext": [bar.says(standing) for bar in bars],
        "hoverinfo": "text",
        **where,
    }


_BARE_AXIS = {"automargin": True, "showgrid": False, "zeroline": False}


def _count_axis(bars: Iterable[Bar]) -> Part:
    """From nought in whole steps: left alone, plotly divides a short axis into halves."""
    longest = max((bar.tally.total() for bar in bars), default=0)
    whole = {"dtick": 1} if longest <= 8 else {}
    return {"rangemode": "tozero", "tickformat": "d", "automargin": True, **whole}


def _layout(**more: object) -> Part:
    usual: Part = {
        "barmode": "stack",
        "bargap": 0.35,
        "margin": {"l": 8, "r": 8, "t": 34, "b": 28},
        "showlegend": True,
        "legend": {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "traceorder": "normal"},
        "hovermode": "closest",
        "dragmode": False,
    }
    return usual | more


def _json(parts: Sequence[Part], layout: Part) -> str:
    return json.dumps({"data": parts, "layout": layout}, ensure_ascii=False, separators=(",", ":"))
