"""The two lists of the ledger as an address asks for them: items, and the duties of its units.

The page, the table file and the paper show the same list.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from tracker.ledger import item_search, item_words, units
from tracker.ledger.item_rows import ItemRow, carried_by, classes_of, item_rows, plan_lines
from tracker.ledger.item_words import ItemWords
from tracker.ledger.lights import lights_of
from tracker.ledger.standing import Scope, Standings, standings
from tracker.ledger.tables.plans import Plan
from tracker.rules.items import ItemLine, Whose, item_lines
from tracker.rules.lights import Lights
from tracker.rules.quarters import Quarter
from tracker.rules.standing import DutyFacts, DutyState, ShareStanding, overdue_first
from tracker.rules.summary import by_dates
from tracker.web.access import visitor
from tracker.web.item_filters import Filters, Order, read_filters
from tracker.web.selection import selection


@dataclass(frozen=True)
class Asked:
    """What the address is about: a plan in a quarter on a day, as far as the visitor sees, narrowed by filters."""

    plan: Plan
    quarter: Quarter
    as_of: date
    scope: Scope
    filters: Filters

    @cached_property
    def found(self) -> Standings:
        return standings(self.plan.id, self.quarter, self.as_of, self.filters.scope or self.scope)

    @cached_property
    def outline(self) -> list[ItemWords]:
        held = item_words.outline(self.plan, self.scope, self.as_of)
        return [item for item in held if item.counts_in(self.quarter)]

    @cached_property
    def cancelled(self) -> list[ItemWords]:
        return item_words.cancelled(self.plan, self.scope, self.as_of)


def asked() -> Asked | None:
    """None while there is no plan to be asked about."""
    chosen = selection()
    if chosen.plan is None or chosen.quarter is None:
        return None
    return Asked(chosen.plan, chosen.quarter, chosen.as_of, visitor().scope, read_filters())


# Items


@dataclass(frozen=True)
class ItemList:
    """The lines asked for, of so many in all; `carried` are the shares by which each item stands."""

    asked: Asked
    lines: Sequence[ItemLine]
    carried: Mapping[int, Sequence[ShareStanding]]
    items: Mapping[int, ItemWords]
    total: int

    def rows(self, lines: Sequence[ItemLine]) -> list[ItemRow]:
        return item_rows(self.asked.plan, lines, self.asked.found, self.carried, self.items)


def item_list(about: Asked) -> ItemList:
    """In the order asked for.  What is cancelled stands nowhere any more, and is found by its words alone."""
    whole = about.cancelled if about.filters.cancelled else about.outline
    items = {item.id: item for item in _named(about, whole) if about.filters.covers(item)}
    if about.filters.cancelled:
        return ItemList(about, item_lines(items, (), Whose(), Lights()), {}, items, len(whole))
    standing, carried = _standing(about, items)
    lines = [line for line in standing if about.filters.shows(line)]
    for holds in _tests(about, carried):
        lines = [line for line in lines if holds(line.item_id)]
    return ItemList(about, _sorted(about, lines, carried), carried, items, len(whole))


def _standing(
    about: Asked, item_ids: Iterable[int]
) -> tuple[Sequence[ItemLine], Mapping[int, Sequence[ShareStanding]]]:
    """How these items stand: by all that carry them, or by the shares that the address or the visitor's reach names."""
    whose = about.filters.whose
    if about.scope is None and whose.everybody:
        known = plan_lines(about.plan, about.quarter, about.as_of)
        return [known.lines[item_id] for item_id in item_ids], known.carried
    lights = lights_of(about.plan.organisation_id, about.found)
    return item_lines(item_ids, about.found.shares.values(), whose, lights), carried_by(about.found, whose)


def _named(about: Asked, items: Sequence[ItemWords]) -> Sequence[ItemWords]:
    if not about.filters.words:
        return items
    found = item_search.naming(items, about.filters.words)
    return [item for item in items if item.id in found]


def _tests(about: Asked, carried: Mapping[int, Sequence[ShareStanding]]) -> Iterable[Callable[[int], bool]]:
    """One for each filter that looks at more than an item's words and light; each asks the ledger when it is needed."""
    filters = about.filters
    if filters.progress:
        kind = filters.progress
        yield lambda item_id: kind in classes_of(about.found, carried.get(item_id, ()))
    if filters.overdue:
        yield {duty.item_id for duty in _overdue(about)}.__contains__
    if filters.dated:
        yield _due_between(about).__contains__
    if filters.revised:
        yield item_search.revised_items(about.plan.id, about.as_of).__contains__
    if filters.risk:
        yield item_search.items_at_risk(about.plan, about.quarter, about.as_of, about.scope).__contains__


def _overdue(about: Asked) -> Iterable[DutyFacts]:
    owed = (duty for of_share in about.found.duties.values() for duty in of_share if duty in about.filters.whose)
    return (duty for duty in owed if duty.state(about.as_of) is DutyState.OVERDUE)


def _due_between(about: Asked) -> set[int]:
    filters, planned = about.filters, _planned(about)
    return {item_id for item_id, duties in planned.items() if any(filters.spans(duty.due_now) for duty in duties)}


def _planned(about: Asked) -> dict[int, list[DutyFacts]]:
    planned = item_search.planned_duties(about.plan.id, about.as_of, about.filters.scope or about.scope)
    return {item_id: [duty for duty in duties if duty in about.filters.whose] for item_id, duties in planned.items()}


def _sorted(about: Asked, lines: list[ItemLine], carried: Mapping[int, Sequence[ShareStanding]]) -> list[ItemLine]:
    """Lines alike keep the plan's order."""
    order = about.filters.sort
    if order is Order.WORST:
        return sorted(lines, key=lambda line: line.pressure)
    if order is Order.DEADLINE:
        next_due = {item_id: _next_due(duties) for item_id, duties in _planned(about).items()}
        return sorted(lines, key=lambda line: next_due.get(line.item_id, date.max))
    if order is Order.UNIT:
        places = {unit.id: place for place, unit in enumerate(units.names_of(about.plan.organisation_id))}
        first = {item_id: min(places[share.unit_id] for share in shares) for item_id, shares in carried.items()}
        return sorted(lines, key=lambda line: first.get(line.item_id, len(places)))
    return lines


def _next_due(duties: Iterable[DutyFacts]) -> date:
    waiting = (duty.due_now for duty in duties if duty.done_on is None)
    return min((day for day in waiting if day), default=date.max)


# Duties


@dataclass(frozen=True)
class DutyList:
    """`items` are those that the duties belong to, by their ids."""

    asked: Asked
    duties: Sequence[DutyFacts]
    items: Mapping[int, ItemWords]
    total: int


def duty_list(about: Asked) -> DutyList:
    """What is overdue, longest first, or what the address asks for by its dates."""
    filters = about.filters
    held = item_words.outline(about.plan, about.scope, about.as_of)
    items = {item.id: item for item in held}
    listed = [duty for duty in _listed(about) if duty.item_id in items]
    named = {item.id for item in _named(about, held) if filters.covers(item)}
    chosen = [duty for duty in listed if duty.item_id in named and duty in filters.whose]
    if filters.dated:
        chosen = [duty for duty in chosen if filters.spans(duty.due_now)]
    return DutyList(about, chosen, items, len(listed))


def _listed(about: Asked) -> list[DutyFacts]:
    duties = (duty for owed in about.found.duties.values() for duty in owed)
    dates = about.filters.dates
    return by_dates(duties, dates, about.as_of) if dates else overdue_first(duties, about.as_of)
