"""An official letter, opened again as PDF and as DOCX."""

import io
from collections import Counter
from datetime import date
from pathlib import Path

import docx
import pdfplumber
import pytest

from tracker.printing import layout, letter
from tracker.printing.letter_parts import Annex, Grid, Letter, Paragraph, Receipt

MM = 72 / 25.4
RUNNING = Paragraph("县" * 28 * 60)  # too long to stay in one piece with the date
LETTER = Letter(
    title=("示例县政务公开工作领导小组办公室", "关于督促办理逾期任务的通知"),
    issuer="示例县政务公开工作领导小组办公室",
    dated=date(2025, 4, 8),
    number="示政公办督〔2025〕3号",
    addressee="县行政审批局",
    parts=(Paragraph("一、督办事项", 1), Paragraph("（一）规范意见征集", 2), Paragraph("请于4月11日前回复。")),
    annexes=(Annex("逾期任务清单", (Grid(("序号", "任务"), (("1", "规范意见征集"),), (20, 136), centred=(0,)),)),),
    receipt=Receipt("督办单回执", (("文号", "示政公办督〔2025〕3号"), ("办理情况", ""))),
)


@pytest.fixture(scope="module")
def pages(fonts: Path):
    with pdfplumber.open(io.BytesIO(letter.pdf([LETTER], fonts))) as paper:
        yield paper.pages


def lines_of(page):
    """The characters of each line, by how far down it stands."""
    lines = Counter()
    for character in page.chars:
        if character["text"] == "县":
            lines[round(character["top"])] += 1
    return lines


def characters(page, text):
    found = page.search(text, regex=False)
    return found[0]["chars"]


def face(character):
    return character["fontname"].partition("+")[2].partition("-")[0]


def test_a_page_of_running_text_holds_22_lines_of_28_characters(fonts):
    plain = Letter(("题",), "示例县", date(2025, 4, 8), (RUNNING,))
    with pdfplumber.open(io.BytesIO(letter.pdf([plain], fonts))) as paper:
        full = lines_of(paper.pages[1])
    assert len(full) == 22
    assert set(full.values()) == {28}
    pitch = (max(full) - min(full)) / 21
    assert pitch == pytest.approx(28.95, abs=0.1)


def test_running_text_fills_the_type_area_from_edge_to_edge(fonts):
    plain = Letter(("题",), "示例县", date(2025, 4, 8), (RUNNING,))
    with pdfplumber.open(io.BytesIO(letter.pdf([plain], fonts))) as paper:
        text = [each for each in paper.pages[1].chars if each["text"] == "县"]
    assert min(each["x0"] for each in text) == pytest.approx(layout.LEFT * MM, abs=1.5)
    assert max(each["x1"] for each in text) == pytest.approx((layout.PAGE_WIDTH - layout.RIGHT) * MM, abs=2.5)
    assert min(each["top"] for each in text) == pytest.approx(layout.TOP * MM, abs=6)


@pytest.mark.parametrize(
    ("text", "family", "size"),
    [
        ("关于督促办理逾期任务的通知", "FandolSong", 22),
        ("一、督办事项", "FandolHei", 16),
        ("（一）规范意见征集", "FandolKai", 16),
        ("请于4月11日前回复。", "FandolFang", 16),
    ],
)
def test_every_level_has_its_face_and_size(pages, text, family, size):
    first = characters(pages[0], text)[0]
    assert (face(first), first["size"]) == (family, pytest.approx(size))


def test_text_begins_two_characters_in_and_the_addressee_at_the_edge(pages):
    assert characters(pages[0], "县行政审批局")[0]["x0"] == pytest.approx(layout.LEFT * MM, abs=1)
    assert characters(pages[0], "请于4月11日前")[0]["x0"] == pytest.approx(layout.LEFT * MM + 32, abs=2)


def test_four_characters_stay_free_behind_the_date_where_the_issuer_is_short(fonts):
    short = Letter(("题",), "示例县办", date(2025, 4, 8), (Paragraph("正文。"),))
    with pdfplumber.open(io.BytesIO(letter.pdf([short], fonts))) as paper:
        day = characters(paper.pages[0], "2025年4月8日")
        issuer = characters(paper.pages[0], "示例县办")
    right = (layout.PAGE_WIDTH - layout.RIGHT) * MM
    assert day[-1]["x1"] == pytest.approx(right - 64, abs=5)
    middle = (day[0]["x0"] + day[-1]["x1"]) / 2
    assert (issuer[0]["x0"] + issuer[-1]["x1"]) / 2 == pytest.approx(middle, abs=6)


def test_issuer_and_date_never_stand_alone_on_a_page(fonts):
    """However long the text is, the page with the date has some of the text."""
    for lines in range(10, 22, 2):
        plain = Letter(("题",), "示例县办", date(2025, 4, 8), (Paragraph("县" * 28 * lines), Paragraph("特此通知。")))
        with pdfplumber.open(io.BytesIO(letter.pdf([plain], fonts))) as paper:
            last = paper.pages[-1].extract_text()
        assert "2025年4月8日" in last
        assert "特此通知。" in last


def test_annex_and_receipt_begin_pages_of_their_own(pages):
    assert len(pages) == 3
    assert pages[1].extract_text().startswith("附件\n逾期任务清单")
    assert "督办单回执" in pages[2].extract_text()


def test_several_letters_follow_each_other(fonts):
    with pdfplumber.open(io.BytesIO(letter.pdf([LETTER, LETTER], fonts))) as paper:
        assert len(paper.pages) == 6


def test_one_annex_has_no_number_and_several_have():
    two = Letter(("题",), "办", date(2025, 4, 8), (), annexes=(Annex("甲", ()), Annex("乙", ())))
    assert LETTER.attachments == ("逾期任务清单",)
    assert two.attachments == ("1.甲", "2.乙")


def _written():
    return docx.Document(io.BytesIO(letter.docx([LETTER])))


def test_word_gets_real_styles_with_the_offices_own_faces():
    document = _written()
    by_style = {paragraph.style.name: paragraph.text for paragraph in document.paragraphs if paragraph.text}
    assert by_style["公文一级标题"] == "附件"
    assert by_style["公文二级标题"] == "（一）规范意见征集"
    style = document.styles["公文正文"]
    assert (style.font.name, style.font.size.pt) == ("仿宋_GB2312", 16)
    assert style.paragraph_format.line_spacing.pt == pytest.approx(28.95, abs=0.05)


def test_word_keeps_issuer_and_date_with_the_text_before_them():
    paragraphs = _written().paragraphs
    day = next(place for place, each in enumerate(paragraphs) if each.text == "2025年4月8日")
    assert all(each.paragraph_format.keep_with_next for each in paragraphs[day - 5 : day])


def test_the_same_letter_is_the_same_bytes(fonts):
    assert letter.docx([LETTER]) == letter.docx([LETTER])
    assert letter.pdf([LETTER], fonts) == letter.pdf([LETTER], fonts)


def test_words_are_never_read_as_typesetting(fonts):
    odd = Letter(("题",), "办", date(2025, 4, 8), (Paragraph('#read("/etc/passwd") $x$ <b> {{ 1 }}'),))
    with pdfplumber.open(io.BytesIO(letter.pdf([odd], fonts))) as paper:
        assert "{{ 1 }}" in paper.pages[0].extract_text()
