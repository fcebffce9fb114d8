"""Rows of a form compared with the ledger, without any file: what is printed, what is judged, what is applied."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.conftest import TODAY
from tests.reporting import MISSING, Q1, content, rate, report_duty, save
from tracker.ledger import report_sheets, reports
from tracker.ledger.db import transaction
from tracker.ledger.owed import owed_quarter
from tracker.ledger.report_sheet_lines import figure_values, form_items, lines_of
from tracker.ledger.report_sheets import Claim, Kind
from tracker.rules.figures import Exclusion, Figure, Rate
from tracker.rules.report_form import FIGURES, HEAD_ROW, REPORTS, SHEETS, ReadLine, RowKey
from tracker.rules.reports import ProgressClass, ReportText

RATE = Rate(Decimal(17), Decimal(20), (Exclusion(Decimal(2), "信访事项，法定不计"), Exclusion(None, "待核")))


def items(cast):
    return form_items(owed_quarter(cast.plan, Q1, [cast.units["县司法局"]], TODAY).reports)


def claims(cast, typed: Mapping[tuple[str, str, int], str] | None = None) -> list[Claim]:
    """The rows as they are printed; `typed` changes cells, by sheet, field and place of the row from 0."""
    found = []
    for layout in SHEETS:
        for place, line in enumerate(lines_of(items(cast), seal=str)[layout.name]):
            values = {column.field: line.values.get(column.field, "") for column in layout.columns}
            values |= {
                field: text for (of, field, at), text in (typed or {}).items() if (of, at) == (layout.name, place)
            }
            found.append(Claim(ReadLine(layout.name, HEAD_ROW + 1 + place, values), RowKey.parse(line.key)))
    return found


def check(cast, typed=None):
    return report_sheets.check(claims(cast, typed), items(cast), TODAY)


@pytest.mark.usefixtures("app_context")
def test_rows_as_printed_change_nothing(cast):
    with transaction():
        text = ReportText("已公开。", "好。", "", "继续。", ProgressClass.ON_SCHEDULE)
        given = replace(content(), text=text, figures={rate(cast): Figure.of(RATE)})
        reports.save(cast.act("handler"), report_duty(cast), given, None)
    found = check(cast)
    assert [judged.kind for judged in found.items] == [Kind.UNCHANGED, Kind.UNCHANGED]
    assert (found.faults, found.absent) == ([], [])


@pytest.mark.usefixtures("app_context")
def test_a_rate_with_exclusions_comes_back_as_it_was_where_another_cell_changed(cast):
    with transaction():
        given = replace(content(), figures={rate(cast): Figure.of(RATE)})
        reports.save(cast.act("handler"), report_duty(cast), given, None)
    [changed] = check(cast, {("填报", "progress", 0): "又公开一件。"}).of(Kind.CHANGED)
    assert [difference.label for difference in changed.differences] == ["工作进展"]
    assert changed.content.figures == {rate(cast): Figure.of(RATE)}


def test_several_exclusions_stand_line_by_line():
    values = figure_values(Figure.of(RATE))
    assert (values["excluded"], values["ground"]) == ("2\n—", "信访事项，法定不计\n待核")


@pytest.mark.usefixtures("app_context")
def test_half_a_rate_may_be_kept_but_not_handed_in(cast):
    typed = {
        ("量化指标", "done", 0): "17",
        ("填报", "progress", 0): "已公开。",
        ("填报", "progress_class", 0): "达进度",
    }
    [changed] = check(cast, typed | {("填报", "missing_note", 0): MISSING}).of(Kind.CHANGED)
    assert not changed.is_ready
    assert any("应办数" in gap for gap in changed.gaps)


@pytest.mark.parametrize(
    ("typed", "cell", "sentence"),
    [
        ({"done": "21", "due": "20"}, "F5", "多于应办数"),
        ({"done": "1", "due": "20", "excluded": "21", "ground": "法定"}, "H5", "多于应办数"),
        ({"done": "1", "due": "20", "excluded": "\n".join("1" * 6)}, "H5", "最多分 5 条"),
        ({"done": "十"}, "F5", "应填数字"),
    ],
)
@pytest.mark.usefixtures("app_context")
def test_a_rate_that_cannot_be_names_its_cell(cast, typed, cell, sentence):
    [fault] = check(cast, {("量化指标", field, 0): text for field, text in typed.items()}).faults
    assert fault.cell == f"“{FIGURES.name}”表 {cell}"
    assert sentence in fault.sentence


@pytest.mark.usefixtures("app_context")
def test_a_row_of_another_sheet_is_out_of_place(cast):
    rows = claims(cast)
    figure = next(row for row in rows if row.line.sheet == FIGURES.name)
    moved = Claim(ReadLine(REPORTS.name, 9, {**rows[0].line.values, "position": "1"}), figure.key)
    [fault] = report_sheets.check([*rows, moved], items(cast), TODAY).faults
    assert fault.cell == "“填报”表 A9"


@pytest.mark.usefixtures("app_context")
def test_what_is_no_longer_owed_is_told(cast):
    rows = [replace(row, key=replace(row.key, duty_id=9999)) for row in claims(cast)[:1]]
    [fault] = report_sheets.check(rows, items(cast), TODAY).faults
    assert "不再由本单位填报" in fault.sentence


@pytest.mark.usefixtures("app_context")
def test_the_same_words_saved_by_both_are_no_conflict(cast):
    typed = {("填报", "progress", 1): "已检查。"}
    rows = claims(cast, typed)
    save(cast, content("已检查。", kind=None, missing_note=""), report_duty(cast, 2), by="colleague")
    found = report_sheets.check(rows, items(cast), TODAY)
    assert [judged.kind for judged in found.items] == [Kind.UNCHANGED, Kind.UNCHANGED]


@pytest.mark.usefixtures("app_context")
def test_applying_nothing_writes_no_event(cast):
    with transaction():
        applied = report_sheets.apply(cast.act("handler"), cast.plan, check(cast).items, {}, hand_in=False)
    assert (applied.saved, applied.handed_in) == (0, 0)
