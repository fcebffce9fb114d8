"""Merged cells given as spans (HTML, Word): the grid in which each covers all its places."""

from dataclasses import dataclass

from tracker.reading.document import Cell
from tracker.rules.refusals import Invalid

TO_THE_END = 10_000
MOST_COLUMNS = 200
MOST_ROWS = 5_000
MOST_CELLS = 200_000


@dataclass(frozen=True)
class Spanned:
    """A cell as written: its text, and over how many rows and columns it reaches."""

    text: str
    rows: int = 1
    columns: int = 1


def grid(written: list[list[Spanned]]) -> list[list[Cell]]:
    """The table with the same cell in all places that it covers, every row of one width."""
    reaching: dict[int, tuple[Cell, int]] = {}  # column -> the cell from above, and how many rows it still covers
    rows: list[list[Cell]] = []
    for cells in written:
        row: dict[int, Cell] = {}
        for column, (cell, left) in list(reaching.items()):
            row[column] = cell
            reaching[column] = (cell, left - 1)
        reaching = {column: pair for column, pair in reaching.items() if pair[1] > 0}
        _place(cells, row, reaching)
        rows.append([row[column] if column in row else Cell("") for column in range(max(row, default=-1) + 1)])
    return even(rows)


def even(rows: list[list[Cell]]) -> list[list[Cell]]:
    """Rows of one width; raise Invalid for a table beyond all measure."""
    if len(rows) > MOST_ROWS:
        raise Invalid(f"表格超过 {MOST_ROWS} 行，不像一张任务分解表，不能导入。请只保留任务表后再试。")
    width = max(map(len, rows), default=0)
    if width > MOST_COLUMNS or width * len(rows) > MOST_CELLS:
        raise Invalid("表格过大，不像一张任务分解表，不能导入。请只保留任务表后再试。")
    return [row + [Cell("") for _ in range(width - len(row))] for row in rows]


def _place(cells: list[Spanned], row: dict[int, Cell], reaching: dict[int, tuple[Cell, int]]) -> None:
    column = 0
    for spanned in cells:
        while column in row:
            column += 1
        cell = Cell(spanned.text)
        for covered in range(column, min(column + spanned.columns, MOST_COLUMNS + 1)):
            row[covered] = cell
            if spanned.rows > 1:
                reaching[covered] = (cell, spanned.rows - 1)
        column += spanned.columns
