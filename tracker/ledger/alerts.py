"""Alerts: raising each step once, and showing what stands to those concerned."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import CTE, ColumnElement, Date, Select, Subquery, and_, func, literal, or_, select, true
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased, joinedload
from sqlalchemy.orm.interfaces import ORMOption
from sqlalchemy.orm.util import AliasedClass

from tracker.ledger import events, memory
from tracker.ledger.alert_matters import COLUMNS, matters_for
from tracker.ledger.db import db
from tracker.ledger.raised import matters_on
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
from tracker.rules.digests import DigestLine
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
    matter = matters_for(Audience, organisation_id, None, as_of)
    calling = select(literal(organisation_id), literal(as_of), matter.c.audience, *_columns(matter)).where(true())
    columns = ("organisation_id", "raised_on", "audience", *COLUMNS)
    insert = _INSERTS[db.engine.dialect.name](Alert).on_conflict_do_nothing().from_select(columns, calling)
    options = {"preserve_rowcount": True}
    return int(db.session.connection().execute(insert, execution_options=options).rowcount)


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
    """A matter at its step: what it is, since when it stands there, and where it leads.

    `duty` is the duty or, for a returned report, the duty to report; `instruction` and `finding` are those that the
    alert is about; all are None for a unit that does not move.
    """

    subject: AlertSubject
    subject_id: int
    kind: AlertKind
    step: int
    due: date
    raised_on: date
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
            return _named(self.item.position, self.item.task)
        return self.instruction.instruction.about if self.instruction else "本单位各项任务"

    @property
    def what(self) -> str:
        """What is to be done about it."""
        if self.duty:
            return _owed(self.duty.kind, self.duty.label)
        if self.instruction:
            return f"批示：{_shortened(self.instruction.instruction.text)}"
        return f"整改：{_shortened(self.finding.problem)}" if self.finding else "尚有未完成的任务"


def _named(position: int, task: str) -> str:
    return f"{position}. {short_task(task)}"


def _owed(kind: DutyKind, label: str) -> str:
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
    limit: int | None = None,
    offset: int = 0,
) -> list[StandingAlert]:
    """One for each matter that was raised and stands, longest overdue first: what is done silences its own."""
    found = [each for each in matters_on(organisation_id, audience, scope, as_of) if each.raised_on]
    listed = found if kind is None else [each for each in found if each.kind is kind]
    return _with_records(listed[offset:] if limit is None else listed[offset : offset + limit])


def raised_by_unit(organisation_id: int, audience: Audience, day: date) -> dict[int, Counter[AlertKind]]:
    """How many of each kind were raised on the day, by unit."""
    then = _raised_then(Alert, organisation_id, audience, day)
    query = select(Alert.unit_id, Alert.kind, func.count()).where(*then)
    found: dict[int, Counter[AlertKind]] = defaultdict(Counter)
    for unit_id, kind, number in db.session.execute(query.group_by(Alert.unit_id, Alert.kind)):
        found[unit_id][kind] = number
    return found


class Raised(NamedTuple):
    """A line of a digest and its place among others: the longest due comes first."""

    due: date
    alert_id: int
    line: DigestLine


def first_raised(organisation_id: int, audience: Audience, day: date, most: int) -> dict[int, list[Raised]]:
    """By unit so many of what was raised on the day, the most pressing first.

    One question for all of them; nearly all are about duties, and columns are read, not records.
    """
    rows = db.session.connection().execute(_first_raised(organisation_id, audience, day, most)).all()
    others = _not_of_duties([row[0] for row in rows if row[-1] is None])
    found: dict[int, list[Raised]] = defaultdict(list)
    for alert_id, unit_id, kind, due, unit, owed, label, position, task in rows:
        if other := others.get(alert_id):
            title, what = other.title, other.what
        else:
            title, what = _named(position, task), _owed(owed, label)
        found[unit_id].append(Raised(due, alert_id, DigestLine(unit, title, what, kind, due)))
    return found


def _first_raised(
    organisation_id: int, audience: Audience, day: date, most: int
) -> Select[int, int, AlertKind, date, str, DutyKind, str, int, str]:
    """Up to the last of each unit that is told, which the index finds: to number all rows would take far longer."""
    then = _raised_then(Alert, organisation_id, audience, day)
    last = _last_told(organisation_id, audience, day, most)
    told = and_(Alert.unit_id == last.c.unit_id, Alert.due <= last.c.due)
    of_duty = (Duty.kind, Duty.label, Item.position, Item.task)
    return (
        select(Alert.id, Alert.unit_id, Alert.kind, Alert.due, Unit.name, *of_duty)
        .join(last, told)
        .join(Unit, Unit.id == Alert.unit_id)
        .outerjoin(Duty, Duty.id == Alert.duty_id)
        .outerjoin(Item, Item.id == Duty.item_id)
        .where(*then, or_(Alert.due < last.c.due, Alert.id <= last.c.alert_id))
        .order_by(Alert.unit_id, Alert.due, Alert.id)
    )


def _last_told(organisation_id: int, audience: Audience, day: date, most: int) -> CTE:
    """Of each unit the place of the alert after which no more are told; behind everything where there are fewer."""
    other = aliased(Alert)
    of_unit = (*_raised_then(other, organisation_id, audience, day), other.unit_id == Unit.id)
    last = select(other.due).where(*of_unit).order_by(other.due, other.id).offset(most - 1).limit(1)
    due = func.coalesce(last.scalar_subquery(), date.max, type_=Date)
    alert_id = func.coalesce(last.with_only_columns(other.id).scalar_subquery(), 0)
    place = select(Unit.id.label("unit_id"), due.label("due"), alert_id.label("alert_id"))
    # Without this word SQLite would look both up anew for every alert.
    return place.where(Unit.organisation_id == organisation_id).cte("last_told").prefix_with("MATERIALIZED")


def _not_of_duties(ids: Sequence[int]) -> dict[int, StandingAlert]:
    if not ids:
        return {}
    columns = [getattr(Alert, name) for name in (*COLUMNS, "raised_on")]
    rows = db.session.execute(select(*columns).where(Alert.id.in_(ids)).order_by(Alert.id)).all()
    return dict(zip(sorted(ids), _with_records(rows), strict=True))


def _raised_then(
    alert: type[Alert] | AliasedClass[Alert], organisation_id: int, audience: Audience, day: date
) -> list[ColumnElement[bool]]:
    return [alert.organisation_id == organisation_id, alert.audience == audience, alert.raised_on == day]


def count_alerts(
    organisation_id: int, scope: Scope, as_of: date, audience: Audience = Audience.UNIT
) -> Counter[AlertKind]:
    """How many of each kind stand."""
    return Counter(each.kind for each in matters_on(organisation_id, audience, scope, as_of) if each.raised_on)


def tally(organisation_id: int, scope: Scope, as_of: date, audience: Audience, person_id: int) -> Tally:
    raised = [day for each in matters_on(organisation_id, audience, scope, as_of) if (day := each.raised_on)]
    seen = memory.remembered(
        organisation_id,
        ("digest seen", person_id),
        make=lambda: db.session.scalar(select(Preference.digest_seen_on).where(Preference.person_id == person_id)),
        renew=lambda known, deeds: known and unless("preference")(known, deeds),
    )
    return Tally(len(raised), sum(seen is None or day > seen for day in raised))


def not_yet_raised(organisation_id: int, scope: Scope, as_of: date, audience: Audience = Audience.UNIT) -> int:
    """How many matters called for an alert on the day of which the daily job had still to raise the first."""
    return sum(each.raised_on is None for each in matters_on(organisation_id, audience, scope, as_of))


def _with_records(rows: Sequence[Any]) -> list[StandingAlert]:
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
