"""What a person's calendar shows: the dated duties of the own units that are not done."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload

from tracker.ledger.db import db
from tracker.ledger.standing import Scope, counts_as_done, is_owed
from tracker.ledger.tables.duties import Duty

MOST = 500


def open_duties(organisation_id: int, scope: Scope, as_of: date) -> Sequence[Duty]:
    """Soonest first, at most `MOST`."""
    query = (
        select(Duty)
        .where(
            Duty.organisation_id == organisation_id,
            Duty.answer_by.is_not(None),
            is_owed(as_of),
            ~exists().where(counts_as_done(as_of)),
        )
        .order_by(Duty.answer_by, Duty.id)
        .limit(MOST)
        .options(joinedload(Duty.item), joinedload(Duty.unit))
    )
    return db.session.scalars(query if scope is None else query.where(Duty.unit_id.in_(scope))).all()
