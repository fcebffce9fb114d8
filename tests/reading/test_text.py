import pytest

from tracker.reading import text
from tracker.reading.document import Grid
from tracker.rules.refusals import Invalid


def test_lines_are_blocks_and_blank_lines_are_not():
    document = text.from_text("一、甲\n\n  乙。")
    assert [block.text for block in document.blocks] == ["一、甲", "  乙。"]
    assert document.blocks[1].span.start == document.source.index("  乙")


def test_a_scraped_table_stands_between_paragraphs():
    blocks = text.from_text("标题\n序号 | 任务 | 单位 |\n1 | 甲 | 县局 |\n完").blocks
    assert [isinstance(block, Grid) for block in blocks] == [False, True, False]


def test_a_text_beyond_all_measure_is_refused(monkeypatch):
    monkeypatch.setattr(text, "MOST_CHARACTERS", 10)
    with pytest.raises(Invalid, match="太长"):
        text.from_text("一、做好政务公开各项工作。")
