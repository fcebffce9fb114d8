from datetime import date
from typing import Any

import pytest
from docx.oxml.ns import qn
from docx.shared import Pt

from tracker.printing.word import official


@pytest.fixture
def paper() -> Any:
    return official("示例", "示例", date(2026, 3, 31))


@pytest.mark.parametrize(
    ("style", "face", "points"),
    [
        ("公文标题", "方正小标宋简体", 22),
        ("表头", "黑体", 10.5),
        ("表格正文", "仿宋_GB2312", 10.5),
        ("表格说明", "仿宋_GB2312", 9),
        ("表格篇目", "楷体_GB2312", 9),
        ("宽表正文", "仿宋_GB2312", 9),
        ("宽表表头", "黑体", 9),
        ("宽表篇目", "楷体_GB2312", 10.5),
        ("公文页码", "宋体", 14),
    ],
)
def test_styles_name_the_offices_faces(paper: Any, style: str, face: str, points: float) -> None:
    found = paper.styles[style]
    assert found.element.rPr.rFonts.get(qn("w:eastAsia")) == found.font.name == face
    assert found.font.size == Pt(points)


def test_no_style_of_another_language_is_left(paper: Any) -> None:
    assert all(style.font.name != "Calibri" for style in paper.styles if hasattr(style, "font"))
    assert len(paper.styles) < 20
