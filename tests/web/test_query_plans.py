"""No page reads a whole table: what it asks for is found by an index, whatever else is in the database."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from tracker.ledger.db import db

SMALL = {"calendar_day"}  # the country's, some dozens of days to a year
_SCAN = re.compile(r"SCAN (\w+)")

PAGES = {
    "leader": ("/dashboard", "/dashboard/units", "/dashboard/sections", "/dashboard/heat", "/dashboard/quarters")
    + ("/dashboard/truths", "/dashboard/compare", "/dashboard/wall", "/items/list.csv", "/items/year.csv"),
    "clerk": ("/", "/items/", "/items/?sort=worst&q=公开", "/items/duties", "/items/5", "/items/5/source", "/reviews/")
    + ("/alerts/", "/notices/", "/findings/", "/inspections/", "/papers/", "/extensions/", "/instructions/")
    + ("/occurrences/", "/collection/", "/closing/", "/imports/", "/units/", "/messages/", "/inspection-sheets/"),
    "handler": ("/reports/", "/items/", "/alerts/", "/instructions/", "/findings/"),
}


@contextmanager
def asked() -> Iterator[dict[str, tuple[object, ...]]]:
    """The questions, each with what it was asked with last."""
    found: dict[str, tuple[object, ...]] = {}

    def note(_connection, _cursor, statement, values, _context, _many):
        if statement.startswith(("SELECT", "WITH")):
            found[statement] = values

    event.listen(Engine, "before_cursor_execute", note)
    yield found
    event.remove(Engine, "before_cursor_execute", note)


def scanned(statement: str, values: tuple[object, ...]) -> set[str]:
    """The tables that SQLite would read from end to end; a name that a query gives is none."""
    with db.engine.connect() as connection:
        steps = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
    whole = {found[1] for step in steps if (found := _SCAN.match(step[-1]))}
    return whole & {table.name for table in db.metadata.sorted_tables} - SMALL


@pytest.mark.parametrize("login", PAGES)
def test_no_page_reads_a_table_from_end_to_end(app, as_, busy_plan, login):
    client, found = as_(login), {}
    for address in PAGES[login]:
        with asked() as statements:
            answer = client.get(f"{address}{'&' if '?' in address else '?'}plan={busy_plan}", follow_redirects=True)
        assert answer.status_code == 200, address
        found |= {statement: (address, values) for statement, values in statements.items()}
    with app.app_context():
        told = {
            (address, table, statement[:200] + "…" + statement[-200:])
            for statement, (address, values) in found.items()
            for table in scanned(statement, values)
        }
    assert told == set()
    assert len(found) > 20


def test_a_table_that_is_read_from_end_to_end_is_noticed(app_context, cast):
    assert scanned("SELECT * FROM duty WHERE label = ?", ("",)) == {"duty"}
    assert scanned("SELECT * FROM duty WHERE id = ?", (1,)) == set()
