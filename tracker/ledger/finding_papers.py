"""What the papers of rectification say: the notice (整改通知书) and the register (整改台账)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from tracker.ledger.db import db
from tracker.ledger.finding_lists import Line, numbers
from tracker.ledger.findings import findings_by_id
from tracker.ledger.standing import Scope
from tracker.ledger.tables.findings import Finding, FindingStep
from tracker.ledger.tables.organisations import Organisation
from tracker.ledger.tables.plans import Item, Plan
from tracker.rules import findings as rules
from tracker.rules.dates import written
from tracker.rules.findings import FindingAct, FindingSource, RectificationPaper, RectificationRegister, RegisterRow
from tracker.rules.quarters import Quarter


def notice(finding: Finding, today: date) -> RectificationPaper:
    """What is not notified yet reads as it would if it went out today."""
    organisation = db.session.get_one(Organisation, finding.organisation_id)
    return RectificationPaper(
        year=finding.year,
        number=finding.number,
        issuer=f"{organisation.name}领导小组办公室",
        addressee=finding.unit.name,
        dated=finding.notified_on or today,
        check_word=organisation.check_word,
        source=finding.source,
        criterion=finding.criterion,
        item=finding.item.short if finding.item else "",
        problem=finding.problem,
        basis=finding.basis,
        demand=finding.demand,
        due=finding.due,
        measures=finding.measures,
        result=finding.result,
        verified=_verified(finding),
        evidence=tuple(proof for step in finding.steps if step.act is FindingAct.SUBMIT for proof in _proofs(step)),
        closed_on=None if finding.unfounded else finding.closed_on,
        sample=organisation.sample,
    )


def _proofs(step: FindingStep) -> Iterator[str]:
    """What was handed in with a step: a file's name, an address."""
    yield from filter(None, (step.file.name if step.file else "", step.link))


def example(organisation: Organisation, today: date) -> RectificationPaper:
    """One that was never issued, to see a template filled; it says so itself."""
    return RectificationPaper(
        year=today.year,
        number=1,
        issuer=f"{organisation.name}领导小组办公室",
        addressee="示例单位",
        dated=today,
        check_word=organisation.check_word,
        source=FindingSource.INSPECTION,
        criterion=rules.CRITERIA[0],
        item="示例任务",
        problem="这里是存在的问题。",
        basis="这里是检查依据。",
        demand="这里是整改要求。",
        due=today + timedelta(days=14),
        sample=True,
    )


def notified(plan: Plan, quarter: Quarter) -> list[Finding]:
    """Of the plan's items and the quarter, in the order of their numbers."""
    query = select(Finding).join(Finding.item).where(Item.plan_id == plan.id, Finding.quarter == quarter)
    query = query.where(Finding.number.is_not(None)).order_by(Finding.year, Finding.number)
    return list(db.session.scalars(query.options(joinedload(Finding.unit), contains_eager(Finding.item))))


def register(organisation: Organisation, listed: Sequence[Line], scope: Scope, today: date) -> RectificationRegister:
    """A line to each, in the order given."""
    found = findings_by_id(organisation.id, [line.known.id for line in listed], scope)
    names = numbers({id_ for line in listed for id_ in line.repeats})
    rows = (_register_row(finding, line, names, today) for finding, line in zip(found, listed, strict=True))
    return RectificationRegister(f"{organisation.name}问题整改台账", today, tuple(rows), organisation.sample)


def _register_row(finding: Finding, line: Line, names: Mapping[int, str], today: date) -> RegisterRow:
    days = line.known.days_overdue(today)
    return RegisterRow(
        number=rules.number_of(finding.year, finding.number) if finding.number else "",
        unit=finding.unit.name,
        item=f"{finding.item.position}. {finding.item.short}" if finding.item else "",
        quarter=finding.quarter.label,
        source=finding.source.label,
        criterion=finding.criterion,
        problem=finding.problem,
        basis=finding.basis,
        demand=finding.demand,
        notified_on=finding.notified_on,
        due=finding.due,
        state=line.known.told,
        standing=f"整改逾期 {days} 天" if days else "",
        repeat=_repeat_words(line.repeats, names),
        measures=finding.measures,
        result=finding.result,
        verified=_verified(finding),
        closed_on=finding.closed_on,
    )


def _repeat_words(repeats: Iterable[int], names: Mapping[int, str]) -> str:
    before = [names[id_] for id_ in repeats]
    return f"屡查屡犯：第 {len(before) + 1} 次（此前：{'、'.join(before)}）" if before else ""


def _verified(finding: Finding) -> str:
    """The last word of whoever verified: who, when, what."""
    for step in reversed(finding.steps):
        if step.act in (FindingAct.CLOSE, FindingAct.RETURN, FindingAct.UPHOLD):
            name = step.made_by.name if step.made_by else "系统"
            return f"{name}（{written(step.made_on)}）：{step.text}"
    return ""
