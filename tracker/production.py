"""Setting the papers of a sealed quarter: from its snapshot alone, step by step, each kept as soon as it is set.

A step sets a few papers and keeps each in a transaction of its own.  Whoever is stopped in between has lost nothing
but what was being set; whoever sets the same file at the same time finds it kept.
"""

import time
import zipfile
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from tracker.ledger import files, paper_templates, papers, sealed, snapshots
from tracker.ledger.acts import Act
from tracker.ledger.db import transaction
from tracker.ledger.tables.papers import Paper, PaperFile
from tracker.ledger.tables.snapshots import Snapshot
from tracker.printing.papers import PAPERS, Asked
from tracker.rules.paper_kinds import PaperKind
from tracker.rules.refusals import Refusal
from tracker.rules.snapshots import Snapshot as Content

ENDINGS = {kind: tuple(printed.make) for kind, printed in PAPERS.items()}
AT_ONCE = 4  # papers under way: two processors set them while those before are being kept
Made = Mapping[str, bytes]  # by ending


@dataclass(frozen=True)
class Progress:
    """So many files of the set are kept, of so many."""

    made: int
    total: int

    @property
    def finished(self) -> bool:
        return self.made == self.total

    @property
    def percent(self) -> int:
        return self.made * 100 // self.total if self.total else 100


@dataclass(frozen=True)
class _Order:
    """One paper to set, in these endings."""

    paper_id: int
    kind: PaperKind
    subject: int
    number: str
    endings: tuple[str, ...]


def progress(listed: Sequence[Paper]) -> Progress:
    total = sum(len(ENDINGS[paper.kind]) for paper in listed)
    return Progress(total - len(papers.unmade(listed, ENDINGS)), total)


def produce(act: Callable[[], Act], snapshot: Snapshot, folder: Path, fonts: Path, seconds: float) -> Progress:
    """Set what is still to be set, for about so many seconds; some papers at least, so that it always comes on.

    `act` says who acts now: each paper is kept by an act of its own, while the next ones are being set.
    """
    began, snapshot_id, organisation_id = time.monotonic(), snapshot.id, snapshot.organisation_id
    content, orders = snapshots.read(snapshot), deque(_orders(papers.papers_of(snapshot)))
    under_way: deque[tuple[_Order, Future[Made]]] = deque()
    with ThreadPoolExecutor(max_workers=2) as setters:
        while orders or under_way:
            while orders and len(under_way) < AT_ONCE:
                order = orders.popleft()
                under_way.append((order, setters.submit(_set_all, content, order, folder, fonts)))
            order, made = under_way.popleft()
            _keep(act, organisation_id, order, made.result(), folder)
            if time.monotonic() - began >= seconds:
                orders.clear()  # what has been begun is still kept
    return progress(papers.papers_of(sealed.snapshot_of(organisation_id, snapshot_id)))


def _orders(listed: Sequence[Paper]) -> Iterator[_Order]:
    for paper in listed:
        wanted = tuple(ending for _, ending in papers.unmade([paper], ENDINGS))
        if wanted:
            yield _Order(paper.id, paper.kind, paper.subject, papers.number_of(paper), wanted)


def _set_all(content: Content, order: _Order, folder: Path, fonts: Path) -> Made:
    return {ending: _set(content, order, ending, folder, fonts) for ending in order.endings}


def _set(content: Content, order: _Order, ending: str, folder: Path, fonts: Path) -> bytes:
    """Word files of kinds for which the office had one of its own are set in it."""
    own = paper_templates.word_template(content, order.kind, folder) if ending == "docx" else None
    asked = Asked(content, fonts=fonts, subject=order.subject, number=order.number, template=own)
    return PAPERS[order.kind].make[ending](asked)


def _keep(act: Callable[[], Act], organisation_id: int, order: _Order, made: Made, folder: Path) -> None:
    stored = {ending: (files.put(folder, content), len(content)) for ending, content in made.items()}
    with transaction():
        paper = papers.paper_of(organisation_id, order.paper_id, None)
        for ending, (sha256, size) in stored.items():
            papers.keep_file(act(), paper, ending, sha256, size)


# The archive


def archive(snapshot: Snapshot, folder: Path) -> IO[bytes]:
    """The whole set as one ZIP, at its beginning; raise Refusal while a file is still to be set.

    Its times are those of the sealed day, so that it is the same to the byte whenever it is asked for.
    """
    listed = papers.papers_of(snapshot)
    if not progress(listed).finished:
        raise Refusal("文书还没有全部生成，请先生成全套文书。")
    stamp = (snapshot.as_of.year, snapshot.as_of.month, snapshot.as_of.day, 0, 0, 0)
    content = TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        _write(packed, "文件清单.txt", _contents(snapshot, listed).encode("utf-8-sig"), stamp)
        for name, kept in _members(listed):
            _write(packed, name, files.read(folder, kept.file), stamp)
    content.seek(0)
    return content


_Stamp = tuple[int, int, int, int, int, int]


def _write(packed: zipfile.ZipFile, name: str, content: bytes, stamp: _Stamp) -> None:
    member = zipfile.ZipInfo(name, stamp)
    member.compress_type = zipfile.ZIP_DEFLATED
    member.external_attr = 0o644 << 16
    packed.writestr(member, content)


def _members(listed: Sequence[Paper]) -> Iterator[tuple[str, PaperFile]]:
    """A folder to each kind, in the order in which the set is bound."""
    kinds = list(PaperKind)
    for paper in listed:
        for kept in paper.files:
            yield f"{kinds.index(paper.kind) + 1:02} {paper.kind.label}/{papers.file_name(paper, kept.ending)}", kept


def _contents(snapshot: Snapshot, listed: Sequence[Paper]) -> str:
    head = [
        f"{snapshot.plan.title}　{snapshot.quarter.label}　{snapshot.edition}",
        f"校验码（SHA-256）：{snapshot.sha256}",
        "",
    ]
    lines = [f"{name}\t{kept.file.sha256}" for name, kept in _members(listed)]
    return "\r\n".join([*head, *lines, ""])
