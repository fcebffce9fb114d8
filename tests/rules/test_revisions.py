"""Which item of a revised edition is which, and how what changed is marked."""

from datetime import date
from decimal import Decimal

import pytest

from tracker.rules.changes import Mark
from tracker.rules.deadlines import Deadline, DeadlineKind, Every
from tracker.rules.revisions import Fate, Wording, alike, changes, compare, marked, pair, replaced
from tracker.rules.targets import Op, Per, Target

PREVIEW = Wording(("决策公开",), "1.", "重大行政决策草案向社会预公开，广泛听取公众意见。")
OPEN_DAY = Wording(("决策公开",), "2.", "定期开展政府开放日活动，邀请群众代表参加。")
CHECK = Wording(("监督考核",), "3.", "每季度检查各单位政务公开工作，检查结果及时通报。")
OLD = {1: PREVIEW, 2: OPEN_DAY, 3: CHECK}


def item(task: str, section: str = "决策公开", number: str = "", **more) -> Wording:
    return Wording((section,), number, task, **more)


# Pairing


def test_items_that_only_moved_are_themselves():
    moved = {11: CHECK, 12: item(PREVIEW.task, "另一板块", "9."), 13: OPEN_DAY}
    assert pair(OLD, moved) == {11: 3, 12: 1, 13: 2}


def test_a_reworded_item_is_still_itself():
    reworded = {11: item("定期组织政府开放日活动，邀请人大代表、群众代表走进机关。")}
    assert pair(OLD, reworded) == {11: 2}


def test_of_an_item_split_in_two_the_likest_part_is_the_item_and_the_other_is_new():
    parts = {11: item("每季度检查各单位政务公开工作。"), 12: item("检查结果及时通报，纳入年度考核。")}
    assert pair(OLD, parts) == {11: 3}


def test_items_that_are_all_new_pair_with_none():
    new = {11: item("建设一体化在线服务平台。"), 12: item("编制权责清单目录。")}
    assert pair(OLD, new) == {}


def test_much_reworded_is_enough_where_section_and_number_are_the_same():
    task = "政府开放日每半年组织一次，邀请媒体参加。"
    assert pair(OLD, {11: item(task, number="2.")}) == {11: 2}
    assert pair(OLD, {11: item(task, "其他板块", "7.")}) == {}


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_the_section_decides_between_equal_texts(order):
    twins = {1: item("按时报送总结。", "甲"), 2: item("按时报送总结。", "乙")}
    assert pair(twins, {10 + old: twins[old] for old in order}) == {11: 1, 12: 2}


def test_what_the_clerk_says_holds_and_the_rest_is_paired_around_it():
    new = {11: OPEN_DAY, 12: item("定期开展政府开放日活动。")}
    assert pair(OLD, new) == {11: 2}
    assert pair(OLD, new, {12: 2}) == {12: 2}
    assert pair(OLD, new, {11: None}) == {12: 2}


def test_a_word_of_the_clerk_about_an_item_that_is_gone_counts_for_nothing():
    assert pair(OLD, {11: OPEN_DAY}, {11: 99, 77: 1}) == {11: 2}


def test_nothing_pairs_with_nothing():
    assert pair({}, {}) == {}
    assert compare({}, {11: CHECK})[0].fate is Fate.ADDED


def test_every_item_of_both_editions_is_told_once():
    new = {11: PREVIEW, 12: item(OPEN_DAY.task + "每年不少于两次。"), 13: item("编制权责清单目录。")}
    told = {line.fate: (line.old, line.new) for line in compare(OLD, new)}
    assert told == {
        Fate.UNCHANGED: (1, 11),
        Fate.CHANGED: (2, 12),
        Fate.ADDED: (None, 13),
        Fate.DROPPED: (3, None),
    }


# Titles


def test_a_title_with_its_mark_of_revision_is_alike():
    assert alike("示例县2025年政务公开工作要点", "示例县政府办", "示例县2025年政务公开工作要点（修订）", "")
    assert not alike("示例县2025年政务公开工作要点", "", "示例县2025年法治政府建设工作计划", "")


def test_another_issuer_is_another_plan():
    assert not alike("2025年工作要点", "县司法局", "2025年工作要点", "县财政局")


# Fields


def labels(before, after):
    return [change.label for change in changes(before, after)]


def test_blanks_and_width_are_no_change():
    assert labels(item("开展活动,不少于1次。"), item("开展 活动，\n不少于１次。")) == []


def test_a_deadline_in_other_words_is_the_same_date():
    end = Deadline(DeadlineKind.DATE, due=date(2025, 8, 31))
    assert labels(item("甲", deadlines=(("8月底前", end),)), item("甲", deadlines=(("8月31日前", end),))) == []


def test_a_period_or_figure_that_differs_is_a_change():
    once, twice = (Target(Op.AT_LEAST, Decimal(n), "次", Per.YEAR) for n in (1, 2))
    beats = (Every.MONTH, Every.QUARTER)
    monthly, quarterly = ((("定期", Deadline(DeadlineKind.RECURRING, every=every)),) for every in beats)
    assert labels(item("甲", targets=(("不少于", once),)), item("甲", targets=(("不少于", twice),))) == ["量化指标"]
    assert labels(item("甲", deadlines=monthly), item("甲", deadlines=quarterly)) == ["完成时限"]


def test_a_unit_that_comes_to_lead_is_told_in_both_fields():
    before, after = item("甲", units=(("县司法局", False),)), item("甲", units=(("县司法局", True),))
    assert labels(before, after) == ["牵头（责任）单位", "配合单位"]


def test_the_same_said_twice_counts_twice():
    assert replaced(["a", "a", "b"], ["a", "c"]) == ([1, 2], [1])


# Marking


def written(pieces):
    signs = {Mark.KEPT: "{}", Mark.REMOVED: "[-{}-]", Mark.ADDED: "[+{}+]"}
    return "".join(signs[piece.mark].format(piece.text) for piece in pieces)


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("8月底前建成专栏。", "10月底前建成专栏。", "[-8-][+10+]月底前建成专栏。"),
        ("公开率达95%。", "公开率达98.5%。", "公开率达[-95%-][+98.5%+]。"),
        ("开展活动。", "开展活动。及时总结。", "开展活动。[+及时总结。+]"),
        ("", "新的目标。", "[+新的目标。+]"),
    ],
)
def test_numbers_are_marked_whole_and_words_where_they_differ(before, after, shown):
    assert written(marked(before, after)) == shown


def test_both_texts_can_be_read_out_of_the_marks():
    before, after = "制定方案，明确分工，压实责任。", "制定实施方案，细化分工，压实各方责任，按季通报。"
    pieces = marked(before, after)
    assert "".join(p.text for p in pieces if p.mark is not Mark.ADDED) == before
    assert "".join(p.text for p in pieces if p.mark is not Mark.REMOVED) == after
