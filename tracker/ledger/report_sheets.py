"""Quarter forms that came back (Excel填报表): compared with what the ledger keeps, then applied in one act.

An item that nobody touched in the file keeps what the ledger says, whatever was saved meanwhile.  One that was
filled in and was saved by others since the form was made is a conflict: both texts are shown, and the unit chooses.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from tracker.ledger import events, reports
from tracker.ledger.acts import Act
from tracker.ledger.report_content import ReportContent
from tracker.ledger.report_sheet_cells import ItemCells
from tracker.ledger.report_sheet_lines import FormItem, kept_content
from tracker.ledger.tables.plans import ItemTarget
from tracker.rules import consolidation
from tracker.rules import reports as rules
from tracker.rules.dates import written
from tracker.rules.figures import gap as gap_in_figure
from tracker.rules.refusals import Refusal
from tracker.rules.report_form import Fault, ReadLine, RowKey, fingerprint
from tracker.rules.reports import FIELD_LABELS
from tracker.rules.standing import DutyFacts


class Kind(StrEnum):
    CHANGED = "changed"
    CONFLICT = "conflict"
    CLOSED = "closed"  # filled in, but no longer the unit's to change
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class Claim:
    """A row that came back, with the key that its seal proves."""

    line: ReadLine
    key: RowKey


@dataclass(frozen=True)
class Difference:
    """One field as the ledger keeps it and as the file says it."""

    label: str
    kept: str
    given: str


@dataclass(frozen=True)
class Judged:
    """One item of the file.  `gaps` is what it lacks to be handed in; `closed` says why it cannot be changed."""

    item: FormItem
    content: ReportContent
    kind: Kind
    differences: list[Difference]
    gaps: list[str]
    closed: str = ""

    @property
    def duty_id(self) -> int:
        return self.item.owed.duty.id

    @property
    def is_written(self) -> bool:
        """Whether it is to be saved, after a choice where there is a conflict."""
        return self.kind in (Kind.CHANGED, Kind.CONFLICT)

    @property
    def is_ready(self) -> bool:
        """Whether it can be handed in as it stands in the file."""
        return self.item.owed.is_open and not self.gaps


@dataclass(frozen=True)
class Check:
    """All that is to be said of a file; with a fault in it nothing is saved."""

    items: list[Judged]
    faults: list[Fault]
    absent: list[FormItem] = field(default_factory=list)

    def of(self, kind: str) -> list[Judged]:
        return [judged for judged in self.items if judged.kind == kind]


def check(claims: Iterable[Claim], items: Sequence[FormItem], today: date) -> Check:
    """Compare the rows of a file with the unit's reports of the quarter."""
    by_item, faults = _grouped(claims, {item.owed.duty.id: item for item in items})
    found = []
    for item in items:
        if rows := by_item.get(item.owed.duty.id):
            judged, slips = _judged(item, rows, today)
            found.append(judged)
            faults += slips if judged.is_written else []
    absent = [item for item in items if not any(row.line.of_an_item for row in by_item.get(item.owed.duty.id, ()))]
    return Check(found, faults, absent)


def _grouped(claims: Iterable[Claim], items: Mapping[int, FormItem]) -> tuple[dict[int, list[Claim]], list[Fault]]:
    """The rows by item, each once; a row that is twice there, or of no item of the form, is a fault."""
    rows: dict[int, list[Claim]] = defaultdict(list)
    seen: dict[tuple[str, int, int], ReadLine] = {}
    faults = []
    for claim in claims:
        place = (claim.line.sheet, claim.key.duty_id, claim.key.of)
        if sentence := _misplaced(claim, seen.get(place), items):
            faults.append(claim.line.fault("position", sentence))
        else:
            seen[place] = claim.line
            rows[claim.key.duty_id].append(claim)
    return rows, faults


def _misplaced(claim: Claim, first: ReadLine | None, items: Mapping[int, FormItem]) -> str | None:
    if claim.key.duty_id not in items:
        return "这一行的任务已撤销，或不再由本单位填报。请删除这一行。"
    wrong_sheet = claim.line.of_an_item is bool(claim.key.of)
    if wrong_sheet or claim.line.values["position"] != str(claim.key.position):
        return "这一行的序号与标识不符，内容可能贴错了行。请重新下载填报表核对。"
    return f"这一行与第 {first.row} 行是同一项，请只留一行。" if first else None


def _judged(item: FormItem, rows: Sequence[Claim], today: date) -> tuple[Judged, list[Fault]]:
    kept = kept_content(item)
    if _untouched(rows):
        return Judged(item, kept, Kind.UNCHANGED, [], _gaps(item, kept)), []
    cells = ItemCells(item, [(row.line, row.key.of) for row in rows], today)
    content = cells.content(kept)
    found = list(_differences(item, kept, content))
    kind, closed = _kind(item, rows, bool(found or cells.faults))
    return Judged(item, content, kind, found, _gaps(item, content), closed), cells.faults


def _untouched(rows: Iterable[Claim]) -> bool:
    """Whether the file says of the item just what the ledger had filled in."""
    said = {f"{row.line.sheet}.{row.key.of}": row.line.typed for row in rows}
    return any(row.key.print == fingerprint(said) for row in rows if row.line.of_an_item)


def _kind(item: FormItem, rows: Iterable[Claim], differs: bool) -> tuple[Kind, str]:
    """What is to be done with the item, and why it cannot be where that is so."""
    if not differs:
        return Kind.UNCHANGED, ""
    if item.owed.state:
        try:
            rules.check_open_to_writing(item.owed.state)
        except Refusal as refusal:
            return Kind.CLOSED, refusal.sentence
    stale = any(row.key.version != item.version for row in rows if row.line.of_an_item)
    return (Kind.CONFLICT if stale else Kind.CHANGED), ""


def _differences(item: FormItem, kept: ReportContent, given: ReportContent) -> Iterator[Difference]:
    for label, ours, theirs in _pairs(item, kept, given):
        if ours != theirs:
            yield Difference(label, ours, theirs)


def _pairs(item: FormItem, kept: ReportContent, given: ReportContent) -> Iterator[tuple[str, str, str]]:
    for name, label in FIELD_LABELS.items():
        yield label, getattr(kept.text, name), getattr(given.text, name)
    yield "进度等次", _class(kept), _class(given)
    for target in item.owed.item.targets:
        yield target.text, _figure(kept, target), _figure(given, target)
    for duty in item.open_duties:
        yield duty.label, _day(kept, duty), _day(given, duty)
    yield "缺报说明", kept.missing_note, given.missing_note


def _class(content: ReportContent) -> str:
    return content.text.progress_class.label if content.text.progress_class else ""


def _figure(content: ReportContent, target: ItemTarget) -> str:
    figure = content.figures.get(target.id)
    return figure.in_words(target.measure) if figure else ""


def _day(content: ReportContent, duty: DutyFacts) -> str:
    day = content.done.get(duty.id)
    return f"{written(day)}完成" if day else ""


def _gaps(item: FormItem, content: ReportContent) -> list[str]:
    """What the item lacks to be handed in, as sentences."""
    found = list(rules.gaps(content.text).values())
    if sentence := consolidation.gap_in_note(item.owed.missing, content.missing_note):
        found.append(sentence)
    quarter = item.owed.duty.report_quarter
    for target in item.owed.item.targets:
        figure = item.owed.counted.get(target.id) or content.figures.get(target.id)
        before = item.owed.before.get(target.id)
        if figure and (sentence := gap_in_figure(figure, before, target.text, target.target, quarter)):
            found.append(sentence)
    return found


@dataclass(frozen=True)
class Applied:
    saved: int
    handed_in: int


def apply(by: Act, plan_id: int, chosen: Iterable[Judged], source: Mapping[str, str], *, hand_in: bool) -> Applied:
    """Save what the unit chose of a file as drafts, or hand in what is complete; `source` names the file."""
    saved = handed_in = 0
    for judged in chosen:
        duty, version = judged.item.owed.duty, judged.item.version or None
        if hand_in and judged.is_ready:
            reports.submit(by, duty, judged.content, version)
            handed_in += 1
        elif judged.is_written:
            reports.save(by, duty, judged.content, version)
            saved += 1
    if saved or handed_in:
        after = {**source, "saved": saved, "handed_in": handed_in}
        events.record(by, "fill_in_by_sheet", "plan", plan_id, after=after)
    return Applied(saved, handed_in)
