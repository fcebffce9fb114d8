"""Sealing a quarter (封存): one act makes the snapshot and gives its papers their numbers."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import undefer

from tracker.ledger import events, papers, sealed
from tracker.ledger.acts import Act
from tracker.ledger.db import db
from tracker.ledger.snapshot_content import content_of
from tracker.ledger.tables.organisations import Organisation
from tracker.ledger.tables.plans import Plan
from tracker.ledger.tables.snapshots import Correction, Snapshot
from tracker.rules import canonical
from tracker.rules import closing as rules
from tracker.rules.corrections import changes_between
from tracker.rules.quarters import Quarter
from tracker.rules.snapshots import Correction as CorrectionEntry
from tracker.rules.snapshots import Snapshot as Content


def seal(by: Act, plan: Plan, quarter: Quarter, as_of: date, *, leads: bool) -> Snapshot:
    """Seal the quarter as it stands on the day.  Pressed twice, or by two at once, it is one seal.

    `leads` says that whoever presses is a leader.  Nobody else writes into the organisation meanwhile: every act
    before is in, every later one is not.
    """
    rules.check_may_seal(db.session.get_one(Organisation, by.organisation_id).sealing_levels, leads=leads)
    rules.check_as_of(quarter, as_of, by.today)
    events.hold(by.organisation_id)
    if found := sealed.latest(plan.id, quarter):
        return found
    return _seal_content(by, plan, content_of(plan, quarter, as_of))


def seal_again(by: Act, correction: Correction) -> Snapshot:
    """The next version of a corrected quarter: as of the same day, with what changed listed.

    What is no report stays as it was sealed.
    """
    before = correction.snapshot
    old = read(before)
    now = _but_for_reports(old, content_of(before.plan, before.quarter, before.as_of, before.number + 1))
    changes = changes_between(old, now)
    told = CorrectionEntry(correction.reason, before.number, by.today, changes)
    return _seal_content(by, before.plan, replace(now, correction=told))


def _but_for_reports(old: Content, now: Content) -> Content:
    """What the ledger says now of the reports, and what was sealed of everything else."""
    reported = {finding.id: finding.reported for finding in now.findings}
    return replace(
        now,
        findings=tuple(replace(one, reported=reported.get(one.id, one.reported)) for one in old.findings),
        notices=old.notices,
        instructions=old.instructions,
        verdicts=old.verdicts,
        texts=old.texts,
        before=old.before,
        before_sealed=old.before_sealed,
        compared_on=old.compared_on,
    )


def _seal_content(by: Act, plan: Plan, content: Content) -> Snapshot:
    plain = content.to_json()
    snapshot = Snapshot(
        organisation_id=by.organisation_id,
        plan=plan,
        quarter=content.quarter,
        number=content.version,
        as_of=content.as_of,
        content=plain,
        sha256=canonical.sha256_of(plain),
        reason=content.correction.reason if content.correction else "",
        sealed_on=by.today,
        sealed_at=by.at,
        sealed_by_id=by.person_id,
    )
    db.session.add(snapshot)
    db.session.flush()
    told = {"plan": plan.title, "quarter": str(content.quarter), "as_of": content.as_of.isoformat()}
    version = {"version": content.version, "sha256": snapshot.sha256, "reason": snapshot.reason}
    events.record(by, "seal", "snapshot", snapshot.id, after=told | version)
    papers.enter_set(by, snapshot, content)
    return snapshot


def read(snapshot: Snapshot) -> Content:
    return Content.from_json(snapshot.content)


@dataclass(frozen=True)
class BrokenSeal:
    """A snapshot whose content is not what was sealed."""

    organisation_id: int
    snapshot_id: int
    quarter: Quarter
    number: int


def broken_seals() -> Iterator[BrokenSeal]:
    """Every snapshot, of whatever organisation, that does not match its hash."""
    for found in db.session.scalars(select(Snapshot).order_by(Snapshot.id).options(undefer(Snapshot.content))):
        if canonical.sha256_of(found.content) != found.sha256:
            yield BrokenSeal(found.organisation_id, found.id, found.quarter, found.number)
