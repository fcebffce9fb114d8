"""Alerts that were raised, the office's rules by which they are, and the runs of the jobs that raise them."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.ledger.db import Record
from tracker.ledger.tables.dated_rules import DatedRule
from tracker.ledger.tables.organisations import Owned
from tracker.rules.alerts import AlertKind, AlertSubject, Audience


class Alert(Owned, Record):
    """What was raised on a day for one audience: one for each matter and step, whatever happens, by the constraint.

    `due` is the day that the matter is judged by; another one, after an extension, lets the steps be raised anew.
    Alerts are derived: were they lost, the next run of the job would raise what holds then.
    """

    __tablename__ = "alert"
    __table_args__ = (
        UniqueConstraint("subject", "subject_id", "audience", "due", "kind", "step"),
        Index("ix_alert_told", "organisation_id", "audience", "raised_on", "unit_id", "due", "kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))  # found by the index above
    subject: Mapped[AlertSubject]
    subject_id: Mapped[int]
    duty_id: Mapped[int | None] = mapped_column(ForeignKey("duty.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    kind: Mapped[AlertKind]
    step: Mapped[int]
    audience: Mapped[Audience]
    due: Mapped[date]
    raised_on: Mapped[date]


class AlertRuleVersion(DatedRule, Record):
    """`rule` is a `rules.alert_rules.AlertRule`."""

    __tablename__ = "alert_rule"
    __table_args__ = (UniqueConstraint("organisation_id", "starts_on"),)

    @property
    def title(self) -> str:
        return "预警规则"


class JobRun(Record):
    """A job's run for one slot (a day); the one that can insert the row is the one that runs."""

    __tablename__ = "job_run"
    __table_args__ = (UniqueConstraint("job", "slot"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    job: Mapped[str] = mapped_column(String(50))
    slot: Mapped[str] = mapped_column(String(20))
    finished_at: Mapped[datetime]
    result: Mapped[str] = mapped_column(String(200))
