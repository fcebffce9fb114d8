"""The rows of a unit's quarter form (Excel填报表), filled in with what the ledger keeps."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tracker.ledger.figures import figure_kept
from tracker.ledger.owed import OwedReport
from tracker.ledger.report_content import ReportContent
from tracker.ledger.tables.plans import ItemTarget
from tracker.rules.dates import written
from tracker.rules.figures import Figure, is_computed, plain
from tracker.rules.report_form import BLANK, DUTIES, FIGURES, REPORTS, SHEETS, TICK, Layout, Line, RowKey, fingerprint
from tracker.rules.reports import FIELD_LABELS, ReportText
from tracker.rules.standing import DutyFacts

Seal = Callable[[str], str]
"""Signs what stands in a hidden cell, so that a change of it is found out."""

_TEXT_CELLS = frozenset({*FIELD_LABELS, "progress_class"})
_NOTE_CELLS = frozenset({"missing_note"})
_RATE_CELLS = frozenset({"done", "due", "excluded", "ground"})
_VALUE_CELLS = frozenset({"value", "reason"})
_TICK_CELLS = frozenset({"ticked", "done_on"})


@dataclass(frozen=True)
class FormItem:
    """One item of a form, and what the unit may type of it."""

    owed: OwedReport

    @property
    def position(self) -> int:
        return self.owed.item.position

    @property
    def version(self) -> int:
        """Of the report; 0 while nobody has begun it."""
        return self.owed.report.version if self.owed.report else 0

    @property
    def open_duties(self) -> list[DutyFacts]:
        return [duty for duty in self.owed.beside if duty.done_on is None]

    def cells(self, layout: Layout, of: int) -> frozenset[str]:
        """What the unit may type in the row of a sheet."""
        if not self.owed.is_open:
            return frozenset()
        if layout is REPORTS:
            return _TEXT_CELLS | (_NOTE_CELLS if self.owed.duty.lead and self.owed.shares else frozenset())
        if layout is DUTIES:
            return _TICK_CELLS if of in {duty.id for duty in self.open_duties} else frozenset()
        return self._figure_cells(next(target for target in self.owed.item.targets if target.id == of))

    def _figure_cells(self, target: ItemTarget) -> frozenset[str]:
        if target.id in self.owed.counted:
            return frozenset()
        return _RATE_CELLS if is_computed(target.text, target.target) else _VALUE_CELLS


def form_items(reports: Iterable[OwedReport]) -> list[FormItem]:
    """In the order of the plan; the reports are those of one unit in one quarter."""
    return sorted(map(FormItem, reports), key=lambda item: item.position)


def kept_content(item: FormItem) -> ReportContent:
    """What the ledger keeps of the report, as a form would hand it over."""
    report = item.owed.report
    if report is None:
        return ReportContent(ReportText())
    kept = {row.target_id: figure_kept(row) for row in report.figures}
    ticked = {int(duty_id): date.fromisoformat(day) for duty_id, day in report.done_duties.items()}
    return ReportContent(report.text, kept, ticked, report.missing_note, report.unchanged)


def lines_of(items: Iterable[FormItem], seal: Seal) -> dict[str, list[Line]]:
    """The rows of every sheet, by its name."""
    rows: dict[str, list[Line]] = {layout.name: [] for layout in SHEETS}
    for item in items:
        content = kept_content(item)
        duty_id, position = item.owed.duty.id, item.position
        said = {(REPORTS, 0): _report_values(item, content)}
        said |= {(FIGURES, target.id): _figure_values(item, target, content) for target in item.owed.item.targets}
        said |= {(DUTIES, duty.id): _duty_values(item, duty, content) for duty in item.owed.beside}
        typed = fingerprint({f"{layout.name}.{of}": layout.typed(values) for (layout, of), values in said.items()})
        for (layout, of), values in said.items():
            key = RowKey(duty_id, position, of) if of else RowKey(duty_id, position, 0, item.version, typed)
            rows[layout.name].append(Line(values, item.cells(layout, of), seal(str(key))))
    return rows


def _report_values(item: FormItem, content: ReportContent) -> dict[str, str]:
    owed, text = item.owed, content.text
    return {
        "position": str(item.position),
        "task": owed.item.task,
        "goal": owed.item.goal,
        "part": "牵头" if owed.duty.lead else "配合",
        "deadline": "；".join(deadline.text for deadline in owed.item.deadlines),
        "planned": owed.planned_before,
        **{field: getattr(text, field) for field in FIELD_LABELS},
        "progress_class": text.progress_class.label if text.progress_class else "",
        "missing_note": content.missing_note,
        "state": owed.state.label if owed.state else "未填报",
    }


def _figure_values(item: FormItem, target: ItemTarget, content: ReportContent) -> dict[str, str]:
    before = item.owed.before.get(target.id)
    figure = item.owed.counted.get(target.id) or content.figures.get(target.id)
    return {
        "position": str(item.position),
        "task": item.owed.item.short,
        "target": target.text,
        "before": before.figure.shown(target.measure) if before else "",
        **(figure_values(figure) if figure else {}),
    }


def figure_values(figure: Figure) -> dict[str, str]:
    """A figure as its cells say it: several exclusions stand line by line in two of them."""
    if figure.rate is None:
        return {"value": _number(figure.value), "reason": figure.reason}
    exclusions = figure.rate.exclusions
    return {
        "done": _number(figure.rate.done),
        "due": _number(figure.rate.due),
        "excluded": "\n".join(_number(one.count) or BLANK for one in exclusions),
        "ground": "\n".join(one.ground or BLANK for one in exclusions),
    }


def _number(value: Decimal | None) -> str:
    return "" if value is None else plain(value)


def _duty_values(item: FormItem, duty: DutyFacts, content: ReportContent) -> dict[str, str]:
    done_on = duty.done_on or content.done.get(duty.id)
    return {
        "position": str(item.position),
        "task": item.owed.item.short,
        "duty": f"{duty.label}（{duty.kind.label}）",
        "due": written(duty.due_now) if duty.due_now else "待定",
        "ticked": TICK if done_on else "",
        "done_on": done_on.isoformat() if done_on else "",
    }
