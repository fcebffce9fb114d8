"""Figures of targets as reports keep them: as JSON and back, counted from events, checked before they are kept."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from tracker.ledger import occurrences
from tracker.ledger.db import db
from tracker.ledger.standing import Key
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.occurrences import Occurrence
from tracker.ledger.tables.plans import ItemTarget
from tracker.ledger.tables.reports import ReportFigure, ReportVersion
from tracker.rules.figures import Before, Exclusion, Figure, Rate, check_figure, check_ready, plain
from tracker.rules.quarters import Quarter
from tracker.rules.refusals import NotFound

# As JSON and back


def basis_of(figure: Figure) -> dict[str, Any] | None:
    """What the figure comes from, beside what was typed."""
    if figure.counted:
        return {"counted": True}
    if figure.rate is None:
        return None
    excluded = [{"count": _text(one.count), "ground": one.ground} for one in figure.rate.exclusions]
    return {"done": _text(figure.rate.done), "due": _text(figure.rate.due), "excluded": excluded}


def figure_kept(row: ReportFigure) -> Figure:
    return _figure(row.value, row.basis, row.reason)


def as_json(figure: Figure) -> dict[str, Any]:
    """As a version and an event record it."""
    return {"value": _text(figure.value), "basis": basis_of(figure), "reason": figure.reason}


def figures_said(more: Mapping[str, Any]) -> dict[int, Figure]:
    """By target, what a version says in its `more`."""
    return figures_told(more["figures"])


def figures_told(told: Mapping[str, Any]) -> dict[int, Figure]:
    """By target, what was recorded by `as_json`; the first versions that were kept give bare numbers."""
    return {int(target_id): _said(figure) for target_id, figure in told.items()}


def _said(told: str | dict[str, Any]) -> Figure:
    if isinstance(told, str):
        return Figure(Decimal(told))
    return _figure(_number(told["value"]), told["basis"], told["reason"])


def _figure(value: Decimal | None, basis: dict[str, Any] | None, reason: str) -> Figure:
    if basis is None:
        return Figure(value, reason=reason)
    if "counted" in basis:
        return Figure(value, counted=True, reason=reason)
    exclusions = tuple(Exclusion(_number(one["count"]), one["ground"]) for one in basis["excluded"])
    return Figure(value, Rate(_number(basis["done"]), _number(basis["due"]), exclusions), reason=reason)


def _text(number: Decimal | None) -> str | None:
    return None if number is None else plain(number)


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


# What is known before anything is typed


def last_handed_in(
    item_ids: Collection[int], quarter: Quarter, unit_ids: Collection[int]
) -> dict[Key, dict[int, Before]]:
    """By item and unit, what the unit last handed in of each target for the quarters before."""
    rows = db.session.execute(
        select(ReportVersion.item_id, ReportVersion.unit_id, ReportVersion.quarter, ReportVersion.more)
        .where(
            ReportVersion.item_id.in_(item_ids),
            ReportVersion.unit_id.in_(unit_ids),
            ReportVersion.quarter < quarter,
            ReportVersion.left_on.is_not(None),
        )
        .order_by(ReportVersion.quarter, ReportVersion.number)
    )
    last = {(item_id, unit_id, of): more for item_id, unit_id, of, more in rows}
    found: dict[Key, dict[int, Before]] = defaultdict(dict)
    for (item_id, unit_id, of), more in last.items():
        found[item_id, unit_id] |= {target_id: Before(of, said) for target_id, said in figures_said(more).items()}
    return found


def counted(
    targets: Iterable[ItemTarget], unit_ids: Collection[int], quarter: Quarter, as_of: date
) -> dict[tuple[int, int], Figure]:
    """By target and unit, what registered events add up to by the quarter's end, each target over its own period."""
    begun = {target.id: target.target.period(quarter)[0].start for target in targets if not target.target.is_rate}
    rows = db.session.execute(
        select(Occurrence.target_id, Occurrence.unit_id, Occurrence.happened_on, Occurrence.amount).where(
            Occurrence.target_id.in_(begun),
            Occurrence.unit_id.in_(unit_ids),
            Occurrence.happened_on <= quarter.end,
            occurrences.counts(as_of),
        )
    )
    sums: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
    for target_id, unit_id, day, amount in rows:
        if target_id is not None and day >= begun[target_id]:
            sums[target_id, unit_id] += amount
    return {key: Figure(total, counted=True) for key, total in sums.items()}


# Before they are kept


def checked(duty: Duty, given: Mapping[int, Figure], today: date) -> dict[int, Figure]:
    """The figures as they are to be kept: what events add up to takes the place of what was typed.

    Raise NotFound for the target of another item, Invalid for what cannot be.
    """
    targets = _targets(duty)
    if not targets.keys() >= given.keys():
        raise NotFound
    in_force = [target for target in targets.values() if target.ended_by_id is None]
    sums = counted(in_force, [duty.unit_id], duty.report_quarter, today)
    figures = {**given, **{target_id: figure for (target_id, _), figure in sums.items()}}
    for target_id, figure in figures.items():
        check_figure(figure, targets[target_id].text, targets[target_id].target)
    return figures


def check_ready_to_hand_in(duty: Duty, figures: Mapping[int, Figure]) -> None:
    """Raise Invalid where a rate is half filled in, or a count went back since it was last handed in without a word."""
    before = last_handed_in([duty.item_id], duty.report_quarter, [duty.unit_id]).get((duty.item_id, duty.unit_id), {})
    targets = _targets(duty)
    for target_id, figure in figures.items():
        target = targets[target_id]
        check_ready(figure, before.get(target_id), target.text, target.target, duty.report_quarter)


def _targets(duty: Duty) -> dict[int, ItemTarget]:
    """Every target that the item ever had."""
    found = db.session.scalars(select(ItemTarget).where(ItemTarget.item_id == duty.item_id))
    return {target.id: target for target in found}
