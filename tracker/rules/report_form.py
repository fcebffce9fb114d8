"""The quarter's form as a workbook (Excel填报表): its sheets and columns, what a unit may type, how a cell is read.

A cell that is wrong is named as the unit sees it (“填报”表 H8), so that it is found without counting.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from tracker.rules.dates import written
from tracker.rules.quarters import Quarter
from tracker.rules.refusals import Invalid
from tracker.rules.reports import FIELD_LABELS, ProgressClass

HEAD_ROW = 4  # counted as a workbook does, from 1; above it stand title, quarter and a hint
TICK = "√"
BLANK = "—"
_TICKS = frozenset({TICK, "✓", "✔", "☑", "V", "v", "是", "已完成", "1", "TRUE"})
_BLANKS = frozenset({"", "否", "未完成", "×", "0", "FALSE", "□"})
_DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?(?:\s*0?0:00(?::00)?)?")
_SERIAL = re.compile(r"[0-9]{5}")  # a date that lost its format: days since the end of 1899
_DAY_ZERO = date(1899, 12, 30)


@dataclass(frozen=True)
class Column:
    """`width` in characters of the sheet; what is `typed` is the unit's to fill in."""

    field: str
    title: str
    width: float
    typed: bool = False


@dataclass(frozen=True)
class Layout:
    """A sheet of the form.  Its last column is hidden and says which row it is."""

    name: str
    columns: tuple[Column, ...]

    def title(self, field: str) -> str:
        return self.columns[self.place(field)].title

    def place(self, field: str) -> int:
        return next(place for place, column in enumerate(self.columns) if column.field == field)

    def typed(self, values: Mapping[str, str]) -> dict[str, str]:
        """Of the texts of a row, those in the unit's columns."""
        return {column.field: values.get(column.field, "") for column in self.columns if column.typed}

    def cell(self, field: str, row: int) -> str:
        return f"“{self.name}”表 {letters(self.place(field))}{row}"


_KEY = Column("key", "标识（请勿改动）", 1)
_POSITION, _TASK = Column("position", "序号", 5), Column("task", "任务", 26)

REPORTS = Layout(
    "填报",
    (
        _POSITION,
        _TASK,
        Column("goal", "目标", 18),
        Column("part", "牵头或配合", 6),
        Column("deadline", "完成时限", 10),
        Column("planned", "上季度下一步计划", 18),
        Column("progress", FIELD_LABELS["progress"], 30, typed=True),
        Column("achievements", FIELD_LABELS["achievements"], 20, typed=True),
        Column("problems", FIELD_LABELS["problems"], 20, typed=True),
        Column("next_steps", FIELD_LABELS["next_steps"], 20, typed=True),
        Column("progress_class", "进度等次", 8, typed=True),
        Column("missing_note", "缺报说明", 14, typed=True),
        Column("state", "填报状态", 7),
        _KEY,
    ),
)
FIGURES = Layout(
    "量化指标",
    (
        _POSITION,
        _TASK,
        Column("target", "指标", 26),
        Column("before", "上季度", 10),
        Column("value", "本季度", 10, typed=True),
        Column("done", "已办结", 9, typed=True),
        Column("due", "应办", 9, typed=True),
        Column("excluded", "剔除", 9, typed=True),
        Column("ground", "剔除理由", 24, typed=True),
        Column("reason", "减少原因", 24, typed=True),
        _KEY,
    ),
)
DUTIES = Layout(
    "应办事项",
    (
        _POSITION,
        _TASK,
        Column("duty", "应办事项", 44),
        Column("due", "应于何时完成", 14),
        Column("ticked", "已完成（√）", 10, typed=True),
        Column("done_on", "完成日期", 14, typed=True),
        _KEY,
    ),
)
SHEETS = (REPORTS, FIGURES, DUTIES)
NOTE_SHEET = "填表说明"


@dataclass(frozen=True)
class Line:
    """A row to print: the text of its columns, and which of them the unit may type in."""

    values: Mapping[str, str]
    typed: frozenset[str]
    key: str


@dataclass(frozen=True)
class Form:
    """`mark` says, under seal, whose form of which quarter it is; `lines` are given by the sheet's name."""

    title: str
    about: str
    mark: str
    lines: Mapping[str, Sequence[Line]]


@dataclass(frozen=True)
class Fault:
    """What is wrong, and where the unit finds it."""

    cell: str
    sentence: str


@dataclass(frozen=True)
class ReadLine:
    """A row that came back: what stands in its columns, as text."""

    sheet: str
    row: int
    values: Mapping[str, str]

    @property
    def layout(self) -> Layout:
        return next(layout for layout in SHEETS if layout.name == self.sheet)

    @property
    def key(self) -> str:
        return self.values["key"]

    @property
    def of_an_item(self) -> bool:
        """Whether it is the row of an item itself, and not of its targets and duties."""
        return self.sheet == REPORTS.name

    @property
    def typed(self) -> dict[str, str]:
        return self.layout.typed(self.values)

    def cell(self, field: str) -> str:
        return self.layout.cell(field, self.row)

    def fault(self, field: str, sentence: str) -> Fault:
        return Fault(self.cell(field), sentence)


@dataclass(frozen=True)
class ReadForm:
    mark: str
    lines: tuple[ReadLine, ...] = ()
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class Mark:
    """Whose form of which quarter it is; written under seal into a hidden cell."""

    organisation_id: int
    plan_id: int
    quarter: Quarter
    unit_id: int

    def __str__(self) -> str:
        return f"{self.organisation_id}.{self.plan_id}.{self.quarter}.{self.unit_id}"

    @classmethod
    def parse(cls, text: str) -> "Mark":
        organisation_id, plan_id, quarter, unit_id = text.split(".")
        return cls(int(organisation_id), int(plan_id), Quarter.parse(quarter), int(unit_id))


@dataclass(frozen=True)
class RowKey:
    """Which row it is: of the duty to report `duty_id`, and on the other sheets `of` its target or dated duty.

    `version` is the report's when the form was filled in by the ledger (0: nobody had begun it), `print` the
    fingerprint of what was filled in.
    """

    duty_id: int
    position: int
    of: int = 0
    version: int = 0
    print: str = ""

    def __str__(self) -> str:
        return f"{self.duty_id}.{self.position}.{self.of}.{self.version}.{self.print}"

    @classmethod
    def parse(cls, text: str) -> "RowKey":
        *numbers, print_ = text.split(".")
        duty_id, position, of, version = map(int, numbers)
        return cls(duty_id, position, of, version, print_)


def form_as_json(form: ReadForm) -> dict[str, Any]:
    return asdict(form)


def form_from_json(written: Mapping[str, Any]) -> ReadForm:
    return ReadForm(
        written["mark"],
        tuple(ReadLine(**line) for line in written["lines"]),
        tuple(Fault(**fault) for fault in written["faults"]),
    )


def letters(place: int) -> str:
    """A column's letters by its place from 0: A, …, Z, AA, …"""
    before, last = divmod(place, 26)
    return (letters(before - 1) if before else "") + chr(ord("A") + last)


def fingerprint(said: Mapping[str, Mapping[str, str]]) -> str:
    """Of all that can be typed of one item, row by row: tells one that nobody touched from one that was filled in."""
    plain = {row: {name: text.strip() for name, text in values.items() if text.strip()} for row, values in said.items()}
    filled = {row: values for row, values in plain.items() if values}
    return hashlib.sha256(json.dumps(filled, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:12]


# What stands in a cell


def class_of(text: str) -> ProgressClass | None:
    """The progress class by its label; raise Invalid for any other word."""
    plain = "".join(text.split())
    for kind in ProgressClass:
        if plain == kind.label:
            return kind
    if plain:
        raise Invalid(f"进度等次应为“{'、'.join(kind.label for kind in ProgressClass)}”之一，现为“{text[:20]}”。")
    return None


def is_ticked(text: str) -> bool:
    plain = "".join(text.split())
    if plain in _TICKS:
        return True
    if plain in _BLANKS:
        return False
    raise Invalid(f"“已完成”一栏只填“{TICK}”或留空，现为“{text[:20]}”。")


def day_of(text: str) -> date | None:
    """A day as it was typed, or the number that a workbook keeps for it; raise Invalid for what is no day."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain:
        return None
    if _SERIAL.fullmatch(plain):
        return _DAY_ZERO + timedelta(int(plain))
    try:
        return date(*(int(part) for part in _parts(plain)))
    except ValueError:
        raise Invalid(f"“{text[:20]}”不是日期，请按 2025-03-20 的格式填写。") from None


def _parts(plain: str) -> tuple[str, ...]:
    found = _DAY.fullmatch(plain)
    if found is None:
        raise ValueError
    return found.groups()


def lines_in(text: str) -> list[str]:
    """Entries that stand line by line in one cell; one that is left open is marked as blank."""
    return [line.strip().removeprefix(BLANK) for line in text.splitlines()]


def slip_in_tick(label: str, ticked: bool, day: date | None) -> tuple[str, str] | None:
    """What is wrong with tick and day together: the field to mend, and the sentence."""
    if ticked and day is None:
        return "done_on", f"“{label}”已标为完成，请填写完成日期。"
    if day and not ticked:
        return "ticked", f"“{label}”填了完成日期（{written(day)}），请同时在“已完成”一栏填“{TICK}”，或清空日期。"
    return None
