"""The quarter's ledger (工作台账): every task with its progress, problems, next steps, class and light."""

from collections import Counter
from itertools import groupby
from pathlib import Path

from tracker.printing import table as printed
from tracker.printing import wordings
from tracker.printing.layout import A4_TURNED, Sheet
from tracker.printing.table_parts import Column, Group, Row, Table
from tracker.rules.snapshot_entries import ItemEntry, ShareEntry
from tracker.rules.snapshots import Snapshot

COLUMNS = (
    Column("序号", 8, centred=True),
    Column("工作任务", 46),
    Column("工作目标", 25),
    Column("牵头单位", 17),
    Column("配合单位", 18),
    Column("完成时限", 17),
    Column("进展情况", 40),
    Column("存在问题", 17),
    Column("下一步计划", 21),
    Column("进度等次", 10, centred=True),
    Column("亮灯", 15, centred=True),
    Column("备注", 17),
)
NOT_REPORTED = "未填报"


def table(snapshot: Snapshot, sheet: Sheet = A4_TURNED) -> Table:
    by_section = groupby(snapshot.items, key=lambda item: item.section)
    return Table(
        title=wordings.wide_title(wordings.plan_name(snapshot), f"{wordings.quarter(snapshot)}工作台账", sheet=sheet),
        author=snapshot.office,
        as_of=snapshot.as_of,
        about=wordings.about(snapshot),
        columns=COLUMNS,
        groups=tuple(
            Group("　".join(section), tuple(_row(snapshot, item) for item in items)) for section, items in by_section
        ),
        nothing="本计划没有任务。",
        notes=(f"注：亮灯按“{snapshot.light_rule}”判定。", *_legend(snapshot)),
        sheet=sheet,
        sample=wordings.sample(snapshot),
    )


def _legend(snapshot: Snapshot) -> tuple[str, ...]:
    """The clauses of each light, so that the paper reads without the system."""
    by_light: dict[str, list[str]] = {}
    for clause in snapshot.light_clauses:
        by_light.setdefault(f"{clause.light.sign} {clause.light.label}", []).append(clause.label)
    return tuple(f"{light}：{'；'.join(labels)}。" for light, labels in by_light.items())


def _row(snapshot: Snapshot, item: ItemEntry) -> Row:
    """Of the leads the words in full, of the supporting units how many have reported."""
    shares = snapshot.shares_by_item.get(item.id, ())
    leads = [share for share in shares if share.lead] or list(shares)
    others = [share for share in shares if share.lead is not leads[0].lead] if leads else []
    return (
        item.position,
        item.task,
        wordings.goal(item),
        wordings.joined(("、".join(item.leads), _leader(item)), "\n"),
        "、".join(item.supports),
        wordings.due(item),
        _said(snapshot, leads, "progress"),
        _said(snapshot, leads, "problems"),
        _said(snapshot, leads, "next_steps"),
        _classes(leads),
        wordings.light(item),
        wordings.joined((*_remarks(item, leads), _supporting(others)), "\n"),
    )


def _leader(item: ItemEntry) -> str:
    """Beneath the leading units, for a ledger of twelve columns has no room for one more."""
    return f"责任领导：{item.leader}" if item.leader else ""


def _said(snapshot: Snapshot, shares: list[ShareEntry], field: str) -> str:
    """Each unit's own words; where several speak, each behind its name."""
    said = [(snapshot.unit_by_id[share.unit_id].name, getattr(share, field).strip()) for share in shares]
    told = [(unit, text) for unit, text in said if text]
    return "\n".join(f"{unit}：{text}" if len(shares) > 1 else text for unit, text in told)


def _classes(shares: list[ShareEntry]) -> str:
    """As reported; of several units how many reported which."""
    words = Counter(share.progress_class.label if share.progress_class else NOT_REPORTED for share in shares)
    if len(words) < 2:
        return next(iter(words), "")
    return "\n".join(f"{word}{number}" for word, number in words.items())


def _remarks(item: ItemEntry, leads: list[ShareEntry]) -> list[str]:
    remarks = [f"核实为{item.verified.label}"] if item.verified else []
    remarks += [f"延期：{share.moved}" for share in leads if share.moved]
    if item.report_late:
        remarks.append("未按时填报")
    return remarks


def _supporting(shares: list[ShareEntry]) -> str:
    reported = sum(share.report_state is not None for share in shares)
    return f"配合{len(shares)}个单位，{reported}个已填报" if shares else ""


def pdf(snapshot: Snapshot, fonts: Path, sheet: Sheet = A4_TURNED) -> bytes:
    return printed.pdf([table(snapshot, sheet)], fonts)


def docx(snapshot: Snapshot, sheet: Sheet = A4_TURNED) -> bytes:
    return printed.docx([table(snapshot, sheet)])


def xlsx(snapshot: Snapshot, sheet: Sheet = A4_TURNED) -> bytes:
    return printed.xlsx([table(snapshot, sheet)])
