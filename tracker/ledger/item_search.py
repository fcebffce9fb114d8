"""What a list of items is searched and narrowed by, beside how the items stand: each one question to the database."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

from sqlalchemy import and_, select

from tracker.ledger import memory
from tracker.ledger.attainment import attainments, targets_on
from tracker.ledger.db import db
from tracker.ledger.item_words import ItemWords
from tracker.ledger.memory import Deed
from tracker.ledger.standing import Scope, duty_facts
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.plans import Item, Plan
from tracker.ledger.tables.revisions import FormerWording, Revision
from tracker.ledger.touched import touched
from tracker.rules.duties import DutyKind
from tracker.rules.quarters import Quarter
from tracker.rules.standing import DutyFacts


def naming(items: Iterable[ItemWords], words: Iterable[str]) -> set[int]:
    """The items in which each of the words stands: in task, goal, document, headings, or the names of its units.

    The words are looked for here and not in the database, which knows neither the width of a character nor how an item
    read on an earlier day.
    """
    asked = list(words)
    return {item.id for item in items if all(word in item.sought for word in asked)}


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


def items_at_risk(plan: Plan, quarter: Quarter, as_of: date, scope: Scope) -> frozenset[int]:
    """The items of which a target was missed, or stands behind the share of its period that is over."""
    if scope is not None:
        return _at_risk(plan, quarter, as_of, scope)
    return memory.remembered(
        plan.organisation_id,
        ("risk", plan.id, quarter, as_of),
        make=lambda: _at_risk(plan, quarter, as_of),
        renew=lambda known, deeds: _looked_at_again(known, deeds, plan, quarter, as_of),
    )


def _at_risk(
    plan: Plan, quarter: Quarter, as_of: date, scope: Scope = None, item_ids: Collection[int] | None = None
) -> frozenset[int]:
    asked = Item.plan_id == plan.id if item_ids is None else and_(Item.plan_id == plan.id, Item.id.in_(item_ids))
    targets = attainments(targets_on(asked, as_of), as_of, scope)
    return frozenset(one.target.item_id for one in targets if one.found.at_risk(quarter))


def _looked_at_again(
    known: frozenset[int], deeds: tuple[Deed, ...], plan: Plan, quarter: Quarter, as_of: date
) -> frozenset[int] | None:
    """At the items that were touched alone."""
    found = touched(deeds)
    if found is None:
        return None
    item_ids = found.items_of(plan.id)
    return known - item_ids | _at_risk(plan, quarter, as_of, None, item_ids) if item_ids else known
