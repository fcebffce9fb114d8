"""The papers whose text writes itself (情况通报, 领导小组季度报告): a template filled from the snapshot."""

import re
from datetime import date

from tracker.printing import annexes, wordings
from tracker.printing.layout import title_lines
from tracker.printing.letter_parts import Letter, Paragraph
from tracker.rules import paper_fields
from tracker.rules.paper_defaults import PaperText
from tracker.rules.paper_texts import Template
from tracker.rules.snapshots import Snapshot

_FIRST = re.compile(r"[一二三四五六七八九十]+、")
_SECOND = re.compile(r"（[一二三四五六七八九十]+）")
_LONGEST_HEADING = 40


def letter(snapshot: Snapshot, kind: PaperText, addressee: str, number: str, dated: date | None) -> Letter:
    """`dated` is the day of issue, that of the figures where nothing else is said; raise Invalid for a faulty text."""
    return Letter(
        title=title_lines(snapshot.office, f"关于{snapshot.quarter.label}", *_ABOUT[kind]),
        issuer=snapshot.office,
        dated=dated or snapshot.as_of,
        number="　".join(filter(None, (number, snapshot.edition))),
        addressee=addressee,
        parts=paragraphs(text(snapshot, kind)),
        annexes=annexes.annexes(snapshot),
        sample=wordings.sample(snapshot),
    )


_ABOUT = {
    PaperText.CIRCULAR: ("工作计划", "落实情况的", "通报"),
    PaperText.LEADERS_REPORT: ("工作计划", "落实情况的", "报告"),
}


def text(snapshot: Snapshot, kind: PaperText) -> str:
    """By the office's own words as they were sealed, or by those that stand for every office."""
    own = next((each.text for each in snapshot.texts if each.name == kind), kind.default)
    return Template(own).filled(paper_fields.values(snapshot))


def paragraphs(words: str) -> tuple[Paragraph, ...]:
    return tuple(Paragraph(line, _level(line)) for line in words.split("\n"))


def _level(line: str) -> int:
    """Headings carry their number and end without a stop."""
    if len(line) > _LONGEST_HEADING or line.endswith(("。", "；", "：")):
        return 0
    return 1 if _FIRST.match(line) else 2 if _SECOND.match(line) else 0
