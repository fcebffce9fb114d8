import pytest

from tracker.reading.spans import TO_THE_END, Spanned, grid
from tracker.rules.refusals import Invalid


def texts(rows: list[list[Spanned]]) -> list[list[str]]:
    return [[cell.text for cell in row] for row in grid(rows)]


def test_a_cell_covers_its_rows_and_columns():
    rows = [[Spanned("甲", rows=2), Spanned("乙", columns=2)], [Spanned("丙"), Spanned("丁")]]
    assert texts(rows) == [["甲", "乙", "乙"], ["甲", "丙", "丁"]]


def test_a_span_to_the_end_covers_all_rows():
    rows = [[Spanned("甲", rows=TO_THE_END), Spanned("乙")], [Spanned("丙")], [Spanned("丁")]]
    assert [row[0] for row in texts(rows)] == ["甲", "甲", "甲"]


def test_short_rows_are_filled():
    assert texts([[Spanned("甲"), Spanned("乙")], [Spanned("丙")]]) == [["甲", "乙"], ["丙", ""]]


def test_a_table_beyond_all_measure_is_refused():
    with pytest.raises(Invalid, match="表格过大"):
        grid([[Spanned("甲", columns=9999)]])
