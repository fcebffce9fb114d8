"""One repaired document on its way to a plan: items found and read, everything else listed with a reason."""

import re
from collections.abc import Iterable, Iterator

from tracker.reading import deadlines, doubts, furniture, targets, units
from tracker.reading.division import divided
from tracker.reading.document import Document, Grid, Lines
from tracker.reading.found import Found, heads, in_outline, in_table
from tracker.reading.outline import Outline, outline
from tracker.reading.passage import Passage
from tracker.reading.plan import Dropped, ParsedPlan, ReadDeadline, ReadItem, ReadTarget, ReadUnit, Remark, Span
from tracker.reading.tables import TaskTable, rows_by_number, task_table
from tracker.reading.title import Heading, heading, is_title

# Remarks about a place in the text; an item gets those of its lines.
_OF_A_PLACE = frozenset(
    ("one-byte-shift", "pinyin", "joined-line", "garbled", "unknown-character")
    + ("tracked-change", "hidden-text", "text-box", "content-control", "hidden-row")
)


class Reading:
    """Reads one document; `plan` is to be called once."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._lines = Lines(document.source)
        self._rule = units.lead_rule("\n".join(passage.text for passage in document.passages))
        self._before: dict[int, Passage | None] = {}  # the paragraph before each table
        self._others: list[Grid] = []  # tables that are none of tasks
        self._dropped = list(document.dropped)
        self._remarks = [remark for remark in document.remarks if remark.code not in _OF_A_PLACE]
        self._of_places = [remark for remark in document.remarks if remark.code in _OF_A_PLACE]

    def plan(self) -> ParsedPlan:
        tables, paragraphs = self._sorted_blocks()
        read = outline(paragraphs)
        said = self._heading(read, tables)
        found = sorted(self._found(read, tables), key=lambda item: item.evidence.span)
        found = divided(found, self._others)
        items = tuple(self._items(found, said.year))
        self._drop(read, tables, said)
        self._doubt(read, said)
        return ParsedPlan(
            title=said.title,
            issuer=said.issuer,
            year=said.year,
            source=self._document.source,
            items=items,
            remarks=tuple(sorted((*self._remarks, *self._of_places), key=lambda remark: remark.line)),
            dropped=tuple(sorted(self._dropped, key=lambda dropped: dropped.line)),
        )

    def _found(self, read: Outline, tables: list[TaskTable]) -> Iterator[Found]:
        """The items of the outline and of the tables; a heading directly above a table is the rows' section."""
        works = list(read.works)
        for table in tables:
            above = next((work for work in works if heads(work, self._before.get(id(table)))), None)
            if above:
                works.remove(above)
                yield from in_table(table, (*above.section, above.entry.body))
            else:
                caption = self._captions(read, tables).get(id(table))
                yield from in_table(table, (caption,) if caption else ())
        yield from in_outline(works)

    def _captions(self, read: Outline, tables: list[TaskTable]) -> dict[int, Passage]:
        """The headings of several tables (产业项目任务表) in a document that has a title above them."""
        before = {id(table): self._before.get(id(table)) for table in tables}
        captions = {key: line for key, line in before.items() if line and line in read.head and is_title(line)}
        others = [line for line in read.head if is_title(line) and line not in captions.values()]
        return captions if len(captions) > 1 and others else {}

    def _sorted_blocks(self) -> tuple[list[TaskTable], list[Passage]]:
        """The tables of tasks, and the paragraphs; other tables are left out."""
        tables: list[TaskTable] = []
        paragraphs: list[Passage] = []
        for block in self._document.blocks:
            if not isinstance(block, Grid):
                paragraphs.append(block)
            elif table := task_table(block):
                tables.append(table)
                self._before[id(table)] = paragraphs[-1] if paragraphs else None
            else:
                self._others.append(block)
                why = "责任分工表，已按编号读入各项" if rows_by_number(block) else "不是任务表的表格"
                for cell in Document("", (block,)).passages:
                    self._leave(cell, why)
        return tables, paragraphs

    def _heading(self, read: Outline, tables: list[TaskTable]) -> Heading:
        """A document that is only a table has its title above the table's head, or before the table."""
        above = [cell for table in tables for cell in table.above]
        captions = list(self._captions(read, tables).values())
        head = [passage for passage in read.head if passage not in captions]
        end = sorted((*(left.passage for left in read.left), *read.tail), key=lambda passage: passage.span)
        return heading([*head, *above], end, self._document.source)

    def _items(self, found: list[Found], year: int | None) -> Iterator[ReadItem]:
        some_named = any(item.responsible.named for item in found)
        for_later: tuple[ReadUnit, ...] = ()
        for item in found:
            said = item.responsible.read(self._rule)
            for_later = for_later or said.for_later
            who = units.merged(said.units, for_later) if item.responsible.named else said.units
            who = who or units.led_in_text(item.task)
            times = [passage for passage in (item.time, said.deadline) if passage]
            measured = tuple(target for part in _parts(item) for target in targets.targets(part))
            yield self._item(
                item, who, measured, self._dates(item, times, measured, year), doubt=some_named and not who
            )

    def _item(
        self,
        found: Found,
        who: tuple[ReadUnit, ...],
        measured: tuple[ReadTarget, ...],
        dates: tuple[ReadDeadline, ...],
        *,
        doubt: bool,
    ) -> ReadItem:
        first, last = self._lines.of(found.evidence), self._lines.last_of(found.evidence)
        spans = self._as_printed(found.evidence.stretches)
        remarks = self._remarks_within(first, last)
        told = {"odd-name"} if any(remark.code == "garbled" for remark in remarks) else set()
        remarks += self._unsure((*who, *measured, *dates), told)
        if doubt:
            remarks.append(Remark("no-unit", first, "这一项没有写明责任单位，请补上。", found.task.text[:20], True))
        return ReadItem(
            number=found.number,
            section=tuple(passage.text for passage in found.section),
            task=found.task.text,
            goal=found.goal.text if found.goal else None,
            as_printed="\n".join(self._document.source[span.start : span.end] for span in spans),
            first_line=first,
            last_line=last,
            spans=spans,
            units=who,
            targets=measured,
            deadlines=dates,
            remarks=tuple(remarks),
        )

    def _as_printed(self, stretches: tuple[Span, ...]) -> tuple[Span, ...]:
        """The stretches, whole again over what a repair took out and over line ends, but not over a page number."""
        spans: list[Span] = []
        for stretch in stretches:
            between = self._document.source[spans[-1].end : stretch.start] if spans else "\n|"
            if not between.strip() or not re.search(r"[\n|\t]", between):
                spans[-1] = Span(spans[-1].start, stretch.end)
            else:
                spans.append(stretch)
        return tuple(spans)

    def _dates(
        self, found: Found, times: list[Passage], measured: tuple[ReadTarget, ...], year: int | None
    ) -> tuple[ReadDeadline, ...]:
        with_period = [read.span for read in measured if read.target.per]
        counted = {place for span in with_period for place in range(span.start, span.end)}
        dates = [date for part in _parts(found) for date in deadlines.deadlines(part, year, counted)]
        dates += [date for passage in times for date in deadlines.in_cell(passage, year)]
        if not dates and not counted:
            dates = [date for heading in found.section[-1:] for date in deadlines.of_heading(heading, year)]
        return tuple(deadlines.once(dates))

    def _remarks_within(self, first: int, last: int) -> list[Remark]:
        """Each remark about a place goes to the first item on its lines."""
        within = [remark for remark in self._of_places if first <= remark.line <= last]
        self._of_places = [remark for remark in self._of_places if not first <= remark.line <= last]
        return within

    def _unsure(self, fields: Iterable[ReadUnit | ReadTarget | ReadDeadline], told: set[str]) -> Iterator[Remark]:
        """A doubt for each rule that may be wrong, at the first field that it has read, unless it is told already."""
        for read in fields:
            if not read.sure and read.rule not in told:
                yield doubts.remark(read, self._lines.of(read.span))
                told |= {read.rule} - doubts.ONE_BY_ONE

    def _doubt(self, read: Outline, said: Heading) -> None:
        if said.year is None:
            line = self._lines.of(said.blanked) if said.blanked else 1
            sentence = "没有读到计划年份，只写月份的期限无法换算。请补上年份。"
            self._remarks.append(Remark("no-year", line, sentence, said.title or "", True))
        if said.title is None:
            self._remarks.append(Remark("no-title", 1, "没有读到标题，请补上计划名称。", "", True))
        for passage in read.gaps:
            sentence = "编号与上一项不连续，可能缺了一项，请与原文核对。"
            self._remarks.append(Remark("number-gap", self._lines.of(passage), sentence, passage.text[:20], True))

    def _drop(self, read: Outline, tables: list[TaskTable], said: Heading) -> None:
        for passage in read.head:
            self._leave(passage, furniture.reason(passage.text) or _why_in_head(passage, said))
        for left in read.left:
            self._leave(left.passage, left.reason)
        for passage in read.tail:
            self._leave(passage, furniture.reason(passage.text) or "正文之后的内容")
        for table in tables:
            for cell in table.above:
                self._leave(cell, _why_in_head(cell, said))
            for cell in table.head:
                self._leave(cell, "表头")
            for cell in table.left:
                self._leave(cell, "表格中没有任务内容的一行")

    def _leave(self, passage: Passage, why: str) -> None:
        printed = self._document.source[passage.span.start : passage.span.end].strip()
        if printed:
            self._dropped.append(Dropped(self._lines.of(passage), printed, why))


def _parts(found: Found) -> list[Passage]:
    return [part for part in (found.task, found.goal) if part]


def _why_in_head(passage: Passage, said: Heading) -> str:
    if said.title and passage.text.strip() in said.title:
        return "标题"
    return "主送机关" if furniture.is_addressee(passage.text) else "正文前的说明和引言"
