"""What reading a plan document yields.  Everything is traced to the document as printed.

`ParsedPlan.source` is the document as it was issued, decoded but otherwise unrepaired (the rows of a
table are lines, their cells joined by ` | `).  Every `Span` counts characters of that text, so that
a page can mark the evidence; every line number counts its lines from 1.
"""

from dataclasses import dataclass, field

from tracker.rules.deadlines import Deadline
from tracker.rules.targets import Target


@dataclass(frozen=True, order=True)
class Span:
    """Characters `start` to `end` of the source, `end` excluded."""

    start: int
    end: int


@dataclass(frozen=True)
class Remark:
    """Something that was repaired, doubted or dropped, in a sentence for the clerk.

    `code` groups remarks of one cause (`traditional`, `pinyin`, `one-byte-shift`, `joined-line`,
    `undetermined-date`, …); `doubt` asks the clerk to look; without it the remark only informs.
    """

    code: str
    line: int
    text: str
    excerpt: str = ""
    doubt: bool = False


@dataclass(frozen=True)
class ReadUnit:
    """A responsible unit as printed; `lead` is False for a supporting unit."""

    name: str
    lead: bool
    span: Span


@dataclass(frozen=True)
class ReadTarget:
    text: str
    target: Target
    span: Span


@dataclass(frozen=True)
class ReadDeadline:
    text: str
    deadline: Deadline
    span: Span


@dataclass(frozen=True)
class ReadItem:
    """One item of work.  `as_printed` is its stretch of the source, untouched.

    `number` is the entry's number as printed (`1.`, `(一)`), empty where it has none; `section` holds the
    headings above it, outermost first; `first_line` and `last_line` are both included.
    """

    number: str
    section: tuple[str, ...]
    task: str
    goal: str | None
    as_printed: str
    first_line: int
    last_line: int
    spans: tuple[Span, ...]
    units: tuple[ReadUnit, ...] = ()
    targets: tuple[ReadTarget, ...] = ()
    deadlines: tuple[ReadDeadline, ...] = ()
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True)
class Dropped:
    """A line of the source that is no part of the plan (page furniture, link lists), and why."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True)
class ParsedPlan:
    """`title`, `issuer` and `year` are None where the document does not say."""

    title: str | None
    issuer: str | None
    year: int | None
    source: str
    items: tuple[ReadItem, ...] = ()
    remarks: tuple[Remark, ...] = ()
    dropped: tuple[Dropped, ...] = field(default=())
