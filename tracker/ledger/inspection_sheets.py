"""The figures of the quarterly inspection sheet, read from the ledger."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from tracker.ledger import plans, units
from tracker.ledger.db import db
from tracker.ledger.lights import lights_of
from tracker.ledger.standing import Standings, report_versions, standings
from tracker.ledger.tables.organisations import Organisation
from tracker.ledger.tables.plans import Item, Plan
from tracker.ledger.tables.reports import ReportVersion
from tracker.rules.inspection_sheets import InspectedItem, InspectionSheets, UnitSheet
from tracker.rules.lateness import late_lines
from tracker.rules.lights import Lights, Lit
from tracker.rules.quarters import Quarter
from tracker.rules.standing import ShareStanding


def inspection_sheets(plan: Plan, quarter: Quarter, as_of: date, unit_id: int | None = None) -> InspectionSheets:
    """A sheet for each unit of the plan, in the order of the register, or for one unit alone."""
    organisation = db.session.get_one(Organisation, plan.organisation_id)
    scope = None if unit_id is None else frozenset({unit_id})
    found = standings(plan.id, quarter, as_of, scope)
    lights = lights_of(plan.organisation_id, found)
    texts = report_versions(plan.id, quarter, as_of)
    items = {item.id: item for item in plans.items_of(plan, as_of=as_of)}
    by_unit: dict[int, list[ShareStanding]] = defaultdict(list)
    for share in found.shares.values():
        by_unit[share.unit_id].append(share)
    return InspectionSheets(
        organisation=organisation.name,
        plan=plan.title,
        quarter=quarter,
        as_of=as_of,
        check_word=organisation.check_word,
        units=tuple(
            UnitSheet(unit.name, _items(by_unit[unit.id], items, found, lights, texts))
            for unit in units.units_of(plan.organisation_id)
            if unit.id in by_unit
        ),
        sample=organisation.sample,
    )


def _items(
    shares: list[ShareStanding],
    items: Mapping[int, Item],
    found: Standings,
    lights: Lights,
    texts: Mapping[tuple[int, int], ReportVersion],
) -> tuple[InspectedItem, ...]:
    ordered = sorted(shares, key=lambda share: items[share.item_id].position)
    return tuple(
        _inspected(share, items[share.item_id], found, lights.of(share), texts.get((share.item_id, share.unit_id)))
        for share in ordered
    )


def _inspected(
    share: ShareStanding, item: Item, found: Standings, lit: Lit, version: ReportVersion | None
) -> InspectedItem:
    key = (share.item_id, share.unit_id)
    report = found.reports.get(key)
    return InspectedItem(
        number=item.position,
        section=item.heading if item.section else "",
        task=item.task,
        goal=item.goal,
        role="牵头" if share.lead else "配合",
        targets=tuple(target.text for target in item.targets),
        deadlines=tuple(deadline.text for deadline in item.deadlines),
        light_sign=lit.light.sign,
        light_word=lit.light.label,
        standing=lit.reason,
        late=tuple(late_lines(found.duties[key], found.quarter, found.as_of)),
        report_state=report.state.label if report else "",
        progress_class=report.progress_class.label if report else "",
        progress=version.progress if version else "",
        achievements=version.achievements if version else "",
        problems=version.problems if version else "",
        next_steps=version.next_steps if version else "",
    )
