"""A document to a parsed plan: read its format, repair it, find its items, read each of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from tracker.reading import deadlines, formats, furniture, outline, repair, tables, targets, text, units
from tracker.reading.document import Document, Grid, Lines
from tracker.reading.passage import Passage
from tracker.reading.plan import (
    Dropped,
    ParsedPlan,
    ReadDeadline,
    ReadItem,
    ReadTarget,
    ReadUnit,
    Remark,
)
from tracker.reading.title import Heading, heading
from tracker.reading.units import LeadRule, Responsibility
from tracker.rules.deadlines import DeadlineKind
from tracker.rules.refusals import Invalid

LARGEST = 20_000_000

NOTHING_FOUND = (
    "没有读到工作任务：文中没有带编号的条目（如“一、”“（一）”“1.”），也没有带“工作任务”“责任单位”等表头的表格。"
    "请确认导入的是工作计划正文；如果任务没有编号，请先加上编号再导入。"
)


def parse(data: bytes, filename: str) -> ParsedPlan:
    """Read a file; raise Invalid, with what to do, for one that cannot be read."""
    if not data.strip():
        raise Invalid("这个文件是空的。请选择有内容的文件后重新导入。")
    if len(data) > LARGEST:
        raise Invalid("文件超过 20 MB，不能导入。请去掉其中的图片，或另存为 .docx、.txt 后再试。")
    found = formats.of(data, filename)
    document = found.read(data)
    if formats.is_mislabelled(found, filename):
        text = f"文件名的后缀与内容不符，已按内容（{found.name}）读取。"
        document = replace(document, remarks=(Remark("mislabelled", 1, text, filename), *document.remarks))
    return _plan(document)


def parse_text(pasted: str) -> ParsedPlan:
    """Read pasted text."""
    if not pasted.strip():
        raise Invalid("还没有粘贴内容。请把工作计划的正文粘贴进来后再试。")
    return _plan(text.from_text(pasted.replace("\r\n", "\n").replace("\r", "\n")))


def _plan(document: Document) -> ParsedPlan:
    document = repair.repaired(document)
    plan = _Reading(document).plan()
    if not plan.items:
        raise Invalid(NOTHING_FOUND)
    return plan


@dataclass
class _Found:
    """An item before its fields are read."""

    number: str
    section: tuple[Passage, ...]
    task: Passage
    goal: Passage | None
    evidence: Passage
    responsibility: Callable[[LeadRule], Responsibility]
    has_units: bool
    time: Passage | None = None


@dataclass
class _Reading:
    """One document on its way to a plan."""

    document: Document
    lines: Lines = field(init=False)
    rule: LeadRule = field(init=False)
    dropped: list[Dropped] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.lines = Lines(self.document.source)
        self.rule = units.lead_rule("\n".join(passage.text for passage in self.document.passages))

    def plan(self) -> ParsedPlan:
        grids = [block for block in self.document.blocks if isinstance(block, Grid)]
        paragraphs = [block for block in self.document.blocks if not isinstance(block, Grid)]
        read = outline.outline(paragraphs)
        found = [*self._from_outline(read), *(item for grid in grids for item in self._from_table(grid))]
        said = self._heading(read, grids)
        self._drop(read, said)
        return ParsedPlan(
            said.title,
            said.issuer,
            said.year,
            self.document.source,
            tuple(self._items(found, said.year)),
            tuple(sorted((*self.document.remarks, *self.remarks), key=lambda remark: remark.line)),
            tuple(sorted((*self.document.dropped, *self.dropped), key=lambda dropped: dropped.line)),
        )

    def _from_outline(self, read: outline.Outline) -> Iterator[_Found]:
        for work in read.works:
            entry = work.entry
            own = [*entry.brackets] or [*work.inherited]
            yield _Found(
                entry.number,
                work.section,
                entry.body,
                None,
                entry.whole,
                lambda rule, own=own: sum((units.read(piece, rule) for piece in own), Responsibility()),  # type: ignore[misc]
                bool(entry.brackets),
            )

    def _from_table(self, grid: Grid) -> Iterator[_Found]:
        for row in tables.rows(grid):
            yield _Found(
                row.number,
                row.section,
                row.task,
                row.goal,
                row.evidence,
                lambda rule, row=row: Responsibility(  # type: ignore[misc]
                    units.read_cells(row.responsible, row.leading, row.supporting, rule)
                ),
                True,
                row.deadline,
            )

    def _heading(self, read: outline.Outline, grids: list[Grid]) -> Heading:
        above = [cell for grid in grids for cell in tables.heads(grid)]
        end = sorted((*(left.passage for left in read.left), *read.tail), key=lambda passage: passage.span)
        said = heading([*read.head, *above], end, self.document.source)
        if said.year is None:
            blanked = said.blanked or (read.head[0] if read.head else None)
            line = self.lines.of(blanked) if blanked else 1
            self.remarks.append(
                Remark(
                    "no-year", line, "没有读到计划年份，只写月份的期限无法换算。请补上年份。", said.title or "", True
                )
            )
        if said.title is None:
            self.remarks.append(Remark("no-title", 1, "没有读到标题，请补上计划名称。", "", True))
        return said

    def _items(self, found: list[_Found], year: int | None) -> Iterator[ReadItem]:
        named = any(item.has_units for item in found)
        for_later: tuple[ReadUnit, ...] = ()
        for item in found:
            responsibility = item.responsibility(self.rule)
            for_later = for_later or responsibility.for_later
            who = units.merged(responsibility.units, for_later) if item.has_units else responsibility.units
            yield self._item(item, who or units.led_in_text(item.task), responsibility.deadline, year, named)

    def _item(
        self, found: _Found, who: tuple[ReadUnit, ...], by: Passage | None, year: int | None, named: bool
    ) -> ReadItem:
        parts = [part for part in (found.task, found.goal) if part]
        measured = tuple(target for part in parts for target in targets.targets(part))
        dates = self._deadlines(parts, [cell for cell in (found.time, by) if cell], measured, year)
        spans = found.evidence.stretches
        first, last = self.lines.of(found.evidence), self.lines.last_of(found.evidence)
        return ReadItem(
            number=found.number,
            section=tuple(heading.text for heading in found.section),
            task=found.task.text,
            goal=found.goal.text if found.goal else None,
            as_printed="\n".join(self.document.source[span.start : span.end] for span in spans),
            first_line=first,
            last_line=last,
            spans=spans,
            units=who,
            targets=measured,
            deadlines=dates,
            remarks=tuple(self._doubts(found, who, dates, named)),
        )

    def _deadlines(
        self, parts: list[Passage], cells: list[Passage], measured: tuple[ReadTarget, ...], year: int | None
    ) -> tuple[ReadDeadline, ...]:
        counted = {
            place for target in measured if target.target.per for place in range(target.span.start, target.span.end)
        }
        read = [deadline for part in parts for deadline in deadlines.deadlines(part, year, counted)]
        read += [deadline for cell in cells for deadline in deadlines.in_cell(cell, year)]
        return tuple({deadline.deadline: deadline for deadline in reversed(read)}.values())[::-1]

    def _doubts(
        self, found: _Found, who: tuple[ReadUnit, ...], dates: tuple[ReadDeadline, ...], named: bool
    ) -> Iterator[Remark]:
        line = self.lines.of(found.evidence)
        for date in dates:
            if date.deadline.kind is DeadlineKind.UNDETERMINED:
                where = self.lines.of(date.span)
                yield Remark("undetermined-date", where, "完成时限没有写明日期，请确定日期。", date.text, True)
        if named and not who:
            yield Remark("no-unit", line, "这一项没有写明责任单位，请补上。", found.task.text[:20], True)

    def _drop(self, read: outline.Outline, said: Heading) -> None:
        for passage in read.head:
            self._left(passage, furniture.reason(passage.text) or self._why_head(passage, said))
        for left in read.left:
            self._left(left.passage, left.reason)
        for passage in read.tail:
            self._left(passage, furniture.reason(passage.text) or "正文之后的内容")

    def _why_head(self, passage: Passage, said: Heading) -> str:
        if said.title and passage.text.strip() and passage.text.strip() in said.title:
            return "标题"
        return "主送机关" if furniture.is_addressee(passage.text) else "正文前的说明和引言"

    def _left(self, passage: Passage, why: str) -> None:
        self.dropped.append(Dropped(self.lines.of(passage), passage.text.strip(), why))
