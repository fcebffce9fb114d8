"""What a quarter report says: as a form hands it over, as the ledger keeps it, and as versions and events record it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from tracker.ledger.tables.reports import QuarterReport
from tracker.rules.reports import ReportText


@dataclass(frozen=True)
class ReportContent:
    """What the unit hands over of one form.

    `figures` gives the value reached by target id; `done` the day on which a duty was done by duty id;
    `missing_note` is what a lead says of the supporting shares that are not in.
    """

    text: ReportText
    figures: Mapping[int, Decimal] = field(default_factory=dict)
    done: Mapping[int, date] = field(default_factory=dict)
    missing_note: str = ""


def content_given(content: ReportContent) -> dict[str, Any]:
    """What a form says, to be compared with `content_kept`: a save sent twice is one act."""
    return {
        "text": content.text,
        "figures": {target_id: value.normalize() for target_id, value in content.figures.items()},
        "done": {str(duty_id): day.isoformat() for duty_id, day in content.done.items()},
        "missing_note": content.missing_note,
    }


def content_kept(report: QuarterReport) -> dict[str, Any]:
    return {
        "text": report.text,
        "figures": {figure.target_id: figure.value.normalize() for figure in report.figures},
        "done": dict(report.done_duties),
        "missing_note": report.missing_note,
    }


def beside_text(report: QuarterReport) -> dict[str, Any]:
    """Figures, ticks and evidence as JSON: a version keeps them under `more`."""
    return {
        "figures": {str(figure.target_id): f"{figure.value:f}" for figure in report.figures},
        "done": dict(report.done_duties),
        "evidence": [
            {"title": e.title, "link": e.link, "file_id": e.file_id, "sha256": e.file.sha256 if e.file else None}
            for e in report.evidence
        ],
    }


def for_event(report: QuarterReport) -> dict[str, Any]:
    """All that the report says now, for the audit trail."""
    return {
        "progress": report.progress,
        "achievements": report.achievements,
        "problems": report.problems,
        "next_steps": report.next_steps,
        "progress_class": report.progress_class,
        "state": report.state,
        "missing_note": report.missing_note,
    } | beside_text(report)
