import pytest

from tracker.reading.numbering import Level, Sequence, opening, opens_a_point


@pytest.mark.parametrize(
    ("text", "level", "value"),
    [
        ("一、总体要求", Level.CHAPTER, 1),
        ("（十一）促进人才流动", Level.SECTION, 11),
        ("(三)聚焦核心工作", Level.SECTION, 3),
        ("1.决策公开", Level.ENTRY, 1),
        ("１４．加大宣传", Level.ENTRY, 14),
        ("3．2020年底前开展", Level.ENTRY, 3),
        ("（1）对首年业绩", Level.POINT, 1),
        ("第二部分 工作任务", Level.PART, 2),
    ],
)
def test_a_paragraph_opens_with_a_number(text, level, value):
    found = opening(text)
    assert (found.level, found.value) == (level, value)


@pytest.mark.parametrize("text", ["2024年工作要点", "3.5万人次", "12345热线", "一带一路建设", "十四五规划"])
def test_other_numbers_open_nothing(text):
    assert opening(text) is None


def cut(*paragraphs: str) -> list[str]:
    sequence = Sequence()
    return [text[n.start : n.end] for text in paragraphs for n in sequence.numbers(text)]


def test_entries_inside_a_line_are_known_by_their_turn():
    line = (
        "一、工作任务（一）公开。（甲负责）具体措施：1．做好甲。（乙负责）2．做好乙。（二）解读。二、保障（三）组织。"
    )
    assert cut(line) == ["一、", "（一）", "1．", "2．", "（二）", "二、", "（三）"]


def test_an_enumeration_in_a_sentence_is_no_row_of_entries():
    assert cut("（一）重点公开：1.财政信息；2.采购信息；3.项目信息。") == ["（一）"]


def test_ranks_and_references_are_no_entries():
    assert cut("（一）对获得一、二、三等奖的，按第（二）项办理。") == ["（一）"]


def test_a_missing_number_is_noticed():
    sequence = Sequence()
    follows = [n.follows for text in ("1.甲", "2.乙", "4.丁") for n in sequence.numbers(text)]
    assert follows == [True, True, False]


@pytest.mark.parametrize("text", ["（1）甲", "①甲", "一是加强领导", "— 甲"])
def test_points_go_on_an_enumeration(text):
    assert opens_a_point(text)


def test_articles_are_entries_where_a_blank_follows():
    assert opening("第三条 建设基站").level is Level.ENTRY
    assert opening("第三条规定的情形") is None


def test_a_chapters_text_may_begin_with_a_figure():
    assert opening("一、3月底前印发方案").level is Level.CHAPTER


@pytest.mark.parametrize(
    ("text", "level", "value"),
    [
        ("1.1 签订责任书。", Level.SECTION, 1),
        ("2.1 日常检查", Level.SECTION, 1),
        ("2.3加强巡查。", Level.SECTION, 3),
        ("2.1.2 每月检查。", Level.ENTRY, 2),
        ("3 隐患排查治理", Level.CHAPTER, 3),
        ("★1.淘汰燃煤锅炉。", Level.ENTRY, 1),
        ("▲（二）压减煤耗。", Level.SECTION, 2),
    ],
)
def test_decimal_numbers_and_marked_ones_open_entries(text, level, value):
    found = opening(text)
    assert (found.level, found.value, found.start) == (level, value, 0)


@pytest.mark.parametrize(
    "text", ["1.5万亩高标准农田。", "6.30前完成。", "3 月底前完成任务", "2025 年工作要点", "★重点任务"]
)
def test_measures_and_dates_open_nothing(text):
    assert opening(text) is None
