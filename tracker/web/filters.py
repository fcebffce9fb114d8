"""How values are written on a page."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from flask import Flask
from markupsafe import Markup

from tracker.rules.dates import written, written_short
from tracker.rules.lights import Light, Lit, late_light
from tracker.rules.search import pieces
from tracker.rules.standing import Standing
from tracker.web.access import settings


def day(value: date | None) -> str:
    return written(value) if value else "—"


def short_day(value: date | None) -> str:
    return written_short(value) if value else "—"


def moment(value: datetime | None) -> str:
    """An instant in the office's time, to the minute."""
    if value is None:
        return "—"
    local = value.astimezone(ZoneInfo(settings().timezone))
    return f"{local:%Y-%m-%d %H:%M}"


def number(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"


def size(count: int) -> str:
    """A file's size in the unit that people use."""
    if count < 1024:
        return f"{count} 字节"
    return f"{count / 1024:.0f} KB" if count < 1024 * 1024 else f"{count / 1024 / 1024:.1f} MB"


def marked(text: str, words: Sequence[str]) -> str:
    """The text with the words that were looked for marked; without any, the text itself, which is escaped later."""
    if not words:
        return text
    mark = Markup("<mark>{}</mark>")
    return Markup("").join(mark.format(piece.text) if piece.found else piece.text for piece in pieces(text, words))


def assemble(app: Flask) -> None:
    for function in (day, short_day, moment, number, size, marked):
        app.add_template_filter(function)
    app.add_template_global(Light, "Light")
    app.add_template_global(Lit, "Lit")
    app.add_template_global(Standing, "Standing")
    app.add_template_global(late_light)
