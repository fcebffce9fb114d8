"""All numbered papers in one list (文书): sets of sealed quarters; notices of the ladder, of rectification, of checks.

The numbers stay where they were given, with the record that has them; this only reads them side by side.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, String, and_, cast, func, literal, select, union_all
from sqlalchemy.orm import aliased, joinedload, selectinload

from tracker.ledger.db import Record, db
from tracker.ledger.papers import addressed_to
from tracker.ledger.standing import Scope
from tracker.ledger.tables.findings import Finding
from tracker.ledger.tables.inspections import Inspection, InspectionPart
from tracker.ledger.tables.notices import Notice
from tracker.ledger.tables.papers import Paper, PaperFile, PaperReceipt
from tracker.ledger.tables.snapshots import Snapshot
from tracker.rules import findings as finding_rules
from tracker.rules import inspections as inspection_rules
from tracker.rules import notices as notice_rules
from tracker.rules import papers as paper_rules
from tracker.rules.notices import NoticeKind
from tracker.rules.paper_kinds import PaperKind

_PAPER, _NOTICE, _FINDING, _INSPECTION = "paper", "notice", "finding", "inspection"
_INSPECTION_NOTICE = "inspection-notice"
KINDS: Mapping[str, str] = {
    **{kind.value: kind.label for kind in PaperKind},
    **{f"notice-{kind.value}": kind.label for kind in NoticeKind},
    _INSPECTION_NOTICE: "检查通知",
}
REPLACED = "已由更正版代替"


@dataclass(frozen=True)
class Line:
    """One numbered paper.

    `source` says whose record `id` is: that of a paper, a notice, a finding or an inspection.  `files` are those of a
    paper that were set; `wanted_receipt` says that it is addressed to a unit, which signs for it.
    """

    source: str
    id: int
    kind: str
    number: str
    title: str
    unit: str
    issued_on: date | None
    state: str
    received_by: str
    received_at: datetime | None
    wanted_receipt: bool
    files: Sequence[PaperFile] = ()
    version: int = 1


@dataclass(frozen=True)
class Asked:
    """What the list is narrowed to; None and empty take everything."""

    kind: str = ""
    year: int | None = None
    unit_id: int | None = None


def counts(organisation_id: int, scope: Scope) -> Mapping[str, int]:
    """How many papers of each kind there are."""
    listed = _union(organisation_id, scope, Asked()).subquery()
    rows = db.session.execute(select(listed.c.kind, func.count()).group_by(listed.c.kind))
    return {kind: number for kind, number in rows}  # noqa: C416 - rows of two, which dict() would not type


def years(organisation_id: int, scope: Scope) -> list[int]:
    """Newest first."""
    listed = _union(organisation_id, scope, Asked()).subquery()
    return list(db.session.scalars(select(listed.c.year).distinct().order_by(listed.c.year.desc())))


def count(organisation_id: int, scope: Scope, asked: Asked) -> int:
    listed = _union(organisation_id, scope, asked).subquery()
    return db.session.scalar(select(func.count()).select_from(listed)) or 0


def lines(organisation_id: int, scope: Scope, asked: Asked, limit: int, offset: int) -> list[Line]:
    """The newest first; of one day by kind and number."""
    listed = _union(organisation_id, scope, asked).subquery()
    order = (listed.c.issued_on.desc(), listed.c.kind, listed.c.year.desc(), listed.c.number.desc(), listed.c.id.desc())
    rows = db.session.execute(select(listed.c.source, listed.c.id).order_by(*order).limit(limit).offset(offset)).all()
    told = {**_papers(rows, scope), **_notices(rows), **_findings(rows), **_inspections(rows, scope)}
    return [told[source, id_] for source, id_ in rows]


def _union(organisation_id: int, scope: Scope, asked: Asked) -> Any:
    of_papers = (
        _columns(_PAPER, Paper, cast(Paper.kind, String(40)), Snapshot.sealed_on)
        .join(Paper.snapshot)
        .where(Paper.organisation_id == organisation_id)
    )
    of_notices = _columns(_NOTICE, Notice, "notice-" + cast(Notice.kind, String(40)), Notice.issued_on).where(
        Notice.organisation_id == organisation_id, Notice.number.is_not(None)
    )
    # A notice of rectification that is in a sealed set is told once, with its file.
    notices = (Paper.organisation_id == organisation_id, Paper.kind == PaperKind.RECTIFICATION_NOTICE)
    in_a_set = select(Paper.id).where(*notices, Paper.subject == Finding.id).exists()
    kind = literal(PaperKind.RECTIFICATION_NOTICE.value)
    of_findings = _columns(_FINDING, Finding, kind, Finding.notified_on).where(
        and_(Finding.organisation_id == organisation_id, Finding.number.is_not(None), ~in_a_set)
    )
    narrowed = (
        _narrowed(query, table, word, scope, asked)
        for query, table, word in (
            (of_papers, Paper, cast(Paper.kind, String(40))),
            (of_notices, Notice, "notice-" + cast(Notice.kind, String(40))),
            (of_findings, Finding, kind),
        )
    )
    return union_all(*narrowed, _of_inspections(organisation_id, scope, asked))


def _of_inspections(organisation_id: int, scope: Scope, asked: Asked) -> Select[Any]:
    """One notice goes to several units: it is each one's own."""
    query = _columns(_INSPECTION, Inspection, literal(_INSPECTION_NOTICE), Inspection.notified_on).where(
        Inspection.organisation_id == organisation_id, Inspection.number.is_not(None)
    )
    wanted = frozenset({asked.unit_id}) if asked.unit_id else None
    for units in (scope, wanted):
        if units is not None:
            query = query.where(Inspection.parts.any(InspectionPart.unit_id.in_(units)))
    if asked.kind:
        query = query.where(literal(_INSPECTION_NOTICE) == asked.kind)
    return query.where(Inspection.year == asked.year) if asked.year else query


def _columns(source: str, table: Any, kind: Any, issued_on: Any) -> Select[Any]:
    return select(
        literal(source).label("source"),
        table.id.label("id"),
        kind.label("kind"),
        table.year.label("year"),
        table.number.label("number"),
        issued_on.label("issued_on"),
    )


def _narrowed(query: Select[Any], table: Any, kind: Any, scope: Scope, asked: Asked) -> Select[Any]:
    wanted = frozenset({asked.unit_id}) if asked.unit_id else None
    for units in (scope, wanted):
        if units is not None:
            query = query.where(addressed_to(units) if table is Paper else table.unit_id.in_(units))
    if asked.kind:
        query = query.where(kind == asked.kind)
    return query.where(table.year == asked.year) if asked.year else query


_Key = tuple[str, int]


def _ids(rows: Iterable[Any], source: str) -> list[int]:
    return [id_ for of, id_ in rows if of == source]


def _read(table: type[Record], ids: Sequence[int], *options: Any) -> Iterable[Any]:
    return db.session.scalars(select(table).where(table.id.in_(ids)).options(*options)) if ids else ()  # type: ignore[attr-defined]


def _papers(rows: Sequence[Any], scope: Scope) -> dict[_Key, Line]:
    options = (
        joinedload(Paper.snapshot),
        joinedload(Paper.unit),
        selectinload(Paper.receipts).joinedload(PaperReceipt.unit),
        selectinload(Paper.files).joinedload(PaperFile.file),
    )
    papers = list(_read(Paper, _ids(rows, _PAPER), *options))
    replaced = _replaced({paper.snapshot_id for paper in papers})
    return {(_PAPER, paper.id): _of_paper(paper, scope, paper.snapshot_id in replaced) for paper in papers}


def _replaced(snapshot_ids: Collection[int]) -> set[int]:
    """Those of the snapshots that a corrected version came after."""
    later = aliased(Snapshot)
    newer = (later.plan_id == Snapshot.plan_id) & (later.quarter == Snapshot.quarter) & (later.number > Snapshot.number)
    asked = select(Snapshot.id).join(later, newer).where(Snapshot.id.in_(snapshot_ids))
    return set(db.session.scalars(asked)) if snapshot_ids else set()


def _of_paper(paper: Paper, scope: Scope, replaced: bool) -> Line:
    """Of a paper that was sent to many, a unit reads of its own copy alone; none signs for what is replaced."""
    copies = [receipt for receipt in paper.receipts if scope is None or receipt.unit_id in scope]
    signed = sum(receipt.received_at is not None for receipt in copies)
    own: Paper | PaperReceipt = copies[0] if len(copies) == 1 else paper
    if copies:
        counted = f"，已签收 {signed}/{len(copies)}" if len(copies) > 1 else ""
        state, unit = f"已发送{counted}", f"{len(copies)} 个单位"
    else:
        state, unit = "已生成" if paper.files else "待生成", ""
    return Line(
        source=_PAPER,
        id=paper.id,
        kind=paper.kind.label,
        number=paper_rules.number_of(paper.kind, paper.year, paper.number),
        title=paper.title + (f"（更正版第{paper.version}版）" if paper.version > 1 else ""),
        unit=own.unit.name if own.unit else unit,
        issued_on=paper.snapshot.sealed_on,
        state=REPLACED if replaced else "已签收" if own.received_at else state,
        received_by=own.received_by,
        received_at=own.received_at,
        wanted_receipt=own.unit_id is not None and not replaced,
        files=paper.files,
        version=paper.version,
    )


def _notices(rows: Sequence[Any]) -> dict[_Key, Line]:
    return {
        (_NOTICE, notice.id): Line(
            source=_NOTICE,
            id=notice.id,
            kind=notice.kind.label,
            number=notice_rules.number_of(notice.kind, notice.year, notice.number),
            title=notice.matter,
            unit=notice.unit.name,
            issued_on=notice.issued_on,
            state=notice.state.label,
            received_by=notice.received_by,
            received_at=notice.received_at,
            wanted_receipt=True,
        )
        for notice in _read(Notice, _ids(rows, _NOTICE), joinedload(Notice.unit))
    }


def _inspections(rows: Sequence[Any], scope: Scope) -> dict[_Key, Line]:
    parts = selectinload(Inspection.parts).joinedload(InspectionPart.unit)
    return {
        (_INSPECTION, each.id): _of_inspection(each, scope)
        for each in _read(Inspection, _ids(rows, _INSPECTION), parts)
    }


def _of_inspection(inspection: Inspection, scope: Scope) -> Line:
    """A unit reads of itself alone."""
    parts = [part for part in inspection.parts if scope is None or part.unit_id in scope]
    signed = sum(part.received_on is not None for part in parts)
    return Line(
        source=_INSPECTION,
        id=inspection.id,
        kind=KINDS[_INSPECTION_NOTICE],
        number=inspection_rules.number_of(inspection.year, inspection.number or 0),
        title=inspection.title,
        unit=parts[0].unit.name if len(parts) == 1 else f"{len(parts)} 个单位",
        issued_on=inspection.notified_on,
        state=f"{inspection.state.label}，已签收 {signed}/{len(parts)}",
        received_by=parts[0].received_by if len(parts) == 1 else "",
        received_at=None,
        wanted_receipt=False,
    )


def _findings(rows: Sequence[Any]) -> dict[_Key, Line]:
    return {
        (_FINDING, finding.id): Line(
            source=_FINDING,
            id=finding.id,
            kind=PaperKind.RECTIFICATION_NOTICE.label,
            number=finding_rules.number_of(finding.year, finding.number),
            title=finding.problem,
            unit=finding.unit.name,
            issued_on=finding.notified_on,
            state="不予认定" if finding.unfounded else finding.state.label,
            received_by="",
            received_at=None,
            wanted_receipt=False,
        )
        for finding in _read(Finding, _ids(rows, _FINDING), joinedload(Finding.unit))
    }
