"""What the inspection sheets and the notices of rectification say of a sealed quarter."""

from tracker.printing.wordings import deadline
from tracker.rules.findings import RectificationPaper
from tracker.rules.inspection_sheets import InspectedItem, InspectionSheets, UnitSheet
from tracker.rules.refusals import NotFound
from tracker.rules.snapshots import ShareEntry, Snapshot


def inspection_sheets(snapshot: Snapshot, unit_id: int | None = None) -> InspectionSheets:
    """Of every unit, or of one alone; raise NotFound where it has no part in the plan."""
    asked = tuple(
        UnitSheet(unit.name, tuple(_item(snapshot, share) for share in snapshot.shares_by_unit.get(unit.id, ())))
        for unit in snapshot.units
        if unit_id in (None, unit.id)
    )
    if unit_id is not None and not asked:
        raise NotFound
    return InspectionSheets(
        organisation=snapshot.organisation,
        plan=snapshot.plan,
        quarter=snapshot.quarter,
        as_of=snapshot.as_of,
        check_word=snapshot.check_word,
        units=asked,
        sample=snapshot.sample,
    )


def _item(snapshot: Snapshot, share: ShareEntry) -> InspectedItem:
    item = snapshot.item_by_id[share.item_id]
    return InspectedItem(
        number=item.position,
        section=item.heading if item.section else "",
        task=item.task,
        goal=item.goal,
        role=share.role,
        targets=tuple(target.text for target in item.targets),
        deadlines=tuple(map(deadline, item.deadlines)),
        light_sign=share.light.light.sign,
        light_word=share.light.light.label,
        standing=share.light.reason,
        late=share.late,
        report_state=share.report_state.label if share.report_state else "",
        progress_class=share.progress_class.label if share.progress_class else "",
        progress=share.progress,
        achievements=share.achievements,
        problems=share.problems,
        next_steps=share.next_steps,
    )


def rectification(snapshot: Snapshot, finding_id: int) -> RectificationPaper:
    """The notice of one finding as it stood at the seal; raise NotFound for one that the quarter does not have."""
    finding = next((each for each in snapshot.findings if each.id == finding_id), None)
    if finding is None:
        raise NotFound
    return RectificationPaper(
        year=finding.year,
        number=finding.number,
        issuer=snapshot.office,
        addressee=finding.unit,
        dated=finding.notified_on or snapshot.as_of,
        check_word=snapshot.check_word,
        source=finding.source,
        criterion=finding.criterion,
        item=finding.item,
        problem=finding.problem,
        basis=finding.basis,
        demand=finding.demand,
        due=finding.due,
        measures=finding.measures,
        result=finding.result,
        verified=finding.verified_by,
        closed_on=None if finding.unfounded else finding.closed_on,
        sample=snapshot.sample,
    )
