"""Feasts by which work is to be done (春节前, “五一”前): the day of each in a year."""

import re
from collections.abc import Callable
from datetime import date

# Names as offices write them, the day after the name; those of the moon's calendar change with the year.
_SOLAR = {
    "元旦": (1, 1),
    "三八": (3, 8),
    "五一": (5, 1),
    "劳动": (5, 1),
    "五四": (5, 4),
    "六一": (6, 1),
    "七一": (7, 1),
    "八一": (8, 1),
    "教师": (9, 10),
    "国庆": (10, 1),
    "十一": (10, 1),
}
_LUNAR = {"春": (1, 1), "元宵": (1, 15), "端午": (5, 5), "中秋": (8, 15), "重阳": (9, 9)}

_SPELT_OUT = ("劳动", "教师", "春")  # a feast only with 节 behind
NAMES = "|".join(f"{name}节" if name in _SPELT_OUT else f"{name}节?" for name in (*_SOLAR, *_LUNAR, "清明"))


def day_of(name: str, year: int) -> date:
    name = name.removesuffix("节")
    if name in _SOLAR:
        return date(year, *_SOLAR[name])
    return _LAID_BY_THE_SKY[name](year) if name in _LAID_BY_THE_SKY else _lunar(name, year)


def _lunar(name: str, year: int) -> date:
    from lunardate import LunarDate  # few documents need it

    day: date = LunarDate(year, *_LUNAR[name]).to_solar_date()
    return day


def _clear_and_bright(year: int) -> date:
    """清明, the solar term, by the usual formula for 2000 to 2099."""
    in_century = year % 100
    return date(year, 4, int(in_century * 0.2422 + 4.81) - in_century // 4)


_LAID_BY_THE_SKY: dict[str, Callable[[int], date]] = {"清明": _clear_and_bright}
BEFORE = re.compile(
    rf"(?<![第十零〇至])“?(?P<feast>{NAMES})(?:节|劳动节|国际劳动节)?(?:假期|长假|佳节)?”?节?(?:假期|长假)?(?:来临|到来)?(?:之前|以前|前夕|前(?!后))"
)
