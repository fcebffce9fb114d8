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


def test_a_table_of_contents_is_dropped(plan):
    """
    2025年工作计划
    目 录
    一、社会救助…………1
    二、养老服务…………2
    一、社会救助
    1.提高标准。
    二、养老服务
    1.建设食堂。
    """
    assert [item.task for item in plan.items] == ["提高标准。", "建设食堂。"]
    assert [dropped.reason for dropped in plan.dropped].count("目录") == 3


def test_contents_without_page_numbers_end_where_the_first_heading_comes_again(plan):
    """
    2025年工作计划
    目录
    一、社会救助
    二、养老服务
    一、社会救助
    1.提高标准。
    二、养老服务
    1.建设食堂。
    """
    assert [item.section for item in plan.items] == [("社会救助",), ("养老服务",)]


def test_a_plan_that_has_only_small_numbers_has_them_for_items(plan):
    """
    2025年工作要点
    （１）稳定就业。
    （２）开展培训。
    """
    assert [(item.number, item.task) for item in plan.items] == [("（１）", "稳定就业。"), ("（２）", "开展培训。")]


def test_a_plan_told_in_one_is_two_is_has_these_for_items(plan):
    """
    2025年工作计划
    今年重点做好以下工作：
    一是深化引领。
    二是服务群众。
    """
    assert [(item.number, item.task) for item in plan.items] == [("一是", "深化引领。"), ("二是", "服务群众。")]
