import io
import zipfile
from datetime import date
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from tracker.printing.word import official, saved

DAY = date(2026, 3, 31)


@pytest.fixture
def file() -> bytes:
    return saved(official("示例检查表", "示例办公室", DAY, mark="示例数据"))


@pytest.fixture
def paper(file: bytes) -> Any:
    return docx.Document(io.BytesIO(file))


def test_the_page_is_a4_with_official_margins(paper: Any) -> None:
    section = paper.sections[0]
    figures = (section.page_width, section.page_height)
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert figures == pytest.approx((Mm(210), Mm(297)), abs=Mm(0.1))
    assert margins == pytest.approx((Mm(37), Mm(35), Mm(28), Mm(26)), abs=Mm(0.1))


def test_page_numbers_are_fields_right_on_odd_and_left_on_even_pages(paper: Any) -> None:
    assert paper.settings.odd_and_even_pages_header_footer
    section = paper.sections[0]
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        paragraph = footer.paragraphs[0]
        field = paragraph._p.find(qn("w:fldSimple"))
        assert field.get(qn("w:instr")) == "PAGE"
        assert "".join(text.text for text in paragraph._p.iter(qn("w:t"))) == "— 1 —"
        assert paragraph.alignment.name.lower() == side
        assert paragraph.paragraph_format.right_indent == paragraph.paragraph_format.left_indent == Pt(14)
        assert paragraph.style.name == "公文页码"


def test_it_is_dated_as_of(paper: Any) -> None:
    about = paper.core_properties
    assert about.created.date() == about.modified.date() == DAY
    assert (about.title, about.author, about.comments) == ("示例检查表", "示例办公室", "")


def test_a_name_of_any_length_describes_the_file() -> None:
    assert official("长" * 300, "示例\x00" * 200, DAY).core_properties.title == "长" * 255


def test_the_same_words_give_the_same_bytes(file: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(file)) as parts:
        assert {part.date_time for part in parts.infolist()} == {(2026, 3, 31, 0, 0, 0)}
        assert parts.testzip() is None
    assert saved(official("示例检查表", "示例办公室", DAY, mark="示例数据")) == file


def test_nothing_of_the_librarys_template_is_left(file: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(file)) as parts:
        names = parts.namelist()
    assert not [name for name in names if "thumbnail" in name or "customXml" in name or "numbering" in name]
