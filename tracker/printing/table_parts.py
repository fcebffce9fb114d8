"""What a wide table (任务分解表, 工作台账 …) is made of: the value that its PDF, DOCX and XLSX are set from."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from tracker.printing.layout import A4_TURNED, SETTINGS, Sheet, lines

CELL_MARGIN = 1.2  # millimetres to the left and to the right of a cell's text
_POINT = 25.4 / 72  # millimetres
_FURNITURE = 24  # millimetres: the head and the section that stand again above every page's rows
_TITLE_LINE, _ABOUT = 11, 8  # millimetres: what stands above the first page's head

Cell = str | int
Row = tuple[Cell, ...]


@dataclass(frozen=True)
class Column:
    """`share` is its part of the table's width; `centred` puts its cells in the middle."""

    title: str
    share: float
    centred: bool = False


@dataclass(frozen=True)
class Group:
    """Rows under a caption (empty for none), which stands again, with （续）, where they run over a page."""

    caption: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Table:
    """`title` is broken into lines already; `about` stands above the table, at its left and at its right.

    `total` is a last row; `notes` are lines beneath; `signatures` are beneath them, never alone on a page; `nothing`
    stands in place of rows where there are none.  Rows are at least `row_height` millimetres high: room to write.
    """

    title: tuple[str, ...]
    author: str
    as_of: date
    about: tuple[str, str]
    columns: tuple[Column, ...]
    groups: tuple[Group, ...]
    nothing: str
    total: Row = ()
    notes: tuple[str, ...] = ()
    signatures: tuple[str, ...] = ()
    row_height: float = 0
    sheet: Sheet = A4_TURNED
    sample: str = ""

    @property
    def name(self) -> str:
        return "".join(self.title)

    @property
    def widths(self) -> tuple[float, ...]:
        """Of the columns, in millimetres; together the type area."""
        whole = sum(column.share for column in self.columns)
        return tuple(column.share / whole * self.sheet.type_width for column in self.columns)

    @property
    def rows(self) -> Iterator[Row]:
        return (row for group in self.groups for row in group.rows)

    def is_tall(self, row: Row) -> bool:
        """Whether no page holds the row: only such a one may be cut, and the first beneath the title too.

        Were the first kept whole, it would leave a page with nothing on it but the title.
        """
        setting = SETTINGS["cell"]
        above = _FURNITURE + (_ABOUT + _TITLE_LINE * len(self.title) if row is next(self.rows, None) else 0)
        room = (self.sheet.type_height - above) / (setting.line * _POINT)
        return any(
            len(cell) > room and lines(cell, (width - 2 * CELL_MARGIN) / (setting.size * _POINT)) > room
            for cell, width in zip(row, self.widths, strict=True)
            if isinstance(cell, str)
        )
