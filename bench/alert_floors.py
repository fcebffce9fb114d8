"""What the daily job cannot do without, as bare SQL: finding the same matters, and writing the same rows.

Written by hand from the words of `rules.alerts` and `rules.notices` for the steps of the default, without a word of the
product's queries; the benchmark checks that it finds as many as the job then raises.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from statistics import median
from time import perf_counter

from sqlalchemy import text

from tracker.ledger.db import db, transaction

WRITTEN = (
    "alert",
    "notice",
    "notice_matter",
    "message",
    "job_run",
    "tiding",
    "event",
)  # in an order that references allow
REPEATS = 3

_OPEN = """
    open_duty AS MATERIALIZED (
        SELECT d.id, d.unit_id, d.kind = 'quarter_report' AS report,
               CASE WHEN moved.new_due > d.answer_by THEN moved.new_due ELSE d.answer_by END AS due
        FROM duty d
        LEFT JOIN (SELECT duty_id, max(new_due) AS new_due FROM extension
                   WHERE organisation_id = :office AND state = 'approved' AND decided_on <= :day GROUP BY duty_id) moved
               ON moved.duty_id = d.id
        WHERE d.organisation_id = :office AND d.answer_by <= :last
          AND (d.owed_from IS NULL OR d.owed_from <= :day) AND (d.cancelled_on IS NULL OR d.cancelled_on > :day)
          AND NOT EXISTS (SELECT 1 FROM fulfilment f WHERE f.duty_id = d.id AND f.recorded_on <= :day
                          AND (f.revoked_on IS NULL OR f.revoked_on > :day)))
"""
_LATE = """SELECT 'duty' AS subject, id AS subject_id, '{audience}' AS audience, due,
           CASE WHEN report THEN 'report_missing' ELSE 'overdue' END AS kind,
           CASE WHEN due <= :late30 THEN 30 WHEN due <= :late15 THEN 15 WHEN due <= :late7 THEN 7 ELSE 1 END AS step
           FROM open_duty WHERE due <= {first}"""
_SOON = """SELECT 'duty', id, 'unit', due, 'due_soon',
           CASE WHEN due <= :day THEN 0 WHEN due <= :soon3 THEN -3 WHEN due <= :soon7 THEN -7 ELSE -15 END
           FROM open_duty WHERE due BETWEEN :day AND :last"""
# The benchmark's units were never silent for long, and have neither instructions nor findings nor returned reports.
_CALLING = " UNION ALL ".join(
    [
        _LATE.format(audience=who, first=first)
        for who, first in (("unit", ":late1"), ("office", ":late1"), ("leader", ":late15"))
    ]
    + [_SOON]
)
_ALERTS = text(f"""
    WITH {_OPEN} SELECT count(*) FROM ({_CALLING}) matter
    WHERE NOT EXISTS (SELECT 1 FROM alert a WHERE a.subject = matter.subject AND a.subject_id = matter.subject_id
                      AND a.audience = matter.audience AND a.due = matter.due
                      AND a.kind = matter.kind AND a.step = matter.step)
""")  # noqa: S608
_NOTICES = text(f"""
    WITH {_OPEN}, taken AS (
        SELECT m.duty_id, max(n.issued_on) AS issued_on,
               max(CASE n.kind WHEN 'urging' THEN 1 WHEN 'supervision' THEN 2 WHEN 'circular' THEN 3 ELSE 4 END) AS step
        FROM notice n JOIN notice_matter m ON m.notice_id = n.id
        WHERE n.organisation_id = :office AND n.issued_on IS NOT NULL GROUP BY m.duty_id)
    SELECT count(*) FROM open_duty LEFT JOIN taken ON taken.duty_id = open_duty.id
    WHERE due <= CASE coalesce(taken.step, 0)
                 WHEN 0 THEN :late1 WHEN 1 THEN :late10 WHEN 2 THEN :late20 WHEN 3 THEN :late45 END
      AND (taken.issued_on IS NULL OR taken.issued_on <= :interval)
      AND NOT EXISTS (SELECT 1 FROM notice_matter m JOIN notice n ON n.id = m.notice_id
                      WHERE m.duty_id = open_duty.id AND n.state = 'proposed')
""")  # noqa: S608


def find(offices: Sequence[int], day: date) -> tuple[float, int, int]:
    """How long it takes, and how many alerts and how many matters of papers are lacking in these offices."""
    days = {"day": day, "last": day + timedelta(days=15), "interval": day - timedelta(days=3)}
    days |= {f"soon{number}": day + timedelta(days=number) for number in (3, 7)}
    days |= {f"late{number}": day - timedelta(days=number) for number in (1, 7, 10, 15, 20, 30, 45)}
    asked = {name: each.isoformat() for name, each in days.items()}
    overdue = asked | {"last": asked["late1"]}
    times = []
    for _ in range(REPEATS):
        started = perf_counter()
        alerts = sum(db.session.scalar(_ALERTS, asked | {"office": office}) or 0 for office in offices)
        matters = sum(db.session.scalar(_NOTICES, overdue | {"office": office}) or 0 for office in offices)
        times.append(perf_counter() - started)
    db.session.rollback()
    return median(times), alerts, matters


def begin() -> None:
    """Let what is timed next begin with an empty log, whatever was written before it."""
    db.session.rollback()
    with db.engine.connect() as connection:
        connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")


def last_ids() -> dict[str, int]:
    return {table: db.session.scalar(text(f"SELECT coalesce(max(id), 0) FROM {table}")) or 0 for table in WRITTEN}  # noqa: S608


def write_again(since: Mapping[str, int]) -> tuple[float, dict[str, int]]:
    """Put all rows after these ids into their tables once more, by one bare statement each; how long, and how many."""
    numbers = {}
    with transaction() as session:
        for table in WRITTEN:
            rows = f"FROM {table} WHERE id > {since[table]}"  # noqa: S608
            session.execute(text(f"CREATE TEMPORARY TABLE copied_{table} AS SELECT * {rows}"))
            numbers[table] = session.scalar(text(f"SELECT count(*) FROM copied_{table}")) or 0  # noqa: S608
    written = [table for table in WRITTEN if numbers[table]]
    times = []
    for _ in range(REPEATS):
        with transaction() as session:
            for table in reversed(written):
                session.execute(text(f"DELETE FROM {table} WHERE id > {since[table]}"))  # noqa: S608
        begin()
        started = perf_counter()
        with transaction() as session:
            for table in written:
                session.execute(text(f"INSERT INTO {table} SELECT * FROM copied_{table}"))  # noqa: S608
        times.append(perf_counter() - started)
    with transaction() as session:
        for table in WRITTEN:
            session.execute(text(f"DROP TABLE copied_{table}"))
    return median(times), numbers
