"""Jobs: plain functions of a date, which the scheduler runs and which are also commands."""

import logging
import signal
from collections.abc import Callable
from datetime import date
from functools import partial
from types import FrameType
from zoneinfo import ZoneInfo

from apscheduler.schedulers.blocking import BlockingScheduler
from flask import Flask

import config
from tracker import clock
from tracker.ledger import alerts, jobs, organisations
from tracker.ledger.db import transaction

FIRST_HOUR = 6

log = logging.getLogger(__name__)


def raise_alerts(as_of: date) -> int:
    """Raise what is due in every organisation, one transaction each; running it again adds nothing."""
    count = 0
    for organisation_id in _organisation_ids():
        with transaction():
            count += alerts.raise_alerts(organisation_id, as_of)
    return count


def daily_alerts(as_of: date) -> None:
    """Raise the day's alerts in every organisation that has not had them; a fault in one keeps none from the others."""
    for organisation_id in _organisation_ids():
        try:
            run_once("alerts", f"{as_of}/{organisation_id}", partial(alerts.raise_alerts, organisation_id, as_of))
        except Exception:
            log.exception("the alerts of organisation %s were not raised", organisation_id)


def run_once(job: str, slot: str, work: Callable[[], object]) -> bool:
    """Do the work, unless the slot is done; return whether it was this call that did it.

    The work and the row that says so are one transaction: a run that dies leaves neither, and of several
    at once one works while the others wait.
    """
    with transaction():
        run = jobs.claim(job, slot, clock.now())
        if run is None:
            return False
        run.result = str(work())
    return True


def _organisation_ids() -> list[int]:
    return [organisation.id for organisation in organisations.every_organisation()]


def scheduler(app: Flask) -> None:
    """Run the jobs at their times, until SIGTERM or SIGINT; a job that is at work then is finished first."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _end)
    timetable = timetable_of(app)
    try:
        timetable.start()
    finally:
        if timetable.running:
            timetable.shutdown(wait=True)


def _end(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


def timetable_of(app: Flask) -> BlockingScheduler:
    """The alerts at six o'clock, and at once where six o'clock has passed.

    Every later hour asks again: a run that failed is made good, and a day that is done stays done.
    """
    settings: config.Settings = app.config["SETTINGS"]

    def todays_alerts() -> None:
        with app.app_context():
            daily_alerts(clock.today(settings.timezone))

    zone = ZoneInfo(settings.timezone)
    timetable = BlockingScheduler(
        timezone=zone, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    timetable.add_job(todays_alerts, "cron", hour=f"{FIRST_HOUR}-23", id="alerts")
    if clock.now().astimezone(zone).hour >= FIRST_HOUR:
        timetable.add_job(todays_alerts, id="alerts missed today")
    return timetable
