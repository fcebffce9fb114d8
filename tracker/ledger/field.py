"""What a checker takes along (实地检查): the units to be checked, with items, what each reports, and what stands."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from tracker.ledger import inspection_results, plans, verified
from tracker.ledger.db import db
from tracker.ledger.standing import report_versions
from tracker.ledger.tables.inspections import Inspection, InspectionChecker, InspectionPart, InspectionResult
from tracker.ledger.tables.plans import Item
from tracker.ledger.tables.reports import ReportVersion
from tracker.ledger.verified import Compared
from tracker.rules import inspections as rules

Results = Mapping[tuple[int | None, str], InspectionResult]


@dataclass(frozen=True)
class FieldItem:
    """An item as it stands at the unit: its words, what the unit reports, and the class beside it."""

    item: Item
    report: ReportVersion | None
    compared: Compared


@dataclass(frozen=True)
class FieldPart:
    """`results` are the checkers' verdicts, `self_check` the unit's own of itself."""

    part: InspectionPart
    items: Sequence[FieldItem]
    results: Results
    self_check: Results

    @property
    def inspection(self) -> Inspection:
        return self.part.inspection


def parts_of(organisation_id: int, person_id: int, own_units: Collection[int], as_of: date) -> list[FieldPart]:
    """Of the inspections under way in whose team the person is, all units but the person's own; by day of the visit."""
    query = (
        select(InspectionPart)
        .join(InspectionPart.inspection)
        .where(
            Inspection.organisation_id == organisation_id,
            Inspection.state.in_(rules.UNDER_WAY),
            Inspection.team.any(InspectionChecker.person_id == person_id),
            InspectionPart.unit_id.not_in(own_units),
            InspectionPart.excused == "",
        )
        .order_by(InspectionPart.visit_on, InspectionPart.id)
        .options(
            joinedload(InspectionPart.unit),
            joinedload(InspectionPart.checker),
            joinedload(InspectionPart.inspection).options(joinedload(Inspection.plan), selectinload(Inspection.team)),
        )
    )
    parts = list(db.session.scalars(query))
    results = inspection_results.by_part([part.id for part in parts], by_unit=False)
    selfs = inspection_results.by_part([part.id for part in parts], by_unit=True)
    told = {inspection.id: _Told.of(inspection, as_of) for inspection in {part.inspection for part in parts}}
    return [
        FieldPart(part, told[part.inspection_id].items(part), results.get(part.id, {}), selfs.get(part.id, {}))
        for part in parts
    ]


@dataclass(frozen=True)
class _Told:
    """What is read once for all units of an inspection."""

    by_id: Mapping[int, Item]
    reports: Mapping[tuple[int, int], ReportVersion]
    compared: Mapping[tuple[int, int], Compared]

    @classmethod
    def of(cls, inspection: Inspection, as_of: date) -> "_Told":
        wanted = {item_id for part in inspection.parts for item_id in part.items}
        items = plans.items_of(inspection.plan, only=wanted, as_of=as_of)
        reports = report_versions(inspection.plan_id, inspection.quarter, as_of)
        words = verified.verified_classes(inspection.plan_id, inspection.quarter, as_of)
        keys = {*reports, *words}
        compared = {
            key: Compared(reports[key].progress_class if key in reports else None, words.get(key)) for key in keys
        }
        return cls({item.id: item for item in items}, reports, compared)

    def items(self, part: InspectionPart) -> list[FieldItem]:
        keys = [(item_id, part.unit_id) for item_id in part.items if item_id in self.by_id]
        none = Compared(None, None)
        return [FieldItem(self.by_id[key[0]], self.reports.get(key), self.compared.get(key, none)) for key in keys]


def part_of(organisation_id: int, part_id: int) -> InspectionPart | None:
    """Whoever may record in it is asked by the verb."""
    query = select(InspectionPart).join(InspectionPart.inspection)
    return db.session.scalar(
        query.where(InspectionPart.id == part_id, Inspection.organisation_id == organisation_id).options(
            joinedload(InspectionPart.inspection), joinedload(InspectionPart.unit)
        )
    )
