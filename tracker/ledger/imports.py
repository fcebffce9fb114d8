"""Drafts: a plan document as read becomes, by the clerk's hand, a plan in the ledger."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from tracker.ledger import events, plans, units
from tracker.ledger.acts import Act
from tracker.ledger.db import db
from tracker.ledger.draft_entries import (
    Entry,
    deadline_entry,
    deadline_of,
    entries_read,
    target_entry,
    target_of,
    traced,
    unit_entry,
)
from tracker.ledger.draft_steps import check_open, step
from tracker.ledger.tables.files import StoredFile
from tracker.ledger.tables.imports import Draft, DraftItem
from tracker.ledger.tables.plans import Origin, Plan
from tracker.ledger.tables.revisions import ProposedRevision
from tracker.ledger.tables.units import Unit, UnitGroup, UnitKind
from tracker.ledger.units import Register
from tracker.reading.plan import ParsedPlan, ReadItem, as_json, from_json
from tracker.rules.deadlines import Deadline
from tracker.rules.refusals import Invalid, NotFound, Refusal, Stale
from tracker.rules.targets import Target

# Remarks on the plan's title or year: settled when the clerk saves these.
OF_THE_HEADING = frozenset({"no-title", "no-year"})
# As the ledger keeps them.
LONGEST_TARGET, LONGEST_DEADLINE, LONGEST_MEASURE, LONGEST_EVENT = 300, 100, 20, 60


@dataclass(frozen=True)
class ItemEdit:
    """All that the clerk can set of an item, at once; origins and spans are found by comparing with what was read."""

    section: Sequence[str]
    task: str
    goal: str
    units: Sequence[tuple[str, bool]]
    targets: Sequence[tuple[str, Target]]
    deadlines: Sequence[tuple[str, Deadline]]


# Opening


def open_draft(by: Act, parsed: ParsedPlan, name: str, file: StoredFile | None = None) -> Draft:
    """Keep what was read; `name` serves as the title where the document prints none."""
    draft = Draft(
        organisation_id=by.organisation_id,
        title=(parsed.title or name)[:200],
        issuer=(parsed.issuer or "")[:100],
        year=parsed.year,
        source=parsed.source,
        remarks=[asdict(remark) for remark in parsed.remarks],
        dropped=[asdict(line) for line in parsed.dropped],
        file=file,
        opened_by_id=by.person_id,
        opened_at=by.at,
    )
    draft.items = [_draft_item(position, item) for position, item in enumerate(parsed.items, 1)]
    db.session.add(draft)
    db.session.flush()
    events.record(by, "open", "draft", draft.id, after={"title": draft.title, "items": len(draft.items)})
    return draft


def _draft_item(position: int, item: ReadItem) -> DraftItem:
    return DraftItem(
        position=position,
        section=list(item.section),
        task=item.task,
        goal=item.goal or "",
        **entries_read(item),
        read=as_json(item),
    )


# Finding


def drafts_of(organisation_id: int) -> list[Draft]:
    """Those not closed yet, newest first."""
    return list(
        db.session.scalars(
            select(Draft)
            .where(Draft.organisation_id == organisation_id, Draft.closed_at.is_(None))
            .order_by(Draft.id.desc())
            .options(selectinload(Draft.items), joinedload(Draft.opened_by))
        )
    )


def draft_of(organisation_id: int, draft_id: int) -> Draft:
    draft = db.session.get(Draft, draft_id, options=[selectinload(Draft.items)])
    if draft is None or draft.organisation_id != organisation_id:
        raise NotFound
    return draft


def put_aside_by(organisation_id: int) -> list[Draft]:
    """Those discarded and not taken back, the last twenty."""
    return list(
        db.session.scalars(
            select(Draft)
            .where(Draft.organisation_id == organisation_id, Draft.closed_at.is_not(None), Draft.plan_id.is_(None))
            .order_by(Draft.closed_at.desc())
            .limit(20)
            .options(selectinload(Draft.items), joinedload(Draft.opened_by))
        )
    )


def open_draft_of(organisation_id: int, source: str) -> Draft | None:
    """The draft that is still open and was read from the same text: the same upload sent twice."""
    return db.session.scalar(
        select(Draft)
        .where(Draft.organisation_id == organisation_id, Draft.closed_at.is_(None), Draft.source == source)
        .order_by(Draft.id)
        .limit(1)
    )


def item_of(draft: Draft, item_id: int) -> DraftItem:
    for item in draft.items:
        if item.id == item_id:
            return item
    raise NotFound


def was_removed(draft: Draft, item_id: int) -> bool:
    """Whether it was an item of the draft before it was merged, or its making taken back."""
    item = db.session.get(DraftItem, item_id)
    return item is not None and item.draft_id == draft.id and item.removed


# Correcting


def set_facts(by: Act, draft: Draft, title: str, issuer: str, year: int | None, version: int) -> None:
    """The plan's own facts; raise Stale where somebody else saved them after `version`."""
    check_open(draft)
    if not title.strip():
        raise Invalid("请填写计划名称。")
    before = {"title": draft.title, "issuer": draft.issuer, "year": draft.year}
    after = {"title": title.strip()[:200], "issuer": issuer.strip()[:100], "year": year}
    if draft.version != version and before != after:
        raise Stale("计划信息刚被他人修改，您填写的内容尚未保存。", theirs=draft)
    with step(by, draft, "修改计划信息"):
        draft.title, draft.issuer, draft.year = title.strip()[:200], issuer.strip()[:100], year
        settle_remarks(draft, OF_THE_HEADING)
    events.record(by, "edit", "draft", draft.id, before, after)


def settle_remarks(draft: Draft, codes: Collection[str]) -> None:
    draft.remarks = [{**remark, "settled": True} if remark["code"] in codes else remark for remark in draft.remarks]


def edit_item(by: Act, draft: Draft, item: DraftItem, edit: ItemEdit, version: int, *, accept: bool = True) -> None:
    """Take over the clerk's corrections; with `accept` the item then counts as checked.

    What says nothing new, a repeated submit above all, is never stale.
    """
    check_open(draft)
    if not edit.task.strip():
        raise Invalid(f"第 {item.position} 项的“工作任务”不能为空。")
    wanted = edited(item, edit)
    if all(getattr(item, field) == wanted[field] for field in wanted):
        if accept:
            set_checked(by, draft, item, checked=True)
        return
    if item.version != version:
        raise Stale("该任务刚被他人修改，您填写的内容尚未保存。", theirs=item)
    with step(by, draft, f"修改第 {item.position} 项"):
        _take_over(by, item, wanted, accept=accept)


def _take_over(by: Act, item: DraftItem, wanted: Entry, *, accept: bool) -> None:
    before = content_of(item)
    for field, value in wanted.items():
        setattr(item, field, value)
    item.checked = item.checked or accept
    db.session.flush()
    events.record(by, "edit", "draft_item", item.id, before, content_of(item))


def edited(item: DraftItem, edit: ItemEdit) -> Entry:
    """What the item's columns would hold after the edit: what the document says too keeps its evidence."""
    read = _as_read(item)
    read = {column: [*read[column], *getattr(item, column)] for column in read}
    return {
        "section": [heading.strip() for heading in edit.section if heading.strip()],
        "task": edit.task.strip(),
        "goal": edit.goal.strip(),
        "units": traced((unit_entry(name, lead) for name, lead in edit.units), read["units"]),
        "targets": traced((target_entry(text, target) for text, target in edit.targets), read["targets"]),
        "deadlines": traced((deadline_entry(text, due) for text, due in edit.deadlines), read["deadlines"]),
    }


def _as_read(item: DraftItem) -> dict[str, list[Entry]]:
    return entries_read(from_json(item.read)) if item.read else {"units": [], "targets": [], "deadlines": []}


def content_of(item: DraftItem) -> Entry:
    fields = ("section", "task", "goal", "units", "targets", "deadlines", "checked", "dropped")
    return {field: getattr(item, field) for field in fields}


def set_checked(by: Act, draft: Draft, item: DraftItem, checked: bool) -> None:
    check_open(draft)
    if item.checked != checked:
        with step(by, draft, f"{'核对' if checked else '取消核对'}第 {item.position} 项"):
            item.checked = checked
        events.record(by, "check" if checked else "uncheck", "draft_item", item.id)


def set_dropped(by: Act, draft: Draft, item: DraftItem, dropped: bool) -> None:
    """Leave an item out, or take it in again; it stays in the draft either way."""
    check_open(draft)
    if item.dropped != dropped:
        with step(by, draft, f"{'略去' if dropped else '恢复'}第 {item.position} 项"):
            item.dropped = dropped
        events.record(by, "drop" if dropped else "restore", "draft_item", item.id)


def add_item(by: Act, draft: Draft, edit: ItemEdit) -> DraftItem:
    """An item that the document does not print, at the end; the same one sent twice in a row is one."""
    check_open(draft)
    if draft.items and draft.items[-1].read is None and _same(draft.items[-1], edit):
        return draft.items[-1]
    if not edit.task.strip():
        raise Invalid("请填写补充的“工作任务”。")
    place = len(draft.items) + 1
    with step(by, draft, f"补充第 {place} 项"):
        item = DraftItem(draft=draft, position=place, section=[], task="", goal="", units=[], targets=[], deadlines=[])
        db.session.add(item)
        db.session.flush()
        _take_over(by, item, edited(item, edit), accept=True)
    return item


def _same(item: DraftItem, edit: ItemEdit) -> bool:
    content = content_of(item)
    return all(content[field] == value for field, value in edited(item, edit).items())


def assign(by: Act, draft: Draft, item_ids: Iterable[int], names: Sequence[str], lead: bool) -> int:
    """Give many items the same units in one act; return how many items changed.

    A unit that an item already names takes the role of this act.
    """
    check_open(draft)
    wanted = set(item_ids)
    if not wanted:
        raise Invalid("请先勾选要分派的任务。")
    if not names:
        raise Invalid("请选择要分派的单位。")
    with step(by, draft, f"批量分派{_listed(names)[:200]}"):
        changed = [item for item in draft.items if item.id in wanted and _add_units(item, names, lead)]
    events.record(
        by, "assign", "draft", draft.id, after={"items": [i.id for i in changed], "units": list(names), "lead": lead}
    )
    return len(changed)


def _add_units(item: DraftItem, names: Sequence[str], lead: bool) -> bool:
    """Whether anything was added or changed."""
    entries = traced((unit_entry(name, lead) for name in names), _as_read(item)["units"])
    assigned = {entry["name"]: entry for entry in entries}
    held = {entry["name"] for entry in item.units}
    before = item.units
    item.units = [
        *(assigned.get(entry["name"], entry) for entry in before),
        *(entry for name, entry in assigned.items() if name not in held),
    ]
    return bool(item.units != before)


# Names that the register does not know


def unknown_names(draft: Draft, register: Register) -> list[str]:
    """Unit names of the draft that stand for nothing yet, in order of appearance."""
    names = [entry["name"] for item in draft.items if not item.dropped for entry in item.units]
    return [name for name in dict.fromkeys(names) if name not in register]


def is_group_name(name: str) -> bool:
    """Whether a name as offices write it stands for a set of units (各镇, 县级各相关部门, 各科室)."""
    return "各" in name or "有关" in name or "相关" in name


def enter_as_unit(by: Act, name: str, kind: UnitKind) -> Unit:
    return units.add_unit(by, name, kind)


def enter_as_group(by: Act, name: str, members: Sequence[Unit]) -> UnitGroup:
    """A new group with its members; raise Invalid without any, for nobody would owe what it is given."""
    if not members:
        raise Invalid(f"请勾选“{name}”包括的单位，至少一个。")
    group = units.add_group(by, name)
    for unit in members:
        units.join_group(by, group, unit)
    return group


def guess_kind(name: str) -> UnitKind:
    """What kind of unit a name most likely is, for the clerk to correct."""
    if name.endswith(("镇", "乡", "街道", "街道办事处", "园区", "开发区")):
        return UnitKind.TOWN
    if name.endswith(("科", "股", "室", "处", "中心", "大厅")) and "政府" not in name:
        return UnitKind.SECTION
    return UnitKind.DEPARTMENT


# Closing


def obstacles(draft: Draft, register: Register, day: date) -> list[str]:
    """What keeps the draft from being confirmed, one sentence each; empty when nothing does."""
    found = []
    kept = [item for item in draft.items if not item.dropped]
    if not kept:
        found.append("没有保留任何任务。")
    if draft.year is None:
        found.append("文件未载明年度，请在“计划信息”中填写计划年度。")
    if unassigned := [item.position for item in kept if not any(entry["lead"] for entry in item.units)]:
        found.append(f"{len(unassigned)} 项任务尚无牵头（责任）单位：第 {_listed(unassigned, '项')}。")
    if unknown := unknown_names(draft, register):
        found.append(f"{len(unknown)} 个单位名称尚未登记：{_listed(unknown)}。")
    if empty := empty_groups(draft, register, day):
        found.append(f"{len(empty)} 个单位组尚无成员：{_listed(empty)}。请在“单位”中登记其成员。")
    return found


def empty_groups(draft: Draft, register: Register, day: date) -> list[str]:
    """Groups whose roster has nobody that day: no unit would owe what is given to them."""
    named = dict.fromkeys(entry["name"] for item in draft.items if not item.dropped for entry in item.units)
    return [name for name in named if name in register.groups and not units.roster(register.groups[name], day)]


def _listed(things: Sequence[object], of: str = "") -> str:
    """The first eight; `of` is the word that follows the numbers of items."""
    shown = "、".join(str(thing) for thing in things[:8]) + (f" {of}" if of else "")
    return shown if len(things) <= 8 else f"{shown}等"


def confirm(by: Act, draft: Draft) -> Plan:
    """Turn the draft into a plan of the ledger; raise Refusal with all that is still missing."""
    if db.session.get(ProposedRevision, draft.id) is not None:
        raise Refusal("该草稿已标明是对已入账计划的修订，请在“修订对照”页核对后确认。")
    register = units.register_of(by.organisation_id)
    check_complete(by, draft, register)
    assert draft.year is not None  # an obstacle otherwise
    facts = plans.PlanFacts(draft.title, draft.issuer, draft.year, draft.source, draft.file_id)
    plan = plans.register(by, facts, [item_facts(item, register) for item in draft.items if not item.dropped])
    draft.closed_at, draft.plan_id = by.at, plan.id
    events.record(by, "close", "draft", draft.id, after={"plan_id": plan.id})
    return plan


def check_complete(by: Act, draft: Draft, register: Register) -> None:
    """Raise Refusal with all that is still missing."""
    check_open(draft)
    if missing := obstacles(draft, register, by.today):
        raise Refusal("尚不能入账：" + "".join(missing))


def item_facts(item: DraftItem, register: Register) -> plans.ItemFacts:
    """The item as it enters the ledger; only of a draft that is complete."""
    read = item.read or {}
    responsible = []
    for entry in item.units:
        who = register.find(entry["name"])
        assert who is not None  # an obstacle otherwise
        responsible.append((who, entry["lead"], entry["name"], Origin(entry["origin"])))
    return plans.ItemFacts(
        section=item.section,
        task=item.task,
        goal=item.goal,
        number=read.get("number", ""),
        as_printed=read.get("as_printed", ""),
        spans=read.get("spans", []),
        first_line=read.get("first_line"),
        last_line=read.get("last_line"),
        remarks=read.get("remarks", []),
        responsible=responsible,
        targets=[(e["text"][:LONGEST_TARGET], target_of(e), Origin(e["origin"])) for e in item.targets],
        deadlines=[(e["text"][:LONGEST_DEADLINE], deadline_of(e), Origin(e["origin"])) for e in item.deadlines],
        look_back_of_id=item.look_back_of_id,
    )


def discard(by: Act, draft: Draft) -> None:
    """Put the draft aside; `reopen` takes it back."""
    check_open(draft)
    draft.closed_at = by.at
    events.record(by, "discard", "draft", draft.id)


def reopen(by: Act, draft: Draft) -> None:
    if draft.plan_id is not None:
        raise Refusal("该草稿已确认入账，不能恢复。")
    draft.closed_at = None
    events.record(by, "reopen", "draft", draft.id)
