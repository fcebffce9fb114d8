"""Deadlines: what the text says about by when, how often, or how many days after what."""

import calendar
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date

from tracker.reading.clauses import clauses, is_grant
from tracker.reading.numerals import number
from tracker.reading.passage import Passage
from tracker.reading.plan import ReadDeadline
from tracker.rules.deadlines import Deadline, DeadlineKind, Every
from tracker.rules.quarters import Quarter

Reader = Callable[[re.Match[str], int | None], Deadline | None]

_YEAR = r"(?:(?P<year>20[0-9]{2})\s*年度?|(?P<this>今年|本年|当年)|(?P<next>明年|次年))"
_MONTH = r"(?P<month>[0-9]{1,2}|十[一二]?|[一二三四五六七八九])\s*月"
_BEFORE = r"(?:之前|以前|前)?"
_BLANKED = r"[xX×Ｘｘ＊*○〇_＿]{1,4}"
# A date that is told, not set: when a paper was issued, when something began.
_TOLD = re.compile(r".{0,2}(?:(?:印发|发布|下发|出台|公布|召开)(?:实施)?的|以来|起(?:[，。；、施执实开]|$)|开始)")

_RELATIVE = re.compile(
    r"(?:[\u4e00-\u9fff]{2}(?:之日起?后?|后|起))?(?P<days>[0-9]{1,3}|[一二两三四五六七八九十]{1,3})\s*"
    r"(?P<measure>个?工作日|个?自然日|日|天|小时|个月|周)(?:之内|以内|内)"
)
_COMPRESSED = re.compile(r"(?:压缩|缩短|压减|降低|控制|减少|降)(?:至|到|在|为)[^，]{0,4}$")
_SPAN = re.compile(
    r"[从自]?(?:(?P<from_year>20[0-9]{2})\s*年)?(?P<from_month>[0-9]{1,2}|十[一二]?|[一二三四五六七八九])\s*月"
    rf"(?:份|\s*(?P<from_day>[0-9]{{1,2}})\s*日)?\s*(?:起)?\s*[至到—\-–~～]+\s*"
    rf"(?:{_YEAR})?{_MONTH}(?:份|底|末|\s*(?P<day>[0-9]{{1,2}})\s*日)?{_BEFORE}"
)
_START = re.compile(
    r"(?:[从自](?:[0-9]{4}年|今年|明年)?|(?:[0-9]{4}年|今年|明年))(?:[0-9]{1,2}月)?(?:[0-9]{1,2}日)?(?:之日)?(?:起|开始|以来)"
)
_DAY = re.compile(rf"(?:{_YEAR})?{_MONTH}\s*(?P<day>[0-9]{{1,2}})\s*日{_BEFORE}")
_IN_MONTH = re.compile(
    rf"(?<![0-9.每逐按个])(?:{_YEAR})?(?<![每逐按个])(?<![0-9]){_MONTH}(?!\s*[0-9]+\s*日)"
    rf"(?P<part>份|上旬|中旬|下旬|月?初|月?中|月?底|月?末)?(?:{_BEFORE}|内)"
)
_HALF = re.compile(rf"(?:{_YEAR})?(?P<half>[上下])半年(?:[底末]|内)?{_BEFORE}")
_QUARTER = re.compile(
    rf"(?:{_YEAR})?(?<![每按逐])(?:第(?P<ordinal>[一二三四1-4])季度?|(?P<plain>[一二三四1-4])季度|[Qq](?P<latin>[1-4])(?![0-9]))"
    rf"(?:[底末]|内)?{_BEFORE}"
)
_YEAR_END = re.compile(
    rf"(?:{_YEAR}(?:年?[底末终]|年?内|全年)|(?<![0-9上去往每历近前数多一二两三四五六七八九十几])年(?:[底末]|内(?!容))|(?:到|至)(?P<by>20[0-9]{{2}})年[底末]?(?![0-9至到—\-])|全年(?![龄]))"
    rf"{_BEFORE}"
)
_FIVE_YEARS = re.compile(r"“?(?P<plan>十[三四五六七])五”?(?:规划)?(?:期末|末|结束|收官)(?:之?前|时)?")
_UNDETERMINED = re.compile(
    rf"(?:(?:{_BLANKED}|20[0-9]{{2}})\s*年\s*)?(?:{_BLANKED})\s*月(?:\s*{_BLANKED}\s*日)?[底末]?{_BEFORE}"
)
_EVERY = re.compile(
    r"每(?:个)?(?P<each>半年|季度?|月|周|年度?)|(?:按|逐)(?P<by>季度?|月|周|年度(?!工作|计划|任务|报告))(?!份)|(?P<end>季度|月|半年)末(?=[前，、报通])"
)
_NUMERIC = re.compile(r"(?P<year>20[0-9]{2})[-./年](?P<month>[0-9]{1,2})(?:[-./月](?P<day>[0-9]{1,2})日?)?")
_WHOLE_YEAR = re.compile(r"(?P<year>20[0-9]{2})\s*年度?")
_OPEN = re.compile("持续|长期|常态化|贯穿|不间断|经常性")

_EVERY_BY_WORD = {"周": Every.WEEK, "月": Every.MONTH, "季": Every.QUARTER, "半": Every.HALF_YEAR, "年": Every.YEAR}
_FIVE_YEAR_ENDS = {"十三": 2020, "十四": 2025, "十五": 2030, "十六": 2035, "十七": 2040}


def deadlines(passage: Passage, plan_year: int | None, counted: Collection[int] = ()) -> tuple[ReadDeadline, ...]:
    """The deadlines of a task or a goal, each once.

    `counted` are the places in the source of periods that a target has taken (每年…不少于1次): they are
    no deadlines.
    """
    found = [
        (match.start() + offset, read)
        for clause, offset in _sentences(passage)
        for match, read in _in_text(clause, plan_year, counted)
    ]
    return tuple(once(read for _, read in sorted(found, key=lambda pair: pair[0])))


def in_cell(cell: Passage, plan_year: int | None) -> tuple[ReadDeadline, ...]:
    """The deadlines of a table's time column (完成时限), where a bare year or 持续推进 means something."""
    found = deadlines(cell, plan_year)
    if found:
        return found
    for pattern, read in ((_NUMERIC, _numeric), (_WHOLE_YEAR, _year_end), (_OPEN, _open_ended)):
        if (match := pattern.search(cell.text)) and (deadline := read(match, plan_year)):
            return (ReadDeadline(cell.strip().text, deadline, cell.strip().span),)
    return ()


def _sentences(passage: Passage) -> Iterator[tuple[Passage, int]]:
    """Clauses with their offset; a span of dates may hold commas, so the reading is by clause only for grants."""
    place = 0
    for clause, _ in clauses(passage):
        place = passage.text.index(clause.text, place)
        yield clause, place
        place += len(clause)


def _in_text(
    clause: Passage, plan_year: int | None, counted: Collection[int]
) -> Iterator[tuple[re.Match[str], ReadDeadline]]:
    taken: list[tuple[int, int]] = []
    text = _unnamed(clause.text)
    for pattern, read in _READERS:
        for match in pattern.finditer(text):
            if any(match.start() < end and match.end() > start for start, end in taken):
                continue
            taken.append(match.span())
            if match[0][-1] not in "前底末内" and pattern in _DATES and _TOLD.match(match.string, match.end()):
                continue
            if pattern is _EVERY and (is_grant(clause.text) or clause.starts[match.start()] in counted):
                continue
            deadline = read(match, plan_year)
            if deadline:
                evidence = clause.group(match).strip()
                yield match, ReadDeadline(evidence.text, deadline, evidence.span)


def _unnamed(text: str) -> str:
    return re.sub(r"《[^《》]{0,200}》|〔[^〔〕]{0,50}〕", lambda match: "＿" * len(match[0]), text)


def once(found: Iterable[ReadDeadline]) -> Iterator[ReadDeadline]:
    """Each deadline where it is first named: the same date twice in one entry counts once."""
    seen: list[Deadline] = []
    for read in found:
        if read.deadline not in seen:
            seen.append(read.deadline)
            yield read


def _relative(match: re.Match[str], _: int | None) -> Deadline | None:
    if _COMPRESSED.search(match.string[: match.start("days")]):
        return None
    days = int(number(match["days"]))
    measure = match["measure"].removeprefix("个")
    days = {"小时": -(-days // 24), "月": days * 30, "周": days * 7}.get(measure, days)
    return Deadline(DeadlineKind.RELATIVE, days=days, workdays=measure == "工作日")


def _undetermined(_match: re.Match[str], _: int | None) -> Deadline:
    return Deadline(DeadlineKind.UNDETERMINED)


def _span(match: re.Match[str], plan_year: int | None) -> Deadline | None:
    """The end of a span of work; a span from 1 January, or of a grant, is a period of validity."""
    if match["from_month"] in ("1", "一") and match["from_day"] == "1":
        return None
    named = match["from_year"]
    return _day(match, int(named) if named and not match["year"] else plan_year)


def _nothing(_match: re.Match[str], _: int | None) -> None:
    return None


def _day(match: re.Match[str], plan_year: int | None) -> Deadline:
    year, month = _year(match, plan_year), int(number(match["month"]))
    if year is None:
        return Deadline(DeadlineKind.UNDETERMINED)
    return _due(year, month, int(match["day"]) if match["day"] else None)


def _in_month(match: re.Match[str], plan_year: int | None) -> Deadline | None:
    month = int(number(match["month"]))
    if not 1 <= month <= 12:
        return None
    year = _year(match, plan_year)
    if year is None:
        return Deadline(DeadlineKind.UNDETERMINED)
    part = (match["part"] or "").removeprefix("月")
    return _due(year, month, {"上旬": 10, "初": 10, "中旬": 20, "中": 20}.get(part))


def _half(match: re.Match[str], plan_year: int | None) -> Deadline:
    year = _year(match, plan_year)
    return _due(year, 6 if match["half"] == "上" else 12, None) if year else Deadline(DeadlineKind.UNDETERMINED)


def _quarter(match: re.Match[str], plan_year: int | None) -> Deadline:
    year = _year(match, plan_year)
    quarter = int(number(match["ordinal"] or match["plain"] or match["latin"]))
    return Deadline(DeadlineKind.DATE, due=Quarter(year, quarter).end) if year else Deadline(DeadlineKind.UNDETERMINED)


def _year_end(match: re.Match[str], plan_year: int | None) -> Deadline:
    by = match.groupdict().get("by")
    year = int(by) if by else _year(match, plan_year)
    return _due(year, 12, 31) if year else Deadline(DeadlineKind.UNDETERMINED)


def _five_years(match: re.Match[str], _: int | None) -> Deadline:
    return _due(_FIVE_YEAR_ENDS[match["plan"]], 12, 31)


def _every(match: re.Match[str], _: int | None) -> Deadline:
    word = match["each"] or match["by"] or match["end"]
    return Deadline(DeadlineKind.RECURRING, every=_EVERY_BY_WORD[word[0]])


def _numeric(match: re.Match[str], _: int | None) -> Deadline:
    return _due(int(match["year"]), int(match["month"]), int(match["day"]) if match["day"] else None)


def _open_ended(_match: re.Match[str], _: int | None) -> Deadline:
    return Deadline(DeadlineKind.OPEN_ENDED)


def _year(match: re.Match[str], plan_year: int | None) -> int | None:
    groups = match.groupdict()
    if groups.get("year"):
        return int(groups["year"])
    return plan_year + 1 if plan_year and groups.get("next") else plan_year


def _due(year: int, month: int, day: int | None) -> Deadline:
    """The day, or the month's last one; a day that does not exist waits for the office's date."""
    try:
        last = calendar.monthrange(year, month)[1]
        return Deadline(DeadlineKind.DATE, due=date(year, month, day or last))
    except ValueError:
        return Deadline(DeadlineKind.UNDETERMINED)


_DATES = (_DAY, _IN_MONTH, _HALF, _QUARTER)
# In this order: what a pattern has matched is not offered to the later ones.
_READERS: tuple[tuple[re.Pattern[str], Reader], ...] = (
    (_UNDETERMINED, _undetermined),
    (_START, _nothing),
    (_SPAN, _span),
    (_DAY, _day),
    (_IN_MONTH, _in_month),
    (_RELATIVE, _relative),
    (_HALF, _half),
    (_EVERY, _every),
    (_QUARTER, _quarter),
    (_FIVE_YEARS, _five_years),
    (_YEAR_END, _year_end),
)
