import csv
import io
import zipfile

import pytest
from python_calamine import CalamineWorkbook

from tracker.printing.item_list import Column, ListSheet, csv_lines, inert, xlsx

HOSTILE = ("=1+1", "+86", "-1", "@SUM(A1)", "\t=1", "＝1+1", "  =1", "https://www.example.gov.cn")


def sheet(*rows):
    return ListSheet("台账", ["一季度", "全部任务"], [Column("序号", 5, centred=True), Column("任务", 40)], rows)


@pytest.mark.parametrize("cell", HOSTILE[:-1])
def test_what_a_spreadsheet_would_take_for_a_formula_is_text_in_csv(cell: str):
    assert inert(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["1", "县司法局", "—", "3-5月", ""])
def test_other_cells_stay_as_they_are(cell: str):
    assert inert(cell) == cell


def test_csv_opens_as_utf_8_and_keeps_lines_and_quotes():
    text = "".join(csv_lines(sheet(("1", '做好“公开”,\n"按期"办结'))))
    assert text.startswith("\ufeff台账")
    assert list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))[-1] == ["1", '做好“公开”,\n"按期"办结']


def test_a_row_is_sent_on_before_the_next_is_read():
    read = []

    def rows():
        for number in range(3):
            read.append(number)
            yield str(number), "任务"

    lines = csv_lines(ListSheet("台账", [], [Column("序号", 5), Column("任务", 5)], rows()))
    for _ in range(3):  # the title, the head, the first row
        next(lines)
    assert read == [0]


def xml_of(book, name):
    return zipfile.ZipFile(book).read(f"xl/{name}.xml").decode()


def cells_of(book):
    book.seek(0)
    return CalamineWorkbook.from_filelike(book).get_sheet_by_index(0).to_python()


def test_no_cell_of_a_workbook_is_a_formula_or_a_link():
    book = xlsx(sheet(*((str(place), cell) for place, cell in enumerate(HOSTILE))))
    assert [row[1] for row in cells_of(book)[4:]] == list(HOSTILE)
    for mark in ("<f>", "<hyperlink"):
        assert mark not in xml_of(book, "worksheets/sheet1")


def test_a_workbook_prints_across_with_its_head_on_every_sheet():
    book = xlsx(sheet(("1", "任务")))
    page = xml_of(book, "worksheets/sheet1")
    for mark in ('paperSize="9"', 'orientation="landscape"', 'fitToHeight="0"'):
        assert mark in page
    assert 'topLeftCell="A5" activePane="bottomLeft" state="frozen"' in page
    assert "$4:$4" in xml_of(book, "workbook")
    assert [row[0] for row in cells_of(book)[:3]] == ["台账", "一季度", "全部任务"]


def test_a_list_without_rows_is_a_file_all_the_same():
    assert cells_of(xlsx(sheet()))[3] == ["序号", "任务"]
