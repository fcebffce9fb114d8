"""From where an instruction is written: the item, the unit or the list that its address names, never an address given.

What it speaks of and whom it concerns is read from the ledger afresh, when the form is shown and when it is sent.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import request, url_for

from tracker.ledger import plans
from tracker.ledger.instructions import Source
from tracker.ledger.standing import standings_of_item
from tracker.rules.standing import ShareStanding
from tracker.web.access import visitor
from tracker.web.addresses import record_id
from tracker.web.item_filters import LABELS, Filters, read_filters
from tracker.web.item_lists import Asked, asked, item_list
from tracker.web.selection import current_quarter

_NAMES = ("plan", "quarter", "as_of", "item", "list", *LABELS)


@dataclass(frozen=True)
class Written:
    """The source, and the units that are ticked beforehand."""

    source: Source
    units: tuple[int, ...] = ()

    @property
    def address(self) -> str:
        """Of the form: what it was opened with, and nothing else that the address may hold."""
        given = {name: request.args[name] for name in _NAMES if request.args.get(name)}
        return url_for("instructions.give", **given)  # type: ignore[arg-type]


def written_from() -> Written:
    """Raise NotFound for what is another's."""
    filters = read_filters()
    if request.args.get("item"):
        return _from_item(filters)
    about = asked()
    if about is not None and (filters.narrows or request.args.get("list")):
        return _from_list(about)
    return Written(Source("", url_for("instructions.index")))


def _from_item(filters: Filters) -> Written:
    """The item's units, those that lead first; of a row that names a unit, that one."""
    me = visitor()
    item = plans.item_of(me.organisation_id, request.args.get("item", 0, type=record_id), None)
    source = Source(
        f"第 {item.position} 项 {item.short}", url_for("items.item", item_id=item.id), item.plan_id, item.id
    )
    if filters.unit:
        return Written(source, (filters.unit.id,))
    quarter = current_quarter(item.plan.year, me.today)
    shares = standings_of_item(item.id, [quarter], me.today)[quarter].shares.values()
    return Written(source, _units(sorted(shares, key=lambda share: not share.lead)))


def _units(shares: Iterable[ShareStanding]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(share.unit_id for share in shares))


def _from_list(about: Asked) -> Written:
    """The units whose shares make the list what it is: of a standing, those that stand so."""
    filters, found = about.filters, item_list(about)
    carried = [share for line in found.lines for share in found.carried.get(line.item_id, ())]
    if filters.standing:
        carried = [share for share in carried if share.standing is filters.standing]
    told = f"（{filters.sentence}）" if filters.narrows else ""
    plan, quarter = about.plan, about.quarter
    address = url_for("items.index", plan=plan.id, quarter=str(quarter), **filters.address)
    source = Source(f"{quarter.label}任务 {len(found.lines)} 项{told}", address, plan.id)
    return Written(source, (filters.unit.id,) if filters.unit else _units(carried))
