"""A table of tasks: which column holds what, and the items that its rows are."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from tracker.reading import units
from tracker.reading.document import Grid
from tracker.reading.numbering import opening
from tracker.reading.passage import Passage, join


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
    (Column.NUMBER, r"序号|编号|项目号|^号$|^No\.?$"),
    (Column.GOAL, r"目标(?!任务)|完成标志|预期成效|预期成果|工作成效|量化指标|考核指标|成果形式"),
    (Column.DEADLINE, r"时限|时间|期限|进度安排|时间节点"),
    (Column.GROUP, r"类别|类型|板块|领域|分类|一级|方面|大类|专题|^项目$|栏目"),
    (Column.REQUIREMENT, r"要求|标准$|细化|二级|子任务"),
    (Column.TASK, r"任务|措施|举措|内容|事项|要点|工作|项目"),
)
_ROLES = {
    units.Role.LEAD: Column.LEAD,
    units.Role.SUPPORT: Column.SUPPORT,
    units.Role.RESPONSIBLE: Column.RESPONSIBLE,
    units.Role.OTHER: Column.OTHER,
}


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
        cells = (self.task, self.goal, self.leading, self.responsible, self.supporting, self.deadline)
        kept = {id(cell): cell for cell in cells if cell}
        return join(sorted(kept.values(), key=lambda cell: cell.span), "\n")


def rows(grid: Grid) -> list[Row]:
    """The rows of tasks of a table; none where it has no column for tasks."""
    head = _head(grid)
    if head is None:
        return []
    columns = _columns(grid.rows[head], grid.rows[head + 1 :])
    return list(_read(grid.rows[head + 1 :], columns, grid.rows[head]))


def heads(grid: Grid) -> list[Passage]:
    """What stands in the table above its head: a title, a unit, a date."""
    head = _head(grid)
    above = grid.rows[: head or 0]
    return [cell for row in above for cell in {id(c): c for c in row}.values() if cell.text]


def _head(grid: Grid) -> int | None:
    for place, row in enumerate(grid.rows[:8]):
        kinds = {_kind(cell.text) for cell in row}
        named = {cell.text for cell in row if cell.text}
        if len(named) >= 2 and kinds & {Column.TASK, Column.REQUIREMENT} and len(kinds) >= 2:
            return place
    return None


def _kind(heading: str) -> Column:
    text = re.sub(r"\s", "", heading)
    if not text or len(text) > 16:
        return Column.OTHER
    if re.search(_HEADINGS[0][1], text):
        return Column.NUMBER
    role = units.role_of_heading(text)
    if role in _ROLES and not re.search("任务|措施", text):
        return _ROLES[role]
    return next((column for column, pattern in _HEADINGS if re.search(pattern, text)), Column.OTHER)


def _columns(head: tuple[Passage, ...], body: tuple[tuple[Passage, ...], ...]) -> list[Column]:
    """The columns' kinds; of several columns of tasks only one holds the measures."""
    kinds = [_kind(cell.text) for cell in head]
    tasks = [place for place, kind in enumerate(kinds) if kind is Column.TASK]
    requirements = [place for place, kind in enumerate(kinds) if kind is Column.REQUIREMENT]
    for place in tasks[:-1]:
        kinds[place] = Column.GROUP
    if requirements and tasks:
        if _groups(body, tasks[-1]):
            kinds[tasks[-1]] = Column.GROUP
            kinds[requirements[-1]] = Column.TASK
        elif Column.GOAL not in kinds:
            kinds[requirements[-1]] = Column.GOAL
    elif requirements:
        kinds[requirements[-1]] = Column.TASK
    return kinds


def _groups(body: tuple[tuple[Passage, ...], ...], place: int) -> bool:
    """Whether the cells of a column stand for several rows each, or are short headings without a number."""
    cells = [row[place] for row in body if len(row) > place]
    if any(a is b or (a.text and not b.text) for a, b in zip(cells, cells[1:], strict=False)):
        return True
    texts = [cell.text.strip() for cell in cells if cell.text.strip()]
    return bool(texts) and all(len(text) <= 16 and not opening(text) for text in texts)


def _read(body: tuple[tuple[Passage, ...], ...], columns: list[Column], head: tuple[Passage, ...]) -> Iterator[Row]:
    part: tuple[Passage, ...] = ()
    above: dict[int, Passage] = {}
    for cells in body:
        distinct = {id(cell): cell for cell in cells if cell.text.strip()}
        if _same(cells, head) or not distinct:
            continue
        if len(distinct) == 1 and len(cells) > 1:
            part = (_heading(next(iter(distinct.values()))),)
            above.clear()
            continue
        cells = tuple(_inherited(cells, columns, above))
        row = _row(cells, columns, part)
        if row.task.text:
            yield row


def _same(cells: tuple[Passage, ...], head: tuple[Passage, ...]) -> bool:
    """Whether the head is printed again, as at the top of each page."""
    return [cell.text for cell in cells] == [cell.text for cell in head]


def _inherited(cells: tuple[Passage, ...], columns: list[Column], above: dict[int, Passage]) -> Iterator[Passage]:
    """The cells, empty groups filled with the one above: merged cells that lost their merge, or a page break."""
    for place, (cell, column) in enumerate(zip(cells, columns, strict=False)):
        if column in (Column.GROUP, Column.NUMBER):
            if cell.text.strip():
                above[place] = cell
            elif column is Column.GROUP and place in above:
                cell = above[place]
        yield cell


def _row(cells: tuple[Passage, ...], columns: list[Column], part: tuple[Passage, ...]) -> Row:
    of: dict[Column, Passage] = {}
    groups: list[Passage] = []
    for cell, column in zip(cells, columns, strict=False):
        if column is Column.GROUP and cell.text.strip():
            groups.append(_heading(cell))
        elif cell.text.strip():
            of.setdefault(column, cell.strip())
    task = of.get(Column.TASK, Passage("", (), ()))
    number = opening(task.text)
    return Row(
        number=task.text[: number.end] if number else (of[Column.NUMBER].text if Column.NUMBER in of else ""),
        section=(*part, *_unlike(groups, task)),
        task=task[number.end if number else 0 :].strip(),
        goal=of.get(Column.GOAL),
        responsible=of.get(Column.RESPONSIBLE),
        leading=of.get(Column.LEAD),
        supporting=of.get(Column.SUPPORT),
        deadline=of.get(Column.DEADLINE),
    )


def _unlike(groups: list[Passage], task: Passage) -> tuple[Passage, ...]:
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
