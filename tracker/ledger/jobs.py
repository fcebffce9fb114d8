"""Runs of the jobs: one for each job and slot, whoever comes first."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from tracker.ledger.db import db
from tracker.ledger.tables.alerts import JobRun


def claim(job: str, slot: str, at: datetime) -> JobRun | None:
    """The run of a slot that nobody has run, else None.

    Whoever claims the same slot meanwhile waits for the end of this transaction, and has it if this one fails.
    """
    run = JobRun(job=job, slot=slot, finished_at=at, result="")
    try:
        with db.session.begin_nested():
            db.session.add(run)
    except IntegrityError:
        return None
    return run


def last_runs(organisation_id: int, limit: int = 10) -> Sequence[JobRun]:
    """Those that were the organisation's, newest first."""
    of_organisation = JobRun.slot.endswith(f"/{organisation_id}")
    return db.session.scalars(select(JobRun).where(of_organisation).order_by(JobRun.id.desc()).limit(limit)).all()
