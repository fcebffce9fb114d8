"""The daily digest (每日提醒): what is new on a day, in the words of one message."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from tracker.rules.alerts import AlertKind, alert_light, told
from tracker.rules.dates import written

MOST_LINES = 20


class DigestLine(NamedTuple):
    """One alert: whose it is, about what, and the day it is judged by."""

    unit: str
    title: str
    what: str
    kind: AlertKind
    due: date

    def text(self, day: date) -> str:
        return f"{self.unit}：{self.title}，{self.what}，{_when(self.kind, self.due, day)}"


@lru_cache(maxsize=1000)  # a night tells thousands of lines of few days
def _when(kind: AlertKind, due: date, day: date) -> str:
    return f"{kind.day_label}{written(due)}，{alert_light(kind, due, day).reason}"


def subject(counts: Mapping[AlertKind, int]) -> str:
    return f"工作计划台账提醒：{told(counts)}"


def text(day: date, counts: Mapping[AlertKind, int], lines: Sequence[DigestLine], link: str = "") -> str:
    """A sentence with the counts, the first lines, how many more there are, and where to see them all."""
    said = [f"{written(day)}新增提醒：{told(counts)}。", ""]
    said += [f"{number}. {line.text(day)}" for number, line in enumerate(lines, 1)]
    if more := sum(counts.values()) - len(lines):
        said.append(f"另有 {more} 项，请登录系统查看。")
    if link:
        said += ["", f"查看全部：{link}"]
    return "\n".join(said)
