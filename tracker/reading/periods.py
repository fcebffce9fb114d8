"""Deadlines without a date of their own: what comes back (每季度末月20日前), or follows an event (发布后3日内)."""

import re
from calendar import monthrange
from datetime import date

from tracker.reading.dates import Said
from tracker.reading.numerals import number
from tracker.rules.deadlines import Deadline, DeadlineKind, Every

_DAY = r"(?P<day>[0-9]{1,2}|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])[日号]"
_PART = r"(?P<part>上旬|中旬|下旬|[初中底末])"
_BEFORE = "(?:之前|以前|前)?"
_MONTH_OF = (
    "(?:(?P<first>首个?月|第一个月)|(?P<second>第二个月)|(?P<last>末个?月?|最后一?个?月|第三个月)|"
    "(?P<after>(?:的?次|后的?(?:首|第一)个?|的?下个?)月))"
)
_ON_DAY = f"(?:{_DAY}|{_PART})"

IN_YEAR = re.compile(
    rf"每年(?:度)?的?(?P<month>[0-9]{{1,2}}|十[一二]?|[一二三四五六七八九])月份?(?![至到—–~-]){_ON_DAY}?"
    rf"(?:[、和及与](?P<also>[0-9]{{1,2}})月底)?{_BEFORE}"
)
IN_QUARTER = re.compile(
    rf"(?:每(?:个)?|各|逐|(?<![0-9一二三四第本当上下]))(?P<period>季度?|半年)度?的?{_MONTH_OF}{_ON_DAY}?{_BEFORE}(?<=[日号前旬初中底月])"
)
NEXT_QUARTER = re.compile(rf"(?:次|下一?个?)(?P<period>季度?)的?(?P<after>首个?月|第一个?月){_ON_DAY}?{_BEFORE}")
_MORE = "(?P<more>(?:[、,和及与]+(?:{})[日号]?)+(?<=[日号一二三四五六日天]))?"
IN_MONTH = re.compile(
    rf"(?:每(?:个)?|逐|各)月(?:的)?(?P<after>次月|下月)?(?:份)?"
    rf"(?:(?P<head>[0-9]{{1,2}})(?=[、,和及与]+[0-9]{{1,2}}[日号])|{_ON_DAY}){_MORE.format('[0-9]{1,2}')}{_BEFORE}"
)
NEXT_MONTH = re.compile(rf"(?P<after>次月|下个?月)(?:的)?{_ON_DAY}{_BEFORE}")
IN_WEEK = re.compile(
    rf"每(?:个)?(?:周|星期|礼拜)的?(?:周|星期)?(?P<weekday>[一二三四五六日天])"
    rf"{_MORE.format('(?:每?周|星期)?[一二三四五六日天]')}{_BEFORE}"
)
EVERY_FEW = re.compile(
    r"每隔?(?P<count>[0-9]{1,2}|[一二两三四六半])(?P<measure>个?月)|每隔?(?:[2-9]|[1-9][0-9]|[二两三四])个?(?:周|星期)|"
    r"每隔?(?:[0-9]{1,2}|十五?|五)(?:日|天)(?!内|以|之)|每旬|每双周|[逢每](?:双|(?P<odd>单))月"
)
AFTER_PERIOD = re.compile(
    r"(?:每(?:个)?)?(?P<period>半年|季度?|月|年)度?(?:结束|终了)(?:之?后)?的?(?P<day>[0-9]{1,2}|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
    r"(?:个?自然日|日|天)(?:之内|以内|内)"
)
EVERY = re.compile(
    r"每(?:个)?(?P<each>半年|季度?|月|周|年度?)(?:年?[底末]前?)?|(?:按|逐)(?P<by>季度?|月|周|年度(?!工作|计划|任务|报告)|半年)(?!份)|"
    r"(?<![0-9一二三四本当上下该个])(?P<end>季度?|月|半年)末(?=[前，、。；]|报|通|汇|总|完|开|进|公|向|$)前?"
)
HALF_YEARLY = re.compile(r"(?<![上下每按头前后近])(?P<each>半年)(?=[^，。；内]{0,10}[一1]次)")
RHYTHM = re.compile(
    r"(?:^|(?<=[，、：；“”实行立]))(?:一)?(?P<each>半年|季度?|月|周)(?:一)?"
    r"(?=调度|通报|小结|例会|会商|研判|督导|督查|督办|报送|评估|晾晒|点评|盘点|推进会)"
)
RELATIVE = re.compile(
    r"(?:(?P<event>[^，。；：、,;:\s]{1,40}?)(?:之日后?起?|当日起|之后|以后|后起?|起)的?)?"
    r"(?P<days>[0-9]{1,3}|[一二两三四五六七八九十]{1,3})\s*"
    r"(?P<measure>个?工作日|个?自然日|日|天|小时|个月|周)(?:之内|以内|内)"
)
MONTH_END = re.compile(r"(?<![0-9一二三四五六七八九十每当本次下上该个逐按首末后各全跨隔])月(?:底|末)(?:之?前|以前)")
OPEN = re.compile("持续|长期|常态|贯穿|不间断|经常性|长效|全年推进|坚持")

_COMPRESSED = re.compile(r"(?:压缩|缩短|压减|降低|控制|减少|降)(?:至|到|在|为)[^，]{0,4}$")
_WHICH = re.compile(r"^.*(?:应当?|必须|须|一律|均|要|并|请)(?=[自从在于])|^(?:自(?!然|身|查|评)|从|在(?!线)|于)")
_BY_WORD = {"周": Every.WEEK, "月": Every.MONTH, "季": Every.QUARTER, "半": Every.HALF_YEAR, "年": Every.YEAR}
_BY_MONTHS = {1: Every.MONTH, 3: Every.QUARTER, 6: Every.HALF_YEAR, 12: Every.YEAR}
_DAYS_OF_PART = {"每旬": (10, 20, None), "每半月": (15, None), "每半个月": (15, None)}
_MONTHS = {Every.MONTH: 1, Every.QUARTER: 3, Every.HALF_YEAR: 6, Every.YEAR: 12}
_DAY_OF_PART = {"上旬": 10, "初": 10, "中旬": 20, "中": 15}


def in_year(match: re.Match[str], _: int | None) -> list[Said]:
    """每年6月底前; 每年6月底和12月底前 are two."""
    months = [int(number(match["month"])), *([int(match["also"])] if match["also"] else [])]
    return [said for month in months if 1 <= month <= 12 and (said := _on(match, Every.YEAR, month))]


def in_quarter(match: re.Match[str], _: int | None) -> Said | None:
    every = _BY_WORD[match["period"][0]]
    groups = match.groupdict()
    month = 1 if groups.get("first") else 2 if groups.get("second") else _MONTHS[every]
    return _on(match, every, _MONTHS[every] + 1 if groups.get("after") else month)


def in_month(match: re.Match[str], _: int | None) -> list[Said]:
    """每月5日前; 每月10日和25日前 are two."""
    groups = match.groupdict(default="")
    month = 2 if match["after"] else None
    days = [int(day) for day in re.findall("[0-9]+", f"{groups.get('head', '')} {groups.get('more', '')}")]
    said = [] if groups.get("head") else [_on(match, Every.MONTH, month)]
    said += [_recurring("day-of-period", Every.MONTH, day, month) for day in days if 1 <= day <= 31]
    return [each for each in said if each]


def in_week(match: re.Match[str], _: int | None) -> list[Said]:
    named = match["weekday"] + "".join(re.findall("[一二三四五六日天]", match["more"] or ""))
    days = ["一二三四五六日".find(day.replace("天", "日")) + 1 for day in named]
    return [("day-of-week", Deadline(DeadlineKind.RECURRING, every=Every.WEEK, day=day)) for day in days]


def every_few(match: re.Match[str], plan_year: int | None) -> list[Said]:
    """每两个月: the ends of those months, as dates; 每半月, 每旬: days of each month; 每三个月 is a quarter."""
    months = _months_between(match)
    if months in _BY_MONTHS:
        return [("every", Deadline(DeadlineKind.RECURRING, every=_BY_MONTHS[months]))]
    if months and 12 % months == 0 and plan_year:
        ends = range(1 if match["odd"] else months, 13, months)
        return [("few-months", _end_of(plan_year, month)) for month in ends]
    days = _DAYS_OF_PART.get(match[0], ())
    if days:
        recurring = [_recurring("part-of-month", Every.MONTH, day, None) for day in days]
        return [said for said in recurring if said]
    return [("odd-period", Deadline(DeadlineKind.UNDETERMINED))]


def _months_between(match: re.Match[str]) -> int:
    """Of how many months the period is; 0 where it is of weeks or days."""
    if match[0].endswith(("双月", "单月")):
        return 2
    if not match["count"] or match["count"] == "半":
        return 0
    return int(number(match["count"])) + (1 if match[0].startswith("每隔") else 0)


def _end_of(year: int, month: int) -> Deadline:
    return Deadline(DeadlineKind.DATE, due=date(year, month, monthrange(year, month)[1]))


def which_month(_match: re.Match[str], _: int | None) -> Said:
    """月底前, of no month."""
    return "which-month", Deadline(DeadlineKind.UNDETERMINED)


def after_period(match: re.Match[str], _: int | None) -> Said | None:
    """每季度结束后10日内: the tenth of the month after."""
    every, day = _BY_WORD[match["period"][0]], int(number(match["day"]))
    return _recurring("after-period", every, day, _MONTHS[every] + 1) if day <= 31 else None


def every(match: re.Match[str], _: int | None) -> Said:
    groups = match.groupdict()
    word = groups.get("each") or groups.get("by") or groups["end"]
    return "every", Deadline(DeadlineKind.RECURRING, every=_BY_WORD[word[0]])


def rhythm(match: re.Match[str], plan_year: int | None) -> Said:
    return "rhythm", every(match, plan_year)[1]


def relative(match: re.Match[str], _: int | None) -> Said | None:
    """Days after an event; a time to which something is shortened is a target."""
    if _COMPRESSED.search(match.string[: match.start("days")]):
        return None
    measure = match["measure"].removeprefix("个")
    days = int(number(match["days"]))
    days = {"小时": -(-days // 24), "月": days * 30, "周": days * 7}.get(measure, days)
    event = event_of(match)
    rule = {"小时": "hours-as-days", "月": "months-as-days"}.get(measure, "after-event" if event else "no-event")
    return rule, Deadline(DeadlineKind.RELATIVE, days=days, workdays=measure == "工作日", event=event)


def event_of(match: re.Match[str]) -> str | None:
    """What the days are counted from: 收到申请, 政策文件发布."""
    event = match["event"] or ""
    event = event[event_start(match) - match.start("event") :] if event else ""
    return event[-30:] or None


def event_start(match: re.Match[str]) -> int:
    """Where the event's words begin: after 自, 在, 应当自."""
    start = match.start("event")
    lead = _WHICH.match(match["event"] or "")
    while lead and lead.end():
        start += lead.end()
        lead = _WHICH.match(match.string[start : match.end("event")])
    return start


def _on(match: re.Match[str], every: Every, month: int | None) -> Said | None:
    """On the day, in the part of the month, or at its end."""
    groups = match.groupdict()
    if groups.get("day"):
        day = int(number(match["day"]))
        return _recurring("day-of-period", every, day, month) if 1 <= day <= 31 else None
    part = groups.get("part") or ""
    rule = "early-month" if part in ("初", "中") else "part-of-period"
    return _recurring(rule, every, _DAY_OF_PART.get(part), month)


def _recurring(rule: str, every: Every, day: int | None, month: int | None) -> Said:
    """The end of the last month is that of the period, and is not named."""
    if month == _MONTHS[every] and day is None:
        month = None
    return rule, Deadline(DeadlineKind.RECURRING, every=every, day=day, month_of_period=month)
