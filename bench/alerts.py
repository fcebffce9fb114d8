"""The daily job over very many open duties: its time beside bare SQL that finds and writes the same, and its memory.

The limit of a day is twice the bare finding plus the bare writing (`alert_floors.py`).
`make bench-alerts`, or `make bench-alerts ARGS="--duties 50000"`.  Everything lies in a temporary SQLite file.
"""

import argparse
import os
import resource
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter

import click
from flask_migrate import upgrade
from sqlalchemy import func, select, text

import config
from bench import alert_floors
from tracker import create_app, jobs
from tracker.ledger import calendar, organisations, plans, units
from tracker.ledger.acts import Act
from tracker.ledger.db import db, transaction
from tracker.ledger.tables.accounts import Person, Post
from tracker.ledger.tables.alerts import JobRun
from tracker.ledger.tables.messages import Preference
from tracker.ledger.tables.plans import Origin
from tracker.rules.permissions import Role

DAY = date(2025, 6, 2)
UNITS, ITEMS = 200, 100

# Spread evenly: one in a hundred is overdue by up to sixty days, the others fall due within the coming year; every
# tenth is a report.  Beside them stand a tenth as many that are done, and one in two hundred was put off.
_DUTIES = text("""
    WITH RECURSIVE counted(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM counted WHERE n < :number - 1)
    INSERT INTO duty (organisation_id, plan_id, item_id, unit_id, lead, kind, key, label, quarter,
                      due, answer_by, layer)
    SELECT :organisation, :plan, :item + n % :items, :unit + n / :items % :units, 1,
           CASE n / 100 % 10 WHEN 0 THEN 'quarter_report' ELSE 'milestone' END, 'bench-' || n, '办结', '2025Q2',
           date(:day, (CASE n % 100 WHEN 0 THEN -1 - n / 100 % 60 ELSE n / 100 % 365 END) || ' days'),
           date(:day, (CASE n % 100 WHEN 0 THEN -1 - n / 100 % 60 ELSE n / 100 % 365 END) || ' days'), 0
    FROM counted
""")
_DONE = text("""
    INSERT INTO fulfilment (duty_id, done_on, recorded_on, note) SELECT id, due, due, '' FROM duty
    WHERE organisation_id = :organisation AND id % 11 = 0
""")
_PUT_OFF = text("""
    INSERT INTO extension (organisation_id, duty_id, state, new_due, reason, progress,
                           applied_on, applied_at, decided_on, version)
    SELECT organisation_id, id, 'approved', date(due, '30 days'), '', '',
           due, due || ' 00:00:00', date(:day, '-20 days'), 1
    FROM duty WHERE organisation_id = :organisation AND id % 200 = 1
""")


def _fill(name: str, number: int, unit_count: int = UNITS) -> int:
    """An organisation whose units owe so much, with a handler in each who wants mail; return its id."""
    with transaction():
        start = DAY - timedelta(days=20)
        by = organisations.found(name, datetime(start.year, start.month, start.day, 4, tzinfo=UTC), start)
        made = [units.add_unit(by, f"单位{count}") for count in range(unit_count)]
        tasks = [
            plans.ItemFacts(section=["任务"], task=f"任务{count}。", responsible=[(made[0], True, "", Origin.OFFICE)])
            for count in range(ITEMS)
        ]
        plan = plans.register(by, plans.PlanFacts("计划", "", DAY.year), tasks)
        _listen(by, [unit.id for unit in made])
        first = {"plan": plan.id, "item": plan.items[0].id, "unit": made[0].id, "organisation": by.organisation_id}
        sizes = {"number": number, "items": ITEMS, "units": unit_count, "day": DAY.isoformat()}
        db.session.execute(_DUTIES, first | sizes | {"number": number * 11 // 10})
        office = {"organisation": by.organisation_id}
        db.session.execute(_DONE, office)
        db.session.execute(_PUT_OFF, office | {"day": DAY.isoformat()})
    return by.organisation_id


def _listen(by: Act, unit_ids: list[int]) -> None:
    """A handler in each unit, who never signs in: hashing so many passwords would take minutes."""
    for unit_id in unit_ids:
        who = {
            "login": f"p{by.organisation_id}-{unit_id}",
            "name": "经办人",
            "password_hash": "",
            "session_key": "",
            "failures": 0,
        }
        person = Person(organisation_id=by.organisation_id, **who)
        person.posts.append(Post(unit_id=unit_id, role=Role.UNIT_HANDLER))
        db.session.add(person)
        db.session.flush()
        db.session.add(Preference(person_id=person.id, mail=True, email=f"p{unit_id}@example.gov.cn"))


def _timed(what: Callable[[], object]) -> float:
    started = perf_counter()
    what()
    return perf_counter() - started


def _peak() -> float:
    """The most memory that this process ever had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _day(label: str, day: date) -> bool:
    """Run the job for a day and print its line; return whether the limit was kept."""
    offices = [office.id for office in organisations.every_organisation()]
    finding, alerts, matters = alert_floors.find(offices, day)
    before, peak = alert_floors.last_ids(), _peak()
    alert_floors.begin()
    spent = _timed(lambda: jobs.daily_alerts(day))
    grown = _peak() - peak
    writing, numbers = alert_floors.write_again(before)
    # A paper names 200 duties at most: what a unit has beyond them goes on the next day's.
    if numbers["alert"] != alerts or numbers["notice_matter"] > matters:
        raise SystemExit(f"the bare SQL found {alerts} alerts and {matters} matters, the job wrote {numbers}")
    limit = 2 * finding + writing
    wrote = ", ".join(f"{number} {table}" for table, number in numbers.items() if number) or "nothing"
    figures = f"{finding:.2f} s | {writing:.2f} s | {limit:.2f} s | **{spent:.2f} s**"
    click.echo(f"| {label} | {figures} | {'KEPT' if spent <= limit else 'NOT KEPT'} | +{grown:.0f} MB | {wrote} |")
    return spent <= limit


def _run(number: int) -> bool:
    with transaction():
        calendar.seed()
    # The scheduler's process has worked before: its statements are compiled, and its modules loaded.
    _fill("邻县", 1000, 2)
    jobs.daily_alerts(DAY - timedelta(days=1))
    made = _timed(lambda: _fill("基准县", number))
    click.echo(f"{number} open duties of {UNITS} units, made in {made:.0f} s; {_peak():.0f} MB at the start.\n")
    click.echo("| the daily job | bare finding | bare writing | limit | job | | peak memory | written |")
    click.echo("|---|--:|--:|--:|--:|---|--:|---|")
    next_day = DAY + timedelta(days=1)
    days = (
        ("first day", DAY),
        ("the next day", next_day),
        ("that day again", next_day),
        ("a week later", DAY + timedelta(days=7)),
    )
    kept = [_day(label, day) for label, day in days]
    if not db.session.scalar(select(func.count()).select_from(JobRun)):
        raise SystemExit("the job failed: see its log above")
    return all(kept)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--duties", type=int, default=1_000_000)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = config.load({"TRACKER_DEMO": "1", "TRACKER_DATA": str(Path(folder))})
        with create_app(settings).app_context():
            upgrade()
            jobs.settle()
            kept = _run(asked.duties)
            db.engine.dispose()
    load, processors = os.getloadavg()[0], os.cpu_count()
    click.echo(f"\nLoad {load:.1f} on {processors} processors; on a busy machine all times are longer.")
    if not kept:
        raise SystemExit("a limit was not kept")


if __name__ == "__main__":
    main()
