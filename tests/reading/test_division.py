from tests.reading import papers
from tracker.reading.parse import parse

HEAD = ["任务序号", "牵头单位", "配合单位"]


def read(*blocks):
    plan = parse(papers.page("某区2025年工作要点", *blocks), "a.html")
    return [(item.task, [(unit.name, unit.lead) for unit in item.units]) for item in plan.items]


def test_a_table_of_numbers_and_units_divides_the_items_above_it():
    table = [HEAD, ["1", "区财政局", "各街道"], ["2", "区教育局", ""]]
    assert read("1.公开预决算。", "2.公开招生信息。", table) == [
        ("公开预决算。", [("区财政局", True), ("各街道", False)]),
        ("公开招生信息。", [("区教育局", True)]),
    ]


def test_an_item_keeps_the_units_that_it_names_itself():
    (first, second) = read(
        "1.公开预决算。（区统计局）", "2.公开招生信息。", [HEAD, ["1", "区财政局", ""], ["2", "区教育局", ""]]
    )
    assert (first[1], second[1]) == ([("区统计局", True)], [("区教育局", True)])


def test_numbers_that_begin_anew_in_each_chapter_divide_nothing():
    found = read("一、公开", "1.公开预决算。", "二、解读", "1.做好解读。", [HEAD, ["1", "区财政局", ""]])
    assert [units for _, units in found] == [[], []]
