"""The unit head's page: how the head's own units stand, beside the middle of the others."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from tracker.ledger.db import db
from tracker.ledger.lights import lights_of
from tracker.ledger.standing import standings
from tracker.ledger.tables.plans import Plan
from tracker.ledger.tables.units import Unit
from tracker.ledger.workbench import collected_reports
from tracker.rules.comparisons import middle_of_others
from tracker.rules.lights import Light
from tracker.rules.quarters import Quarter
from tracker.rules.reports import Collected


@dataclass(frozen=True)
class UnitDesk:
    """`lights` counts the unit's items; `others` is the middle of the other units, in hundredths of their items.

    `others` is None where they are so few that the middle would tell how a single one stands.
    """

    unit: Unit
    lights: Counter[Light]
    others: Mapping[Light, int] | None
    reports: Counter[Collected]

    @property
    def items(self) -> int:
        return self.lights.total()

    def percent(self, light: Light) -> int:
        return round(100 * self.lights[light] / self.items) if self.items else 0


def unit_desks(plan: Plan, quarter: Quarter, as_of: date, unit_ids: Collection[int]) -> list[UnitDesk]:
    """One for each of the units that has a part in the plan."""
    found = standings(plan.id, quarter, as_of)
    lights, by_unit = lights_of(plan.organisation_id, found), defaultdict[int, Counter[Light]](Counter)
    for share in found.shares.values():
        by_unit[share.unit_id][lights.of(share).light] += 1
    reports = defaultdict[int, Counter[Collected]](Counter)
    for report in collected_reports(found):
        reports[report.unit_id][report.state] += 1
    own = db.session.scalars(select(Unit).where(Unit.id.in_(unit_ids)).order_by(Unit.position, Unit.id))
    return [
        UnitDesk(unit, by_unit[unit.id], middle_of_others(by_unit, unit.id, Light), reports[unit.id])
        for unit in own
        if unit.id in by_unit
    ]
