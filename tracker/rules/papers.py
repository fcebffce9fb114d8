"""The papers of a closed quarter: which belong to the set, how they are called, and how they are numbered."""

from collections.abc import Iterator
from dataclasses import dataclass

from tracker.rules.paper_kinds import PaperKind
from tracker.rules.quarters import Quarter
from tracker.rules.refusals import Invalid
from tracker.rules.snapshot_entries import FindingEntry
from tracker.rules.snapshots import Snapshot

LONGEST_RECEIVER = 64


def check_receiver(name: str) -> str:
    """Who signs for a paper, trimmed; raise Invalid where the name is missing or too long."""
    name = name.strip()
    if not name:
        raise Invalid("请填写签收人。")
    if len(name) > LONGEST_RECEIVER:
        raise Invalid(f"签收人最多 {LONGEST_RECEIVER} 字。")
    return name


@dataclass(frozen=True)
class SetPaper:
    """One paper of the set.

    `subject` tells several of one kind apart: the unit's or the finding's id, 0 for a paper of the whole plan.
    `numbered` is the number that it has already, as a notice of rectification has its finding's: year and number.
    """

    kind: PaperKind
    title: str
    subject: int = 0
    unit_id: int | None = None
    numbered: tuple[int, int] | None = None


def the_set(snapshot: Snapshot) -> Iterator[SetPaper]:
    """In the order in which it is bound."""
    for kind in PaperKind:
        if kind.per_unit:
            for unit in snapshot.units:
                yield SetPaper(kind, f"{title(kind, snapshot.quarter)}（{unit.name}）", unit.id, unit.id)
        elif kind is PaperKind.RECTIFICATION_NOTICE:
            yield from map(_notice, notified(snapshot))
        else:
            yield SetPaper(kind, title(kind, snapshot.quarter))


def notified(snapshot: Snapshot) -> list[FindingEntry]:
    """The quarter's own findings that the units were told of, by number."""
    told = (finding for finding in snapshot.findings if finding.number and not finding.carried)
    return sorted(told, key=lambda finding: (finding.year, finding.number or 0))


def _notice(finding: FindingEntry) -> SetPaper:
    assert finding.number is not None  # `notified` saw to it
    name = f"{PaperKind.RECTIFICATION_NOTICE.label}（{finding.unit}）"
    numbered = (finding.year, finding.number)
    return SetPaper(PaperKind.RECTIFICATION_NOTICE, name, finding.id, finding.unit_id, numbered)


def title(kind: PaperKind, quarter: Quarter) -> str:
    """2025年第一季度工作台账; the kinds that name the quarter themselves say it once."""
    return f"{quarter.label}{kind.label.replace('季度', '')}"


_SHORT = {
    PaperKind.LEADERS_REPORT: "季度报告",
    PaperKind.CIRCULAR: "季度通报",
    PaperKind.SUMMARY: "检查汇总",
    PaperKind.INSPECTION: "检查表",
    PaperKind.BREAKDOWN: "任务分解",
    PaperKind.LEDGER: "工作台账",
    PaperKind.REGISTER: "整改台账",
    PaperKind.RECTIFICATION_NOTICE: "整改",
    PaperKind.REPORT_FORM: "填报表",
}


def number_of(kind: PaperKind, year: int, number: int) -> str:
    """Hexagonal brackets, no leading zero (GB/T 9704-2012, 7.2.5)."""
    return f"{_SHORT[kind]}〔{year}〕{number}号"
