"""How long whole pages take: simulated data, two web workers and SQLite, one client.

Beside each page stands its floor: an empty page of the framework, and the bare SQL that reads the rows it is made of.

`make bench-pages`, or with ARGS="--units 60 --items 500" (a county; the default is a plan of 40 items for 30 units).
Times are medians in milliseconds, as the client sees them; requests are sent one after the other.
"""

import argparse
import http.client
import os
import re
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

import click

ROOT = Path(__file__).parents[1]
PASSWORD = "Shili-2026"  # noqa: S105 - the demo's, which everybody knows


class Client:
    """One browser: a connection that is kept, and the cookie of its session."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookie = ""

    def get(self, path: str) -> tuple[int, bytes]:
        return self._ask("GET", path, None)

    def post(self, path: str, form: dict[str, str]) -> tuple[int, bytes]:
        return self._ask("POST", path, urlencode(form).encode())

    def _ask(self, method: str, path: str, body: bytes | None) -> tuple[int, bytes]:
        headers = {"Cookie": self.cookie, "Accept-Encoding": "gzip"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        if cookie := answer.getheader("Set-Cookie"):
            self.cookie = cookie.split(";")[0]
        return answer.status, content

    def sign_in(self, login: str) -> None:
        _, page = self.get("/sign-in")
        token = re.search(rb'name="csrf_token"[^>]*value="([^"]+)"', page)
        assert token, "the sign-in page has no token"
        status, _ = self.post("/sign-in", {"login": login, "password": PASSWORD, "csrf_token": token[1].decode()})
        assert status == 302, f"{login} could not sign in: {status}"


def main() -> None:
    asked = _arguments()
    with tempfile.TemporaryDirectory() as scratch:
        data = Path(asked.data or scratch)
        environment = os.environ | {"TRACKER_DEMO": "1", "TRACKER_DATA": str(data)}
        if not (data / "ledger.db").exists():
            _simulate(asked, environment)
        with _served(environment) as port:
            _measure(port, data / "ledger.db", asked.runs)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    for name, usual in (("units", 30), ("items", 40), ("quarters", 4), ("seed", 1), ("runs", 15)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    parser.add_argument("--data", help="a folder to keep the data in, or that has it from an earlier run")
    return parser.parse_args()


def _simulate(asked: argparse.Namespace, environment: dict[str, str]) -> None:
    flask = [sys.executable, "-m", "flask", "--app", "tracker"]
    size = [f"--{name}={getattr(asked, name)}" for name in ("units", "items", "quarters", "seed")]
    for command in (["db", "upgrade"], ["simulate", *size]):
        subprocess.run([*flask, *command], env=environment, cwd=ROOT, check=True, stdout=sys.stderr)  # noqa: S603


@contextmanager
def _served(environment: dict[str, str]) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    gunicorn = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"]
    server = subprocess.Popen(  # noqa: S603
        [*gunicorn, "--bind", f"127.0.0.1:{port}", "tracker:serving()"], env=environment, cwd=ROOT
    )
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(20)


def _wait_for(port: int) -> None:
    for _ in range(100):
        try:
            with socket.create_connection(("127.0.0.1", port), 1):
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server did not start")


def _measure(port: int, database: Path, runs: int) -> None:
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as bare:
        floors = _floors(bare, runs)
        roles = _logins(bare)
        plan, item, unit_count, items, reports = _subject(bare)
    size = f"{unit_count} units, {items} items, {reports} reports"
    click.echo(f"{size} in the ledger; medians of {runs} runs, load {os.getloadavg()[0]:.1f}")
    empty = _times(_client(port, roles["clerk"]), "/healthz", runs)
    click.echo(f"{'an empty page of the framework':<34}{empty:>9.1f} ms")
    for title, role, path, floor in _pages(plan, item):
        taken = _times(_client(port, roles[role]), path, runs)
        beneath = empty + floors[floor]
        click.echo(f"{title:<34}{taken:>9.1f} ms{beneath:>9.1f} ms bare{taken / beneath:>7.1f} ×")


def _client(port: int, login: str) -> Client:
    client = Client(port)
    client.sign_in(login)
    return client


def _times(client: Client, path: str, runs: int) -> float:
    taken = []
    for _ in range(runs + 2):  # the first two warm both workers up
        start = time.perf_counter()
        status, _ = client.get(path)
        taken.append(1000 * (time.perf_counter() - start))
        assert status == 200, f"{path} answered {status}"
    return median(taken[2:])


def _pages(plan: int, item: int) -> list[tuple[str, str, str, str]]:
    return [
        ("leader's page", "leader", f"/dashboard?plan={plan}", "plan"),
        ("the list, worst first", "clerk", f"/items/?plan={plan}&sort=worst", "plan"),
        ("the list, its last page", "clerk", f"/items/?plan={plan}&page=99", "plan"),
        ("an item's page", "clerk", f"/items/{item}", "item"),
        ("the clerk's page", "clerk", f"/?plan={plan}", "plan"),
        ("reviews", "clerk", "/reviews/", "item"),
        ("alerts", "clerk", "/alerts/", "plan"),
        ("a unit's quarter", "unit", f"/reports/?plan={plan}", "item"),
        ("the list as a unit sees it", "unit", f"/items/?plan={plan}", "item"),
    ]


def _floors(bare: sqlite3.Connection, runs: int) -> dict[str, float]:
    """The duties of a plan, each with its fulfilment, and the versions of its quarter: what a fold of it must read."""
    plan, item, *_ = _subject(bare)
    duties = (
        "SELECT duty.unit_id, duty.item_id, duty.answer_by, min(fulfilment.done_on) FROM duty "
        "LEFT JOIN fulfilment ON fulfilment.duty_id = duty.id AND fulfilment.revoked_on IS NULL "
        "WHERE duty.{column} = ? GROUP BY duty.id"
    )
    return {
        "plan": _bare(lambda: bare.execute(duties.format(column="plan_id"), (plan,)).fetchall(), runs),
        "item": _bare(lambda: bare.execute(duties.format(column="item_id"), (item,)).fetchall(), runs),
    }


def _bare(read: Callable[[], object], runs: int) -> float:
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        read()
        taken.append(1000 * (time.perf_counter() - start))
    return median(taken)


_COUNTS = ("SELECT count(*) FROM unit", "SELECT count(*) FROM item", "SELECT count(*) FROM quarter_report")


def _subject(bare: sqlite3.Connection) -> tuple[int, int, int, int, int]:
    """The newest plan, an item in its middle, and how much there is in all."""
    plan = bare.execute("SELECT max(id) FROM plan").fetchone()[0]
    [(item,)] = bare.execute("SELECT id FROM item WHERE plan_id = ? ORDER BY position LIMIT 1 OFFSET 5", (plan,))
    counts = (bare.execute(query).fetchone()[0] for query in _COUNTS)
    return plan, item, *counts


def _logins(bare: sqlite3.Connection) -> dict[str, str]:
    """Somebody of each role in the newest organisation."""
    query = (
        "SELECT min(person.login) FROM person JOIN post ON post.person_id = person.id "
        "WHERE post.role = ? AND person.organisation_id = (SELECT organisation_id FROM plan ORDER BY id DESC LIMIT 1)"
    )
    roles = {"leader": "group_leader", "clerk": "group_office", "unit": "unit_handler"}
    return {name: bare.execute(query, (role,)).fetchone()[0] for name, role in roles.items()}


if __name__ == "__main__":
    main()
