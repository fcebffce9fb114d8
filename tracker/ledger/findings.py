"""Findings (检查问题) and their rectification (整改): recorded, notified, mended, verified, closed.

Each finding has a number and a notice of its own, for it is closed by that number (一事一号，逐项销号); several of
them may go out in one act.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, func, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from tracker.ledger import accounts, events, tidings
from tracker.ledger.acts import Act
from tracker.ledger.db import db
from tracker.ledger.standing import Scope
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.files import StoredFile
from tracker.ledger.tables.findings import Finding, FindingStep
from tracker.ledger.tables.plans import Item
from tracker.ledger.tables.units import Unit
from tracker.rules import findings as rules
from tracker.rules.dates import written
from tracker.rules.evidence import check_link
from tracker.rules.findings import FindingAct, FindingSource, FindingState
from tracker.rules.permissions import Action
from tracker.rules.quarters import Quarter
from tracker.rules.refusals import Forbidden, Invalid, NotFound, Refusal, Stale
from tracker.rules.reports import ProgressClass
from tracker.rules.tidings import TidingKind, because


@dataclass(frozen=True)
class FindingText:
    """What the finder writes."""

    quarter: Quarter
    source: FindingSource
    criterion: str
    problem: str
    basis: str
    demand: str
    due: date
    item: Item | None = None
    verified_class: ProgressClass | None = None


@dataclass(frozen=True)
class Proof:
    """What is attached to a step: a file, an address, both, or nothing."""

    file: StoredFile | None = None
    link: str = ""


NOTHING = Proof()


# Finding it


def record(by: Act, unit: Unit, text: FindingText, proof: Proof = NOTHING) -> Finding:
    """Never by somebody of the unit concerned."""
    finding = Finding(
        organisation_id=by.organisation_id,
        unit_id=unit.id,
        state=FindingState.OPEN,
        year=by.today.year,
        found_on=by.today,
        found_by_id=by.person_id,
    )
    finding.unit = unit
    _check_apart(by, finding)
    _write(by, finding, text)
    db.session.add(finding)
    _step(by, finding, FindingAct.RECORD, finding.problem, proof)
    return finding


def edit(by: Act, finding: Finding, text: FindingText, version: int, proof: Proof = NOTHING) -> None:
    """Until the unit is notified; what it read before stays in the record."""
    _begin(by, finding, FindingAct.EDIT, version)
    _check_apart(by, finding)
    before = _written(finding)
    _write(by, finding, text)
    if _written(finding) == before and proof == NOTHING:
        return
    _step(by, finding, FindingAct.EDIT, finding.problem, proof, before)


def drop(by: Act, finding: Finding, reason: str, version: int, proof: Proof = NOTHING) -> None:
    """Recorded in error, and never notified."""
    if _begin(by, finding, FindingAct.DROP, version, reason):
        return
    _check_apart(by, finding)
    finding.unfounded, finding.closed_on = True, by.today
    _step(by, finding, FindingAct.DROP, rules.check_text(FindingAct.DROP.field, reason), proof)


def _write(by: Act, finding: Finding, text: FindingText) -> None:
    rules.check_due(text.due, by.today)
    _check_item(finding, text.item)
    finding.item, finding.kind = text.item, text.item.heading[: rules.LONGEST_KIND] if text.item else ""
    finding.quarter, finding.source, finding.due = text.quarter, text.source, text.due
    finding.criterion = rules.check_criterion(text.criterion)
    finding.problem = rules.check_text("存在问题", text.problem)
    finding.basis = rules.check_text("检查依据", text.basis)
    finding.demand = rules.check_text("整改要求", text.demand)
    finding.verified_class = text.verified_class if text.item else None


def _check_item(finding: Finding, item: Item | None) -> None:
    if item is None:
        return
    owed = exists().where(Duty.item_id == item.id, Duty.unit_id == finding.unit_id)
    if not db.session.scalar(select(owed)):
        raise Invalid(f"{finding.unit.name}不承担第 {item.position} 项任务，请重新选择任务。")


def _written(finding: Finding) -> dict[str, object]:
    return {
        "item": finding.item.id if finding.item else None,
        "quarter": str(finding.quarter),
        "source": finding.source,
        "criterion": finding.criterion,
        "problem": finding.problem,
        "basis": finding.basis,
        "demand": finding.demand,
        "due": finding.due.isoformat(),
        "verified_class": finding.verified_class,
    }


# Notifying


def notify(by: Act, findings: Sequence[Finding]) -> None:
    """Send each out under the next number of the year; one sent twice is one act."""
    events.hold(by.organisation_id)
    if not findings:
        raise Invalid("请先勾选要发出整改通知的问题。")
    for finding in findings:
        db.session.expire(finding)
        if _last_act(finding) == (FindingAct.NOTIFY, by.person_id):
            continue
        rules.state_after(finding.state, FindingAct.NOTIFY)
        _check_apart(by, finding)
        if finding.due <= by.today:
            raise Refusal(f"{finding.unit.name}“{finding.problem[:20]}”的整改期限已过，请先修改期限再发出。")
        finding.year, finding.notified_on = by.today.year, by.today
        finding.number = _next_number(by.organisation_id, finding.year)
        _step(by, finding, FindingAct.NOTIFY, finding.demand)


def _next_number(organisation_id: int, year: int) -> int:
    """Without gaps: counted under the organisation's hold, and never given back."""
    last = select(func.max(Finding.number)).where(Finding.organisation_id == organisation_id, Finding.year == year)
    return (db.session.scalar(last) or 0) + 1


# The unit


def plan(by: Act, finding: Finding, measures: str, version: int, proof: Proof = NOTHING) -> None:
    """What will be done, by whom and until when, in one text."""
    if _begin(by, finding, FindingAct.PLAN, version, measures):
        return
    _check_own(by, finding)
    finding.measures = rules.check_text(FindingAct.PLAN.field, measures)
    _step(by, finding, FindingAct.PLAN, finding.measures, proof)


def submit(by: Act, finding: Finding, result: str, version: int, proof: Proof = NOTHING) -> None:
    """What was done, with what proves it."""
    if _begin(by, finding, FindingAct.SUBMIT, version, result):
        return
    _check_own(by, finding)
    finding.result = rules.check_text(FindingAct.SUBMIT.field, result)
    finding.submitted_on, finding.submitted_by_id = by.today, by.person_id
    _step(by, finding, FindingAct.SUBMIT, finding.result, proof)


def object_(by: Act, finding: Finding, reason: str, version: int, proof: Proof = NOTHING) -> None:
    """Once, within 30 days of the notice; the rectification goes on meanwhile."""
    if _begin(by, finding, FindingAct.OBJECT, version, reason):
        return
    _check_own(by, finding)
    assert finding.notified_on is not None  # the states from which it may be done
    if any(step.act is FindingAct.OBJECT for step in finding.steps):
        raise Refusal("该问题已提出过异议，每个问题可提出一次。")
    rules.check_in_time_to_object(finding.notified_on, by.today)
    finding.objected_on = by.today
    _step(by, finding, FindingAct.OBJECT, rules.check_text(FindingAct.OBJECT.field, reason), proof)


def _check_own(by: Act, finding: Finding) -> None:
    if by.person is None or finding.unit_id not in accounts.units_where(by.person, Action.REPORT, by.today):
        raise Forbidden("只有被检查单位的人员可以报送整改情况。")


# Verifying and answering


def close(by: Act, finding: Finding, opinion: str, version: int, proof: Proof = NOTHING) -> None:
    """What was found is mended (销号)."""
    _verify(by, finding, FindingAct.CLOSE, opinion, version, proof)


def return_(by: Act, finding: Finding, opinion: str, version: int, proof: Proof = NOTHING) -> None:
    """It is not, or not in full; the opinion says what is missing."""
    _verify(by, finding, FindingAct.RETURN, opinion, version, proof)


def uphold(by: Act, finding: Finding, text: str, version: int, proof: Proof = NOTHING) -> None:
    """The objection is right: nothing stands against the unit."""
    _answer(by, finding, FindingAct.UPHOLD, text, version, proof)


def dismiss(by: Act, finding: Finding, text: str, version: int, proof: Proof = NOTHING) -> None:
    """It is not, and the rectification goes on."""
    _answer(by, finding, FindingAct.DISMISS, text, version, proof)


def _verify(by: Act, finding: Finding, act: FindingAct, opinion: str, version: int, proof: Proof) -> None:
    """By another person than the one who handed the result in, and not of the unit; the finder may."""
    if _begin(by, finding, act, version, opinion):
        return
    _check_apart(by, finding)
    rules.check_verifier(by.person_id, finding.submitted_by_id)
    if finding.objected_on:
        raise Refusal("该问题的异议尚未答复，请先答复异议，再核查整改结果。")
    if act is FindingAct.CLOSE:
        finding.closed_on = by.today
    _step(by, finding, act, rules.check_text(act.field, opinion), proof)


def _answer(by: Act, finding: Finding, act: FindingAct, text: str, version: int, proof: Proof) -> None:
    """By another person than the finder, and not of the unit."""
    if _begin(by, finding, act, version, text):
        return
    if finding.objected_on is None:
        raise Refusal("该问题没有待答复的异议。")
    _check_apart(by, finding)
    rules.check_answerer(by.person_id, finding.found_by_id)
    finding.objected_on = None
    if act is FindingAct.UPHOLD:
        finding.unfounded, finding.closed_on = True, by.today
    _step(by, finding, act, rules.check_text(act.field, text), proof)


# What every step shares

_VERBS = {
    FindingAct.DROP: drop,
    FindingAct.PLAN: plan,
    FindingAct.SUBMIT: submit,
    FindingAct.OBJECT: object_,
    FindingAct.CLOSE: close,
    FindingAct.RETURN: return_,
    FindingAct.UPHOLD: uphold,
    FindingAct.DISMISS: dismiss,
}


def take(by: Act, finding: Finding, act: FindingAct, text: str, version: int, proof: Proof = NOTHING) -> None:
    """The step of that name, with what was written of it."""
    _VERBS[act](by, finding, text, version, proof)


def _begin(by: Act, finding: Finding, act: FindingAct, version: int, text: str | None = None) -> bool:
    """Hold the finding against others and check that it is as its reader saw it; True for what was sent twice."""
    db.session.execute(select(Finding.id).where(Finding.id == finding.id).with_for_update())
    db.session.expire(finding)
    last = finding.steps[-1]
    if text is not None and (last.act, last.made_by_id, last.text) == (act, by.person_id, text.strip()):
        return True
    if finding.version != version:
        raise Stale("该问题在您打开之后已有变化，请对照最新情况后再办理。", theirs=finding)
    rules.state_after(finding.state, act)
    return False


def _check_apart(by: Act, finding: Finding) -> None:
    own = accounts.own_units(by.person, by.today) if by.person else ()
    rules.check_apart(finding.unit_id, own)


def _last_act(finding: Finding) -> tuple[FindingAct, int | None]:
    last = finding.steps[-1]
    return last.act, last.made_by_id


def _step(
    by: Act,
    finding: Finding,
    act: FindingAct,
    text: str,
    proof: Proof = NOTHING,
    before: dict[str, object] | None = None,
) -> None:
    """What was done joins the record, and the state follows it."""
    if proof.link:
        check_link(proof.link)
    if act is not FindingAct.RECORD:
        finding.state = rules.state_after(finding.state, act)
    finding.steps.append(
        FindingStep(
            act=act,
            state=finding.state,
            text=text,
            link=proof.link,
            file=proof.file,
            made_on=by.today,
            made_at=by.at,
            made_by_id=by.person_id,
        )
    )
    db.session.flush()
    number = rules.number_of(finding.year, finding.number) if finding.number else ""
    told = {"unit": finding.unit.name, "number": number, "text": text, "state": finding.state}
    events.record(by, act, "finding", finding.id, before, told if before is None else told | _written(finding))
    if act in _TOLD:
        notified = (f"整改期限{written(finding.due)}", f"问题：{finding.problem}")
        said = notified if act is FindingAct.NOTIFY else (act.label, because(text))
        tidings.tell(by, finding.unit_id, TidingKind.FINDING, finding.id, f"整改通知（{number}）", *said)


# What others do, and the unit is told.
_TOLD = (FindingAct.NOTIFY, FindingAct.RETURN, FindingAct.CLOSE, FindingAct.UPHOLD, FindingAct.DISMISS)


# Looking one up


def finding_of(organisation_id: int, finding_id: int, scope: Scope) -> Finding:
    """With its steps; a unit never sees what it was not notified of."""
    query = select(Finding).where(Finding.id == finding_id).options(*_with_all())
    finding = db.session.scalar(query)
    if finding is None or finding.organisation_id != organisation_id or not _seen(finding, scope):
        raise NotFound
    return finding


def _seen(finding: Finding, scope: Scope) -> bool:
    return scope is None or (finding.unit_id in scope and finding.notified_on is not None)


def any_finding(finding_id: int) -> Finding:
    """The finding of whatever organisation: for commands, which run with the rights of the machine."""
    finding = db.session.get(Finding, finding_id)
    if finding is None:
        raise NotFound(f"没有编号为 {finding_id} 的检查问题。")
    return finding


def findings_by_id(organisation_id: int, ids: Sequence[int], scope: Scope) -> list[Finding]:
    """In the order of the ids; raise NotFound where one is nobody's or another's."""
    query = select(Finding).where(Finding.id.in_(ids), Finding.organisation_id == organisation_id)
    found = {each.id: each for each in db.session.scalars(query.options(*_with_all())) if _seen(each, scope)}
    if set(ids) - set(found):
        raise NotFound
    return [found[each] for each in dict.fromkeys(ids)]


def _with_all() -> Sequence[ORMOption]:
    return (
        joinedload(Finding.unit),
        joinedload(Finding.item).joinedload(Item.plan),
        joinedload(Finding.found_by),
        selectinload(Finding.steps).options(joinedload(FindingStep.made_by), joinedload(FindingStep.file)),
    )


def file_of_step(finding: Finding, step_id: int) -> StoredFile:
    step = next((step for step in finding.steps if step.id == step_id), None)
    if step is None or step.file is None:
        raise NotFound
    return step.file
