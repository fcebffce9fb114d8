"""Reads mutants in a process of its own, under the limit of memory that a reading child has; `Worker` asks it.

One line in, `KIND NUMBER`; one line of JSON out.  A reader that dies or hangs is an answer too.
"""

import json
import os
import resource
import select
import subprocess
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import click

SLOW = 10  # seconds after which a mutant counts as stuck


@dataclass(frozen=True)
class Outcome:
    """`what` is plan, refused, too_much, fault, stuck, or died: with the status that it ended with as `detail`."""

    what: str
    seconds: float = 0.0
    detail: str = ""


class Worker:
    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, kind: str, number: int) -> Outcome:
        if self._process is None:
            command = [sys.executable, "-m", "tests.fuzz.worker"]
            pipe = subprocess.PIPE
            self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, bufsize=0)
            self._line(60)  # it says when it is ready
        self._process.stdin.write(f"{kind} {number}\n".encode())
        line = self._line(SLOW)
        if line is None:
            self.end()
            return Outcome("stuck", SLOW)
        if not line:
            status = self._process.wait()
            self.end()
            return Outcome("died", detail=str(status))
        return Outcome(**json.loads(line))

    def end(self) -> None:
        if self._process:
            self._process.kill()
            with self._process:
                self._process = None

    def _line(self, seconds: float) -> bytes | None:
        """The next line; None where it does not come, empty where the worker has died."""
        ready, _, _ = select.select([self._process.stdout], [], [], seconds)
        return self._process.stdout.readline() if ready else None


def check(plan: Any) -> None:
    """What holds for every plan that is read, whatever it was read from."""
    lines = plan.source.count("\n") + 1
    for item in plan.items:
        read = [*item.spans, *(entry.span for entry in (*item.units, *item.targets, *item.deadlines))]
        assert all(0 <= span.start <= span.end <= len(plan.source) for span in read), item
        assert 1 <= item.first_line <= item.last_line <= lines, item
    assert all(1 <= remark.line <= lines for remark in plan.all_remarks), plan.all_remarks
    assert all(1 <= dropped.line <= lines for dropped in plan.dropped), plan.dropped


def _outcome(kind: str, number: int) -> Outcome:
    from tests.fuzz.mutants import mutant
    from tracker.reading import child, guarded, plan

    data = mutant(kind, number)
    started = perf_counter()
    try:
        answer = child.answer({"reads": "plan", "filename": f"a.{kind}"}, data) if data.strip() else {"refused": ""}
        if "plan" in answer:
            check(plan.plan_from_json(json.loads(json.dumps(answer["plan"]))))
        assert len(json.dumps(answer)) < guarded.LONGEST_ANSWER
        what, detail = next(iter(answer)), str(answer.get("refused", ""))
    except Exception:
        what, detail = "fault", traceback.format_exc()
    return Outcome(what, round(perf_counter() - started, 3), detail)


def main() -> None:
    from tracker.reading import guarded

    _outcome("docx", 0)
    used = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    resource.setrlimit(resource.RLIMIT_AS, (used + guarded.MEMORY,) * 2)
    click.echo("{}")
    for line in sys.stdin:
        kind, number = line.split()
        click.echo(json.dumps(vars(_outcome(kind, int(number)))))


if __name__ == "__main__":
    main()
