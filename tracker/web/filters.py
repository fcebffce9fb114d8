"""How values are written on a page."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from flask import Flask

from tracker.rules.lights import Light, Lit
from tracker.rules.standing import Standing
from tracker.web.access import settings


def day(value: date | None) -> str:
    """2025年2月14日: Arabic figures without leading zeros (GB/T 9704-2012, 7.3.5)."""
    return f"{value.year}年{value.month}月{value.day}日" if value else "—"


def short_day(value: date | None) -> str:
    return f"{value.month}月{value.day}日" if value else "—"


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


def assemble(app: Flask) -> None:
    for function in (day, short_day, moment, number, size):
        app.add_template_filter(function)
    app.add_template_global(Light, "Light")
    app.add_template_global(Lit, "Lit")
    app.add_template_global(Standing, "Standing")
