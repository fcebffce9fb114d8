import os
import signal
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.conftest import TODAY
from tracker import clock, jobs
from tracker.ledger import alerts, handovers, leases, mergers, units
from tracker.ledger.db import db, transaction
from tracker.ledger.tables.accounts import Person
from tracker.ledger.tables.alerts import Alert, JobRun

ROOT = Path(__file__).parents[1]
OVERDUE = date(2025, 4, 8)
AT_ONCE = 4


def alerts_kept() -> Counter[tuple[str, int, str, str]]:
    """How often each stands in the table; two audiences are told of 8 duties, and of 4 units that are silent."""
    kept = db.session.scalars(select(Alert))
    return Counter((alert.subject, alert.subject_id, alert.kind, alert.audience) for alert in kept)


def runs_kept() -> list[tuple[str, str, str]]:
    return [(run.job, run.slot, run.result) for run in db.session.scalars(select(JobRun).order_by(JobRun.slot))]


def command(folder: Path, *words: str, zone: str = "Asia/Shanghai") -> subprocess.Popen[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TRACKER_")}
    environ = kept | {"TRACKER_DEMO": "1", "TRACKER_DATA": str(folder), "TRACKER_TIMEZONE": zone}
    words = (sys.executable, "-m", "flask", "--app", "tracker", *words)
    return subprocess.Popen(words, cwd=ROOT, env=environ, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def test_every_organisation_gets_its_alerts_and_a_second_run_adds_none(app_context, cast):
    assert jobs.raise_alerts(TODAY) == 8
    assert jobs.raise_alerts(TODAY) == 0
    assert jobs.raise_alerts(OVERDUE) == 2 * 8


def test_the_day_draws_up_the_lists_of_handovers_that_were_announced_for_it(app_context, cast):
    with transaction():
        leaving, coming = (db.session.get_one(Person, cast.people[login]) for login in ("handler", "town"))
        made = handovers.hand_over(cast.act("admin"), leaving.posts[0], OVERDUE, coming)
    jobs.daily_alerts(OVERDUE)
    assert made.summary["drawn_on"] == OVERDUE.isoformat()


def test_threads_at_once_raise_each_alert_once(app_context, cast):
    def run(_number: int) -> int:
        with app_context.app_context():
            return jobs.raise_alerts(OVERDUE)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert sum(pool.map(run, range(AT_ONCE))) == 16
    assert set(alerts_kept().values()) == {1}


def test_processes_at_once_raise_each_alert_once(app, tmp_path):
    running = [command(tmp_path, "alerts", "--as-of", OVERDUE.isoformat()) for _ in range(AT_ONCE)]
    said = [process.communicate(timeout=60)[0] for process in running]
    assert [process.returncode for process in running] == [0] * AT_ONCE, said
    with app.app_context():
        assert set(alerts_kept().values()) == {1}
        assert len(alerts_kept()) == 16


def test_a_slot_is_run_once(app_context):
    done: list[str] = []
    assert jobs.run_once("job", "2025-04-03", lambda: done.append("first"))
    assert not jobs.run_once("job", "2025-04-03", lambda: done.append("second"))
    assert jobs.run_once("job", "2025-04-04", lambda: done.append("next day"))
    assert done == ["first", "next day"]


def test_of_several_at_once_one_runs_the_slot(app_context):
    done: list[int] = []

    def run(number: int) -> bool:
        with app_context.app_context():
            return jobs.run_once("job", "2025-04-03", lambda: done.append(number))

    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert sum(pool.map(run, range(AT_ONCE))) == 1
    assert len(done) == 1


def test_a_run_that_dies_leaves_neither_work_nor_slot_behind(app_context, cast):
    def dies() -> None:
        alerts.raise_alerts(cast.county, TODAY)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        jobs.run_once("alerts", "2025-04-03", dies)
    assert not alerts_kept()
    assert jobs.run_once("alerts", "2025-04-03", lambda: alerts.raise_alerts(cast.county, TODAY))
    assert runs_kept() == [("alerts", "2025-04-03", "8")]


def test_the_daily_job_keeps_a_row_for_each_organisation_and_day(app_context, cast):
    jobs.daily_alerts(TODAY)
    jobs.daily_alerts(TODAY)
    assert runs_kept() == [
        ("alerts", f"2025-04-03/{cast.county}", "8"),
        ("alerts", f"2025-04-03/{cast.neighbour}", "0"),
    ]


def test_a_fault_in_one_organisation_keeps_no_alert_from_the_others(app_context, cast, monkeypatch, caplog):
    whole = alerts.raise_alerts

    def broken(organisation_id: int, as_of: date) -> int:
        if organisation_id == cast.neighbour:
            raise RuntimeError("disk full")
        return whole(organisation_id, as_of)

    monkeypatch.setattr(alerts, "raise_alerts", broken)
    jobs.daily_alerts(TODAY)
    assert "disk full" in caplog.text
    monkeypatch.setattr(alerts, "raise_alerts", whole)
    jobs.daily_alerts(TODAY)
    assert [result for _, _, result in runs_kept()] == ["8", "0"]


def test_a_command_after_the_daily_job_still_raises_what_has_come_since(app_context, cast):
    with transaction():
        alerts.raise_alerts(cast.county, TODAY)
        db.session.delete(db.session.scalars(select(Alert)).first())
    jobs.daily_alerts(TODAY)
    with transaction():
        db.session.delete(db.session.scalars(select(Alert)).first())
    jobs.daily_alerts(TODAY)
    assert jobs.raise_alerts(TODAY) == 1


@pytest.mark.parametrize(("utc_hour", "at_start"), [(21, False), (22, True), (15, True), (16, False)])
def test_a_start_after_six_in_the_office_makes_good_the_day(app, monkeypatch, utc_hour, at_start):
    monkeypatch.setattr(clock, "now", lambda: datetime(2025, 4, 2, utc_hour, 30, tzinfo=UTC))
    ids = {job.id for job in jobs.timetable_of(app).get_jobs()}
    assert ("alerts missed today" in ids) is at_start
    assert ids >= {"alerts", "messages"}


def test_the_daily_job_runs_at_six_in_the_office(app):
    job = jobs.timetable_of(app).get_job("alerts")
    evening = datetime(2025, 4, 3, 15, 30, tzinfo=UTC)  # half past eleven at night in Shanghai
    following = job.trigger.get_next_fire_time(None, evening)
    assert following.isoformat() == "2025-04-04T06:00:00+08:00"


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_the_scheduler_makes_good_the_day_and_ends_when_asked(app, tmp_path, end):
    process = command(tmp_path, "scheduler", zone=zone_past_six())
    deadline = time.monotonic() + 60
    with app.app_context():
        while len(runs_kept()) < 2 and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.1)
            db.session.rollback()
        assert [job for job, _, _ in runs_kept()] == ["alerts", "alerts"]
    process.send_signal(end)
    said, _ = process.communicate(timeout=30)
    assert process.returncode == 0, said


class OneTurn:
    """A timetable that holds the lease once, and ends."""

    running = False

    def start(self) -> None:
        with transaction():
            assert leases.hold(jobs.LEASE, jobs.this_process(), clock.now())


def test_a_scheduler_that_ends_lets_the_next_one_send_at_once(app, app_context, monkeypatch):
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setattr(jobs, "timetable_of", lambda _app: OneTurn())
    jobs.scheduler(app)
    with transaction():
        assert leases.hold(jobs.LEASE, "the next", clock.now())


def zone_past_six() -> str:
    """A time zone in which it is between seven and eleven at night now: the process has the real clock."""
    return "UTC" if 7 <= datetime.now(UTC).hour <= 22 else "Etc/GMT-8"


def test_what_a_merged_unit_owes_passes_on_the_day_after_its_last(app, cast, move_to):
    with app.app_context():
        with transaction():
            old = units.unit_of(cast.county, cast.units["县司法局"])
            mergers.dissolve(cast.act(), old, TODAY, cast.units["县行政审批局"])
        jobs.daily_alerts(TODAY)
        assert units.open_duties([old.id], TODAY)[old.id] == 13
        tomorrow = TODAY + timedelta(days=1)
        move_to(tomorrow)
        jobs.daily_alerts(tomorrow)
        assert units.open_duties([old.id], tomorrow)[old.id] == 0
