"""The lines of a list of items, with all that the page, the table and the paper tell of them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, select

from tracker.ledger import memory
from tracker.ledger.db import db
from tracker.ledger.item_words import ItemWords, words_of
from tracker.ledger.lights import lights_of
from tracker.ledger.memory import Deed
from tracker.ledger.standing import Key, Standings, standings
from tracker.ledger.tables.plans import Plan
from tracker.ledger.tables.reports import ReportVersion
from tracker.ledger.tables.units import Unit
from tracker.ledger.touched import touched
from tracker.rules.items import ItemLine, Whose, item_lines
from tracker.rules.quarters import Quarter
from tracker.rules.reports import ProgressClass
from tracker.rules.standing import ShareStanding, Standing, carrying

MOST_NAMED = 500  # ids in one question


class Latest(NamedTuple):
    """What a unit last handed in on an item; what came in last stands last in order, by the quarter it tells of."""

    quarter: Quarter
    left_on: date
    version_id: int
    unit: str
    progress: str


@dataclass(frozen=True)
class ItemRow:
    """`classes` are those that the carrying units reported for the quarter, the worst first."""

    line: ItemLine
    item: ItemWords
    classes: Sequence[ProgressClass]
    latest: Latest | None

    @property
    def classes_in_words(self) -> str:
        return "、".join(kind.label for kind in self.classes)


def carried_by(found: Standings, whose: Whose) -> dict[int, Sequence[ShareStanding]]:
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
    plan: Plan,
    lines: Sequence[ItemLine],
    found: Standings,
    carried: Mapping[int, Sequence[ShareStanding]],
    items: Mapping[int, ItemWords],
) -> list[ItemRow]:
    """These lines in their order."""
    told = _told(plan, found.quarter, found.as_of)
    return [_row(line, items[line.item_id], carried.get(line.item_id, ()), found, told) for line in lines]


def _row(
    line: ItemLine,
    item: ItemWords,
    shares: Sequence[ShareStanding],
    found: Standings,
    told: Mapping[Key, Latest],
) -> ItemRow:
    latest = [told[key] for share in shares if (key := _key(share)) in told]
    return ItemRow(line, item, classes_of(found, shares), max(latest, default=None))


def _told(plan: Plan, quarter: Quarter, as_of: date) -> Mapping[Key, Latest]:
    """By share, what had been handed in last on the quarter or those before."""
    return memory.remembered(
        plan.organisation_id,
        ("told", plan.id, quarter, as_of),
        make=lambda: _read_told(plan, quarter, as_of),
        renew=lambda known, deeds: _told_anew(known, deeds, plan, quarter, as_of),
        weigh=lambda known: 2 * len(known),
    )


def _told_anew(
    known: Mapping[Key, Latest], deeds: tuple[Deed, ...], plan: Plan, quarter: Quarter, as_of: date
) -> Mapping[Key, Latest] | None:
    """Of the items that were touched alone."""
    found = touched(deeds)
    if found is None:
        return None
    item_ids = found.items_of(plan.id)
    if not item_ids:
        return known
    others = {key: latest for key, latest in known.items() if key[0] not in item_ids}
    return others | _read_told(plan, quarter, as_of, item_ids)


def _read_told(plan: Plan, quarter: Quarter, as_of: date, item_ids: Collection[int] | None = None) -> dict[Key, Latest]:
    """Two questions, for texts are long: which versions came in last, then what they say."""
    told = [ReportVersion.plan_id == plan.id, ReportVersion.quarter <= quarter, ReportVersion.left_on <= as_of]
    if item_ids is not None:
        told.append(ReportVersion.item_id.in_(item_ids))
    columns = (ReportVersion.item_id, ReportVersion.unit_id, ReportVersion.id, ReportVersion.quarter)
    order = (ReportVersion.quarter, ReportVersion.left_on, ReportVersion.id)
    rows = db.session.execute(select(*columns, ReportVersion.left_on).where(*told).order_by(*order))
    last = {(row.item_id, row.unit_id): row for row in rows}
    words = _words({row.id for row in last.values()}, told)
    return {key: Latest(row.quarter, row.left_on or as_of, row.id, *words[row.id]) for key, row in last.items()}


def _words(ids: Collection[int], told: Sequence[ColumnElement[bool]]) -> dict[int, tuple[str, str]]:
    """The unit that handed it in, and the progress; of very many the database is not told one by one."""
    query = select(ReportVersion.id, Unit.name, ReportVersion.progress).join(Unit, Unit.id == ReportVersion.unit_id)
    query = query.where(ReportVersion.id.in_(ids)) if len(ids) <= MOST_NAMED else query.where(*told)
    return {
        version_id: (unit, progress) for version_id, unit, progress in db.session.execute(query) if version_id in ids
    }


# The lines of a whole plan


@dataclass(frozen=True)
class PlanLines:
    """How each item stands by the shares that carry it, whoever they are."""

    lines: Mapping[int, ItemLine]
    carried: Mapping[int, Sequence[ShareStanding]]


def plan_lines(plan: Plan, quarter: Quarter, as_of: date) -> PlanLines:
    return memory.remembered(
        plan.organisation_id,
        ("lines", plan.id, quarter, as_of),
        make=lambda: _lines(plan, standings(plan.id, quarter, as_of)),
        renew=lambda known, deeds: _lines_anew(known, deeds, plan, quarter, as_of),
        weigh=lambda known: 2 * len(known.lines),
    )


def _lines(plan: Plan, found: Standings, item_ids: Collection[int] | None = None) -> PlanLines:
    listed = [item.id for item in words_of(plan, found.as_of)] if item_ids is None else sorted(item_ids)
    lights = lights_of(plan.organisation_id, found)
    lines = item_lines(listed, found.shares.values(), Whose(), lights)
    return PlanLines({line.item_id: line for line in lines}, carried_by(found, Whose()))


def _lines_anew(
    known: PlanLines, deeds: tuple[Deed, ...], plan: Plan, quarter: Quarter, as_of: date
) -> PlanLines | None:
    told = touched(deeds)
    if told is None or told.lights:
        return None
    item_ids = told.items_of(plan.id)
    if not item_ids:
        return known
    anew = _lines(plan, standings(plan.id, quarter, as_of).of_items(item_ids), item_ids)
    carried = {item_id: shares for item_id, shares in known.carried.items() if item_id not in item_ids}
    return PlanLines({**known.lines, **anew.lines}, {**carried, **anew.carried})
