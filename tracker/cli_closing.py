"""`flask --app tracker seal` and `papers`: closing a quarter and setting its papers without a browser."""

from datetime import date, datetime
from pathlib import Path

import click
from flask import current_app

import config
from tracker import clock, production
from tracker.ledger import plans, sealed, snapshots
from tracker.ledger.acts import Act
from tracker.ledger.db import transaction
from tracker.ledger.tables.snapshots import Snapshot
from tracker.rules.quarters import Quarter
from tracker.rules.refusals import Refusal

STEP_SECONDS = 10.0


def _settings() -> config.Settings:
    settings: config.Settings = current_app.config["SETTINGS"]
    return settings


def _act(organisation_id: int) -> Act:
    """The program's own act, now."""
    now = clock.now()
    return Act(organisation_id, None, now, clock.local_date(now, _settings().timezone))


def _quarter(written: str) -> Quarter:
    try:
        return Quarter.parse(written)
    except ValueError as fault:
        raise click.ClickException(str(fault)) from fault


@click.command("seal")
@click.option("--plan", "plan_id", type=int, required=True)
@click.option("--quarter", required=True, help="For example 2025Q1.")
@click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day whose figures are sealed; today if not given."
)
def seal(plan_id: int, quarter: str, as_of: datetime | None) -> None:
    """Close a quarter of a plan: what stands on the day is sealed.  Run twice it is one seal."""
    day: date | None = as_of.date() if as_of else None
    try:
        with transaction():
            plan = plans.any_plan(plan_id)
            by = _act(plan.organisation_id)
            kept = snapshots.seal(by, plan, _quarter(quarter), day or by.today, leads=True)
            click.echo(f"snapshot {kept.id}, version {kept.number}, as of {kept.as_of}: {kept.sha256}")
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from refusal


@click.command("papers")
@click.option("--plan", "plan_id", type=int, required=True)
@click.option("--quarter", required=True, help="For example 2025Q1.")
@click.option("-o", "path", type=click.Path(dir_okay=False, path_type=Path), help="Write the whole set into FILE.zip.")
def papers(plan_id: int, quarter: str, path: Path | None) -> None:
    """Set what is still to be set of a sealed quarter's papers; stopped and run again, it goes on."""
    try:
        kept = _sealed(plan_id, _quarter(quarter))
        folder, fonts = _settings().data / "files", _settings().fonts
        finished = False
        while not finished:
            done = production.produce(lambda: _act(kept.organisation_id), kept, folder, fonts, STEP_SECONDS)
            click.echo(f"{done.made} of {done.total} files")
            finished = done.finished
        if path:
            with production.archive(kept, folder) as content:
                path.write_bytes(content.read())
            click.echo(f"{path}: {path.stat().st_size} bytes")
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from refusal


def _sealed(plan_id: int, quarter: Quarter) -> Snapshot:
    kept = sealed.latest(plans.any_plan(plan_id).id, quarter)
    if kept is None:
        raise Refusal(f"{quarter.label}尚未封存，没有可生成的文书。")
    return kept
