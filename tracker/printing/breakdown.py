"""The breakdown of tasks (任务分解表): who owes what by when, under the plan's headings."""

from itertools import groupby
from pathlib import Path

from tracker.printing import table as printed
from tracker.printing import wordings
from tracker.printing.table_parts import Column, Group, Row, Table
from tracker.rules.dates import written
from tracker.rules.snapshot_entries import CancelledItem, ItemEntry
from tracker.rules.snapshots import Snapshot

COLUMNS = (
    Column("序号", 9, centred=True),
    Column("工作任务", 62),
    Column("工作目标", 46),
    Column("牵头单位", 28),
    Column("配合单位", 30),
    Column("责任领导", 17, centred=True),
    Column("责任人", 19, centred=True),
    Column("完成时限", 24),
)
CANCELLED = "已调整取消的任务"


def table(snapshot: Snapshot) -> Table:
    by_section = groupby(snapshot.items, key=lambda item: item.section)
    groups = [Group("　".join(section), tuple(map(_row, items))) for section, items in by_section]
    if snapshot.cancelled:
        groups.append(Group(CANCELLED, tuple(map(_cancelled, snapshot.cancelled))))
    return Table(
        title=wordings.wide_title(wordings.plan_name(snapshot), "任务分解表"),
        author=snapshot.office,
        as_of=snapshot.as_of,
        about=wordings.about(snapshot),
        columns=COLUMNS,
        groups=tuple(groups),
        nothing="本计划没有任务。",
        sample=wordings.sample(snapshot),
    )


def _row(item: ItemEntry) -> Row:
    return (
        item.position,
        item.task,
        wordings.goal(item),
        "、".join(item.leads),
        "、".join(item.supports),
        item.leader,
        item.owner,
        wordings.due(item),
    )


def _cancelled(item: CancelledItem) -> Row:
    return item.position, item.task, f"取消原因：{item.reason}", "", "", "", "", f"{written(item.cancelled_on)}取消"


def pdf(snapshot: Snapshot, fonts: Path) -> bytes:
    return printed.pdf([table(snapshot)], fonts)


def docx(snapshot: Snapshot) -> bytes:
    return printed.docx([table(snapshot)])


def xlsx(snapshot: Snapshot) -> bytes:
    return printed.xlsx([table(snapshot)])
