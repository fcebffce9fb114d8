"""What inspections of a quarter found at each unit, for the quarter's sheet: the last one that judged the unit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.ledger import inspection_findings, inspection_lists, inspection_results
from tracker.ledger.inspection_papers import checkers_of, methods_of
from tracker.ledger.tables.findings import Finding
from tracker.ledger.tables.inspections import InspectionEntry, InspectionPart
from tracker.ledger.tables.plans import Plan
from tracker.rules import findings as finding_rules
from tracker.rules import inspection_results as result_rules
from tracker.rules import inspections as rules
from tracker.rules.inspection_sheets import CheckedUnit, Judged
from tracker.rules.quarters import Quarter

Entries = Mapping[tuple[int, str], InspectionEntry]


@dataclass(frozen=True)
class Check:
    """`items` are the verdicts on each item; items without any are left out."""

    unit: CheckedUnit
    items: Mapping[int, tuple[Judged, ...]]


def checks(plan: Plan, quarter: Quarter, as_of: date) -> dict[int, Check]:
    """By unit; units of which nothing was judged by then are left out, and their sheets stay blank."""
    parts = [part for each in inspection_lists.of_quarter(plan.id, quarter, as_of) for part in each.parts]
    ids = [part.id for part in parts]
    entries, found = inspection_results.entries_by(ids, as_of), inspection_findings.findings_of(ids)
    judged = (part for part in parts if part.id in entries)
    return {part.unit_id: _check(part, entries[part.id], found.get(part.id, ()), as_of) for part in judged}


def _check(part: InspectionPart, entries: Entries, found: Sequence[Finding], as_of: date) -> Check:
    inspection = part.inspection
    return Check(
        CheckedUnit(
            title=inspection.title,
            number=rules.number_of(inspection.year, inspection.number) if inspection.number else "",
            methods=methods_of(inspection),
            criteria=tuple(_of_unit(criterion, entries) for criterion in inspection.criteria),
            checkers=checkers_of(part, entries),
            checked_on=max(entry.made_on for entry in entries.values()),
            confirmation=part.known.on(as_of).told(as_of),
            findings=tuple(_named(finding) for finding in found if finding.found_on <= as_of),
        ),
        {item_id: _of_item(item_id, part, entries) for item_id, _ in entries if item_id},
    )


def _of_item(item_id: int, part: InspectionPart, entries: Entries) -> tuple[Judged, ...]:
    places = ((criterion, entries.get((item_id, criterion))) for criterion in part.inspection.criteria)
    return tuple(Judged(name, "", entry.verdict, entry.fact) for name, entry in places if entry)


def _of_unit(criterion: str, entries: Entries) -> Judged:
    """Of the unit as a whole; else the worst of its items, with the facts of all that are as bad."""
    whole = entries.get((0, criterion))
    if whole:
        return Judged(criterion, result_rules.question_of(criterion), whole.verdict, whole.fact)
    of_items = [entry for (_, name), entry in entries.items() if name == criterion]
    verdict = result_rules.worst(entry.verdict for entry in of_items)
    facts = dict.fromkeys(entry.fact for entry in of_items if entry.verdict is verdict and entry.fact)
    return Judged(
        criterion, result_rules.question_of(criterion), verdict, "；".join(fact.rstrip("。；") for fact in facts)
    )


def _named(finding: Finding) -> str:
    return finding_rules.number_of(finding.year, finding.number) if finding.number else "待通知"
