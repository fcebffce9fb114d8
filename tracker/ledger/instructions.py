"""Instructions (批示): giving, answering, settling and returning; and how they stood on a day."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from tracker.ledger import events, memory, tidings, units
from tracker.ledger.acts import Act
from tracker.ledger.db import db
from tracker.ledger.standing import Scope
from tracker.ledger.tables.events import Event
from tracker.ledger.tables.instructions import Instruction, InstructionShare, InstructionStep
from tracker.ledger.tables.plans import Plan
from tracker.ledger.tables.units import Unit
from tracker.ledger.touched import unless
from tracker.rules import instructions as rules
from tracker.rules.dates import written
from tracker.rules.instructions import Order, ShareFacts, ShareState, Shown, StepKind
from tracker.rules.lights import Lit
from tracker.rules.quarters import Quarter
from tracker.rules.refusals import Invalid, NotFound, Refusal, Stale
from tracker.rules.tidings import TidingKind, because


@dataclass(frozen=True)
class Source:
    """Where an instruction was written: in words, and the page of the ledger that it speaks of."""

    about: str
    address: str
    plan_id: int | None = None
    item_id: int | None = None


@dataclass(frozen=True)
class ShareCase:
    """A unit's share at the end of a day, with the steps taken by then."""

    share: InstructionShare
    steps: Sequence[InstructionStep]
    facts: ShareFacts
    as_of: date

    @property
    def unit(self) -> Unit:
        return self.share.unit

    @property
    def state(self) -> ShareState:
        return self.facts.state

    @property
    def lit(self) -> Lit:
        return self.facts.light(self.as_of)

    @property
    def answer(self) -> InstructionStep | None:
        """The last one given, whatever became of it."""
        return next((step for step in reversed(self.steps) if step.kind is StepKind.ANSWER), None)

    @property
    def returned(self) -> InstructionStep | None:
        """Why it is open again."""
        return self._last(StepKind.RETURN)

    @property
    def closed(self) -> InstructionStep | None:
        return self._last(StepKind.CLOSE)

    def _last(self, kind: StepKind) -> InstructionStep | None:
        return self.steps[-1] if self.steps and self.steps[-1].kind is kind else None


@dataclass(frozen=True)
class Case:
    """An instruction at the end of a day, with the shares that the visitor may read."""

    instruction: Instruction
    shares: Sequence[ShareCase]
    as_of: date

    @property
    def facts(self) -> list[ShareFacts]:
        return [share.facts for share in self.shares]

    @property
    def state(self) -> ShareState:
        return rules.state_of(self.facts)

    @property
    def lit(self) -> Lit:
        return rules.light_of(self.facts, self.as_of)

    @property
    def unit_names(self) -> list[str]:
        """Whom it was given to: everybody concerned may know that, though not what the others answered."""
        return [share.unit.name for share in self.instruction.shares]


@dataclass(frozen=True)
class OfQuarter:
    """What was given in a quarter on a plan, for the quarter's papers; the numbers count units' shares."""

    cases: Sequence[Case]
    shares: int
    answered: int
    closed: int
    overdue: int

    @property
    def given(self) -> int:
        return len(self.cases)


# Finding


def facts_by_instruction(
    organisation_id: int, scope: Scope, as_of: date, *conditions: ColumnElement[bool]
) -> dict[int, list[ShareFacts]]:
    """How everything given by then stood, by instruction: what is open first, the worst before the others."""
    earlier = aliased(InstructionStep)
    taken = and_(earlier.share_id == InstructionShare.id, earlier.taken_on <= as_of)
    last = select(func.max(earlier.id)).where(taken).correlate(InstructionShare).scalar_subquery()
    query = (
        select(
            InstructionShare.instruction_id,
            InstructionShare.unit_id,
            Instruction.due,
            InstructionStep.kind,
            InstructionStep.taken_on,
        )
        .join(InstructionShare.instruction)
        .outerjoin(InstructionStep, InstructionStep.id == last)
        .where(Instruction.organisation_id == organisation_id, Instruction.made_on <= as_of, *conditions)
        .order_by(InstructionShare.instruction_id.desc(), InstructionShare.id)
    )
    found: dict[int, list[ShareFacts]] = defaultdict(list)
    for instruction_id, unit_id, due, kind, on in db.session.execute(
        query if scope is None else query.where(InstructionShare.unit_id.in_(scope))
    ):
        found[instruction_id].append(_facts(unit_id, due, kind, on))
    return dict(sorted(found.items(), key=lambda pair: rules.pressure(pair[1], as_of)))


def _facts(unit_id: int, due: date, kind: StepKind | None, on: date | None) -> ShareFacts:
    return ShareFacts(unit_id, due, kind.leads_to if kind else ShareState.OPEN, on)


def cases(ids: Iterable[int], scope: Scope, as_of: date) -> list[Case]:
    """These instructions, in this order."""
    wanted = list(ids)
    query = (
        select(Instruction)
        .where(Instruction.id.in_(wanted))
        .options(
            joinedload(Instruction.made_by),
            joinedload(Instruction.item),
            selectinload(Instruction.shares).joinedload(InstructionShare.unit),
            selectinload(Instruction.shares).selectinload(InstructionShare.steps).joinedload(InstructionStep.taken_by),
        )
    )
    found = {each.id: each for each in db.session.scalars(query)} if wanted else {}
    return [_case(found[each], scope, as_of) for each in wanted if each in found]


def _case(instruction: Instruction, scope: Scope, as_of: date) -> Case:
    shares = (share for share in instruction.shares if scope is None or share.unit_id in scope)
    return Case(instruction, [_share_case(share, instruction.due, as_of) for share in shares], as_of)


def _share_case(share: InstructionShare, due: date, as_of: date) -> ShareCase:
    steps = [step for step in share.steps if step.taken_on <= as_of]
    last = steps[-1] if steps else None
    facts = _facts(share.unit_id, due, last.kind if last else None, last.taken_on if last else None)
    return ShareCase(share, steps, facts, as_of)


def case_of(organisation_id: int, instruction_id: int, scope: Scope, as_of: date) -> Case:
    """Raise NotFound for a stranger's, for one in which the scope has no share, and for one given after the day."""
    wanted = Instruction.id == instruction_id
    found = cases(facts_by_instruction(organisation_id, scope, as_of, wanted), scope, as_of)
    if not found:
        raise NotFound
    return found[0]


def on_item(organisation_id: int, item_id: int, scope: Scope, as_of: date) -> list[Case]:
    wanted = Instruction.item_id == item_id
    return cases(facts_by_instruction(organisation_id, scope, as_of, wanted), scope, as_of)


def owed_by(organisation_id: int, own_units: Iterable[int], as_of: date) -> list[Case]:
    """What these units have still to answer, the longest overdue first."""
    scope = frozenset(own_units)
    found = facts_by_instruction(organisation_id, scope, as_of)
    return cases((each for each, facts in found.items() if Shown.OPEN.takes(facts, as_of)), scope, as_of)


def of_quarter(plan_id: int, quarter: Quarter, as_of: date) -> OfQuarter:
    """What was given on the plan in the quarter, and how it stood on the day."""
    within = and_(Instruction.plan_id == plan_id, Instruction.made_on.between(quarter.start, quarter.end))
    organisation_id = db.session.get_one(Plan, plan_id).organisation_id
    given = facts_by_instruction(organisation_id, None, as_of, within)
    facts = [each for shares in given.values() for each in shares]
    return OfQuarter(
        cases=cases(given, None, as_of),
        shares=len(facts),
        answered=sum(each.state is not ShareState.OPEN for each in facts),
        closed=sum(each.state is ShareState.CLOSED for each in facts),
        overdue=sum(each.overdue(as_of) for each in facts),
    )


def count_waiting(organisation_id: int, own_units: Sequence[int], *, settles: bool) -> int:
    """How many instructions wait for an answer of these units, or to be settled by whoever may settle."""

    def count() -> int:
        answered = InstructionShare.answered_on.is_not(None)
        waits = or_(and_(~answered, InstructionShare.unit_id.in_(own_units)), answered if settles else false())
        open_ones = (Instruction.organisation_id == organisation_id, InstructionShare.closed_on.is_(None))
        query = select(func.count(InstructionShare.instruction_id.distinct())).join(InstructionShare.instruction)
        return db.session.scalar(query.where(*open_ones, waits)) or 0

    name = ("instructions waiting", tuple(own_units), settles)
    waiting: int = memory.remembered(organisation_id, name, count, unless("instruction", "instruction_share"))
    return waiting


def share_of(organisation_id: int, share_id: int, scope: Scope) -> InstructionShare:
    share = db.session.get(InstructionShare, share_id, options=[joinedload(InstructionShare.instruction)])
    if share is None or share.instruction.organisation_id != organisation_id:
        raise NotFound
    if scope is not None and share.unit_id not in scope:
        raise NotFound
    return share


def history_of(case: Case) -> list[Event]:
    """What was done by then to the instruction and to the shares in reach, oldest first."""
    mine = [share.share.id for share in case.shares]
    told = or_(
        and_(Event.record == "instruction", Event.record_id == case.instruction.id),
        and_(Event.record == "instruction_share", Event.record_id.in_(mine)),
    )
    query = select(Event).where(Event.organisation_id == case.instruction.organisation_id, told)
    return list(db.session.scalars(query.order_by(Event.number).options(joinedload(Event.person))))


# Acting


def give(by: Act, order: Order, source: Source, key: str) -> Instruction:
    """Write it to all units named, at once.  The same form sent twice is one instruction."""
    events.hold(by.organisation_id)
    if standing := _by_key(by.organisation_id, key):
        if _says(standing) == (by.person_id, order.text.strip(), order.due, set(order.units)):
            return standing
        raise Refusal("这张表单已经提交过一份批示，本次修改未保存。如需另作批示，请重新打开批示页面填写。")
    rules.check(order, by.today)
    named = _named(by, order.units)
    instruction = _new(by, order, source, key, named)
    after = {
        "text": instruction.text,
        "about": instruction.about,
        "due": instruction.due.isoformat(),
        "units": [unit.name for unit in named],
    }
    events.record(by, "give", "instruction", instruction.id, after=after)
    said = f"批示：{' '.join(instruction.text.split())}"
    for unit in named:
        asked = f"请于{written(instruction.due)}前答复"
        tidings.tell(by, unit.id, TidingKind.INSTRUCTION, instruction.id, instruction.about, asked, said)
    return instruction


def _by_key(organisation_id: int, key: str) -> Instruction | None:
    query = select(Instruction).where(Instruction.organisation_id == organisation_id, Instruction.key == key)
    return db.session.scalar(query)


def _says(instruction: Instruction) -> tuple[int | None, str, date, set[int]]:
    named = {share.unit_id for share in instruction.shares}
    return instruction.made_by_id, instruction.text, instruction.due, named


def _named(by: Act, unit_ids: Iterable[int]) -> list[Unit]:
    """The units in the register's order; one that is a stranger's is not found, one that is gone is named."""
    wanted = set(unit_ids)
    known = [unit for unit in units.units_of(by.organisation_id) if unit.id in wanted]
    if len(known) != len(wanted):
        raise NotFound
    if gone := [unit.name for unit in known if not units.stands_on(unit, by.today)]:
        raise Invalid(f"{'、'.join(gone)}已撤销，请改选承接单位。")
    return known


def _new(by: Act, order: Order, source: Source, key: str, named: Iterable[Unit]) -> Instruction:
    assert order.due is not None  # rules.check saw to it
    instruction = Instruction(
        organisation_id=by.organisation_id,
        plan_id=source.plan_id,
        item_id=source.item_id,
        text=order.text.strip(),
        about=source.about[:300],
        address=source.address[:500],
        due=order.due,
        key=key,
        made_on=by.today,
        made_at=by.at,
        made_by_id=by.person_id,
        shares=[InstructionShare(unit_id=unit.id) for unit in named],
    )
    db.session.add(instruction)
    db.session.flush()
    return instruction


def answer(by: Act, share: InstructionShare, text: str, version: int) -> None:
    """The unit's word, in place of an earlier one; that stays among the steps."""
    _hold(share)
    if _repeats(by, share, StepKind.ANSWER, text):
        return
    _check_unchanged(share, version)
    rules.check_answer(state_now(share), text)
    share.answer = text.strip()
    share.answered_on, share.answered_at, share.answered_by_id = by.today, by.at, by.person_id
    _step(by, share, StepKind.ANSWER, text)


def settle(by: Act, share: InstructionShare, kind: StepKind, text: str, version: int) -> None:
    """Close it, or send it back with a reason, which opens it again."""
    _hold(share)
    if _repeats(by, share, kind, text):
        return
    _check_unchanged(share, version)
    rules.check_not_own(by.person_id, share.answered_by_id)
    rules.check_settling(kind, state_now(share), text)
    closed = kind is StepKind.CLOSE
    share.closed_on, share.closed_by_id = (by.today, by.person_id) if closed else (None, None)
    share.close_note = text.strip() if closed else ""
    if not closed:
        share.answered_on = share.answered_at = share.answered_by_id = None
    _step(by, share, kind, text)
    about, said = f"{share.instruction.about}的批示", "已办结" if closed else "答复被退回，请重新答复"
    tidings.tell(by, share.unit_id, TidingKind.INSTRUCTION, share.instruction_id, about, said, because(text))


def state_now(share: InstructionShare) -> ShareState:
    if share.closed_on:
        return ShareState.CLOSED
    return ShareState.ANSWERED if share.answered_on else ShareState.OPEN


def _hold(share: InstructionShare) -> None:
    """Let others who act on it wait until the transaction ends, and read what they have left."""
    db.session.execute(select(InstructionShare.id).where(InstructionShare.id == share.id).with_for_update())
    db.session.expire(share)


def _repeats(by: Act, share: InstructionShare, kind: StepKind, text: str) -> bool:
    last = share.steps[-1] if share.steps else None
    return last is not None and (last.taken_by_id, last.kind, last.text) == (by.person_id, kind, text.strip())


def _check_unchanged(share: InstructionShare, version: int) -> None:
    if share.version != version:
        raise Stale("该批示在您打开之后已有变化，您填写的内容尚未保存。请查看最新情况后再提交。", theirs=share)


def _step(by: Act, share: InstructionShare, kind: StepKind, text: str) -> None:
    share.steps.append(
        InstructionStep(kind=kind, text=text.strip(), taken_on=by.today, taken_at=by.at, taken_by_id=by.person_id)
    )
    db.session.flush()
    events.record(by, kind, "instruction_share", share.id, after={"unit": share.unit.name, "text": text.strip()})


def ids_on_item(item_id: int, scope: Scope) -> dict[str, Select[int]]:
    """By record of the audit trail: the instructions on the item that the scope may read, and their shares."""
    query = select(InstructionShare.id).join(InstructionShare.instruction).where(Instruction.item_id == item_id)
    if scope is not None:
        query = query.where(InstructionShare.unit_id.in_(scope))
    return {"instruction": query.with_only_columns(InstructionShare.instruction_id), "instruction_share": query}
