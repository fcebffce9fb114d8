"""The inspection sheet as a page and as files."""

import io
from dataclasses import replace
from datetime import date

import docx
import pytest
from lxml import html

LATER = date(2025, 4, 20)


def test_the_page_sums_up_the_units_and_leads_to_the_sheet_of_each(as_, cast):
    page = html.fromstring(as_("clerk").get("/inspection-sheets/?quarter=2025Q1").text)
    assert "检查汇总表" in page.text_content()
    assert "任务落实情况" not in page.text_content()
    [address] = page.xpath("//td/a[. = '东镇']/@href")
    assert f"unit={cast.units['东镇']}" in address


def test_all_sheets_stand_on_one_page_where_that_is_asked(as_):
    page = as_("clerk").get("/inspection-sheets/?quarter=2025Q1&unit=all").text
    assert "检查汇总表" in page
    assert "任务落实情况（县司法局）" in page
    assert "任务落实情况（东镇）" in page
    assert "预公开重大行政决策草案。" in page
    assert page.count("检查人（签字）") == 4
    for criterion in ("全面", "准确", "及时", "制度落实"):
        assert criterion in page


def test_one_unit_alone_has_no_summary(as_, cast):
    page = as_("inspector").get(f"/inspection-sheets/?quarter=2025Q1&unit={cast.units['东镇']}").text
    assert "任务落实情况（东镇）" in page
    assert "县司法局）" not in page
    assert "检查汇总表" not in page


def test_what_is_late_on_the_chosen_date_is_said(as_, move_to):
    move_to(LATER)
    clerk = as_("clerk")
    assert "逾期 3 天" in clerk.get("/inspection-sheets/?unit=all&quarter=2025Q1&as_of=2025-04-10").text
    assert "天完成" not in clerk.get("/inspection-sheets/?unit=all&quarter=2025Q1&as_of=2025-04-01").text


def test_the_word_file_says_what_the_page_says(as_, move_to):
    move_to(LATER)
    answer = as_("clerk").get("/inspection-sheets/sheet.docx?quarter=2025Q1&as_of=2025-04-10")
    assert "attachment" in answer.headers["Content-Disposition"]
    document = docx.Document(io.BytesIO(answer.data))
    words = "\n".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)
    assert "预公开重大行政决策草案。" in words
    assert "逾期 3 天" in words


def test_without_fonts_the_pdf_says_what_is_missing_and_everything_else_works(app, as_, tmp_path):
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], fonts=tmp_path)
    answer = as_("clerk").get("/inspection-sheets/sheet.pdf?quarter=2025Q1")
    assert answer.status_code == 503
    assert "make setup" in answer.text


@pytest.mark.parametrize("login", ["handler", "admin"])
def test_units_and_administrators_do_not_print_it(as_, login):
    assert as_(login).get("/inspection-sheets/").status_code == 403


def test_a_strangers_unit_is_not_found(as_, cast):
    assert as_("clerk").get(f"/inspection-sheets/?unit={cast.units['邻县司法局']}").status_code == 404


def test_a_format_that_does_not_exist_is_not_found(as_):
    assert as_("clerk").get("/inspection-sheets/sheet.exe").status_code == 404
