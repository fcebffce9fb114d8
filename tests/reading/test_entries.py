from tracker.reading.entries import Entries
from tracker.reading.text import from_text


def entries(text: str) -> Entries:
    return Entries(from_text(text).blocks)


def test_what_stands_before_the_first_number_is_the_head():
    read = entries("某县工作要点\n一、做好公开。")
    assert [passage.text for passage in read.head] == ["某县工作要点"]
    assert [(entry.number, entry.body.text) for entry in read.all] == [("一、", "做好公开。")]


def test_the_bracket_that_names_units_is_taken_off():
    (entry,) = entries("1.做好公开（含村级公开）。（责任单位：县局（办公室））").all
    assert entry.body.text == "做好公开（含村级公开）。"
    assert [bracket.text for bracket in entry.brackets] == ["责任单位：县局（办公室）"]
    assert entry.whole.text == "1.做好公开（含村级公开）。（责任单位：县局（办公室））"


def test_text_after_the_closing_bracket_is_a_paragraph_of_its_own():
    read = entries("（二十）抓好兑现。（各地区负责）各地区要认真贯彻落实本意见。")
    assert [(entry.number, entry.body.text) for entry in read.all] == [
        ("（二十）", "抓好兑现。"),
        ("", "各地区要认真贯彻落实本意见。"),
    ]


def test_a_bracket_inside_a_sentence_does_not_end_the_entry():
    (entry,) = entries("1.由专班（市科技局牵头）统筹推进").all
    assert entry.body.text == "由专班统筹推进"


def test_page_numbers_between_entries_are_left_with_their_reason():
    read = entries("1.甲。\n— 1 —\n2.乙。")
    assert [left.reason for left in read.left] == ["页码"]
    assert len(read.all) == 2
