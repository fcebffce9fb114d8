"""What reading a plan document yields.  Everything is traced to the document as printed.

`ParsedPlan.source` is the document as it was issued, decoded but otherwise unrepaired (the rows of a
table are lines, their cells joined by ` | `).  Every `Span` counts characters of that text, so that
a page can mark the evidence; every line number counts its lines from 1.
"""

from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from tracker.rules.deadlines import Deadline, DeadlineKind, Every
from tracker.rules.targets import Op, Per, Target


@dataclass(frozen=True, order=True)
class Span:
    """Characters `start` to `end` of the source, `end` excluded."""

    start: int
    end: int


@dataclass(frozen=True)
class Remark:
    """Something that was repaired, doubted or dropped, in a sentence for the clerk.

    `code` groups remarks of one cause (`traditional`, `pinyin`, `one-byte-shift`, `joined-line`,
    `undetermined-date`, …); `doubt` asks the clerk to look; without it the remark only informs.
    """

    code: str
    line: int
    text: str
    excerpt: str = ""
    doubt: bool = False


@dataclass(frozen=True)
class ReadUnit:
    """A responsible unit as printed; `lead` is False for a supporting unit.

    Here and below, `rule` names the rule that read it; what is not `sure` has a doubt remark on its item.
    """

    name: str
    lead: bool
    span: Span
    rule: str = ""
    sure: bool = True


@dataclass(frozen=True)
class ReadTarget:
    text: str
    target: Target
    span: Span
    rule: str = ""
    sure: bool = True


@dataclass(frozen=True)
class ReadDeadline:
    text: str
    deadline: Deadline
    span: Span
    rule: str = ""
    sure: bool = True


@dataclass(frozen=True)
class ReadItem:
    """One item of work.  `as_printed` is its stretch of the source, untouched.

    `number` is the entry's number as printed (`1.`, `(一)`), empty where it has none; `section` holds the
    headings above it, outermost first; `first_line` and `last_line` are both included.
    """

    number: str
    section: tuple[str, ...]
    task: str
    goal: str | None
    as_printed: str
    first_line: int
    last_line: int
    spans: tuple[Span, ...]
    units: tuple[ReadUnit, ...] = ()
    targets: tuple[ReadTarget, ...] = ()
    deadlines: tuple[ReadDeadline, ...] = ()
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True)
class Dropped:
    """A line of the source that is no part of the plan (page furniture, link lists), and why."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True)
class ParsedPlan:
    """`title`, `issuer` and `year` are None where the document does not say.

    `remarks` are those that concern no single item: each item carries its own.
    """

    title: str | None
    issuer: str | None
    year: int | None
    source: str
    items: tuple[ReadItem, ...] = ()
    remarks: tuple[Remark, ...] = ()
    dropped: tuple[Dropped, ...] = field(default=())

    @property
    def all_remarks(self) -> tuple[Remark, ...]:
        """The document's remarks and its items', in the order of their lines."""
        of_items = (remark for item in self.items for remark in item.remarks)
        return tuple(sorted((*self.remarks, *of_items), key=lambda remark: remark.line))


def plan_as_json(plan: ParsedPlan) -> dict[str, Any]:
    """The whole plan as plain JSON values; `plan_from_json` reads it back as it was."""
    return {
        "title": plan.title,
        "issuer": plan.issuer,
        "year": plan.year,
        "source": plan.source,
        "items": [as_json(item) for item in plan.items],
        "remarks": [asdict(remark) for remark in plan.remarks],
        "dropped": [asdict(line) for line in plan.dropped],
    }


def plan_from_json(data: dict[str, Any]) -> ParsedPlan:
    return ParsedPlan(
        title=data["title"],
        issuer=data["issuer"],
        year=data["year"],
        source=data["source"],
        items=tuple(from_json(item) for item in data["items"]),
        remarks=tuple(Remark(**remark) for remark in data["remarks"]),
        dropped=tuple(Dropped(**line) for line in data["dropped"]),
    )


def as_json(item: ReadItem) -> dict[str, Any]:
    """The item as plain JSON values; `from_json` reads it back as it was."""
    return {
        "number": item.number,
        "section": list(item.section),
        "task": item.task,
        "goal": item.goal,
        "as_printed": item.as_printed,
        "first_line": item.first_line,
        "last_line": item.last_line,
        "spans": [_span_as_json(span) for span in item.spans],
        "units": [{"name": u.name, "lead": u.lead, **_evidence_as_json(u)} for u in item.units],
        "targets": [
            {"text": t.text, "target": _target_as_json(t.target), **_evidence_as_json(t)} for t in item.targets
        ],
        "deadlines": [
            {"text": d.text, "deadline": _deadline_as_json(d.deadline), **_evidence_as_json(d)} for d in item.deadlines
        ],
        "remarks": [asdict(remark) for remark in item.remarks],
    }


def from_json(data: dict[str, Any]) -> ReadItem:
    return ReadItem(
        number=data["number"],
        section=tuple(data["section"]),
        task=data["task"],
        goal=data["goal"],
        as_printed=data["as_printed"],
        first_line=data["first_line"],
        last_line=data["last_line"],
        spans=tuple(Span(*span) for span in data["spans"]),
        units=tuple(ReadUnit(u["name"], u["lead"], *_evidence(u)) for u in data["units"]),
        targets=tuple(ReadTarget(t["text"], _target(t["target"]), *_evidence(t)) for t in data["targets"]),
        deadlines=tuple(ReadDeadline(d["text"], _deadline(d["deadline"]), *_evidence(d)) for d in data["deadlines"]),
        remarks=tuple(Remark(**remark) for remark in data["remarks"]),
    )


def _span_as_json(span: Span) -> list[int]:
    return [span.start, span.end]


def _evidence_as_json(read: ReadUnit | ReadTarget | ReadDeadline) -> dict[str, Any]:
    return {"span": _span_as_json(read.span), "rule": read.rule, "sure": read.sure}


def _evidence(data: dict[str, Any]) -> tuple[Span, str, bool]:
    return Span(*data["span"]), data["rule"], data["sure"]


def _target_as_json(target: Target) -> dict[str, Any]:
    per = target.per.value if target.per else None
    return {"op": target.op.value, "value": str(target.value), "measure": target.measure, "per": per}


def _target(data: dict[str, Any]) -> Target:
    return Target(Op(data["op"]), Decimal(data["value"]), data["measure"], Per(data["per"]) if data["per"] else None)


def _deadline_as_json(deadline: Deadline) -> dict[str, Any]:
    return {
        "kind": deadline.kind.value,
        "due": deadline.due.isoformat() if deadline.due else None,
        "every": deadline.every.value if deadline.every else None,
        "days": deadline.days,
        "workdays": deadline.workdays,
        "day": deadline.day,
        "month_of_period": deadline.month_of_period,
        "event": deadline.event,
    }


def _deadline(data: dict[str, Any]) -> Deadline:
    return Deadline(
        kind=DeadlineKind(data["kind"]),
        due=date.fromisoformat(data["due"]) if data["due"] else None,
        every=Every(data["every"]) if data["every"] else None,
        days=data["days"],
        workdays=data["workdays"],
        day=data["day"],
        month_of_period=data["month_of_period"],
        event=data["event"],
    )
