"""The summary of a check (检查汇总表): units by criteria.  Of a quarter, or of one inspection."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from tracker.printing import table as printed
from tracker.printing import wordings
from tracker.printing.table_parts import Cell, Column, Group, Row, Table
from tracker.rules.dates import written, written_short
from tracker.rules.inspection_results import Criterion, Verdict
from tracker.rules.inspection_summary import InspectedUnitRow, InspectionSummary, VerdictCounts
from tracker.rules.snapshot_entries import FindingEntry, UnitEntry, VerdictEntry
from tracker.rules.snapshots import Snapshot
from tracker.rules.standing import Standing

_SIGNATURES = ("检查人（签字）：", "审核人（签字）：", "日期：　　　　年　　月　　日")


# Of a quarter


def of_quarter(snapshot: Snapshot) -> Table:
    """What was owed, reported and late, and what the check said, where it said something; else there is room."""
    criteria = tuple(dict.fromkeys(entry.criterion for entry in snapshot.verdicts)) or tuple(c.label for c in Criterion)
    rows = tuple(_unit(snapshot, number, unit, criteria) for number, unit in enumerate(snapshot.units, 1))
    return Table(
        title=wordings.wide_title(snapshot.quarter.label, "工作计划落实情况", f"{snapshot.check_word}汇总表"),
        author=snapshot.office,
        as_of=snapshot.as_of,
        about=wordings.about(snapshot, left=f"工作计划：{snapshot.plan}"),
        columns=(
            Column("序号", 9, centred=True),
            Column("单位", 44),
            *(Column(title, 13, centred=True) for title in ("任务数", "已填报", "未填报", "逾期")),
            *(Column(criterion, 24, centred=True) for criterion in criteria),
            Column("问题数", 14, centred=True),
            Column("已销号", 13, centred=True),
            Column("备注", 26),
        ),
        groups=(Group("", rows),),
        nothing="本季度没有需要检查的单位。",
        total=_total(rows, range(2, 6), len(criteria)),
        signatures=_SIGNATURES,
        row_height=9,
        sample=wordings.sample(snapshot),
    )


def _unit(snapshot: Snapshot, number: int, unit: UnitEntry, criteria: Iterable[str]) -> Row:
    shares = snapshot.shares_by_unit.get(unit.id, ())
    reported = sum(share.report_state is not None for share in shares)
    found = [each for each in snapshot.findings if each.unit_id == unit.id and not each.unfounded and not each.carried]
    said = [entry for entry in snapshot.verdicts if entry.unit_id == unit.id]
    return (
        number,
        unit.name,
        len(shares),
        reported,
        len(shares) - reported,
        snapshot.tally_of_unit(unit.id)[Standing.OVERDUE],
        *(_verdicts(entry for entry in said if entry.criterion == criterion) for criterion in criteria),
        len(found),
        sum(each.closed_on is not None for each in found),
        wordings.joined((*(entry.confirmed for entry in said), _repeats(found)), "；"),
    )


def _verdicts(entries: Iterable[VerdictEntry]) -> str:
    """One word where all are alike, else how many of each, in the order of the verdicts."""
    words = Counter(entry.verdict for entry in entries)
    if len(words) < 2:
        return next(iter(words), "")
    return "\n".join(f"{verdict.label}{words[verdict.label]}" for verdict in Verdict if words[verdict.label])


def _repeats(found: Iterable[FindingEntry]) -> str:
    repeated = sum(bool(each.repeat) for each in found)
    return f"屡查屡犯{repeated}个" if repeated else ""


def _total(rows: tuple[Row, ...], summed: Iterable[int], criteria: int) -> Row:
    if not rows:
        return ()
    ends = (len(rows[0]) - 3, len(rows[0]) - 2)
    return ("", "合计", *(_sum(rows, at) for at in summed), *([""] * criteria), *(_sum(rows, at) for at in ends), "")


def _sum(rows: Iterable[Row], at: int) -> int:
    return sum(cell for row in rows if isinstance(cell := row[at], int))


# Of one inspection


def table(summary: InspectionSummary) -> Table:
    rows = tuple(_row(number, row) for number, row in enumerate(summary.rows, 1))
    criteria = len(summary.criteria)
    span = f"{written(summary.starts_on)}至{written(summary.ends_on)}"
    return Table(
        title=wordings.wide_title(summary.title, "汇总表"),
        author=summary.organisation,
        as_of=summary.as_of,
        about=(f"{summary.number}　工作计划：{summary.plan}".strip("　"), f"{span}　截至{written(summary.as_of)}"),
        columns=(
            Column("序号", 9, centred=True),
            Column("单位", 36),
            Column("检查日期", 20, centred=True),
            Column("检查人", 22),
            Column("任务数", 12, centred=True),
            *(Column(criterion, 24, centred=True) for criterion in summary.criteria),
            Column("问题数", 12, centred=True),
            Column("已销号", 12, centred=True),
            Column("与填报不一致", 15, centred=True),
            Column("单位确认", 26),
        ),
        groups=(Group("", rows),),
        nothing="没有被检查的单位。",
        total=_grand_total(summary, rows, criteria),
        notes=tuple(filter(None, (_method(summary), _conclusion(summary)))),
        signatures=_SIGNATURES,
        row_height=9,
        sample=wordings.SAMPLE if summary.sample else "",
    )


def _row(number: int, row: InspectedUnitRow) -> Row:
    visited = written_short(row.visited_on) if row.visited_on else ""
    said = wordings.joined((row.confirmation, row.excused), "；")
    end = (row.findings, row.closed, row.differing, said)
    return (number, row.unit, visited, "、".join(row.checkers), row.items, *map(_counts, row.counts), *end)


def _counts(counts: VerdictCounts) -> str:
    """How many of each that was given, in the order of the verdicts."""
    return "\n".join(f"{verdict.label}{counts.of(verdict)}" for verdict in Verdict if counts.of(verdict))


def _grand_total(summary: InspectionSummary, rows: tuple[Row, ...], criteria: int) -> Row:
    if not rows:
        return ()
    first: tuple[Cell, ...] = ("", "合计", "", "", _sum(rows, 4))
    return (*first, *map(_counts, summary.totals), *(_sum(rows, 5 + criteria + at) for at in range(3)), "")


def _method(summary: InspectionSummary) -> str:
    """Long reasons would push the signatures off the page."""
    return f"检查方式：{'、'.join(summary.methods)}。{summary.drawn}"[:300] if summary.methods else summary.drawn[:300]


def _conclusion(summary: InspectionSummary) -> str:
    return f"检查结论：{summary.conclusion}"[:600] if summary.conclusion else ""


def pdf(summary: InspectionSummary, fonts: Path) -> bytes:
    return printed.pdf([table(summary)], fonts)


def docx(summary: InspectionSummary) -> bytes:
    return printed.docx([table(summary)])


def xlsx(summary: InspectionSummary) -> bytes:
    return printed.xlsx([table(summary)])
