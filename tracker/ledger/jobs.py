"""Runs of the jobs: one for each job and slot, whoever comes first."""

from datetime import datetime

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
