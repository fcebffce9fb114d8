"""Why a light is what it is: the rule, its clauses as they were tried, and the figures that were compared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.ledger import dated_rules, units
from tracker.ledger.lights import by_hand, findings_late, rule_on, seen
from tracker.ledger.standing import Scope, standings_of_item
from tracker.ledger.tables.findings import Finding
from tracker.ledger.tables.lights import LightRuleVersion
from tracker.ledger.tables.plans import Item
from tracker.ledger.tables.units import Unit
from tracker.rules.lights import LightRule, Lights, Lit, Tried, tried
from tracker.rules.quarters import Quarter
from tracker.rules.refusals import NotFound
from tracker.rules.scheduled import Scheduled
from tracker.rules.standing import DutyFacts, DutyState, ShareStanding


@dataclass(frozen=True)
class Reasons:
    """Of one unit's share in a quarter, on a day.  `since` is None for the rule that holds where none was set.

    `others` are the lights of all units of the item that are in reach, this one among them.
    """

    item: Item
    unit: Unit
    quarter: Quarter
    as_of: date
    share: ShareStanding
    lit: Lit
    computed: Lit
    rule: LightRule
    since: date | None
    tried: Sequence[Tried]
    duties: Sequence[DutyFacts]
    scheduled: Sequence[Scheduled]
    findings: Sequence[Finding]
    others: Mapping[Unit, Lit]


def reasons(item: Item, unit_id: int, quarter: Quarter, as_of: date, scope: Scope) -> Reasons:
    """Raise NotFound where the unit has no share in the quarter, or none in reach."""
    found = standings_of_item(item.id, [quarter], as_of, scope)[quarter]
    share = found.shares.get((item.id, unit_id))
    if share is None:
        raise NotFound
    office, version = item.organisation_id, dated_rules.version_on(LightRuleVersion, item.organisation_id, as_of)
    known = seen(office, found)
    lights = Lights(rule_on(office, as_of), known.facts, by_hand(office, as_of))
    register = [unit for unit in units.units_of(office) if (item.id, unit.id) in found.shares]
    return Reasons(
        item=item,
        unit=next(unit for unit in register if unit.id == unit_id),
        quarter=quarter,
        as_of=as_of,
        share=share,
        lit=lights.of(share),
        computed=lights.computed(share),
        rule=lights.rule,
        since=version.starts_on if version else None,
        tried=tried(lights.facts_of(share), lights.rule),
        duties=_compared(found.duties[item.id, unit_id], quarter, as_of),
        scheduled=known.scheduled.get((item.id, unit_id), []),
        findings=findings_late(item.id, unit_id, as_of),
        others={unit: lights.of(found.shares[item.id, unit.id]) for unit in register},
    )


def _compared(duties: Sequence[DutyFacts], quarter: Quarter, as_of: date) -> list[DutyFacts]:
    """Those with a date that are still to be done, the most pressing first, then those of the quarter done late."""
    waiting = [duty for duty in duties if duty.state(as_of) in (DutyState.OVERDUE, DutyState.OPEN)]
    late = [duty for duty in duties if duty.quarter == quarter and duty.state(as_of) is DutyState.DONE_LATE]
    return [*sorted(waiting, key=lambda duty: (duty.days_left(as_of) or 0, duty.id)), *late]
