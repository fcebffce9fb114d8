"""Revised plans (修订): a draft beside the ledger, and its confirmation as a new layer upon the baseline."""

import hashlib
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from sqlalchemy import func, select

from tracker.ledger import duties, events, imports, plans, units
from tracker.ledger.acts import Act
from tracker.ledger.db import db
from tracker.ledger.draft_entries import deadline_of, target_of
from tracker.ledger.draft_steps import check_open
from tracker.ledger.tables.imports import Draft, DraftItem
from tracker.ledger.tables.plans import Item, ItemDeadline, ItemTarget, Plan, Responsibility
from tracker.ledger.tables.reports import ReportVersion
from tracker.ledger.tables.revisions import FormerWording, Layered, ProposedRevision, Revision
from tracker.ledger.units import Register
from tracker.ledger.wordings import WORDS, Layers, revisions_of, wording_of
from tracker.rules import revisions as rules
from tracker.rules.refusals import Invalid, NotFound, Refusal, Stale
from tracker.rules.revisions import Compared, Fate, Wording

LONGEST_REASON = 500  # characters

# Proposing


def revisable(draft: Draft, known: Iterable[Plan]) -> list[Plan]:
    """Those of the organisation's plans that the draft can be a revision of: those alike come first."""
    of_the_year = [plan for plan in known if plan.year == draft.year]
    return sorted(of_the_year, key=lambda plan: not is_alike(draft, plan))


def is_alike(draft: Draft, plan: Plan) -> bool:
    """Whether the plan looks like an earlier edition of the draft."""
    return draft.year == plan.year and rules.alike(draft.title, draft.issuer, plan.title, plan.issuer)


def proposal_of(draft: Draft) -> ProposedRevision | None:
    return db.session.get(ProposedRevision, draft.id)


def propose(by: Act, draft: Draft, plan: Plan) -> None:
    """Say that the draft is a revision of the plan; raise Refusal where their years differ."""
    check_open(draft)
    _check_year(draft, plan)
    proposal = proposal_of(draft)
    if proposal and proposal.plan_id == plan.id:
        return
    if proposal is None:
        proposal = ProposedRevision(draft_id=draft.id, plan_id=plan.id)
        db.session.add(proposal)
    proposal.plan_id, proposal.pairs = plan.id, {}
    events.record(by, "propose_revision", "draft", draft.id, after={"plan_id": plan.id})


def _check_year(draft: Draft, plan: Plan) -> None:
    if draft.year is None:
        raise Refusal("草稿尚未填写计划年度，请先在“计划信息”中填写，再与已入账计划对照。")
    if draft.year != plan.year:
        raise Refusal(
            f"草稿是 {draft.year} 年的计划，“{plan.title}”是 {plan.year} 年的计划：修订件须与原计划同一年度。"
            "请核对草稿的计划年度，或作为新计划入账。"
        )


def withdraw(by: Act, draft: Draft) -> None:
    """Say that the draft is a plan of its own after all."""
    check_open(draft)
    if proposal := proposal_of(draft):
        db.session.delete(proposal)
        events.record(by, "withdraw_revision", "draft", draft.id, before={"plan_id": proposal.plan_id})


def set_pair(by: Act, draft: Draft, draft_item_id: int, item_id: int | None) -> None:
    """Say which item of the plan an item of the draft is, or (None) that it is new."""
    check_open(draft)
    proposal = _proposed(draft)
    item = imports.item_of(draft, draft_item_id)
    if item_id is not None and item_id not in {old.id for old in _items_in_force(proposal.plan_id)}:
        raise NotFound
    before = proposal.pairs
    others = {key: old for key, old in before.items() if old is None or old != item_id}
    proposal.pairs = others | {str(item.id): item_id}
    if proposal.pairs != before:
        events.record(by, "pair", "draft_item", item.id, after={"item_id": item_id})


def _proposed(draft: Draft) -> ProposedRevision:
    proposal = proposal_of(draft)
    if proposal is None:
        raise Refusal("请先选择该草稿所修订的计划。")
    return proposal


# Comparing


@dataclass(frozen=True)
class Line:
    """One item as it fares; `reported` counts the reports handed in on it, which stay with it in any case."""

    new: DraftItem | None
    old: Item | None
    compared: Compared
    reported: int

    @property
    def fate(self) -> Fate:
        return self.compared.fate


@dataclass(frozen=True)
class Comparison:
    """A draft beside the plan as it reads now; `number` is that of the plan's last revision, 0 without any."""

    plan: Plan
    number: int
    lines: list[Line]

    def of(self, fate: Fate) -> list[Line]:
        return [line for line in self.lines if line.fate is fate]

    @property
    def changes_nothing(self) -> bool:
        return len(self.of(Fate.UNCHANGED)) == len(self.lines)

    @cached_property
    def seen(self) -> str:
        """What a confirmation must name: it changes with the plan, the draft and the pairs."""
        said = [
            (line.new and (line.new.id, line.new.version), line.old and line.old.id, line.fate.value)
            for line in self.lines
        ]
        return f"{self.number}-{hashlib.sha256(repr(said).encode()).hexdigest()[:16]}"


def comparison(draft: Draft) -> Comparison:
    """Raise Refusal for a draft that is no revision of any plan."""
    proposal = _proposed(draft)
    plan = plans.plan_of(draft.organisation_id, proposal.plan_id)
    register = units.register_of(draft.organisation_id)
    old = {item.id: item for item in _items_in_force(plan.id)}
    new = {item.id: item for item in draft.items if not item.dropped}
    compared = rules.compare(
        {key: wording_of(item, Layers.in_force(item)) for key, item in old.items()},
        {key: _wording_of_draft(item, register) for key, item in new.items()},
        {int(key): item_id for key, item_id in proposal.pairs.items()},
    )
    reported = _reported(plan)
    revisions = revisions_of(plan.id)
    lines = [
        Line(new.get(found.new or 0), old.get(found.old or 0), found, reported.get(found.old or 0, 0))
        for found in compared
    ]
    return Comparison(plan, revisions[-1].number if revisions else 0, lines)


def _items_in_force(plan_id: int) -> list[Item]:
    plan = db.session.get_one(Plan, plan_id)
    return [item for item in plans.items_of(plan) if item.cancelled_on is None]


def _reported(plan: Plan) -> dict[int, int]:
    """By item, how many reports were ever handed in."""
    rows = db.session.execute(
        select(ReportVersion.item_id, func.count(ReportVersion.report_id.distinct()))
        .where(ReportVersion.plan_id == plan.id)
        .group_by(ReportVersion.item_id)
    )
    return dict(rows.all())


def _wording_of_draft(item: DraftItem, register: Register) -> Wording:
    """Units by the names that the register gives them, and lengths as the ledger would keep them."""
    return Wording(
        section=tuple(item.section),
        number=item.read["number"] if item.read else "",
        task=item.task,
        goal=item.goal,
        units=tuple((_registered(entry["name"], register), entry["lead"]) for entry in item.units),
        targets=tuple((entry["text"][: imports.LONGEST_TARGET], target_of(entry)) for entry in item.targets),
        deadlines=tuple((entry["text"][: imports.LONGEST_DEADLINE], deadline_of(entry)) for entry in item.deadlines),
    )


def _registered(name: str, register: Register) -> str:
    known = register.find(name)
    return known.name if known else name


# Confirming


def confirm(by: Act, draft: Draft, seen: str, reasons: Mapping[int, str], reason: str) -> Revision:
    """Lay the draft upon its plan: what is unchanged stays as it is, what is dropped is cancelled with its reason.

    `seen` is the comparison that the clerk had before them; raise Stale where it is another by now.  `reasons` are by
    item, `reason` holds for all others.
    """
    check_open(draft)
    plan = _held(_proposed(draft).plan_id)
    _check_year(draft, plan)
    found = comparison(draft)
    _check_seen(found, seen)
    register = units.register_of(by.organisation_id)
    imports.check_complete(by, draft, register)
    if found.changes_nothing:
        raise Refusal("草稿与台账逐项一致，没有需要修订的内容。如不再需要，可放弃该草稿。")
    why = _reasons(found, reasons, reason)
    revision = _entered(by, draft, found)
    for line in found.lines:
        _carry_out(by, revision, line, register, why)
    db.session.flush()
    _settle_duties(by, plan, revision)
    draft.closed_at, draft.plan_id = by.at, plan.id
    events.record(by, "close", "draft", draft.id, after={"plan_id": plan.id, "revision": revision.number})
    return revision


def _held(plan_id: int) -> Plan:
    """The plan, against another revision at the same time (SQLite holds the whole file)."""
    return db.session.scalars(select(Plan).where(Plan.id == plan_id).with_for_update()).one()


def _check_seen(found: Comparison, seen: str) -> None:
    if seen == found.seen:
        return
    if seen.partition("-")[0] != str(found.number):
        raise Stale("该计划刚有另一次修订确认入账，本次修订尚未保存。下面已与最新的台账重新对照，请核对后再确认。")
    raise Stale("草稿或对应关系刚被修改，本次修订尚未保存。下面是最新的对照，请核对后再确认。")


def _reasons(found: Comparison, reasons: Mapping[int, str], reason: str) -> dict[int, str]:
    dropped = [line.old for line in found.of(Fate.DROPPED) if line.old]
    why = {item.id: (reasons.get(item.id, "").strip() or reason.strip()) for item in dropped}
    if missing := [str(item.position) for item in dropped if not why[item.id]]:
        raise Invalid(f"请填写撤销理由：台账第 {'、'.join(missing)} 项，可逐项填写，也可统一填写。")
    if any(len(text) > LONGEST_REASON for text in why.values()):
        raise Invalid(f"撤销理由最多 {LONGEST_REASON} 字，请精简。")
    return why


def _entered(by: Act, draft: Draft, found: Comparison) -> Revision:
    revision = Revision(
        organisation_id=by.organisation_id,
        plan_id=found.plan.id,
        number=found.number + 1,
        title=draft.title,
        issuer=draft.issuer,
        source=draft.source,
        file_id=draft.file_id,
        made_on=by.today,
        confirmed_by_id=by.person_id,
        confirmed_at=by.at,
    )
    db.session.add(revision)
    db.session.flush()
    counts = {fate.value: len(found.of(fate)) for fate in Fate}
    events.record(by, "revise", "plan", found.plan.id, after={"revision": revision.number, **counts})
    return revision


def _carry_out(by: Act, revision: Revision, line: Line, register: Register, why: Mapping[int, str]) -> None:
    if line.fate is Fate.DROPPED and line.old:
        _cancel(by, revision, line.old, why[line.old.id])
    elif line.new and line.fate is Fate.ADDED:
        _add(by, revision, imports.item_facts(line.new, register))
    elif line.new and line.old and line.fate is Fate.CHANGED:
        _change(by, revision, line.old, imports.item_facts(line.new, register))


def _cancel(by: Act, revision: Revision, item: Item, reason: str) -> None:
    item.cancelled_on, item.cancelled_by, item.cancel_reason = by.today, revision, reason
    events.record(by, "cancel", "item", item.id, after={"reason": reason, "revision": revision.number})


def _add(by: Act, revision: Revision, facts: plans.ItemFacts) -> None:
    """At the end, so that no number of the ledger's own changes its item."""
    last = db.session.scalar(select(func.max(Item.position)).where(Item.plan_id == revision.plan_id)) or 0
    item = plans.new_item(by, last + 1, facts)
    item.plan_id, item.added_on, item.revised_by = revision.plan_id, by.today, revision
    rows: list[Layered] = [*item.responsibilities, *item.targets, *item.deadlines]
    for row in rows:
        row.added_by = revision
    db.session.add(item)
    db.session.flush()
    events.record(by, "add", "item", item.id, after={"revision": revision.number})


def _change(by: Act, revision: Revision, item: Item, facts: plans.ItemFacts) -> None:
    """The words that stood move to the former wordings; units, targets and deadlines end and come one by one."""
    former = {word: getattr(item, word) for word in WORDS}
    db.session.add(FormerWording(item_id=item.id, ended_by=revision, **former))
    words = plans.words_of(facts)
    for word, value in words.items():
        setattr(item, word, value)
    item.revised_by = revision
    _lay(revision, item.responsibilities, plans.responsibilities_of(by, facts), _responsible)
    _lay(revision, item.targets, plans.targets_of(facts), lambda row: rules.target_key(row.text, row.target))
    _lay(revision, item.deadlines, plans.deadlines_of(facts), lambda row: rules.deadline_key(row.text, row.deadline))
    db.session.flush()
    db.session.expire(item, ["responsibilities", "targets", "deadlines"])
    before, after = ({key: told[key] for key in ("section", "task", "goal")} for told in (former, words))
    events.record(by, "revise", "item", item.id, before, after | {"revision": revision.number})


def _responsible(row: Responsibility) -> Hashable:
    return (type(row.unit or row.group), (row.unit or row.group).id, row.lead)  # type: ignore[union-attr]


Row = TypeVar("Row", Responsibility, ItemTarget, ItemDeadline)


def _lay(revision: Revision, held: list[Row], wanted: list[Row], key: Callable[[Row], Hashable]) -> None:
    """End what is no longer said, add what is newly said, and leave the rest as it is."""
    ended, added = rules.replaced([key(row) for row in held], [key(row) for row in wanted])
    for place in ended:
        held[place].ended_by = revision
    for place in added:
        wanted[place].added_by = revision
        held.append(wanted[place])


def _settle_duties(by: Act, plan: Plan, revision: Revision) -> None:
    touched = select(Item.id).where((Item.revised_by_id == revision.id) | (Item.cancelled_by_id == revision.id))
    duties.revise(by, plan, set(db.session.scalars(touched)))
