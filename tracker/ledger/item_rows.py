"""The lines of a list of items, with all that the page, the table and the paper tell of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from tracker.ledger import plans
from tracker.ledger.db import db
from tracker.ledger.standing import Key, Scope, Standings
from tracker.ledger.tables.plans import Item, Plan
from tracker.ledger.tables.reports import ReportVersion
from tracker.ledger.tables.units import Unit
from tracker.rules.items import ItemLine, Whose
from tracker.rules.quarters import Quarter
from tracker.rules.reports import ProgressClass
from tracker.rules.standing import ShareStanding, Standing, carrying


@dataclass(frozen=True)
class Latest:
    """What was last handed in on an item, by one of the units that carry it."""

    unit: str
    quarter: Quarter
    progress: str


@dataclass(frozen=True)
class ItemRow:
    """`classes` are those that the carrying units reported for the quarter, the worst first."""

    line: ItemLine
    item: Item
    classes: Sequence[ProgressClass]
    latest: Latest | None

    @property
    def leads(self) -> list[str]:
        return self._named(lead=True)

    @property
    def supports(self) -> list[str]:
        return self._named(lead=False)

    def _named(self, *, lead: bool) -> list[str]:
        responsible = (who for who in self.item.responsibilities if who.lead is lead)
        return [named.name for who in responsible if (named := who.unit or who.group)]

    @property
    def deadlines(self) -> str:
        return "；".join(deadline.text for deadline in self.item.deadlines)

    @property
    def targets(self) -> str:
        return "；".join(target.text for target in self.item.targets)

    @property
    def classes_in_words(self) -> str:
        return "、".join(kind.label for kind in self.classes)


def carried_by(found: Standings, whose: Whose) -> dict[int, list[ShareStanding]]:
    """By item, the shares by which it stands."""
    shares: dict[int, list[ShareStanding]] = defaultdict(list)
    for share in found.shares.values():
        if share in whose:
            shares[share.item_id].append(share)
    return {item_id: carrying(of_item) for item_id, of_item in shares.items()}


def classes_of(found: Standings, shares: Iterable[ShareStanding]) -> list[ProgressClass]:
    told = {found.reports[key].progress_class for share in shares if (key := _key(share)) in found.reports}
    return sorted(told, key=lambda kind: Standing(kind).badness)


def _key(share: ShareStanding) -> Key:
    return share.item_id, share.unit_id


def item_rows(
    plan: Plan, lines: Sequence[ItemLine], found: Standings, carried: Mapping[int, list[ShareStanding]], scope: Scope
) -> list[ItemRow]:
    """These lines alone, in their order: what is not shown is not read."""
    shown = [line.item_id for line in lines]
    items = {item.id: item for item in plans.items_of(plan, scope, only=shown, as_of=found.as_of)}
    latest = _latest(shown, carried, found)
    return [
        ItemRow(line, items[line.item_id], classes_of(found, carried.get(line.item_id, ())), latest.get(line.item_id))
        for line in lines
    ]


def _latest(item_ids: Sequence[int], carried: Mapping[int, list[ShareStanding]], found: Standings) -> dict[int, Latest]:
    carrying_units = {_key(share) for item_id in item_ids for share in carried.get(item_id, ())}
    last = _last_versions(item_ids, carrying_units, found.quarter, found.as_of)
    query = select(ReportVersion.item_id, Unit.name, ReportVersion.quarter, ReportVersion.progress)
    rows = db.session.execute(query.join(Unit, Unit.id == ReportVersion.unit_id).where(ReportVersion.id.in_(last)))
    return {item_id: Latest(unit, quarter, progress) for item_id, unit, quarter, progress in rows}


def _last_versions(item_ids: Sequence[int], units: set[Key], quarter: Quarter, as_of: date) -> list[int]:
    """Of each item the version that came in last, by the quarter that it tells of."""
    rows = db.session.execute(
        select(ReportVersion.item_id, ReportVersion.unit_id, ReportVersion.id)
        .where(ReportVersion.item_id.in_(item_ids), ReportVersion.quarter <= quarter, ReportVersion.left_on <= as_of)
        .order_by(ReportVersion.quarter, ReportVersion.left_on, ReportVersion.id)
    )
    return list({item_id: id_ for item_id, unit_id, id_ in rows if (item_id, unit_id) in units}.values())
