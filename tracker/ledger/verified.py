"""Verified progress classes (核实等次): set by inspectors, read beside what units report.

One place answers "what has been verified" for every page and paper: `verified_classes` for a plan and quarter as of a
day, `differences` where it is another word than the unit's, `tally` for the three truths.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, or_, select, true

from tracker.ledger import accounts, events
from tracker.ledger.acts import Act
from tracker.ledger.db import db
from tracker.ledger.standing import Key, Scope, report_facts
from tracker.ledger.tables.accounts import Person
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.findings import Finding
from tracker.ledger.tables.inspections import Inspection, InspectionPart
from tracker.ledger.tables.plans import Item
from tracker.ledger.tables.reports import ReportVersion
from tracker.ledger.tables.verified import VerifiedClass
from tracker.rules import inspections as inspection_rules
from tracker.rules import verified as rules
from tracker.rules.findings import differs
from tracker.rules.inspections import check_apart, check_length
from tracker.rules.quarters import Quarter
from tracker.rules.refusals import Invalid, Refusal
from tracker.rules.reports import ProgressClass
from tracker.rules.verified import Verified, VerifiedBy


@dataclass(frozen=True)
class Said:
    """What an inspector says of a share; `progress_class` None takes an earlier word back."""

    progress_class: ProgressClass | None
    reason: str = ""
    inspection: Inspection | None = None


def say(by: Act, item: Item, unit_id: int, quarter: Quarter, said: Said, key: str) -> VerifiedClass:
    """Set the verified class beside the unit's own; never by somebody of the unit.  The same key is the same act."""
    events.hold(by.organisation_id)
    of_key = (VerifiedClass.organisation_id == by.organisation_id, VerifiedClass.key == key)
    if before := db.session.scalar(select(VerifiedClass).where(*of_key)):
        if (before.item_id, before.unit_id, before.progress_class) != (item.id, unit_id, said.progress_class):
            raise Refusal("同一提交编号已用于其他内容，本次未保存。请刷新页面后重新提交。")
        return before
    check_apart(unit_id, accounts.own_units(by.person, by.today) if by.person else ())
    if said.inspection:
        team = [member.person_id for member in said.inspection.team]
        inspection_rules.check_in_team(by.person_id, team)
    if not db.session.scalar(select(exists().where(Duty.item_id == item.id, Duty.unit_id == unit_id))):
        raise Invalid(f"该单位不承担第 {item.position} 项任务，请重新选择。")
    row = VerifiedClass(
        organisation_id=by.organisation_id,
        item_id=item.id,
        unit_id=unit_id,
        quarter=quarter,
        progress_class=said.progress_class,
        reason=check_length("核实说明", said.reason, rules.LONGEST_REASON),
        inspection_id=said.inspection.id if said.inspection else None,
        key=key,
        said_on=by.today,
        said_at=by.at,
        said_by_id=by.person_id,
    )
    db.session.add(row)
    db.session.flush()
    about = {"item_id": item.id, "unit_id": unit_id, "quarter": str(quarter)}
    after = about | {"class": said.progress_class, "reason": row.reason}
    events.record(by, "say", "verified_class", row.id, after=after)
    return row


# Reading


def verified_classes(plan_id: int, quarter: Quarter, as_of: date, scope: Scope = None) -> dict[Key, Verified]:
    """By share (item and unit) the inspector's last word by then: from checks, and from findings that stand."""
    return by_quarter(plan_id, [quarter], as_of, scope)[quarter]


def by_quarter(
    plan_id: int, quarters: Sequence[Quarter], as_of: date, scope: Scope = None
) -> dict[Quarter, dict[Key, Verified]]:
    return _read(Item.plan_id == plan_id, quarters, as_of, scope)


def of_share(item_id: int, unit_id: int, quarter: Quarter, as_of: date) -> Verified | None:
    return _read(Item.id == item_id, [quarter], as_of, frozenset({unit_id}))[quarter].get((item_id, unit_id))


def _read(
    condition: ColumnElement[bool], quarters: Sequence[Quarter], as_of: date, scope: Scope
) -> dict[Quarter, dict[Key, Verified]]:
    said: dict[Quarter, dict[Key, list[Verified]]] = {quarter: defaultdict(list) for quarter in quarters}
    for quarter, key, word in (
        *_checked(condition, quarters, as_of, scope),
        *_found(condition, quarters, as_of, scope),
    ):
        said[quarter][key].append(word)
    return {
        quarter: {key: last for key, words in of_quarter.items() if (last := rules.last_word(words))}
        for quarter, of_quarter in said.items()
    }


def _checked(
    condition: ColumnElement[bool], quarters: Sequence[Quarter], as_of: date, scope: Scope
) -> Iterable[tuple[Quarter, Key, Verified]]:
    """Of each share the last row by then; one without a class is no word any more."""
    mine = true() if scope is None else and_(VerifiedClass.unit_id.in_(scope), _is_told())
    rows = db.session.execute(
        select(VerifiedClass, Person.name)
        .join(VerifiedClass.item)
        .outerjoin(Person, Person.id == VerifiedClass.said_by_id)
        .where(condition, VerifiedClass.quarter.in_(quarters), VerifiedClass.said_on <= as_of, mine)
        .order_by(VerifiedClass.id)
    )
    last = {(row.quarter, row.item_id, row.unit_id): (row, name) for row, name in rows}
    for (quarter, item_id, unit_id), (row, name) in last.items():
        if row.progress_class is not None:
            word = Verified(
                row.progress_class, VerifiedBy.CHECK, row.said_on, row.inspection_id, row.reason, name or "系统"
            )
            yield quarter, (item_id, unit_id), word


def _is_told() -> ColumnElement[bool]:
    """Of a row: a unit reads it once the facts of that inspection lie with it, or where it belongs to none."""
    mine = (
        InspectionPart.inspection_id == VerifiedClass.inspection_id,
        InspectionPart.unit_id == VerifiedClass.unit_id,
    )
    return or_(VerifiedClass.inspection_id.is_(None), exists().where(*mine, InspectionPart.facts_on.is_not(None)))


def _found(
    condition: ColumnElement[bool], quarters: Sequence[Quarter], as_of: date, scope: Scope
) -> Iterable[tuple[Quarter, Key, Verified]]:
    mine = true() if scope is None else and_(Finding.unit_id.in_(scope), Finding.notified_on.is_not(None))
    rows = db.session.execute(
        select(Finding, Person.name)
        .join(Finding.item)
        .outerjoin(Person, Person.id == Finding.found_by_id)
        .where(condition, Finding.quarter.in_(quarters), Finding.found_on <= as_of, Finding.unfounded.is_(False), mine)
        .order_by(Finding.id)
    )
    for row, name in rows:
        assert row.item_id is not None  # joined by it
        word = Verified(row.verified_class, VerifiedBy.FINDING, row.found_on, row.id, row.problem, name or "系统")
        yield row.quarter, (row.item_id, row.unit_id), word


@dataclass(frozen=True)
class Difference:
    """A share of which the unit's word is another than the inspector's."""

    item_id: int
    unit_id: int
    reported: ProgressClass | None
    verified: Verified


def differences(plan_id: int, quarter: Quarter, as_of: date, scope: Scope = None) -> list[Difference]:
    """Each share once, in the order of item and unit."""
    words = verified_classes(plan_id, quarter, as_of, scope)
    told = and_(ReportVersion.plan_id == plan_id, ReportVersion.item_id.in_({item_id for item_id, _ in words}))
    reports = report_facts(told, [quarter], as_of)[quarter]
    compared = (
        Difference(*key, reports[key].progress_class if key in reports else None, word)
        for key, word in sorted(words.items())
    )
    return [each for each in compared if differs(each.reported, each.verified.progress_class)]


def tally(words: Mapping[Key, Verified]) -> Counter[ProgressClass]:
    """How many shares were verified as each class; where only a finding without a class stands, none was."""
    return Counter(word.progress_class for word in words.values() if word.progress_class is not None)


@dataclass(frozen=True)
class Compared:
    """What a unit reports of an item, and what was verified; either may be missing."""

    reported: ProgressClass | None
    verified: Verified | None

    @property
    def differs(self) -> bool:
        return self.verified is not None and differs(self.reported, self.verified.progress_class)


def compared(plan_id: int, quarter: Quarter, as_of: date, unit_id: int) -> dict[int, Compared]:
    """By item of one unit, for those who may read all of it."""
    words = {key: word for key, word in verified_classes(plan_id, quarter, as_of).items() if key[1] == unit_id}
    told = and_(ReportVersion.plan_id == plan_id, ReportVersion.unit_id == unit_id)
    reports = report_facts(told, [quarter], as_of)[quarter]
    keys = {*words, *reports}
    return {key[0]: Compared(reports[key].progress_class if key in reports else None, words.get(key)) for key in keys}
