"""Working days: weekends, public holidays and shifted working Saturdays and Sundays (调休).

Source: the State Council's yearly notice; the ledger keeps its exceptions in an editable table.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from tracker.rules.dates import written
from tracker.rules.refusals import Invalid

LONGEST_NOTE = 100
LONGEST_LIST = 20_000
FEWEST_ANNOUNCED = 5  # days of a year: any fewer are corrections, and no notice
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class WorkCalendar:
    """`exceptions` say of a date whether it is worked, against its weekday.

    A year outside `announced_years` is reckoned from weekends alone, and what is computed over it is
    not certain until the notice is entered.
    """

    exceptions: Mapping[date, bool] = field(default_factory=dict)
    announced_years: frozenset[int] = frozenset()

    def is_workday(self, day: date) -> bool:
        return self.exceptions.get(day, day.weekday() < 5)

    def is_certain(self, day: date) -> bool:
        return day.year in self.announced_years

    def next_workday(self, day: date) -> date:
        """That day if it is worked, else the first working day after it."""
        while not self.is_workday(day):
            day += _ONE_DAY
        return day

    def add_workdays(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`; `day` itself is not counted."""
        while count > 0:
            day += _ONE_DAY
            count -= self.is_workday(day)
        return day


@dataclass(frozen=True)
class DayEntry:
    """What the office enters of a day: whether it is worked, and who says so."""

    is_workday: bool
    source: str
    note: str = ""


def check_entry(day: date, entry: DayEntry | None) -> None:
    """Raise Invalid for a day or words that cannot be kept."""
    if not 2000 <= day.year <= 2100:
        raise Invalid(f"{written(day)}的年份有误，请核对。")
    if entry is None:
        return
    if not entry.source.strip():
        raise Invalid("请填写依据，如通知名称、文号。")
    if len(entry.source) > LONGEST_NOTE or len(entry.note) > LONGEST_NOTE:
        raise Invalid(f"依据和说明各不超过 {LONGEST_NOTE} 字。")


def follows_the_week(day: date, is_workday: bool) -> bool:
    """Whether it says no more than the weekday does."""
    return is_workday == (day.weekday() < 5)


# A pasted list: a day or a span a line, or the notice's own sentences.

_ASIDE = re.compile(r"[（(][^（）()]*[）)]")
_DAY = r"(?:(\d{4})\s*[年/.\-]\s*)?(\d{1,2})\s*[月/.\-]\s*(\d{1,2})\s*日?"
_UNTIL = r"(?:\s*(?:至|到|—+|–|~|～)\s*(?:(?:(\d{4})\s*[年/.\-]\s*)?(\d{1,2})\s*[月/.\-]\s*)?(\d{1,2})\s*日?)?"
_SPAN = re.compile(_DAY + _UNTIL)
_WORKED, _FREE = re.compile("上班|调班|班|工作日"), re.compile("放假|休|假")
_LONGEST_SPAN = 31


def read_list(text: str, year: int, source: str) -> dict[date, DayEntry]:
    """The days of a pasted list; raise Invalid, naming the line, for one that cannot be read.

    A weekend within a holiday is free anyway, and is left out.
    """
    if len(text) > LONGEST_LIST:
        raise Invalid(f"粘贴的内容过长，请控制在 {LONGEST_LIST} 字以内，只保留放假和上班安排。")
    found: dict[date, DayEntry] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            for day, is_workday, note in _read_line(line, number, year):
                if not follows_the_week(day, is_workday):
                    found[day] = DayEntry(is_workday, source, note[:LONGEST_NOTE])
    if not found:
        raise Invalid("没有读到放假或调休上班的日期，请按“2027-01-01 休 元旦”的格式逐行粘贴。")
    return found


def _read_line(line: str, number: int, year: int) -> Iterator[tuple[date, bool, str]]:
    plain = _ASIDE.sub("", line)
    named, colon, rest = plain.partition("：")
    spans = 0
    for sentence in re.split("[。；;]", rest if colon else plain):
        days = list(_days_in(sentence, number, year))
        if not days:
            continue
        spans += 1
        worked = _WORKED.search(sentence)
        if not worked and not _FREE.search(sentence):
            raise Invalid(f"第 {number} 行“{line.strip()[:30]}”没有写明放假还是上班，请在日期后注明“休”或“班”。")
        note = named if colon else _FREE.sub("", _WORKED.sub("", _SPAN.sub("", sentence)))
        for day in days:
            yield day, worked is not None, re.sub(r"^[一二三四五六七八九十]+、", "", note.strip(" \t,，、"))
    if not spans:
        raise Invalid(f"第 {number} 行“{line.strip()[:30]}”中没有日期，请按“2027-01-01 休 元旦”的格式填写。")


def _days_in(sentence: str, number: int, year: int) -> Iterator[date]:
    for match in _SPAN.finditer(sentence):
        first_year, month, day, last_year, last_month, last_day = (
            int(group) if group else None for group in match.groups()
        )
        try:
            first = date(first_year or year, month or 0, day or 0)
            last = date(last_year or first.year, last_month or first.month, last_day) if last_day else first
        except ValueError:
            raise Invalid(f"第 {number} 行的“{match[0].strip()}”不是存在的日期，请核对。") from None
        if not first <= last <= first + timedelta(days=_LONGEST_SPAN):
            raise Invalid(f"第 {number} 行的“{match[0].strip()}”起止日期有误，请核对。")
        yield from (first + timedelta(days=ahead) for ahead in range((last - first).days + 1))
