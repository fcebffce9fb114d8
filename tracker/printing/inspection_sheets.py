"""The quarterly inspection sheet (季度检查表) on paper: a summary of the units, then a sheet to each."""

from dataclasses import asdict
from pathlib import Path

from tracker.printing import inspection_sheets_docx
from tracker.printing.inspection_sheets_text import paper
from tracker.printing.pdf import render
from tracker.printing.word import official, saved
from tracker.rules.inspection_sheets import InspectionSheets


def pdf(sheets: InspectionSheets, fonts: Path) -> bytes:
    """Raises FontsMissing where the folder `fonts` lacks a face."""
    return render("inspection_sheets", asdict(paper(sheets)), sheets.as_of, fonts)


def docx(sheets: InspectionSheets) -> bytes:
    said = paper(sheets)
    document = official(said.title, said.author, sheets.as_of, said.sample)
    inspection_sheets_docx.write(document, said)
    return saved(document)
