"""How long a quarter's whole set of papers takes, and one ledger as PDF: simulated data on SQLite.

Beside each PDF stands its floor: the same pages set again by the typesetter alone, in a process that has started.

`make bench-papers`, or with ARGS="--units 60 --items 500" (a county, the default).  Memory is the peak of this process,
which seals and sets as the server does, and that of the largest typesetter beside it.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click

ROOT = Path(__file__).parents[1]
AS_OF = date(2025, 10, 25)
FLOOR = """
import json, sys, time, typst
order = json.load(sys.stdin.buffer)
fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[order["fonts"]])
began = time.perf_counter()
typst.compile(order["paper"], root=order["root"], font_paths=fonts, ignore_system_fonts=True,
              sys_inputs=order["inputs"], timestamp=order["timestamp"], format="pdf")
print(time.perf_counter() - began)
"""


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--units", type=int, default=60)
    arguments.add_argument("--items", type=int, default=500)
    asked = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"TRACKER_DEMO": "1", "TRACKER_DATA": folder}
        _bench(asked.units, asked.items)


def _bench(units: int, items: int) -> None:
    from flask_migrate import upgrade
    from sqlalchemy import select

    from tracker import clock, create_app, production
    from tracker.demo import simulate
    from tracker.ledger import papers, snapshots
    from tracker.ledger.acts import Act
    from tracker.ledger.closing import check
    from tracker.ledger.db import db, transaction
    from tracker.ledger.tables.plans import Plan
    from tracker.printing import ledger, pdf
    from tracker.rules.quarters import Quarter

    app = create_app()
    with app.app_context():
        upgrade()
        simulate.simulate(simulate.Size(units, items, 4, 1), date(2026, 1, 20), progress=lambda _line: None)
        plan = db.session.scalars(select(Plan).where(Plan.year == 2025).limit(1)).one()
        settings, quarter = app.config["SETTINGS"], Quarter(2025, 3)

        def by() -> Act:
            return Act(plan.organisation_id, None, clock.now(), AS_OF)

        def seal() -> Any:
            with transaction():
                return snapshots.seal(by(), plan, quarter, AS_OF, leads=True)

        _line("closing page: what is missing", _timed(lambda: check(plan, quarter, AS_OF))[0])
        took, kept = _timed(seal)
        _line("seal, with the numbers of all papers", took)
        content = snapshots.read(kept)
        order: dict[str, Any] = {}
        _note_order(pdf, order)
        took, made = _timed(lambda: ledger.pdf(content, settings.fonts))
        floor = float(_run_floor(order))
        _line(f"ledger of {len(content.items)} items as PDF", took, f"floor {floor:.2f} s, {took / floor:.2f} times")
        folder = settings.data / "files"
        worked = _worked()
        took, done = _timed(lambda: production.produce(by, kept, folder, settings.fonts, 3600.0))
        count, worked = len(papers.papers_of(kept)), _worked() - worked
        _line(f"whole set: {count} papers, {done.total} files", took, f"{worked:.1f} s of processors' time")
        took, _ = _timed(lambda: production.archive(kept, folder).close())
        _line("archive of the set", took)
        here, beside = (_peak(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        _line("peak memory", 0, f"{here} MB here, {beside} MB the largest typesetter")


def _note_order(pdf: Any, order: dict[str, Any]) -> None:
    """Keep what the typesetter is told, so that it can be told again."""
    typeset = pdf._typeset

    def noted(told: dict[str, Any]) -> bytes:
        order.update(told)
        return typeset(told)

    pdf._typeset = noted


def _run_floor(order: dict[str, Any]) -> str:
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-I", "-c", FLOOR], input=json.dumps(order).encode(), capture_output=True, check=True
    )
    return done.stdout.decode()


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    done = work()
    return time.perf_counter() - began, done


def _worked() -> float:
    """Seconds that processors have worked for this process and those that it started."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def _line(what: str, seconds: float, beside: str = "") -> None:
    click.echo(f"{what:48} {f'{seconds:7.2f} s' if seconds else '':>9}  {beside}".rstrip())


def _peak(whose: int) -> int:
    return resource.getrusage(whose).ru_maxrss // 1024


if __name__ == "__main__":
    main()
