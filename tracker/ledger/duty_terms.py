"""What a plan's items demand of whom, as things stand: the terms from which the rule makes duties."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from tracker.ledger import units
from tracker.ledger.calendar import work_calendar
from tracker.ledger.db import db
from tracker.ledger.tables.occurrences import Occurrence
from tracker.ledger.tables.organisations import Organisation
from tracker.ledger.tables.plans import Item, Plan, Responsibility
from tracker.ledger.tables.units import Membership, UnitGroup
from tracker.rules.calendar import WorkCalendar
from tracker.rules.deadlines import DeadlineKind
from tracker.rules.duties import OwedDuty, Share, Terms, duties_of
from tracker.rules.duty_changes import Place
from tracker.rules.occurrences import Happening


@dataclass(frozen=True)
class Extent:
    """Which of a plan's duties are compared, and under which circumstances.

    `only` names keys.  `dates_only` looks for other days of the same duties alone.  `rosters` are the groups that stand
    for their rosters of today, and no longer of the day of assigning.  `calendar` is one that is not in force yet.
    `from_day` is that from which the changes hold, today where it is None; `revived` as in `Circumstances`.
    """

    item_ids: Collection[int] | None = None
    unit_ids: Collection[int] | None = None
    only: Collection[str] | None = None
    dates_only: bool = False
    rosters: Collection[int] = ()
    calendar: WorkCalendar | None = None
    from_day: date | None = None
    revived: Mapping[int, date] = field(default_factory=dict)

    def names(self, unit_id: int, key: str) -> bool:
        return self.names_unit(unit_id) and (self.only is None or key in self.only)

    def names_unit(self, unit_id: int) -> bool:
        return self.unit_ids is None or unit_id in self.unit_ids


def wanted(plan: Plan, extent: Extent, today: date) -> dict[Place, tuple[Item, OwedDuty]]:
    """All that the plan's items demand now."""
    organisation = db.session.get_one(Organisation, plan.organisation_id)
    calendar = extent.calendar or work_calendar()
    successors = units.successors(plan.organisation_id, today)
    events = happened(plan)
    rosters = dict.fromkeys(extent.rosters, today)
    found = {}
    for item in _items_with_terms(plan, extent):
        terms = terms_of(item, successors, events[item.id], rosters)
        named = replace(terms, shares=tuple(share for share in terms.shares if extent.names_unit(share.unit_id)))
        for owed in duties_of(named, plan.year, organisation.report_day, calendar):
            found[item.id, owed.unit_id, owed.key] = item, owed
    return found


def _items_with_terms(plan: Plan, extent: Extent) -> Iterable[Item]:
    query = select(Item).where(Item.plan_id == plan.id, Item.cancelled_on.is_(None))
    if extent.item_ids is not None:
        query = query.where(Item.id.in_(extent.item_ids))
    return db.session.scalars(
        query.order_by(Item.position).options(
            joinedload(Item.revised_by),
            selectinload(Item.targets),
            selectinload(Item.deadlines),
            selectinload(Item.responsibilities)
            .joinedload(Responsibility.group)
            .selectinload(UnitGroup.memberships)
            .joinedload(Membership.unit),
        )
    )


def happened(plan: Plan) -> dict[int, list[Occurrence]]:
    """By item, the events of which a relative deadline runs."""
    runs = (Occurrence.plan_id == plan.id, Occurrence.deadline_id.is_not(None), Occurrence.revoked_on.is_(None))
    by_item: dict[int, list[Occurrence]] = defaultdict(list)
    for event in db.session.scalars(select(Occurrence).where(*runs).order_by(Occurrence.id)):
        by_item[event.item_id].append(event)
    return by_item


def terms_of(
    item: Item,
    successors: Mapping[int, int] | None = None,
    happened: Iterable[Occurrence] = (),
    rosters: Mapping[int, date] | None = None,
) -> Terms:
    """What the item demands of whom.  A unit that leads and also stands in a supporting group leads.

    What a unit that is gone was asked for is asked of its successor.  `rosters` are groups of whose roster another day
    counts than that of assigning.
    """
    goes_to = successors or {}
    leads: dict[int, bool] = {}
    for responsibility in item.responsibilities:
        for unit_id in _units_named(responsibility, rosters or {}, goes_to):
            unit_id = goes_to.get(unit_id, unit_id)  # noqa: PLW2901
            leads[unit_id] = leads.get(unit_id, False) or responsibility.lead
    return Terms(
        shares=tuple(Share(unit_id, lead) for unit_id, lead in leads.items()),
        deadlines=tuple((deadline.text, deadline.holds) for deadline in item.deadlines),
        targets=tuple((target.text, target.target) for target in item.targets),
        happened=tuple(_happenings(item, happened, goes_to)),
    )


def _units_named(responsibility: Responsibility, rosters: Mapping[int, date], goes_to: Collection[int]) -> list[int]:
    """A group stands for its roster on the day of assigning."""
    group = responsibility.group
    if group is None:
        return [responsibility.unit_id] if responsibility.unit_id else []
    if day := rosters.get(group.id):
        return [unit.id for unit in units.roster(group, day, besides=goes_to)]
    return [unit.id for unit in units.roster(group, responsibility.assigned_on)]


def _happenings(item: Item, happened: Iterable[Occurrence], goes_to: Mapping[int, int]) -> Iterator[Happening]:
    deadlines = {deadline.id: deadline for deadline in item.deadlines if deadline.kind is DeadlineKind.RELATIVE}
    for event in happened:
        if deadline := deadlines.get(event.deadline_id or 0):
            unit_id = goes_to.get(event.unit_id, event.unit_id)
            yield Happening(event.id, unit_id, deadline.text, deadline.deadline, event.happened_on, event.title)
