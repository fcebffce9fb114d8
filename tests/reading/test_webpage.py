import pytest

from tracker.reading.document import Grid
from tracker.reading.parse import parse
from tracker.reading.webpage import read
from tracker.rules.refusals import Invalid


def blocks(body: str, encoding: str = "utf-8") -> list[object]:
    page = f"<html><head><meta charset='{encoding}'><title>x</title></head><body>{body}</body></html>"
    document = read(page.encode(encoding))
    return [
        [[cell.text for cell in row] for row in block.rows] if isinstance(block, Grid) else block.text
        for block in document.blocks
    ]


def test_paragraphs_and_breaks_are_lines():
    assert blocks("<p>一、<b>任务</b></p><div>甲<br>乙</div>丙") == ["一、任务", "甲", "乙", "丙"]


def test_menus_scripts_and_hidden_parts_are_left_out():
    body = "<nav>首页</nav><script>x</script><p style='display:none'>藏</p><p>一、甲</p><footer>版权</footer>"
    assert blocks(body) == ["一、甲"]


def test_merged_cells_cover_their_places_and_paragraphs_in_a_cell_are_lines():
    body = "<table><tr><td rowspan=2>公开<td><p>甲</p><p>乙</p><td>丙</tr><tr><td colspan=2>丁<b>戊</b>己</table>"
    assert blocks(body) == [[["公开", "甲\n乙", "丙"], ["公开", "丁戊己", "丁戊己"]]]


def test_a_table_that_lays_out_the_page_is_text():
    assert blocks("<table><tr><td><p>一、甲</p><p>乙。</p></td></tr><tr><td></td></tr></table>") == ["一、甲", "乙。"]


@pytest.mark.parametrize("encoding", ["gb2312", "gbk", "utf-8", "big5"])
def test_the_declared_encoding_is_used(encoding):
    assert blocks("<p>一、公文</p>", encoding) == ["一、公文"]


def test_a_page_of_which_the_parser_leaves_out_the_depths_is_refused():
    assert blocks("<div>" * 200 + "一、甲") == ["一、甲"]
    with pytest.raises(Invalid, match="结构过于复杂"):
        blocks("<div>" * 5000 + "一、甲")


def test_a_page_is_a_plan():
    page = (
        "<!DOCTYPE html><body><h1>某局2025年工作要点</h1><p>一、抓好公开</p><p>（一）每季度公开。（责任单位：县局）</p>"
    )
    plan = parse(page.encode(), "a.html")
    assert (plan.title, plan.items[0].section, plan.items[0].task) == (
        "某局2025年工作要点",
        ("抓好公开",),
        "每季度公开。",
    )
