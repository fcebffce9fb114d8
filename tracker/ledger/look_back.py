"""Looking back (回头看): what last year's plans left unfinished is offered to this year's draft."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from tracker.ledger import events, item_words, plans
from tracker.ledger.acts import Act
from tracker.ledger.db import db
from tracker.ledger.draft_entries import Entry, deadline_entry, target_entry, unit_entry
from tracker.ledger.draft_steps import step
from tracker.ledger.lights import lights_of
from tracker.ledger.standing import Scope, Standings, standings
from tracker.ledger.tables.imports import Draft, DraftItem
from tracker.ledger.tables.plans import Item, Plan
from tracker.ledger.tables.reports import ReportVersion
from tracker.rules.deadlines import Deadline, DeadlineKind
from tracker.rules.items import ItemLine, Whose, item_lines
from tracker.rules.lights import Lights
from tracker.rules.quarters import Quarter
from tracker.rules.refusals import Invalid, NotFound
from tracker.rules.standing import DutyState, Standing


@dataclass(frozen=True)
class Unfinished:
    """An item of last year as it stands today; `last` is the lead's latest report, or else anybody's."""

    item: Item
    line: ItemLine
    overdue: int
    last: ReportVersion | None
    taken: bool


def unfinished(draft: Draft, known: Iterable[Plan], today: date) -> list[Unfinished]:
    """Items of those of the plans that are of the year before, and not completed or with overdue duties."""
    taken = _taken(draft)
    return [left for plan in _last_year(draft, known) for left in _of_plan(plan, today, taken)]


def count_unfinished(draft: Draft, known: Iterable[Plan], today: date) -> int:
    """How many of them the draft has not yet."""
    last_year = _last_year(draft, known)
    left = (line.item_id for plan in last_year for line in _lines_left(plan, _at_years_end(plan, today), Lights()))
    return len(set(left) - _taken(draft))


def _taken(draft: Draft) -> set[int]:
    return {item.look_back_of_id for item in draft.items if item.look_back_of_id}


def _last_year(draft: Draft, known: Iterable[Plan]) -> list[Plan]:
    return [plan for plan in known if plan.year + 1 == draft.year]


def _at_years_end(plan: Plan, today: date) -> Standings:
    return standings(plan.id, Quarter(plan.year, 4), today)


def _lines_left(plan: Plan, found: Standings, lights: Lights) -> list[ItemLine]:
    outline = [item.id for item in item_words.outline(plan, as_of=found.as_of)]
    overdue = _overdue(found)
    lines = item_lines(outline, found.shares.values(), Whose(), lights)
    return [line for line in lines if line.standing is not Standing.COMPLETED or overdue[line.item_id]]


def _of_plan(plan: Plan, today: date, taken: Collection[int]) -> list[Unfinished]:
    found = _at_years_end(plan, today)
    lines, overdue = _lines_left(plan, found, lights_of(plan.organisation_id, found)), _overdue(found)
    left = [line.item_id for line in lines]
    items = {item.id: item for item in plans.items_of(plan, only=left)}
    told = _last_reports(left, found)
    return [
        Unfinished(items[key], line, overdue[key], told.get(key), key in taken)
        for line in lines
        for key in [line.item_id]
    ]


def _overdue(found: Standings) -> Counter[int]:
    """By item, how many duties are overdue."""
    duties = (duty for owed in found.duties.values() for duty in owed)
    return Counter(duty.item_id for duty in duties if duty.state(found.as_of) is DutyState.OVERDUE)


def _last_reports(item_ids: Sequence[int], found: Standings) -> dict[int, ReportVersion]:
    versions = db.session.scalars(
        select(ReportVersion)
        .where(ReportVersion.item_id.in_(item_ids), ReportVersion.left_on <= found.as_of)
        .order_by(ReportVersion.quarter, ReportVersion.number, ReportVersion.id)
    ).all()
    leads = {key for key, share in found.shares.items() if share.lead}
    led = [version for version in versions if (version.item_id, version.unit_id) in leads]
    return {version.item_id: version for version in (*versions, *led)}


def take_over(by: Act, draft: Draft, item_ids: Iterable[int]) -> int:
    """Append these items of last year to the draft, each with a link to what it goes on from; return how many came.

    One that the draft already has is not taken twice.
    """
    wanted = set(item_ids)
    if not wanted:
        raise Invalid("请先勾选要转入本年计划的任务。")
    known = plans.plans_of(draft.organisation_id)
    offered = {left.item.id: left for left in unfinished(draft, known, by.today)}
    if not offered.keys() >= wanted:
        raise NotFound
    new = [left.item for left in offered.values() if left.item.id in wanted and not left.taken]
    if new:
        with step(by, draft, f"从上年计划转入 {len(new)} 项"):
            _append(draft, new)
        events.record(by, "look_back", "draft", draft.id, after={"items": [item.id for item in new]})
    return len(new)


def _append(draft: Draft, items: Sequence[Item]) -> None:
    last = max((item.position for item in draft.items), default=0)
    db.session.add_all(_draft_item(draft, last + place, item) for place, item in enumerate(items, 1))
    db.session.flush()


def _draft_item(draft: Draft, position: int, item: Item) -> DraftItem:
    named = [(who.unit or who.group, who.lead) for who in item.responsibilities]
    return DraftItem(
        draft=draft,
        position=position,
        section=list(item.section),
        task=item.task,
        goal=item.goal,
        units=[unit_entry(who.name, lead) for who, lead in named if who],
        targets=[target_entry(target.text, target.target) for target in item.targets],
        deadlines=[_deadline(due.text, due.deadline) for due in item.deadlines],
        read=None,
        look_back_of_id=item.id,
    )


def _deadline(text: str, deadline: Deadline) -> Entry:
    """Last year's date is no promise for this year: the clerk sets a new one."""
    if deadline.due is None:
        return deadline_entry(text, deadline)
    return deadline_entry(f"原时限{deadline.label}，待重新确定", Deadline(DeadlineKind.UNDETERMINED))


def goes_on_from(item: Item, scope: Scope) -> Item | None:
    """Last year's item that goes on in this one, if the scope reaches it."""
    before = select(Item).where(Item.id == item.look_back_of_id)
    return db.session.scalar(before if scope is None else before.where(plans.concerns(scope)))


def continued_in(item: Item, scope: Scope) -> list[Item]:
    """The items of later plans that go on from this one, as far as the scope reaches."""
    later = select(Item).where(Item.look_back_of_id == item.id).order_by(Item.id)
    return list(db.session.scalars(later if scope is None else later.where(plans.concerns(scope))))
