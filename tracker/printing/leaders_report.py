"""The quarter's report to the leading group (领导小组季度报告), with its annexed tables."""

from datetime import date
from pathlib import Path

from tracker.printing import letter as printed
from tracker.printing import written
from tracker.printing.letter_parts import Letter
from tracker.rules.paper_defaults import PaperText
from tracker.rules.snapshots import Snapshot


def letter(snapshot: Snapshot, number: str = "", dated: date | None = None) -> Letter:
    """To the leading group whose office writes it."""
    addressee = snapshot.office.removesuffix("办公室")
    return written.letter(snapshot, PaperText.LEADERS_REPORT, addressee, number, dated)


def pdf(snapshot: Snapshot, fonts: Path, number: str = "", dated: date | None = None) -> bytes:
    return printed.pdf([letter(snapshot, number, dated)], fonts)


def docx(snapshot: Snapshot, number: str = "", dated: date | None = None) -> bytes:
    return printed.docx([letter(snapshot, number, dated)])
