"""Sample instructions: one settled, one answered, one that nobody has answered in time, one given yesterday."""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select

from tracker.demo.quarters import People
from tracker.ledger import instructions
from tracker.ledger.acts import Act
from tracker.ledger.db import db
from tracker.ledger.instructions import Source
from tracker.ledger.tables.accounts import Person
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.instructions import InstructionShare
from tracker.ledger.tables.plans import Item, Plan
from tracker.rules.instructions import Order, StepKind

_HOUR = time(3)  # eleven o'clock in Shanghai, as UTC

# What was written to how many units, how many days ago, due how many days after, and what the first unit and the leader
# did then.
_STORIES = (
    ("（示例）请牵头单位说明进展，本月底前拿出可公开的成果。", 1, 30, 10, ("answer", "close")),
    ("（示例）群众反映较多，请抓紧研究，提出具体措施。", 3, 12, 8, ("answer", "return")),
    ("（示例）请会同配合单位核实数据，书面报告。", 1, 9, 10, ("answer",)),
    ("（示例）进度偏慢，请查明原因，限期赶上。", 2, 2, 4, ()),
    ("（示例）做法较好，请总结经验，供各单位参考。", 4, 1, 20, ()),
)
_ANSWER = "（示例）已召开专题会议研究，明确了责任人和完成日期，正按计划推进。"
_OPINIONS = {
    StepKind.CLOSE: "（示例）同意，请继续抓好落实。",
    StepKind.RETURN: "（示例）措施不够具体，请补充时间节点后再报。",
}


def play(plan: Plan, people: People, leader: Person, until: date) -> None:
    for number, (item, (text, most, ago, days, acts)) in enumerate(zip(_items(plan), _STORIES, strict=False)):
        day = max(until - timedelta(days=ago), plan.confirmed_at.date())
        source = Source(f"第 {item.position} 项 {item.short}", f"/items/{item.id}", plan.id, item.id)
        order = Order(text, day + timedelta(days=days), _units(item)[:most])
        given = instructions.give(_act(leader, day), order, source, f"{plan.id:016x}{number:016x}")
        for later, act in enumerate(acts, 1):
            _take(given.shares[0], StepKind(act), people, leader, min(day + timedelta(days=later), until))


def _items(plan: Plan) -> list[Item]:
    """Some from all over the plan, each with units that owe something."""
    with_units = [item for item in plan.items if _units(item)]
    apart = max(1, len(with_units) // len(_STORIES))
    return with_units[::apart]


def _units(item: Item) -> tuple[int, ...]:
    """Those that lead first."""
    owed = select(Duty.unit_id, Duty.lead).where(Duty.item_id == item.id, Duty.cancelled_on.is_(None))
    leads = dict.fromkeys(unit_id for unit_id, lead in db.session.execute(owed.order_by(Duty.lead.desc(), Duty.id)))
    return tuple(leads)


def _take(share: InstructionShare, kind: StepKind, people: People, leader: Person, day: date) -> None:
    if kind is StepKind.ANSWER:
        instructions.answer(_act(people.handlers[share.unit_id], day), share, _ANSWER, share.version)
    else:
        instructions.settle(_act(leader, day), share, kind, _OPINIONS[kind], share.version)


def _act(person: Person, day: date) -> Act:
    return Act(person.organisation_id, person, datetime.combine(day, _HOUR, UTC), day)
