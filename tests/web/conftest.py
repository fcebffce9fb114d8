import shutil

import pytest

from tests import boards
from tracker.ledger import plans
from tracker.ledger.db import db


@pytest.fixture(scope="session")
def busy_kept(tmp_path_factory):
    """Where the busy plan's database is kept: made once, copied for each test."""
    return tmp_path_factory.mktemp("busy") / "ledger.db"


@pytest.fixture
def busy_plan(app, cast, move_to, tmp_path, busy_kept):
    """A plan of 60 items with two quarters of reports, looked at in late July."""
    with app.app_context():
        if not busy_kept.exists():
            boards.busy(cast)
            db.engine.dispose()
            shutil.copy(tmp_path / "ledger.db", busy_kept)
        shutil.copy(busy_kept, tmp_path / "ledger.db")
        move_to(boards.LATE_JULY)
        return max(plan.id for plan in plans.plans_of(cast.county))
