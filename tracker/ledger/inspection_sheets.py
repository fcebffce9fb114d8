"""The figures of the quarterly inspection sheet, read from the ledger."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tracker.ledger import plans, units
from tracker.ledger.db import db
from tracker.ledger.inspection_checks import Check, checks
from tracker.ledger.lights import lights_of
from tracker.ledger.standing import Key, Scope, Standings, report_versions, standings
from tracker.ledger.tables.organisations import Organisation
from tracker.ledger.tables.plans import Item, Plan
from tracker.ledger.tables.reports import ReportVersion
from tracker.ledger.verified import verified_classes
from tracker.rules.inspection_sheets import InspectedItem, InspectionSheets, Judged, UnitSheet
from tracker.rules.lateness import late_lines
from tracker.rules.lights import Lights
from tracker.rules.quarters import Quarter
from tracker.rules.standing import ShareStanding
from tracker.rules.verified import Verified


def inspection_sheets(plan: Plan, quarter: Quarter, as_of: date, unit_id: int | None = None) -> InspectionSheets:
    """A sheet for each unit of the plan, in the order of the register, or for one unit alone."""
    organisation = db.session.get_one(Organisation, plan.organisation_id)
    told = _Told.of(plan, quarter, as_of, None if unit_id is None else frozenset({unit_id}))
    checked = checks(plan, quarter, as_of)
    by_unit: dict[int, list[ShareStanding]] = defaultdict(list)
    for share in told.found.shares.values():
        by_unit[share.unit_id].append(share)
    return InspectionSheets(
        organisation=organisation.name,
        plan=plan.title,
        quarter=quarter,
        as_of=as_of,
        check_word=organisation.check_word,
        units=tuple(
            _sheet(unit.name, told, by_unit[unit.id], checked.get(unit.id))
            for unit in units.units_of(plan.organisation_id)
            if unit.id in by_unit
        ),
        sample=organisation.sample,
    )


@dataclass(frozen=True)
class _Told:
    """What is read once for all sheets."""

    found: Standings
    lights: Lights
    texts: Mapping[Key, ReportVersion]
    words: Mapping[Key, Verified]
    items: Mapping[int, Item]

    @classmethod
    def of(cls, plan: Plan, quarter: Quarter, as_of: date, scope: Scope) -> "_Told":
        found = standings(plan.id, quarter, as_of, scope)
        return cls(
            found,
            lights_of(plan.organisation_id, found),
            report_versions(plan.id, quarter, as_of),
            verified_classes(plan.id, quarter, as_of),
            {item.id: item for item in plans.items_of(plan, as_of=as_of)},
        )


def _sheet(unit: str, told: _Told, shares: list[ShareStanding], check: Check | None) -> UnitSheet:
    ordered = sorted(shares, key=lambda share: told.items[share.item_id].position)
    judged = check.items if check else {}
    items = (_inspected(share, told, judged.get(share.item_id, ())) for share in ordered)
    return UnitSheet(unit, tuple(items), check.unit if check else None)


def _inspected(share: ShareStanding, told: _Told, judged: tuple[Judged, ...]) -> InspectedItem:
    key, found, item = (share.item_id, share.unit_id), told.found, told.items[share.item_id]
    report, lit = found.reports.get(key), told.lights.of(share)
    version, word = told.texts.get(key), told.words.get(key)
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
        judged=judged,
        verified_class=word.progress_class.label if word and word.progress_class else "",
    )
