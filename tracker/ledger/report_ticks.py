"""What a quarter report ticks as done: the duties it may name, and what they are met by once it is handed in."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NoReturn

from sqlalchemy import Select, or_, select

from tracker.ledger.acts import Act
from tracker.ledger.db import db
from tracker.ledger.standing import horizon, is_done
from tracker.ledger.tables.duties import Duty, Fulfilment
from tracker.ledger.tables.reports import QuarterReport, ReportVersion
from tracker.rules import reports as rules
from tracker.rules.dates import written_short
from tracker.rules.duties import DutyKind
from tracker.rules.refusals import Invalid, NotFound


def open_duties(duty: Duty) -> list[Duty]:
    """The other duties of the same unit and item that a report for the quarter can tick as done.

    One that another quarter's report says is done is not among them: late stays late.
    """
    return list(db.session.scalars(_beside(duty).where(~is_done()).order_by(Duty.due.nulls_first(), Duty.id)))


def _beside(duty: Duty) -> Select[Duty]:
    """The dated duties of the same unit and item up to the quarter, and those that still wait for a date.

    A year's last quarter takes what its plan sets beyond the year too, as the standings do.
    """
    last = horizon(duty.report_quarter)
    return select(Duty).where(
        Duty.item_id == duty.item_id,
        Duty.unit_id == duty.unit_id,
        Duty.kind != DutyKind.QUARTER_REPORT,
        Duty.cancelled_on.is_(None),
        or_(Duty.quarter.is_(None), Duty.quarter <= last),
    )


def done_labels(reports: Iterable[QuarterReport]) -> dict[int, str]:
    """What the duties are called that these reports, in any of their versions, say are done."""
    ids = {int(duty_id) for report in reports for duty_id in report.done_duties}
    ids |= {int(duty_id) for report in reports for version in report.versions for duty_id in version.more["done"]}
    if not ids:
        return {}
    duties = db.session.execute(select(Duty.id, Duty.label, Duty.due).where(Duty.id.in_(ids)))
    return {duty_id: f"{label}（应于 {written_short(due)}）" if due else label for duty_id, label, due in duties}


def checked_ticks(by: Act, duty: Duty, done: Mapping[int, date]) -> dict[str, str]:
    """The days on which duties were done, as a report keeps them; raise Invalid or NotFound for one it cannot tick."""
    ticked = {other.id: other.label for other in open_duties(duty)}
    if not ticked.keys() >= done.keys():
        _refuse_ticks(duty, done)
    for duty_id, day in done.items():
        rules.check_done_day(ticked[duty_id], day, duty.report_quarter, by.today)
    return {str(duty_id): day.isoformat() for duty_id, day in sorted(done.items())}


def _refuse_ticks(duty: Duty, done: Mapping[int, date]) -> NoReturn:
    beside = {other.id for other in db.session.scalars(_beside(duty))}
    if beside >= done.keys():
        raise Invalid("勾选的事项中，有的已在其他季度的填报中登记完成。请刷新页面后重新勾选。")
    raise NotFound


def fulfil(by: Act, duty: Duty, version: ReportVersion) -> None:
    """The first version that leaves its unit meets the duty to report; what it ticks as done counts from today.

    What another report has said is done in the meantime stays done by that one.
    """
    ticked = {int(duty_id): date.fromisoformat(day) for duty_id, day in version.more["done"].items()}
    done = set(db.session.scalars(select(Duty.id).where(Duty.id.in_([duty.id, *ticked]), is_done())))
    if duty.id not in done:
        db.session.add(Fulfilment(duty_id=duty.id, done_on=by.today, recorded_on=by.today))
    for duty_id, day in ticked.items():
        if duty_id not in done:
            db.session.add(Fulfilment(duty_id=duty_id, version_id=version.id, done_on=day, recorded_on=by.today))
