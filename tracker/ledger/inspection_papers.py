"""What the papers of an inspection say: its notice (检查通知) and its summary (检查汇总表)."""

from collections.abc import Mapping, Sequence
from datetime import date

from tracker.ledger import inspection_findings, inspection_results, verified
from tracker.ledger.db import db
from tracker.ledger.tables.findings import Finding
from tracker.ledger.tables.inspections import Inspection, InspectionEntry, InspectionPart
from tracker.ledger.tables.organisations import Organisation
from tracker.rules import inspection_results as result_rules
from tracker.rules import inspections as rules
from tracker.rules.dates import written
from tracker.rules.findings import FindingState
from tracker.rules.inspection_notice import InspectionNotice, Visit, drawn_words
from tracker.rules.inspection_summary import InspectedUnitRow, InspectionSummary, VerdictCounts, counted
from tracker.rules.inspections import Method
from tracker.rules.refusals import NotFound


def notice(inspection: Inspection, today: date, part: InspectionPart | None = None) -> InspectionNotice:
    """The office's copy, or that of one unit; what is not notified yet reads as it would if it went out today.

    Number: `year` and `number` of the inspection, written by `rules.inspections.number_of`; they count the notices of
    inspection of an organisation by year without gaps, and are given by `inspections.notify` alone.
    """
    organisation = db.session.get_one(Organisation, inspection.organisation_id)
    told = [part] if part else [each for each in inspection.parts if not each.excused]
    return InspectionNotice(
        year=inspection.year,
        number=inspection.number,
        issuer=f"{organisation.name}领导小组办公室",
        addressee=part.unit.name if part else "各被检查单位",
        dated=inspection.notified_on or today,
        check_word=organisation.check_word,
        plan=inspection.plan.title,
        quarter=inspection.quarter.label,
        title=inspection.title,
        basis=inspection.basis,
        criteria=tuple((name, result_rules.question_of(name)) for name in inspection.criteria),
        methods=methods_of(inspection),
        starts_on=inspection.starts_on,
        ends_on=inspection.ends_on,
        self_check_due=inspection.self_check_due,
        answer_days=inspection.answer_days,
        team=team_words(inspection),
        drawn=drawn(inspection),
        visits=tuple(_visit(each) for each in told),
        received=f"{part.received_by}　{written(part.received_on)}" if part and part.received_on else "",
        sample=organisation.sample,
    )


def _visit(part: InspectionPart) -> Visit:
    in_charge = (part.checker.name,) if part.checker else ()
    return Visit(part.unit.name, part.visit_on, in_charge, len(part.items))


def methods_of(inspection: Inspection) -> tuple[str, ...]:
    return tuple(Method(each).label for each in inspection.methods)


def team_words(inspection: Inspection) -> tuple[str, ...]:
    """Each with the post under which the notice names them."""
    return tuple(f"{member.person.name}（{member.role}）" for member in inspection.team)


def drawn(inspection: Inspection) -> str:
    return drawn_words(
        inspection.reach,
        len(inspection.parts),
        len(inspection.roster),
        inspection.seed,
        inspection.draws,
        by_group=inspection.by_group,
    )


def any_inspection(inspection_id: int) -> Inspection:
    """The inspection of whatever organisation: for commands, which run with the rights of the machine."""
    found = db.session.get(Inspection, inspection_id)
    if found is None:
        raise NotFound(f"没有编号为 {inspection_id} 的检查。")
    return found


# The summary


def summary(inspection: Inspection, as_of: date) -> InspectionSummary:
    """Units by criteria, as the checkers' verdicts stood at the end of the day."""
    organisation = db.session.get_one(Organisation, inspection.organisation_id)
    ids = [part.id for part in inspection.parts]
    entries = inspection_results.entries_by(ids, as_of)
    found = inspection_findings.findings_of(ids)
    apart = _apart_by_unit(inspection, as_of)
    concluded = inspection.concluded_on is not None and inspection.concluded_on <= as_of
    return InspectionSummary(
        organisation=organisation.name,
        plan=inspection.plan.title,
        quarter=inspection.quarter,
        as_of=as_of,
        check_word=organisation.check_word,
        title=inspection.title,
        number=rules.number_of(inspection.year, inspection.number) if inspection.number else "",
        basis=inspection.basis,
        methods=methods_of(inspection),
        criteria=tuple(inspection.criteria),
        drawn=drawn(inspection),
        checkers=team_words(inspection),
        starts_on=inspection.starts_on,
        ends_on=inspection.ends_on,
        state=inspection.state.label,
        rows=tuple(
            _row(part, entries.get(part.id, {}), found.get(part.id, ()), apart.get(part.unit_id, 0), as_of)
            for part in inspection.parts
        ),
        conclusion=inspection.conclusion if concluded else "",
        concluded_on=inspection.concluded_on if concluded else None,
        sample=organisation.sample,
    )


def _apart_by_unit(inspection: Inspection, as_of: date) -> dict[int, int]:
    """By unit how many of its items were verified as another class than it reported."""
    by_unit: dict[int, int] = {}
    for each in verified.differences(inspection.plan_id, inspection.quarter, as_of):
        by_unit[each.unit_id] = by_unit.get(each.unit_id, 0) + 1
    return by_unit


def _row(
    part: InspectionPart,
    entries: Mapping[tuple[int, str], InspectionEntry],
    found: Sequence[Finding],
    differing: int,
    as_of: date,
) -> InspectedUnitRow:
    mine = [finding for finding in found if finding.found_on <= as_of]
    return InspectedUnitRow(
        unit_id=part.unit_id,
        unit=part.unit.name,
        visited_on=part.visit_on,
        checkers=checkers_of(part, entries),
        items=len(part.items),
        counts=tuple(_counts(part, criterion, entries) for criterion in part.inspection.criteria),
        findings=len(mine),
        closed=sum(finding.state is FindingState.CLOSED for finding in mine),
        differing=differing,
        confirmation=part.known.told(as_of),
        excused=part.excused,
    )


def checkers_of(part: InspectionPart, entries: Mapping[tuple[int, str], InspectionEntry]) -> tuple[str, ...]:
    """Who found it so; before anything was found, who is to look."""
    authors = (entry.made_by.name for entry in entries.values() if entry.made_by)
    return tuple(dict.fromkeys(authors)) or ((part.checker.name,) if part.checker else ())


def _counts(part: InspectionPart, criterion: str, entries: Mapping[tuple[int, str], InspectionEntry]) -> VerdictCounts:
    places = [(item_id or 0, criterion) for item_id in (part.items or [None])]
    return counted(entries[place].verdict if place in entries else None for place in places)
