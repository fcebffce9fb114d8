"""What the inspection sheets and the notices of rectification say of a sealed quarter."""

from collections.abc import Iterable, Sequence

from tracker.printing.wordings import deadline
from tracker.rules.findings import RectificationPaper
from tracker.rules.inspection_results import Verdict, question_of, worst
from tracker.rules.inspection_sheets import CheckedUnit, InspectedItem, InspectionSheets, Judged, UnitSheet
from tracker.rules.refusals import NotFound
from tracker.rules.snapshot_entries import ShareEntry, VerdictEntry
from tracker.rules.snapshots import Snapshot


def inspection_sheets(snapshot: Snapshot, unit_id: int | None = None) -> InspectionSheets:
    """Of every unit, or of one alone; raise NotFound where it has no part in the plan."""
    asked = tuple(
        UnitSheet(
            unit.name,
            tuple(_item(snapshot, share) for share in snapshot.shares_by_unit.get(unit.id, ())),
            _checked([entry for entry in snapshot.verdicts if entry.unit_id == unit.id]),
        )
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
        edition=snapshot.edition,
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
        judged=tuple(_judged(entry) for entry in _said(snapshot, share)),
        verified_class=share.verified.label if share.verified else "",
    )


def _said(snapshot: Snapshot, share: ShareEntry) -> Iterable[VerdictEntry]:
    key = (share.item_id, share.unit_id)
    return (entry for entry in snapshot.verdicts if (entry.item_id, entry.unit_id) == key)


def _judged(entry: VerdictEntry) -> Judged:
    return Judged(entry.criterion, question_of(entry.criterion), _VERDICTS.get(entry.verdict), entry.fact)


_VERDICTS = {verdict.label: verdict for verdict in Verdict}


def _checked(entries: Sequence[VerdictEntry]) -> CheckedUnit | None:
    """What the seal kept of the check of one unit; None where it was not checked."""
    if not entries:
        return None
    criteria = dict.fromkeys(entry.criterion for entry in entries)
    return CheckedUnit(
        title="",
        number="",
        methods=(),
        criteria=tuple(_of_unit([entry for entry in entries if entry.criterion == name]) for name in criteria),
        checkers=tuple(dict.fromkeys(name for entry in entries for name in entry.inspectors)),
        checked_on=None,
        confirmation=next((entry.confirmed for entry in entries if entry.confirmed), ""),
    )


def _of_unit(entries: Sequence[VerdictEntry]) -> Judged:
    """Of the unit as a whole; else the worst of its items, with the facts of all that are as bad."""
    whole = next((entry for entry in entries if entry.item_id is None), None)
    if whole:
        return _judged(whole)
    verdict = worst(_VERDICTS[entry.verdict] for entry in entries if entry.verdict in _VERDICTS)
    facts = dict.fromkeys(entry.fact for entry in entries if verdict and entry.verdict == verdict.label and entry.fact)
    name = entries[0].criterion
    return Judged(name, question_of(name), verdict, "；".join(fact.rstrip("。；") for fact in facts))


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
        edition=snapshot.edition,
    )
