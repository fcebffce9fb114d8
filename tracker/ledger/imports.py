"""Drafts: a plan document as read becomes, by the clerk's hand, a plan in the ledger.

The entries of a draft item are JSON: a unit is `{name, lead, origin, span}`, a target `{text, op, value,
measure, per, origin, span}`, a deadline `{text, kind, due, every, days, workdays, origin, span}`.  `span`
is the pair of characters of the source that says so, None where the office added it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from tracker.ledger import events, plans, units
from tracker.ledger.acts import Act
from tracker.ledger.db import db
from tracker.ledger.tables.files import StoredFile
from tracker.ledger.tables.imports import Draft, DraftItem
from tracker.ledger.tables.plans import Origin, Plan
from tracker.ledger.tables.units import Unit, UnitKind
from tracker.ledger.units import Register
from tracker.reading.plan import ParsedPlan, ReadItem, Span, as_json, from_json
from tracker.rules.deadlines import Deadline, DeadlineKind, Every
from tracker.rules.refusals import Invalid, NotFound, Refusal, Stale
from tracker.rules.targets import Op, Per, Target

Entry = dict[str, Any]


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
        units=[_unit_entry(u.name, u.lead, Origin.DOCUMENT, u.span) for u in item.units],
        targets=[_target_entry(t.text, t.target, Origin.DOCUMENT, t.span) for t in item.targets],
        deadlines=[_deadline_entry(d.text, d.deadline, Origin.DOCUMENT, d.span) for d in item.deadlines],
        read=as_json(item),
    )


def _unit_entry(name: str, lead: bool, origin: Origin, span: Span | None) -> Entry:
    return {"name": name, "lead": lead, "origin": origin.value, "span": _pair(span)}


def _target_entry(text: str, target: Target, origin: Origin, span: Span | None) -> Entry:
    return {
        "text": text,
        "op": target.op.value,
        "value": f"{target.value:f}",
        "measure": target.measure,
        "per": target.per.value if target.per else None,
        "origin": origin.value,
        "span": _pair(span),
    }


def _deadline_entry(text: str, deadline: Deadline, origin: Origin, span: Span | None) -> Entry:
    return {
        "text": text,
        "kind": deadline.kind.value,
        "due": deadline.due.isoformat() if deadline.due else None,
        "every": deadline.every.value if deadline.every else None,
        "days": deadline.days,
        "workdays": deadline.workdays,
        "origin": origin.value,
        "span": _pair(span),
    }


def _pair(span: Span | None) -> list[int] | None:
    return [span.start, span.end] if span else None


def target_of(entry: Entry) -> Target:
    per = Per(entry["per"]) if entry["per"] else None
    return Target(Op(entry["op"]), Decimal(entry["value"]), entry["measure"], per)


def deadline_of(entry: Entry) -> Deadline:
    return Deadline(
        DeadlineKind(entry["kind"]),
        date.fromisoformat(entry["due"]) if entry["due"] else None,
        Every(entry["every"]) if entry["every"] else None,
        entry["days"],
        entry["workdays"],
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


def item_of(draft: Draft, item_id: int) -> DraftItem:
    for item in draft.items:
        if item.id == item_id:
            return item
    raise NotFound


# Correcting


def set_facts(by: Act, draft: Draft, title: str, issuer: str, year: int | None, version: int) -> None:
    """The plan's own facts; raise Stale where somebody else saved them after `version`."""
    _check_open(draft)
    if draft.version != version:
        raise Stale("计划信息刚被他人修改，请核对后重新保存。", theirs=draft)
    if not title.strip():
        raise Invalid("请填写计划名称。")
    before = {"title": draft.title, "issuer": draft.issuer, "year": draft.year}
    draft.title, draft.issuer, draft.year = title.strip()[:200], issuer.strip()[:100], year
    after = {"title": draft.title, "issuer": draft.issuer, "year": draft.year}
    events.record(by, "edit", "draft", draft.id, before, after)


def edit_item(by: Act, draft: Draft, item: DraftItem, edit: ItemEdit, version: int) -> None:
    """Take over the clerk's corrections and count the item as checked."""
    _check_open(draft)
    if item.version != version:
        raise Stale("该任务刚被他人修改，您填写的内容尚未保存。", theirs=item)
    if not edit.task.strip():
        raise Invalid(f"第 {item.position} 项的“工作任务”不能为空。")
    before = _content(item)
    item.section = [heading.strip() for heading in edit.section if heading.strip()]
    item.task, item.goal = edit.task.strip(), edit.goal.strip()
    item.units = _traced([_unit_entry(name, lead, Origin.OFFICE, None) for name, lead in edit.units], item, "units")
    item.targets = _traced([_target_entry(text, t, Origin.OFFICE, None) for text, t in edit.targets], item, "targets")
    item.deadlines = _traced(
        [_deadline_entry(text, d, Origin.OFFICE, None) for text, d in edit.deadlines], item, "deadlines"
    )
    item.checked = True
    db.session.flush()
    events.record(by, "edit", "draft_item", item.id, before, _content(item))


def _traced(entries: list[Entry], item: DraftItem, field: str) -> list[Entry]:
    """Give every entry that says what the document says its evidence back."""
    read = _read_entries(item)[field]
    return [next((known for known in read if _says(known) == _says(entry)), entry) for entry in entries]


def _read_entries(item: DraftItem) -> dict[str, list[Entry]]:
    """The entries as they were when the draft was opened."""
    if item.read is None:
        return {"units": [], "targets": [], "deadlines": []}
    original = _draft_item(item.position, from_json(item.read))
    return {"units": original.units, "targets": original.targets, "deadlines": original.deadlines}


def _says(entry: Entry) -> Entry:
    return {key: value for key, value in entry.items() if key not in ("origin", "span")}


def _content(item: DraftItem) -> Entry:
    fields = ("section", "task", "goal", "units", "targets", "deadlines", "checked", "dropped")
    return {field: getattr(item, field) for field in fields}


def set_checked(by: Act, draft: Draft, item: DraftItem, checked: bool) -> None:
    _check_open(draft)
    item.checked = checked
    events.record(by, "check" if checked else "uncheck", "draft_item", item.id)


def set_dropped(by: Act, draft: Draft, item: DraftItem, dropped: bool) -> None:
    """Leave an item out, or take it in again; it stays in the draft either way."""
    _check_open(draft)
    item.dropped = dropped
    events.record(by, "drop" if dropped else "restore", "draft_item", item.id)


def add_item(by: Act, draft: Draft, edit: ItemEdit) -> DraftItem:
    """An item that the document does not print, at the end."""
    _check_open(draft)
    item = DraftItem(
        draft=draft, position=len(draft.items) + 1, section=[], task="", goal="", units=[], targets=[], deadlines=[]
    )
    db.session.add(item)
    db.session.flush()
    edit_item(by, draft, item, edit, item.version)
    return item


def assign(by: Act, draft: Draft, item_ids: Iterable[int], names: Sequence[str], lead: bool) -> int:
    """Give many items the same units in one act; return how many items changed."""
    _check_open(draft)
    if not names:
        raise Invalid("请选择要分派的单位。")
    wanted = set(item_ids)
    changed = [item for item in draft.items if item.id in wanted and _add_units(item, names, lead)]
    if not wanted:
        raise Invalid("请先勾选要分派的任务。")
    db.session.flush()
    events.record(
        by, "assign", "draft", draft.id, after={"items": [i.id for i in changed], "units": list(names), "lead": lead}
    )
    return len(changed)


def _add_units(item: DraftItem, names: Sequence[str], lead: bool) -> bool:
    held = {entry["name"] for entry in item.units}
    added = [_unit_entry(name, lead, Origin.OFFICE, None) for name in names if name not in held]
    item.units = [*item.units, *added]
    return bool(added)


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


def guess_kind(name: str) -> UnitKind:
    """What kind of unit a name most likely is, for the clerk to correct."""
    if name.endswith(("镇", "乡", "街道", "街道办事处", "园区", "开发区")):
        return UnitKind.TOWN
    if name.endswith(("科", "股", "室", "处", "中心", "大厅")) and "政府" not in name:
        return UnitKind.SECTION
    return UnitKind.DEPARTMENT


# Closing


def obstacles(draft: Draft, register: Register) -> list[str]:
    """What keeps the draft from being confirmed, one sentence each; empty when nothing does."""
    found = []
    kept = [item for item in draft.items if not item.dropped]
    if not kept:
        found.append("没有保留任何任务。")
    if draft.year is None:
        found.append("文件未载明年度，请在“计划信息”中填写计划年度。")
    if unassigned := [item.position for item in kept if not any(entry["lead"] for entry in item.units)]:
        found.append(f"{len(unassigned)} 项任务尚无牵头（责任）单位：第 {_listed(unassigned)} 项。")
    if unknown := unknown_names(draft, register):
        found.append(f"{len(unknown)} 个单位名称尚未登记：{_listed(unknown)}。")
    return found


def _listed(things: Sequence[object]) -> str:
    shown = "、".join(str(thing) for thing in things[:8])
    return shown if len(things) <= 8 else f"{shown}等"


def confirm(by: Act, draft: Draft) -> Plan:
    """Turn the draft into a plan of the ledger; raise Refusal with all that is still missing."""
    _check_open(draft)
    register = units.register_of(by.organisation_id)
    if missing := obstacles(draft, register):
        raise Refusal("尚不能入账：" + "".join(missing))
    assert draft.year is not None  # an obstacle otherwise
    facts = plans.PlanFacts(draft.title, draft.issuer, draft.year, draft.source, draft.file_id)
    plan = plans.register(by, facts, [_facts(item, register) for item in draft.items if not item.dropped])
    draft.closed_at, draft.plan_id = by.at, plan.id
    events.record(by, "close", "draft", draft.id, after={"plan_id": plan.id})
    return plan


def _facts(item: DraftItem, register: Register) -> plans.ItemFacts:
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
        targets=[(entry["text"], target_of(entry), Origin(entry["origin"])) for entry in item.targets],
        deadlines=[(entry["text"], deadline_of(entry), Origin(entry["origin"])) for entry in item.deadlines],
    )


def discard(by: Act, draft: Draft) -> None:
    """Put the draft aside; `reopen` takes it back."""
    _check_open(draft)
    draft.closed_at = by.at
    events.record(by, "discard", "draft", draft.id)


def reopen(by: Act, draft: Draft) -> None:
    if draft.plan_id is not None:
        raise Refusal("该草稿已确认入账，不能恢复。")
    draft.closed_at = None
    events.record(by, "reopen", "draft", draft.id)


def _check_open(draft: Draft) -> None:
    if draft.plan_id is not None:
        raise Refusal("该草稿已确认入账，内容不能再修改。")
    if draft.closed_at is not None:
        raise Refusal("该草稿已放弃。如需继续，请先恢复草稿。")
