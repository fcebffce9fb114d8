"""What simulated units reported: rows of reports, versions, reviews, figures, fulfilments and extensions.

One report in eight comes late, one in twelve is returned and mended, some say 无变化, a few never come.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from sqlalchemy import insert

from tracker.demo import phrases
from tracker.ledger.db import Record, db
from tracker.ledger.figures import as_json, basis_of
from tracker.ledger.tables.duties import Duty, Fulfilment
from tracker.ledger.tables.extensions import Extension, ExtensionStep
from tracker.ledger.tables.plans import Item
from tracker.ledger.tables.reports import QuarterReport, ReportFigure, ReportVersion, Review
from tracker.rules.duties import DutyKind
from tracker.rules.extensions import ExtensionLevel, ExtensionState
from tracker.rules.figures import Figure, Rate, is_computed
from tracker.rules.quarters import Quarter
from tracker.rules.reports import FIELD_LABELS, ProgressClass, ReportState, ReviewLevel, Verdict

LATE, RETURNED, UNCHANGED, MISSING = 0.12, 0.08, 0.06, 0.01
_DONE_IN_TIME, _EXTENDED = 0.92, 0.05
_CLASSES = {
    ProgressClass.ON_SCHEDULE: 62,
    ProgressClass.COMPLETED: 16,
    ProgressClass.AHEAD: 8,
    ProgressClass.BEHIND: 11,
    ProgressClass.OTHER: 3,
}
_MORNING = time(2)
_MORE_TIME = timedelta(days=30)

Row = dict[str, Any]


@dataclass(frozen=True)
class People:
    """Ids: who writes for which unit, who reviews, who leads."""

    handlers: Mapping[int, int]
    clerk: int
    leader: int


@dataclass(frozen=True)
class Batch:
    items: Mapping[int, Item]
    shares: Mapping[tuple[int, int], Sequence[Duty]]


@dataclass(frozen=True)
class Told:
    """How many rows were written."""

    reports: int = 0
    versions: int = 0
    reviews: int = 0
    extensions: int = 0

    def __add__(self, other: "Told") -> "Told":
        sums = (mine + theirs for mine, theirs in zip(asdict(self).values(), asdict(other).values(), strict=True))
        return Told(*sums)

    def as_json(self) -> dict[str, int]:
        return asdict(self)


@dataclass
class _Report:
    """One report with all that hangs on it, before any of it has an id."""

    row: Row
    figures: dict[int, Figure]
    versions: list[Row] = field(default_factory=list)
    reviews: list[list[Row]] = field(default_factory=list)
    fulfilments: list[tuple[int | None, Row]] = field(default_factory=list)  # with the place of the version


def write(batch: Batch, people: People, chance: Random, today: date) -> Told:
    moved: dict[int, date] = {}
    extensions = [_extension(duty, people, moved) for duty in _to_extend(batch, chance, today)]
    told = [
        report
        for (item_id, _), duties in batch.shares.items()
        for report in _Share(batch.items[item_id], duties, people, moved, chance, today).reports()
    ]
    versions = _insert_reports(told)
    _insert_extensions(extensions)
    return Told(len(told), versions, sum(len(each) for report in told for each in report.reviews), len(extensions))


# One share's story


@dataclass
class _Share:
    item: Item
    duties: Sequence[Duty]
    people: People
    moved: Mapping[int, date]
    chance: Random
    today: date
    ticked: set[int] = field(default_factory=set)
    said_before: bool = False

    def reports(self) -> Iterator[_Report]:
        for duty in self.duties:
            if duty.kind is not DutyKind.QUARTER_REPORT or duty.due is None:
                continue
            late = self.chance.random() < LATE
            comes_in = duty.due + timedelta(self.chance.randint(1, 20) if late else self.chance.randint(-5, 0))
            if self.chance.random() >= MISSING and comes_in < self.today:
                yield self._report(duty, comes_in)
                self.said_before = True

    def _report(self, duty: Duty, comes_in: date) -> _Report:
        texts = self._texts()
        done = {str(other.id): day.isoformat() for other, day in self._done(duty.report_quarter, comes_in)}
        figures = dict(self._figures(duty.report_quarter))
        named = {"plan_id": duty.plan_id, "item_id": duty.item_id, "unit_id": duty.unit_id, "quarter": duty.quarter}
        row = named | texts | {"organisation_id": duty.organisation_id, "done_duties": done}
        report = _Report(row | {"missing_note": phrases.MISSING_NOTE if duty.lead else ""}, figures)
        last = self._handed_in(report, comes_in, duty)
        if self.chance.random() < RETURNED and last + timedelta(8) < self.today:
            last = self._returned(report, last, duty)
        self._judged(report, last, Verdict.ACCEPT)
        return report

    def _texts(self) -> Row:
        chance = self.chance
        kind = chance.choices(list(_CLASSES), list(_CLASSES.values()))[0]
        hindered = kind in (ProgressClass.BEHIND, ProgressClass.OTHER)
        unchanged = self.said_before and not hindered and chance.random() < UNCHANGED
        return {
            "progress": phrases.UNCHANGED if unchanged else phrases.progress(chance),
            "achievements": "" if hindered or unchanged else phrases.achievements(chance),
            "problems": phrases.problems(chance) if hindered else "",
            "next_steps": "" if unchanged else phrases.next_steps(chance),
            "progress_class": kind,
            "unchanged": unchanged,
        }

    def _done(self, quarter: Quarter, comes_in: date) -> Iterator[tuple[Duty, date]]:
        """The dated duties that the report ticks: most in their own quarter, what was left over in the next."""
        for duty in self.duties:
            due = self.moved.get(duty.id, duty.due)
            if duty.kind is DutyKind.QUARTER_REPORT or due is None or due > quarter.end or duty.id in self.ticked:
                continue
            in_time = self.chance.random() < _DONE_IN_TIME
            if in_time or Quarter.of(due) < quarter:
                self.ticked.add(duty.id)
                day = due - timedelta(self.chance.randint(0, 12)) if in_time and due >= quarter.start else quarter.end
                yield duty, min(day, comes_in)

    def _figures(self, quarter: Quarter) -> Iterator[tuple[int, Figure]]:
        for target in self.item.targets:
            if is_computed(target.text, target.target):
                due = self.chance.randint(20, 200)
                done = due - self.chance.randint(0, due // 12)
                yield target.id, Figure.of(Rate(Decimal(done), Decimal(due)))
            else:
                yield target.id, Figure(phrases.reached(target.value, quarter.number / 4))

    def _handed_in(self, report: _Report, day: date, duty: Duty) -> date:
        number = len(report.versions) + 1
        by = self.people.handlers[duty.unit_id]
        said = {name: report.row[name] for name in (*FIELD_LABELS, "progress_class", "plan_id", "item_id", "unit_id")}
        more = {
            "figures": {str(target_id): as_json(figure) for target_id, figure in report.figures.items()},
            "done": report.row["done_duties"],
            "evidence": [],
            "missing": None,
        }
        times = {"submitted_on": day, "submitted_at": _at(day), "submitted_by_id": by, "left_on": day}
        report.versions.append(said | times | {"quarter": duty.quarter, "number": number, "more": more, "levels": 1})
        report.reviews.append([])
        report.row |= {"saved_at": _at(day), "saved_by_id": by, "version": number + 1, "state": ReportState.SUBMITTED}
        self._fulfil(report, day, duty)
        return day

    def _fulfil(self, report: _Report, day: date, duty: Duty) -> None:
        """The first version meets the duty to report; every one brings its ticks."""
        if len(report.versions) == 1:
            report.fulfilments.append((None, _fulfilment(duty.id, day, day)))
        for duty_id, done_on in report.row["done_duties"].items():
            tick = _fulfilment(int(duty_id), date.fromisoformat(done_on), day)
            report.fulfilments.append((len(report.versions) - 1, tick))

    def _returned(self, report: _Report, day: date, duty: Duty) -> date:
        """Give it back, take back what it ticked, and hand in the mended text some days later."""
        back = day + timedelta(self.chance.randint(1, 3))
        self._judged(report, day, Verdict.RETURN, back)
        for place, tick in report.fulfilments:
            if place == len(report.versions) - 1:
                tick["revoked_on"] = back
        report.row["progress"] += "已按要求补充有关数据和完成时间。"
        return self._handed_in(report, back + timedelta(self.chance.randint(1, 4)), duty)

    def _judged(self, report: _Report, day: date, verdict: Verdict, on: date | None = None) -> None:
        on = on or day + timedelta(self.chance.randint(1, 5))
        if on >= self.today:
            return
        reason = self.chance.choice(phrases.RETURNED) if verdict is Verdict.RETURN else ""
        report.reviews[-1].append(
            {"level": ReviewLevel.OFFICE, "verdict": verdict, "reason": reason, "marks": [], "reviewed_on": on}
            | {"reviewed_at": _at(on), "reviewed_by_id": self.people.clerk}
        )
        report.row["state"] = ReportState.ACCEPTED if verdict is Verdict.ACCEPT else ReportState.RETURNED
        report.row["version"] += 1


def _fulfilment(duty_id: int, done_on: date, recorded_on: date) -> Row:
    return {"duty_id": duty_id, "done_on": done_on, "recorded_on": recorded_on, "revoked_on": None, "version_id": None}


def _at(day: date) -> datetime:
    return datetime.combine(day, _MORNING, UTC)


# Extensions


def _to_extend(batch: Batch, chance: Random, today: date) -> Iterator[Duty]:
    """Some of the dates that lie far enough back for the new one to have passed too."""
    for duty in (duty for duties in batch.shares.values() for duty in duties if duty.kind is DutyKind.MILESTONE):
        if duty.due and duty.due + 2 * _MORE_TIME < today and chance.random() < _EXTENDED:
            yield duty


def _extension(duty: Duty, people: People, moved: dict[int, date]) -> tuple[Row, list[Row]]:
    assert duty.due is not None
    applied, decided, new_due = duty.due - timedelta(12), duty.due - timedelta(6), duty.due + _MORE_TIME
    moved[duty.id] = new_due
    row = {
        "organisation_id": duty.organisation_id,
        "duty_id": duty.id,
        "state": ExtensionState.APPROVED,
        "new_due": new_due,
        "reason": phrases.EXTENSION_REASON,
        "progress": phrases.EXTENSION_PROGRESS,
        "applied_on": applied,
        "applied_at": _at(applied),
        "applied_by_id": people.handlers[duty.unit_id],
        "decided_on": decided,
        "version": 3,
    }
    judges = ((ExtensionLevel.OFFICE, people.clerk, -2), (ExtensionLevel.LEADER, people.leader, 0))
    steps = [_step(level, person, decided + timedelta(days)) for level, person, days in judges]
    return row, steps


def _step(level: ExtensionLevel, person: int, day: date) -> Row:
    said = {"level": level, "verdict": Verdict.ACCEPT, "reason": "", "judged_on": day}
    return said | {"judged_at": _at(day), "judged_by_id": person}


# Into the database


def _insert_reports(told: Sequence[_Report]) -> int:
    report_ids = _inserted(QuarterReport, [report.row for report in told])
    figures, versions, places = [], [], []
    for number, (report_id, report) in enumerate(zip(report_ids, told, strict=True)):
        figures += [_figure_row(report_id, target_id, figure) for target_id, figure in report.figures.items()]
        for place, version in enumerate(report.versions):
            versions.append(version | {"report_id": report_id})
            places.append((number, place))
    version_id = dict(zip(places, _inserted(ReportVersion, versions), strict=True))
    _insert(ReportFigure, figures)
    _insert(Review, [
        review | {"version_id": version_id[number, place], "organisation_id": report.row["organisation_id"]}
        for number, report in enumerate(told)
        for place, given in enumerate(report.reviews)
        for review in given
    ])  # fmt: skip
    _insert(Fulfilment, [
        row if place is None else row | {"version_id": version_id[number, place]}
        for number, report in enumerate(told)
        for place, row in report.fulfilments
    ])  # fmt: skip
    return len(versions)


def _figure_row(report_id: int, target_id: int, figure: Figure) -> Row:
    of = {"report_id": report_id, "target_id": target_id}
    return of | {"value": figure.value, "basis": basis_of(figure), "reason": figure.reason}


def _insert_extensions(made: Sequence[tuple[Row, list[Row]]]) -> None:
    ids = _inserted(Extension, [row for row, _ in made])
    pairs = zip(ids, (steps for _, steps in made), strict=True)
    _insert(ExtensionStep, [step | {"extension_id": extension_id} for extension_id, steps in pairs for step in steps])


def _inserted(table: Any, rows: Sequence[Row]) -> list[int]:
    """The ids of the rows, in their order."""
    if not rows:
        return []
    return list(db.session.scalars(insert(table).returning(table.id, sort_by_parameter_order=True), rows))


def _insert(table: type[Record], rows: Sequence[Row]) -> None:
    if rows:
        db.session.execute(insert(table), rows)
