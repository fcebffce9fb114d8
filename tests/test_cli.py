"""Every command as a user runs it.  The demonstration takes seconds, so it is loaded once and copied for each test."""

import json
import shutil
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import Result
from docx import Document
from flask import Flask
from flask.cli import FlaskGroup
from sqlalchemy import func, select, text

from config import Settings
from tests.conftest import noon
from tracker import clock, create_app, production
from tracker.cli import assemble
from tracker.ledger.db import db
from tracker.ledger.tables.events import Event
from tracker.ledger.tables.files import StoredFile
from tracker.ledger.tables.findings import Finding
from tracker.ledger.tables.imports import Draft
from tracker.ledger.tables.organisations import Organisation
from tracker.ledger.tables.papers import PaperFile
from tracker.ledger.tables.plans import Item, Plan
from tracker.ledger.tables.reports import ReportVersion
from tracker.ledger.tables.snapshots import Snapshot

ROOT = Path(__file__).parents[1]
SEEDS = sorted((ROOT / "seed_plans").glob("*.txt"))
DAY = date(2026, 1, 20)
Run = Callable[..., Result]


def app_on(folder: Path, *, demo: bool = True) -> Flask:
    settings = Settings(
        demo=demo,
        secret_key="",
        data=folder,
        database_url=f"sqlite:///{folder / 'ledger.db'}",
        fonts=ROOT / "build" / "fonts",
        timezone="Asia/Shanghai",
        https=False,
        upload_bytes=20 * 1024 * 1024,
        idle_minutes=30,
    )
    return create_app(settings)


def command(app: Flask, *words: object) -> Result:
    """`flask --app tracker WORDS`"""
    flask = FlaskGroup(create_app=lambda: app, load_dotenv=False, set_debug_flag=False)
    return app.test_cli_runner().invoke(flask, [str(word) for word in words])


def closed(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    folder = tmp_path_factory.mktemp("demo")
    app = app_on(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: noon(DAY))
        said = command(app, "demo")
    closed(app)
    return folder, said


@pytest.fixture
def demo(loaded: tuple[Path, Result], tmp_path: Path, move_to: Callable[[date], None]) -> Iterator[Flask]:
    """The application on a demonstration of its own."""
    move_to(DAY)
    shutil.copytree(loaded[0], tmp_path / "data")
    app = app_on(tmp_path / "data")
    yield app
    closed(app)


@pytest.fixture
def run(demo: Flask) -> Run:
    return partial(command, demo)


@pytest.fixture
def run_bare(tmp_path: Path) -> Iterator[Run]:
    """Commands outside the demonstration, where no database is yet."""
    app = app_on(tmp_path / "bare", demo=False)
    yield partial(command, app)
    closed(app)


def count(app: Flask, table: type) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(table)) or 0


def a_plan(app: Flask) -> int:
    """The plan with fewest items."""
    with app.app_context():
        fewest = select(Item.plan_id).group_by(Item.plan_id).order_by(func.count()).limit(1)
        return db.session.scalars(fewest).one()


# read


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem[:3])
def test_read_sums_up_a_plan_in_a_line_and_needs_no_database(run_bare, tmp_path, path):
    result = run_bare("read", path)
    assert result.exit_code == 0
    assert result.output.startswith(f"{path.name}: ")
    assert result.output.count("\n") == 1
    assert not (tmp_path / "bare" / "ledger.db").exists()


def test_read_prints_the_annotations_schema(run_bare):
    for path in SEEDS:
        read = json.loads(run_bare("read", "--json", path).output)
        assert read["items"], path
        assert {"title", "year"} <= read["plan"].keys()


def test_read_writes_a_file_for_each_plan(run_bare, tmp_path):
    out = tmp_path / "new" / "out"
    result = run_bare("read", "--out", out, *SEEDS)
    assert result.output.count("\n") == len(SEEDS)
    assert {path.name for path in out.iterdir()} == {f"{path.stem}.json" for path in SEEDS}
    for path in SEEDS:
        assert json.loads((out / f"{path.stem}.json").read_text("utf-8")) == json.loads(
            run_bare("read", "--json", path).output
        )


def test_read_goes_on_after_a_file_it_cannot_read_and_ends_with_status_1(run_bare, tmp_path):
    broken = tmp_path / "坏.docx"
    broken.write_bytes(b"PK\x03\x04 broken")
    result = run_bare("read", broken, SEEDS[0])
    assert result.exit_code == 1
    assert "坏.docx: " in result.stderr
    assert result.stdout.startswith(SEEDS[0].name)


# found, import


def test_found_makes_an_office_and_its_administrator(run_bare):
    result = run_bare("found", "某县人民政府", "--login", "admin")
    assert result.exit_code == 0, result.output
    assert "登录名 admin，初始密码 " in result.output
    again = run_bare("found", "某县人民政府", "--login", "admin2")
    assert (again.exit_code, "已有名为“某县人民政府”的机构" in again.output) == (1, True)


def test_import_opens_a_draft_and_gives_its_address(demo, run):
    with demo.app_context():
        name = db.session.scalar(select(Organisation.name))
    drafts, kept = count(demo, Draft), count(demo, StoredFile)
    result = run("import", SEEDS[0], "--organisation", name)
    assert result.exit_code == 0, result.output
    with demo.app_context():
        draft = db.session.get_one(Draft, int(result.output.strip().removeprefix("/imports/")))
        assert draft.items
        assert draft.closed_at is None
    assert (count(demo, Draft), count(demo, StoredFile)) == (drafts + 1, kept + 1)


def test_import_refuses_an_organisation_that_is_not_there(demo, run):
    drafts = count(demo, Draft)
    result = run("import", SEEDS[0], "--organisation", "无此机构")
    assert (result.exit_code, result.output) == (1, "Error: 没有名为“无此机构”的机构。\n")
    assert count(demo, Draft) == drafts


# demo


def test_demo_loads_every_seed_plan_and_names_the_accounts(loaded):
    _, said = loaded
    assert said.exit_code == 0, said.output
    assert said.output.count("份示例填报") == len(SEEDS)
    assert "示例账号" in said.output


def test_demo_twice_adds_nothing(demo, run):
    tables = (Organisation, Plan, Item, Draft, StoredFile, ReportVersion, Event)
    before = [count(demo, table) for table in tables]
    result = run("demo")
    assert result.exit_code == 0
    assert "份示例填报" not in result.output
    assert [count(demo, table) for table in tables] == before
    assert min(before) > 0


def test_demo_refuses_outside_the_demonstration_and_makes_no_database(run_bare, tmp_path):
    result = run_bare("demo")
    assert result.exit_code == 1
    assert "TRACKER_DEMO=1" in result.output
    assert not (tmp_path / "bare" / "ledger.db").exists()


# alerts


def test_alerts_are_raised_once_as_of_the_day(run):
    first, second = run("alerts", "--as-of", "2026-04-20"), run("alerts", "--as-of", "2026-04-20")
    assert first.exit_code == second.exit_code == 0
    assert first.output.startswith("2026-04-20: ")
    assert int(first.output.split()[1]) > 0
    assert second.output == "2026-04-20: 0 new alerts\n"


def test_alerts_judge_by_today_where_no_day_is_given(run):
    assert run("alerts").output.startswith(f"{DAY}: ")


# print


def test_print_writes_the_inspection_sheet_as_docx(demo, run, tmp_path):
    with demo.app_context():
        plan = db.session.get_one(Plan, a_plan(demo))
        year, units = plan.year, {each.unit.name for each in plan.items[0].responsibilities if each.unit}
    out = tmp_path / "检查表.docx"
    result = run("print", "inspection", "--plan", plan.id, "--quarter", f"{year}Q1", "-o", out)
    assert result.exit_code == 0, result.output
    assert result.output == f"{out}: {out.stat().st_size} bytes\n"
    paper = Document(BytesIO(out.read_bytes()))
    printed = "".join(part.text or "" for part in paper.element.body.iter())
    assert f"{year}年第一季度" in printed
    assert units
    assert all(unit in printed for unit in units)


@pytest.mark.parametrize(
    ("plan", "quarter", "name", "says"),
    [
        ("999", "2025Q1", "a.docx", "没有编号为 999 的计划"),
        (None, "2025Q5", "a.docx", "2025Q5"),
        (None, "2025Q1", "a.odt", ".pdf or .docx"),
    ],
)
def test_print_refuses_in_a_sentence_and_writes_nothing(demo, run, tmp_path, plan, quarter, name, says):
    plan = plan or a_plan(demo)
    result = run("print", "inspection", "--plan", plan, "--quarter", quarter, "-o", tmp_path / name)
    assert result.exit_code == 1
    assert says in result.output
    assert result.output.startswith("Error: ")
    assert not (tmp_path / name).exists()


def test_print_writes_a_single_notice_of_rectification_or_all_of_a_plans_quarter(demo, run, tmp_path):
    with demo.app_context():
        found = db.session.scalars(
            select(Finding).where(Finding.number.is_not(None), Finding.item_id.is_not(None))
        ).first()
        finding_id, year, number, plan, quarter = found.id, found.year, found.number, found.item.plan_id, found.quarter
    for name, asked in (
        ("one.docx", ("--finding", finding_id)),
        ("all.docx", ("--plan", plan, "--quarter", quarter)),
    ):
        result = run("print", "rectification-notice", *asked, "-o", tmp_path / name)
        assert result.exit_code == 0, result.output
        printed = "".join(part.text or "" for part in Document(tmp_path / name).element.body.iter())
        assert f"整改〔{year}〕{number}号" in printed


def test_print_asks_which_plan_and_quarter_are_meant(run, tmp_path):
    result = run("print", "rectification-notice", "-o", tmp_path / "a.pdf")
    assert result.exit_code == 2
    assert "--plan ID --quarter 2025Q1" in result.output


# verify


def test_verify_finds_a_fresh_demonstration_whole(run):
    result = run("verify")
    assert (result.exit_code, result.output) == (0, "audit chain, sealed quarters, database and stored files: whole\n")


def tamper(app: Flask, *statements: str) -> None:
    """Change rows as somebody with the database file in hand can."""
    with app.app_context(), db.engine.connect() as connection:
        for statement in ("DROP TRIGGER event_no_update", "DROP TRIGGER event_no_delete", *statements):
            connection.execute(text(statement))
        connection.commit()


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("UPDATE event SET act = 'other' WHERE organisation_id = 1 AND number = 7", "row was changed"),
        ("DELETE FROM event WHERE organisation_id = 1 AND number = 7", "row is missing"),
        ("UPDATE event SET previous_hash = hash WHERE organisation_id = 1 AND number = 7", "does not follow"),
    ],
)
def test_verify_names_the_first_tampered_event(demo, run, statement, reason):
    tamper(demo, statement)
    result = run("verify")
    assert result.exit_code == 1
    assert f"organisation 1, event 7: {reason}" in result.stderr
    assert "whole" not in result.output


@pytest.mark.parametrize("harm", ["missing", "changed"])
def test_verify_names_the_first_lost_file(demo, run, tmp_path, harm):
    with demo.app_context():
        first = db.session.scalars(select(StoredFile).order_by(StoredFile.id)).first()
        place = tmp_path / "data" / "files" / first.sha256[:2] / first.sha256
        named = f"stored file {first.id} ({first.name}): "
    place.unlink() if harm == "missing" else place.write_bytes(b"changed")
    result = run("verify")
    assert result.exit_code == 1
    assert result.stderr.startswith(named)


def test_verify_finds_a_row_that_refers_to_nothing(demo, run, tmp_path):
    closed(demo)
    with closing(sqlite3.connect(tmp_path / "data" / "ledger.db")) as connection:
        connection.execute("UPDATE item SET plan_id = 999 WHERE id = 1")
        connection.commit()
    result = run("verify")
    assert result.exit_code == 1
    assert "database: item: row 1 refers to a row of plan that is not there" in result.stderr


def test_verify_tells_a_damaged_database_without_a_traceback(demo, run, tmp_path):
    closed(demo)
    with (tmp_path / "data" / "ledger.db").open("r+b") as database:
        database.seek(4096 * 3)
        database.write(b"\xff" * 4096 * 50)
    result = run("verify")
    assert result.exit_code == 1
    assert result.stderr.startswith("database: ")


def test_verify_makes_no_database_where_none_is(run_bare, tmp_path):
    result = run_bare("verify")
    assert (result.exit_code, result.stderr) == (1, "database: unable to open database file\n")
    assert not (tmp_path / "bare" / "ledger.db").exists()


# backup, restore


def test_a_back_up_comes_back_on_a_new_machine(run, run_bare, tmp_path):
    taken = run("backup", tmp_path / "kept.zip")
    assert taken.exit_code == 0, taken.output
    assert zipfile.is_zipfile(tmp_path / "kept.zip")
    result = run_bare("restore", tmp_path / "kept.zip")
    assert result.exit_code == 0, result.output
    assert "taken at 2026-01-20T04:00:00+00:00" in result.output
    assert result.output.endswith("audit chain, sealed quarters, database and stored files: whole\n")


def test_an_older_back_up_is_brought_up_to_date(demo, run, run_bare, tmp_path):
    assert run("db", "downgrade").exit_code == 0
    assert run("backup", tmp_path / "kept.zip").exit_code == 0
    result = run_bare("restore", tmp_path / "kept.zip")
    assert result.exit_code == 0, result.output
    assert run_bare("db", "check").exit_code == 0


def test_backup_and_restore_overwrite_only_when_asked(run, tmp_path):
    kept = tmp_path / "kept.zip"
    assert [run("backup", kept).exit_code, run("backup", kept).exit_code] == [0, 1]
    assert run("backup", kept, "--force").exit_code == 0
    assert "已有台账" in run("restore", kept).output
    assert run("restore", kept, "--force").exit_code == 0
    assert (tmp_path / "data" / "ledger.db.20260120T040000Z").exists()


def test_restore_check_restores_nothing(run, run_bare, tmp_path):
    run("backup", tmp_path / "kept.zip")
    result = run_bare("restore", "--check", tmp_path / "kept.zip")
    assert result.exit_code == 0
    assert ": whole, " in result.output
    assert list((tmp_path / "bare").iterdir()) == []


def test_a_back_up_without_a_lost_file_says_so_with_status_1(run, tmp_path):
    lost = next(path for path in (tmp_path / "data" / "files").rglob("*") if path.is_file())
    lost.unlink()
    result = run("backup", tmp_path / "kept.zip")
    assert result.exit_code == 1
    assert lost.name in result.stderr
    assert zipfile.is_zipfile(tmp_path / "kept.zip")


def test_a_folder_that_is_not_there_is_told_without_a_traceback(run, tmp_path):
    result = run("backup", tmp_path / "none" / "kept.zip")
    assert result.exit_code == 1
    assert result.output.startswith("Error: ")
    assert "No such file or directory" in result.output


def test_every_command_has_a_help_that_says_what_it_does(run):
    app = Flask("commands alone")
    before = set(app.cli.commands)
    assemble(app)
    for name in set(app.cli.commands) - before:
        said = run(name, "--help")
        assert said.exit_code == 0
        assert len(said.output.splitlines()[2].strip()) > 20, name


def test_a_quarter_is_sealed_once_and_its_set_written(demo, run, tmp_path, monkeypatch):
    monkeypatch.setattr(production, "_set", lambda _content, order, ending, *_: f"{order}.{ending}".encode())
    with demo.app_context():
        kept = db.session.scalars(select(Snapshot)).one()  # the demonstration closes one quarter
        about = ("--plan", kept.plan_id, "--quarter", kept.quarter)
        told = f"snapshot {kept.id}, version 1, as of {kept.as_of}: {kept.sha256}\n"
    sealed = run("seal", *about, "--as-of", "2025-12-31")
    assert (sealed.exit_code, sealed.output) == (0, told)
    assert run("papers", *about, "-o", tmp_path / "set.zip").exit_code == 0
    with zipfile.ZipFile(tmp_path / "set.zip") as packed:
        assert len(packed.namelist()) == count(demo, PaperFile) + 1
    assert run("verify").exit_code == 0


def test_papers_of_an_open_quarter_are_refused(demo, run):
    with demo.app_context():
        plan_id = db.session.scalars(select(Snapshot.plan_id)).one()
    refused = run("papers", "--plan", plan_id, "--quarter", "2023Q4")
    assert (refused.exit_code, "尚未封存" in refused.output) == (1, True)


def test_verify_names_a_sealed_quarter_that_was_changed(demo, run):
    with demo.app_context():
        kept = db.session.scalars(select(Snapshot)).one()
        named = f"organisation {kept.organisation_id}, snapshot {kept.id} ({kept.quarter}): was changed"
    tamper(demo, "UPDATE snapshot SET content = json_set(content, '$.plan', '另一计划')")
    found = run("verify")
    assert (found.exit_code, named in found.output) == (1, True)
