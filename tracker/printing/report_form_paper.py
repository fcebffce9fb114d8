"""The quarter's report form (季度填报表) of a unit on paper, signed by its head; what is not in has room to write."""

from pathlib import Path

from tracker.printing import table as printed
from tracker.printing import wordings
from tracker.printing.table_parts import Column, Group, Row, Table
from tracker.rules.dates import written
from tracker.rules.refusals import NotFound
from tracker.rules.snapshot_entries import ShareEntry
from tracker.rules.snapshots import Snapshot

COLUMNS = (
    Column("序号", 8, centred=True),
    Column("工作任务", 40),
    Column("责任", 9, centred=True),
    Column("工作目标和时限", 32),
    Column("工作进展", 40),
    Column("取得成效", 26),
    Column("存在问题", 24),
    Column("下一步计划", 26),
    Column("进度等次", 12, centred=True),
    Column("佐证材料", 16),
)
SIGNATURES = ("单位负责人（签字）：", "填报人：", "填报日期：　　　　年　　月　　日")
WRITING_ROOM = 18  # millimetres


def tables(snapshot: Snapshot, unit_id: int | None = None) -> list[Table]:
    """Of one unit, or of each that has a part in the plan; raise NotFound where there is none."""
    asked = [unit for unit in snapshot.units if unit.id == unit_id or (unit_id is None and _part(snapshot, unit.id))]
    if not asked:
        raise NotFound("该季度没有这个单位的填报表。")
    return [_table(snapshot, unit.id) for unit in asked]


def _part(snapshot: Snapshot, unit_id: int) -> tuple[ShareEntry, ...]:
    return snapshot.shares_by_unit.get(unit_id, ())


def _table(snapshot: Snapshot, unit_id: int) -> Table:
    due = f"填报截止：{written(snapshot.report_due)}　" if snapshot.report_due else ""
    left, right = wordings.about(snapshot, left=f"填报单位：{snapshot.unit_by_id[unit_id].name}")
    return Table(
        title=wordings.wide_title(wordings.plan_name(snapshot), f"{wordings.quarter(snapshot)}填报表"),
        author=snapshot.office,
        as_of=snapshot.as_of,
        about=(left, f"{due}{right}"),
        columns=COLUMNS,
        groups=(Group("", tuple(_row(snapshot, share) for share in _part(snapshot, unit_id))),),
        nothing="本季度没有需要填报的任务。",
        signatures=SIGNATURES,
        row_height=WRITING_ROOM,
        sample=wordings.sample(snapshot),
    )


def _row(snapshot: Snapshot, share: ShareEntry) -> Row:
    item = snapshot.item_by_id[share.item_id]
    figures = (f"{figure.target}：{figure.text}" for figure in share.figures)
    return (
        item.position,
        item.task,
        share.role,
        wordings.joined((wordings.goal(item), f"时限：{wordings.due(item)}"), "\n"),
        wordings.joined((share.progress, *figures), "\n"),
        share.achievements,
        share.problems,
        share.next_steps,
        share.progress_class.label if share.progress_class else "",
        "\n".join(share.evidence),
    )


def pdf(snapshot: Snapshot, fonts: Path, unit_id: int | None = None) -> bytes:
    return printed.pdf(tables(snapshot, unit_id), fonts)


def docx(snapshot: Snapshot, unit_id: int | None = None) -> bytes:
    return printed.docx(tables(snapshot, unit_id))


def xlsx(snapshot: Snapshot, unit_id: int | None = None) -> bytes:
    return printed.xlsx(tables(snapshot, unit_id))
