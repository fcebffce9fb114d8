"""Alerts: raising each step once, and showing what stands to those concerned."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, Date, Integer, Subquery, bindparam, select, true
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.interfaces import ORMOption

from tracker.ledger import events, memory
from tracker.ledger.alert_matters import COLUMNS, matters
from tracker.ledger.db import db
from tracker.ledger.raised import Matter, days_raised, matters_on
from tracker.ledger.standing import Scope
from tracker.ledger.tables.alerts import Alert
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.findings import Finding
from tracker.ledger.tables.instructions import Instruction, InstructionShare
from tracker.ledger.tables.messages import Preference
from tracker.ledger.tables.plans import Item, short_task
from tracker.ledger.tables.units import Unit
from tracker.ledger.touched import unless
from tracker.rules.alerts import AlertKind, AlertSubject, Audience
from tracker.rules.duties import DutyKind

LONGEST_WORDS = 40
Kept = TypeVar("Kept", Unit, Duty, InstructionShare, Finding)

# "ON CONFLICT DO NOTHING" is a word of these databases, not of all.
_INSERTS: dict[str, type[sqlite.Insert | postgresql.Insert]] = {
    "sqlite": sqlite.Insert,
    "postgresql": postgresql.Insert,
}


# Raising


def raise_alerts(organisation_id: int, as_of: date) -> int:
    """Enter the steps that hold on the day and that the ledger lacks; return how many were added.

    Run it as often as you like, and in as many processes: one alert per matter, step and audience is a constraint
    of the table, and what is entered is passed over.  One statement within the database: nothing is fetched, however
    much there is to raise, and nothing of the table is read beforehand, which would make SQLite copy all of it first.
    """
    events.hold(organisation_id)
    matter, values = matters(organisation_id, Audience, as_of)
    statement = _raising(matter, db.engine.dialect.name)
    options = {"preserve_rowcount": True}
    return int(db.session.connection().execute(statement, values, execution_options=options).rowcount)


@lru_cache(maxsize=10)
def _raising(matter: Subquery, dialect: str) -> sqlite.Insert | postgresql.Insert:
    told = (bindparam("of_office", type_=Integer), bindparam("on_day", type_=Date), matter.c.audience)
    calling = select(*told, *_columns(matter)).where(true())
    columns = ("organisation_id", "raised_on", "audience", *COLUMNS)
    return _INSERTS[dialect](Alert).on_conflict_do_nothing().from_select(columns, calling)


def _columns(matter: Subquery) -> list[ColumnElement[Any]]:
    return [matter.c[name] for name in COLUMNS]


def _of(matter: Subquery, audience: Audience) -> list[ColumnElement[bool]]:
    """What was raised on the matter for the audience, by the day that it is judged by now."""
    return [
        Alert.subject == matter.c.subject,
        Alert.subject_id == matter.c.subject_id,
        Alert.audience == audience,
        Alert.due == matter.c.due,
    ]


# Showing


@dataclass(frozen=True)
class StandingAlert:
    """A matter at its step: what it is, since when it stands there (None: it waits for the daily job), where it leads.

    `duty` is the duty or, for a returned report, the duty to report; `instruction` and `finding` are those that the
    alert is about; all are None for a unit that does not move.
    """

    subject: AlertSubject
    subject_id: int
    kind: AlertKind
    step: int
    due: date
    raised_on: date | None
    unit: Unit
    duty: Duty | None
    instruction: InstructionShare | None
    finding: Finding | None

    @property
    def unit_id(self) -> int:
        return self.unit.id

    @property
    def duty_id(self) -> int | None:
        return self.duty.id if self.duty else None

    @property
    def item(self) -> Item | None:
        if self.duty:
            return self.duty.item
        return self.instruction.instruction.item if self.instruction else self.finding.item if self.finding else None

    @property
    def title(self) -> str:
        """The item in short, or what stands in its place."""
        if self.item:
            return named(self.item.position, self.item.task)
        return self.instruction.instruction.about if self.instruction else "本单位各项任务"

    @property
    def what(self) -> str:
        """What is to be done about it."""
        if self.duty:
            return owed(self.duty.kind, self.duty.label)
        if self.instruction:
            return f"批示：{_shortened(self.instruction.instruction.text)}"
        return f"整改：{_shortened(self.finding.problem)}" if self.finding else "尚有未完成的任务"


@lru_cache(maxsize=4096)  # a night tells thousands of lines of few items
def named(position: int, task: str) -> str:
    return f"{position}. {short_task(task)}"


@lru_cache(maxsize=4096)
def owed(kind: DutyKind, label: str) -> str:
    return label if kind is DutyKind.QUARTER_REPORT else f"{kind.label}：{label}"


def _shortened(text: str) -> str:
    first = text.split("\n", 1)[0]
    return first if len(first) <= LONGEST_WORDS else f"{first[: LONGEST_WORDS - 1]}…"


class Tally(NamedTuple):
    """How many alerts stand, and how many of them the person has not marked as read."""

    standing: int
    unread: int


def standing_alerts(
    organisation_id: int,
    scope: Scope,
    as_of: date,
    *,
    audience: Audience = Audience.UNIT,
    kind: AlertKind | None = None,
    raised: bool = True,
    limit: int | None = None,
    offset: int = 0,
) -> list[StandingAlert]:
    """One for each matter that was raised and stands, or waits for that, the longest overdue first.

    What is done silences its own.
    """
    found = _matters(organisation_id, scope, as_of, audience, raised=raised)
    listed = found if kind is None else [each for each in found if each.kind is kind]
    return with_records(listed[offset:] if limit is None else listed[offset : offset + limit])


def count_alerts(
    organisation_id: int, scope: Scope, as_of: date, audience: Audience = Audience.UNIT, *, raised: bool = True
) -> Counter[AlertKind]:
    """How many of each kind stand, or wait to be raised."""
    return Counter(each.kind for each in _matters(organisation_id, scope, as_of, audience, raised=raised))


def _matters(organisation_id: int, scope: Scope, as_of: date, audience: Audience, *, raised: bool) -> list[Matter]:
    found = matters_on(organisation_id, audience, scope, as_of)
    return [each for each in found if (each.raised_on is not None) is raised]


def tally(organisation_id: int, scope: Scope, as_of: date, audience: Audience, person_id: int) -> Tally:
    days = days_raised(organisation_id, audience, scope, as_of)
    seen = memory.remembered(
        organisation_id,
        ("digest seen", person_id),
        make=lambda: db.session.scalar(select(Preference.digest_seen_on).where(Preference.person_id == person_id)),
        renew=lambda known, deeds: known and unless("preference")(known, deeds),
    )
    return Tally(days.total(), sum(number for day, number in days.items() if seen is None or day > seen))


def not_yet_raised(organisation_id: int, scope: Scope, as_of: date, audience: Audience = Audience.UNIT) -> int:
    """How many matters called for an alert on the day of which the daily job had still to raise the first."""
    return count_alerts(organisation_id, scope, as_of, audience, raised=False).total()


def with_records(rows: Sequence[Any]) -> list[StandingAlert]:
    """With all that is said of them: a fixed number of questions, however many rows."""
    plan = joinedload(Item.plan)
    units = _records(Unit, (row.unit_id for row in rows))
    duties = _records(Duty, (row.duty_id for row in rows), joinedload(Duty.item).options(plan))
    instruction = joinedload(InstructionShare.instruction).joinedload(Instruction.item).options(plan)
    shares = _records(InstructionShare, _ids(rows, AlertSubject.INSTRUCTION), instruction)
    findings = _records(Finding, _ids(rows, AlertSubject.RECTIFICATION), joinedload(Finding.item).options(plan))
    return [
        StandingAlert(
            subject=row.subject,
            subject_id=row.subject_id,
            kind=row.kind,
            step=row.step,
            due=row.due,
            raised_on=row.raised_on,
            unit=units[row.unit_id],
            duty=duties.get(row.duty_id),
            instruction=shares.get(row.subject_id) if row.subject is AlertSubject.INSTRUCTION else None,
            finding=findings.get(row.subject_id) if row.subject is AlertSubject.RECTIFICATION else None,
        )
        for row in rows
    ]


def _records(table: type[Kept], ids: Iterable[int | None], *options: ORMOption) -> dict[int, Kept]:
    wanted = {each for each in ids if each is not None}
    if not wanted:
        return {}
    found = db.session.scalars(select(table).where(table.id.in_(wanted)).options(*options))
    return {each.id: each for each in found}


def _ids(rows: Sequence[Any], subject: AlertSubject) -> Iterable[int]:
    return (row.subject_id for row in rows if row.subject is subject)
