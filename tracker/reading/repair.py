"""What scraping and old encodings did to a text, undone, each time with a remark.

Repairs change passages, never the source: what was printed stays what was printed.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from tracker.reading.document import Document, Lines
from tracker.reading.passage import Passage, join
from tracker.reading.plan import Remark
from tracker.reading.shift import UNKNOWN, Shifts

_TONES = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ"
_PINYIN = re.compile(rf"(?<=[\u4e00-\u9fff])[(（][a-zü]*[{_TONES}][a-zü{_TONES}]*[)）]")
_INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202f\u2060\ufeff\u00ad\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BLANKS = re.compile("[\u00a0\u2000-\u200a\u3000\t\v]")
_GARBLED = re.compile(r"[?？]{2,}|�+|锟斤拷|烫烫|□{2,}")
_IDEOGRAPHS = re.compile("[\u4e00-\u9fff]")
# 著 is written in these words in simplified text as well; elsewhere in converted text it is 着.
_KEEPS_ZHU = re.compile("著(?=[名作称述者录书])|(?<=[显卓专名原论编土昭遗译巨合拙旧新])著")

Repair = Callable[[Passage], Passage]


def repaired(document: Document) -> Document:
    """The document's passages as a careful clerk would have typed them."""
    lines = Lines(document.source)
    steps = [
        _Step("one-byte-shift", "恢复了错位的字", _unshifted(document.source), doubt=True),
        _Step("pinyin", "去掉了夹在字后的注音", _without_pinyin),
        _Step("", "", _tidied),
    ]
    remarks = list(document.remarks)
    if is_traditional(document.source):
        steps.append(_Step("", "", _simplified))
        remarks.append(Remark("traditional", 1, "原文为繁体字，已转换为简体字，请留意人名、地名和机构名称。"))
    for step in steps:
        document = document.mapped(lambda passage, step=step: step.run(passage, lines, remarks))  # type: ignore[misc]
    remarks += [remark for passage in document.passages for remark in _doubts(passage, lines)]
    return replace(document, remarks=tuple(remarks))


class _Step:
    """One repair, and the remark that it leaves on each line that it changed (none where it has no code)."""

    def __init__(self, code: str, what: str, repair: Repair, *, doubt: bool = False) -> None:
        self._code, self._what, self._repair, self._doubt = code, what, repair, doubt

    def run(self, passage: Passage, lines: Lines, remarks: list[Remark]) -> Passage:
        after = self._repair(passage)
        if self._code and after.text != passage.text:
            text = f"{self._what}，请与原文核对。" if self._doubt else f"{self._what}。"
            remarks.append(Remark(self._code, lines.of(passage), text, passage.text.strip()[:40], self._doubt))
        return after


def _unshifted(source: str) -> Repair:
    shifts = Shifts(source, simplified)

    def repair(passage: Passage) -> Passage:
        pieces, done = [], 0
        for start, end, text in shifts.undo(passage.text):
            pieces += [passage[done:start], passage[start:end].reading(text)]
            done = end
        return join([*pieces, passage[done:]]) if pieces else passage

    return repair


def _without_pinyin(passage: Passage) -> Passage:
    return passage.sub(_PINYIN, "")


def _tidied(passage: Passage) -> Passage:
    return passage.sub(_INVISIBLE, "").sub(_BLANKS, " ")


def _simplified(passage: Passage) -> Passage:
    text = simplified(passage.text)
    if len(text) != len(passage.text):
        text = "".join(map(_one_simplified, passage.text))
    return passage.reading(text)


def _doubts(passage: Passage, lines: Lines) -> list[Remark]:
    return [
        Remark(
            "garbled", lines.of(passage.group(match)), "有无法辨认的字，请对照原件改正。", _around(passage, match), True
        )
        for match in _GARBLED.finditer(passage.text)
    ] + [
        Remark(
            "unknown-character",
            lines.of(passage.group(match)),
            "有一个字没能恢复，请补上。",
            _around(passage, match),
            True,
        )
        for match in re.finditer(UNKNOWN, passage.text)
    ]


def _around(passage: Passage, match: re.Match[str]) -> str:
    return passage.text[max(match.start() - 8, 0) : match.end() + 8]


def is_traditional(source: str) -> bool:
    """Whether the document is written in traditional characters, not only quotes some."""
    ideographs = len(_IDEOGRAPHS.findall(source))
    changed = sum(a != b for a, b in zip(source, simplified(source), strict=False))
    return changed > 0.05 * ideographs


def simplified(text: str) -> str:
    """The text in simplified characters, the verb particle 著 as 着."""
    return _zhe(_converter()(text))


def _zhe(text: str) -> str:
    kept = {match.start() for match in _KEEPS_ZHU.finditer(text)}
    return "".join("着" if c == "著" and place not in kept else c for place, c in enumerate(text))


def _one_simplified(character: str) -> str:
    converted = _converter()(character)
    return converted if len(converted) == 1 else character


@lru_cache(maxsize=1)
def _converter() -> Callable[[str], str]:
    from opencc import OpenCC  # slow to load, and tests of other parts need it not

    convert: Callable[[str], str] = OpenCC("t2s").convert
    return convert
