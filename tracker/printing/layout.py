"""The official page of GB/T 9704-2012: figures and faces that every paper and both media share."""

import unicodedata
from dataclasses import dataclass

# Millimetres.  The four margins leave the standard's type area (版心), 156 wide and 225 high.
PAGE_WIDTH, PAGE_HEIGHT = 210, 297
TOP, BOTTOM, LEFT, RIGHT = 37, 35, 28, 26
PAGE_NUMBER_BELOW = 7  # from the type area down to the dashes of the page number
MARK_ABOVE = 6  # from the type area up to a mark such as 示例数据


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
    # Running text: 22 lines of 28 characters fill the type area, 225 by 156 millimetres.
    "body": Setting("fang", 16, 28.95, -0.25),  # 3号
    "level1": Setting("hei", 16, 28.95, -0.25),  # 一、
    "level2": Setting("kai", 16, 28.95, -0.25),  # (一)
}

_TITLE_EMS = 19  # the type area holds 20 characters of a title; one is left for faces with wider digits


def title_lines(*parts: str) -> tuple[str, ...]:
    """The title on one line where it fits, else each part on its own: a title breaks between words only."""
    return ("".join(parts),) if sum(map(_ems, parts)) <= _TITLE_EMS else parts


def _ems(text: str) -> float:
    return sum(1.0 if unicodedata.east_asian_width(letter) in "FWA" else 0.5 for letter in text)
