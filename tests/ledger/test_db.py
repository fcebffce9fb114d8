from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.dialects import postgresql

from tracker.ledger.db import ExactNumber, Instant, QuarterText, db, transaction
from tracker.ledger.tables.organisations import Organisation
from tracker.rules.quarters import Quarter
from tracker.rules.refusals import Refusal

pytestmark = pytest.mark.usefixtures("app_context")

DIALECT = postgresql.dialect()
SHANGHAI = timezone(timedelta(hours=8))


def names() -> list[str]:
    return list(db.session.scalars(select(Organisation.name).order_by(Organisation.id)))


def test_an_act_that_is_refused_leaves_nothing():
    with pytest.raises(Refusal):
        _refused_half_way()
    assert names() == ["示例县", "邻县"]


def _refused_half_way() -> None:
    with transaction() as session:
        session.add(Organisation(name="新县"))
        session.flush()
        raise Refusal("未能办理。")


def test_what_was_changed_outside_a_transaction_is_a_fault():
    db.session.add(Organisation(name="新县"))
    with pytest.raises(RuntimeError, match="outside a transaction"), transaction():
        pass
    db.session.rollback()


def test_within_a_transaction_everything_is_read_afresh(cast):
    county = db.session.get_one(Organisation, cast.county)
    with db.engine.begin() as other:
        other.execute(Organisation.__table__.update().where(Organisation.id == cast.county).values(name="改名县"))
    assert county.name == "示例县"
    with transaction():
        assert county.name == "改名县"


def test_an_instant_is_kept_in_utc_and_comes_back_with_its_zone():
    noon = datetime(2025, 4, 3, 12, tzinfo=SHANGHAI)
    kept = Instant().process_bind_param(noon, DIALECT)
    assert (kept, kept.tzinfo) == (noon, UTC)
    assert Instant().process_result_value(kept.replace(tzinfo=None), DIALECT) == noon


@pytest.mark.parametrize("number", ["0", "95.50", "100", "0.000001"])
def test_a_number_is_kept_to_its_last_digit(number):
    kept = ExactNumber().process_bind_param(Decimal(number), DIALECT)
    assert str(ExactNumber().process_result_value(kept, DIALECT)) == kept == number


def test_quarters_are_kept_so_that_they_sort():
    quarters = [Quarter(2024, 4), Quarter(2025, 1), Quarter(2025, 2)]
    kept = [QuarterText().process_bind_param(quarter, DIALECT) for quarter in quarters]
    assert kept == sorted(kept) == ["2024Q4", "2025Q1", "2025Q2"]
