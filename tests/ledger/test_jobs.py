import pytest
from sqlalchemy import select

from tests.conftest import TODAY, noon
from tracker.ledger import jobs
from tracker.ledger.db import db, transaction
from tracker.ledger.tables.alerts import JobRun


def test_a_slot_is_claimed_once_and_the_transaction_goes_on(app_context):
    with transaction():
        assert jobs.claim("alerts", "2025-04-03", noon(TODAY)) is not None
        assert jobs.claim("alerts", "2025-04-03", noon(TODAY)) is None
        assert jobs.claim("alerts", "2025-04-04", noon(TODAY)) is not None
    assert sorted(db.session.scalars(select(JobRun.slot))) == ["2025-04-03", "2025-04-04"]


def test_a_claim_falls_with_its_transaction(app_context):
    with pytest.raises(KeyboardInterrupt):
        _die_after_claiming()
    with transaction():
        assert jobs.claim("alerts", "2025-04-03", noon(TODAY)) is not None


def _die_after_claiming() -> None:
    with transaction():
        jobs.claim("alerts", "2025-04-03", noon(TODAY))
        raise KeyboardInterrupt
