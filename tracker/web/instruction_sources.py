"""From where an instruction is written: the item, the unit or the list that its address names, never an address given.

What it speaks of and whom it concerns is read from the ledger afresh, when the form is shown and when it is sent.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from flask import request, url_for

from tracker.ledger import plans
from tracker.ledger.instructions import Source
from tracker.ledger.standing import standings, standings_of_item
from tracker.ledger.tables.plans import Plan
from tracker.rules.quarters import Quarter
from tracker.rules.standing import ShareStanding, carrying
from tracker.web.access import visitor
from tracker.web.addresses import record_id
from tracker.web.item_filters import Filters, read_filters
from tracker.web.selection import current_quarter, selection

_NAMES = ("plan", "quarter", "item", "unit", "part", "section", "standing", "q", "list")


@dataclass(frozen=True)
class Written:
    """The source, the units that are ticked beforehand, and what the form's own address needs."""

    source: Source
    units: tuple[int, ...] = ()

    @property
    def address(self) -> str:
        given = {name: request.args[name] for name in _NAMES if request.args.get(name)}
        return url_for("instructions.give", **given)  # type: ignore[arg-type]


def written_from() -> Written:
    """Raise NotFound for what is another's."""
    filters = read_filters()
    if request.args.get("item"):
        return _from_item(filters)
    chosen = selection()
    if chosen.plan is not None and chosen.quarter is not None and (filters.narrows or request.args.get("list")):
        return _from_list(chosen.plan, chosen.quarter, filters)
    return Written(Source("", url_for("instructions.index")))


def _from_item(filters: Filters) -> Written:
    """The item's units, those that lead first; of a row that names a unit, that one."""
    me = visitor()
    item = plans.item_of(me.organisation_id, request.args.get("item", 0, type=record_id), None)
    about = f"第 {item.position} 项 {item.short}"
    source = Source(about, url_for("items.item", item_id=item.id), item.plan_id, item.id)
    if filters.unit:
        return Written(source, (filters.unit.id,))
    quarter = current_quarter(item.plan.year, me.today)
    shares = standings_of_item(item.id, [quarter], me.today)[quarter].shares.values()
    return Written(source, _units(sorted(shares, key=lambda share: not share.lead)))


def _units(shares: Iterable[ShareStanding]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(share.unit_id for share in shares))


def _from_list(plan: Plan, quarter: Quarter, filters: Filters) -> Written:
    """The units whose shares make the list what it is: of a standing, those that stand so."""
    address = url_for("items.index", plan=plan.id, quarter=str(quarter), **filters.address)
    source = Source(f"{quarter.label}{_words(filters)}", address, plan.id)
    if filters.unit:
        return Written(source, (filters.unit.id,))
    as_of = selection().as_of
    named = {item.id for item in plans.outline(plan, None, as_of) if item.counts_in(quarter) and filters.names(item)}
    by_item: dict[int, list[ShareStanding]] = defaultdict(list)
    for share in standings(plan.id, quarter, as_of).shares.values():
        if share.item_id in named and share in filters.whose:
            by_item[share.item_id].append(share)
    carried = (share for shares in by_item.values() for share in carrying(shares))
    return Written(source, _units(share for share in carried if filters.standing in (None, share.standing)))


def _words(filters: Filters) -> str:
    """县司法局牵头“深化决策公开”板块逾期的任务."""
    parts = [
        filters.unit.name if filters.unit else "",
        filters.part.label if filters.part else "",
        f"“{filters.section}”板块" if filters.section else "",
        f"含“{filters.q}”" if filters.q else "",
        filters.standing.label if filters.standing else "",
    ]
    return f"{''.join(parts)}的任务" if any(parts) else "全部任务"
