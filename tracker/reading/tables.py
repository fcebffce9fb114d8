"""A table of tasks: which column holds what, and the items that its rows are."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from tracker.reading import units
from tracker.reading.document import Block, Document, Grid, unique
from tracker.reading.numbering import opening
from tracker.reading.passage import EMPTY, Passage, join


class Column(Enum):
    NUMBER = "number"
    GROUP = "group"
    TASK = "task"
    REQUIREMENT = "requirement"
    GOAL = "goal"
    LEAD = "lead"
    SUPPORT = "support"
    RESPONSIBLE = "responsible"
    DEADLINE = "deadline"
    OTHER = "other"


_HEADINGS = (
    (Column.OTHER, r"进展|情况|备注|说明|等次|分值|得分|依据|来源|问题"),
    (Column.NUMBER, r"序号|编号|项目号|^号$|^No\.?$"),
    (Column.GOAL, r"目标(?!任务)|完成标志|预期成效|预期成果|工作成效|量化指标|考核指标|成果形式"),
    (Column.DEADLINE, r"时限|时间|期限|进度安排|时间节点|^月份?$|^日期$"),
    (Column.GROUP, r"类别|类型|板块|领域|分类|一级|方面|大类|专题|^项目$|栏目"),
    (Column.REQUIREMENT, r"要求|标准$|细化|二级|子任务"),
    (Column.TASK, r"任务|措施|举措|内容|事项|实事|要点|工作|项目"),
)
_ROLES = {
    units.Role.LEAD: Column.LEAD,
    units.Role.SUPPORT: Column.SUPPORT,
    units.Role.RESPONSIBLE: Column.RESPONSIBLE,
    units.Role.OTHER: Column.OTHER,
}
OF_UNITS = {Column.LEAD, Column.SUPPORT, Column.RESPONSIBLE}
_ENTRY_LINE = re.compile(r"(?m)^\s*(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[)）])")
_HEAD_WITHIN = 8  # rows; above the head stand at most a title, a unit, a date
_LONGEST_COLUMN_HEADING = 16

Cells = tuple[Passage, ...]


@dataclass(frozen=True)
class Row:
    """One row of tasks; `section` are the headings that stand over it or to its left, outermost first."""

    number: str
    section: tuple[Passage, ...]
    task: Passage
    goal: Passage | None = None
    responsible: Passage | None = None
    leading: Passage | None = None
    supporting: Passage | None = None
    deadline: Passage | None = None

    @property
    def evidence(self) -> Passage:
        """All that the row says about itself, its headings apart."""
        cells = [self.task, self.goal, self.leading, self.responsible, self.supporting, self.deadline]
        return join(sorted(unique(cell for cell in cells if cell), key=lambda cell: cell.span), "\n")


@dataclass(frozen=True)
class TaskTable:
    """What a table of tasks holds: its rows, its head and what stands above it, and rows that are no task."""

    rows: tuple[Row, ...]
    above: Cells
    head: Cells
    left: Cells


def task_table(grid: Grid) -> TaskTable | None:
    """Read a table; None where it has no column for tasks."""
    place = _head(grid)
    if place is None:
        return None
    head, body = _whole_head(grid.rows, place)
    reading = _Reading(head, _columns(head, body))
    for cells in body:
        reading.take(cells)
    above = tuple(cell for row in grid.rows[:place] for cell in unique(row) if cell.text.strip())
    return TaskTable(tuple(reading.rows), above, tuple(unique(head)), tuple(reading.left)) if reading.rows else None


def rows_by_number(grid: Grid) -> list[Row]:
    """The rows of a table of numbers and units, without tasks."""
    for place, cells in enumerate(grid.rows[:_HEAD_WITHIN]):
        kinds = [kind_of_heading(cell.text) for cell in cells]
        if Column.NUMBER in kinds and OF_UNITS & set(kinds):
            reading = _Reading(cells, kinds)
            return [reading.row(row) for row in grid.rows[place + 1 :]]
    return []


def laid_out(document: Document) -> Document:
    """The document with paragraphs instead of tables that only hold the layout of a text."""
    blocks: list[Block] = []
    for block in document.blocks:
        if isinstance(block, Grid) and (paragraphs := _as_paragraphs(block)) and task_table(block) is None:
            blocks += paragraphs
        else:
            blocks.append(block)
    return replace(document, blocks=tuple(blocks))


def _as_paragraphs(grid: Grid) -> list[Passage]:
    """The paragraphs in a table; none where it is a real table."""
    texts = list(unique(cell for row in grid.rows for cell in row if cell.text.strip()))
    if grid.width > 1 and not any(len(cell) > 60 and _ENTRY_LINE.search(cell.text) for cell in texts):
        return []
    return [line for cell in texts for line in cell.split(re.compile("\n")) if line.text.strip()]


def _head(grid: Grid) -> int | None:
    for place, row in enumerate(grid.rows[:_HEAD_WITHIN]):
        kinds = {kind_of_heading(cell.text) for cell in row}
        named = {cell.text for cell in row if cell.text}
        is_of_goals = Column.GOAL in kinds and kinds & OF_UNITS
        if len(named) >= 2 and (kinds & {Column.TASK, Column.REQUIREMENT} or is_of_goals) and len(kinds) >= 2:
            return place
    return None


def _whole_head(rows: tuple[Cells, ...], place: int) -> tuple[Cells, tuple[Cells, ...]]:
    """The head and the rows under it; a head of two lines (牵头 and 配合 under 责任单位, 一季度 under 进度) is one."""
    head, body = rows[place], rows[place + 1 :]
    if not body:
        return head, body
    lower = body[0]
    split = [a is not b and bool(b.text.strip()) for a, b in zip(head, lower, strict=False)]
    names = [cell.text for cell, is_split in zip(lower, split, strict=False) if is_split]
    reaches_down = any(a is b and a.text.strip() for a, b in zip(head, lower, strict=False))
    if not reaches_down and any(units.role_of_heading(name) is None for name in names):
        return head, body
    if len(names) < 2 or len(names) == len(lower):
        return head, body
    return tuple(b if is_split else a for a, b, is_split in zip(head, lower, split, strict=False)), body[1:]


def kind_of_heading(heading: str) -> Column:
    text = re.sub(r"\s", "", heading)
    if not text or len(text) > _LONGEST_COLUMN_HEADING:
        return Column.OTHER
    role = units.role_of_heading(text)
    if role in _ROLES and not re.search("(?:任务|措施|要求)$", text):
        return _ROLES[role]
    return next((column for column, pattern in _HEADINGS if re.search(pattern, text)), Column.OTHER)


def _columns(head: Cells, body: tuple[Cells, ...]) -> list[Column]:
    """The columns' kinds; of several columns of tasks only the last holds the measures."""
    kinds = [kind_of_heading(cell.text) for cell in head]
    tasks = [place for place, kind in enumerate(kinds) if kind is Column.TASK]
    requirements = [place for place, kind in enumerate(kinds) if kind is Column.REQUIREMENT]
    for place in tasks[:-1]:
        kinds[place] = Column.GROUP
    if not tasks and not requirements:  # 项目 beside 年度目标: what is grouped by is what is to be done
        groups = [place for place, kind in enumerate(kinds) if kind is Column.GROUP]
        kinds[groups[-1] if groups else kinds.index(Column.GOAL)] = Column.TASK
    if not requirements:
        return kinds
    if not tasks:
        kinds[requirements[-1]] = Column.TASK
    elif _only_groups(body, tasks[-1]):
        kinds[tasks[-1]] = Column.GROUP
        kinds[requirements[-1]] = Column.TASK
    elif Column.GOAL not in kinds:
        kinds[requirements[-1]] = Column.GOAL
    return kinds


def _only_groups(body: tuple[Cells, ...], place: int) -> bool:
    """Whether a column's cells stand for several rows each, or are short headings without a number."""
    cells = [row[place] for row in body if len(row) > place and len(list(unique(row))) > 1]
    if any(a is b or (a.text and not b.text) for a, b in zip(cells, cells[1:], strict=False)):
        return True
    texts = [cell.text.strip() for cell in cells if cell.text.strip()]
    return bool(texts) and all(len(text) <= _LONGEST_COLUMN_HEADING and not opening(text) for text in texts)


class _Reading:
    """Goes down the rows, with the part heading and the groups that are open."""

    def __init__(self, head: Cells, columns: list[Column]) -> None:
        self.rows: list[Row] = []
        self.left: list[Passage] = []
        self._head = [cell.text for cell in head]
        self._columns = columns
        self._part: Cells = ()
        self._groups: dict[int, Passage] = {}

    def take(self, cells: Cells) -> None:
        written = [cell for cell in unique(cells) if cell.text.strip()]
        if not written or [cell.text for cell in cells] == self._head:  # the head again, on a new page
            return
        if len(written) == 1 and len(cells) > 1 and len(set(map(id, cells))) == 1:
            self._across(written[0])
            return
        row = self.row(tuple(self._inherited(cells)))
        if self._was_cut(row):
            self.rows[-1] = _whole(self.rows[-1], row)
        elif row.task.text:
            self.rows.append(row)
        elif len(written) == 1:
            self._across(written[0])
        else:
            self.left += written

    def _was_cut(self, row: Row) -> bool:
        """Whether a row is the rest of the one before, cut by the end of a page: no number, no new sentence."""
        if Column.NUMBER not in self._columns or row.number or not self.rows or not self.rows[-1].number:
            return False
        before = self.rows[-1].task.text
        return not row.task.text or not before.endswith(("。", "；", ";", "！", "）", ")"))

    def _across(self, cell: Passage) -> None:
        """A heading across the table opens a part; a sentence there is a note."""
        if cell.text.rstrip().endswith("。") or cell.text.lstrip().startswith(("注", "说明", "备注")):
            self.left.append(cell)
            return
        self._part = (_heading(cell),)
        self._groups.clear()

    def _inherited(self, cells: Cells) -> Iterator[Passage]:
        """The cells, empty groups filled with the one above: a merge that was lost, or a page break."""
        for place, (cell, column) in enumerate(zip(cells, self._columns, strict=False)):
            if column is Column.GROUP and cell.text.strip():
                self._groups[place] = cell
            yield self._groups.get(place, cell) if column is Column.GROUP else cell

    def row(self, cells: Cells) -> Row:
        of: dict[Column, Passage] = {}
        groups: list[Passage] = []
        for cell, column in zip(cells, self._columns, strict=False):
            if column is Column.GROUP and cell.text.strip():
                groups.append(_heading(cell))
            elif cell.text.strip():
                of.setdefault(column, cell.strip())
        task = of.get(Column.TASK, EMPTY)
        number = opening(task.text)
        serial = of[Column.NUMBER].text if Column.NUMBER in of else ""
        return Row(
            number=task.text[: number.end].strip() if number else serial,
            section=(*self._part, *_unlike(groups, task)),
            task=task[number.end if number else 0 :].strip(),
            goal=of.get(Column.GOAL),
            responsible=of.get(Column.RESPONSIBLE),
            leading=of.get(Column.LEAD),
            supporting=of.get(Column.SUPPORT),
            deadline=of.get(Column.DEADLINE),
        )


def _whole(row: Row, rest: Row) -> Row:
    """A row that a page's end had cut in two."""
    cells = ("task", "goal", "responsible", "leading", "supporting", "deadline")
    joined = {name: join(filter(None, (getattr(row, name), getattr(rest, name)))) for name in cells}
    whole: dict[str, Any] = {name: passage for name, passage in joined.items() if passage.text}
    return replace(row, **whole)


def _unlike(groups: list[Passage], task: Passage) -> Cells:
    """The groups, each once, without one that only repeats the task."""
    kept: list[Passage] = []
    for group in groups:
        if group.text not in [passage.text for passage in kept] and group.text != task.text:
            kept.append(group)
    return tuple(kept)


def _heading(cell: Passage) -> Passage:
    cell = cell.strip()
    number = opening(cell.text)
    return cell[number.end if number else 0 :].strip().strip("。")
