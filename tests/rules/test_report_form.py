from datetime import date

import pytest

from tracker.rules import report_form as form
from tracker.rules.quarters import Quarter
from tracker.rules.refusals import Invalid
from tracker.rules.report_form import DUTIES, REPORTS, Fault, Mark, ReadForm, ReadLine, RowKey
from tracker.rules.reports import ProgressClass


@pytest.mark.parametrize(
    "text",
    ["2025-03-20", "2025/3/20", "2025.3.20", "2025年3月20日", "２０２５-０３-２０", "2025-03-20 0:00", "45736"],
)
def test_a_day_is_read_as_people_type_it_and_as_workbooks_count_it(text):
    assert form.day_of(text) == date(2025, 3, 20)


@pytest.mark.parametrize("text", ["三月二十日", "2025-02-30", "3月20日", "2025", "99"])
def test_what_is_no_day_is_refused_with_what_stands_there(text):
    with pytest.raises(Invalid, match=text):
        form.day_of(text)


def test_a_class_is_known_by_its_label_alone():
    assert form.class_of(" 达 进度 ") is ProgressClass.ON_SCHEDULE
    assert form.class_of("  ") is None
    with pytest.raises(Invalid, match="已完成、超进度、达进度、欠进度、其他”之一，现为“正常”"):
        form.class_of("正常")


@pytest.mark.parametrize(("text", "ticked"), [("√", True), ("是", True), ("TRUE", True), ("", False), ("否", False)])
def test_a_tick_may_be_written_in_some_ways(text, ticked):
    assert form.is_ticked(text) is ticked


def test_any_other_word_is_no_tick():
    with pytest.raises(Invalid, match="现为“快了”"):
        form.is_ticked("快了")


def test_tick_and_day_go_together():
    day = date(2025, 3, 20)
    assert form.slip_in_tick("检查", True, day) is form.slip_in_tick("检查", False, None) is None
    assert form.slip_in_tick("检查", True, None)[0] == "done_on"
    assert form.slip_in_tick("检查", False, day)[0] == "ticked"


def test_a_cell_is_named_as_the_unit_sees_it():
    assert REPORTS.cell("progress", 8) == "“填报”表 G8"
    assert DUTIES.cell("done_on", 5) == "“应办事项”表 F5"
    assert [form.letters(place) for place in (0, 25, 26, 51, 52)] == ["A", "Z", "AA", "AZ", "BA"]


def test_an_entry_left_open_among_several_lines_keeps_its_place():
    assert form.lines_in("3\n—\n 2 ") == ["3", "", "2"]


def test_what_is_blank_leaves_no_mark_in_the_fingerprint():
    said = {"填报.0": {"progress": "已开展。", "problems": ""}}
    assert form.fingerprint(said) == form.fingerprint({"填报.0": {"progress": "已开展。 "}, "指标.7": {"value": ""}})
    assert form.fingerprint(said) != form.fingerprint({"填报.0": {"problems": "已开展。"}})


def test_keys_and_marks_come_back_from_their_text():
    key, mark = RowKey(12, 3, 0, 4, "ab12"), Mark(1, 2, Quarter(2025, 1), 9)
    assert RowKey.parse(str(key)) == key
    assert Mark.parse(str(mark)) == mark


def test_a_form_comes_back_from_its_json():
    read = ReadForm("m", (ReadLine("填报", 5, {"key": "k"}),), (Fault("“填报”表 A5", "错。"),))
    assert form.form_from_json(form.form_as_json(read)) == read
