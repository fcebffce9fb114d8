"""How long whole pages take: simulated data, two web workers and SQLite, one client; and the acts of a quarter.

Each page is asked for again and again as the ledger stands (warm), and each time after a report was handed in (cold).
Beside it stands its floor: an empty page of the framework, and the bare SQL of the figures that the page shows
(`bench.floors`); page, empty page and SQL are timed in turn, a few each, for the pace of a shared machine changes from
one second to the next.  `make bench-pages` measures a county; with ARGS="--units 500 --items 10000" a city, with
"--organisations 20" so many of them in one database.  Times are milliseconds as the client sees them, one request
after the other; beside the median stands the fastest, which tells more on a busy machine.  Status 1 where a limit is
not kept.
"""

import argparse
import http.client
import os
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

import click
from lxml import html

from bench import floors
from bench.floors import Subject

ROOT = Path(__file__).parents[1]
IN_A_TURN = 3
MOST_TIMES = 3  # the limit beside the time itself: so many times the floor
CITY = 5000  # items of a year from which the limits are a city's
PASSWORD = "Shili-2026"  # noqa: S105 - the demo's, which everybody knows


class Client:
    """One browser: a connection that is kept, and the cookie of its session."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookie = ""

    def get(self, path: str) -> tuple[int, bytes]:
        try:
            return self._ask("GET", path, None)
        except http.client.RemoteDisconnected:  # the server closes what was silent for some seconds
            self.connection.close()
            return self._ask("GET", path, None)

    def post(self, path: str, form: dict[str, str]) -> tuple[int, bytes]:
        return self._ask("POST", path, urlencode(form).encode())

    def form(self, path: str, name: str = "") -> dict[str, str]:
        """The fields of the page's form of that class, as they stand."""
        _, page = self.get(path)
        [form, *_] = [each for each in html.fromstring(page).forms if name in each.get("class", "")]
        return {field: value or "" for field, value in form.form_values()}

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
        status, _ = self.post("/sign-in", self.form("/sign-in") | {"login": login, "password": PASSWORD})
        assert status == 302, f"{login} could not sign in: {status}"


def main() -> None:
    asked = _arguments()
    with tempfile.TemporaryDirectory() as scratch:
        data = Path(asked.data or scratch)
        environment = os.environ | {"TRACKER_DEMO": "1", "TRACKER_DATA": str(data)}
        if not (data / "ledger.db").exists():
            _simulate(asked, environment)
        with closing(sqlite3.connect(data / "ledger.db")) as bare:
            floors.leave_some_waiting(bare, floors.subject(bare))
        with _served(environment) as port:
            kept = _measure(port, data / "ledger.db", asked.runs)
    sys.exit(0 if kept else 1)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    usual_sizes = (("units", 60), ("items", 500), ("quarters", 4), ("seed", 1), ("organisations", 1), ("runs", 30))
    for name, usual in usual_sizes:
        parser.add_argument(f"--{name}", type=int, default=usual)
    parser.add_argument("--data", help="a folder to keep the data in, or that has it from an earlier run")
    return parser.parse_args()


def _simulate(asked: argparse.Namespace, environment: dict[str, str]) -> None:
    flask = [sys.executable, "-m", "flask", "--app", "tracker"]
    size = [f"--{name}={getattr(asked, name)}" for name in ("units", "items", "quarters", "seed", "organisations")]
    for command in (["db", "upgrade"], ["simulate", *size], ["alerts"]):
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


@dataclass(frozen=True)
class Page:
    """`limits` are those of a county and of a city, where there are any; `floor` names what the bare SQL reads."""

    title: str
    role: str
    path: str
    floor: floors.Floor
    limits: tuple[float, float] | None = None


def _measure(port: int, database: Path, runs: int) -> bool:
    with closing(sqlite3.connect(database, timeout=60)) as bare:
        about = floors.subject(bare)
        clients = {role: _client(port, login) for role, login in floors.logins(bare, about).items()}
        load = os.getloadavg()[0]
        click.echo(f"{about.size}; {runs} runs each, load {load:.1f} on {os.cpu_count()} processors\n")
        click.echo("| page | warm | fastest | after an act | empty page | bare SQL | times the floor | limit | |")
        click.echo("|---|--:|--:|--:|--:|--:|--:|--:|---|")
        kept = [_row(clients, page, about, bare, runs) for page in _pages(about)]
        _acts(clients, about, bare, runs)
    return all(kept)


def _row(clients: dict[str, Client], page: Page, about: Subject, bare: sqlite3.Connection, runs: int) -> bool:
    warm, empty, sql = _in_turn(clients[page.role], page, about, bare, runs)
    cold = [_after_an_act(clients, page, about, bare) for _ in range(max(3, runs // 6))]
    times = median(warm) / (empty + sql)
    limit = page.limits[about.items_of_year > CITY] if page.limits else None
    within = times <= MOST_TIMES and (limit is None or median(warm) <= limit)
    verdict = ("KEPT" if within else "NOT KEPT") if page.limits else ""
    click.echo(
        f"| {page.title} | {median(warm):.1f} | {min(warm):.1f} | {median(cold):.1f} | {empty:.1f} | {sql:.1f} "
        f"| {times:.1f} | {limit or ''} | {verdict} |"
    )
    return within or page.limits is None


def _client(port: int, login: str) -> Client:
    client = Client(port)
    client.sign_in(login)
    return client


def _time(client: Client, path: str) -> float:
    start = time.perf_counter()
    status, _ = client.get(path)
    taken = 1000 * (time.perf_counter() - start)
    assert status == 200, f"{path} answered {status}"
    return taken


def _in_turn(
    client: Client, page: Page, about: Subject, bare: sqlite3.Connection, runs: int
) -> tuple[list[float], float, float]:
    """Of the page all times, of the empty page and of the SQL the median; the first of each turn does not count."""
    for _ in range(6):  # both workers are to know it
        _time(client, page.path)
    warm: list[float] = []
    empty: list[float] = []
    sql: list[float] = []
    for _ in range(max(1, runs // IN_A_TURN)):
        empty += [_time(client, "/healthz") for _ in range(IN_A_TURN + 1)][1:]
        warm += [_time(client, page.path) for _ in range(IN_A_TURN + 1)][1:]
        sql.append(floors.timed(bare, page.floor, about, IN_A_TURN))
    return warm, median(empty), median(sql)


def _after_an_act(clients: dict[str, Client], page: Page, about: Subject, bare: sqlite3.Connection) -> float:
    """What the page takes when a report was reviewed since it was last asked for."""
    _review(clients["clerk"], floors.next_to_review(bare, about))
    return _time(clients[page.role], page.path)


def _pages(about: Subject) -> list[Page]:
    plan, quarter = about.plan, about.quarter
    asked = f"plan={plan}&quarter={quarter}"
    return [
        Page("leader's page", "leader", f"/dashboard?{asked}", floors.BOARD, (15, 40)),
        Page("the list, worst first", "clerk", f"/items/?{asked}&sort=worst", floors.LIST, (10, 25)),
        Page("the list, its last page", "clerk", f"/items/?{asked}&page=10", floors.LIST, (10, 25)),
        Page("the list, words looked for", "clerk", f"/items/?{asked}&q=%E5%85%AC%E5%BC%80", floors.LIST, (10, 25)),
        Page("an item's page", "clerk", f"/items/{about.item}?{asked}", floors.ITEM, (10, 25)),
        Page("the plan as CSV", "clerk", f"/items/list.csv?{asked}", floors.LIST),
        Page("the year's plans as CSV", "clerk", f"/items/year.csv?{asked}", floors.YEAR, (500, 500)),
        Page("the clerk's page", "clerk", f"/?{asked}", floors.BOARD),
        Page("alerts", "clerk", "/alerts/", floors.OPEN_DUTIES),
        Page("reviews", "clerk", "/reviews/", floors.ITEM),
        Page("a unit's quarter", "unit", f"/reports/?{asked}", floors.ITEM),
        Page("the list as a unit sees it", "unit", f"/items/?{asked}", floors.LIST),
    ]


# The acts


def _acts(clients: dict[str, Client], about: Subject, bare: sqlite3.Connection, runs: int) -> None:
    """A review beside the bare writing of the same rows: one request and its answer, its transaction synced."""
    reviewed = [_review(clients["clerk"], floors.next_to_review(bare, about)) for _ in range(runs)]
    beneath = floors.bare_review(bare, about, runs)
    click.echo("\n| act | median | fastest | bare writing |\n|---|--:|--:|--:|")
    click.echo(f"| a review | {median(reviewed):.1f} | {min(reviewed):.1f} | {beneath:.1f} |")


def _review(client: Client, report: int) -> float:
    form = client.form(f"/reviews/{report}", "verdict-form")
    start = time.perf_counter()
    status, page = client.post(f"/reviews/{report}", form | {"verdict": "accept"})
    taken = 1000 * (time.perf_counter() - start)
    assert status in (302, 303), f"the review was answered {status}: {page[:300]!r}"
    return taken


if __name__ == "__main__":
    main()
