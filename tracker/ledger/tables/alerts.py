"""Alerts raised on duties, and the runs of the jobs that raise them."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.ledger.db import Record
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.organisations import Owned
from tracker.rules.alerts import AlertKind


class Alert(Owned, Record):
    """One for each duty and kind, whatever happens: the constraint is the real guard."""

    __tablename__ = "alert"
    __table_args__ = (UniqueConstraint("duty_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    duty_id: Mapped[int] = mapped_column(ForeignKey("duty.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    kind: Mapped[AlertKind]
    raised_on: Mapped[date]

    duty: Mapped[Duty] = relationship()


class JobRun(Record):
    """A job's run for one slot (a day); the one that can insert the row is the one that runs."""

    __tablename__ = "job_run"
    __table_args__ = (UniqueConstraint("job", "slot"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    job: Mapped[str] = mapped_column(String(50))
    slot: Mapped[str] = mapped_column(String(20))
    finished_at: Mapped[datetime]
    result: Mapped[str] = mapped_column(String(200))
