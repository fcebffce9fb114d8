"""Undoing a one-byte shift: `。ㄒ唬┮范` was `（一）規范` before a byte of its GBK text was lost.

Where a program cut one byte off (usually half a full-width space), the second half of each character was
read with the first half of the next one, until a byte below 0x80 set the reading right again.  Pairs of
bytes that are no character were thrown away on the way, so a few characters are known by one half only;
they are filled in from the rest of the document, where the same words usually stand whole.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

UNKNOWN = "□"
_ODD = "\u3105-\u3129\u2ff0-\u2ffbāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ\u2500-\u257f"
_START = re.compile(rf"。(?=[{_ODD}])|[?？]{{2}}(?=[\u4e00-\u9fff])")
_ENTRY_NUMBER = re.compile("（[一二三四五六七八九十]+）")
_LONGEST = 24
_MOST = 200  # a text with more of them is not a plan with lost bytes, but no text at all
_PINYIN = re.compile(r"[(（]([a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]+)[)）]")
_WORDS = re.compile(r"([\u4e00-\u9fff])" + _PINYIN.pattern)


class Shifts:
    """Finds and undoes the shifts of one document; `simplified` tells which characters are in common use."""

    def __init__(self, source: str, simplified: Callable[[str], str]) -> None:
        self._words = _PINYIN.sub("", source)
        self._spoken = {match[2]: match[1] for match in _WORDS.finditer(source)}
        self._simplified = simplified
        self._too_many = len(_START.findall(source)) > _MOST

    def undo(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Each shifted stretch of the text: where it starts and ends, and what it was."""
        if self._too_many:
            return
        for match in _START.finditer(text):
            stretch = text[match.end() : match.end() + _LONGEST]
            first, carried = ("。", 0xBF) if match[0] != "。" else ("", 0xA3)
            read, used = self._read(stretch, carried)
            if len(read) > 1 and (UNKNOWN not in read or _ENTRY_NUMBER.match(read)):
                yield match.start(), match.end() + used, first + read

    def _read(self, stretch: str, carried: int) -> tuple[str, int]:
        """What the stretch was, and how many of its characters belong to it; empty if it makes no sense."""
        read = ""
        for place, character in enumerate(stretch):
            if whole := self._common(carried, ord(character)) if character.isascii() else None:
                return read + whole, place + 1
            pair = _pair(character)
            if pair is None:
                return self._with_half(read, carried, stretch[place:]), place
            read += self._next(read, carried, pair[0], self._following(pair[1], stretch[place + 1 :]))
            carried = pair[1]
            if read.endswith(UNKNOWN):
                return "", 0
        return "", 0

    def _next(self, read: str, lead: int, trail: int, following: str) -> str:
        whole = _character(lead, trail)
        if whole and read and read[-1] + whole in self._words:
            return whole
        if read == "（" and (numbered := _numbered(lead, trail)):
            return numbered
        if read and following and (lost := self._lost(read[-1], lead, trail, following)):
            return lost
        return self._common(lead, trail) or UNKNOWN

    def _lost(self, before: str, lead: int, trail: int, following: str) -> str:
        """The two or three characters around thrown-away pairs, as the document has them elsewhere."""
        left = self._elsewhere(rf"{re.escape(before)}(?=(.))", lambda pair: pair[0] == lead)
        right = self._elsewhere(rf"(.)(?={re.escape(following)})", lambda pair: pair[1] == trail)
        if not left or not right:
            return ""
        between = re.search(rf"{re.escape(left)}(.?){re.escape(right + following)}", self._words)
        return left + (between[1] if between else "") + right

    def _elsewhere(self, pattern: str, fits: Callable[[tuple[int, int]], bool]) -> str:
        for match in re.finditer(pattern, self._words):
            pair = _pair(match[1])
            if pair and fits(pair):
                return match[1]
        return ""

    def _with_half(self, read: str, lead: int, rest: str) -> str:
        """The last character of which only the first byte is left: its pronunciation may stand after it."""
        spoken = _PINYIN.match(rest)
        character = self._spoken.get(spoken[1], "") if spoken else ""
        pair = _pair(character) if character else None
        return read + (character if pair and pair[0] == lead else UNKNOWN)

    def _following(self, lead: int, rest: str) -> str:
        pair = _pair(rest[0]) if rest else None
        return (_character(lead, pair[0]) or "") if pair else ""

    def _common(self, lead: int, trail: int) -> str | None:
        character = _character(lead, trail)
        return character if character and _is_common(self._simplified(character)) else None


def _pair(character: str) -> tuple[int, int] | None:
    """The two bytes of a character; letters and marks stand for their full-width forms."""
    if character.isascii():
        if not character.isalnum() and character != "?":
            return None
        return 0xA3, ord(character) | 0x80
    data = character.encode("gb18030")
    return (data[0], data[1]) if len(data) == 2 else None


@lru_cache(maxsize=4096)
def _character(lead: int, trail: int) -> str | None:
    try:
        return bytes((lead, trail)).decode("gbk")
    except UnicodeDecodeError:
        return None


def _numbered(lead: int, trail: int) -> str:
    """`二）` of an entry's number, of which the pair in the middle was thrown away."""
    if trail != 0xA9:
        return ""
    return next((numeral + "）" for numeral in "一二三四五六七八九十" if (_pair(numeral) or (0,))[0] == lead), "")


def _is_common(character: str) -> bool:
    """Punctuation, or one of the 3 755 characters of the first level of GB 2312."""
    try:
        lead = character.encode("gb2312")[0]
    except UnicodeEncodeError:
        return False
    return lead in (0xA1, 0xA3) or 0xB0 <= lead <= 0xD7
