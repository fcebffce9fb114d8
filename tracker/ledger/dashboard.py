"""All that the leading group's page counts, read from the ledger once and kept as plain values."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from tracker.ledger import item_words, memory, plans, units
from tracker.ledger.item_search import items_at_risk
from tracker.ledger.item_words import ItemWords
from tracker.ledger.memory import Deed
from tracker.ledger.silence import silent_since
from tracker.ledger.standing import Standings, standings, standings_by_quarter
from tracker.ledger.tables.plans import Plan
from tracker.ledger.tables.units import UnitGroup, UnitKind
from tracker.ledger.touched import work_touched
from tracker.ledger.units import UnitName
from tracker.ledger.verified import verified_classes
from tracker.rules.comparisons import Counterpart, PlanName, counterpart
from tracker.rules.duties import DutyKind
from tracker.rules.items import Whose
from tracker.rules.quarters import Quarter, quarters_of
from tracker.rules.standing import DutyFacts, ShareStanding, overdue_first
from tracker.rules.summary import Punctuality, Summary, day_to_compare, punctuality, summarise
from tracker.rules.truths import Truths, truths


@dataclass(frozen=True)
class Narrowed:
    """What the page is narrowed to: a group of units, by its roster on each day looked at, a kind, and a section."""

    group: UnitGroup | None = None
    kind: UnitKind | None = None
    section: str = ""

    @property
    def name(self) -> tuple[Hashable, ...]:
        """For what is remembered of it."""
        return (self.group.id if self.group else None, self.kind, self.section)

    def whose(self, plan: Plan, day: date) -> Whose:
        return Whose(group=units.asked_for(plan.organisation_id, self.group, self.kind, day))


@dataclass(frozen=True)
class Earlier:
    """A quarter that this one is compared with, at the same distance from its end; `why` it is that plan."""

    plan: PlanName
    quarter: Quarter
    on: date
    summary: Summary
    why: str = ""


@dataclass(frozen=True)
class Board:
    """`quarters` has None for a quarter that has not begun; `kinds` has the units of each kind, the worst first.

    `headings` are all of the plan's, `groups` and `known_kinds` all of the organisation's, whatever the page is
    narrowed to.
    """

    summary: Summary
    quarters: Mapping[Quarter, Summary | None]
    before: Earlier | None
    last_year: Earlier | None
    overdue: Sequence[DutyFacts]
    punctuality: Punctuality
    items: Mapping[int, ItemWords]
    kinds: Mapping[UnitKind, Sequence[UnitName]]
    truths: Truths
    at_risk: frozenset[int]
    silent: Mapping[int, date]
    names: Mapping[int, str]
    headings: Sequence[str]
    groups: Sequence[tuple[int, str]]
    known_kinds: Sequence[UnitKind]

    @cached_property
    def attention(self) -> Sequence[DutyFacts]:
        """What is overdue as it needs a leader: work before missing reports, for red is worse than yellow."""
        return sorted(self.overdue, key=lambda duty: duty.kind is DutyKind.QUARTER_REPORT)

    @cached_property
    def units(self) -> dict[int, UnitName]:
        return {unit.id: unit for of_kind in self.kinds.values() for unit in of_kind}

    @property
    def begun(self) -> bool:
        return self.quarters[self.summary.quarter] is not None


def board_of(plan: Plan, quarter: Quarter, as_of: date, narrowed: Narrowed) -> Board:
    board: Board = memory.remembered(
        plan.organisation_id,
        ("board", plan.id, quarter, as_of, *narrowed.name),
        make=lambda: _board_of(plan, quarter, as_of, narrowed),
        renew=unless_counted_anew,
        weigh=lambda board: len(board.items) + len(board.overdue),
    )
    return board


_VERIFYING = frozenset({"verified_class", "inspection", "inspection_part"})  # records whose acts verify


def unless_counted_anew(known: Any, deeds: tuple[Deed, ...]) -> Any:
    """How to renew a board, or what is made of one; acts on any plan tell, for last year's is told of, too."""
    verified = any(deed.record in _VERIFYING for deed in deeds)
    return None if verified or work_touched(deeds) else known


def _board_of(plan: Plan, quarter: Quarter, as_of: date, narrowed: Narrowed) -> Board:
    begun = [q for q in quarters_of(plan.year) if q.start <= as_of]
    found = standings_by_quarter(plan.id, sorted({*begun, quarter}), as_of)
    before = _before(plan, quarter, as_of, narrowed)  # first, for it reads the same items as of another day
    last_year = _last_year(plan, quarter, as_of, narrowed)
    outline = item_words.outline(plan, as_of=as_of)
    whose, now = narrowed.whose(plan, as_of), found[quarter]
    summaries = {q: _summary(plan, found[q], narrowed) for q in found}
    counted = _sections(outline, now, narrowed, whose)
    duties = list(_duties(now, narrowed, whose, outline))
    registered = {unit.id: unit for unit in units.names_of(plan.organisation_id)}
    silent = silent_since(plan.organisation_id, as_of)
    return Board(
        summary=summaries[quarter],
        quarters={q: summaries[q] if q in begun else None for q in quarters_of(plan.year)},
        before=before,
        last_year=last_year,
        overdue=overdue_first(duties, as_of),
        punctuality=punctuality(duties, as_of),
        items={item.id: item for item in outline},
        kinds=_kinds(registered, summaries[quarter]),
        truths=truths(
            counted,
            _shares(now, whose),
            now.reports,
            {key: word.progress_class for key, word in verified_classes(plan.id, quarter, as_of).items()},
            now.duties,
            as_of,
        ),
        at_risk=frozenset(items_at_risk(plan, quarter, as_of, None) & counted.keys()),
        silent={unit_id: since for unit_id, since in silent.items() if unit_id in summaries[quarter].by_unit},
        names={unit.id: unit.name for unit in registered.values()},
        headings=list(dict.fromkeys(item.heading for item in outline)),
        groups=[(group.id, group.name) for group in units.group_names_of(plan.organisation_id)],
        known_kinds=units.kinds_of(plan.organisation_id),
    )


class _Counted(NamedTuple):
    """A summary, and what it was counted from."""

    found: Standings
    words: Sequence[ItemWords]
    summary: Summary


def _summary(plan: Plan, found: Standings, narrowed: Narrowed) -> Summary:
    """Of one quarter as it stood on its day; where an act left all of it as it was, it is not counted again."""
    words = item_words.words_of(plan, found.as_of)

    def count() -> _Counted:
        whose, outline = narrowed.whose(plan, found.as_of), item_words.outline(plan, as_of=found.as_of)
        shares, sections = _shares(found, whose), _sections(outline, found, narrowed, whose)
        return _Counted(found, words, summarise(found.quarter, shares, sections))

    counted: _Counted = memory.remembered(
        plan.organisation_id,
        ("summary", plan.id, found.quarter, found.as_of, *narrowed.name),
        make=count,
        renew=lambda known, _: known if known.found is found and known.words is words else None,
        weigh=lambda known: len(known.summary.by_unit),
    )
    return counted.summary


def _shares(found: Standings, whose: Whose) -> Iterable[ShareStanding]:
    return (share for share in found.shares.values() if share in whose)


def _sections(outline: Iterable[ItemWords], found: Standings, narrowed: Narrowed, whose: Whose) -> dict[int, str]:
    """The items that count, with their headings: of a group or kind, those in which one of its units takes part."""
    held = None if whose.everybody else {share.item_id for share in _shares(found, whose)}
    return {
        item.id: item.heading
        for item in outline
        if item.counts_in(found.quarter)
        and (held is None or item.id in held)
        and narrowed.section in ("", item.heading)
    }


def _duties(found: Standings, narrowed: Narrowed, whose: Whose, outline: Iterable[ItemWords]) -> Iterable[DutyFacts]:
    covered = {item.id for item in outline if narrowed.section in ("", item.heading)}
    return (duty for owed in found.duties.values() for duty in owed if duty.item_id in covered and duty in whose)


def _kinds(registered: Mapping[int, UnitName], summary: Summary) -> dict[UnitKind, list[UnitName]]:
    ranked = [registered[unit_id] for unit_id in summary.worst_first(registered)]
    by_kind = {kind: [unit for unit in ranked if unit.kind is kind] for kind in UnitKind}
    return {kind: of_kind for kind, of_kind in by_kind.items() if of_kind}


# Comparisons


def _before(plan: Plan, quarter: Quarter, as_of: date, narrowed: Narrowed) -> Earlier | None:
    """The plan's quarter before, on the day that lay as far from its end."""
    on = day_to_compare(quarter, as_of)
    if on is None or quarter.previous.year != plan.year:
        return None
    return _earlier(plan, quarter.previous, on, narrowed)


def _last_year(plan: Plan, quarter: Quarter, as_of: date, narrowed: Narrowed) -> Earlier | None:
    """The same quarter of the plan that went before this one, on the same day of the year before."""
    known = plans.plans_of(plan.organisation_id)
    by_id = {other.id: other for other in known}
    found = counterpart(_name(plan), map(_name, known))
    if found is None or as_of < quarter.start:
        return None
    then = Quarter(quarter.year - 1, quarter.number)
    return _earlier(by_id[found.plan.id], then, then.end + (as_of - quarter.end), narrowed, found)


def _earlier(
    plan: Plan, quarter: Quarter, on: date, narrowed: Narrowed, found: Counterpart | None = None
) -> Earlier | None:
    """None where there is nothing to compare with."""
    summary = _summary(plan, standings(plan.id, quarter, on), narrowed)
    why = found.why if found else ""
    return Earlier(_name(plan), quarter, on, summary, why) if summary.items else None


def _name(plan: Plan) -> PlanName:
    return PlanName(plan.id, plan.title, plan.year)


def summary_of(plan: Plan, quarter: Quarter, as_of: date, narrowed: Narrowed) -> Summary:
    """Of one plan alone, as its own page would tell it."""
    return _summary(plan, standings(plan.id, quarter, as_of), narrowed)
