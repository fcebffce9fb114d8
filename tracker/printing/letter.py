"""An official letter (公文) on paper: notices, circulars, reports to the leading group, as PDF and as DOCX."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from tracker.printing import letter_docx
from tracker.printing.letter_parts import Grid, Letter, Paragraph
from tracker.printing.pdf import render
from tracker.printing.word import official, saved


def pdf(letters: Sequence[Letter], fonts: Path) -> bytes:
    """Several letters follow each other, each with pages of its own; raises FontsMissing."""
    words = [_words(letter) for letter in letters]
    first = letters[0]
    told = {"letters": words, "title": "".join(first.title), "author": first.issuer, "sample": first.sample}
    return render("letter", told, max(letter.dated for letter in letters), fonts)


def _words(letter: Letter) -> dict[str, object]:
    """As the typesetter reads it; a part tells by its `kind` what it is."""
    issuer_free, day_free = letter.ends
    return asdict(letter) | {
        "dated": None,
        "day": letter.day,
        "attachments": letter.attachments,
        "closes_short": letter.closes_short,
        "ends": {"issuer": issuer_free, "day": day_free},
        "parts": [_part(part) for part in letter.parts],
        "annexes": [{"title": annex.title, "parts": [_part(part) for part in annex.parts]} for annex in letter.annexes],
    }


def _part(part: Paragraph | Grid) -> dict[str, object]:
    if isinstance(part, Grid):
        rows = [{"cells": row, "tall": part.is_tall(row)} for row in part.rows]
        return {"kind": "grid"} | asdict(part) | {"rows": rows}
    return {"kind": "paragraph"} | asdict(part)


def docx(letters: Sequence[Letter]) -> bytes:
    first = letters[0]
    dated = max(letter.dated for letter in letters)
    document = official("".join(first.title), first.issuer, dated, first.sample)
    for position, letter in enumerate(letters):
        letter_docx.write(document, letter, new_page=bool(position))
    return saved(document)
