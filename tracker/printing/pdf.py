"""PDF by typst: one official page (typst/official.typ), and a small file of typst for each paper.

Texts travel as JSON and are never evaluated: `#read(…)` or `$x$` in a report prints as it was typed.
"""

import json
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import typst

from tracker.printing import fonts, layout
from tracker.printing.text import printable_throughout

PAPERS = Path(__file__).parent / "typst"


def render(paper: str, words: dict[str, Any], as_of: date, folder: Path) -> bytes:
    """The paper `typst/<paper>.typ` filled with these words, dated `as_of`, in the faces of the fonts folder."""
    faces = fonts.found(folder)
    inputs = {"page": _page(fonts.families(faces), as_of), "words": printable_throughout(words)}
    return typst.compile(
        PAPERS / f"{paper}.typ",
        root=PAPERS,
        font_paths=faces,
        ignore_system_fonts=True,
        sys_inputs={name: json.dumps(value, ensure_ascii=False) for name, value in inputs.items()},
        timestamp=datetime(as_of.year, as_of.month, as_of.day, tzinfo=UTC),
        format="pdf",
    )


def _page(families: dict[str, list[str]], as_of: date) -> dict[str, Any]:
    """The figures of `layout`, by the names that official.typ knows."""
    return {
        "margins": {"top": layout.TOP, "bottom": layout.BOTTOM, "left": layout.LEFT, "right": layout.RIGHT},
        "height": layout.PAGE_HEIGHT,
        "page_number_below": layout.PAGE_NUMBER_BELOW,
        "mark_above": layout.MARK_ABOVE,
        "settings": {
            kind: asdict(setting) | {"families": families[setting.face]} for kind, setting in layout.SETTINGS.items()
        },
        "date": {"year": as_of.year, "month": as_of.month, "day": as_of.day},
    }
