"""What a snapshot of a quarter says, read from the ledger as of its day; how it is kept is in `ledger.snapshots`."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.ledger import item_leaders, item_words, paper_templates, plans, sealed, units
from tracker.ledger.attainment import TargetAttainment, plan_attainments
from tracker.ledger.db import db
from tracker.ledger.lights import lights_of
from tracker.ledger.snapshot_findings import (
    differences,
    findings,
    instructions,
    notices,
    verdicts,
    verified,
)
from tracker.ledger.snapshot_shares import filings, share_entries
from tracker.ledger.standing import Key, Standings, standings
from tracker.ledger.tables.accounts import Person, Post
from tracker.ledger.tables.organisations import Organisation
from tracker.ledger.tables.plans import Item, ItemDeadline, Plan
from tracker.ledger.wordings import Layers
from tracker.rules.deadlines import DeadlineKind
from tracker.rules.duties import DutyKind
from tracker.rules.items import ItemLine, Whose, item_lines
from tracker.rules.lights import LightRule, Lights
from tracker.rules.permissions import Role
from tracker.rules.quarters import Quarter
from tracker.rules.reports import ProgressClass
from tracker.rules.snapshot_entries import (
    CancelledItem,
    ClauseEntry,
    DeadlineEntry,
    ItemEntry,
    LightEntry,
    TargetEntry,
    UnitEntry,
)
from tracker.rules.snapshots import Snapshot, Totals, counts_of
from tracker.rules.standing import DutyFacts
from tracker.rules.summary import Summary, day_to_compare, punctuality, summarise


@dataclass(frozen=True)
class _Read:
    """What all parts of the content are made from."""

    plan: Plan
    quarter: Quarter
    as_of: date
    items: Mapping[int, Item]
    found: Standings
    lights: Lights
    verified: Mapping[Key, ProgressClass]
    leaders: Mapping[int, str]

    @property
    def duties(self) -> Iterable[DutyFacts]:
        return (duty for owed in self.found.duties.values() for duty in owed)


def content_of(plan: Plan, quarter: Quarter, as_of: date, version: int = 1) -> Snapshot:
    """The quarter as it stands on the day."""
    office = db.session.get_one(Organisation, plan.organisation_id)
    before, compared_on, before_sealed = _before(plan, quarter, as_of)  # first: it reads items as of another day
    read = _read(plan, quarter, as_of)
    roster = _roster(read)
    unit_ids = [unit.id for unit in roster]
    shares = share_entries(plan, read.found, read.lights, read.items, unit_ids, read.verified)
    return Snapshot(
        organisation=office.name,
        office=f"{office.name}领导小组办公室",
        plan=plan.title,
        plan_year=plan.year,
        quarter=quarter,
        as_of=as_of,
        version=version,
        check_word=office.check_word,
        light_rule=read.lights.rule.name,
        light_clauses=_clauses(read.lights.rule),
        units=roster,
        items=_items(read, roster),
        shares=shares,
        filings=filings(read.found, unit_ids, shares),
        totals=_totals(_summary(quarter, read.found, read.items)),
        punctuality=punctuality(read.duties, as_of),
        report_due=_report_due(read),
        before=before,
        before_sealed=before_sealed,
        compared_on=compared_on,
        cancelled=_cancelled(plan, as_of),
        findings=findings(plan, quarter, as_of, unit_ids),
        instructions=instructions(plan, quarter, as_of),
        notices=notices(plan, quarter, as_of),
        verdicts=verdicts(plan, quarter, as_of),
        differences=differences(plan, quarter, as_of, read.found),
        texts=paper_templates.texts(plan.organisation_id),
        sample=office.sample,
    )


def _read(plan: Plan, quarter: Quarter, as_of: date) -> _Read:
    held = [item.id for item in item_words.outline(plan, as_of=as_of) if item.counts_in(quarter)]
    items = {item.id: item for item in plans.items_of(plan, only=held, as_of=as_of)}
    found = standings(plan.id, quarter, as_of)
    lights = lights_of(plan.organisation_id, found)
    leaders = item_leaders.leaders_of(items.keys(), as_of)
    return _Read(plan, quarter, as_of, items, found, lights, verified(plan, quarter, as_of), leaders)


def _clauses(rule: LightRule) -> tuple[ClauseEntry, ...]:
    return tuple(ClauseEntry(clause.label, clause.light) for clause in rule.clauses)


def _report_due(read: _Read) -> date | None:
    """The last day on which a unit reports in time."""
    asked = (duty for duty in read.duties if duty.kind is DutyKind.QUARTER_REPORT and duty.quarter == read.quarter)
    return max((duty.due for duty in asked if duty.due), default=None)


# The roster


def _roster(read: _Read) -> tuple[UnitEntry, ...]:
    """The units that have a share, in the register's order, with the groups that they were in on the day."""
    plan, day = read.plan, read.as_of
    sharing = {unit_id for _, unit_id in read.found.shares}
    heads, groups = _heads(plan.organisation_id, day), _groups(plan.organisation_id, day)
    return tuple(
        UnitEntry(unit.id, unit.name, unit.kind.label, tuple(groups[unit.id]), "、".join(heads[unit.id]))
        for unit in units.units_of(plan.organisation_id)
        if unit.id in sharing
    )


def _heads(organisation_id: int, day: date) -> Mapping[int, list[str]]:
    query = select(Post).join(Post.person).where(Person.organisation_id == organisation_id)
    posts = db.session.scalars(query.where(Post.role == Role.UNIT_HEAD).options(joinedload(Post.person)))
    heads: dict[int, list[str]] = defaultdict(list)
    for post in posts:
        if post.unit_id is not None and post.held_on(day):
            heads[post.unit_id].append(post.person.name)
    return heads


def _groups(organisation_id: int, day: date) -> Mapping[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for group in units.groups_of(organisation_id):
        for unit in units.roster(group, day):
            found[unit.id].append(group.name)
    return found


# Items


def _items(read: _Read, roster: Iterable[UnitEntry]) -> tuple[ItemEntry, ...]:
    lines = item_lines(read.items, read.found.shares.values(), Whose(), read.lights)
    told, ended, leading = _attainments(read), _ended(read), _leading(read)
    heads = {unit.id: unit.head for unit in roster}
    return tuple(
        _item(read, line, told[line.item_id], ended[line.item_id], {u: heads.get(u, "") for u in leading[line.item_id]})
        for line in lines
    )


def _leading(read: _Read) -> Mapping[int, list[int]]:
    """By item, the units that lead it."""
    found: dict[int, list[int]] = defaultdict(list)
    for (item_id, unit_id), share in read.found.shares.items():
        found[item_id] += [unit_id] if share.lead else []
    return found


def _item(
    read: _Read, line: ItemLine, told: Iterable[TargetAttainment], ended: Iterable[str], leading: Mapping[int, str]
) -> ItemEntry:
    """`leading` gives each leading unit the name of its head, empty where it has none."""
    item = read.items[line.item_id]
    by_unit = (read.verified.get((item.id, unit_id)) for unit_id in leading)
    return ItemEntry(
        id=item.id,
        position=item.position,
        number=item.number,
        section=tuple(item.section),
        task=item.task,
        short=item.short,
        goal=item.goal,
        targets=tuple(_target(target, read.quarter) for target in told),
        deadlines=tuple(_deadline(deadline, read, leading) for deadline in item.deadlines),
        leads=tuple(_named(item, lead=True)),
        supports=tuple(_named(item, lead=False)),
        standing=line.standing,
        light=LightEntry(line.lit.light, line.lit.reason, line.lit.by_hand is not None),
        report_late=line.report_late,
        leader=read.leaders.get(item.id, ""),
        owner="、".join(dict.fromkeys(head for head in leading.values() if head)),
        added_on=item.added_on,
        ended=tuple(ended),
        verified=max((kind for kind in by_unit if kind), key=list(ProgressClass).index, default=None),
    )


def _named(item: Item, *, lead: bool) -> list[str]:
    responsible = (who for who in item.responsibilities if who.lead is lead)
    return [named.name for who in responsible if (named := who.unit or who.group)]


def _attainments(read: _Read) -> Mapping[int, list[TargetAttainment]]:
    found: dict[int, list[TargetAttainment]] = defaultdict(list)
    for told in plan_attainments(read.plan, read.as_of):
        found[told.target.item_id].append(told)
    return found


def _target(told: TargetAttainment, quarter: Quarter) -> TargetEntry:
    asked, judged = told.found.target, told.found.attained(quarter)
    figures = [(unit, unit.at(asked, quarter)) for unit in told.found.units]
    return TargetEntry(
        text=told.target.text,
        units_asked=len(told.found.asked),
        units_met=told.found.met(quarter),
        attained=judged.label(asked) if judged else "",
        reached=tuple(
            f"{told.name(unit)} {reached.figure.shown(asked.measure)}" for unit, reached in figures if reached
        ),
    )


def _deadline(deadline: ItemDeadline, read: _Read, leading: Iterable[int]) -> DeadlineEntry:
    """An extension moves the duties of the units that carry the item; the last day of theirs is the revised one."""
    held = deadline.held_on(read.as_of)
    due = held.due if held.kind is DeadlineKind.DATE else None
    owed = (duty for unit_id in leading for duty in read.found.duties.get((deadline.item_id, unit_id), ()))
    moved = (duty.revised_due for duty in owed if due and duty.due == due and duty.revised_due)
    return DeadlineEntry(deadline.text, due, max(moved, default=None))


def _ended(read: _Read) -> Mapping[int, list[str]]:
    """By item, the targets and deadlines of the first edition that a revision had put an end to."""
    now = {item.id: ({t.id for t in item.targets}, {d.id for d in item.deadlines}) for item in read.items.values()}
    first = Layers.of(list(read.items)).which(lambda row: row.added_by_id is None)
    ended: dict[int, list[str]] = defaultdict(list)
    for target in first.targets:
        ended[target.item_id] += [target.text] if target.id not in now[target.item_id][0] else []
    for deadline in first.deadlines:
        ended[deadline.item_id] += [deadline.text] if deadline.id not in now[deadline.item_id][1] else []
    return ended


def _cancelled(plan: Plan, as_of: date) -> tuple[CancelledItem, ...]:
    return tuple(
        CancelledItem(item.position, item.number, item.task, item.cancelled_on, item.cancel_reason)
        for item in item_words.cancelled(plan, None, as_of)
        if item.cancelled_on
    )


# Totals


def _summary(quarter: Quarter, found: Standings, items: Mapping[int, Item]) -> Summary:
    return summarise(quarter, found.shares.values(), {item.id: item.heading for item in items.values()})


def _totals(summary: Summary) -> Totals:
    return Totals(counts_of(summary.total), summary.report_late)


def _before(plan: Plan, quarter: Quarter, as_of: date) -> tuple[Totals | None, date | None, bool]:
    """The quarter before: at its seal, or as many days after its end; with that day, and whether it was sealed."""
    if quarter.previous.year != plan.year:
        return None, None, False
    if kept := sealed.latest(plan.id, quarter.previous):
        return Snapshot.from_json(kept.content).totals, kept.as_of, True
    on = day_to_compare(quarter, as_of)
    if on is None:
        return None, None, False
    read = _read(plan, quarter.previous, on)
    return _totals(_summary(quarter.previous, read.found, read.items)), on, False
