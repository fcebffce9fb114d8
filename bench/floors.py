"""What bare SQL needs for the figures of each page, and what it needs to write the rows of an act.

Every floor asks for what its page shows, as plainly as it can be asked, and does nothing with the answer.
"""

import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from statistics import median

WAITING = 200  # reports of the last quarter that are left to be reviewed, and as many of the first unit to be mended


@dataclass(frozen=True)
class Subject:
    """What the pages are about: the newest organisation's first plan of its last year, in the year's last quarter."""

    organisation: int
    plan: int
    year: int
    quarter: str
    item: int
    unit: int
    items_of_year: int
    size: str

    @property
    def asked(self) -> dict[str, object]:
        return {"plan": self.plan, "quarter": self.quarter, "item": self.item, "organisation": self.organisation,
                "year": self.year, "today": date.today().isoformat()}  # fmt: skip  # noqa: DTZ011


Floor = tuple[str, ...]  # statements

# Duties of the plan with what was done of each, and what its units last said: what stands follows from these.
_DUTIES = """
    SELECT duty.unit_id, duty.item_id, duty.quarter, duty.lead, duty.kind, duty.answer_by, min(fulfilment.done_on)
    FROM duty LEFT JOIN fulfilment ON fulfilment.duty_id = duty.id AND fulfilment.revoked_on IS NULL
    WHERE duty.plan_id = :plan GROUP BY duty.id"""
_TOLD = """
    SELECT item_id, unit_id, quarter, progress_class, state FROM quarter_report WHERE plan_id = :plan"""
_WORDS = "SELECT id, position, section, task FROM item WHERE plan_id = :plan ORDER BY position"
_SAID = """
    SELECT item_id, unit_id, progress FROM quarter_report WHERE plan_id = :plan AND quarter = :quarter"""
_NAMED = """
    SELECT responsibility.item_id, unit.name FROM responsibility JOIN unit ON unit.id = responsibility.unit_id
    JOIN item ON item.id = responsibility.item_id WHERE item.plan_id = :plan"""
_OPEN = """
    SELECT count(*) FROM duty WHERE organisation_id = :organisation AND answer_by < :today
    AND NOT EXISTS (SELECT 1 FROM fulfilment WHERE duty_id = duty.id AND revoked_on IS NULL)"""

BOARD: Floor = (_DUTIES, _TOLD, _WORDS, "SELECT id, name FROM unit WHERE organisation_id = :organisation")
LIST: Floor = (_DUTIES, _TOLD, _WORDS, _NAMED, _SAID)
OPEN_DUTIES: Floor = (_OPEN,)
ITEM: Floor = (
    "SELECT * FROM item WHERE id = :item",
    "SELECT * FROM responsibility WHERE item_id = :item",
    "SELECT * FROM item_target WHERE item_id = :item",
    "SELECT * FROM item_deadline WHERE item_id = :item",
    _DUTIES.replace("duty.plan_id = :plan", "duty.item_id = :item"),
    "SELECT * FROM quarter_report WHERE item_id = :item",
    "SELECT * FROM report_version WHERE item_id = :item",
    "SELECT * FROM review WHERE version_id IN (SELECT id FROM report_version WHERE item_id = :item)",
    "SELECT * FROM report_figure WHERE report_id IN (SELECT id FROM quarter_report WHERE item_id = :item)",
    "SELECT * FROM event WHERE organisation_id = :organisation AND record = 'quarter_report' "
    "AND record_id IN (SELECT id FROM quarter_report WHERE item_id = :item)",
)
# The same of all plans of the year: the list's figures and words.
YEAR: Floor = tuple(
    statement.replace("plan_id = :plan", "plan_id IN (SELECT id FROM plan WHERE organisation_id = :organisation "
                                         "AND year = :year)")
    for statement in LIST
)  # fmt: skip


def subject(bare: sqlite3.Connection) -> Subject:
    def one(query: str, *given: object) -> int:
        found: int = bare.execute(query, given).fetchone()[0]
        return found

    organisation = one("SELECT max(organisation_id) FROM plan")
    year = one("SELECT max(year) FROM plan WHERE organisation_id = ?", organisation)
    plan = one("SELECT min(id) FROM plan WHERE organisation_id = ? AND year = ?", organisation, year)
    item = one("SELECT id FROM item WHERE plan_id = ? ORDER BY position LIMIT 1 OFFSET 5", plan)
    unit = one(
        "SELECT min(unit_id) FROM post JOIN person ON person.id = post.person_id "
        "WHERE role = 'unit_handler' AND organisation_id = ?",
        organisation,
    )
    of_the_year = (
        "SELECT count(*) FROM item JOIN plan ON plan.id = plan_id WHERE item.organisation_id = ? AND plan.year = ?"
    )
    of_year = one(of_the_year, organisation, year)
    tables = ("organisation", "unit", "item", "quarter_report")
    everything = [one(f"SELECT count(*) FROM {table}") for table in tables]  # noqa: S608
    size = "{} organisations, {} units, {} items, {} reports in the ledger".format(*everything)
    return Subject(organisation, plan, year, f"{year}Q4", item, unit, of_year, size)


def logins(bare: sqlite3.Connection, about: Subject) -> dict[str, str]:
    """Somebody of each role in the organisation."""
    query = (
        "SELECT person.login FROM person JOIN post ON post.person_id = person.id "
        "WHERE post.role = ? AND person.organisation_id = ? ORDER BY person.id LIMIT 1"
    )
    roles = {"leader": "group_leader", "clerk": "group_office", "unit": "unit_handler"}
    return {name: bare.execute(query, (role, about.organisation)).fetchone()[0] for name, role in roles.items()}


def timed(bare: sqlite3.Connection, floor: Floor, about: Subject, runs: int) -> float:
    """Median milliseconds."""
    return _median(lambda: [bare.execute(statement, about.asked).fetchall() for statement in floor], runs)


def _median(what: Callable[[], object], runs: int) -> float:
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        what()
        taken.append(1000 * (time.perf_counter() - start))
    return median(taken)


# Acts


def leave_some_waiting(bare: sqlite3.Connection, about: Subject) -> None:
    """Before anything is served: simulated reports are all reviewed, so some of the last quarter lose their review."""
    waiting = bare.execute("SELECT count(*) FROM quarter_report WHERE state = 'submitted'").fetchone()[0]
    if waiting >= WAITING // 2:
        return
    chosen = "SELECT id FROM quarter_report WHERE plan_id = ? AND quarter = ? AND state = 'accepted' LIMIT ?"
    ids = [row[0] for row in bare.execute(chosen, (about.plan, about.quarter, WAITING))]
    marks = ",".join("?" * len(ids))
    last = f"SELECT max(id) FROM report_version WHERE report_id IN ({marks}) GROUP BY report_id"  # noqa: S608
    bare.execute(f"DELETE FROM review WHERE version_id IN ({last})", ids)  # noqa: S608
    bare.execute(f"UPDATE quarter_report SET state = 'submitted' WHERE id IN ({marks})", ids)  # noqa: S608
    bare.commit()


def next_to_review(bare: sqlite3.Connection, about: Subject) -> int:
    waiting = "SELECT min(id) FROM quarter_report WHERE plan_id = ? AND state = 'submitted'"
    report: int | None = bare.execute(waiting, (about.plan,)).fetchone()[0]
    if report is None:
        raise SystemExit("no report waits to be reviewed any more: measure with new data")
    return report


def bare_review(bare: sqlite3.Connection, about: Subject, runs: int) -> float:
    """One review, its report's new state and one event's worth of text, in one transaction that is synced."""
    bare.execute("PRAGMA synchronous = FULL")
    bare.execute("CREATE TABLE IF NOT EXISTS bench_event (id INTEGER PRIMARY KEY, told TEXT)")
    report = bare.execute("SELECT max(id) FROM quarter_report WHERE plan_id = ?", (about.plan,)).fetchone()[0]

    def write() -> None:
        bare.execute("INSERT INTO bench_event (told) VALUES (?)", ("x" * 600,))
        bare.execute("INSERT INTO bench_event (told) VALUES (?)", ("x" * 200,))
        bare.execute("UPDATE quarter_report SET saved_at = saved_at WHERE id = ?", (report,))
        bare.commit()

    taken = _median(write, runs)
    bare.execute("DROP TABLE bench_event")
    bare.commit()
    return taken
