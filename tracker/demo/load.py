"""Loads the sample offices: each plan by the same path as an upload, then people, then what they reported."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path

import config
from tracker.demo import closing, extensions, findings, inspections, instructions, quarters
from tracker.demo.offices import OFFICES, Office
from tracker.ledger import accounts, alerts, calendar, files, imports, organisations, units
from tracker.ledger.acts import Act
from tracker.ledger.db import db, transaction
from tracker.ledger.tables.accounts import Person
from tracker.ledger.tables.imports import Draft
from tracker.ledger.tables.organisations import Organisation
from tracker.ledger.tables.plans import Plan
from tracker.ledger.tables.units import Unit
from tracker.reading.parse import parse
from tracker.rules.permissions import Role

# Known to everybody: the command that uses it refuses to run outside the demonstration.
PASSWORD = "Shili-2026"  # noqa: S105
SEEDS = config.ROOT / "seed_plans"
_MORNING = time(2)  # ten o'clock in Shanghai, as UTC

_UNITS_WITH_ACCOUNTS = 3  # the others' handlers report in the story alone
_POSTS = (
    ("clerk", "办公室工作人员（示例）", Role.GROUP_OFFICE),
    ("leader", "组长（示例）", Role.GROUP_LEADER),
    ("inspector", "检查员（示例）", Role.INSPECTOR),
    ("admin", "系统管理员（示例）", Role.SYS_ADMIN),
)


def load(folder: Path, today: date, progress: Callable[[str], None]) -> None:
    """Load the offices that are not there yet; each is one transaction, so that a broken start can be repeated."""
    with transaction():
        calendar.seed()
    for office in OFFICES:
        if organisations.named(office.name):
            continue
        with transaction():
            plan, reported = _open(office, folder, today)
            progress(f"{office.name}：{plan.title}，{len(plan.items)} 项任务，{reported} 份示例填报")


def _open(office: Office, folder: Path, today: date) -> tuple[Plan, int]:
    path = next(SEEDS.glob(f"{office.file}*"))
    content = path.read_bytes()
    parsed = parse(content, path.name)
    year = parsed.year or today.year
    start = min(date(year, 1, 8), today)
    program = organisations.found(office.name, datetime.combine(start, _MORNING, UTC), start, sample=True)
    _set_levels(program, office)
    register = _register(program, office)
    people, leader, inspector = _people(program, office, register)
    clerk = Act(program.organisation_id, people.clerk, program.at, start)
    stored = files.record(clerk, path.name, files.put(folder, content), len(content))
    draft = imports.open_draft(clerk, parsed, office.title or path.stem, stored)
    plan = _check(clerk, office, draft, year)
    reported = quarters.play(plan, people, today)
    extensions.play(plan, people, leader, today)
    instructions.play(plan, people, leader, today)
    findings.play(plan, people, inspector, today)
    inspections.play(plan, people, inspector, today)
    if office.closed:
        closing.play(plan, people.clerk, office.closed, today)
    alerts.raise_alerts(program.organisation_id, today)
    return plan, reported


def _set_levels(by: Act, office: Office) -> None:
    found = db.session.get_one(Organisation, by.organisation_id)
    stand = organisations.rules_of(found)
    organisations.set_rules(by, stand, replace(stand, review_levels=office.review_levels))


def _register(by: Act, office: Office) -> dict[str, Unit]:
    register = {name: units.add_unit(by, name, kind, sample=True) for name, kind in office.units}
    for name, members in office.groups.items():
        group = units.add_group(by, name)
        for member in members:
            units.join_group(by, group, register[member])
    for name, stands_for in office.aliases.items():
        units.add_alias(by, register[stands_for], name)
    return register


def _people(by: Act, office: Office, register: dict[str, Unit]) -> tuple[quarters.People, Person, Person]:
    """Those of the quarters' story, the leader and the inspector."""
    made = {}
    for login, name, role in _POSTS:
        made[login] = _person(by, f"{office.logins}-{login}", name)
        accounts.give_post(by, made[login], role)
    handlers = {}
    for number, (name, unit) in enumerate(register.items(), 1):
        bare = name.removesuffix("（示例）")
        password = PASSWORD if number <= _UNITS_WITH_ACCOUNTS else None
        handlers[unit.id] = _person(by, f"{office.logins}-unit{number}", f"{bare}经办人（示例）", password)
        accounts.give_post(by, handlers[unit.id], Role.UNIT_HANDLER, unit.id)
    return quarters.People(handlers, made["clerk"], _heads(by, office, register)), made["leader"], made["inspector"]


def _heads(by: Act, office: Office, register: dict[str, Unit]) -> dict[int, Person]:
    """Of an office that asks them; the first can sign in."""
    heads = {}
    for number, (name, unit) in enumerate(register.items() if office.review_levels > 1 else (), 1):
        bare = name.removesuffix("（示例）")
        password = PASSWORD if number == 1 else None
        heads[unit.id] = _person(by, f"{office.logins}-head{number}", f"{bare}负责人（示例）", password)
        accounts.give_post(by, heads[unit.id], Role.UNIT_HEAD, unit.id)
    return heads


def _person(by: Act, login: str, name: str, password: str | None = PASSWORD) -> Person:
    return accounts.add_person(by, login, name, password, must_change=False)


def _check(by: Act, office: Office, draft: Draft, year: int) -> Plan:
    """What the clerk adds by hand: the year where it is blanked out, units where none are named."""
    if draft.year is None:
        imports.set_facts(by, draft, draft.title.replace("xxxx", str(year)), draft.issuer, year, draft.version)
    for number, name in enumerate(office.takes_up):
        mine = [item.id for item in draft.items if (item.position - 1) % len(office.takes_up) == number]
        imports.assign(by, draft, mine, [name], lead=True)
        beside = [item.id for item in draft.items if item.position % len(office.takes_up) == number]
        imports.assign(by, draft, beside, [name], lead=False)
    for item in draft.items:
        imports.set_checked(by, draft, item, checked=True)
    return imports.confirm(by, draft)


def accounts_table() -> str:
    """The sample accounts, for the terminal."""
    lines = [f"示例账号（密码均为 {PASSWORD}）："]
    for office in OFFICES:
        first = office.units[0][0]
        lines.append(
            f"  {office.name}：办公室 {office.logins}-clerk，领导 {office.logins}-leader，"
            f"检查人员 {office.logins}-inspector，单位（{first}） {office.logins}-unit1，"
            f"{f'其负责人 {office.logins}-head1，' if office.review_levels > 1 else ''}管理员 {office.logins}-admin"
        )
    return "\n".join(lines)
