"""What an official letter (公文) is made of: values that the letter's PDF and DOCX are set from.

GB/T 9704-2012: title 7.3.1, number 7.2.5, addressee 7.3.2, text and its levels 7.3.3, attachments 7.3.4, issuer and
date 7.3.5 (without a seal: a working paper of the ledger carries none).
"""

from dataclasses import dataclass
from datetime import date

from tracker.printing.layout import SETTINGS, ems, lines

ENDS_FREE = 4  # characters between the date and the right edge
LONGEST_CLOSING = 8  # lines


@dataclass(frozen=True)
class Paragraph:
    """`level` 0 is running text, 1 一、, 2 (一); lower levels are set as running text, with the number they carry."""

    text: str
    level: int = 0


@dataclass(frozen=True)
class Grid:
    """A table: `widths` in millimetres make 156 at most; `centred` are the columns whose cells stand in the middle."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    caption: str = ""
    centred: tuple[int, ...] = ()

    def is_tall(self, row: tuple[str, ...]) -> bool:
        """Whether no page holds the row: only such a one may be cut."""
        em, room = SETTINGS["text"].size * 25.4 / 72, 35  # lines beneath a repeated head, of 225 millimetres
        return any(lines(cell, (width - 2.8) / em) > room for cell, width in zip(row, self.widths, strict=True))


@dataclass(frozen=True)
class Annex:
    """Begins a page of its own, with 附件1 at its head."""

    title: str
    parts: tuple[Paragraph | Grid, ...]


@dataclass(frozen=True)
class Receipt:
    """The slip that comes back (回执): a page of its own with rows to fill in, each a label and what stands already."""

    title: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Letter:
    title: tuple[str, ...]
    issuer: str
    dated: date
    parts: tuple[Paragraph | Grid, ...]
    number: str = ""
    addressee: str = ""
    annexes: tuple[Annex, ...] = ()
    receipt: Receipt | None = None
    sample: str = ""
    written_day: str = ""

    @property
    def day(self) -> str:
        """Arabic figures without leading zeros (7.3.5.4), or what is to stand in the day's place."""
        return self.written_day or f"{self.dated.year}年{self.dated.month}月{self.dated.day}日"

    @property
    def closes_short(self) -> bool:
        """Whether the last part stays with issuer and date; a long one would leave half a page empty by it."""
        last = self.parts[-1]
        return isinstance(last, Paragraph) and ems(last.text) <= LONGEST_CLOSING * 28

    @property
    def attachments(self) -> tuple[str, ...]:
        """附件：1.… where there are several; one alone has no number (7.3.4)."""
        if len(self.annexes) == 1:
            return (self.annexes[0].title,)
        return tuple(f"{number}.{annex.title}" for number, annex in enumerate(self.annexes, 1))

    @property
    def ends(self) -> tuple[float, float]:
        """How many characters stay free to the right of the issuer and of the date: their middles stand in line."""
        issuer, day = ems(self.issuer), ems(self.day)
        if issuer <= day:
            return ENDS_FREE + (day - issuer) / 2, ENDS_FREE
        return max(2.0, ENDS_FREE - (issuer - day) / 2), max(2.0, ENDS_FREE - (issuer - day) / 2) + (issuer - day) / 2
