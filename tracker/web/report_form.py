"""The form of one quarter report: the texts, and a field for every target and every dated duty of its item."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_wtf.file import MultipleFileField
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, Field, RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import Length, ValidationError

from tracker.ledger.figures import figure_kept
from tracker.ledger.owed import OwedReport
from tracker.ledger.report_content import ReportContent
from tracker.ledger.tables.reports import QuarterReport
from tracker.rules import consolidation
from tracker.rules import reports as rules
from tracker.rules.evidence import check_file, check_link
from tracker.rules.refusals import Invalid
from tracker.rules.reports import FIELD_LABELS, ProgressClass, ReportText
from tracker.rules.standing import DutyFacts
from tracker.web import uploads
from tracker.web.fields import DayField, trimmed, version_field
from tracker.web.forms import TokenlessForm
from tracker.web.report_figures import Aim, FigureEntry, aims_of, kept_in_fields

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def typed(value: str | None) -> str:
    """What was typed, without the control characters that a paste drags in: no paper could print them."""
    return _CONTROLS.sub("", trimmed(value))


def _text(field: str) -> TextAreaField:
    return TextAreaField(FIELD_LABELS[field], filters=[typed])


class ReportForm(TokenlessForm):
    """`report_form` adds the fields of the item's targets and duties.

    `missing` are the supporting units whose shares a lead still waits for.
    """

    aims: list[Aim]
    duties: list[DutyFacts]
    missing: list[str]

    version = version_field()
    progress = _text("progress")
    achievements = _text("achievements")
    problems = _text("problems")
    next_steps = _text("next_steps")
    progress_class = RadioField(
        "进度等次", choices=[SelectChoice(kind.value, kind.label) for kind in ProgressClass], validate_choice=False
    )
    missing_note = TextAreaField("缺报说明", filters=[typed])
    files = MultipleFileField("添加文件")
    link = StringField("添加链接", filters=[typed])
    link_title = StringField("链接名称", [Length(max=200, message="链接名称最多 200 字。")], filters=[typed])

    def validate_progress_class(self, field: Field) -> None:
        if field.data and field.data not in list(ProgressClass):
            raise ValidationError("请从列出的进度等次中选择。")

    def validate_link(self, field: Field) -> None:
        if field.data:
            _checked(check_link, field.data)

    def validate_files(self, _field: Field) -> None:
        for upload in self.uploads:
            _checked(_check_upload, upload)

    def fits(self, *, submitting: bool) -> bool:
        """Whether all of it can be kept, or handed in; each field that cannot says why."""
        fits = bool(self.validate())
        found = rules.overlong(self.text) | (rules.gaps(self.text) if submitting else {}) | self._note(submitting)
        for name, sentence in found.items():
            self[name].errors = [*self[name].errors, sentence]
        for tick in self.ticks:
            if slip := tick.slip():
                tick.day.errors = [*tick.day.errors, slip]
        for entry in self.figures:
            entry.check(submitting=submitting)
        return fits and not self.errors

    def _note(self, submitting: bool) -> dict[str, str]:
        note = self.missing_note.data
        gap = consolidation.gap_in_note(self.missing, note) if submitting else None
        slip = consolidation.slip_in_note(note) or gap
        return {"missing_note": slip} if slip else {}

    @property
    def uploads(self) -> list[FileStorage]:
        return [upload for upload in self.files.data or [] if upload and upload.filename]

    @property
    def figures(self) -> list[FigureEntry]:
        return [FigureEntry(aim, self) for aim in self.aims]

    @property
    def ticks(self) -> list["Tick"]:
        return [Tick(duty, self[f"done-{duty.id}"], self[f"done_on-{duty.id}"]) for duty in self.duties]

    @property
    def text(self) -> ReportText:
        written = self.progress_class.data
        kind = ProgressClass(written) if written in list(ProgressClass) else None
        return ReportText(self.progress.data, self.achievements.data, self.problems.data, self.next_steps.data, kind)

    @property
    def content(self) -> ReportContent:
        return ReportContent(
            text=self.text,
            figures={entry.target.id: entry.figure for entry in self.figures if entry.figure},
            done={tick.duty.id: tick.day.data for tick in self.ticks if tick.done.data and tick.day.data},
            missing_note=consolidation.note_given(self.missing_note.data),
        )


def _check_upload(upload: FileStorage) -> None:
    check_file(upload.filename or "", uploads.content_of(upload))


def _checked(check: Callable[[Any], None], value: object) -> None:
    try:
        check(value)
    except Invalid as refusal:
        raise ValidationError(refusal.sentence) from None


@dataclass(frozen=True)
class Tick:
    """A duty with its two fields: whether it is done, and on which day."""

    duty: DutyFacts
    done: BooleanField
    day: DayField

    def slip(self) -> str | None:
        """What is wrong with the two of them together."""
        if self.day.errors:
            return None
        if self.done.data and self.day.data is None:
            return f"“{self.duty.label}”已勾选完成，请填写完成日期。"
        if self.day.data and not self.done.data:
            return f"“{self.duty.label}”已填写完成日期，请同时勾选，或清空日期。"
        return None


def report_form(owed: OwedReport) -> ReportForm:
    """The form, filled in from what was posted, or else from what the ledger keeps."""
    open_duties = [duty for duty in owed.beside if duty.done_on is None]
    aims = aims_of(owed)
    fields: dict[str, Any] = {"aims": aims, "duties": open_duties, "missing": owed.missing}
    for aim in aims:
        fields |= aim.fields()
    for duty in open_duties:
        fields[f"done-{duty.id}"] = BooleanField("已完成")
        fields[f"done_on-{duty.id}"] = DayField(f"{duty.label}的完成日期")
    form = type("ReportForm", (ReportForm,), fields)(data=_kept(owed.report) | {"missing_note": _note(owed)})
    for field in form:  # many forms stand on one page, and an id is good for one field only
        field.id = field.label.field_id = f"d{owed.duty.id}-{field.name}"
    return form  # type: ignore[no-any-return]


def _kept(report: QuarterReport | None) -> dict[str, Any]:
    if report is None:
        return {}
    kept: dict[str, Any] = {name: getattr(report, name) for name in (*FIELD_LABELS, "version")}
    kept["progress_class"] = report.progress_class.value if report.progress_class else None
    kept |= kept_in_fields(report.figures)
    for duty_id, day in report.done_duties.items():
        kept |= {f"done-{duty_id}": True, f"done_on-{duty_id}": date.fromisoformat(day)}
    return kept


def _note(owed: OwedReport) -> str:
    kept = owed.report.missing_note if owed.report else ""
    return kept or consolidation.beginning_of_note(owed.missing)


@dataclass(frozen=True)
class Difference:
    """One field as somebody else left it, and as the visitor typed it."""

    label: str
    theirs: str
    mine: str


def differences(form: ReportForm, report: QuarterReport) -> list[Difference]:
    """Where the form and the ledger do not say the same."""
    pairs = _pairs(form, report)
    return [Difference(label, theirs, mine) for label, theirs, mine in pairs if theirs != mine]


def _pairs(form: ReportForm, report: QuarterReport) -> Iterator[tuple[str, str, str]]:
    for name, label in FIELD_LABELS.items():
        yield label, getattr(report, name), form[name].data
    mine = form.text.progress_class
    yield "进度等次", report.progress_class.label if report.progress_class else "", mine.label if mine else ""
    theirs = {row.target_id: figure_kept(row) for row in report.figures}
    for entry in form.figures:
        kept, said, measure = theirs.get(entry.target.id), entry.figure, entry.target.measure
        yield entry.target.text, kept.in_words(measure) if kept else "", said.in_words(measure) if said else ""
    yield form.missing_note.label.text, report.missing_note, consolidation.note_given(form.missing_note.data)
    for tick in form.ticks:
        day = tick.day.data.isoformat() if tick.done.data and tick.day.data else ""
        yield tick.duty.label, report.done_duties.get(str(tick.duty.id), ""), day
