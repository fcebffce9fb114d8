import pytest

from tracker.rules.search import excerpt, holds_all, pieces, words_of


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("开放日", "定期开展“政府开放日”活动"),
        ("ＷＰＳ", "推广wps办公软件"),
        ("95％", "预公开率达95%"),
        ("（园区", "各镇(园区、街道)"),
        ("开放日　一次", "政府开放日每年不少于一次"),
        ("", "任何文字"),
    ],
)
def test_words_are_found_whatever_their_width_and_case(asked: str, text: str):
    assert holds_all(text, words_of(asked))


def test_every_word_has_to_be_found():
    assert not holds_all("政府开放日", words_of("开放日 一次"))


@pytest.mark.parametrize("sign", ["%", "_", "\\", "'"])
def test_signs_mean_themselves(sign: str):
    assert not holds_all("预公开率", words_of(sign))
    assert holds_all(f"预公开率{sign}", words_of(sign))


def test_a_text_is_cut_where_the_words_stand():
    found = pieces("ＷＰＳ和wps", words_of("wps"))
    assert [(piece.text, piece.found) for piece in found] == [("ＷＰＳ", True), ("和", False), ("wps", True)]


def test_one_sign_that_is_compared_as_several_is_marked_whole():
    assert [piece.text for piece in pieces("面积3㎡。", words_of("m2")) if piece.found] == ["㎡"]


def test_words_that_overlap_are_one_piece():
    [piece] = pieces("政务公开平台", words_of("政务公开 公开平台"))
    assert piece.found


def test_put_together_again_the_text_is_unchanged():
    for text in ("", "ﬁ①㎡<b>", "预公开\n重大"):
        assert "".join(piece.text for piece in pieces(text, words_of("① b 重大"))) == text


def test_an_excerpt_shows_what_stands_around_the_first_word():
    text = "甲" * 40 + "开放日" + "乙" * 40
    assert excerpt(text, words_of("开放日")) == f"…{'甲' * 16}开放日{'乙' * 16}…"
    assert excerpt(text, words_of("没有")) == ""
