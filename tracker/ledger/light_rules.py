"""The office's light rules (亮灯规则): putting one in force from a day, and trying it before."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tracker.ledger import dated_rules, item_words
from tracker.ledger.acts import Act
from tracker.ledger.item_words import ItemWords
from tracker.ledger.lights import lights_of, under
from tracker.ledger.standing import standings
from tracker.ledger.tables.lights import LightRuleVersion
from tracker.ledger.tables.plans import Plan
from tracker.rules.items import ItemLine, Whose, item_lines
from tracker.rules.light_rules import as_json, check
from tracker.rules.lights import Light, LightRule
from tracker.rules.quarters import Quarter


def put_in_force(by: Act, rule: LightRule, starts_on: date) -> LightRuleVersion:
    """From that day on every light is given by it; days before keep the rule that they had."""
    check(rule)
    version = LightRuleVersion(name=rule.name, rule=as_json(rule), starts_on=starts_on)
    return dated_rules.put_in_force(by, version)


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
