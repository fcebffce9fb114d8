"""The inspection sheet as PDF, opened again; as DOCX it is opened in test_inspection_sheets_docx.py."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pdfplumber
import pypdf
import pytest

from tracker.printing import inspection_sheets, layout
from tracker.printing.fonts import FontsMissing
from tracker.rules.inspection_sheets import InspectedItem, InspectionSheets, UnitSheet

MM = 72 / 25.4


@cache
def pdf(sheets: InspectionSheets, fonts: Path) -> bytes:
    return inspection_sheets.pdf(sheets, fonts)


@contextmanager
def printed(sheets: InspectionSheets, fonts: Path) -> Iterator[list[pdfplumber.page.Page]]:
    with pdfplumber.open(io.BytesIO(pdf(sheets, fonts))) as paper:
        yield paper.pages


def read(page: pdfplumber.page.Page) -> str:
    """The page's text without line breaks and blanks, so that a test does not depend on where lines end."""
    return "".join(character["text"] for character in page.chars if character["text"].strip())


def face(character: dict[str, Any]) -> str:
    """FandolSong of ABCDEF+FandolSong-Bold."""
    name: str = character["fontname"]
    return name.partition("+")[2].partition("-")[0]


def of_one_unit(sheets: InspectionSheets, *items: InspectedItem) -> InspectionSheets:
    return replace(sheets, units=(UnitSheet("示例局", items),))


def test_without_fonts_there_is_docx_but_no_pdf(sheets: InspectionSheets, tmp_path: Path) -> None:
    with pytest.raises(FontsMissing):
        inspection_sheets.pdf(sheets, tmp_path)
    assert inspection_sheets.docx(sheets).startswith(b"PK")


def test_the_same_value_gives_the_same_bytes(sheets: InspectionSheets, fonts: Path) -> None:
    assert inspection_sheets.pdf(sheets, fonts) == pdf(sheets, fonts)


def test_a_long_paper_leaves_no_memory_behind(sheets: InspectionSheets, on_time: InspectedItem, fonts: Path) -> None:
    def megabytes() -> float:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096 / 1e6

    before = megabytes()
    inspection_sheets.pdf(replace(sheets, units=(UnitSheet("示例局", (on_time,) * 10),) * 30), fonts)
    assert megabytes() - before < 50


def test_it_is_dated_as_of_and_names_its_author(sheets: InspectionSheets, fonts: Path) -> None:
    about = pypdf.PdfReader(io.BytesIO(pdf(sheets, fonts))).metadata
    assert about is not None
    assert about.creation_date is not None
    assert about.creation_date.date() == sheets.as_of
    assert (about.title, about.author) == (sheets.title, sheets.organisation)


def test_the_page_is_a4_and_the_tables_fill_the_type_area(sheets: InspectionSheets, fonts: Path) -> None:
    with printed(sheets, fonts) as pages:
        for page in pages:
            assert (page.width / MM, page.height / MM) == pytest.approx((210, 297), abs=0.1)
            for table in page.find_tables():
                left, top, right, bottom = (edge / MM for edge in table.bbox)
                assert (left, right) == pytest.approx((28, 210 - 26), abs=0.3)
                assert top > 37 - 0.3
                assert bottom < 297 - 35 + 0.3


def test_the_summary_goes_first_and_each_unit_begins_a_page(sheets: InspectionSheets, fonts: Path) -> None:
    with printed(sheets, fonts) as pages:
        texts = [read(page) for page in pages]
    summary, *units = [text for text in texts if "截至日期" in text]
    assert summary == texts[0]
    assert "检查汇总表" in summary
    assert "合计3122" in summary
    assert ["示例县行政审批局" in units[0], "示例镇人民政府" in units[1], len(units)] == [True, True, 2]


def test_page_numbers_stand_outside_one_character_in_and_7_mm_below(sheets: InspectionSheets, fonts: Path) -> None:
    with printed(sheets, fonts) as pages:
        for number, page in enumerate(pages[:2], start=1):
            shown = [c for c in page.chars if c["top"] / MM > 297 - layout.BOTTOM]
            assert "".join(c["text"] for c in shown) == f"— {number} —"
            assert {(c["size"], face(c)) for c in shown} == {(14, "FandolSong")}
            odd, even = page.width - 26 * MM - 14 - shown[-1]["x1"], shown[0]["x0"] - 28 * MM - 14
            assert (odd if number % 2 else even) == pytest.approx(0, abs=1)
            dash = page.height - shown[0]["matrix"][5] - 0.31 * 14  # the dash's height over its baseline
            assert dash / MM == pytest.approx(297 - 35 + 7, abs=0.3)


def test_the_faces_are_embedded(alone: InspectionSheets, fonts: Path) -> None:
    with printed(alone, fonts) as pages:
        characters = [character for page in pages for character in page.chars]
    assert all("+" in character["fontname"] for character in characters)  # the mark of an embedded subset
    assert {face(character) for character in characters} == {
        "FandolSong",
        "FandolHei",
        "FandolKai",
        "FandolFang",
        "LXGWWenKai",
    }


def test_everything_is_black(sheets: InspectionSheets, fonts: Path) -> None:
    with printed(sheets, fonts) as pages:
        colours = {str(c["non_stroking_color"]) for page in pages for c in page.chars}
    assert colours <= {"(0,)", "(0.0,)", "(0, 0, 0)", "0", "[0]"}


def test_criteria_method_and_signatures_share_a_page(
    sheets: InspectionSheets, on_time: InspectedItem, fonts: Path
) -> None:
    for count in range(1, 6):
        with printed(of_one_unit(sheets, *[on_time] * count), fonts) as pages:
            *others, last = map(read, pages)
        for words in (
            "二、检查内容与结论（示例局）",
            "公开内容是否全面",
            "□不适用",
            "□线上抽查",
            "被检查单位负责人（签字）",
        ):
            assert words in last
            assert not any(words in other for other in others)


def test_the_head_of_the_table_returns_on_every_page(
    sheets: InspectionSheets, on_time: InspectedItem, fonts: Path
) -> None:
    with printed(of_one_unit(sheets, *[on_time] * 8), fonts) as pages:
        with_items = [text for text in map(read, pages) if "达进度" in text]
    assert len(with_items) > 1
    assert all("一、任务落实情况（示例局）序号工作任务责任填报情况时限情况" in text for text in with_items)


def test_a_row_stays_whole(sheets: InspectionSheets, on_time: InspectedItem, fonts: Path) -> None:
    with printed(of_one_unit(sheets, *[on_time] * 8), fonts) as pages:
        texts = [read(page) for page in pages]
    assert all(text.count("达进度（已审核）") == text.count("逐一提醒") for text in texts)


def test_a_report_longer_than_a_page_loses_nothing(
    sheets: InspectionSheets, on_time: InspectedItem, fonts: Path
) -> None:
    long = "".join(f"第{number}处，" for number in range(600))
    with printed(of_one_unit(sheets, replace(on_time, progress=long)), fonts) as pages:
        text = "".join(
            character["text"]
            for page in pages
            for character in page.crop((102 * MM, 37 * MM, 146 * MM, 262 * MM)).chars
        )
    assert all(f"第{number}处" in text for number in (0, 250, 599))
    assert len(pages) > 2


def test_a_unit_without_items_says_so(sheets: InspectionSheets, fonts: Path) -> None:
    with printed(of_one_unit(sheets), fonts) as pages:
        assert len(pages) == 1
        assert "本季度没有需要检查的任务。" in read(pages[0])


def test_no_unit_at_all_says_so(sheets: InspectionSheets, fonts: Path) -> None:
    with printed(replace(sheets, units=()), fonts) as pages:
        assert "本季度没有需要检查的单位。" in read(pages[0])


def test_every_page_of_sample_data_says_so(sheets: InspectionSheets, fonts: Path) -> None:
    with printed(sheets, fonts) as pages:
        assert all("示例数据" in read(page) for page in pages)
    with printed(replace(sheets, sample=False), fonts) as pages:
        assert not any("示例数据" in read(page) for page in pages)


def test_a_users_text_is_never_evaluated(sheets: InspectionSheets, on_time: InspectedItem, fonts: Path) -> None:
    typed = '#read("x")$y^2$@ref*粗*\\u{41}'
    with printed(of_one_unit(sheets, replace(on_time, task=typed)), fonts) as pages:
        assert typed in read(pages[0])


def test_rare_characters_are_set(sheets: InspectionSheets, on_time: InspectedItem, fonts: Path) -> None:
    with printed(of_one_unit(sheets, replace(on_time, progress="镕喆堃玥祎翀赟昇垚")), fonts) as pages:
        faces = {c["text"]: face(c) for c in pages[0].chars}
    assert {faces[letter] for letter in "镕喆堃玥祎翀赟昇垚"} == {"LXGWWenKai"}


def test_a_long_address_stays_in_its_cell(sheets: InspectionSheets, on_time: InspectedItem, fonts: Path) -> None:
    address = "https://www.example.gov.cn/" + "abcdefghij" * 12
    with printed(of_one_unit(sheets, replace(on_time, task=address, section="", goal="")), fonts) as pages:
        task = [c for c in pages[0].chars if c["text"] in "abcdefghij/" and round(c["size"], 1) == 10.5]
    assert len(task) > 120
    assert max(c["x1"] for c in task) < (28 + 11 + 45) * MM
