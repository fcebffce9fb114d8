"""What the whole suite stands on: a migrated database, a standing cast, and a clock that stands still.

The cast: a county (示例县) with its clerk, leader, inspector and administrator, a handler and a colleague at
县司法局, another handler at 东镇; and a clerk and a handler of the neighbouring county, who are strangers.
"""

import shutil
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade

from config import Settings
from tests.remembering import compared
from tracker import clock, create_app
from tracker.ledger import accounts, calendar, memory, organisations, passwords, plans, units
from tracker.ledger.acts import Act
from tracker.ledger.db import db, transaction
from tracker.ledger.tables.accounts import Person
from tracker.ledger.tables.plans import Origin, Plan
from tracker.ledger.tables.units import Unit, UnitKind
from tracker.rules.deadlines import Deadline, DeadlineKind, Every
from tracker.rules.permissions import Role
from tracker.rules.targets import Op, Per, Target

# A quick hash: what a password costs is tried where passwords are, with the product's own hasher.
passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

TODAY = date(2025, 4, 3)
PASSWORD = "Sample-2025"  # noqa: S105


def noon(day: date) -> datetime:
    """Noon in Shanghai on that day, as an instant."""
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


@dataclass
class Cast:
    """Logins and ids of the standing cast; every record is one that a test may look up again."""

    county: int
    neighbour: int
    plan: int
    units: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    items: list[int] = field(default_factory=list)

    def act(self, login: str = "clerk", on: date = TODAY) -> Act:
        """An act of that person; inside an application context."""
        person = db.session.get_one(Person, self.people[login])
        return Act(person.organisation_id, person, noon(on), on)


@pytest.fixture(autouse=True)
def move_to(monkeypatch: pytest.MonkeyPatch) -> Callable[[date], None]:
    """Stop the clock at TODAY; call the fixture to move it."""

    def move(day: date) -> None:
        monkeypatch.setattr(clock, "now", lambda: noon(day))

    move(TODAY)
    return move


@pytest.fixture(autouse=True)
def recounted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the suite does: each value that is taken from memory must be the one that would be made anew."""
    monkeypatch.setattr(memory, "remembered", compared)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database, migrated once for the whole suite."""
    folder = tmp_path_factory.mktemp("migrated")
    with _app(folder).app_context():
        upgrade()
        db.engine.dispose()
    return folder


@pytest.fixture(scope="session")
def peopled(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> tuple[Path, Cast]:
    """The migrated database with the cast and a confirmed plan, made once for the whole suite."""
    folder = tmp_path_factory.mktemp("peopled")
    shutil.copy(migrated / "ledger.db", folder / "ledger.db")
    with _app(folder).app_context():
        cast = _make_cast()
        db.engine.dispose()
    return folder, cast


def _app(folder: Path) -> Flask:
    return create_app(
        Settings(
            demo=True,
            secret_key="a key for tests alone, and long enough",  # noqa: S106
            data=folder,
            database_url=f"sqlite:///{folder / 'ledger.db'}",
            fonts=Path(__file__).parents[1] / "build" / "fonts",
            timezone="Asia/Shanghai",
            https=False,
            upload_bytes=20 * 1024 * 1024,
            idle_minutes=30,
        )
    )


def _opened(folder: Path) -> Iterator[Flask]:
    app = _app(folder)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def bare_app(migrated: Path, tmp_path: Path) -> Iterator[Flask]:
    """The application on an empty, migrated database."""
    shutil.copy(migrated / "ledger.db", tmp_path / "ledger.db")
    yield from _opened(tmp_path)


@pytest.fixture
def app(peopled: tuple[Path, Cast], tmp_path: Path) -> Iterator[Flask]:
    """The application on a database with the cast and its plan.  CSRF is off but for its own tests."""
    shutil.copy(peopled[0] / "ledger.db", tmp_path / "ledger.db")
    yield from _opened(tmp_path)


@pytest.fixture
def cast(peopled: tuple[Path, Cast]) -> Cast:
    return peopled[1]


@pytest.fixture
def app_context(app: Flask) -> Iterator[Flask]:
    """An application context for tests of the ledger; not for those that send requests."""
    with app.app_context():
        yield app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Nobody: signed out."""
    return app.test_client()


@pytest.fixture
def as_(app: Flask, cast: Cast) -> Callable[[str], FlaskClient]:
    """`as_("clerk")` is a client that is signed in as that person."""

    def signed_in(login: str) -> FlaskClient:
        with app.app_context():
            person = db.session.get_one(Person, cast.people[login])
            key = f"{person.id}.{person.session_key}"
        client = app.test_client()
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = key, True
        return client

    return signed_in


def _make_cast() -> Cast:
    with transaction():
        calendar.seed()
        founded = date(2025, 1, 6)
        by = organisations.found("示例县", noon(founded), founded)
        neighbour = organisations.found("邻县", noon(founded), founded)
        cast = Cast(by.organisation_id, neighbour.organisation_id, 0)
        register = _make_units(by, cast)
        _make_people(by, cast)
        _make_strangers(neighbour, cast)
        plan = _make_plan(by, register)
        cast.plan, cast.items = plan.id, [item.id for item in plan.items]
    return cast


def _make_units(by: Act, cast: Cast) -> dict[str, Unit]:
    kinds = {
        "县司法局": UnitKind.DEPARTMENT,
        "县行政审批局": UnitKind.DEPARTMENT,
        "东镇": UnitKind.TOWN,
        "西镇": UnitKind.TOWN,
    }
    made = {name: units.add_unit(by, name, kind) for name, kind in kinds.items()}
    towns = units.add_group(by, "各镇(园区、街道)")
    for name in ("东镇", "西镇"):
        units.join_group(by, towns, made[name])
    cast.units.update({name: unit.id for name, unit in made.items()})
    return made


def _make_people(by: Act, cast: Cast) -> None:
    posts = {
        "clerk": (Role.GROUP_OFFICE, None),
        "leader": (Role.GROUP_LEADER, None),
        "inspector": (Role.INSPECTOR, None),
        "viewer": (Role.VIEWER, None),
        "admin": (Role.SYS_ADMIN, None),
        "handler": (Role.UNIT_HANDLER, "县司法局"),
        "colleague": (Role.UNIT_HEAD, "县司法局"),
        "town": (Role.UNIT_HANDLER, "东镇"),
    }
    for login, (role, unit) in posts.items():
        person = accounts.add_person(by, login, f"{login}（示例）", PASSWORD, must_change=False)
        accounts.give_post(by, person, role, cast.units[unit] if unit else None)
        cast.people[login] = person.id


def _make_strangers(by: Act, cast: Cast) -> None:
    cast.units["邻县司法局"] = units.add_unit(by, "县司法局").id
    for login, role, unit in (
        ("stranger", Role.GROUP_OFFICE, None),
        ("strange_handler", Role.UNIT_HANDLER, cast.units["邻县司法局"]),
    ):
        person = accounts.add_person(by, login, f"{login}（示例）", PASSWORD, must_change=False)
        accounts.give_post(by, person, role, unit)
        cast.people[login] = person.id


def _make_plan(by: Act, register: dict[str, Unit]) -> Plan:
    """Three items: one with a rate and a date, one for every town each year, one that comes back each quarter."""
    towns = units.groups_of(by.organisation_id)[0]
    says = Origin.DOCUMENT
    return plans.register(
        by,
        plans.PlanFacts("2025年政务公开工作计划", "示例县政府办公室", 2025),
        [
            plans.ItemFacts(
                section=["深化决策公开"],
                number="1.",
                task="预公开重大行政决策草案。",
                goal="2025年8月底前建成专栏，预公开率达95%。",
                responsible=[(register["县司法局"], True, "县司法局", says), (towns, False, towns.name, says)],
                targets=[("预公开率达95%", Target(Op.AT_LEAST, Decimal(95), "%"), says)],
                deadlines=[("2025年8月底前", Deadline(DeadlineKind.DATE, due=date(2025, 8, 31)), says)],
            ),
            plans.ItemFacts(
                section=["深化决策公开"],
                number="2.",
                task="定期开展“政府开放日”活动。",
                responsible=[(register["县行政审批局"], True, "县行政审批局", says), (towns, False, towns.name, says)],
                targets=[("每年不少于1次", Target(Op.AT_LEAST, Decimal(1), "次", Per.YEAR), says)],
            ),
            plans.ItemFacts(
                section=["强化监督"],
                number="3.",
                task="每季度检查各单位政务公开工作。",
                responsible=[(register["县司法局"], True, "县司法局", says)],
                deadlines=[("每季度", Deadline(DeadlineKind.RECURRING, every=Every.QUARTER), says)],
            ),
        ],
    )


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None, None, None]:
    """After pytest's own summary, as the very last line: what was not tried."""
    yield
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    missed = [report for report in reporter.stats.get("skipped", []) if "browser" in report.keywords]
    if missed:
        reporter.write_line(
            f"Not tried: {len(missed)} browser tests, for want of a browser (as root: deploy/browser.sh)."
        )
