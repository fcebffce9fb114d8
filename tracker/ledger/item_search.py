"""What a list of items is searched and narrowed by, beside how the items stand: each one question to the database."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased

from tracker.ledger.attainment import plan_attainments
from tracker.ledger.db import db
from tracker.ledger.standing import Scope, duty_facts
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.plans import Item, Plan, Responsibility
from tracker.ledger.tables.revisions import FormerWording, Revision
from tracker.ledger.tables.units import Unit, UnitGroup
from tracker.rules.duties import DutyKind
from tracker.rules.quarters import Quarter
from tracker.rules.search import folded
from tracker.rules.standing import DutyFacts


def naming(items: Iterable[Item], plan_id: int, words: Iterable[str], as_of: date) -> set[int]:
    """The items in which each of the words stands: in task, goal, document, headings, or the names of its units.

    The words are looked for here and not in the database, which knows neither the width of a character nor how an item
    read on an earlier day.
    """
    asked, named = list(words), _named(plan_id, as_of)
    return {item.id for item in items if _holds(item, named[item.id], asked)}


def _holds(item: Item, names: list[str], words: list[str]) -> bool:
    told = folded("\n".join((item.number, item.task, item.goal, item.as_printed, *item.section, *names)))
    return all(word in told for word in words)


def _named(plan_id: int, as_of: date) -> dict[int, list[str]]:
    """By item: the units and groups that were responsible on the day, by their names and as printed."""
    added, ended = aliased(Revision), aliased(Revision)
    rows = db.session.execute(
        select(Responsibility.item_id, Responsibility.text, Unit.name, UnitGroup.name)
        .join(Item, Item.id == Responsibility.item_id)
        .outerjoin(Unit, Unit.id == Responsibility.unit_id)
        .outerjoin(UnitGroup, UnitGroup.id == Responsibility.group_id)
        .outerjoin(added, added.id == Responsibility.added_by_id)
        .outerjoin(ended, ended.id == Responsibility.ended_by_id)
        .where(
            Item.plan_id == plan_id,
            or_(added.id.is_(None), added.made_on <= as_of),
            or_(ended.id.is_(None), ended.made_on > as_of),
        )
    )
    names: dict[int, list[str]] = defaultdict(list)
    for item_id, *told in rows:
        names[item_id] += [name for name in told if name]
    return names


def planned_duties(plan_id: int, as_of: date, scope: Scope) -> dict[int, list[DutyFacts]]:
    """By item, what is owed by a date of the plan's own, whatever its quarter."""
    owed = and_(Duty.plan_id == plan_id, Duty.kind != DutyKind.QUARTER_REPORT)
    found: dict[int, list[DutyFacts]] = defaultdict(list)
    for duty in duty_facts(owed if scope is None else and_(owed, Duty.unit_id.in_(scope)), as_of):
        found[duty.item_id].append(duty)
    return found


def revised_items(plan_id: int, as_of: date) -> set[int]:
    """The items that a revision had added or changed by then."""
    changed = (
        select(FormerWording.item_id)
        .join(FormerWording.ended_by)
        .where(Revision.plan_id == plan_id, Revision.made_on <= as_of)
    )
    added = select(Item.id).where(Item.plan_id == plan_id, Item.added_on <= as_of)
    return set(db.session.scalars(changed.union(added)))


def items_at_risk(plan: Plan, quarter: Quarter, as_of: date, scope: Scope) -> set[int]:
    """The items of which a target was missed, or stands behind the share of its period that is over."""
    targets = plan_attainments(plan, as_of, scope)
    return {one.target.item_id for one in targets if one.found.at_risk(quarter)}
