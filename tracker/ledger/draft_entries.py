"""What a draft item says of units, targets and deadlines, as JSON.

A unit is `{name, lead, origin, span}`, a target `{text, op, value, measure, per, origin, span}`, a deadline
`{text, kind, due, every, days, workdays, day, month_of_period, event, origin, span}`.  `span` is the pair of
characters of the source that says so, None where the office added it.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from tracker.ledger.tables.plans import Origin
from tracker.reading.plan import ReadItem, Span
from tracker.rules.deadlines import Deadline, DeadlineKind, Every
from tracker.rules.targets import Op, Per, Target

Entry = dict[str, Any]


def entries_read(item: ReadItem) -> dict[str, list[Entry]]:
    """What the document says, column by column."""
    return {
        "units": [unit_entry(u.name, u.lead, u.span) for u in item.units],
        "targets": [target_entry(t.text, t.target, t.span) for t in item.targets],
        "deadlines": [deadline_entry(d.text, d.deadline, d.span) for d in item.deadlines],
    }


def unit_entry(name: str, lead: bool, span: Span | None = None) -> Entry:
    return {"name": name, "lead": lead, **_source(span)}


def target_entry(text: str, target: Target, span: Span | None = None) -> Entry:
    return {
        "text": text,
        "op": target.op.value,
        "value": f"{target.value:f}",
        "measure": target.measure,
        "per": target.per.value if target.per else None,
        **_source(span),
    }


def deadline_entry(text: str, deadline: Deadline, span: Span | None = None) -> Entry:
    return {
        "text": text,
        "kind": deadline.kind.value,
        "due": deadline.due.isoformat() if deadline.due else None,
        "every": deadline.every.value if deadline.every else None,
        "days": deadline.days,
        "workdays": deadline.workdays,
        "day": deadline.day,
        "month_of_period": deadline.month_of_period,
        "event": deadline.event,
        **_source(span),
    }


def _source(span: Span | None) -> Entry:
    if span is None:
        return {"origin": Origin.OFFICE.value, "span": None}
    return {"origin": Origin.DOCUMENT.value, "span": [span.start, span.end]}


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
        entry["day"],
        entry["month_of_period"],
        entry["event"],
    )


def is_undetermined(entry: Entry) -> bool:
    """Whether a deadline waits for the clerk to set its day."""
    return bool(entry["kind"] == DeadlineKind.UNDETERMINED.value)


def traced(entries: Iterable[Entry], read: Iterable[Entry]) -> list[Entry]:
    """Every entry that says what the document says, with the document's evidence instead of the office's word."""
    known = list(read)
    return [next((entry for entry in known if _says(new) == _says(entry)), new) for new in entries]


def _says(entry: Entry) -> Entry:
    """What it says; blanks do not count, for a one-line field turns the document's line breaks into them."""
    said = {key: value for key, value in entry.items() if key not in ("origin", "span")}
    return said | {"text": "".join(said["text"].split())} if "text" in said else said
