"""The quarter's circular (情况通报) to all units, with its annexed tables."""

from datetime import date
from pathlib import Path

from tracker.printing import letter as printed
from tracker.printing import written
from tracker.printing.letter_parts import Letter
from tracker.rules.paper_defaults import PaperText
from tracker.rules.snapshots import Snapshot


def letter(snapshot: Snapshot, number: str = "", dated: date | None = None) -> Letter:
    return written.letter(snapshot, PaperText.CIRCULAR, "各有关单位", number, dated)


def pdf(snapshot: Snapshot, fonts: Path, number: str = "", dated: date | None = None) -> bytes:
    return printed.pdf([letter(snapshot, number, dated)], fonts)


def docx(snapshot: Snapshot, number: str = "", dated: date | None = None) -> bytes:
    return printed.docx([letter(snapshot, number, dated)])
