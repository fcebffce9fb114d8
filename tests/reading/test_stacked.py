from tracker.reading.document import Grid
from tracker.reading.stacked import gathered
from tracker.reading.text import from_text

HEAD = ["序号", "工作任务", "责任单位", "完成时限"]


def blocks(*lines: str):
    return gathered(from_text("\n\n".join(lines))).blocks


def rows(*lines: str) -> list[list[str]]:
    [grid] = [block for block in blocks(*lines) if isinstance(block, Grid)]
    return [[cell.text for cell in row] for row in grid.rows]


def test_the_serial_numbers_tell_where_a_row_ends():
    assert rows(*HEAD, "1", "公开目录。", "县司法局", "6月底前", "2", "更新目录。", "县财政局", "年底前") == [
        HEAD,
        ["1", "公开目录。", "县司法局", "6月底前"],
        ["2", "更新目录。", "县财政局", "年底前"],
    ]


def test_several_units_under_each_other_are_one_cell_where_a_deadline_closes_the_row():
    assert rows(*HEAD, "1", "公开目录。", "县司法局", "县财政局", "6月底前", "2", "更新。", "县财政局", "年底前")[
        1
    ] == [
        "1",
        "公开目录。",
        "县司法局\n县财政局",
        "6月底前",
    ]


def test_the_clerk_is_asked_to_compare():
    table = [*HEAD, "1", "公开。", "县司法局", "6月底前", "2", "更新。", "县财政局", "年底前"]
    [remark] = gathered(from_text("\n".join(["工作清单", *table]))).remarks
    assert (remark.line, remark.doubt) == (2, True)
    assert "请与原文核对" in remark.text


def test_what_follows_the_last_row_is_no_part_of_it():
    found = blocks(
        *HEAD, "1", "公开。", "县司法局", "6月底前", "2", "更新。", "县财政局", "年底前", "分享到：", "县政府办"
    )
    assert [block.text for block in found[1:]] == ["分享到：", "县政府办"]


def test_a_group_to_the_left_stands_for_the_rows_under_it():
    head = ["类别", "序号", "工作任务", "责任单位"]
    found = rows(
        *head, "公开", "1", "公开目录。", "县司法局", "2", "更新。", "县财政局", "解读", "3", "解读。", "县政府办"
    )
    assert [row[0] for row in found] == ["类别", "公开", "公开", "解读"]


def test_lines_that_do_not_fit_the_headings_stay_lines():
    for lines in (
        [*HEAD, "1", "公开目录。", "县司法局", "2", "更新。", "县财政局"],  # no deadline in any row
        [*HEAD, "公开目录。", "县司法局", "6月底前"],  # no serial
        [*HEAD, "1", "公开目录。", "县司法局", "6月底前"],  # a single row
        ["工作任务", "一、公开", "1.公开目录。", "责任单位：县司法局", "2.更新。", "责任单位：县财政局"],
    ):
        assert not any(isinstance(block, Grid) for block in blocks(*lines)), lines


def test_a_document_of_nothing_but_headings_is_gone_through_in_a_moment():
    assert len(blocks(*(["工作任务", "责任单位", "完成时限"] * 3000))) == 9000
