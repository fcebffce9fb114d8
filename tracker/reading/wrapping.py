"""Hard line breaks: a paragraph that was cut into lines is joined again."""

import re
from dataclasses import replace

from tracker.reading import furniture, numbering
from tracker.reading.document import Block, Document, Lines
from tracker.reading.passage import Passage, join
from tracker.reading.plan import Remark

_ENDED = re.compile(r"[。！？!?；;：:…”」》〉）)】〕|]\s*$")
_LABEL = re.compile(r"\s*[（(〔\[【]?\s*[\u4e00-\u9fff]{2,6}(?:单位|部门|科室|时限|时间|领导|目标|要求)\s*[:：】]")
_KIND = re.compile("(?:计划|要点|方案|意见|安排|通知|分工|清单|举措|措施)$")
_LONGEST_REST = 4  # characters of a title on its second line
_NARROWEST, _WIDEST = 18, 90  # a line's width in characters
_FEWEST = 6  # lines, from which on a width says something


def joined(document: Document) -> Document:
    """The document with its broken paragraphs whole; each join within a sentence leaves a remark."""
    full = _full_width([block for block in document.blocks if isinstance(block, Passage)])
    lines = Lines(document.source)
    blocks: list[Block] = []
    remarks = list(document.remarks)
    parts: list[Passage] = []  # the lines of the paragraph that is being read
    for block in document.blocks:
        if isinstance(block, Passage) and parts and _is_cut(parts, block, document.source, full):
            if not full:
                remarks.append(_remark(parts[-1], block, lines))
            parts.append(block)
            continue
        blocks += _whole(parts)
        parts = [block] if isinstance(block, Passage) else []
        blocks += [] if parts else [block]
    return replace(document, blocks=(*blocks, *_whole(parts)), remarks=tuple(remarks))


def _whole(parts: list[Passage]) -> list[Passage]:
    """The paragraph that the lines make, the blanks at the breaks left out."""
    if len(parts) < 2:
        return parts
    first = parts[0][: len(parts[0].text.rstrip())]
    return [join((first, *(part.strip() for part in parts[1:])))]


def _is_cut(parts: list[Passage], after: Passage, source: str, full: int) -> bool:
    last = parts[-1]
    if _begins_anew(after.text) or _blank_line_between(last, after, source) or furniture.reason(last.text):
        return False
    if full and _width(last.text) >= full - 2:
        return not _indented(after.text)
    if _is_rest_of_title(last.text, after.text):
        return True
    return not _ENDED.search(last.text) and any("。" in part.text for part in parts)


def _is_rest_of_title(line: str, after: str) -> bool:
    """……工作要 / 点."""
    rest = after.strip()
    return len(rest) <= _LONGEST_REST and not _KIND.search(line.strip()) and bool(_KIND.search(line.strip() + rest))


def _begins_anew(text: str) -> bool:
    opens = numbering.opening(text) is not None or numbering.opens_a_point(text)
    return opens or bool(furniture.reason(text)) or bool(_LABEL.match(text))


def _full_width(passages: list[Passage]) -> int:
    """The width at which the lines were cut; 0 where they were not."""
    widths = sorted(width for passage in passages if (width := _width(passage.text)) >= _NARROWEST)
    if len(widths) < _FEWEST or not _NARROWEST < widths[-1] <= _WIDEST:
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


def _remark(before: Passage, after: Passage, lines: Lines) -> Remark:
    excerpt = f"{before.text.rstrip()[-10:]}／{after.text.strip()[:10]}"
    return Remark("joined-line", lines.of(after), "上一行没有写完，已与本行连成一段。", excerpt)
