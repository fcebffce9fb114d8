"""A table that divides the work by number: 序号, 牵头单位, 配合单位, the tasks themselves standing in the text."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from tracker.reading.document import Grid
from tracker.reading.found import Found, InCells
from tracker.reading.numerals import number
from tracker.reading.tables import rows_by_number

_NUMBER = re.compile(r"[0-9]{1,3}|[一二三四五六七八九十]{1,3}")


def divided(found: list[Found], grids: Iterable[Grid]) -> list[Found]:
    """The items with the units of the rows that bear their numbers; as they were where numbers come twice."""
    rows = {_value(row.number): row for grid in grids for row in rows_by_number(grid)}
    times = Counter(_value(item.number) for item in found if item.number)
    return [
        replace(item, responsible=InCells(rows[value]))
        if (value := _value(item.number)) in rows and value and times[value] == 1 and not item.responsible.named
        else item
        for item in found
    ]


def _value(printed: str) -> int:
    match = _NUMBER.search(printed)
    return int(number(match[0])) if match else 0
