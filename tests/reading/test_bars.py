from tracker.reading.document import Grid
from tracker.reading.parse import parse_text
from tracker.reading.text import from_text


def rows(document: str) -> list[list[str]]:
    (grid,) = from_text(document).blocks
    assert isinstance(grid, Grid)
    return [[cell.text for cell in row] for row in grid.rows]


def test_cells_that_a_merge_took_away_are_filled_from_above(document):
    """
    序号 | 工作任务 | 责任单位 | |
    1 | 公开 | 1.公开目录。 | 县司法局 |
    2.更新目录。 | 县财政局 | | |
    2 | 解读 | 3.做好解读。 | 县政府办 |
    """
    assert rows(document) == [
        ["序号", "工作任务", "工作任务", "责任单位"],
        ["1", "公开", "1.公开目录。", "县司法局"],
        ["1", "公开", "2.更新目录。", "县财政局"],
        ["2", "解读", "3.做好解读。", "县政府办"],
    ]


def test_a_row_goes_on_until_its_closing_bar(document):
    """
    序号 | 工作任务 | 责任单位 |
    1 | 公开目录。 | 县司法局

    |
    2 | 更新目录。

    | 县财政局 |
    """
    assert rows(document)[1:] == [["1", "公开目录。", "县司法局"], ["2", "更新目录。", "县财政局"]]


def test_a_table_drawn_with_bars_keeps_its_empty_cells(document):
    """
    | 类别 | 任务 | 单位 |
    |---|---|---|
    | 公开 | 甲 | 县局 |
    |  | 乙 | 县局 |
    """
    assert rows(document)[1:] == [["公开", "甲", "县局"], ["", "乙", "县局"]]


def test_a_table_pasted_with_tabs_ends_where_the_text_goes_on():
    grid, line = from_text("序号\t任务\t单位\n1\t甲\t县局\n二、其他事项").blocks
    assert isinstance(grid, Grid)
    assert len(grid.rows) == 2
    assert line.text == "二、其他事项"


def test_a_single_line_with_bars_is_no_table():
    assert [block.text for block in from_text("字号：大 | 中 | 小\n一、任务").blocks] == [
        "字号：大 | 中 | 小",
        "一、任务",
    ]


def test_a_line_without_cells_between_numbered_rows_is_a_heading_across_the_table():
    plan = parse_text(
        "2025年任务表\n序号\t任务\t责任单位\n一、产业\n1\t招引项目\t县商务局\n二、民生\n2\t改造小区\t县住建局\n注：每月报送。"
    )
    assert [(item.section, item.task) for item in plan.items] == [(("产业",), "招引项目"), (("民生",), "改造小区")]
