"""What the cells of a quarter form say of one item: a report's content, and what is wrong by its cell.

A row that is not in the file says nothing: what the ledger keeps of it stands.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import zip_longest

from tracker.ledger.report_content import ReportContent
from tracker.ledger.report_sheet_lines import FormItem
from tracker.ledger.tables.plans import ItemTarget
from tracker.rules import consolidation
from tracker.rules import figures as figure_rules
from tracker.rules import report_form as form
from tracker.rules import reports as rules
from tracker.rules.figures import Exclusion, Figure, Rate
from tracker.rules.refusals import Invalid
from tracker.rules.report_form import DUTIES, FIGURES, REPORTS, Fault, ReadLine
from tracker.rules.reports import ReportText
from tracker.rules.standing import DutyFacts


@dataclass
class ItemCells:
    """The rows of one item, each with the target or duty that it is of; `faults` grows while they are read."""

    item: FormItem
    rows: Sequence[tuple[ReadLine, int]]
    today: date
    faults: list[Fault] = field(default_factory=list)

    def content(self, kept: ReportContent) -> ReportContent:
        """What the cells say, and of what has no row, what the ledger keeps."""
        for line, _ in self._of(REPORTS):
            kept = replace(kept, text=self._text(line), missing_note=self._note(line))
        return replace(kept, figures=self._figures(kept.figures), done=self._ticks(kept.done), unchanged=False)

    def _of(self, layout: form.Layout) -> Iterator[tuple[ReadLine, int]]:
        return ((line, of) for line, of in self.rows if line.sheet == layout.name)

    # The item's own row

    def _text(self, line: ReadLine) -> ReportText:
        said = line.typed
        text = ReportText(said["progress"], said["achievements"], said["problems"], said["next_steps"])
        self.faults += [line.fault(name, sentence) for name, sentence in rules.overlong(text).items()]
        try:
            return replace(text, progress_class=form.class_of(said["progress_class"]))
        except Invalid as refusal:
            self.faults.append(line.fault("progress_class", refusal.sentence))
            return text

    def _note(self, line: ReadLine) -> str:
        note = line.typed["missing_note"] if self.item.owed.duty.lead else ""
        if sentence := consolidation.slip_in_note(note):
            self.faults.append(line.fault("missing_note", sentence))
        return consolidation.note_given(note)

    # Its targets

    def _figures(self, kept: Mapping[int, Figure]) -> dict[int, Figure]:
        targets = {target.id: target for target in self.item.owed.item.targets}
        found = dict(kept)
        for line, of in self._of(FIGURES):
            if of not in targets:
                self.faults.append(line.fault("target", "这一指标已不在任务中，请删除这一行。"))
            elif cells := self.item.cells(FIGURES, of):
                found.pop(of, None)
                figure = self._rate(line, targets[of]) if "done" in cells else self._value(line, targets[of])
                found |= {of: figure} if figure else {}
        return found

    def _value(self, line: ReadLine, target: ItemTarget) -> Figure | None:
        value = self._number(line, "value", line.values["value"], target)
        if value is None:
            return None
        figure = Figure(value, reason=" ".join(line.values["reason"].split()))
        if sentence := figure_rules.slip(figure, target.text, target.target):
            name = "reason" if len(figure.reason) > figure_rules.LONGEST_GROUND else "value"
            self.faults.append(line.fault(name, sentence))
        return figure

    def _number(self, line: ReadLine, name: str, written: str, target: ItemTarget) -> Decimal | None:
        measure = target.measure if name == "value" else ""
        try:
            return figure_rules.read_figure(written, f"“{target.text}”的{line.layout.title(name)}", measure)
        except Invalid as refusal:
            self.faults.append(line.fault(name, refusal.sentence))
            return None

    def _rate(self, line: ReadLine, target: ItemTarget) -> Figure | None:
        known = len(self.faults)
        done, due = (self._number(line, name, line.values[name], target) for name in ("done", "due"))
        rate = Rate(done, due, self._exclusions(line, target))
        for part, sentence in figure_rules.slips_in_rate(rate, target.text).items():
            self.faults.append(line.fault(part.split("-")[0], sentence))
        return None if len(self.faults) > known or rate == Rate(None, None) else Figure.of(rate)

    def _exclusions(self, line: ReadLine, target: ItemTarget) -> tuple[Exclusion, ...]:
        counts, grounds = form.lines_in(line.values["excluded"]), form.lines_in(line.values["ground"])
        if len(counts) <= 1 and grounds:
            grounds = [" ".join(grounds)]  # of one exclusion the ground may be written on several lines
        if max(len(counts), len(grounds)) > figure_rules.MOST_EXCLUSIONS:
            most = figure_rules.MOST_EXCLUSIONS
            self.faults.append(line.fault("excluded", f"“{target.text}”的剔除最多分 {most} 条填写。"))
            return ()
        pairs = zip_longest(counts, grounds, fillvalue="")
        return tuple(Exclusion(self._number(line, "excluded", count, target), ground) for count, ground in pairs)

    # Its dated duties

    def _ticks(self, kept: Mapping[int, date]) -> dict[int, date]:
        open_duties = {duty.id: duty for duty in self.item.open_duties}
        found = dict(kept)
        for line, of in self._of(DUTIES):
            if of in open_duties:
                found.pop(of, None)
                day = self._day(line, open_duties[of])
                found |= {of: day} if day else {}
        return found

    def _day(self, line: ReadLine, duty: DutyFacts) -> date | None:
        try:
            ticked = form.is_ticked(line.values["ticked"])
        except Invalid as refusal:
            self.faults.append(line.fault("ticked", refusal.sentence))
            return None
        try:
            day = form.day_of(line.values["done_on"])
            if day:
                rules.check_done_day(duty.label, day, self.item.owed.duty.report_quarter, self.today)
        except Invalid as refusal:
            self.faults.append(line.fault("done_on", refusal.sentence))
            return None
        if slip := form.slip_in_tick(duty.label, ticked, day):
            self.faults.append(line.fault(*slip))
        return day
