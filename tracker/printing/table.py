"""A wide table (see `table_parts`) on paper: as PDF, as DOCX and as a workbook."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from tracker.printing import table_docx, table_xlsx
from tracker.printing.pdf import render
from tracker.printing.table_parts import CELL_MARGIN, Row, Table
from tracker.printing.word import official, saved


def pdf(tables: Sequence[Table], fonts: Path) -> bytes:
    """Several follow each other, each on a page of its own, all on sheets of one size; raises FontsMissing."""
    first = tables[0]
    words = {
        "title": first.name,
        "author": first.author,
        "sample": first.sample,
        "cell_margin": CELL_MARGIN,
        "papers": [_words(table) for table in tables],
    }
    return render("table", words, first.as_of, fonts, first.sheet)


def _words(table: Table) -> dict[str, object]:
    """As the typesetter reads it: all cells are texts, and a row tells whether it may be cut."""
    columns = zip(table.columns, table.widths, strict=True)
    return {
        "title": table.title,
        "about": table.about,
        "columns": [asdict(column) | {"width": width} for column, width in columns],
        "groups": [
            {"caption": group.caption, "rows": [_row(table, row) for row in group.rows]}
            for group in table.groups
            if group.rows
        ],
        "nothing": table.nothing,
        "total": list(map(str, table.total)),
        "notes": table.notes,
        "signatures": table.signatures,
        "row_height": table.row_height,
    }


def _row(table: Table, row: Row) -> dict[str, object]:
    return {"cells": list(map(str, row)), "tall": table.is_tall(row)}


def docx(tables: Sequence[Table]) -> bytes:
    first = tables[0]
    document = official(first.name, first.author, first.as_of, first.sample, first.sheet)
    for position, table in enumerate(tables):
        table_docx.write(document, table, new_page=bool(position))
    return saved(document)


def xlsx(tables: Sequence[Table]) -> bytes:
    return table_xlsx.book(tables)
