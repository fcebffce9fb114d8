"""The office's light rules (亮灯规则): putting one in force from a day, taking it back, trying it before."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.ledger import events, item_words
from tracker.ledger.acts import Act
from tracker.ledger.db import db
from tracker.ledger.item_words import ItemWords
from tracker.ledger.lights import lights_of, under
from tracker.ledger.standing import standings
from tracker.ledger.tables.events import Event
from tracker.ledger.tables.lights import LightRuleVersion
from tracker.ledger.tables.plans import Plan
from tracker.rules.dates import written
from tracker.rules.items import ItemLine, Whose, item_lines
from tracker.rules.light_rules import as_json, check
from tracker.rules.lights import Light, LightRule
from tracker.rules.quarters import Quarter
from tracker.rules.refusals import Invalid, NotFound

FARTHEST = 366  # days ahead


def versions(organisation_id: int) -> list[LightRuleVersion]:
    """The last to come into force first."""
    of_office = select(LightRuleVersion).where(LightRuleVersion.organisation_id == organisation_id)
    newest_first = of_office.order_by(LightRuleVersion.starts_on.desc())
    return list(db.session.scalars(newest_first.options(joinedload(LightRuleVersion.made_by))))


def acts(organisation_id: int) -> list[Event]:
    """What was done to the rules, last first; those taken back are told here alone."""
    told = select(Event).where(Event.organisation_id == organisation_id, Event.record == "light_rule")
    return list(db.session.scalars(told.order_by(Event.number.desc()).options(joinedload(Event.person))))


def put_in_force(by: Act, rule: LightRule, starts_on: date) -> LightRuleVersion:
    """From that day on every light is given by it; days before keep the rule that they had."""
    check(rule)
    if not by.today <= starts_on <= by.today + timedelta(days=FARTHEST):
        raise Invalid(f"启用日期应为今天（{written(by.today)}）或以后，且不超过一年。")
    events.hold(by.organisation_id)
    known = {version.starts_on: version for version in versions(by.organisation_id)}
    if there := known.get(starts_on):
        raise Invalid(f"{written(starts_on)}已定有“{there.name}”，请改选其他日期，或先撤销尚未启用的那一条。")
    version = LightRuleVersion(
        organisation_id=by.organisation_id,
        name=rule.name,
        rule=as_json(rule),
        starts_on=starts_on,
        made_at=by.at,
        made_by_id=by.person_id,
    )
    db.session.add(version)
    db.session.flush()
    events.record(by, "put_in_force", "light_rule", version.id, after=_told(version))
    return version


def take_back(by: Act, version_id: int) -> LightRuleVersion:
    """Only before its first day: what was in force once has lit pages and papers."""
    version = db.session.get(LightRuleVersion, version_id)
    if version is None or version.organisation_id != by.organisation_id:
        raise NotFound
    if version.starts_on <= by.today:
        raise Invalid(f"“{version.name}”已于{written(version.starts_on)}启用，不能撤销；如需调整，请另行设定新规则。")
    events.record(by, "take_back", "light_rule", version.id, before=_told(version))
    db.session.delete(version)
    return version


def _told(version: LightRuleVersion) -> dict[str, object]:
    return {"name": version.name, "starts_on": version.starts_on.isoformat(), "rule": version.rule}


# Trying a rule before it is in force


@dataclass(frozen=True)
class Changed:
    item: ItemWords
    old: ItemLine
    new: ItemLine


@dataclass(frozen=True)
class Trial:
    """A plan's items in a quarter under the rule in force and under another, as things stand on the day."""

    plan: Plan
    quarter: Quarter
    as_of: date
    old: Counter[Light]
    new: Counter[Light]
    changed: Sequence[Changed]


def last_quarter(plan: Plan, today: date) -> Quarter:
    """The last quarter of the plan that is over, or its first."""
    first, last = Quarter(plan.year, 1), Quarter(plan.year, 4)
    return min(max(Quarter.of(today).previous, first), last)


def try_out(plan: Plan, rule: LightRule, as_of: date) -> Trial:
    """Nothing is kept of it."""
    quarter = last_quarter(plan, as_of)
    items = {item.id: item for item in item_words.outline(plan, as_of=as_of) if item.counts_in(quarter)}
    found = standings(plan.id, quarter, as_of)
    lights = lights_of(plan.organisation_id, found)
    old, new = (item_lines(items, found.shares.values(), Whose(), each) for each in (lights, under(rule, lights)))
    changed = [Changed(items[a.item_id], a, b) for a, b in zip(old, new, strict=True) if a.lit.light is not b.lit.light]
    return Trial(plan, quarter, as_of, _counts(old), _counts(new), changed)


def _counts(lines: Sequence[ItemLine]) -> Counter[Light]:
    return Counter(line.lit.light for line in lines)
