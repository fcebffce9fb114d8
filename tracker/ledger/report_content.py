"""What a quarter report says: as a form hands it over, as the ledger keeps it, and as versions and events record it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tracker.ledger.figures import as_json, figure_kept
from tracker.ledger.tables.reports import QuarterReport
from tracker.rules.figures import Figure
from tracker.rules.reports import ReportText


@dataclass(frozen=True)
class ReportContent:
    """What the unit hands over of one form.

    `figures` says by target id what is reached; `done` the day on which a duty was done by duty id;
    `missing_note` is what a lead says of the supporting shares that are not in; `unchanged` says that it was handed in
    as 无变化.
    """

    text: ReportText
    figures: Mapping[int, Figure] = field(default_factory=dict)
    done: Mapping[int, date] = field(default_factory=dict)
    missing_note: str = ""
    unchanged: bool = False


def content_given(content: ReportContent) -> dict[str, Any]:
    """What a form says, to be compared with `content_kept`: a save sent twice is one act."""
    return {
        "text": content.text,
        "figures": dict(content.figures),
        "done": {str(duty_id): day.isoformat() for duty_id, day in content.done.items()},
        "missing_note": content.missing_note,
        "unchanged": content.unchanged,
    }


def content_kept(report: QuarterReport) -> dict[str, Any]:
    return {
        "text": report.text,
        "figures": {row.target_id: figure_kept(row) for row in report.figures},
        "done": dict(report.done_duties),
        "missing_note": report.missing_note,
        "unchanged": report.unchanged,
    }


def beside_text(report: QuarterReport) -> dict[str, Any]:
    """Figures, ticks and evidence as JSON: a version keeps them under `more`."""
    return {
        "figures": {str(row.target_id): as_json(figure_kept(row)) for row in report.figures},
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
        "unchanged": report.unchanged,
    } | beside_text(report)
