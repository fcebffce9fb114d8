"""Bulk sample data: the same seed gives the same rows, the ledger's own checks hold, the pages answer."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.conftest import TODAY
from tests.test_cli import command
from tracker.demo.simulate import MOST_IN_A_PLAN, Size, _first_year, _portions, simulate
from tracker.ledger import events
from tracker.ledger.db import Record, db
from tracker.ledger.standing import standings
from tracker.ledger.tables.accounts import Person
from tracker.ledger.tables.duties import Duty, Fulfilment
from tracker.ledger.tables.events import Event
from tracker.ledger.tables.extensions import Extension
from tracker.ledger.tables.organisations import Organisation
from tracker.ledger.tables.plans import Item, Plan
from tracker.ledger.tables.reports import QuarterReport, ReportVersion, Review
from tracker.rules.duties import DutyKind
from tracker.rules.quarters import Quarter
from tracker.rules.reports import Verdict

SMALL = Size(units=6, items=12, quarters=4, seed=7)


@pytest.fixture
def simulated(bare_app: Flask) -> Iterator[Flask]:
    with bare_app.app_context():
        simulate(SMALL, TODAY, progress=lambda _line: None)
        yield bare_app


def contents() -> str:
    """Every row without instants and what is secret by chance."""
    said = hashlib.sha256()
    for table in Record.metadata.sorted_tables:
        if table.name not in ("event", "job_run"):
            columns = [column for column in table.c if column.name not in ("session_key", "password_hash")]
            for row in db.session.execute(select(*columns).order_by(*table.primary_key)):
                plain = [value for value in row if not isinstance(value, datetime)]
                said.update(json.dumps(plain, ensure_ascii=False, default=str).encode())
    return said.hexdigest()


def count(*conditions, of=QuarterReport.id) -> int:
    return db.session.scalar(select(func.count(of)).where(*conditions)) or 0


def test_the_same_seed_gives_the_same_rows(simulated, tmp_path):
    first = contents()
    again = tmp_path / "again"
    again.mkdir()
    assert first == _made_again(simulated, again)


def _made_again(app: Flask, folder) -> str:
    from flask_migrate import upgrade

    from tests.conftest import _app

    other = _app(folder)
    with other.app_context():
        upgrade()
        simulate(SMALL, TODAY, progress=lambda _line: None)
        said = contents()
        db.session.remove()
        db.engine.dispose()
    return said


def test_the_chain_holds_and_tells_of_each_plan_what_was_written(simulated):
    organisation = db.session.scalars(select(Organisation)).one()
    assert events.first_break(organisation.id) is None
    told = db.session.scalars(select(Event.after).where(Event.act == "simulate")).one()
    assert told == {
        "reports": count(),
        "versions": count(of=ReportVersion.id),
        "reviews": count(of=Review.id),
        "extensions": count(of=Extension.id),
    }
    assert told["reports"] > 150


def test_it_is_plainly_a_sample(simulated):
    organisation = db.session.scalars(select(Organisation)).one()
    assert (organisation.name, organisation.sample) == ("模拟县（示例）", True)
    assert all("（示例）" in plan.title for plan in db.session.scalars(select(Plan)))


def test_some_come_late_some_are_returned_and_mended(simulated):
    due = (Duty.item_id == QuarterReport.item_id, Duty.unit_id == QuarterReport.unit_id)
    first = (ReportVersion.report_id == QuarterReport.id, ReportVersion.number == 1)
    kind = (Duty.kind == DutyKind.QUARTER_REPORT, Duty.quarter == QuarterReport.quarter)
    late = count(*due, *first, *kind, ReportVersion.submitted_on > Duty.due)
    returned = count(Review.verdict == Verdict.RETURN, of=Review.id)
    assert 0.05 < late / count() < 0.2
    assert 0.03 < returned / count() < 0.14
    assert count(ReportVersion.number == 2, of=ReportVersion.id) == returned
    assert count(QuarterReport.unchanged) > 0


def test_what_was_returned_is_revoked_from_that_day(simulated):
    revoked = Fulfilment.revoked_on.is_not(None)
    of_returned = (Fulfilment.version_id == Review.version_id, Review.verdict == Verdict.RETURN)
    assert count(revoked, of=Fulfilment.id) == count(*of_returned, of=Fulfilment.id)


def test_nothing_is_dated_ahead(simulated):
    for column in (ReportVersion.submitted_on, Review.reviewed_on, Fulfilment.recorded_on, Extension.decided_on):
        assert (db.session.scalar(select(func.max(column))) or TODAY) <= TODAY


def test_the_standings_of_every_share_can_be_told(simulated):
    plan = db.session.scalars(select(Plan)).first()
    found = standings(plan.id, Quarter(2024, 4), TODAY)
    assert len({item_id for item_id, _ in found.shares}) == SMALL.items


def test_the_pages_answer(bare_app):
    with bare_app.app_context():
        simulate(SMALL, TODAY, progress=lambda _line: None)
        people = {person.login: f"{person.id}.{person.session_key}" for person in db.session.scalars(select(Person))}
        item = db.session.scalars(select(Item.id)).first()
    for login, address in (
        ("moni1-leader", "/dashboard/"),
        ("moni1-clerk", f"/items/{item}"),
        ("moni1-clerk", "/reviews/"),
        ("moni1-unit1", "/reports/?quarter=2024Q4"),
        ("moni1-unit1", "/reports/sheet.xlsx?quarter=2024Q4"),
    ):
        client = bare_app.test_client()
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = people[login], True
        assert client.get(address).status_code == 200, address


def test_the_command_refuses_outside_a_demonstration(bare_app):
    bare_app.config["SETTINGS"] = replace(bare_app.config["SETTINGS"], demo=False)
    ran = command(bare_app, "simulate", "--items", 1)
    assert (ran.exit_code, "TRACKER_DEMO=1" in ran.output) == (1, True)


def test_the_command_makes_several_organisations_and_tells_their_logins(bare_app):
    size = ["--units", "3", "--items", "2", "--quarters", "1", "--organisations", "2"]
    ran = command(bare_app, "simulate", *size)
    assert ran.exit_code == 0, ran.output
    assert "模拟县2（示例）：办公室 moni2-clerk，领导 moni2-leader，单位 moni2-unit1" in ran.output


@pytest.mark.parametrize(
    ("quarters", "today", "year"),
    [
        (4, date(2026, 11, 22), 2025),
        (3, date(2026, 11, 22), 2026),
        (16, date(2026, 11, 22), 2022),
        (4, date(2027, 1, 1), 2026),
    ],
)
def test_all_the_quarters_lie_behind(quarters, today, year):
    assert _first_year(quarters, today) == year


def test_what_is_much_is_ordered_in_several_plans():
    assert _portions(1200) == [MOST_IN_A_PLAN, MOST_IN_A_PLAN, 200]
