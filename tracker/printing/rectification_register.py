"""The register of rectification (整改台账) on A4 landscape, from the ledger as it stands or from a sealed quarter."""

from datetime import date
from pathlib import Path

from tracker.printing import table as printed
from tracker.printing import wordings
from tracker.printing.table_parts import Column, Group, Row, Table
from tracker.rules.dates import written
from tracker.rules.findings import RectificationRegister, RegisterRow, number_of
from tracker.rules.snapshot_entries import FindingEntry
from tracker.rules.snapshots import Snapshot

COLUMNS = (
    Column("序号", 8, centred=True),
    Column("编号", 24, centred=True),
    Column("单位", 18),
    Column("任务", 22),
    Column("来源和标准", 18),
    Column("存在问题", 28),
    Column("整改要求", 24),
    Column("通知日期", 18, centred=True),
    Column("整改期限", 18, centred=True),
    Column("整改措施", 22),
    Column("整改结果", 24),
    Column("核查情况", 20),
    Column("状态", 18, centred=True),
)


def of(snapshot: Snapshot) -> RectificationRegister:
    """Those found in the quarter and those still open from before; the repeated first, then the longest overdue."""
    found = sorted(snapshot.findings, key=lambda each: (not each.repeat, -each.days_overdue, each.due, each.id))
    title = f"{snapshot.organisation}{snapshot.quarter.label}问题整改台账"
    return RectificationRegister(title, snapshot.as_of, tuple(map(_entry, found)), snapshot.sample, snapshot.edition)


def _entry(finding: FindingEntry) -> RegisterRow:
    return RegisterRow(
        number=number_of(finding.year, finding.number) if finding.number else "",
        unit=finding.unit,
        item=f"{finding.item_position}. {finding.item}" if finding.item_position else finding.item,
        quarter=finding.quarter.label,
        source=finding.source.label,
        criterion=finding.criterion,
        problem=finding.problem,
        basis=finding.basis,
        demand=finding.demand,
        notified_on=finding.notified_on,
        due=finding.due,
        state=finding.state,
        standing=f"整改逾期 {finding.days_overdue} 天" if finding.days_overdue else "",
        repeat=finding.repeat,
        measures=finding.measures,
        result=finding.result,
        verified=finding.verified_by,
        closed_on=finding.closed_on,
    )


def table(register: RectificationRegister) -> Table:
    rows = tuple(_row(number, row) for number, row in enumerate(register.rows, 1))
    return Table(
        title=wordings.wide_title(register.title),
        author=register.title.removesuffix("问题整改台账"),
        as_of=register.as_of,
        about=(f"共 {len(rows)} 项", "　".join(filter(None, (register.edition, f"截至{written(register.as_of)}")))),
        columns=COLUMNS,
        groups=(Group("", rows),),
        nothing="没有检查发现的问题。",
        sample=wordings.SAMPLE if register.sample else "",
    )


def _row(number: int, row: RegisterRow) -> Row:
    closed = f"{_day(row.closed_on)}\n销号" if row.closed_on else ""
    overdue = f"● 红\n{row.standing.replace(' ', '')}" if row.standing else ""
    return (
        number,
        row.number.replace("〔", "\n〔"),
        row.unit,
        row.item,
        f"{row.source}\n{row.criterion}",
        row.problem,
        row.demand,
        _day(row.notified_on),
        _day(row.due),
        row.measures,
        row.result,
        row.verified,
        wordings.joined((row.state if not closed else "", closed, overdue, row.repeat), "\n"),
    )


def _day(day: date | None) -> str:
    """With the year on a line of its own, for the column is narrower than a date."""
    return written(day).replace("年", "年\n") if day else ""


def pdf(register: RectificationRegister, fonts: Path) -> bytes:
    return printed.pdf([table(register)], fonts)


def docx(register: RectificationRegister) -> bytes:
    return printed.docx([table(register)])
