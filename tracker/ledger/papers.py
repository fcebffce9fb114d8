"""The papers of sealed quarters: entered under their numbers, kept as files once they are set, signed for by units."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from tracker.ledger import events, files
from tracker.ledger.acts import Act
from tracker.ledger.db import db
from tracker.ledger.standing import Scope
from tracker.ledger.tables.papers import Paper, PaperFile, PaperReceipt
from tracker.ledger.tables.snapshots import Snapshot
from tracker.rules import papers as rules
from tracker.rules.paper_kinds import PaperKind
from tracker.rules.papers import SetPaper
from tracker.rules.refusals import Forbidden, NotFound, Refusal
from tracker.rules.snapshots import Snapshot as Content

# Entering


def enter_set(by: Act, snapshot: Snapshot, content: Content) -> list[Paper]:
    """Give every paper of the set its number: the next of its kind and year, or that of the paper it corrects.

    Counted under the organisation's hold and never given back, so that no number is missing.
    """
    events.hold(by.organisation_id)
    before, counters = _numbers_before(snapshot), _counters(by)
    entered = [_paper(by, snapshot, wanted, before, counters) for wanted in rules.the_set(content)]
    db.session.add_all(entered)
    db.session.flush()
    events.record(by, "enter_papers", "snapshot", snapshot.id, after={"papers": len(entered)})
    return entered


_Numbers = dict[tuple[PaperKind, int], tuple[int, int]]


def _numbers_before(snapshot: Snapshot) -> _Numbers:
    """By kind and subject, year and number that earlier versions of the quarter gave."""
    same = (Snapshot.plan_id == snapshot.plan_id, Snapshot.quarter == snapshot.quarter)
    query = select(Paper.kind, Paper.subject, Paper.year, Paper.number).join(Paper.snapshot).where(*same)
    return {(kind, subject): (year, number) for kind, subject, year, number in db.session.execute(query)}


def _counters(by: Act) -> dict[PaperKind, int]:
    """By kind, the last number of the year."""
    of_year = (Paper.organisation_id == by.organisation_id, Paper.year == by.today.year)
    rows = db.session.execute(select(Paper.kind, func.max(Paper.number)).where(*of_year).group_by(Paper.kind))
    return {kind: last for kind, last in rows}  # noqa: C416 - rows of two, which dict() would not type


def _paper(by: Act, snapshot: Snapshot, wanted: SetPaper, before: _Numbers, counters: dict[PaperKind, int]) -> Paper:
    known = wanted.numbered or before.get((wanted.kind, wanted.subject))
    if known is None:
        counters[wanted.kind] = counters.get(wanted.kind, 0) + 1
        known = by.today.year, counters[wanted.kind]
    return Paper(
        organisation_id=by.organisation_id,
        snapshot=snapshot,
        kind=wanted.kind,
        subject=wanted.subject,
        unit_id=wanted.unit_id,
        year=known[0],
        number=known[1],
        version=snapshot.number,
        title=wanted.title[:200],
    )


# Keeping what was set


def keep_file(by: Act, paper: Paper, ending: str, sha256: str, size: int) -> PaperFile:
    """Keep bytes that `files.put` wrote as the paper's file.  One that is kept already stays as it is."""
    events.hold(by.organisation_id)
    kept = select(PaperFile).where(PaperFile.paper_id == paper.id, PaperFile.ending == ending)
    if known := db.session.scalar(kept):
        return known
    name = file_name(paper, ending)
    new = PaperFile(paper_id=paper.id, ending=ending, file=files.record(by, name, sha256, size), made_at=by.at)
    db.session.add(new)
    db.session.flush()
    events.record(by, "keep_paper", "paper", paper.id, after={"file": name, "sha256": sha256})
    return new


def file_name(paper: Paper, ending: str) -> str:
    """As it lies in the archive of the set: number, title, and that it was corrected."""
    edition = f"（更正版第{paper.version}版）" if paper.version > 1 else ""
    return f"{number_of(paper)} {paper.title}{edition}.{ending}"


def number_of(paper: Paper) -> str:
    return rules.number_of(paper.kind, paper.year, paper.number)


# Receipts


def receive(by: Act, paper: Paper, units: Collection[int], receiver: str) -> None:
    """The unit signs for its paper (签收); a second signature changes nothing."""
    if paper.unit_id is None or paper.unit_id not in units:
        raise Forbidden("文书由收文单位的人员签收。")
    receiver = rules.check_receiver(receiver)
    events.hold(by.organisation_id)
    db.session.refresh(paper)
    if paper.received_at is not None:
        if paper.received_by == receiver:
            return
        raise Refusal(f"该文书已由{paper.received_by}签收。")
    paper.received_by, paper.received_at = receiver, by.at
    db.session.flush()
    events.record(by, "receive", "paper", paper.id, after={"number": number_of(paper), "received_by": receiver})


# Finding


def papers_of(snapshot: Snapshot, scope: Scope = None) -> list[Paper]:
    """The set of one version in the order in which it is bound, with its files."""
    query = select(Paper).where(Paper.snapshot_id == snapshot.id).order_by(Paper.id)
    if scope is not None:
        query = query.where(addressed_to(scope))
    options = (joinedload(Paper.unit), selectinload(Paper.files).joinedload(PaperFile.file))
    return list(db.session.scalars(query.options(*options)))


def addressed_to(units: Collection[int]) -> ColumnElement[bool]:
    """Of a paper: it is one of these units' own, or was sent to one of them."""
    return or_(Paper.unit_id.in_(units), Paper.receipts.any(PaperReceipt.unit_id.in_(units)))


def paper_of(organisation_id: int, paper_id: int, scope: Scope) -> Paper:
    """With its snapshot, unit and files; a unit sees its own, and what was sent to it."""
    options = (
        joinedload(Paper.snapshot).joinedload(Snapshot.plan),
        joinedload(Paper.unit),
        selectinload(Paper.receipts).joinedload(PaperReceipt.unit),
        selectinload(Paper.files).joinedload(PaperFile.file),
    )
    paper = db.session.get(Paper, paper_id, options=options)
    if paper is None or paper.organisation_id != organisation_id:
        raise NotFound
    reached = {paper.unit_id, *(receipt.unit_id for receipt in paper.receipts)}
    if scope is not None and reached.isdisjoint(scope):
        raise NotFound
    return paper


def file_of(paper: Paper, ending: str) -> PaperFile | None:
    return next((kept for kept in paper.files if kept.ending == ending), None)


def unmade(papers: Iterable[Paper], endings: Mapping[PaperKind, Sequence[str]]) -> list[tuple[Paper, str]]:
    """Which files are still to be set: of each paper, those endings of its kind that it has no file of."""
    return [
        (paper, ending)
        for paper in papers
        for ending in endings.get(paper.kind, ())
        if not any(kept.ending == ending for kept in paper.files)
    ]
