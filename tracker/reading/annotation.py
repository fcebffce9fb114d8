"""The parsed plan in the schema in which plans are annotated by hand, to compare the two."""

from decimal import Decimal

from tracker.reading.plan import ParsedPlan, ReadDeadline, ReadItem, ReadTarget
from tracker.rules.deadlines import DeadlineKind


def annotation(plan: ParsedPlan) -> dict[str, object]:
    return {
        "plan": {"title": plan.title, "issuer": plan.issuer, "year": plan.year},
        "items": [_item(item) for item in plan.items],
    }


def _item(item: ReadItem) -> dict[str, object]:
    return {
        "section": list(item.section),
        "task": item.task,
        "goal": item.goal,
        "targets": [_target(target) for target in item.targets],
        "lead_units": [unit.name for unit in item.units if unit.lead],
        "supporting_units": [unit.name for unit in item.units if not unit.lead],
        "deadlines": [_deadline(deadline) for deadline in item.deadlines],
    }


def _target(read: ReadTarget) -> dict[str, object]:
    target = read.target
    return {
        "text": read.text,
        "op": target.op.value,
        "value": _number(target.value),
        "unit": target.measure,
        "per": target.per.value if target.per else None,
    }


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _deadline(read: ReadDeadline) -> dict[str, object]:
    deadline = read.deadline
    values: dict[str, object] = {"text": read.text, "kind": deadline.kind.value}
    if deadline.kind is DeadlineKind.DATE and deadline.due:
        values["due"] = deadline.due.isoformat()
    elif deadline.kind is DeadlineKind.RECURRING and deadline.every:
        values["every"] = deadline.every.value
    elif deadline.kind is DeadlineKind.RELATIVE:
        values |= {"days": deadline.days, "workdays": deadline.workdays}
    return values
