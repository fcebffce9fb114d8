"""The long form: thousands of mutants of each format, counted: `make fuzz ARGS="--count 100000 docx"`."""

import argparse
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import click

from tests.fuzz.mutants import KINDS
from tests.fuzz.worker import Outcome, Worker

FAULTS = ("fault", "stuck")


def tried(kind: str, first: int, count: int) -> list[Outcome]:
    worker = Worker()
    outcomes = [worker.read(kind, number) for number in range(first, first + count)]
    worker.end()
    return outcomes


def report(kind: str, first: int, outcomes: list[Outcome]) -> int:
    counts = Counter(outcome.what for outcome in outcomes)
    slowest = max(range(len(outcomes)), key=lambda place: outcomes[place].seconds)
    click.echo(f"{kind:6}{len(outcomes):8}" + "".join(f"{counts[what]:10}" for what in COLUMNS)
          + f"{outcomes[slowest].seconds:9.2f} s (number {first + slowest})")  # fmt: skip
    bad = {place: each for place, each in enumerate(outcomes) if is_bad(each)}
    for place, each in list(bad.items())[:10]:
        click.echo(f"  {kind} {first + place}: {each.what} {each.detail}")
    return len(bad)


COLUMNS = ("plan", "refused", "too_much", "died", "fault", "stuck")


def is_bad(outcome: Outcome) -> bool:
    """Dying of the limit of memory (SIGABRT) is a refusal where a child reads; any other death is a fault."""
    return outcome.what in FAULTS or (outcome.what == "died" and outcome.detail != "-6")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("kinds", nargs="*", default=KINDS, metavar="FORMAT", help="; ".join(KINDS))
    options.add_argument("--count", type=int, default=3_000, help="files of each format")
    options.add_argument("--first", type=int, default=0, help="number of the first")
    options.add_argument("--jobs", type=int, default=2)
    asked = options.parse_args()
    click.echo(f"{'':6}{'files':>8}" + "".join(f"{what:>10}" for what in COLUMNS) + "  slowest")
    bad = 0
    with ThreadPoolExecutor(asked.jobs) as pool:
        runs = {kind: pool.submit(tried, kind, asked.first, asked.count) for kind in asked.kinds}
        for kind, run in runs.items():
            bad += report(kind, asked.first, run.result())
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
