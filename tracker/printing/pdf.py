"""PDF by typst: one official page (typst/official.typ), and a small file of typst for each paper.

Texts travel as JSON and are never evaluated: `#read(…)` or `$x$` in a report prints as it was typed.
"""

import json
import subprocess
import sys
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from tracker.printing import fonts, layout, typesetter
from tracker.printing.text import printable_throughout

PAPERS = Path(__file__).parent / "typst"
_SECONDS = 120  # a paper of 200 pages takes one; this only ends what would never end


def render(paper: str, words: dict[str, Any], as_of: date, folder: Path, sheet: layout.Sheet = layout.A4) -> bytes:
    """The paper `typst/<paper>.typ` filled with these words, dated `as_of`, in the faces of the fonts folder."""
    families = fonts.families(fonts.installed(folder))
    inputs = {"page": _page(families, as_of, sheet), "words": printable_throughout(words)}
    return _typeset(
        {
            "paper": str(PAPERS / f"{paper}.typ"),
            "root": str(PAPERS),
            "fonts": str(folder),
            "inputs": {name: json.dumps(value) for name, value in inputs.items()},
            "timestamp": int(datetime(as_of.year, as_of.month, as_of.day, tzinfo=UTC).timestamp()),
        }
    )


def _typeset(order: dict[str, Any]) -> bytes:
    done = subprocess.run(  # noqa: S603 - our own program; what users wrote travels by standard input
        # -I: the program must not take fonts.py or text.py beside it for the modules of those names.
        [sys.executable, "-I", typesetter.__file__],
        input=json.dumps(order).encode(),
        capture_output=True,
        timeout=_SECONDS,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{order['paper']} could not be set: {done.stderr.decode(errors='replace')}")
    return done.stdout


def _page(families: dict[str, list[str]], as_of: date, sheet: layout.Sheet) -> dict[str, Any]:
    """The figures of `layout`, by the names that official.typ knows."""
    return {
        "margins": {"top": sheet.top, "bottom": sheet.bottom, "left": sheet.left, "right": sheet.right},
        "width": sheet.width,
        "height": sheet.height,
        "turned": sheet.turned,
        "page_number_below": layout.PAGE_NUMBER_BELOW,
        "mark_above": layout.MARK_ABOVE,
        "settings": {
            kind: asdict(setting) | {"families": families[setting.face]} for kind, setting in layout.SETTINGS.items()
        },
        "faces": fonts.substitutes(families),
        "date": {"year": as_of.year, "month": as_of.month, "day": as_of.day},
    }
