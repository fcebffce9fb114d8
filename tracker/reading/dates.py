"""Dates that a text sets: 8月底前, 第三季度, 二〇二五年六月, 年底前, 春节前.

Each reader gives the name of its rule with the deadline, or None where the words set no date.
"""

import calendar
import re
from datetime import date, timedelta

from tracker.reading import feasts
from tracker.reading.numerals import number
from tracker.rules.deadlines import Deadline, DeadlineKind
from tracker.rules.quarters import Quarter

Said = tuple[str, Deadline]

YEAR_NUMBER = "20[0-9]{2}|二[〇○零][〇○零一二三四五六七八九]{2}"
_YEAR = rf"(?:(?P<year>{YEAR_NUMBER})\s*年度?|(?P<this>今年|本年|当年)|(?P<next>明年|次年|翌年))"
_MONTH = r"(?P<month>[0-9]{1,2}|十[一二]?|[一二三四五六七八九])\s*月"
_DAY_NUMBER = "[0-9]{1,2}|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九]"
_BEFORE = r"(?:之前|以前|前)?"
_BLANKED = r"[xX×Ｘｘ＊*○〇_＿]{1,4}"

START = re.compile(
    r"(?:[从自](?:[0-9]{4}年|今年|明年)?|(?:[0-9]{4}年|今年|明年))(?:[0-9]{1,2}月)?(?:[0-9]{1,2}日)?(?:之日)?(?:起|开始|以来)"
)
SPAN = re.compile(
    rf"[从自]?(?:(?P<from_year>{YEAR_NUMBER})\s*年)?(?P<from_month>[0-9]{{1,2}}|十[一二]?|[一二三四五六七八九])\s*月"
    rf"(?:份|[初底末]|[上中下]旬|\s*(?P<from_day>[0-9]{{1,2}})\s*日)?\s*(?:起)?\s*[至到—\-–~～]+\s*"
    rf"(?:{_YEAR})?{_MONTH}(?:份|底|末|(?P<part>上旬|中旬|下旬)|\s*(?P<day>[0-9]{{1,2}})\s*日)?{_BEFORE}"
)
DAY = re.compile(rf"(?:{_YEAR})?{_MONTH}\s*(?P<day>{_DAY_NUMBER})\s*[日号]{_BEFORE}")
IN_MONTH = re.compile(
    rf"(?<![0-9.每逐按个])(?:{_YEAR})?(?<![每逐按个])(?<![0-9]){_MONTH}(?!\s*(?:{_DAY_NUMBER})\s*日)"
    rf"(?P<part>份|上旬|中旬|下旬|月?初|月?中(?!旬)|月?底|月?末)?(?:{_BEFORE}|内)"
)
HALF = re.compile(rf"(?:{_YEAR})?(?P<half>[上下])半年(?:[底末]|内)?{_BEFORE}")
QUARTER = re.compile(
    rf"(?:{_YEAR})?(?<![每按逐])(?:第(?P<ordinal>[一二三四1-4])季度?|(?P<plain>[一二三四1-4])季度|[Qq](?P<latin>[1-4])(?![0-9]))"
    rf"(?:[底末]|内)?{_BEFORE}"
)
YEAR_END = re.compile(
    rf"(?:{_YEAR}(?:年?[底末终]|年?内|全年)|(?<![0-9上去往每历近前数多一二两三四五六七八九十几])年(?:[底末]|终(?=之前|以前|前)|内(?!容))|(?:到|至)(?P<by>20[0-9]{{2}})年[底末]?(?![0-9至到—\-])|全年(?!龄|工作|任务|目标|情况|收入|支出))"
    rf"{_BEFORE}"
)
FIVE_YEARS = re.compile(r"“?(?P<plan>十[三四五六七])五”?(?:规划)?(?:期末|末|结束|收官)(?:之?前|时)?")
FEAST = re.compile(rf"(?:{_YEAR})?{feasts.BEFORE.pattern}")
UNDETERMINED = re.compile(
    rf"(?:(?:{_BLANKED}|20[0-9]{{2}})\s*年\s*)?(?:{_BLANKED})\s*月(?:\s*{_BLANKED}\s*日)?[底末]?{_BEFORE}"
)
BLANKED_YEAR = re.compile(rf"(?:20)?{_BLANKED}\s*年度?")
NUMERIC = re.compile(r"(?P<year>20[0-9]{2})[-./年](?P<month>[0-9]{1,2})(?:[-./月](?P<day>[0-9]{1,2})日?)?")
BARE_DAY = re.compile(r"(?<![0-9.])(?P<month>1[0-2]|[1-9])[./](?P<day>3[01]|[12][0-9]|[1-9])(?![0-9.%])")
WHOLE_YEAR = re.compile(rf"(?P<year>{YEAR_NUMBER})\s*年度?")

_DAY_OF_PART = {"上旬": 10, "初": 10, "中旬": 20, "中": 15}
_FIVE_YEAR_ENDS = {"十三": 2020, "十四": 2025, "十五": 2030, "十六": 2035, "十七": 2040}


def nothing(_match: re.Match[str], _: int | None) -> None:
    return None


def undetermined(_match: re.Match[str], _: int | None) -> Said:
    return "blanked", Deadline(DeadlineKind.UNDETERMINED)


def span(match: re.Match[str], plan_year: int | None) -> Said | None:
    """The end of a span of work; a span from 1 January is a period of validity."""
    if match["from_month"] in ("1", "一") and match["from_day"] == "1":
        return None
    named = match["from_year"]
    year = int(number(named)) if named and not match["year"] else year_named(match, plan_year)
    day = int(match["day"]) if match["day"] else _DAY_OF_PART.get(match["part"] or "")
    return _due("span-end", year, int(number(match["month"])), day)


def day(match: re.Match[str], plan_year: int | None) -> Said:
    return _due("day", year_named(match, plan_year), int(number(match["month"])), int(number(match["day"])))


def in_month(match: re.Match[str], plan_year: int | None) -> Said | None:
    month = int(number(match["month"]))
    if not 1 <= month <= 12:
        return None
    part = (match["part"] or "").removeprefix("月")
    rule = "early-month" if part in ("初", "中") else "ten-days" if part in _DAY_OF_PART else "month-end"
    return _due(rule, year_named(match, plan_year), month, _DAY_OF_PART.get(part))


def half(match: re.Match[str], plan_year: int | None) -> Said:
    return _due("half-year-end", year_named(match, plan_year), 6 if match["half"] == "上" else 12, None)


def quarter(match: re.Match[str], plan_year: int | None) -> Said:
    ordinal = int(number(match["ordinal"] or match["plain"] or match["latin"]))
    year = year_named(match, plan_year)
    return _due("quarter-end", year, Quarter(year or 2000, ordinal).end.month, None)


def year_end(match: re.Match[str], plan_year: int | None) -> Said:
    by = match.groupdict().get("by")
    rule = "whole-year" if "全年" in match[0] else "year-end"
    return _due(rule, int(by) if by else year_named(match, plan_year), 12, 31)


def five_years(match: re.Match[str], _: int | None) -> Said:
    return _due("five-year-plan", _FIVE_YEAR_ENDS[match["plan"]], 12, 31)


def feast(match: re.Match[str], plan_year: int | None) -> Said:
    """The day before a feast; New Year's day without a year is that which ends the plan's year."""
    name, year = match["feast"], year_named(match, plan_year)
    is_named = bool(match["year"] or match["this"] or match["next"])
    if year is None:
        return _due("no-year", None, 1, 1)
    if name == "元旦" and not is_named:
        year += 1
    try:
        eve = feasts.day_of(name, year) - timedelta(days=1)
    except ValueError:  # the tables of the moon end with the century
        return "no-such-day", Deadline(DeadlineKind.UNDETERMINED)
    is_clear = is_named or not (name == "元旦" or name == "春节")
    return ("feast" if is_clear else "feast-without-year"), Deadline(DeadlineKind.DATE, due=eve)


def numeric(match: re.Match[str], _: int | None) -> Said:
    return _due("numeric", int(match["year"]), int(match["month"]), int(match["day"]) if match["day"] else None)


def bare_day(match: re.Match[str], plan_year: int | None) -> Said:
    return _due("bare-day", plan_year, int(match["month"]), int(match["day"]))


def year_named(match: re.Match[str], plan_year: int | None) -> int | None:
    """The year that the words name, else the plan's."""
    groups = match.groupdict()
    if groups.get("year"):
        return int(number(groups["year"]))
    return plan_year + 1 if plan_year and groups.get("next") else plan_year


def _due(rule: str, year: int | None, month: int, day: int | None) -> Said:
    """The day, or the month's last one; a day that does not exist waits for the office's date."""
    if year is None:
        return "no-year", Deadline(DeadlineKind.UNDETERMINED)
    try:
        last = calendar.monthrange(year, month)[1]
        return rule, Deadline(DeadlineKind.DATE, due=date(year, month, day or last))
    except ValueError:
        return "no-such-day", Deadline(DeadlineKind.UNDETERMINED)
