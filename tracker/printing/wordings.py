"""Words that several papers of a quarter share."""

import re
from collections.abc import Iterable

from tracker.printing.layout import A4_TURNED, Sheet, title_lines
from tracker.rules.dates import written
from tracker.rules.snapshot_entries import DeadlineEntry, ItemEntry, ShareEntry
from tracker.rules.snapshots import Snapshot

SAMPLE = "示例数据　仅供演示"
UNKNOWN_DATE = "未载明"  # as the pages say it: the plan sets no date
_DIVISION = re.compile(r"(任务)?分解(方案|表)$")
_TITLE_SIZE = 22 * 25.4 / 72  # millimetres


def sample(snapshot: Snapshot) -> str:
    return SAMPLE if snapshot.sample else ""


def plan_name(snapshot: Snapshot) -> str:
    """The plan's title as the name of a paper begins with it."""
    return _DIVISION.sub("", snapshot.plan) or snapshot.plan


def quarter(snapshot: Snapshot) -> str:
    """As it follows the plan's name: without the year, where that has it."""
    label, year = snapshot.quarter.label, f"{snapshot.quarter.year}年"
    return label.removeprefix(year) if year in snapshot.plan else label


def wide_title(*parts: str, sheet: Sheet = A4_TURNED) -> tuple[str, ...]:
    return title_lines(*parts, most=sheet.type_width / _TITLE_SIZE - 1)


def about(snapshot: Snapshot, *, left: str = "") -> tuple[str, str]:
    """What stands above a table: who made it, and of which day it is."""
    edition = f"{snapshot.edition}　" if snapshot.edition else ""
    return left or f"编制单位：{snapshot.office}", f"{edition}截至{written(snapshot.as_of)}"


def goal(item: ItemEntry) -> str:
    """The goal, and those targets that it does not name itself."""
    return joined((item.goal, *(target.text for target in item.targets if target.text not in item.goal)), "\n")


def due(item: ItemEntry) -> str:
    return joined((deadline(each) for each in item.deadlines), "\n") or UNKNOWN_DATE


def deadline(entry: DeadlineEntry) -> str:
    """As printed in the plan; where an extension has moved it, both."""
    return f"{entry.text}（延期至{written(entry.revised)}）" if entry.revised else entry.text


def light(share: ShareEntry | ItemEntry) -> str:
    """Sign and word, and beneath them the reason: a black-and-white print reads."""
    lit = share.light
    return f"{lit.light.sign} {lit.light.label}\n{lit.reason.replace(' ', '')}"


def joined(texts: Iterable[str], by: str) -> str:
    """Each text once, without the empty ones."""
    return by.join(dict.fromkeys(filter(None, (text.strip() for text in texts))))
