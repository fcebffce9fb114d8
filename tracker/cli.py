"""Commands: `flask --app tracker …`.  Their names are fixed; scripts and users rely on them."""

import json
import secrets
import sys
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import click
from alembic.script import ScriptDirectory
from flask import Flask, current_app
from flask_migrate import upgrade

import config
from tracker import clock, jobs
from tracker.cli_closing import papers, seal
from tracker.cli_print import print_
from tracker.demo import load as demo
from tracker.demo import simulate as simulation
from tracker.ledger import (
    accounts,
    backup,
    calendar,
    events,
    files,
    imports,
    organisations,
    restore,
    snapshots,
    soundness,
)
from tracker.ledger.acts import Act
from tracker.ledger.db import transaction
from tracker.ledger.tables.organisations import Organisation
from tracker.reading.annotation import annotation
from tracker.reading.guarded import parse
from tracker.reading.plan import ParsedPlan, Remark
from tracker.rules.permissions import Role
from tracker.rules.refusals import Invalid, Refusal


def assemble(app: Flask) -> None:
    """Put the commands into the application."""
    for command in (read, import_, found, demo_, simulate_, alerts, scheduler, print_, seal, papers):
        app.cli.add_command(command)
    for command in (verify, backup_, restore_):
        app.cli.add_command(command)


def _settings() -> config.Settings:
    settings: config.Settings = current_app.config["SETTINGS"]
    return settings


def _act(organisation: Organisation) -> Act:
    """The program's own act, now."""
    now = clock.now()
    return Act(organisation.id, None, now, clock.local_date(now, _settings().timezone))


class _Refused(click.ClickException):
    """A refusal ends a command with its sentence and status 1."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.sentence)


_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("paths", metavar="FILE…", nargs=-1, required=True, type=_FILE)
@click.option("--json", "as_json", is_flag=True, help="Print the annotation's schema instead of a summary.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Write DIR/<stem>.json for each file.")
def read(paths: tuple[Path, ...], as_json: bool, out: Path | None) -> None:
    """Show what the importer reads in plan documents.  Needs no database."""
    failed = False
    for path in paths:
        try:
            plan = parse(path.read_bytes(), path.name)
        except Invalid as refusal:
            click.echo(f"{path.name}: {refusal.sentence}", err=True)
            failed = True
            continue
        _show(path, plan, as_json, out)
    sys.exit(1 if failed else 0)


def _show(path: Path, plan: ParsedPlan, as_json: bool, out: Path | None) -> None:
    written = json.dumps(annotation(plan), ensure_ascii=False, indent=2)
    if out:
        out.mkdir(parents=True, exist_ok=True)
        (out / f"{path.stem}.json").write_text(written + "\n", "utf-8")
    elif as_json:
        click.echo(written)
    if out or not as_json:
        doubts = sum(remark.doubt for remark in _remarks(plan))
        click.echo(f"{path.name}: {plan.title or '（无标题）'} · {plan.year or '年度未载明'} · "
                   f"{len(plan.items)} 项任务 · {doubts} 处存疑 · 略去 {len(plan.dropped)} 行")  # fmt: skip


def _remarks(plan: ParsedPlan) -> Iterable[Remark]:
    yield from plan.remarks
    for item in plan.items:
        yield from item.remarks


@click.command("import")
@click.argument("path", metavar="FILE", type=_FILE)
@click.option("--organisation", "name", required=True, help="Name of the organisation whose plan it is.")
def import_(path: Path, name: str) -> None:
    """Read a plan document into a draft and print the address at which the clerk checks it."""
    content = path.read_bytes()
    try:
        parsed = parse(content, path.name)
        organisation = organisations.named(name)
        if organisation is None:
            raise Invalid(f"没有名为“{name}”的机构。")
        sha256 = files.put(_settings().data / "files", content)
        with transaction():
            by = _act(organisation)
            stored = files.record(by, path.name, sha256, len(content))
            draft = imports.open_draft(by, parsed, path.stem, stored)
            click.echo(f"/imports/{draft.id}")
    except Refusal as refusal:
        raise _Refused(refusal) from refusal


@click.command()
@click.argument("name")
@click.option("--login", required=True, help="Login of its first system administrator.")
def found(name: str, login: str) -> None:
    """Found an organisation with its first administrator, who then enters the people; prints the password once."""
    upgrade()
    password = f"{secrets.token_urlsafe(9)}aA1-"
    try:
        with transaction():
            now = clock.now()
            by = organisations.found(name, now, clock.local_date(now, _settings().timezone))
            calendar.seed()
            person = accounts.add_person(by, login, "系统管理员", password)
            accounts.give_post(by, person, Role.SYS_ADMIN)
    except Refusal as refusal:
        raise _Refused(refusal) from refusal
    click.echo(f"{name}：登录名 {login}，初始密码 {password}（首次登录须修改）")


@click.command("demo")
def demo_() -> None:
    """Make the database if it is new, load the seed plans with sample units, people and reports, print the accounts."""
    settings = _settings()
    if not settings.demo:
        raise click.ClickException("Sample data belong into a demonstration alone: set TRACKER_DEMO=1.")
    upgrade()
    demo.load(settings.data / "files", clock.today(settings.timezone), progress=click.echo)
    click.echo(demo.accounts_table())


_SIZE = click.IntRange(1, 100_000)


@click.command("simulate")
@click.option("--units", "units_", type=click.IntRange(1, 500), default=60, show_default=True)
@click.option("--items", type=_SIZE, default=500, show_default=True, help="Items of each year's plans.")
@click.option("--quarters", type=click.IntRange(1, 40), default=4, show_default=True, help="Past quarters.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same data.")
@click.option("--organisations", "many", type=click.IntRange(1, 100), default=1, show_default=True)
def simulate_(units_: int, items: int, quarters: int, seed: int, many: int) -> None:
    """Make new sample organisations with bulk data of a given size, and print their accounts."""
    settings = _settings()
    if not settings.demo:
        raise click.ClickException("Sample data belong into a demonstration alone: set TRACKER_DEMO=1.")
    upgrade()
    today = clock.today(settings.timezone)
    for number in range(many):
        size = simulation.Size(units_, items, quarters, seed + number)
        click.echo(simulation.simulate(size, today, progress=click.echo))


@click.command()
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day to judge by; today if not given.")
def alerts(as_of: datetime | None) -> None:
    """Raise the alerts that are due, once; running it again adds nothing."""
    day: date = as_of.date() if as_of else clock.today(_settings().timezone)
    click.echo(f"{day}: {jobs.raise_alerts(day)} new alerts")


@click.command()
def scheduler() -> None:
    """Run the jobs at their times; one such process is enough."""
    jobs.scheduler(current_app._get_current_object())  # type: ignore[attr-defined]


@click.command()
def verify() -> None:
    """Prove audit chain, sealed quarters, database and stored files; exit status 1, and what is wrong, otherwise."""
    faults = list(_faults())
    for fault in faults:
        click.echo(fault, err=True)
    if faults:
        sys.exit(1)
    click.echo("audit chain, sealed quarters, database and stored files: whole")


def _faults() -> Iterator[str]:
    database = soundness.sqlite_file()
    if database and (fault := soundness.database_fault(database)):
        yield f"database: {fault}"
        return  # what a damaged database says of the rest proves nothing
    for each in organisations.every_organisation():
        if found := events.first_break(each.id):
            yield f"organisation {found.organisation_id}, event {found.number}: {found.reason}"
    for broken in snapshots.broken_seals():
        yield f"organisation {broken.organisation_id}, snapshot {broken.snapshot_id} ({broken.quarter}): was changed"
    if lost := soundness.first_lost_file(_settings().data / "files"):
        yield f"stored file {lost.id} ({lost.name}): {lost.sha256} is missing or was changed"


@contextmanager
def _told() -> Iterator[None]:
    """A refusal, a full disk or a folder that may not be written ends the command with a sentence and status 1."""
    try:
        yield
    except Refusal as refusal:
        raise _Refused(refusal) from refusal
    except OSError as fault:
        raise click.ClickException(str(fault)) from fault


@click.command("backup")
@click.argument("path", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace FILE if it is there.")
def backup_(path: Path, force: bool) -> None:
    """Put the database and all stored files into one archive (*.zip), while the server runs."""
    product = tomllib.loads((config.ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    with _told():
        taken = backup.take(path, _settings().data / "files", product["version"], clock.now(), force=force)
    click.echo(f"{path}: {_size(taken)}, {path.stat().st_size} bytes")
    for sha256 in taken.lost:
        click.echo(f"not in it, for it is missing or was changed: stored file {sha256}", err=True)
    if taken.lost:
        sys.exit(1)


@click.command("restore")
@click.argument("path", metavar="FILE", type=_FILE)
@click.option("--check", is_flag=True, help="Prove that FILE could be restored, and restore nothing.")
@click.option("--force", is_flag=True, help="Restore where a database stands; it is kept under a dated name.")
@click.pass_context
def restore_(context: click.Context, path: Path, check: bool, force: bool) -> None:
    """Prove an archive that `backup` made, then put database and stored files into place; stop the server before."""
    scripts = ScriptDirectory(current_app.extensions["migrate"].directory)
    known = [script.revision for script in scripts.walk_revisions()]
    data = _settings().data
    with _told():
        if check:
            proved = restore.check(path, known, data)
        else:
            proved = restore.restore(path, data / "files", known, clock.now(), force=force)
    click.echo(f"{path}: whole, {_size(proved)}, taken at {proved.taken_at}")
    if not check:
        upgrade()
        context.invoke(verify)


def _size(manifest: backup.Manifest) -> str:
    return f"{sum(manifest.contents.rows.values())} rows, {len(manifest.contents.files) - len(manifest.lost)} files"
