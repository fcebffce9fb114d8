"""The figures of a quarter report's form: a number for each count, and for each rate what it is computed from."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import ValidationError

from tracker.ledger.figures import figure_kept, figures_said
from tracker.ledger.owed import OwedReport
from tracker.ledger.tables.plans import ItemTarget
from tracker.ledger.tables.reports import ReportFigure, ReportVersion
from tracker.rules import figures as rules
from tracker.rules.attainment import Reached
from tracker.rules.figures import MOST_EXCLUSIONS, Before, Exclusion, Figure, Rate, plain
from tracker.rules.quarters import Quarter
from tracker.rules.refusals import Invalid
from tracker.rules.targets import Target
from tracker.web.fields import trimmed

_PLACES = range(1, MOST_EXCLUSIONS + 1)


def words(value: str | None) -> str:
    """A ground or a reason in one line."""
    return re.sub(r"\s+", " ", trimmed(value))


class FigureField(StringField):  # type: ignore[misc]
    """One number as people type it: `number` is what was read, None for a blank."""

    number: Decimal | None = None

    def __init__(self, label: str, what: str, measure: str = "", **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.what, self.measure = what, measure

    def pre_validate(self, _form: FlaskForm) -> None:
        try:
            self.number = rules.read_figure(self.data or "", self.what, self.measure)
        except Invalid as refusal:
            raise ValidationError(refusal.sentence) from None


@dataclass(frozen=True)
class Aim:
    """A target as a form asks for its figure: what was last handed in, and what registered events add up to."""

    target: ItemTarget
    quarter: Quarter
    before: Before | None
    counted: Figure | None

    @property
    def is_computed(self) -> bool:
        return rules.is_computed(self.target.text, self.target.target)

    @property
    def asks_why(self) -> bool:
        """Whether it may go back, so that there must be room for the reason."""
        before = self.before
        if before is None or before.figure.value is None or not self.target.target.adds_up:
            return False
        return before.quarter >= self.target.target.period(self.quarter)[0]

    def fields(self) -> dict[str, StringField]:
        """Named after the target's id; those of a rate as `rules.figures` calls its parts."""
        if self.counted:
            return {}
        return dict(self._parts() if self.is_computed else self._number())

    def _number(self) -> Iterator[tuple[str, StringField]]:
        target = self.target
        what = f"“{target.text}”的{target.target.covers}数值"
        yield f"figure-{target.id}", FigureField(target.text, what, target.measure)
        if self.asks_why:
            yield f"reason-{target.id}", StringField("减少原因", filters=[words])

    def _parts(self) -> Iterator[tuple[str, StringField]]:
        name, of = f"rate-{self.target.id}", f"“{self.target.text}”的"
        yield f"{name}-done", FigureField("已办结", f"{of}已办结数")
        yield f"{name}-due", FigureField("应办", f"{of}应办数")
        for place in _PLACES:
            yield f"{name}-excluded-{place}", FigureField("剔除", f"{of}剔除数")
            yield f"{name}-ground-{place}", StringField("剔除理由", filters=[words])


def aims_of(owed: OwedReport) -> list[Aim]:
    targets, quarter = owed.item.targets, owed.duty.report_quarter
    return [Aim(target, quarter, owed.before.get(target.id), owed.counted.get(target.id)) for target in targets]


def kept_in_fields(rows: Iterable[ReportFigure]) -> dict[str, str]:
    """What the fields hold of the figures that the ledger keeps."""
    kept: dict[str, str] = {}
    for row in rows:
        figure = figure_kept(row)
        kept |= _of_rate(row.target_id, figure.rate) if figure.rate else _of_number(row.target_id, figure)
    return kept


def _of_number(target_id: int, figure: Figure) -> dict[str, str]:
    """What events added up to is nobody's to type: it is not left behind when they are taken back."""
    typed = "" if figure.counted else _shown(figure.value)
    return {f"figure-{target_id}": typed, f"reason-{target_id}": figure.reason}


def _of_rate(target_id: int, rate: Rate) -> dict[str, str]:
    name = f"rate-{target_id}"
    kept = {f"{name}-done": _shown(rate.done), f"{name}-due": _shown(rate.due)}
    for place, exclusion in enumerate(rate.exclusions, 1):
        kept[f"{name}-excluded-{place}"] = _shown(exclusion.count)
        kept[f"{name}-ground-{place}"] = exclusion.ground
    return kept


def _shown(number: Decimal | None) -> str:
    return "" if number is None else plain(number)


@dataclass(frozen=True)
class FigureEntry:
    """A target with its fields in a form."""

    aim: Aim
    form: Mapping[str, Any]

    @property
    def target(self) -> ItemTarget:
        return self.aim.target

    @property
    def number(self) -> FigureField:
        return self.form[f"figure-{self.target.id}"]  # type: ignore[no-any-return]

    @property
    def reason(self) -> StringField | None:
        return self.form[f"reason-{self.target.id}"] if self.aim.asks_why else None

    def part(self, name: str) -> Any:
        return self.form[f"rate-{self.target.id}-{name}"]

    @property
    def exclusions(self) -> list[tuple[FigureField, StringField]]:
        """Every place for an exclusion, blank ones too."""
        return [(self.part(f"excluded-{place}"), self.part(f"ground-{place}")) for place in _PLACES]

    @property
    def rate(self) -> Rate | None:
        """None while nothing of it is filled in."""
        done, due = self.part("done").number, self.part("due").number
        exclusions = [Exclusion(count.number, ground.data or "") for count, ground in self._filled()]
        return None if done is None and due is None and not exclusions else Rate(done, due, tuple(exclusions))

    def _filled(self) -> list[tuple[FigureField, StringField]]:
        return [pair for pair in self.exclusions if pair[0].number is not None or pair[1].data]

    @property
    def figure(self) -> Figure | None:
        """What the form says; None for a blank."""
        if self.aim.counted:
            return self.aim.counted
        if self.aim.is_computed:
            return Figure.of(self.rate) if self.rate else None
        if self.number.number is None:
            return None
        figure, target = Figure(self.number.number), self.target.target
        fell = rules.falls_behind(figure, self.aim.before, target, self.aim.quarter)
        return Figure(figure.value, reason=(self.reason.data or "") if fell and self.reason else "")

    def check(self, *, submitting: bool) -> None:
        """Put what is wrong beside the field; what is no number has its sentence already."""
        if self.aim.counted or self.figure is None:
            return
        if self.aim.is_computed:
            self._check_rate(submitting=submitting)
        else:
            self._check_number(self.figure, submitting=submitting)

    def _check_number(self, figure: Figure, *, submitting: bool) -> None:
        target, field = self.target, self.number
        sentence = rules.slip(figure, target.text, target.target)
        if submitting and not sentence:
            sentence = rules.gap(figure, self.aim.before, target.text, target.target, self.aim.quarter)
            field = self.reason if sentence and self.reason else field
        if sentence:
            field.errors = [*field.errors, sentence]

    def _check_rate(self, *, submitting: bool) -> None:
        if self.rate is None or any(field.errors for field in self._numbers()):
            return
        found = rules.slips_in_rate(self.rate, self.target.text)
        if submitting:
            found |= rules.gaps_in_rate(self.rate, self.target.text)
        for part, sentence in found.items():
            field = self._field(part)
            field.errors = [*field.errors, sentence]

    def _numbers(self) -> list[FigureField]:
        return [self.part("done"), self.part("due"), *(count for count, _ in self.exclusions)]

    def _field(self, part: str) -> Any:
        """The field of a part of `rate`, which leaves out the blank places."""
        kind, _, number = part.partition("-")
        if not number:
            return self.part(kind)
        count, ground = self._filled()[int(number) - 1]
        return count if kind == "excluded" else ground


def figures_of(version: ReportVersion) -> dict[int, Figure]:
    """What a version handed in says is reached, by target."""
    return figures_said(version.more)


def judged(figure: Figure, target: Target, quarter: Quarter, as_of: date) -> Reached:
    """A figure held against its target, for the pages that show it."""
    return Reached.of(target, quarter, figure, as_of)
