from tracker.reading.document import Grid
from tracker.reading.records import gathered
from tracker.reading.text import from_text


def grids(*lines: str) -> list[list[list[str]]]:
    found = gathered(from_text("\n".join(lines))).blocks
    return [[[cell.text for cell in row] for row in block.rows] for block in found if isinstance(block, Grid)]


def record(number: int, unit: str = "责任科室：办公室") -> list[str]:
    return [f"序号：{number}", f"工作任务：公开第{number}批目录。", unit, "完成时限：6月底前"]


def test_records_with_the_same_labels_are_a_table():
    assert grids("某局工作台账", *record(1), "", *record(2)) == [
        [
            ["序号", "工作任务", "责任科室", "完成时限"],
            ["1", "公开第1批目录。", "办公室", "6月底前"],
            ["2", "公开第2批目录。", "办公室", "6月底前"],
        ]
    ]


def test_a_single_record_or_one_with_other_labels_stays_lines():
    assert grids(*record(1)) == []
    assert grids(*record(1), *record(2, unit="联系电话：×××")) == []


def test_labels_under_numbered_entries_stay_with_their_entries():
    labels = ["工作内容：公开目录。", "责任科室：办公室", "完成时限：6月底前"]
    assert grids("任务一：公开", *labels, "任务二：解读", *labels) == []
    assert grids("1.公开", *labels[1:], "2.解读", *labels[1:]) == []


def test_the_rest_of_the_document_stays_as_it_is():
    found = gathered(from_text("\n".join(["标题", *record(1), *record(2), "联系人：×××"]))).blocks
    assert [block.text for block in found if not isinstance(block, Grid)] == ["标题", "联系人：×××"]
