"""The daily job over very many open duties: its time beside the bare SQL that finds the candidates, and its memory.

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
from tracker import create_app, jobs
from tracker.ledger import calendar, notices, organisations, plans, units
from tracker.ledger.acts import Act
from tracker.ledger.db import db, transaction
from tracker.ledger.tables.accounts import Person, Post
from tracker.ledger.tables.alerts import Alert, JobRun
from tracker.ledger.tables.messages import Message, Preference
from tracker.ledger.tables.plans import Origin
from tracker.rules.permissions import Role

DAY = date(2025, 6, 2)
UNITS, ITEMS = 200, 100

# Spread evenly: one in a hundred is overdue by up to sixty days, the others fall due within the coming year.
_DUTIES = text("""
    WITH RECURSIVE counted(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM counted WHERE n < :number - 1)
    INSERT INTO duty (organisation_id, plan_id, item_id, unit_id, lead, kind, key, label, due, answer_by, layer)
    SELECT :organisation, :plan, :item + n % :items, :unit + n / :items % :units, 1, 'milestone', 'bench-' || n, '办结',
           date(:day, (CASE n % 100 WHEN 0 THEN -1 - n / 100 % 60 ELSE n / 100 % 365 END) || ' days'),
           date(:day, (CASE n % 100 WHEN 0 THEN -1 - n / 100 % 60 ELSE n / 100 % 365 END) || ' days'), 0
    FROM counted
""")
_CANDIDATES = text("""
    SELECT count(*) FROM duty WHERE organisation_id = :organisation AND answer_by <= :last AND cancelled_on IS NULL
    AND NOT EXISTS (SELECT 1 FROM fulfilment WHERE duty_id = duty.id AND revoked_on IS NULL)
""")


def _fill(number: int) -> int:
    """An organisation whose units owe so much, with a handler in each who wants mail; return its id."""
    with transaction():
        calendar.seed()
        start = DAY - timedelta(days=20)
        by = organisations.found("基准县", datetime(start.year, start.month, start.day, 4, tzinfo=UTC), start)
        made = [units.add_unit(by, f"单位{count}") for count in range(UNITS)]
        tasks = [
            plans.ItemFacts(section=["任务"], task=f"任务{count}。", responsible=[(made[0], True, "", Origin.OFFICE)])
            for count in range(ITEMS)
        ]
        plan = plans.register(by, plans.PlanFacts("计划", "", DAY.year), tasks)
        _listen(by, [unit.id for unit in made])
        first = {"plan": plan.id, "item": plan.items[0].id, "unit": made[0].id, "organisation": by.organisation_id}
        sizes = {"number": number, "items": ITEMS, "units": UNITS, "day": DAY.isoformat()}
        db.session.execute(_DUTIES, first | sizes)
    return by.organisation_id


def _listen(by: Act, unit_ids: list[int]) -> None:
    """A handler in each unit, who never signs in: hashing so many passwords would take minutes."""
    for unit_id in unit_ids:
        who = {"login": f"p{unit_id}", "name": "经办人", "password_hash": "", "session_key": "", "failures": 0}
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


def _show(label: str, seconds: float, said: str = "") -> None:
    click.echo(f"| {label} | {seconds:.2f} s | {_peak():.0f} MB | {said} |")


def _count(table: type[Alert] | type[Message]) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def _bare_writing() -> float:
    """The same alerts put into the same table, with its indexes, by one bare statement: what must be written."""
    with transaction() as session:
        session.execute(text("CREATE TEMPORARY TABLE copied AS SELECT * FROM alert"))
        session.execute(text("DELETE FROM alert"))
    started = perf_counter()
    with transaction() as session:
        session.execute(text("INSERT INTO alert SELECT * FROM copied"))
    spent = perf_counter() - started
    with transaction() as session:
        session.execute(text("DROP TABLE copied"))
    return spent


def _run(number: int) -> None:
    made = _timed(lambda: _fill(number))
    organisation_id = organisations.every_organisation()[0].id
    click.echo("| what | time | peak memory so far | |\n|---|--:|--:|---|")
    _show("making the data", made, f"{number} open duties of {UNITS} units")
    for label, day in (("first day", DAY), ("the next day", DAY + timedelta(days=1)), ("that day again", None)):
        asked, before = day or DAY + timedelta(days=1), (_count(Alert), _count(Message))
        last = {"organisation": organisation_id, "last": (asked + timedelta(days=15)).isoformat()}
        _show(f"bare SQL, {label}", _timed(lambda last=last: db.session.execute(_CANDIDATES, last).scalar()))  # type: ignore[misc]
        spent = _timed(lambda asked=asked: jobs.daily_alerts(asked))  # type: ignore[misc]
        new = f"{_count(Alert) - before[0]} alerts, {_count(Message) - before[1]} messages"
        _show(f"daily job, {label}", spent, new)
        if asked == DAY:
            _show("bare SQL, writing the first day's alerts again", _bare_writing())
    if not db.session.scalar(select(func.count()).select_from(JobRun)):
        raise SystemExit("the job failed: see its log above")
    with transaction():
        _show("of it, proposing notices", _timed(lambda: notices.propose(organisation_id, DAY + timedelta(days=1))))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--duties", type=int, default=1_000_000)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = config.load({"TRACKER_DEMO": "1", "TRACKER_DATA": str(Path(folder))})
        with create_app(settings).app_context():
            upgrade()
            _run(asked.duties)
            db.engine.dispose()
    load, processors = os.getloadavg()[0], os.cpu_count()
    click.echo(f"\nLoad {load:.1f} on {processors} processors; on a busy machine all times are longer.")


if __name__ == "__main__":
    main()
