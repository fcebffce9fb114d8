"""What a snapshot says beside the reports: findings, instructions, notices, and where the three truths differ."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from tracker.ledger import inspection_lists
from tracker.ledger.db import db
from tracker.ledger.finding_lists import known_of
from tracker.ledger.inspection_results import entries_by
from tracker.ledger.instructions import Case, of_quarter
from tracker.ledger.standing import Key, Standings, report_facts
from tracker.ledger.tables.findings import Finding, FindingStep
from tracker.ledger.tables.inspections import InspectionPart
from tracker.ledger.tables.notices import Notice, NoticeMatter
from tracker.ledger.tables.plans import Item, Plan
from tracker.ledger.tables.reports import ReportVersion
from tracker.ledger.verified import differences as verified_differences
from tracker.ledger.verified import verified_classes
from tracker.rules import findings as rules
from tracker.rules.dates import written
from tracker.rules.findings import FindingAct, FindingState, Known
from tracker.rules.notices import number_of as notice_number
from tracker.rules.quarters import Quarter
from tracker.rules.reports import ProgressClass
from tracker.rules.snapshot_entries import (
    DifferenceEntry,
    FindingEntry,
    InstructionEntry,
    LightEntry,
    NoticeEntry,
    VerdictEntry,
)
from tracker.rules.standing import Standing

# Findings


def findings(plan: Plan, quarter: Quarter, as_of: date, unit_ids: Collection[int]) -> tuple[FindingEntry, ...]:
    """Those of the quarter, and of earlier quarters what was still open when it began; the most pressing first.

    One that is about no item is told where its unit has a part in the plan.
    """
    found = [finding for finding in _of_plan(plan, quarter, as_of, unit_ids) if _told(finding, quarter)]
    known = {finding.id: _known(finding, as_of) for finding in found}
    repeats, names = _repeats(plan.organisation_id, as_of, known.values())
    reported = _reported(plan, found, as_of)
    found.sort(key=lambda one: rules.pressure(known[one.id], as_of, repeat=bool(repeats.get(one.id))))
    return tuple(
        _entry(one, known[one.id], quarter, as_of, _repeat_words(repeats.get(one.id, ()), names), reported.get(one.id))
        for one in found
    )


def _of_plan(plan: Plan, quarter: Quarter, as_of: date, unit_ids: Collection[int]) -> list[Finding]:
    about_plan = or_(Item.plan_id == plan.id, and_(Finding.item_id.is_(None), Finding.unit_id.in_(unit_ids)))
    query = (
        select(Finding)
        .outerjoin(Item, Item.id == Finding.item_id)
        .where(
            Finding.organisation_id == plan.organisation_id,
            about_plan,
            Finding.quarter <= quarter,
            Finding.found_on <= as_of,
        )
        .order_by(Finding.id)
        .options(
            joinedload(Finding.unit),
            joinedload(Finding.item),
            selectinload(Finding.steps).joinedload(FindingStep.made_by),
        )
    )
    return list(db.session.scalars(query))


def _told(finding: Finding, quarter: Quarter) -> bool:
    if finding.quarter == quarter:
        return True
    settled_before = finding.closed_on is not None and finding.closed_on < quarter.start
    return finding.quarter.year == quarter.year and finding.notified_on is not None and not settled_before


def _known(finding: Finding, as_of: date) -> Known:
    """As it stood at the end of the day: its last step by then left it so."""
    steps = _steps(finding, as_of)
    state = steps[-1].state if steps else FindingState.OPEN
    notified = finding.notified_on if finding.notified_on and finding.notified_on <= as_of else None
    upheld = finding.unfounded and state is FindingState.CLOSED
    return replace(known_of(finding), state=state, notified_on=notified, unfounded=upheld)


def _steps(finding: Finding, as_of: date) -> list[FindingStep]:
    return [step for step in finding.steps if step.made_on <= as_of]


def _entry(
    finding: Finding, known: Known, quarter: Quarter, as_of: date, repeat: str, reported: ProgressClass | None
) -> FindingEntry:
    item, settled = finding.item, known.state is FindingState.CLOSED
    return FindingEntry(
        id=finding.id,
        unit_id=finding.unit_id,
        unit=finding.unit.name,
        item_id=finding.item_id,
        item_position=item.position if item else None,
        item=item.short if item else "",
        quarter=finding.quarter,
        source=finding.source,
        criterion=finding.criterion,
        problem=finding.problem,
        basis=finding.basis,
        demand=finding.demand,
        found_on=finding.found_on,
        due=finding.due,
        state=known.told,
        year=finding.year,
        number=finding.number if known.notified_on else None,
        notified_on=known.notified_on,
        closed_on=finding.closed_on if settled else None,
        unfounded=known.unfounded,
        carried=finding.quarter != quarter,
        days_overdue=known.days_overdue(as_of),
        repeat=repeat,
        measures=_last_text(finding, as_of, FindingAct.PLAN),
        result=_last_text(finding, as_of, FindingAct.SUBMIT),
        verified_by=_verified_by(finding, as_of),
        verified=finding.verified_class,
        reported=reported,
    )


def _last_text(finding: Finding, as_of: date, *acts: FindingAct) -> str:
    return next((step.text for step in reversed(_steps(finding, as_of)) if step.act in acts), "")


def _verified_by(finding: Finding, as_of: date) -> str:
    """The last word of whoever verified: who, when, what."""
    for step in reversed(_steps(finding, as_of)):
        if step.act in (FindingAct.CLOSE, FindingAct.RETURN, FindingAct.UPHOLD):
            name = step.made_by.name if step.made_by else "系统"
            return f"{name}（{written(step.made_on)}）：{step.text}"
    return ""


def _repeats(
    organisation_id: int, as_of: date, listed: Iterable[Known]
) -> tuple[dict[int, list[int]], Mapping[int, str]]:
    """By finding the earlier ones that it repeats, in whatever plan, and what each of those is called."""
    mine = {each.id: each for each in listed}
    found = db.session.scalars(
        select(Finding).where(Finding.organisation_id == organisation_id, Finding.found_on <= as_of)
    ).all()
    repeats = rules.repeated(mine.get(each.id) or known_of(each) for each in found)
    names = {each.id: rules.number_of(each.year, each.number) if each.number else each.quarter.label for each in found}
    return {id_: before for id_, before in repeats.items() if id_ in mine}, names


def _repeat_words(repeats: Sequence[int], names: Mapping[int, str]) -> str:
    before = "、".join(names[id_] for id_ in repeats)
    return f"屡查屡犯：第 {len(repeats) + 1} 次（此前：{before}）" if before else ""


def _reported(plan: Plan, found: Iterable[Finding], as_of: date) -> dict[int, ProgressClass]:
    """By finding, what its unit had reported of the item for the quarter of the finding."""
    about = [(one.id, one.quarter, (one.item_id, one.unit_id)) for one in found if one.item_id is not None]
    told = report_facts(ReportVersion.plan_id == plan.id, sorted({quarter for _, quarter, _ in about}), as_of)
    return {id_: said.progress_class for id_, quarter, key in about if (said := told[quarter].get(key))}


def verified(plan: Plan, quarter: Quarter, as_of: date) -> dict[Key, ProgressClass]:
    """By share, the class that an inspector last said."""
    words = verified_classes(plan.id, quarter, as_of)
    return {key: word.progress_class for key, word in words.items() if word.progress_class}


# What the inspection said


def verdicts(plan: Plan, quarter: Quarter, as_of: date) -> tuple[VerdictEntry, ...]:
    """Of every inspection of the quarter that was notified by then; of a unit that two looked at, both."""
    return tuple(
        entry
        for inspection in inspection_lists.of_quarter(plan.id, quarter, as_of)
        for entry in _verdicts(inspection.parts, as_of)
    )


def _verdicts(parts: Sequence[InspectionPart], as_of: date) -> Iterator[VerdictEntry]:
    by_part = entries_by([part.id for part in parts], as_of)
    for part in parts:
        for (item_id, criterion), entry in by_part.get(part.id, {}).items():
            yield VerdictEntry(
                unit_id=part.unit_id,
                item_id=item_id or None,
                criterion=criterion,
                verdict=entry.verdict.label,
                fact=entry.fact,
                evidence=(entry.link,) if entry.link else (),
                inspectors=(entry.made_by.name,) if entry.made_by else (),
                confirmed=part.known.told(as_of),
            )


# Instructions and notices


def instructions(plan: Plan, quarter: Quarter, as_of: date) -> tuple[InstructionEntry, ...]:
    return tuple(_instruction(case) for case in of_quarter(plan.id, quarter, as_of).cases)


def _instruction(case: Case) -> InstructionEntry:
    given, facts = case.instruction, case.facts
    return InstructionEntry(
        text=given.text,
        about=given.about,
        given_by=given.made_by.name if given.made_by else "系统",
        given_on=given.made_on,
        due=given.due,
        units=tuple(case.unit_names),
        state=case.state.label,
        light=LightEntry(case.lit.light, case.lit.reason),
        item_id=given.item_id,
        id=given.id,
        answered=sum(share.answer is not None for share in case.shares),
        closed=sum(share.closed is not None for share in case.shares),
        overdue=sum(each.overdue(case.as_of) for each in facts),
    )


def notices(plan: Plan, quarter: Quarter, as_of: date) -> tuple[NoticeEntry, ...]:
    """Those that were issued from the quarter's first day on and press for a duty of the plan, as they stand now."""
    query = (
        select(Notice)
        .where(
            Notice.organisation_id == plan.organisation_id,
            Notice.issued_on.between(quarter.start, as_of),
            Notice.matters.any(),
        )
        .order_by(Notice.issued_on, Notice.id)
        .options(joinedload(Notice.unit), selectinload(Notice.matters).joinedload(NoticeMatter.duty))
    )
    asked = (notice for notice in db.session.scalars(query) if any(m.duty.plan_id == plan.id for m in notice.matters))
    return tuple(_notice(notice) for notice in asked)


def _notice(notice: Notice) -> NoticeEntry:
    return NoticeEntry(
        kind=notice.kind.label,
        number=notice_number(notice.kind, notice.year, notice.number) if notice.number else "",
        unit=notice.unit.name,
        matter=notice.matter,
        issued_on=notice.issued_on or notice.proposed_on,
        reply_due=notice.reply_due,
        state=notice.state.label,
        received_by=notice.received_by,
    )


# Where the three truths differ


def differences(plan: Plan, quarter: Quarter, as_of: date, found: Standings) -> tuple[DifferenceEntry, ...]:
    """What the unit reports beside what was verified, and beside what the calendar says."""
    checked = (
        DifferenceEntry(each.item_id, each.unit_id, each.reported, each.verified.progress_class)
        for each in verified_differences(plan.id, quarter, as_of)
    )
    return (*checked, *_with_the_calendar(found))


def _with_the_calendar(found: Standings) -> Iterator[DifferenceEntry]:
    """Reported as going well, and overdue all the same."""
    for (item_id, unit_id), share in found.shares.items():
        report = found.reports.get((item_id, unit_id))
        if report and share.standing is Standing.OVERDUE and rules.differs(report.progress_class, None):
            yield DifferenceEntry(item_id, unit_id, report.progress_class, None, f"逾期 {share.days_overdue} 天")
