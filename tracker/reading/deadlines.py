"""Deadlines: what the text says about by when, how often, or how many days after what."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace

from tracker.reading import dates, periods
from tracker.reading.clauses import clauses, is_grant
from tracker.reading.dates import Said
from tracker.reading.doubts import is_sure
from tracker.reading.numerals import HALF_WIDTH
from tracker.reading.passage import Passage
from tracker.reading.plan import ReadDeadline
from tracker.rules.deadlines import Deadline, DeadlineKind

Reader = Callable[[re.Match[str], int | None], Said | list[Said] | None]

# A date that is told, not set: when a paper was issued, when something began.
_TOLD = re.compile(r".{0,2}(?:(?:印发|发布|下发|出台|公布|召开)(?:实施)?的|以来|起(?:[，。；、施执实开]|$)|开始)")
_TIME_ALONE = re.compile(
    r"(?:20\d\d年)?(?:第?[一二三四1-4]季度|[上下]半年|(?:1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月份?)\s*[:：]?"
)
_TIME = re.compile("[年月日号季周旬天时前Qq礼星]|十.五")  # without any of these no date is set: most clauses
_NAMED = re.compile(r"《[^《》]{0,200}》|〔[^〔〕]{0,50}〕")


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
    is_open = periods.OPEN.search(cell.text)
    if found and not (is_open and all(read.rule == "whole-year" for read in found)):
        return found
    if is_open:
        return (_read(cell.strip(), ("open-ended", Deadline(DeadlineKind.OPEN_ENDED)), plan_year),)
    for pattern, reader in _SHORT:
        if match := pattern.search(cell.text.translate(HALF_WIDTH)):
            return tuple(_read(cell.strip(), said, plan_year) for said in _each(reader(match, plan_year)))
    return ()


def of_heading(heading: Passage, plan_year: int | None) -> tuple[ReadDeadline, ...]:
    """By when the work under a heading is due that is nothing but a time: 第一季度, 三月份."""
    return in_cell(heading, plan_year) if is_time_alone(heading.text) else ()


def is_time_alone(text: str) -> bool:
    return bool(_TIME_ALONE.fullmatch(text.strip()))


def with_year(text: str, year: int) -> Deadline | None:
    """The date that an undetermined deadline's words (6月底, 20xx年6月底前) name in a year, the first of several."""
    words = Passage.of(dates.BLANKED_YEAR.sub("", text))
    return next((read.deadline for read in in_cell(words, year) if read.deadline.due), None)


def once(found: Iterable[ReadDeadline]) -> Iterator[ReadDeadline]:
    """Each deadline where it is first named: the same date twice in one entry counts once."""
    seen: list[Deadline] = []
    for read in found:
        if read.deadline not in seen:
            seen.append(read.deadline)
            yield read


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
    if not _TIME.search(clause.text):
        return
    taken: list[tuple[int, int]] = []
    text = _NAMED.sub(lambda match: "＿" * len(match[0]), clause.text).translate(HALF_WIDTH)
    for pattern, reader in _READERS:
        for match in pattern.finditer(text):
            if any(match.start() < end and match.end() > start for start, end in taken):
                continue
            taken.append(match.span())
            if match[0][-1] not in "前底末内" and pattern in _DATES and _TOLD.match(match.string, match.end()):
                continue
            if pattern in _RECURRING and (is_grant(clause.text) or clause.starts[match.start()] in counted):
                continue
            for said in _each(reader(match, plan_year)):
                yield match, _of_match(clause, match, said, plan_year)


def _each(said: Said | list[Said] | None) -> list[Said]:
    return said if isinstance(said, list) else [said] if said else []


def _of_match(clause: Passage, match: re.Match[str], said: Said, plan_year: int | None) -> ReadDeadline:
    """The deadline with its evidence; an event is given in the words of the document."""
    rule, deadline = said
    if not deadline.event:
        return _read(clause.group(match).strip(), said, plan_year)
    start = periods.event_start(match)
    event = clause.text[start : match.end("event")]
    return _read(clause[start : match.end()], (rule, replace(deadline, event=event)), plan_year)


def _read(evidence: Passage, said: Said, plan_year: int | None) -> ReadDeadline:
    rule, deadline = said
    if is_sure(rule) and deadline.due and plan_year and deadline.due.year < plan_year:
        rule = "before-the-year"
    return ReadDeadline(evidence.text, deadline, evidence.span, rule, is_sure(rule))


_DATES = (dates.DAY, dates.IN_MONTH, dates.HALF, dates.QUARTER)
_RECURRING = (periods.EVERY, periods.EVERY_FEW, periods.RHYTHM, periods.HALF_YEARLY)
# In this order: what a pattern has matched is not offered to the later ones.
_READERS: tuple[tuple[re.Pattern[str], Reader], ...] = (
    (dates.UNDETERMINED, dates.undetermined),
    (dates.START, dates.nothing),
    (periods.AFTER_PERIOD, periods.after_period),
    (periods.IN_YEAR, periods.in_year),
    (periods.NEXT_QUARTER, periods.in_quarter),
    (periods.IN_QUARTER, periods.in_quarter),
    (periods.IN_MONTH, periods.in_month),
    (periods.NEXT_MONTH, periods.in_month),
    (periods.IN_WEEK, periods.in_week),
    (periods.EVERY_FEW, periods.every_few),
    (dates.SPAN, dates.span),
    (dates.DAY, dates.day),
    (dates.IN_MONTH, dates.in_month),
    (dates.FEAST, dates.feast),
    (periods.RELATIVE, periods.relative),
    (dates.HALF, dates.half),
    (periods.EVERY, periods.every),
    (periods.HALF_YEARLY, periods.every),
    (dates.QUARTER, dates.quarter),
    (periods.RHYTHM, periods.rhythm),
    (periods.MONTH_END, periods.which_month),
    (dates.FIVE_YEARS, dates.five_years),
    (dates.YEAR_END, dates.year_end),
)
# What a time column says in figures alone.
_SHORT: tuple[tuple[re.Pattern[str], Reader], ...] = (
    (dates.NUMERIC, dates.numeric),
    (dates.BARE_DAY, dates.bare_day),
    (dates.WHOLE_YEAR, dates.year_end),
)
