"""Verdicts: recorded once under the key of their sending, by a checker or by the unit of itself; and made findings.

What is sent twice under one key is one act.  What somebody else came before is not taken, but kept: the sender is shown
both texts, and sends the own one again, or leaves it.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from tracker.ledger import accounts, events, files, inspections
from tracker.ledger.acts import Act
from tracker.ledger.db import db
from tracker.ledger.tables.files import StoredFile
from tracker.ledger.tables.inspections import (
    InspectionEntry,
    InspectionFile,
    InspectionPart,
    InspectionResult,
)
from tracker.ledger.tables.plans import Item
from tracker.rules import inspection_parts as part_rules
from tracker.rules import inspection_results as result_rules
from tracker.rules import inspections as rules
from tracker.rules.evidence import check_link
from tracker.rules.inspection_results import Answer, cell_of
from tracker.rules.inspections import InspectionAct
from tracker.rules.permissions import Action
from tracker.rules.refusals import Forbidden, Invalid, NotFound, Refusal

LONGEST_KEY = 64
Photo = tuple[str, str, int]  # name, SHA-256 and size of bytes that `files.put` wrote


@dataclass(frozen=True)
class Entry:
    """What is sent of one place: `item_id` None is the unit as a whole; `seen` the version before it, 0 for none."""

    key: str
    item_id: int | None
    criterion: str
    answer: Answer
    seen: int = 0
    photos: Sequence[Photo] = field(default=())


@dataclass(frozen=True)
class Outcome:
    """`result` is what stands now; `taken` tells whether it is what was sent."""

    taken: bool
    result: InspectionResult


def record(by: Act, part: InspectionPart, entry: Entry, *, by_unit: bool = False) -> Outcome:
    """Take a verdict in; raise Refusal where the part does not take any, or the key came with another content."""
    events.hold(by.organisation_id)
    db.session.expire(part.inspection)
    db.session.expire(part)
    cell = cell_of(entry.item_id, entry.criterion, by_unit=by_unit)
    if before := _sent_before(by, entry, cell):
        return Outcome(before.taken, result_at(part, cell))
    _check(by, part, entry, by_unit=by_unit)
    standing = _at(part, cell)
    taken = standing is None or standing.version == entry.seen or _says(standing) == entry.answer
    stored = [files.record(by, *photo) for photo in entry.photos]
    _keep(by, part, entry, cell, stored, taken=taken)
    if not taken:
        assert standing is not None  # else it would have been taken
        told = {"unit": part.unit.name, "place": _place(entry), "verdict": entry.answer.verdict}
        events.record(by, "set_aside", "inspection_part", part.id, after=told)
        return Outcome(False, standing)
    return Outcome(True, _take(by, part, entry, standing, stored, by_unit=by_unit))


def _sent_before(by: Act, entry: Entry, cell: str) -> InspectionEntry | None:
    if not 0 < len(entry.key) <= LONGEST_KEY:
        raise Invalid("提交编号有误，请刷新页面后重新提交。")
    of_key = (InspectionEntry.organisation_id == by.organisation_id, InspectionEntry.key == entry.key)
    before = db.session.scalar(select(InspectionEntry).where(*of_key))
    if before and before.digest != _digest(entry, cell):
        raise Refusal("同一提交编号已用于其他内容，本次未保存。请刷新页面后重新提交。")
    return before


def _digest(entry: Entry, cell: str) -> str:
    answer = entry.answer
    content = [
        cell,
        answer.verdict,
        answer.fact.strip(),
        answer.link.strip(),
        [sha256 for _, sha256, _ in entry.photos],
    ]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def _check(by: Act, part: InspectionPart, entry: Entry, *, by_unit: bool) -> None:
    act = InspectionAct.SELF_CHECK if by_unit else InspectionAct.RECORD
    rules.state_after(part.inspection.state, act)
    if by_unit:
        if by.person is None or part.unit_id not in accounts.units_where(by.person, Action.REPORT, by.today):
            raise Forbidden("只有被检查单位的人员可以填写自查情况。")
    else:
        check_checker(part, by)
    part_rules.check_open_to_results(part.known)
    if entry.item_id is not None and entry.item_id not in part.items:
        raise Invalid("该任务不在本次检查范围内，请刷新页面后重新选择。")
    if entry.criterion not in part.inspection.criteria:
        raise Invalid("该检查内容不在本次检查范围内，请刷新页面后重新选择。")
    rules.check_length("事实与依据", entry.answer.fact)
    if entry.answer.link.strip():
        check_link(entry.answer.link.strip())
    if len(entry.photos) > result_rules.MOST_FILES:
        raise Invalid(f"每处最多附 {result_rules.MOST_FILES} 份照片或文件。")


def check_checker(part: InspectionPart, by: Act) -> None:
    """Raise Forbidden for whoever is not of the team, or is of the unit."""
    rules.check_apart(part.unit_id, accounts.own_units(by.person, by.today) if by.person else ())
    rules.check_in_team(by.person_id, [member.person_id for member in part.inspection.team])


def _keep(by: Act, part: InspectionPart, entry: Entry, cell: str, stored: Sequence[StoredFile], *, taken: bool) -> None:
    db.session.add(
        InspectionEntry(
            organisation_id=by.organisation_id,
            part_id=part.id,
            key=entry.key,
            digest=_digest(entry, cell),
            cell=cell,
            verdict=entry.answer.verdict,
            fact=entry.answer.fact.strip(),
            link=entry.answer.link.strip(),
            taken=taken,
            files=[file.id for file in stored],
            made_on=by.today,
            made_at=by.at,
            made_by_id=by.person_id,
        )
    )
    db.session.flush()


def _take(
    by: Act,
    part: InspectionPart,
    entry: Entry,
    standing: InspectionResult | None,
    stored: Sequence[StoredFile],
    *,
    by_unit: bool,
) -> InspectionResult:
    result = standing or InspectionResult(
        part=part,
        cell=cell_of(entry.item_id, entry.criterion, by_unit=by_unit),
        by_unit=by_unit,
        item_id=entry.item_id,
        criterion=entry.criterion,
    )
    before = {"verdict": result.verdict, "text": result.fact} if standing else None
    result.verdict, result.fact = entry.answer.verdict, entry.answer.fact.strip()
    result.link = entry.answer.link.strip()
    result.made_on, result.made_at, result.made_by_id = by.today, by.at, by.person_id
    db.session.add(result)
    _attach(result, stored)
    if standing is None and not by_unit:
        part.results += 1
    inspections.move(part.inspection, InspectionAct.SELF_CHECK if by_unit else InspectionAct.RECORD)
    told = {
        "unit": part.unit.name,
        "place": _place(entry),
        "verdict": result.verdict,
        "text": result.fact,
        "files": [file.name for file in stored],
        "by_unit": by_unit,
    }
    events.record(by, "record_result", "inspection_part", part.id, before, told)
    return result


def _attach(result: InspectionResult, stored: Iterable[StoredFile]) -> None:
    held = {each.file.sha256 for each in result.files}
    for file in stored:
        if file.sha256 not in held:
            held.add(file.sha256)
            result.files.append(InspectionFile(file=file))


def _place(entry: Entry) -> str:
    if entry.item_id is None:
        return f"{result_rules.WHOLE_UNIT}“{entry.criterion}”"
    item = db.session.get_one(Item, entry.item_id)
    return f"第 {item.position} 项“{entry.criterion}”"


def _says(result: InspectionResult) -> Answer:
    return Answer(result.verdict, result.fact, result.link)


# Whether a part is complete


def check_whole(part: InspectionPart, *, by_unit: bool) -> None:
    """Raise Refusal where a place has no verdict, or a bad verdict has no fact."""
    known = by_cell(part, by_unit=by_unit)
    places = list(places_of(part))
    names = {place: _name(place, positions_of(part)) for place in places}
    open_ = [names[place] for place in places if place not in known]
    answered = [(names[place], _says(known[place])) for place in places if place in known]
    result_rules.check_complete(open_, result_rules.missing(answered))


def places_of(part: InspectionPart) -> Iterable[tuple[int | None, str]]:
    """Every place where a verdict is asked: each item by each criterion; a unit without items as a whole."""
    for item_id in part.items or [None]:
        for criterion in part.inspection.criteria:
            yield item_id, criterion


def positions_of(part: InspectionPart) -> dict[int, int]:
    rows = db.session.execute(select(Item.id, Item.position).where(Item.id.in_(part.items)))
    return {row[0]: row[1] for row in rows}


def _name(place: tuple[int | None, str], positions: Mapping[int, int]) -> str:
    item_id, criterion = place
    return f"{f'第 {positions[item_id]} 项' if item_id else result_rules.WHOLE_UNIT}“{criterion}”"


# Looking them up


def result_at(part: InspectionPart, cell: str) -> InspectionResult:
    found = _at(part, cell)
    if found is None:
        raise NotFound
    return found


def _at(part: InspectionPart, cell: str) -> InspectionResult | None:
    query = select(InspectionResult).where(InspectionResult.part_id == part.id, InspectionResult.cell == cell)
    return db.session.scalar(query.execution_options(populate_existing=True).options(*_WITH_FILES))


_WITH_FILES = (
    selectinload(InspectionResult.files).joinedload(InspectionFile.file),
    joinedload(InspectionResult.made_by),
    joinedload(InspectionResult.finding),
)


def by_cell(part: InspectionPart, *, by_unit: bool) -> dict[tuple[int | None, str], InspectionResult]:
    """By item and criterion."""
    return by_part([part.id], by_unit=by_unit).get(part.id, {})


def by_part(part_ids: Sequence[int], *, by_unit: bool) -> dict[int, dict[tuple[int | None, str], InspectionResult]]:
    query = select(InspectionResult).where(
        InspectionResult.part_id.in_(part_ids), InspectionResult.by_unit.is_(by_unit)
    )
    found: dict[int, dict[tuple[int | None, str], InspectionResult]] = {}
    for each in db.session.scalars(query.order_by(InspectionResult.id).options(*_WITH_FILES)):
        found.setdefault(each.part_id, {})[each.item_id, each.criterion] = each
    return found


def result_of(part: InspectionPart, result_id: int) -> InspectionResult:
    found = db.session.get(InspectionResult, result_id, options=_WITH_FILES)
    if found is None or found.part_id != part.id:
        raise NotFound
    return found


def file_of(part: InspectionPart, file_id: int) -> StoredFile:
    """One that stands with a verdict of the part, by the id of its place there."""
    query = select(InspectionFile).join(InspectionFile.result).where(InspectionResult.part_id == part.id)
    found = db.session.scalar(query.where(InspectionFile.id == file_id).options(joinedload(InspectionFile.file)))
    if found is None:
        raise NotFound
    return found.file


def is_of_unit(part: InspectionPart, file_id: int) -> bool:
    """Whether the unit itself attached it."""
    query = select(InspectionResult.by_unit).join(InspectionResult.files)
    return bool(db.session.scalar(query.where(InspectionResult.part_id == part.id, InspectionFile.id == file_id)))


def authors(part: InspectionPart) -> set[int]:
    """Whoever recorded a verdict of the part, also one that was changed since."""
    query = select(InspectionEntry.made_by_id).where(
        InspectionEntry.part_id == part.id, InspectionEntry.cell.startswith("check:")
    )
    return {person_id for person_id in db.session.scalars(query) if person_id is not None}


def set_aside(part: InspectionPart) -> list[InspectionEntry]:
    """What checkers sent and was not taken, since another's came before; oldest first."""
    query = select(InspectionEntry).where(InspectionEntry.part_id == part.id, InspectionEntry.taken.is_(False))
    return list(db.session.scalars(query.order_by(InspectionEntry.id).options(joinedload(InspectionEntry.made_by))))


def entries_by(part_ids: Sequence[int], as_of: date) -> dict[int, dict[tuple[int, str], InspectionEntry]]:
    """By part and place the checkers' verdicts as they stood at the end of the day; item 0 is the unit as a whole."""
    query = select(InspectionEntry).where(
        InspectionEntry.part_id.in_(part_ids),
        InspectionEntry.taken.is_(True),
        InspectionEntry.made_on <= as_of,
        InspectionEntry.cell.startswith("check:"),
    )
    found: dict[int, dict[tuple[int, str], InspectionEntry]] = {}
    for entry in db.session.scalars(query.order_by(InspectionEntry.id).options(joinedload(InspectionEntry.made_by))):
        found.setdefault(entry.part_id, {})[result_rules.place_of(entry.cell)] = entry
    return found
