"""A year's holidays as pasted: a day or a span on each line, or the sentences of the State Council's own notice."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from tracker.rules.calendar import LONGEST_NOTE, DayEntry, follows_the_week
from tracker.rules.refusals import Invalid

LONGEST_LIST = 20_000

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
