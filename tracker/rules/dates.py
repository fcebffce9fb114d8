"""Dates: as an office writes them, and whether one lies within a span that may be open at either end."""

from datetime import date


def written(day: date) -> str:
    """2025年2月14日: Arabic figures without leading zeros (GB/T 9704-2012, 7.3.5)."""
    return f"{day.year}年{written_short(day)}"


def written_short(day: date) -> str:
    return f"{day.month}月{day.day}日"


def spans(first: date | None, last: date | None, day: date) -> bool:
    """Whether the day lies from `first` to `last`, both included; None leaves that end open."""
    return (first is None or first <= day) and (last is None or day <= last)
