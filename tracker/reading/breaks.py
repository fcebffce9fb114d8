"""A plan that was copied or scraped into one line is cut again where its lines had ended, as far as the text tells.

It tells by blanks, by the numbers of its entries, by headings that every plan has, and by the furniture of its page.
What it does not tell stays together: a heading that runs on into its paragraph, a paragraph without a number.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from tracker.reading import furniture
from tracker.reading.document import Document, Lines
from tracker.reading.numbering import Sequence
from tracker.reading.passage import Passage
from tracker.reading.plan import Dropped, Remark
from tracker.reading.title import KIND

_SHARE = 0.8  # of the text, that stands in one line
# Of each style of numbers, the first one, and the second where an entry has ended before it.
_STYLES = (
    ("[一][、．.]", "二[、．.]"),
    ("[（(]一[)）]", "[（(]二[)）]"),
    (r"1[.．、](?!\d)", r"2[.．、](?!\d)"),
)
_ENDED = r"[。；）)〕】]\s*"
_ANY_NUMBER = r"(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[)）]|(?<!\d)\d{1,2}[.．、](?!\d))"
_NUMBER = re.compile(_ANY_NUMBER)
_DATE = r"20\d{2}(?:年\d{1,2}月\d{1,2}日|[-./]\d{1,2}[-./]\d{1,2})"
# What ends before the next line of a head: buttons, the document's number, its addressees, a note.
_HEAD_LINE = re.compile(
    r"^(?:政策解读|政策原文|我要纠错|打印本?页?|收藏|分享)+|[〔\[]\d{4}[〕\]]\s*\d+号(?:各[^。]{2,200}?[:：])?|[（(]此件[^）)]{0,20}[）)]"
)
_DATED = re.compile(rf"{_DATE}(?=[^\x00-\x7f，。；、起前至])")
_BLANKS = re.compile(r"(?<=\S)\s+(?=\S)")
_GOES_ON = "，、,；(（"  # before a blank that is no line's end
_FIGURES = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"  # as well, where blanks set them apart
_SPACED = re.compile(r"[\u4e00-\u9fff] [0-9A-Za-z]")
_BEGINS = re.compile(rf"{_ANY_NUMBER}|{_DATE}|[^\x00-\x7f，、。；]|[\[(]")  # after one that is
_HEADING = re.compile(
    rf"{_ANY_NUMBER}\s*(?:适用范围|总体要求|指导思想|工作目标|总体目标|主要目标|基本原则|工作原则|工作思路|(?:主要|重点|工作)(?:任务|工作|措施)|"
    r"工作要求|(?:组织|工作)?保障(?:措施)?|工作保障|组织领导)"
    r"(?![和与及、，,。；;：:的]|任务|目标|措施|要求|责任|落实|分解|考核|管理|体系|机制|清单|到位|职责)"
)
# A heading, and the sentence that introduces its entries.
_INTRODUCED = re.compile(
    rf"{_ANY_NUMBER}[^。；;]{{6,40}}?(?=(?:进一步|为了?(?!主)|按照|坚持|认真|切实|紧紧围绕)[^。]{{10,200}}。\s*(?:[（(]一[)）]|1[.．、]))"
)
_OPENING = re.compile(r"为了?(?:进一步|深入|全面|切实|认真|贯彻|落实|做好|加强|推进|扎实|加快)|根据《|按照《")
_TITLE = re.compile(
    rf"(?:^|(?<=[:：。\s]))[^:：。；，\s]{{0,60}}(?:{KIND})(?:[（(][^）)]{{1,20}}[）)])?"
    rf"(?=\s*(?:{_DATE}|{_OPENING.pattern}|党中央|各[^。；]{{1,40}}[:：]|\S{{2,6}}[:：]|\S{{2,8}}[〔\[]\d{{4}}|第[一1]|$))"
)
_SIGNATURE = re.compile(
    rf"(?<=[。）)])\s*(?P<who>[\u4e00-\u9fff]{{2,20}}(?:局|委|办|部|厅|室|中心|会|政府|公司|街道|镇|乡|办事处|领导小组))\s*(?P<when>{_DATE}|20\d{{5,6}})"
)
_CLOSING = re.compile(
    r"(?<=。)(?=[^。]{0,60}(?:落实|执行|实施)(?:好)?本(?:方案|计划|要点|意见|通知|办法|安排)[^。]*。?[^。]{0,60}$)"
)
_DOUBT = "原文的换行已丢失，标题、条目和段落按编号、空格和标点重新划分；没有编号的段落可能连在上一项里，请逐项核对。"


def restored(document: Document) -> Document:
    """The document with the lines that it had; itself where it has kept them."""
    line = _only_line(document)
    start = _first_entry(line.text) if line else None
    if line is None or start is None:
        return document
    end = furniture.after_text(line.text, start)
    place = document.blocks.index(line)
    pieces = (*_pieces(line[:start], _in_head), *_pieces(line[start:end], _in_body))
    return replace(
        document,
        blocks=(*document.blocks[:place], *pieces, *document.blocks[place + 1 :]),
        dropped=(*document.dropped, *_dropped(line[end:], Lines(document.source))),
        remarks=(*document.remarks, Remark("lost-breaks", 1, _DOUBT, line.text[start : start + 20], doubt=True)),
    )


def _only_line(document: Document) -> Passage | None:
    """The line in which nearly all of the text stands."""
    passages = [block for block in document.blocks if isinstance(block, Passage)]
    longest = max(passages, key=len, default=None)
    if longest is None or len(passages) < len(document.blocks):
        return None
    return longest if len(longest) >= _SHARE * sum(map(len, passages)) else None


def _first_entry(text: str) -> int | None:
    """Where the entries begin: at the first number of a row that goes on after a sentence has ended."""
    for first, second in _STYLES:
        if (begins := re.search(first, text)) and re.search(f"{_ENDED}{second}", text[begins.end() :]):
            return begins.start()
    return None


def _pieces(passage: Passage, cuts: Callable[[str], Iterable[int]]) -> Iterator[Passage]:
    text = passage.text
    goes_on = _GOES_ON + (_FIGURES if _SPACED.search(text) else "")
    blanks = [match.end() for match in _BLANKS.finditer(text) if _is_line_end(text, match, goes_on)]
    for start, end in pairwise(sorted({0, *blanks, *cuts(text), len(text)})):
        if text[start:end].strip():
            yield passage[start:end].strip()


def _is_line_end(text: str, blank: re.Match[str], goes_on: str) -> bool:
    before = text[blank.start() - 1]
    if before in "。！" or _NUMBER.match(text, blank.end()):
        return True
    return before not in goes_on and bool(_BEGINS.match(text, blank.end()))


def _in_head(text: str) -> Iterator[int]:
    """Before the page's labels, after a title, before the sentence that opens the plan."""
    for label in furniture.labels(text):
        yield label.start()
        if "名" in label[0] or "小" in label[0]:
            yield label.end()  # the page's own title, or its choice of letters, before what is no label's
    for title in _TITLE.finditer(text):
        yield title.start()
        yield title.end()
    yield from (match.start() for match in _OPENING.finditer(text))
    yield from (match.end() for pattern in (_DATED, _HEAD_LINE) for match in pattern.finditer(text))


def _in_body(text: str) -> Iterator[int]:
    """Before each number that opens an entry, after the headings that every plan has, and around the signature."""
    yield from (number.start for number in Sequence().numbers(text))
    yield from (match.end() for pattern in (_HEADING, _INTRODUCED, _CLOSING) for match in pattern.finditer(text))
    if signed := _SIGNATURE.search(text):
        yield from (signed.start("who"), signed.start("when"), signed.end())


def _dropped(after: Passage, lines: Lines) -> Iterator[Dropped]:
    for piece in _pieces(after, lambda _: ()):
        yield Dropped(lines.of(piece), piece.text, furniture.reason(piece.text) or "正文之后的内容")
