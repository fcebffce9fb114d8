"""The set of a quarter: how each kind of paper is made of the snapshot, by the ending of its file.

PAPERS[PaperKind.LEDGER].make["pdf"](Asked(snapshot, fonts=folder))
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tracker.printing import (
    breakdown,
    circular,
    inspection_sheets,
    inspection_summary,
    leaders_report,
    ledger,
    letter,
    office_template,
    rectification,
    rectification_register,
    report_form_paper,
    sealed_sheets,
)
from tracker.printing import table as tables
from tracker.printing.layout import A3, A4_TURNED, Sheet
from tracker.printing.letter_parts import Letter
from tracker.printing.table_parts import Table
from tracker.rules.findings import RectificationPaper
from tracker.rules.inspection_sheets import InspectionSheets
from tracker.rules.paper_kinds import PaperKind
from tracker.rules.refusals import NotFound
from tracker.rules.snapshots import Snapshot


@dataclass(frozen=True)
class Asked:
    """What a paper is made from.

    `fonts` is the folder of faces, for PDF; `subject` the id of the unit or finding that it is about, 0 for all;
    `number` as it is printed, empty where the paper carries none; `dated` the day of issue, else that of the figures;
    `template` is the office's own DOCX file for the kind, where it has one.
    """

    snapshot: Snapshot
    fonts: Path = Path()
    subject: int = 0
    number: str = ""
    dated: date | None = None
    a3: bool = False
    template: bytes | None = None

    @property
    def unit_id(self) -> int | None:
        return self.subject or None

    @property
    def sheet(self) -> Sheet:
        return A3 if self.a3 else A4_TURNED


Make = Callable[[Asked], bytes]


@dataclass(frozen=True)
class Printed:
    """A kind of paper: its name, and by ending (without a stop) the function that makes the file."""

    label: str
    make: Mapping[str, Make]

    @property
    def endings(self) -> Sequence[str]:
        return tuple(self.make)


def _written(made: Callable[[Asked], Letter]) -> Mapping[str, Make]:
    """A letter whose text writes itself; as DOCX in the office's own file, where it has one."""

    def word(asked: Asked) -> bytes:
        said = made(asked)
        if asked.template is None:
            return letter.docx([said])
        return office_template.of_quarter(asked.template, asked.snapshot, said)

    return {"pdf": lambda asked: letter.pdf([made(asked)], asked.fonts), "docx": word}


def _tables(made: Callable[[Asked], Sequence[Table]]) -> Mapping[str, Make]:
    return {
        "pdf": lambda asked: tables.pdf(made(asked), asked.fonts),
        "docx": lambda asked: tables.docx(made(asked)),
        "xlsx": lambda asked: tables.xlsx(made(asked)),
    }


def _notices(asked: Asked) -> list[RectificationPaper]:
    """One finding's, or those of all that the quarter's units were told of, by number."""
    told = sorted((each.year, each.number, each.id) for each in asked.snapshot.findings if each.number)
    ids = [asked.subject] if asked.subject else [id_ for _, _, id_ in told]
    if not ids:
        raise NotFound("该季度没有已发出的整改通知书。")
    return [sealed_sheets.rectification(asked.snapshot, id_) for id_ in ids]


def _sheets(asked: Asked) -> InspectionSheets:
    return sealed_sheets.inspection_sheets(asked.snapshot, asked.unit_id)


def _register(asked: Asked) -> list[Table]:
    return [rectification_register.table(rectification_register.of(asked.snapshot))]


_MAKE: Mapping[PaperKind, Mapping[str, Make]] = {
    PaperKind.LEADERS_REPORT: _written(lambda asked: leaders_report.letter(asked.snapshot, asked.number, asked.dated)),
    PaperKind.CIRCULAR: _written(lambda asked: circular.letter(asked.snapshot, asked.number, asked.dated)),
    PaperKind.SUMMARY: _tables(lambda asked: [inspection_summary.of_quarter(asked.snapshot)]),
    PaperKind.INSPECTION: {
        "pdf": lambda asked: inspection_sheets.pdf(_sheets(asked), asked.fonts),
        "docx": lambda asked: inspection_sheets.docx(_sheets(asked)),
    },
    PaperKind.BREAKDOWN: _tables(lambda asked: [breakdown.table(asked.snapshot)]),
    PaperKind.LEDGER: _tables(lambda asked: [ledger.table(asked.snapshot, asked.sheet)]),
    PaperKind.REGISTER: _tables(_register),
    PaperKind.RECTIFICATION_NOTICE: {
        "pdf": lambda asked: letter.pdf([rectification.letter(each) for each in _notices(asked)], asked.fonts),
        "docx": lambda asked: office_template.rectifications(_notices(asked), asked.template),
    },
    PaperKind.REPORT_FORM: _tables(lambda asked: report_form_paper.tables(asked.snapshot, asked.unit_id)),
}

PAPERS: Mapping[PaperKind, Printed] = {kind: Printed(kind.label, make) for kind, make in _MAKE.items()}
