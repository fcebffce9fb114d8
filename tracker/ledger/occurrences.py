"""Registered events (办理登记) as kept: registering, taking back, and how they add up."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import joinedload

from tracker.ledger import duties, events
from tracker.ledger.acts import Act
from tracker.ledger.db import db
from tracker.ledger.duty_terms import Extent
from tracker.ledger.standing import duty_facts, is_done
from tracker.ledger.tables.duties import Duty, Fulfilment
from tracker.ledger.tables.files import StoredFile
from tracker.ledger.tables.occurrences import Occurrence
from tracker.ledger.tables.plans import Item, ItemDeadline, ItemTarget
from tracker.ledger.tables.units import Unit
from tracker.rules.deadlines import DeadlineKind
from tracker.rules.duties import DutyKind
from tracker.rules.evidence import check_link
from tracker.rules.occurrences import Counted, check_event, check_reason, is_counted, period_start, reaching
from tracker.rules.refusals import Invalid, NotFound, Refusal
from tracker.rules.standing import DutyFacts
from tracker.rules.targets import Target

# How they add up


def counted(
    target_ids: Collection[int], unit_ids: Collection[int] | None, start: date, end: date, as_of: date
) -> dict[tuple[int, int], Decimal]:
    """What was registered by the end of `as_of` of the days from `start` to `end`, by target and unit.

    `unit_ids` None counts every unit's.  A target of which a unit registered nothing is left out.
    """
    query = select(Occurrence.target_id, Occurrence.unit_id, Occurrence.amount).where(
        Occurrence.target_id.in_(target_ids), Occurrence.happened_on.between(start, end), counts(as_of)
    )
    if unit_ids is not None:
        query = query.where(Occurrence.unit_id.in_(unit_ids))
    sums: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
    for target_id, unit_id, amount in db.session.execute(query):
        if target_id is not None:
            sums[target_id, unit_id] += amount  # added up here: the database keeps exact numbers as text
    return dict(sums)


def counts(as_of: date) -> ColumnElement[bool]:
    """Of an event: it had been registered by then, and not taken back."""
    return and_(Occurrence.recorded_on <= as_of, or_(Occurrence.revoked_on.is_(None), Occurrence.revoked_on > as_of))


# Finding


@dataclass(frozen=True)
class Aims:
    """What events can be registered for on an item: the deadlines that run from them, the targets that they add to."""

    deadlines: Sequence[ItemDeadline]
    targets: Sequence[ItemTarget]

    def __bool__(self) -> bool:
        return bool(self.deadlines or self.targets)


def aims_of(item: Item) -> Aims:
    return Aims(
        [deadline for deadline in item.deadlines if deadline.kind is DeadlineKind.RELATIVE],
        [target for target in item.targets if is_counted(target.target)],
    )


def occurrence_of(organisation_id: int, occurrence_id: int) -> Occurrence:
    found = db.session.get(Occurrence, occurrence_id)
    if found is None or found.organisation_id != organisation_id:
        raise NotFound
    return found


def units_on(item: Item, as_of: date) -> list[Unit]:
    """The units that have a part in the item on that day, in the register's order."""
    owing = select(Duty.unit_id).where(Duty.item_id == item.id, _owed(as_of))
    return list(db.session.scalars(select(Unit).where(Unit.id.in_(owing)).order_by(Unit.position, Unit.id)))


def _owed(as_of: date) -> ColumnElement[bool]:
    begun = or_(Duty.owed_from.is_(None), Duty.owed_from <= as_of)
    return and_(begun, or_(Duty.cancelled_on.is_(None), Duty.cancelled_on > as_of))


def registered(item: Item, unit_id: int) -> list[Occurrence]:
    """All that the unit registered on the item, the latest event first; what was taken back is among it."""
    return list(
        db.session.scalars(
            select(Occurrence)
            .where(Occurrence.item_id == item.id, Occurrence.unit_id == unit_id)
            .order_by(Occurrence.happened_on.desc(), Occurrence.id.desc())
            .options(
                joinedload(Occurrence.deadline),
                joinedload(Occurrence.target),
                joinedload(Occurrence.file),
                joinedload(Occurrence.recorded_by),
            )
        )
    )


@dataclass(frozen=True)
class Tally:
    """How far a count has come in its period."""

    duty: DutyFacts
    target: Target
    reached: Decimal

    @property
    def missing(self) -> Decimal:
        return max(self.target.value - self.reached, Decimal(0))


@dataclass(frozen=True)
class Followed:
    """What a unit owes on an item beside its reports: what runs from events, what is counted, and all else."""

    running: dict[int, DutyFacts]
    tallies: list[Tally]
    others: list[DutyFacts]
    plain: dict[int, Decimal]


def followed(item: Item, unit_id: int, as_of: date) -> Followed:
    """`running` is by event; `plain` says of targets that no period counts how much was registered in all."""
    owed = {duty.id: duty for duty in _facts(item, unit_id, as_of)}
    rows = db.session.execute(select(Duty.id, Duty.occurrence_id).where(Duty.id.in_(owed)))
    running = {event_id: owed[duty_id] for duty_id, event_id in rows if event_id is not None}
    counts = [duty for duty in owed.values() if duty.kind is DutyKind.COUNT]
    others = [duty for duty in owed.values() if duty.kind not in (DutyKind.COUNT, DutyKind.RELATIVE)]
    events = [event for event in registered(item, unit_id) if event.target_id and _counts_on(event, as_of)]
    return Followed(running, list(_tallies(item, counts, events)), others, _plain(item, events))


def _facts(item: Item, unit_id: int, as_of: date) -> Iterable[DutyFacts]:
    return duty_facts(
        and_(Duty.item_id == item.id, Duty.unit_id == unit_id, Duty.kind != DutyKind.QUARTER_REPORT), as_of
    )


def _counts_on(event: Occurrence, as_of: date) -> bool:
    return event.recorded_on <= as_of and (event.revoked_on is None or event.revoked_on > as_of)


def _tallies(item: Item, counts: Iterable[DutyFacts], events: Iterable[Occurrence]) -> Iterable[Tally]:
    by_text = {target.text: target for target in item.targets}
    for duty in counts:
        target = by_text.get(duty.label)
        if target is None or target.per is None or duty.due is None:
            continue
        start = period_start(target.per, duty.due)
        within = (event for event in events if event.target_id == target.id and start <= event.happened_on <= duty.due)
        yield Tally(duty, target.target, sum((event.amount for event in within), Decimal(0)))


def _plain(item: Item, events: Sequence[Occurrence]) -> dict[int, Decimal]:
    without = [target.id for target in aims_of(item).targets if target.per is None]
    return {
        target_id: sum((event.amount for event in events if event.target_id == target_id), Decimal(0))
        for target_id in without
    }


# Registering


@dataclass(frozen=True)
class Registered:
    """What a person says happened; at least one of `deadline_id` and `target_id` is set."""

    title: str
    happened_on: date
    amount: Decimal = Decimal(1)
    deadline_id: int | None = None
    target_id: int | None = None
    link: str = ""


def register(by: Act, item: Item, unit: Unit, what: Registered, file: StoredFile | None = None) -> Occurrence:
    """Enter an event, and what follows from it; the same event sent twice is one.

    Raise Invalid for what cannot be, Refusal where the unit has no part in the item.
    """
    check_event(what.title, what.happened_on, what.amount, item.plan.year, by.today)
    if what.link:
        check_link(what.link)
    deadline, target = _aim(item, what)
    events.hold(by.organisation_id)
    if unit.id not in {known.id for known in units_on(item, by.today)}:
        raise Refusal(f"“{unit.name}”不承担该任务，不能登记。请核对单位。")
    if known := _same(item, unit, what):
        return known
    event = Occurrence(
        organisation_id=item.organisation_id,
        plan_id=item.plan_id,
        item_id=item.id,
        unit_id=unit.id,
        title=what.title.strip(),
        happened_on=what.happened_on,
        amount=what.amount,
        deadline_id=deadline.id if deadline else None,
        target_id=target.id if target else None,
        link=what.link or None,
        file_id=file.id if file else None,
        recorded_on=by.today,
        recorded_at=by.at,
        recorded_by_id=by.person_id,
    )
    db.session.add(event)
    db.session.flush()
    events.record(by, "register", "occurrence", event.id, after=_said(event))
    _follow(by, event)
    return event


def _aim(item: Item, what: Registered) -> tuple[ItemDeadline | None, ItemTarget | None]:
    aims = aims_of(item)
    deadline = next((known for known in aims.deadlines if known.id == what.deadline_id), None)
    target = next((known for known in aims.targets if known.id == what.target_id), None)
    if (what.deadline_id and deadline is None) or (what.target_id and target is None):
        raise NotFound
    if deadline is None and target is None:
        raise Invalid("请选择登记用途：起算的时限，或计入的次数要求。")
    return deadline, target


def _same(item: Item, unit: Unit, what: Registered) -> Occurrence | None:
    """The event that says the same and still counts."""
    return db.session.scalar(
        select(Occurrence).where(
            Occurrence.item_id == item.id,
            Occurrence.unit_id == unit.id,
            Occurrence.title == what.title.strip(),
            Occurrence.happened_on == what.happened_on,
            Occurrence.amount == what.amount,
            Occurrence.deadline_id == what.deadline_id,
            Occurrence.target_id == what.target_id,
            Occurrence.revoked_on.is_(None),
        )
    )


def _said(event: Occurrence) -> dict[str, Any]:
    return {
        "item_id": event.item_id,
        "unit_id": event.unit_id,
        "title": event.title,
        "happened_on": event.happened_on.isoformat(),
        "amount": f"{event.amount:f}",
        "deadline_id": event.deadline_id,
        "target_id": event.target_id,
    }


def revoke(by: Act, event: Occurrence, reason: str) -> None:
    """Take an event back from today: the row stays, with the reason.  What ran from it and is not done goes too."""
    reason = check_reason(reason, "撤回登记")
    events.hold(by.organisation_id)
    db.session.refresh(event)
    if event.revoked_on is not None:
        return  # a second click
    _check_nothing_done(event)
    event.revoked_on, event.revoke_reason = by.today, reason
    db.session.flush()
    events.record(by, "revoke", "occurrence", event.id, _said(event), {"reason": reason})
    _follow(by, event)


def _check_nothing_done(event: Occurrence) -> None:
    done = select(Duty.id).where(Duty.occurrence_id == event.id, Duty.cancelled_on.is_(None), is_done())
    if db.session.scalar(done.limit(1)):
        raise Refusal("由这项登记起算的事项已登记完成。请先撤回完成登记，再撤回这项登记。")


def _follow(by: Act, event: Occurrence) -> None:
    """The duty that runs from the event comes or goes; the count that it adds to is reached or falls short."""
    if event.deadline_id is not None:
        extent = Extent(item_ids=[event.item_id], only=[f"event:{event.id}"])
        duties.bring_up_to_date(by, event.item.plan, extent)
    if event.target_id is not None:
        recount(by, event.item_id, event.target_id)


# Counting


def recount(by: Act, item_id: int, target_id: int) -> None:
    """Note every count of the target that the registered events reach, and no longer note those that fall short."""
    target = db.session.get_one(ItemTarget, target_id)
    if target.per is None:
        return
    of_target = or_(Duty.target_id == target.id, and_(Duty.target_id.is_(None), Duty.label == target.text))
    owed = (Duty.item_id == item_id, Duty.kind == DutyKind.COUNT, Duty.cancelled_on.is_(None), of_target)
    known = _events_of(target_id)
    for duty in db.session.scalars(select(Duty).where(*owed).order_by(Duty.id)).all():
        _settle(by, duty, target, known)


def _events_of(target_id: int) -> list[Occurrence]:
    counting = (Occurrence.target_id == target_id, Occurrence.revoked_on.is_(None))
    return list(db.session.scalars(select(Occurrence).where(*counting).order_by(Occurrence.id)))


def _settle(by: Act, duty: Duty, target: ItemTarget, known: Iterable[Occurrence]) -> None:
    """What a unit that was merged into this one had counted goes on counting."""
    assert duty.due is not None  # so it is for every count
    assert target.per is not None
    start, whose = period_start(target.per, duty.due), _units_through(duty)
    within = [
        Counted(event.id, event.happened_on, event.amount)
        for event in known
        if event.unit_id in whose and start <= event.happened_on <= duty.due
    ]
    reached = reaching(target.target, within)
    held = db.session.scalar(
        select(Fulfilment).where(
            Fulfilment.duty_id == duty.id, Fulfilment.occurrence_id.is_not(None), Fulfilment.revoked_on.is_(None)
        )
    )
    if held and reached and (held.occurrence_id, held.done_on) == (reached.id, reached.day):
        return
    if held:
        held.revoked_on = by.today
        before = {"done_on": held.done_on.isoformat(), "occurrence_id": held.occurrence_id}
        events.record(by, "fall_short" if reached is None else "recount", "duty", duty.id, before=before)
    if reached:
        _note(by, duty, reached)


def _note(by: Act, duty: Duty, reached: Counted) -> None:
    db.session.add(
        Fulfilment(
            duty_id=duty.id,
            done_on=reached.day,
            recorded_on=by.today,
            recorded_by_id=by.person_id,
            occurrence_id=reached.id,
        )
    )
    db.session.flush()
    after = {"done_on": reached.day.isoformat(), "occurrence_id": reached.id}
    events.record(by, "reach", "duty", duty.id, after=after)


def _units_through(duty: Duty) -> set[int]:
    """The duty's unit, and those that had it before."""
    found = {duty.unit_id}
    while duty.handed_from_id is not None:
        duty = db.session.get_one(Duty, duty.handed_from_id)
        found.add(duty.unit_id)
    return found
