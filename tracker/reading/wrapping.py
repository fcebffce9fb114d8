"""Hard line breaks: a paragraph that was cut into lines is joined again."""

import re
from dataclasses import replace

from tracker.reading import furniture, numbering
from tracker.reading.document import Block, Document, Grid, Lines
from tracker.reading.passage import Passage, join
from tracker.reading.plan import Remark

_ENDED = re.compile(r"[。！？!?；;：:…”」》〉）)】〕|]\s*$")
_LABEL = re.compile(r"\s*[（(〔\[【]?\s*[\u4e00-\u9fff]{2,6}(?:单位|部门|科室|时限|时间|领导|目标|要求)\s*[:：]")
_NARROWEST, _WIDEST = 18, 90


def joined(document: Document) -> Document:
    """The document with its broken paragraphs whole; each join within a sentence leaves a remark."""
    full = _full_width([block for block in document.blocks if isinstance(block, Passage)])
    lines = Lines(document.source)
    blocks: list[Block] = []
    remarks = list(document.remarks)
    last = ""  # the last physical line, by which the next one is judged
    for block in document.blocks:
        before = blocks[-1] if blocks else None
        if (
            isinstance(block, Passage)
            and isinstance(before, Passage)
            and _is_cut(before, last, block, document.source, full)
        ):
            if not full:
                remarks.append(_remark(before, block, lines))
            blocks[-1] = join((_trimmed(before), block.strip()))
        else:
            blocks.append(block)
        last = "" if isinstance(block, Grid) else block.text
    return replace(document, blocks=tuple(blocks), remarks=tuple(remarks))


def _is_cut(before: Passage, last: str, after: Passage, source: str, full: int) -> bool:
    if _begins_anew(after.text) or _blank_line_between(before, after, source) or furniture.reason(last):
        return False
    if full and _width(last) >= full - 2:
        return not _indented(after.text)
    return not _ENDED.search(before.text) and "。" in before.text


def _begins_anew(text: str) -> bool:
    opens = numbering.opening(text) is not None or numbering.opens_a_point(text)
    return opens or bool(furniture.reason(text)) or bool(_LABEL.match(text))


def _full_width(passages: list[Passage]) -> int:
    """The width at which the lines were cut; 0 where they were not."""
    widths = sorted(width for passage in passages if (width := _width(passage.text)) >= _NARROWEST)
    if len(widths) < 8 or not _NARROWEST < widths[-1] <= _WIDEST:
        return 0
    full = widths[int(len(widths) * 0.9)]
    return full if sum(width >= full - 2 for width in widths) * 3 >= len(widths) else 0


def _width(text: str) -> int:
    """In full-width characters, half-width ones counting half."""
    return sum(1 if character.isascii() else 2 for character in text.rstrip()) // 2


def _blank_line_between(before: Passage, after: Passage, source: str) -> bool:
    return source.count("\n", before.span.end - 1, after.span.start) > 1


def _indented(text: str) -> bool:
    return text.startswith(("  ", "\t", "\u3000"))


def _trimmed(passage: Passage) -> Passage:
    return passage[: len(passage.text.rstrip())]


def _remark(before: Passage, after: Passage, lines: Lines) -> Remark:
    excerpt = f"{before.text.rstrip()[-10:]}／{after.text.strip()[:10]}"
    return Remark("joined-line", lines.of(after), "上一行没有写完，已与本行连成一段。", excerpt)
