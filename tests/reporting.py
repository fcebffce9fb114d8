"""Quarter reports for tests: finding the duty, writing, handing in, reviewing; inside an application context."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import event, func, select

from tests.conftest import TODAY, Cast
from tests.remembering import forget, nothing_compared
from tracker.ledger import reports, reviews
from tracker.ledger.db import Record, db, transaction
from tracker.ledger.report_content import ReportContent
from tracker.ledger.standing import duty_facts
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.plans import ItemTarget
from tracker.ledger.tables.reports import QuarterReport
from tracker.rules.duties import DutyKind
from tracker.rules.figures import Figure, Rate
from tracker.rules.quarters import Quarter
from tracker.rules.reports import ProgressClass, ReportText, Verdict
from tracker.rules.standing import DutyState

MISSING = "配合单位尚未填报，已逐一催报。"  # what a lead says of shares that are not in
Q1, Q2, Q3 = Quarter(2025, 1), Quarter(2025, 2), Quarter(2025, 3)


def report_duty(cast: Cast, item: int = 0, unit: str = "县司法局", quarter: Quarter = Q1) -> Duty:
    return db.session.scalars(
        select(Duty).where(
            Duty.item_id == cast.items[item],
            Duty.unit_id == cast.units[unit],
            Duty.kind == DutyKind.QUARTER_REPORT,
            Duty.quarter == quarter,
        )
    ).one()


def duty_of_kind(cast: Cast, kind: DutyKind, item: int, unit: str = "县司法局", quarter: Quarter = Q1) -> Duty:
    return db.session.scalars(
        select(Duty).where(
            Duty.item_id == cast.items[item],
            Duty.unit_id == cast.units[unit],
            Duty.kind == kind,
            Duty.quarter == quarter,
        )
    ).one()


def rate(cast: Cast) -> int:
    """The target of the first item."""
    return db.session.scalars(select(ItemTarget.id).where(ItemTarget.item_id == cast.items[0])).one()


def percent(done: str | int) -> Figure:
    """So many of a hundred."""
    return Figure.of(Rate(Decimal(done), Decimal(100)))


def content(
    progress: str = "已开展。", figures=None, done=None, kind=ProgressClass.ON_SCHEDULE, missing_note=MISSING, **texts
) -> ReportContent:
    """What a lead without its supporting units' shares can hand in too.

    A figure that is given as a bare number is that of a rate: so many of a hundred.
    """
    text = ReportText(progress, progress_class=kind, **texts)
    reached = {key: value if isinstance(value, Figure) else percent(value) for key, value in (figures or {}).items()}
    return ReportContent(text, reached, done or {}, missing_note)


def save(cast: Cast, what: ReportContent, duty: Duty, by: str = "handler", on: date = TODAY, version=...):
    return _keep(reports.save, cast, what, duty, by, on, version)


def submit(cast: Cast, what: ReportContent, duty: Duty, by: str = "handler", on: date = TODAY, version=...):
    return _keep(reports.submit, cast, what, duty, by, on, version)


def _keep(verb, cast: Cast, what: ReportContent, duty: Duty, by: str, on: date, version) -> QuarterReport:
    """On the version that stands, unless another is named."""
    with transaction():
        if version is ...:
            known = reports.report_on(duty)
            version = known.version if known else None
        return verb(cast.act(by, on), duty, what, version)


def review(cast: Cast, report: QuarterReport, verdict: Verdict, reason: str = "", by: str = "clerk", on: date = TODAY):
    with transaction():
        return reviews.review(cast.act(by, on), report, verdict, reason, len(report.versions))


@contextmanager
def queries(*, remembering: bool = False) -> Iterator[list[str]]:
    """The statements that the database is asked meanwhile, by an application that remembers nothing unless told to."""
    if not remembering:
        forget()
    asked: list[str] = []

    def note(*call: Any) -> None:
        asked.append(call[2])

    engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        with nothing_compared():
            yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


def count(table: type[Record]) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def state_of(duty: Duty, as_of: date) -> DutyState:
    [facts] = duty_facts(Duty.id == duty.id, as_of)
    return facts.state(as_of)
