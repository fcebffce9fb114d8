"""Jobs: plain functions of a date, which the scheduler runs and which are also commands."""

import logging
import os
import signal
import socket
from collections.abc import Callable
from datetime import date
from functools import partial
from types import FrameType
from zoneinfo import ZoneInfo

from apscheduler.schedulers.blocking import BlockingScheduler
from flask import Flask, current_app

import config
from tracker import clock
from tracker.ledger import alerts, digests, handovers, jobs, leases, mergers, messages, notices, organisations
from tracker.ledger.acts import Act
from tracker.ledger.db import transaction
from tracker.ledger.tables.messages import Message
from tracker.rules.channels import ChannelKind
from tracker.sending import bots, mail
from tracker.sending.parcel import NotSent, Parcel

FIRST_HOUR = 6
LEASE = "scheduler"
SEND_SECONDS = 20

log = logging.getLogger(__name__)


def raise_alerts(as_of: date) -> int:
    """Raise what is due in every organisation, one transaction each; running it again adds nothing."""
    count = 0
    for organisation_id in _organisation_ids():
        with transaction():
            count += alerts.raise_alerts(organisation_id, as_of)
    return count


def daily_alerts(as_of: date) -> None:
    """Do the day's work in every organisation that has not had it; a fault in one keeps none from the others.

    What days were missed is made good by the steps that hold today, and told in today's digest.
    """
    for organisation_id in _organisation_ids():
        try:
            run_once("alerts", f"{as_of}/{organisation_id}", partial(_days_work, organisation_id, as_of))
        except Exception:
            log.exception("the alerts of organisation %s were not raised", organisation_id)


def _days_work(organisation_id: int, as_of: date) -> int:
    """What merged units still owe passes on first, once their last day is over; then the alerts are raised and told.

    Handovers that were announced for the day, or for one before it, get their lists last: these count the alerts.
    """
    settings: config.Settings = current_app.config["SETTINGS"]
    by = Act(organisation_id, None, clock.now(), as_of)
    mergers.hand_over_all(by)
    raised = alerts.raise_alerts(organisation_id, as_of)
    notices.propose(organisation_id, as_of)
    digests.put_digests(organisation_id, as_of, by.at.astimezone(ZoneInfo(settings.timezone)), settings.base_url)
    handovers.draw_up_due(by)
    return raised


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


def this_process() -> str:
    return f"{socket.gethostname()}/{os.getpid()}"


def send_waiting(settings: config.Settings, holder: str) -> int:
    """Send what may leave now, if this process holds the lease; return how many went.

    A message is marked after it went: a process that dies in between sends it again, under the same key; one that
    was too slow and lost the lease goes no further.  A receiver that fails is left alone until the next turn, so that
    it does not hold up the others.
    """
    went, failing = 0, set[tuple[ChannelKind, int | None]]()
    with transaction():
        if not leases.hold(LEASE, holder, clock.now()):
            return 0
    for message_id in messages.due(clock.now()):
        waiting = messages.message(message_id)
        if waiting is None or waiting.next_try_at is None or (waiting.channel, waiting.channel_id) in failing:
            continue
        way = (waiting.channel, waiting.channel_id)
        fault = _delivered(settings, waiting.channel, _parcel(settings, waiting))
        with transaction():
            held = leases.hold(LEASE, holder, clock.now())
            if fault is None:
                messages.sent(waiting, clock.now())
                went += 1
            else:
                messages.failed(waiting, str(fault), clock.now(), lasting=fault.lasting)
        if not held:
            break
        if fault is not None and not fault.lasting:
            failing.add(way)
    return went


def _parcel(settings: config.Settings, waiting: Message) -> Parcel:
    """With the address of the page that it leads to, where the ledger knows its own."""
    secret, text, path = messages.secret_of(waiting), str(waiting.body["text"]), waiting.body.get("path")
    if path and settings.base_url:
        text += f"\n\n查看：{settings.base_url}{path}"
    return Parcel(waiting.key, waiting.address, waiting.subject, text, secret)


def _delivered(settings: config.Settings, kind: ChannelKind, parcel: Parcel) -> NotSent | None:
    """None where it went, else why not; whatever else goes wrong is no reason to stop sending."""
    try:
        if kind is not ChannelKind.MAIL:
            bots.send(kind, parcel, clock.now(), settings.listed_hosts)
        elif settings.mail is None:
            raise NotSent("尚未设置邮件服务器，请系统管理员设置后重发。")
        else:
            mail.send(settings.mail, parcel, clock.now())
    except NotSent as fault:
        return fault
    except Exception:
        log.exception("message %s was not sent", parcel.key)
        return NotSent("发送时系统出错，将自动重试；多次出错请系统管理员查看运行日志。")
    return None


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
        with app.app_context(), transaction():
            leases.give_back(LEASE, this_process(), clock.now())


def _end(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


def timetable_of(app: Flask) -> BlockingScheduler:
    """The alerts at six o'clock, and at once where six o'clock has passed.

    Every later hour asks again: a run that failed is made good, and a day that is done stays done.
    What waits in the outbox leaves every few seconds.
    """
    settings: config.Settings = app.config["SETTINGS"]

    def todays_alerts() -> None:
        with app.app_context():
            daily_alerts(clock.today(settings.timezone))

    def whatever_waits() -> None:
        with app.app_context():
            send_waiting(settings, this_process())

    zone = ZoneInfo(settings.timezone)
    timetable = BlockingScheduler(
        timezone=zone, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    timetable.add_job(todays_alerts, "cron", hour=f"{FIRST_HOUR}-23", id="alerts")
    timetable.add_job(whatever_waits, "interval", seconds=SEND_SECONDS, id="messages")
    if clock.now().astimezone(zone).hour >= FIRST_HOUR:
        timetable.add_job(todays_alerts, id="alerts missed today")
    return timetable
