"""Extensions (延期): applying for another date, deciding level by level, withdrawing; and what waits for whom."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVarTuple

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from tracker.ledger import events, memory, tidings
from tracker.ledger.acts import Act
from tracker.ledger.db import db
from tracker.ledger.handing_in import heads_of
from tracker.ledger.standing import Scope, duty_facts, revised_due
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.extensions import Extension, ExtensionStep
from tracker.ledger.tables.organisations import Organisation
from tracker.ledger.tables.plans import Item
from tracker.ledger.touched import unless
from tracker.rules import extensions as rules
from tracker.rules.dates import written
from tracker.rules.extensions import Application, ExtensionLevel, ExtensionState, Moved
from tracker.rules.refusals import Forbidden, NotFound, Refusal, Stale
from tracker.rules.reports import Verdict
from tracker.rules.standing import DutyFacts
from tracker.rules.tidings import TidingKind, because

Ts = TypeVarTuple("Ts")
Desks = Mapping[ExtensionLevel, Scope]  # the levels at which a person decides, and for which units


@dataclass(frozen=True)
class Case:
    """An application beside the date that held when it was made; `levels` is the organisation's rule."""

    extension: Extension
    old_due: date
    levels: int

    @property
    def duty(self) -> Duty:
        return self.extension.duty

    @property
    def late(self) -> bool:
        """Whether it came after the date that it asks to move: then the leader alone can admit it."""
        return rules.is_late(self.old_due, self.extension.applied_on)

    @property
    def moved_before(self) -> bool:
        return self.old_due != self.duty.due

    @property
    def level(self) -> ExtensionLevel | None:
        """Who is to decide next."""
        return rules.waits_for(self.extension.state, self.levels)

    @property
    def ahead(self) -> list[ExtensionLevel]:
        """Who has still to speak, in order; whatever the rules say now, what is begun is brought to its end."""
        if self.level is None:
            return []
        asked = {self.level, *rules.levels_asked(self.levels, late=self.late)}
        order = list(ExtensionLevel)
        return [level for level in order[order.index(self.level) :] if level in asked]

    @property
    def told(self) -> str:
        return rules.told(self.extension.state, self.levels)

    @property
    def judges(self) -> set[int | None]:
        """Who has applied or decided, and so decides no more."""
        return {self.extension.applied_by_id, *(step.judged_by_id for step in self.extension.steps)}


# Finding


def case_of(organisation_id: int, extension_id: int, scope: Scope) -> Case:
    """Raise NotFound for one that is another's."""
    found = _read(_cases(organisation_id, scope).where(Extension.id == extension_id))
    if not found:
        raise NotFound
    return found[0]


def cases(
    organisation_id: int,
    scope: Scope,
    states: Collection[ExtensionState] = tuple(ExtensionState),
    *,
    limit: int | None = None,
    offset: int = 0,
) -> list[Case]:
    """What was applied for, newest first."""
    query = _cases(organisation_id, scope).where(Extension.state.in_(states)).order_by(Extension.id.desc())
    return _read(query.limit(limit).offset(offset))


def cases_of_duty(duty: Duty) -> list[Case]:
    """What was asked for it before, newest first."""
    query = _cases(duty.organisation_id, None).where(Extension.duty_id == duty.id)
    return _read(query.order_by(Extension.id.desc()))


def _cases(organisation_id: int, scope: Scope) -> Select[Extension, date, int]:
    """Applications with all that a page says of them."""
    query = select(Extension, _old_due(), Organisation.extension_levels)
    return (
        _concerned(query, organisation_id, scope)
        .join(Organisation, Organisation.id == Extension.organisation_id)
        .options(
            contains_eager(Extension.duty).joinedload(Duty.item).joinedload(Item.plan),
            contains_eager(Extension.duty).joinedload(Duty.unit),
            joinedload(Extension.applied_by),
            selectinload(Extension.steps).joinedload(ExtensionStep.judged_by),
        )
    )


def _read(query: Select[Extension, date, int]) -> list[Case]:
    return [Case(*row) for row in db.session.execute(query)]


def _concerned(query: Select[*Ts], organisation_id: int, scope: Scope) -> Select[*Ts]:
    query = query.join(Extension.duty).where(Extension.organisation_id == organisation_id)
    return query if scope is None else query.where(Duty.unit_id.in_(scope))


def _old_due() -> ColumnElement[date]:
    """The date in force when it was applied for: an application is made only once the one before is decided."""
    earlier = aliased(Extension)
    approved = and_(earlier.id < Extension.id, earlier.state == ExtensionState.APPROVED)
    moved = select(func.max(earlier.new_due)).where(earlier.duty_id == Extension.duty_id, approved)
    return func.coalesce(moved.scalar_subquery(), Duty.due, type_=Duty.due.type)


def counts(organisation_id: int, scope: Scope) -> Counter[ExtensionState]:
    query = select(Extension.state, func.count(Extension.id)).group_by(Extension.state)
    return Counter(dict(db.session.execute(_concerned(query, organisation_id, scope)).all()))


def waiting(organisation: Organisation, desks: Desks, limit: int | None = None) -> list[Case]:
    """What waits at these desks, the one that has waited longest first."""
    query = _cases(organisation.id, None).where(_waits(organisation.extension_levels, desks))
    return _read(query.order_by(Extension.id).limit(limit))


def count_waiting(organisation_id: int, levels: int, desks: Desks) -> int:
    def count() -> int:
        query = select(func.count(Extension.id)).where(_waits(levels, desks))
        return db.session.scalar(_concerned(query, organisation_id, None)) or 0

    name = ("extensions waiting", levels, *desks.items())
    waiting: int = memory.remembered(organisation_id, name, count, unless("extension", "duty", "item"))
    return waiting


def _waits(levels: int, desks: Desks) -> ColumnElement[bool]:
    return or_(false(), *(_waits_at(levels, level, scope) for level, scope in desks.items()))


def _waits_at(levels: int, level: ExtensionLevel, scope: Scope) -> ColumnElement[bool]:
    states = Extension.state.in_(rules.waiting_states(level, levels))
    return states if scope is None else and_(states, Duty.unit_id.in_(scope))


def open_by_duty(organisation_id: int, scope: Scope) -> dict[int, Extension]:
    """What is applied for and not yet decided."""
    query = _concerned(select(Extension), organisation_id, scope).where(Extension.state.in_(rules.OPEN))
    return {extension.duty_id: extension for extension in db.session.scalars(query)}


def moved_dates(duty_ids: Iterable[int], as_of: date) -> dict[int, Moved]:
    """Of the duties that an extension has moved by then, both dates."""
    query = select(Duty.id, Duty.due, revised_due(as_of)).where(Duty.id.in_(list(duty_ids)))
    return {duty_id: Moved(due, revised) for duty_id, due, revised in db.session.execute(query) if due and revised}


def duty_of(organisation_id: int, duty_id: int, scope: Scope) -> Duty:
    """The duty whose date is to be moved, if it is one of the scope's units'; raise NotFound otherwise."""
    duty = db.session.get(Duty, duty_id, options=[joinedload(Duty.item).joinedload(Item.plan), joinedload(Duty.unit)])
    if duty is None or duty.organisation_id != organisation_id or (scope is not None and duty.unit_id not in scope):
        raise NotFound
    return duty


def facts_of(duty: Duty, today: date) -> DutyFacts:
    """How the duty stands, if its date can be moved at all; raise Refusal otherwise."""
    facts = next(iter(duty_facts(Duty.id == duty.id, today)), None)
    if facts is None or facts.ended_on:
        raise Refusal("计划修订后，该事项已撤销，无需延期。")
    rules.check_extendable(facts.kind, facts.due, done=facts.done_on is not None)
    return facts


# Acting


def apply(by: Act, duty: Duty, asked: Application) -> Extension:
    """Ask for a later date.  The same application sent twice is one."""
    db.session.execute(select(Duty.id).where(Duty.id == duty.id).with_for_update())
    if standing := _undecided(duty):
        if _says(standing) == (by.person_id, asked.new_due, asked.reason.strip(), asked.progress.strip()):
            return standing
        raise Refusal("该事项已有延期申请正在审批，不能重复申请。如需更改，请先撤回原申请。")
    due = facts_of(duty, by.today).due_now
    assert due is not None  # facts_of saw to it
    rules.check(asked, due, by.today)
    extension = _new(by, duty, asked)
    event = {"unit": duty.unit.name, "duty": duty.label, "old_due": due.isoformat()}
    events.record(by, "apply", "extension", extension.id, after=event | _as_written(extension))
    return extension


def _undecided(duty: Duty) -> Extension | None:
    return db.session.scalar(select(Extension).where(Extension.duty_id == duty.id, Extension.state.in_(rules.OPEN)))


def _says(extension: Extension) -> tuple[int | None, date, str, str]:
    return extension.applied_by_id, extension.new_due, extension.reason, extension.progress


def _as_written(extension: Extension) -> dict[str, str]:
    return {"new_due": extension.new_due.isoformat(), "reason": extension.reason, "progress": extension.progress}


def _new(by: Act, duty: Duty, asked: Application) -> Extension:
    assert asked.new_due is not None  # rules.check saw to it
    levels = db.session.get_one(Organisation, by.organisation_id).extension_levels
    extension = Extension(
        organisation_id=by.organisation_id,
        duty_id=duty.id,
        state=rules.first_state(levels, head_decides=bool(heads_of(duty.unit_id, by.today) - {by.person_id})),
        new_due=asked.new_due,
        reason=asked.reason.strip(),
        progress=asked.progress.strip(),
        applied_on=by.today,
        applied_at=by.at,
        applied_by_id=by.person_id,
    )
    db.session.add(extension)
    db.session.flush()
    return extension


def judge(
    by: Act, extension: Extension, level: ExtensionLevel, verdict: Verdict, reason: str, version: int
) -> ExtensionStep:
    """One level's opinion on the application in the version that its judge saw; sent twice it is one."""
    _hold(extension)
    case = _case(extension)
    if repeated := _repeated(by, extension, level, verdict, reason.strip()):
        return repeated
    _check_unchanged(extension, version)
    _check_turn(by, case, level)
    rules.check_opinion(verdict, reason)
    step = ExtensionStep(
        level=level,
        verdict=verdict,
        reason=reason.strip(),
        judged_on=by.today,
        judged_at=by.at,
        judged_by_id=by.person_id,
    )
    extension.steps.append(step)
    extension.state = rules.state_after(level, verdict, case.levels, late=case.late)
    extension.decided_on = None if extension.state.is_open else by.today
    db.session.flush()
    after = {"level": level, "verdict": verdict, "reason": step.reason, "state": extension.state}
    events.record(by, "judge", "extension", extension.id, after=_about(extension) | after)
    if extension.decided_on:
        _tell(by, extension, step)
    return step


def _tell(by: Act, extension: Extension, step: ExtensionStep) -> None:
    duty, approved = extension.duty, extension.state is ExtensionState.APPROVED
    said = (
        f"延期申请已批准，期限延至{written(extension.new_due)}" if approved else f"延期申请未获{step.level.label}同意"
    )
    about = f"{duty.item.position}. {duty.item.short}，{duty.label}"
    tidings.tell(by, duty.unit_id, TidingKind.EXTENSION, extension.id, about, said, because(step.reason))


def withdraw(by: Act, extension: Extension, version: int) -> None:
    """The unit takes its application back while nothing is decided."""
    _hold(extension)
    if extension.state is ExtensionState.WITHDRAWN:
        return
    _check_unchanged(extension, version)
    if not extension.state.is_open:
        raise Refusal(f"该申请{_case(extension).told}，不能再撤回。")
    extension.state = ExtensionState.WITHDRAWN
    db.session.flush()
    events.record(by, "withdraw", "extension", extension.id, after=_about(extension))


def _hold(extension: Extension) -> None:
    """Let others who act on it wait until the transaction ends, and read what they have left."""
    db.session.execute(select(Extension.id).where(Extension.id == extension.id).with_for_update())
    db.session.expire(extension)


def _case(extension: Extension) -> Case:
    return case_of(extension.organisation_id, extension.id, None)


def _about(extension: Extension) -> dict[str, str]:
    duty = extension.duty
    return {"unit": duty.unit.name, "duty": duty.label, "new_due": extension.new_due.isoformat()}


def _repeated(
    by: Act, extension: Extension, level: ExtensionLevel, verdict: Verdict, reason: str
) -> ExtensionStep | None:
    last = extension.steps[-1] if extension.steps else None
    same = last and (last.judged_by_id, last.level, last.verdict, last.reason) == (by.person_id, level, verdict, reason)
    return last if same else None


def _check_unchanged(extension: Extension, version: int) -> None:
    if extension.version != version:
        raise Stale("该延期申请在您打开之后已有变化，请查看最新情况后再办理。", theirs=extension)


def _check_turn(by: Act, case: Case, level: ExtensionLevel) -> None:
    """Raise Refusal where it is not this level's turn, Forbidden for whoever applied or has decided before."""
    if case.level is not level:
        raise Refusal(f"该申请目前{case.told}，不在{level.label}审批环节，未作改动。")
    if by.person_id is None:
        return
    if by.person_id == case.extension.applied_by_id:
        raise Forbidden("不能审批本人提出的延期申请，请由其他人员审批。")
    if by.person_id in case.judges:
        raise Forbidden("您已在前一环节审批过该申请，请由其他人员审批。")
