"""The official page of GB/T 9704-2012: figures and faces that every paper and both media share."""

import math
import re
import textwrap
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

# Millimetres.  The four margins leave the standard's type area (版心), 156 wide and 225 high.
PAGE_WIDTH, PAGE_HEIGHT = 210, 297
TOP, BOTTOM, LEFT, RIGHT = 37, 35, 28, 26
PAGE_NUMBER_BELOW = 7  # from the type area down to the dashes of the page number
MARK_ABOVE = 6  # from the type area up to a mark such as 示例数据


@dataclass(frozen=True)
class Sheet:
    """A sheet as it is read, with its margins, in millimetres.

    One that is `turned` is an A4 sheet on its side with the head of its table at the binding: its page number keeps
    its place on the upright sheet (7.5), which is beside the left edge as the table is read.
    """

    width: float
    height: float
    top: float
    bottom: float
    left: float
    right: float
    turned: bool = False

    @property
    def type_width(self) -> float:
        return self.width - self.left - self.right

    @property
    def type_height(self) -> float:
        return self.height - self.top - self.bottom


A4 = Sheet(PAGE_WIDTH, PAGE_HEIGHT, TOP, BOTTOM, LEFT, RIGHT)
A4_TURNED = Sheet(PAGE_HEIGHT, PAGE_WIDTH, LEFT, RIGHT, BOTTOM, TOP, turned=True)
A3 = Sheet(2 * PAGE_WIDTH, PAGE_HEIGHT, TOP, BOTTOM, LEFT, RIGHT)  # as high as the others: it folds out


@dataclass(frozen=True)
class Face:
    """A typeface: `name` as an office calls it, `word` as DOCX names it, `families` where PDF may find it.

    The first of `families` that is there sets the text and the next fill in what it lacks.  The free ones stand
    last, so that an office's own files go first.
    """

    name: str
    word: str
    families: tuple[str, ...]


@dataclass(frozen=True)
class Setting:
    """How one kind of text is set: face, size and line pitch, in points."""

    face: str
    size: float
    line: float
    tracking: float = 0  # points added to each character's width


FACES = {
    "title": Face("宋体", "方正小标宋简体", ("FZXiaoBiaoSong-B05S", "方正小标宋简体", "FandolSong", "SimSun", "宋体")),
    "song": Face("宋体", "宋体", ("SimSun", "宋体", "FandolSong")),
    "hei": Face("黑体", "黑体", ("SimHei", "黑体", "FandolHei")),
    "kai": Face("楷体", "楷体_GB2312", ("KaiTi_GB2312", "楷体_GB2312", "KaiTi", "楷体", "FandolKai")),
    "fang": Face("仿宋", "仿宋_GB2312", ("FangSong_GB2312", "仿宋_GB2312", "FangSong", "仿宋", "FandolFang R")),
}

# Fandol lacks names such as 镕 喆 堃; this family has them.
RARE_CHARACTERS = "LXGW WenKai"

# Tables are set smaller than the 3号 of running text, as offices do.
SETTINGS = {
    "title": Setting("title", 22, 32),  # 2号
    "head": Setting("hei", 10.5, 15),  # 五号
    "text": Setting("fang", 10.5, 15),
    "note": Setting("fang", 9, 12.5),  # 小五
    "section": Setting("kai", 9, 12.5),
    "page_number": Setting("song", 14, 18),  # 4号
    # Tables of ten columns and more.
    "cell": Setting("fang", 9, 12.5),
    "cell_head": Setting("hei", 9, 12.5),
    "cell_section": Setting("kai", 10.5, 14),
    # Running text: 22 lines of 28 characters fill the type area, 225 by 156 millimetres.
    "body": Setting("fang", 16, 28.95, -0.25),  # 3号
    "level1": Setting("hei", 16, 28.95, -0.25),  # 一、
    "level2": Setting("kai", 16, 28.95, -0.25),  # (一)
}

_TITLE_EMS = 19  # the type area holds 20 characters of a title; one is left for faces with wider digits
_MOST_PARTS = 8  # of a title: every way to break it is tried
# Where a name too long for a line may break: after these words its sense is whole.
_ENDS_OF_NAMES = re.compile(
    r"(?<=[省市州县区旗镇乡局办委会组室院园])|(?<=政府)|(?<=街道)|(?<=办公室)|(?<=年度)|(?<=工作)|(?<=的)"
)


def title_lines(*parts: str, most: float = _TITLE_EMS) -> tuple[str, ...]:
    """The title in as few lines of `most` characters as it takes, as even as they come.

    It breaks between its parts (7.3.1: 词意完整, 排列对称, 长短适宜); within one only where no line holds it.
    """
    pieces = [piece for part in parts if part for piece in _pieces(part, most)][:_MOST_PARTS]
    whole = "".join(parts)
    if ems(whole) <= most or len(pieces) < 2:
        return (whole,)
    ways = (_joined(pieces, ends) for ends in product((False, True), repeat=len(pieces) - 1))
    return min((way for way in ways if all(ems(line) <= most for line in way)), key=_unevenness, default=tuple(pieces))


def _pieces(part: str, most: float) -> list[str]:
    """The part itself where a line holds it, else what it falls into at the ends of names."""
    if ems(part) <= most:
        return [part]
    lines = [""]
    for word in filter(None, _ENDS_OF_NAMES.split(part)):
        for piece in textwrap.wrap(word, max(1, int(most))):  # a line holds at least so many characters
            if ems(lines[-1] + piece) > most:
                lines.append("")
            lines[-1] += piece
    return [line for line in lines if line]


def _joined(pieces: Sequence[str], ends: Sequence[bool]) -> tuple[str, ...]:
    """The pieces as lines: a line ends behind each piece of which `ends` says so."""
    lines = [pieces[0]]
    for piece, ended in zip(pieces[1:], ends, strict=True):
        if ended:
            lines.append(piece)
        else:
            lines[-1] += piece
    return tuple(lines)


def _unevenness(lines: tuple[str, ...]) -> tuple[int, int, float]:
    """Few lines first; then no waist (a title is a trapezium or a lozenge); then lines of like length."""
    widths = [ems(line) for line in lines]
    waists = sum(left > middle < right for left, middle, right in zip(widths, widths[1:], widths[2:], strict=False))
    return len(lines), waists, max(widths) - min(widths)


def ems(text: str) -> float:
    """How many characters wide it is: what is set half wide counts half."""
    return sum(1.0 if unicodedata.east_asian_width(letter) in "FWA" else 0.5 for letter in text)


def lines(text: str, most: float) -> int:
    """How many lines of `most` characters it takes."""
    return sum(max(1, math.ceil(ems(line) / max(1, math.floor(most)))) for line in text.split("\n"))
